"""Which days the files cover, which period to report, and what as_of is: read from the data, never from the clock."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.clock import TICK, Clock
from kpi_core.model.columns import MONTHS, grouped
from kpi_core.model.findings import Finding
from kpi_core.model.periods import Grain, Period, period_of, steps
from kpi_core.model.tables import TABLES
from kpi_core.quality.coverage.days_off import is_day_off_anywhere
from kpi_core.quality.coverage.stray_dates import events_of, finding, newest_of, strays
from kpi_core.records import dataclass

EDGE = timedelta(days=3)
WEEKS = 4
"""Weeks that a table must cover to say on which weekdays it rests."""
RARELY = 0.05
"""The share of a weekday's days with an event, of which it is one of rest."""
LATELY = timedelta(weeks=26)
"""The newest days of a table, which show on which weekdays it has events."""
OFTEN = 3 / 7
"""The share of its newest days on which a table must have events to show on which it should."""
OWN_GAPS = 3
"""Gaps as long as one, from which on a table has such."""
BY_CHANCE = 0.05
"""How likely it must be that a table has no event on some days for these to be no lack of it."""
TREND = {Grain.DAY: 14, Grain.WEEK: 12, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}
"""Periods a trend goes back."""


UPDATED = "updated_at"
ENDED = {
    "resolution_time": "resolved_at",
    "first_resolution_time": "first_resolved_at",
    "first_reply_time": "first_replied_at",
}
"""What dates the end of a duration."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """First and last event of a table, as wall clock of the report, with the slack its own gaps ask for.

    `rests` are the ISO weekdays on which it hardly ever has an event; none where it is too short to say. `without` is how likely
    each weekday is to have none, Monday first, by the table's newest days; empty where that is not known. `gaps` are the days
    around those of its newest year that have no event.
    """

    first: datetime
    last: datetime
    slack: timedelta
    rests: frozenset[int] = frozenset()
    without: tuple[float, ...] = ()
    gaps: tuple[tuple[date, date], ...] = ()

    def completes(self, period: Period) -> bool:
        """Whether the table reaches both edges of the period within its slack, and lacks no day before its end on which it has events."""
        return self.is_near(period) and not self.lacks(period, self.last.date())

    def lacks(self, period: Period, until: date) -> bool:
        """Whether days between `until` and the end of the period are more than such as the table has no event on by chance.

        A day that a country keeps is none of work, and gaps that the table has had as long are its own.
        """
        if period.end is None or not self.without:
            return False
        missing = _days_between(until, period.end)
        if math.prod(self.without[day.weekday()] for day in missing) > BY_CHANCE:
            return False
        count = self._worked(missing)
        return count > 0 and sum(self._worked(_days_between(*gap)) >= count for gap in self.gaps) < OWN_GAPS

    def begins_within(self, period: Period) -> bool:
        """Whether days of the period before the first event are more than such as the table has none on by chance."""
        if (
            period.start is None
            or period.end is None
            or not self.without
            or not period.start < self.first.date() < period.end
        ):
            return False
        missing = _days_between(period.start - timedelta(days=1), self.first.date())
        return math.prod(self.without[day.weekday()] for day in missing) <= BY_CHANCE and self._worked(missing) > 0

    def _worked(self, days: Sequence[date]) -> int:
        """How many of these days are on weekdays that mostly have an event, and are kept by no country."""
        return sum(self.without[day.weekday()] < 0.5 and not is_day_off_anywhere(day) for day in days)

    def is_near(self, period: Period) -> bool:
        """Whether the table reaches within the slack of both edges of the period, of which no more than a quarter may lack."""
        if period.start is None or period.end is None:
            return True
        starts = self.first.date() <= period.start + self._slack(period.start, period.end)
        return starts and self._ends_near(period.start, period.end)

    def is_cut_off(self, period: Period) -> bool:
        """Whether the table ends before the period does, by more than chance and days of rest explain."""
        if period.start is None or period.end is None:
            return False
        return not self._ends_near(period.start, period.end) or self.lacks(period, self.last.date())

    def _ends_near(self, start: date, end: date) -> bool:
        return self.last.date() >= end - timedelta(days=1) - self._slack(start, end)

    def _slack(self, start: date, end: date) -> timedelta:
        return max(EDGE, min(self.slack, (end - start) / 4))


def newest_event(
    tables: Mapping[str, pl.DataFrame], reads: Sequence[FileRead] = (), zone: str | None = None
) -> tuple[datetime | None, list[Finding]]:
    """as_of: the newest event in any table. Instants far beyond nearly all others are reported and left out; `reads` name them.

    An event that a file dates by how long it took counts as one that it dates. A month has happened whole where nothing
    that is dated closer lies in it; one of costs, which may be planned, only begins. `zone` is that of the instants.
    """
    newest: datetime | None = None
    month: datetime | None = None
    findings: list[Finding] = []
    for name, table in tables.items():
        frame = _with_ends(table) if name == "tickets" else table
        events = [*events_of(name, frame), *(column for column in frame.columns if column not in table.columns)]
        if not events or frame.is_empty():
            continue
        if (idle := _only_updated(frame, events)) is not None:
            events.remove(UPDATED)
            findings.append(_late_updates(name, *idle))
        found = strays(frame, events)
        top = newest_of(frame, events) if found is None else found.newest
        if found is not None:
            findings.append(finding(name, found, reads))
        if name != "costs" and top is not None and _is_month(frame, events, top):
            month = max(month or top, top)
        else:
            newest = max((instant for instant in (newest, top) if instant is not None), default=None)
    if month is None:
        return newest, findings
    clock = Clock(zone=zone, as_of=month)
    over = clock.instant(period_of(clock.today or month.date(), Grain.MONTH).end or month.date()) - TICK
    return (newest if newest is not None and newest >= month else over), findings


def _only_updated(frame: pl.DataFrame, events: Sequence[str]) -> tuple[datetime, datetime] | None:
    """The newest update and the newest other event, where only updates go on: a job may touch all rows long after the last of them.

    None where no other event is dated, or updates end with them.
    """
    others = [name for name in events if name != UPDATED]
    if UPDATED not in events or not others:
        return None
    updated, newest = newest_of(frame, [UPDATED]), newest_of(frame, others)
    if updated is None or newest is None or updated <= newest + EDGE:
        return None
    return updated, newest


def _late_updates(table: str, updated: datetime, newest: datetime) -> Finding:
    text = Message("late-updates", table=called(table), updated=updated.date(), newest=newest.date())
    return Finding(code="late-updates", message=text)


def _is_month(frame: pl.DataFrame, events: Sequence[str], top: datetime) -> bool:
    """Whether the newest event of a table is one of which no more than the month is known."""
    months = [name for name in events if MONTHS + name in frame.columns]
    return any(frame.select((pl.col(MONTHS + name) & (pl.col(name) == top)).any()).item() for name in months)


def _with_ends(tickets: pl.DataFrame) -> pl.DataFrame:
    """Tickets with what ended at an instant that only its duration gives, where no column dates it."""
    ends = {f"_ended:{time}": pl.col("created_at") + pl.duration(seconds=pl.col(time), time_unit="ms") for time, at in ENDED.items()
            if {"created_at", time} <= set(tickets.columns) and at not in tickets.columns}  # fmt: skip
    return tickets.with_columns(**ends) if ends else tickets


def of_tables(tables: Mapping[str, pl.DataFrame], clock: Clock) -> dict[str, Coverage]:
    """The coverage of each table by the days of its events, none of them later than as_of."""
    days = {name: _event_days(frame, _covering(name, frame), clock) for name, frame in tables.items()}
    covered, limit = cover(days), clock.today
    if limit is None:
        return covered
    return {name: replace(found, last=min(found.last, _midnight(limit))) for name, found in covered.items()}


def _covering(table: str, frame: pl.DataFrame) -> list[str]:
    """The columns whose days a table covers."""
    events = [column for column in TABLES[table].events if column in frame.columns]
    return events if _only_updated(frame, events) is None else [name for name in events if name != UPDATED]


def _event_days(frame: pl.DataFrame, events: Sequence[str], clock: Clock) -> list[pl.Series]:
    """The different days of each kind of event."""
    return [grouped(frame, [clock.day(name).alias("day")])["day"] for name in events]


def cover(days: Mapping[str, Sequence[pl.Series]]) -> dict[str, Coverage]:
    """The coverage of each table from the local days of its events."""
    covered = {}
    for table, series in days.items():
        dates = sorted({day for one in series for day in one.to_list() if day is not None})
        if dates:
            first, last = dates[0], dates[-1]
            gaps = pl.Series([(later - day).days for day, later in pairwise(dates)], dtype=pl.Int64)
            usual = gaps.quantile(0.99, "higher") if len(gaps) else None
            slack = max(EDGE, timedelta(days=int(usual or 0)))
            covered[table] = Coverage(
                first=_midnight(first), last=_midnight(last), slack=slack, rests=_rests(dates, first, last),
                without=_without(dates, first, last), gaps=_gaps(dates, last),
            )  # fmt: skip
    return covered


def _rests(days: Sequence[date], first: date, last: date) -> frozenset[int]:
    """The ISO weekdays of which hardly one between two days has an event."""
    weeks = ((last - first).days + 1) // 7
    if weeks < WEEKS:
        return frozenset()
    by_weekday = Counter(map(date.isoweekday, days))
    return frozenset(day for day in range(1, 8) if by_weekday[day] <= RARELY * weeks)


def _without(days: Sequence[date], first: date, last: date) -> tuple[float, ...]:
    """How likely each weekday is to have no event, by the newest days: half a day of each kind is added, so that few say little; none where most days have none."""
    since = max(first, last - LATELY + timedelta(days=1))
    by_weekday = Counter(day.isoweekday() for day in days if day >= since)
    length = (last - since).days + 1
    if sum(by_weekday.values()) < OFTEN * length:
        return ()
    spans = Counter((since + timedelta(days=after)).isoweekday() for after in range(length))
    return tuple((spans[day] - by_weekday[day] + 0.5) / (spans[day] + 1) for day in range(1, 8))


def _gaps(days: Sequence[date], last: date) -> tuple[tuple[date, date], ...]:
    """The neighbouring days with events, in order, that do not follow on one another, of a year."""
    lately = [day for day in days if day > last - 2 * LATELY]
    return tuple((day, later) for day, later in pairwise(lately) if (later - day).days > 1)


def _days_between(first: date, end: date) -> list[date]:
    """The days after one and before another."""
    return [first + timedelta(days=after) for after in range(1, (end - first).days)]


def reached(covered: Mapping[str, Coverage], limit: date | None = None) -> date | None:
    """The day that the data reaches: its last, and the days after it on which none of its tables ever has an event.

    An export of a desk that is closed at weekends, taken on Monday, ends on Friday and covers the whole week.
    `limit` is the day as of which is asked: it reaches no further. None where nothing is dated.
    """
    if not covered:
        return None
    day = max(one.last for one in covered.values()).date()
    rests = frozenset.intersection(*(one.rests for one in covered.values()))
    rests = rests if len(rests) < 7 else frozenset()  # of events centuries apart, no weekday has many
    while (day + timedelta(days=1)).isoweekday() in rests and (limit is None or day < limit):
        day += timedelta(days=1)
    return day


def reached_of(text: str, covered: Mapping[str, Coverage], limit: date | None = None) -> date | None:
    """The day that `last-month` and the like count from: that of `reached`, or the end of the newest complete step beyond it.

    So that a month which a report takes by itself, though its last days are a weekend, is the last month too. Of a few weeks
    nothing shows how they go.
    """
    day = reached(covered, limit)
    if day is None or day - min(one.first for one in covered.values()).date() < timedelta(weeks=WEEKS):
        return day
    grain = next((one for one in Grain if text.startswith("last-") and text.endswith(f"-{one.value}")), None)
    newest = next(complete_periods(covered, grain), None) if grain is not None else None
    if newest is None or newest.end is None:
        return day
    end = newest.end - timedelta(days=1)
    return end if end > day and (limit is None or end <= limit) else day


def days_of(covered: Mapping[str, Coverage]) -> tuple[date, date] | None:
    """The first and the last day that any table covers."""
    if not covered:
        return None
    return min(one.first for one in covered.values()).date(), max(one.last for one in covered.values()).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def complete_periods(covered: Mapping[str, Coverage], grain: Grain) -> Iterator[Period]:
    """The complete periods of any table, the newest first.

    A table of few rows shows of no day that the files end before: where they lack days of another, they all do.
    """
    if not covered:
        return
    last = max(coverage.last for coverage in covered.values()).date()
    first = min(coverage.first for coverage in covered.values()).date()
    for period in reversed(list(steps(first, last, grain))):
        near = [coverage for coverage in covered.values() if coverage.is_near(period)]
        if any(one.completes(period) for one in near) and not any(one.lacks(period, last) for one in near):
            yield period


def trend_periods(
    period: Period, covered: Mapping[str, Coverage], grain: Grain, most: int | None = None
) -> tuple[Period, ...]:
    """The `most` steps up to the report's period (or to the newest event for other periods) that the data covers."""
    if not covered:
        return ()
    first = min(coverage.first for coverage in covered.values()).date()
    last = max(coverage.last for coverage in covered.values()).date()
    if period.end is not None:
        last = min(last, period.end - timedelta(days=1))
    if last < first:
        return ()
    found = [
        step
        for step in steps(first, last, grain)
        if any(cov.completes(step) for cov in covered.values()) or step == period
    ]
    return tuple(found[-(most or TREND[grain]) :])


def grain_of(period: Period) -> Grain:
    """The step a period is one of; months for any other."""
    return period.grain or Grain.MONTH
