"""What the files lack within the two periods compared: days of one date, a source that reaches only part of them, answers that end early.

A table is covered as far as any of its events go; a figure rests on one date of it, on each of its files, and on the tables that its
rows are joined to. Where one of these stops, the figure goes on, of fewer rows or of other ones.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.analysis.coverage import Coverage
from kpi_core.analysis.empty_days import Stretch, empty_stretches
from kpi_core.engine.cells import Clock
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import leaves, needs
from kpi_core.engine.states import home
from kpi_core.facts.tickets import FROM_ANSWERS
from kpi_core.ingest.export import FileRead
from kpi_core.kpi import Kpi
from kpi_core.periods import Period
from kpi_core.report import Consequence, Finding, Query
from kpi_core.tables import TABLES

BY_CHANCE = 0.001
"""How likely a stretch of empty days may be, in a table as long, and still be called missing."""
SHORTEST = 5
"""Days in a row, below which nothing is: a long weekend."""
BETWEEN = timedelta(days=7)
"""How far apart one system's last day and another's first may lie for one to have taken over from the other."""
EDGE = timedelta(days=3)
FEWEST = 10
"""Rows of a file, below which its reach says nothing."""


def missing_days(
    engine: Engine, query: Query, covered: Mapping[str, Coverage], is_closed: Callable[[date], bool] | None = None
) -> Iterator[Finding]:
    """Stretches of the two periods in which a date that figures rest on has no rows though its days always have some."""
    periods = [period for period in (query.period, query.baseline) if period is not None]
    for (table, dated_by), names in _by_home(engine, covered).items():
        days = engine.rows_by_day(table, dated_by)
        until = covered[table].last.date()
        for gap in empty_stretches(days, until, BY_CHANCE, is_closed):
            if gap.length < SHORTEST or not any(_touches(gap, period) for period in periods):
                continue
            text = (
                f"no row of {table} has its {dated_by} from {gap.first} to {gap.last}, where about {gap.usual:,.0f} are usual: "
                "these days look missing from the files"
            )
            yield Finding(
                code="missing-days", text=text, kpis=tuple(dict.fromkeys(names)), consequence=Consequence.NO_VERDICT
            )


def _by_home(engine: Engine, covered: Mapping[str, Coverage]) -> dict[tuple[str, str], list[str]]:
    """The KPIs by the tables and dates that they rest on."""
    found: dict[tuple[str, str], list[str]] = {}
    for kpi in engine.kpis:
        # Where the rows of some days are missing, so is whatever became of them later.
        begun = [(table, TABLES[table].events[0]) for table in fed_by(kpi) if TABLES[table].events]
        for key in dict.fromkeys([*(home(leaf) for leaf in leaves(kpi)), *begun]):
            if key[0] in covered and key[1] in engine.tables[key[0]].frame.columns:
                found.setdefault(key, []).append(kpi.name)
    return found


def empty_periods(
    days: Mapping[date, int], periods: Sequence[Period], is_closed: Callable[[date], bool] | None = None
) -> list[Period]:
    """The periods without a row, of more than some days, that lie between days with rows, where chance would leave none empty."""
    if not days:
        return []
    first, last, rows = min(days), max(days), sum(days.values())
    found = []
    for period in periods:
        if period.start is None or period.end is None or not first < period.start or not period.end <= last:
            continue
        own = [period.start + timedelta(days=place) for place in range((period.end - period.start).days)]
        is_empty = len(own) >= SHORTEST and not any(days.get(day) for day in own)
        open_ = sum(is_closed is None or not is_closed(day) for day in own) if is_empty else 0
        usual = rows / max(1, (last - first).days + 1 - len(own)) * open_
        if is_empty and math.exp(-usual) < BY_CHANCE:
            found.append(period)
    return found


def missing_periods(
    engine: Engine, query: Query, covered: Mapping[str, Coverage], is_closed: Callable[[date], bool] | None = None
) -> Iterator[Finding]:
    """That one of the two periods has no row at all, between periods that have: it is missing from the files, and no period of none."""
    for table in dict.fromkeys(table for table, _ in _by_home(engine, covered)):
        dated_by = TABLES[table].events[0]
        names = [name for key, own in _by_home(engine, covered).items() if key == (table, dated_by) for name in own]
        for period in empty_periods(
            engine.rows_by_day(table, dated_by), [one for one in (query.period, query.baseline) if one], is_closed
        ):
            is_own = period == query.period
            text = f"no row of {table} has its {dated_by} in {period.name}, between days that have some: the period looks missing from the files, and what it has is no 0"
            consequence = Consequence.NO_VALUE if is_own else Consequence.NO_VERDICT
            yield Finding(
                code="missing-period",
                text=text,
                kpis=tuple(dict.fromkeys(names)),
                is_serious=True,
                consequence=consequence,
            )


def _touches(gap: Stretch, period: Period) -> bool:
    return period.start is not None and period.end is not None and gap.first < period.end and gap.last >= period.start


def partial_sources(reads: Sequence[FileRead], engine: Engine, query: Query) -> Iterator[Finding]:
    """Files that begin or end within the two periods beside others that go on, so that one period has rows of more systems."""
    if query.baseline is None or query.period.end is None or query.baseline.start is None:
        return
    since, until = query.baseline.start, query.period.end
    by_table: dict[str, list[tuple[str, int, date, date]]] = {}
    several = Counter(read.mapping.table for read in reads)
    places = Counter[str]()
    for read in reads:
        table, place = read.mapping.table, places[read.mapping.table]
        places[table] += 1
        if several[table] < 2:
            continue
        reach = _reach(read, table, engine.clock)
        if reach is not None and table in engine.tables:
            by_table.setdefault(table, []).append((read.name, place, *reach))
    for table, reaches in by_table.items():
        for name, place, first, last in reaches:
            others = [(begun, ended) for other, _, begun, ended in reaches if other != name]
            begins = since + EDGE < first < until and not any(abs(first - ended) <= BETWEEN for _, ended in others)
            goes_on = any(begun < first - BETWEEN and ended > first + BETWEEN for begun, ended in others)
            ends = since <= last < until - EDGE and not any(abs(begun - last) <= BETWEEN for begun, _ in others)
            outlived = any(begun < last - BETWEEN and ended > last + BETWEEN for begun, ended in others)
            if ((begins and goes_on) or (ends and outlived)) and _counts(engine, table, place, since, until):
                told = f"begins on {first}" if begins and goes_on else f"ends on {last}"
                text = (
                    f"{name} {told}, while other files of {table} go on: the two periods have rows of different sources"
                )
                names = tuple(dict.fromkeys(kpi.name for kpi in engine.kpis if table in fed_by(kpi)))
                yield Finding(code="partial-source", text=text, kpis=names, consequence=Consequence.NO_VERDICT)


def _counts(engine: Engine, table: str, place: int, since: date, until: date) -> bool:
    """Whether a row of a file counts in a span of days: those that another file repeats may all be the other's."""
    frame, dated = engine.tables[table].frame, next(iter(TABLES[table].events), "")
    if not {"_file", dated} <= set(frame.columns):
        return True
    days = frame.lazy().filter(pl.col("_file") == place).select(engine.clock.day(dated).alias("day"))
    return bool(days.select(pl.col("day").is_between(since, until, closed="left").any()).collect().item())


def _reach(read: FileRead, table: str, clock: Clock) -> tuple[date, date] | None:
    """The first and the last day of what dates a file's rows."""
    dated = next((column for column in TABLES[table].events if column in read.used.columns), None)
    if dated is None or read.used.height < FEWEST:
        return None
    first, last = read.used.select(clock.day(dated).min().alias("first"), clock.day(dated).max().alias("last")).row(0)
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def fed_by(kpi: Kpi) -> frozenset[str]:
    """The tables that a KPI's rows come from or are joined to."""
    tables = {leaf.table or kpi.table for leaf in leaves(kpi)}
    joined = {"answers" for table, column in needs(kpi) if table == "tickets" and column in FROM_ANSWERS}
    return frozenset(tables | joined)
