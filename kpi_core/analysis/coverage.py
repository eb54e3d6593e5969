"""Which days the files cover, which period to report, and what as_of is: read from the data, never from the clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.engine.cells import Clock
from kpi_core.periods import Grain, Period, steps
from kpi_core.plurals import some
from kpi_core.report import Finding
from kpi_core.tables import TABLES

EDGE = timedelta(days=3)
FAR_AHEAD = timedelta(days=31)
YEARS_AHEAD = timedelta(days=2 * 365)
FEW = 0.05
"""The share of a table's instants that may be strays years ahead of all others; one of them may always be."""
TREND = {Grain.DAY: 14, Grain.WEEK: 12, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}
"""Periods a trend goes back."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """First and last event of a table, as wall clock of the report, with the slack its own gaps ask for."""

    first: datetime
    last: datetime
    slack: timedelta

    def completes(self, period: Period) -> bool:
        """Whether the table reaches within the slack of both edges of the period, of which no more than a quarter may lack."""
        if period.start is None or period.end is None:
            return True
        slack = max(EDGE, min(self.slack, (period.end - period.start) / 4))
        starts = self.first.date() <= period.start + slack
        return starts and self.last.date() >= period.end - timedelta(days=1) - slack


def newest_event(tables: Mapping[str, pl.DataFrame]) -> tuple[datetime | None, list[Finding]]:
    """as_of: the newest event in any table. Instants far beyond nearly all others are told and left out."""
    newest: datetime | None = None
    findings: list[Finding] = []
    for name, frame in tables.items():
        events = [column for column in TABLES[name].events if column in frame.columns]
        if not events or frame.is_empty():
            continue
        top, strays = _without_strays([frame[column].drop_nulls() for column in events])
        if strays:
            text = f"{some(strays, 'time')} in {name} {'lies' if strays == 1 else 'lie'} more than 31 days after nearly all others: not used for as_of"
            findings.append(Finding(code="far-ahead", text=text, is_serious=True))
        newest = max((instant for instant in (newest, top) if instant is not None), default=None)
    return newest, findings


def _without_strays(series: Sequence[pl.Series]) -> tuple[datetime | None, int]:
    """The newest instant that is not a stray: at most one in a thousand and 31 days after the rest, or few and years after it."""
    instants = pl.concat(series)
    top = instants.max()
    if isinstance(top, datetime) and (newest := _before_years(instants, top)) is not None:
        return newest, int((instants > newest).sum())
    if not isinstance(top, datetime) or (instants > top - FAR_AHEAD).sum() > len(instants) / 1000:
        return top if isinstance(top, datetime) else None, 0
    usual = instants.quantile(0.999, "lower")
    if not isinstance(usual, datetime) or top <= usual + FAR_AHEAD:
        return top, 0
    newest = instants.filter(instants <= usual + FAR_AHEAD).max()
    return (newest if isinstance(newest, datetime) else None), int((instants > usual + FAR_AHEAD).sum())


def _before_years(instants: pl.Series, top: datetime) -> datetime | None:
    """The newest instant before a gap of years that few lie beyond; None without such a gap."""
    beyond = instants.filter(instants > top - YEARS_AHEAD)
    rest = len(instants) - len(beyond)
    if rest < 2 or len(beyond) > max(1, FEW * len(instants)):
        return None
    newest = instants.filter(instants <= top - YEARS_AHEAD).max()
    first = beyond.min()
    if not isinstance(newest, datetime) or not isinstance(first, datetime):
        return None
    return newest if first > newest + YEARS_AHEAD else None


def of_tables(tables: Mapping[str, pl.DataFrame], clock: Clock) -> dict[str, Coverage]:
    """The coverage of each table by the days of its events, none of them later than as_of."""
    days = {name: _event_days(frame, [column for column in TABLES[name].events if column in frame.columns], clock)
            for name, frame in tables.items()}  # fmt: skip
    covered, limit = cover(days), clock.today
    if limit is None:
        return covered
    return {name: replace(found, last=min(found.last, _midnight(limit))) for name, found in covered.items()}


def _event_days(frame: pl.DataFrame, events: Sequence[str], clock: Clock) -> list[pl.Series]:
    """The different days of each kind of event."""
    days = frame.select(clock.day(column).unique().implode().alias(column) for column in events)
    return [days[column].explode() for column in events]


def cover(days: Mapping[str, Sequence[pl.Series]]) -> dict[str, Coverage]:
    """The coverage of each table from the local days of its events."""
    covered = {}
    for table, series in days.items():
        held = pl.concat([one.drop_nulls() for one in series]) if series else pl.Series([], dtype=pl.Date)
        first, last = held.min(), held.max()
        if isinstance(first, date) and isinstance(last, date):
            gaps = held.unique().sort().diff().dt.total_days().drop_nulls()
            usual = gaps.quantile(0.99, "higher") if len(gaps) else None
            slack = max(EDGE, timedelta(days=int(usual or 0)))
            covered[table] = Coverage(first=_midnight(first), last=_midnight(last), slack=slack)
    return covered


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def complete_periods(covered: Mapping[str, Coverage], grain: Grain) -> Iterator[Period]:
    """The complete periods of any table, the newest first."""
    if not covered:
        return
    last = max(coverage.last for coverage in covered.values()).date()
    first = min(coverage.first for coverage in covered.values()).date()
    for period in reversed(list(steps(first, last, grain))):
        if any(coverage.completes(period) for coverage in covered.values()):
            yield period


def trend_periods(period: Period, covered: Mapping[str, Coverage], grain: Grain) -> tuple[Period, ...]:
    """The steps up to the report's period (or to the newest event for other periods) that the data covers."""
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
    return tuple(found[-TREND[grain] :])


def grain_of(period: Period) -> Grain:
    """The step a period is one of; months for any other."""
    return period.grain or Grain.MONTH
