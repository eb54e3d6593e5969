"""The days that two periods are seen among: how far back they go, and where both periods lie in them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kpi_core.calendars import Calendar
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.state_cache import home
from kpi_core.model.clock import Clock
from kpi_core.model.measures import Part
from kpi_core.model.periods import Period
from kpi_core.stats.contrasts import FEWEST_DAYS, History, kinds_of_days

YEAR = timedelta(days=365)
"""How far back the days are looked at that tell how much they vary."""
WARM_UP = timedelta(days=30)
"""Days after the first, in which a file of tickets created from then on has too few endings."""
LONG_ENOUGH = 120
"""Days of history from which net flow is judged given the arrivals, and a warm-up can be spared."""


@dataclass(kw_only=True, eq=False)
class Histories:
    """The histories of a report's KPIs, each as long as its own tables reach."""

    series: DaySeries
    clock: Clock
    period: Period
    baseline: Period
    calendar: Calendar | None = None
    _histories: dict[Span, History] = field(default_factory=dict)

    def span(self, *parts: Part) -> Span | None:
        """The days that tell how a KPI varies: a year before the period, or to its baseline, as far as all its parts reach."""
        start, old, end = self.period.start, self.baseline.start, self.end()
        if start is None or old is None or end is None or end <= start:
            return None
        begun: dict[str, date] = {}
        for part in parts:
            table, day = home(part)[0], self.series.begins(part, self.baseline.end or start)
            if day is not None:
                begun[table] = min(begun.get(table, day), day)
        if len(begun) < len({home(part)[0] for part in parts}):
            return None
        first = max(begun.values())
        if any(self.is_of_endings(part) for part in parts):
            later = first + WARM_UP
            first = later if (end - later).days >= LONG_ENOUGH and later <= old else first
        first = max(first, min(start - YEAR, old))
        span = Span(first=first, last=end)
        return span if span.days >= FEWEST_DAYS and (self.baseline.end or end) > first else None

    def is_of_endings(self, part: Part) -> bool:
        """Whether a part counts what ended, so that a file of tickets created from some day begins with too few."""
        table, dated_by = home(part)
        return table == "tickets" and dated_by != "created_at"

    def end(self) -> date | None:
        """The end of the period, as far as the files reach."""
        end, today = self.period.end, self.clock.today
        return end if end is None or today is None else min(end, today + timedelta(days=1))

    def history(self, span: Span) -> History:
        """The days of a span by their kind, with the places of both periods among them; each made once."""
        if span not in self._histories:
            days = [span.first + timedelta(days=place) for place in range(span.days)]
            closed = None
            if (calendar := self.calendar) is not None:
                closed = lambda place: calendar.is_closed_for_once(days[place])  # noqa: E731
            start, old, end = self.period.start, self.baseline.start, self.baseline.end
            assert start is not None
            assert old is not None
            assert end is not None
            self._histories[span] = History(
                kinds=kinds_of_days([day.weekday() for day in days], closed),
                now=slice(span.place(start), span.days),
                then=slice(max(span.place(old), 0), span.place(end)),
            )
        return self._histories[span]
