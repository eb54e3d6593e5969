"""The days that two periods are seen among: how far back they go, and where both periods lie in them."""

from dataclasses import field
from datetime import date, timedelta

from kpi_core.calendars import Calendar
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.state_cache import home
from kpi_core.model.clock import Clock
from kpi_core.model.measures import Part
from kpi_core.model.periods import Period
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import FEWEST_DAYS, History, kinds_of_days

YEAR = timedelta(days=365)
"""How far back the days are looked at that show how much they vary."""
WARM_UP = timedelta(days=30)
"""Days after the first, in which a file of tickets created from then on has too few endings."""
LONG_ENOUGH = 120
"""Days of history from which net flow is judged given the arrivals, and a warm-up can be spared."""


@dataclass(kw_only=True, eq=False)
class Histories:
    """The histories of a report's KPIs, each as long as its own tables reach. Without a baseline they are of the period alone."""

    series: DaySeries
    clock: Clock
    period: Period
    baseline: Period | None
    calendar: Calendar | None = None
    _histories: dict[Span, History] = field(default_factory=dict)

    def span(self, *parts: Part) -> Span | None:
        """The days that show how a KPI varies: a year before the period, or to its baseline, as far as all its parts reach."""
        end = self.end()
        if end is None or (self.baseline is not None and self.baseline.start is None):
            return None
        start = self.period.start
        if end <= (start or date.min):
            return None
        until = (self.baseline.end if self.baseline else None) or start or end
        begun: dict[str, date] = {}
        for part in parts:
            table, day = home(part)[0], self.series.begins(part, until)
            if day is not None:
                begun[table] = min(begun.get(table, day), day)
        if len(begun) < len({home(part)[0] for part in parts}):
            return None
        first = max(begun.values())
        old = self.baseline.start if self.baseline and self.baseline.start else start or end
        if any(self.is_of_endings(part) for part in parts):
            later = first + WARM_UP
            first = later if (end - later).days >= LONG_ENOUGH and later <= old else first
        if start is not None:
            first = max(first, min(start - YEAR, old))
        span = Span(first=first, last=end)
        reaches = self.baseline is None or (self.baseline.end or end) > first
        return span if span.days >= FEWEST_DAYS and reaches else None

    def is_of_endings(self, part: Part) -> bool:
        """Whether a part counts what ended, so that a file of tickets created from some day begins with too few."""
        table, dated_by = home(part)
        return table == "tickets" and dated_by != "created_at"

    def end(self) -> date | None:
        """The end of the period, as far as the files reach."""
        end, today = self.period.end, self.clock.today
        tomorrow = None if today is None else today + timedelta(days=1)
        if end is None:
            return tomorrow if self.baseline is None else None
        return end if tomorrow is None else min(end, tomorrow)

    def history(self, span: Span) -> History:
        """The days of a span by their kind, with the places of both periods among them; each made once."""
        if span not in self._histories:
            days = [span.first + timedelta(days=place) for place in range(span.days)]
            closed = None
            if (calendar := self.calendar) is not None:
                closed = lambda place: calendar.is_closed_for_once(days[place])  # noqa: E731
            self._histories[span] = History(
                kinds=kinds_of_days([day.weekday() for day in days], closed),
                now=slice(max(span.place(self.period.start), 0) if self.period.start else 0, span.days),
                then=self._then(span),
            )
        return self._histories[span]

    def _then(self, span: Span) -> slice:
        """The places of the days that are compared with; none without a baseline."""
        if self.baseline is None or self.baseline.start is None or self.baseline.end is None:
            return slice(0, 0)
        return slice(max(span.place(self.baseline.start), 0), span.place(self.baseline.end))
