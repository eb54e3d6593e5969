"""What the files lack within the two periods compared: days of one date, a source that reaches only part of them, answers that end early.

A table is covered as far as any of its events go; a figure rests on one date of it, on each of its files, and on the tables that its
rows are joined to. Where one of these stops, the figure goes on, of fewer rows or of other ones.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import fed_by, leaves, needs
from kpi_core.engine.state_cache import home
from kpi_core.facts import Facts
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.clock import Clock
from kpi_core.model.columns import FOLLOWED, INSTEAD, grouped
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.model.tables import TABLES
from kpi_core.quality.coverage.covered_days import Coverage
from kpi_core.quality.coverage.empty_days import LONG, Stretch, empty_stretches
from kpi_core.records import dataclass

BY_CHANCE = 0.001
"""How likely a stretch of empty days may be, in a table as long, and still be called missing."""
CLUSTERED = 0.1
"""How much days differ at the least, as the square of their spread over their mean: what a few of them lack must be more than chance."""
AT_MOST = 8
"""Short stretches all over a table that may still be missing; a desk that has more of them is closed now and then."""
BETWEEN = timedelta(days=7)
"""How far apart one system's last day and another's first may lie for one to have taken over from the other."""
SAME = 0.8
"""The share of either's rows, on the days that two files both reach, that the other has too where they are parts of one export."""
EDGE = timedelta(days=3)
AROUND, WORKED, THIN = 14, 5 / 7, 0.2
"""Days on each side of a gap, the share of days that have rows at all, and the share of what is usual from which a file goes on there."""
MOVED = 0.5
"""The share of what one file lacks that others have on those days beyond what they usually do, from which it lies there."""
BEGINS, ENDS = "begins", "ends"
FEWEST = 10
"""Rows of a file, below which its reach says nothing."""

QUESTION = "question:"
OF_QUESTION = {"is_rated_bad": "csat", "is_confirmed": "resolved"}
"""The question whose answers give a ticket's fact, where it is one alone."""


def missing_days(
    engine: Engine,
    query: Query,
    covered: Mapping[str, Coverage],
    is_closed: Callable[[date], bool] | None = None,
    whole: Mapping[str, pl.DataFrame] | None = None,
) -> Iterator[Finding]:
    """Days of the two periods on which a date that figures rest on has no rows though its days always have some; one finding for each date.

    `whole` are the tables before a condition, where there is one: few rows of many do not show by themselves what all of them lack.
    """
    periods = [period for period in (query.period, query.baseline) if period is not None]
    for (table, dated_by), names in _by_home(engine, covered, _dates_of_ratings(engine)).items():
        until = covered[table].last.date()
        for days in (engine.rows_by_day(table, dated_by), _of_all(whole, table, dated_by, engine)):
            gaps = (
                [
                    gap
                    for gap in _unlike_it(empty_stretches(days, until, BY_CHANCE, is_closed, CLUSTERED), days)
                    if any(_touches(gap, period) for period in periods)
                ]
                if days
                else []
            )
            if gaps:
                break
        if gaps:
            row = Message("row-of-table", table=called(table))
            yield Finding(
                code="missing-days", message=_lacking(row, dated_by, gaps), kpis=tuple(dict.fromkeys(names)),
                consequence=Consequence.NO_VERDICT,
            )  # fmt: skip


def _of_all(whole: Mapping[str, pl.DataFrame] | None, table: str, dated_by: str, engine: Engine) -> Mapping[date, int]:
    """How many rows a table has on each day before any condition; nothing where there is none, or no such date."""
    frame = (whole or {}).get(table)
    if frame is None or dated_by not in frame.columns:
        return {}
    days = grouped(frame, [engine.clock.day(dated_by).alias("day")], [pl.len()])
    return {day: count for day, count in days.iter_rows() if day is not None}


def _unlike_it(gaps: Sequence[Stretch], days: Mapping[date, int]) -> list[Stretch]:
    """Empty days without those that a table has now and then: short stretches, more than `AT_MOST` of them, over half of its days and more."""
    short = [gap for gap in gaps if gap.length < LONG]
    if len(short) <= AT_MOST or 2 * (short[-1].last - short[0].first) < max(days) - min(days):
        return list(gaps)
    return [gap for gap in gaps if gap.length >= LONG]


def _lacking(row: Message, dated_by: str, gaps: Sequence[Stretch]) -> Message:
    """What a date of a table or file (`row`: one of its rows) lacks, in one sentence however many stretches there are."""
    usual, days = round(math.fsum(gap.usual for gap in gaps)), sum(gap.days for gap in gaps)
    if len(gaps) > 1:
        named = [
            gap.first if gap.first == gap.last else Message("span-from-to", first=gap.first, last=gap.last)
            for gap in gaps
        ]
        return Message("days-missing", days=days, stretches=named, row=row, column=dated_by, usual=usual)
    (gap,) = gaps
    if gap.first == gap.last:
        return Message("day-missing", row=row, column=dated_by, day=gap.first, usual=usual)
    return Message("stretch-missing", row=row, column=dated_by, first=gap.first, last=gap.last, usual=usual)


def _dates_of_ratings(engine: Engine) -> list[tuple[str, str]]:
    """The dates that ratings inside tickets go by: that of their answer, and the day their ticket came; none where there are no such."""
    if not {"answers", "tickets"} <= engine.tables.keys():
        return []
    frame, mark = engine.tables["answers"].frame, f"{INSTEAD}answered_at:"
    found = [name.removeprefix(mark) for name in frame.columns if name.startswith(mark) and frame[name].any()]
    return [("tickets", name) for name in (*found, *(TABLES["tickets"].events[:1] if found else ()))]


def of_ratings(tables: Mapping[str, Facts], kpis: Sequence[Kpi], dates: Collection[str] = ()) -> tuple[str, ...]:
    """The KPIs that rest on ratings inside tickets; of those that go by one of some dates of tickets, where any are named."""
    if "answers" not in tables:
        return ()
    frame, mark = tables["answers"].frame, f"{INSTEAD}answered_at:"
    found = [name.removeprefix(mark) for name in frame.columns if name.startswith(mark) and frame[name].any()]
    if not found or (dates and not set(found) & set(dates)):
        return ()
    return tuple(kpi.name for kpi in kpis if "answers" in {leaf.table or kpi.table for leaf in leaves(kpi)})


def rated_inside(tables: Mapping[str, Facts], kpis: Sequence[Kpi]) -> tuple[str, ...]:
    """The KPIs that rest on answers, where some are ratings inside tickets: of a ticket that is missing, so is its rating, whatever dates it."""
    answers = tables.get("answers")
    if answers is None or "_embedded" not in answers.frame.columns or not answers.frame["_embedded"].any():
        return ()
    return tuple(kpi.name for kpi in kpis if "answers" in {leaf.table or kpi.table for leaf in leaves(kpi)})


def _by_home(
    engine: Engine, covered: Mapping[str, Coverage], of_ratings: Sequence[tuple[str, str]] = ()
) -> dict[tuple[str, str], list[str]]:
    """The KPIs by the tables and dates that they rest on, those of answers on the dates of ratings too."""
    found: dict[tuple[str, str], list[str]] = {}
    for kpi in engine.kpis:
        # Where the rows of some days are missing, so is whatever became of them later.
        begun = [(table, TABLES[table].events[0]) for table in fed_by(kpi) if TABLES[table].events]
        rated = of_ratings if "answers" in fed_by(kpi) else ()
        for key in dict.fromkeys([*(home(leaf) for leaf in leaves(kpi)), *begun, *rated]):
            if key[0] in covered and key[1] in engine.tables[key[0]].frame.columns:
                found.setdefault(key, []).append(kpi.name)
    return found


def empty_periods(
    days: Mapping[date, int], periods: Sequence[Period], is_closed: Callable[[date], bool] | None = None
) -> list[Period]:
    """The periods without a row, of more than some days, that lie between days with rows, where chance would leave none empty.

    It goes by how many days have rows, and not by these: a thousand customers of one day say nothing of a month.
    """
    if not days:
        return []
    first, last, filled = min(days), max(days), sum(count > 0 for count in days.values())
    found = []
    for period in periods:
        if period.start is None or period.end is None or not first < period.start or not period.end <= last:
            continue
        own = [period.start + timedelta(days=place) for place in range((period.end - period.start).days)]
        is_empty = len(own) >= LONG and not any(days.get(day) for day in own)
        open_ = sum(is_closed is None or not is_closed(day) for day in own) if is_empty else 0
        usual = filled / max(1, (last - first).days + 1 - len(own)) * open_
        if is_empty and math.exp(-usual) < BY_CHANCE:
            found.append(period)
    return found


def missing_periods(
    engine: Engine, query: Query, covered: Mapping[str, Coverage], is_closed: Callable[[date], bool] | None = None
) -> Iterator[Finding]:
    """That one of the two periods has no row at all, between periods that have: it is missing from the files, and no period of none."""
    periods = [period for period in (query.period, query.baseline) if period is not None]
    for (table, dated_by), names in _by_home(engine, covered).items():
        if dated_by != TABLES[table].events[0]:
            continue
        for period in empty_periods(engine.rows_by_day(table, dated_by), periods, is_closed):
            is_own = period == query.period
            text = Message("missing-period", table=called(table), column=dated_by, period=period.name)
            consequence = Consequence.NO_VALUE if is_own else Consequence.NO_VERDICT
            yield Finding(
                code="missing-period",
                message=text,
                kpis=tuple(dict.fromkeys(names)),
                is_serious=True,
                consequence=consequence,
            )


def _touches(gap: Stretch, period: Period) -> bool:
    return period.start is not None and period.end is not None and gap.first < period.end and gap.last >= period.start


@dataclass(frozen=True, kw_only=True, eq=False)
class _Source:
    """A file with the tables that its rows feed, its place among the files of its table, and the days that it reaches from and to."""

    read: FileRead
    feeds: tuple[str, ...]
    place: int
    first: date
    last: date

    @property
    def table(self) -> str:
        """The table of its own rows."""
        return self.read.mapping.table

    @property
    def questions(self) -> frozenset[str]:
        """What it asks."""
        return frozenset(question.name for question in self.read.questions)


def partial_sources(
    reads: Sequence[FileRead], engine: Engine, query: Query, repeated: pl.DataFrame | None = None
) -> Iterator[Finding]:
    """Files that begin or end within the two periods while others go on, so that one period has rows of more systems.

    `repeated` are the rows that lost against another with their key (`file`, `table`, `row`).
    """
    if query.baseline is None or query.period.end is None or query.baseline.start is None:
        return
    since, until = query.baseline.start, query.period.end
    sources = list(_sources(reads, engine))
    by_table = {table: [one for one in sources if table in one.feeds] for table in TABLES if table in engine.tables}
    for one in sources:
        findings_by_table = {
            table: _edge(one, by_table.get(table, []), since, until, engine.clock) for table in one.feeds
        }
        partial = {table: finding for table, finding in findings_by_table.items() if finding}
        if one.table == "tickets" and partial:
            partial = _unless_followed(partial, one, by_table.get("tickets", []), engine, until)
        if partial and _counts(one, engine, repeated, since, until):
            # Where a file's own rows are partial, so is all that they feed.
            touched = set(one.feeds) if one.table in partial else set(partial)
            key, day = next(iter(partial.values()))
            tables = [called(table) for table in partial]
            begins = Message("file-begins", file=one.read.name, day=day, tables=tables)
            text = begins if key == BEGINS else Message("file-ends", file=one.read.name, day=day, tables=tables)
            names = tuple(dict.fromkeys(kpi.name for kpi in engine.kpis if _is_fed(kpi, touched, one.questions)))
            yield Finding(code="partial-source", message=text, kpis=names, consequence=Consequence.NO_VERDICT)


def missing_days_of_sources(
    reads: Sequence[FileRead],
    engine: Engine,
    query: Query,
    covered: Mapping[str, Coverage],
    is_closed: Callable[[date], bool] | None = None,
) -> Iterator[Finding]:
    """Days of the two periods on which one of several files lacks what it always has, while others of its table go on.

    A file that has no ticket opened after such days has run out, and lacks nothing: what is left open of January is resolved on
    fewer and fewer days of February. Nor does one of what was resolved in a month lack days of the openings before it.
    """
    periods = [period for period in (query.period, query.baseline) if period is not None]
    sources = list(_sources(reads, engine))
    for (table, dated_by), names in _by_home(engine, covered, _dates_of_ratings(engine)).items():
        own = [one for one in sources if one.table == table]
        counts = [_by_day_of(one, engine, dated_by) for one in own] if len(own) > 1 else []
        whole = Counter[date]()
        for days in counts:
            whole.update(days)
        for one, days in zip(own, counts, strict=False):
            if not days:
                continue
            others = whole - Counter(days)
            found = empty_stretches(days, max(days), BY_CHANCE / len(own), is_closed, CLUSTERED)
            gaps = [
                gap
                for gap in _unlike_it(found, days)
                if any(_touches(gap, period) for period in periods)
                and one.last > gap.last
                and _goes_on(gap, days)
                and _is_left_out(gap, others)
            ]
            if gaps:
                missing = _lacking(Message("row-of-file", file=one.read.name), dated_by, gaps)
                text = Message("missing-of-one-file", missing=missing, table=called(table))
                yield Finding(
                    code="missing-days",
                    message=text,
                    kpis=tuple(dict.fromkeys(names)),
                    consequence=Consequence.NO_VERDICT,
                )


def _by_day_of(one: _Source, engine: Engine, dated_by: str) -> Counter[date]:
    """How many rows of a file have a date on each day: of those that a report counts, where they are known by their file."""
    facts = engine.tables[one.table]
    if dated_by not in (facts.frame if "_file" in facts.frame.columns else one.read.used).columns:
        return Counter()
    if "_file" in facts.frame.columns:
        own = facts.day(dated_by).filter(facts.frame["_file"] == one.place)
    else:
        own = one.read.used.select(day=engine.clock.day(dated_by))["day"]
    days = own.drop_nulls().value_counts(name="rows")
    return Counter({day: int(rows) for day, rows in days.iter_rows()})


def _goes_on(gap: Stretch, days: Mapping[date, int]) -> bool:
    """Whether a file has about as many rows before and after a gap as are usual: it neither sets in there nor fades out."""
    a_day = gap.usual / gap.days * WORKED
    before = [gap.first - timedelta(days=place) for place in range(1, AROUND + 1)]
    after = [gap.last + timedelta(days=place) for place in range(1, min(AROUND, (max(days) - gap.last).days) + 1)]
    return all(sum(days.get(day, 0) for day in side) >= THIN * a_day * len(side) for side in (before, after))


def _is_left_out(gap: Stretch, others: Mapping[date, int]) -> bool:
    """Whether other files go on through a gap, and have hardly more on its days than a week before and after: no rows that moved there."""
    days = [gap.first + timedelta(days=place) for place in range(gap.length)]
    steps = timedelta(days=math.ceil(gap.length / 7) * 7)
    neighbours = [sum(others.get(day + way * steps, 0) for day in days) for way in (-1, 1)]
    counted = sum(others.get(day, 0) for day in days)
    return counted > 0 and counted - max(neighbours) < MOVED * gap.usual


def _sources(reads: Sequence[FileRead], engine: Engine) -> Iterator[_Source]:
    """The files of tables that several feed, those that are long enough for their reach to say something."""
    fed = [(read.mapping.table, *(("answers",) if _has_ratings(read) else ())) for read in reads]
    several = Counter(table for tables in fed for table in tables)
    places = Counter[str]()
    for read, tables in zip(reads, fed, strict=True):
        own, place = tables[0], places[tables[0]]
        places[own] += 1
        if own not in engine.tables or all(several[table] < 2 for table in tables):
            continue
        if (reach := _reach(read, own, engine.clock)) is not None:
            yield _Source(read=read, feeds=tables, place=place, first=reach[0], last=reach[1])


def _is_fed(kpi: Kpi, tables: Collection[str], questions: Collection[str]) -> bool:
    """Whether a KPI's rows come from or are joined to one of some tables; of answers, those to some questions alone."""
    fed = fed_by(kpi).intersection(tables)
    asked = {name.removeprefix(QUESTION) for _, name in needs(kpi) if name.startswith(QUESTION)}
    asked |= {OF_QUESTION[name] for _, name in needs(kpi) if name in OF_QUESTION}
    return bool(fed - {"answers"}) or bool(fed and (not asked or not questions or asked.intersection(questions)))


def _has_ratings(read: FileRead) -> bool:
    """Whether enough tickets of a file have a rating inside for it to feed the answers too."""
    scores = [question.column for question in read.questions if question.column in read.used.columns]
    if read.mapping.table != "tickets" or not scores:
        return False
    return bool(read.used.select(pl.any_horizontal(pl.col(scores).is_not_null()).sum() >= FEWEST).item())


def _edge(one: _Source, sources: Sequence[_Source], since: date, until: date, clock: Clock) -> tuple[str, date] | None:
    """Where (`BEGINS`, `ENDS`) and on which day a file begins or ends between two days though others of its table go on, unless one takes over from another."""
    others = [other for other in sources if other.read.name != one.read.name]
    begins = since + EDGE < one.first < until and any(
        other.first < one.first - BETWEEN and other.last > one.first + BETWEEN for other in others
    )
    if begins and not any(
        abs(one.first - other.last) <= BETWEEN or (other.first < one.first and _are_parts(other, one, clock))
        for other in others
    ):
        return BEGINS, one.first
    ends = since <= one.last < until - EDGE and any(
        other.first < one.last - BETWEEN and other.last > one.last + BETWEEN for other in others
    )
    if ends and not any(
        abs(other.first - one.last) <= BETWEEN or (other.last > one.last and _are_parts(one, other, clock))
        for other in others
    ):
        return ENDS, one.last
    return None


def _are_parts(earlier: _Source, later: _Source, clock: Clock) -> bool:
    """Whether two files are parts of one export that overlap: on the days that both reach, most rows of either are the other's too."""
    dated = next(iter(TABLES[earlier.table].events), "")
    since, until = max(earlier.first, later.first), min(earlier.last, later.last)
    if earlier.table != later.table or since > until:
        return False
    frames = [one.read.used for one in (earlier, later)]
    if not all({ID, dated} <= set(frame.columns) for frame in frames):
        return False
    inside = clock.day(dated).is_between(since, until)
    first, second = (frame.filter(inside)[ID].unique() for frame in frames)
    shared = int(first.is_in(second.implode()).sum())
    return 0 < SAME * max(len(first), len(second)) <= shared


def _unless_followed(
    edges: Mapping[str, tuple[str, date]], one: _Source, sources: Sequence[_Source], engine: Engine, until: date
) -> dict[str, tuple[str, date]]:
    """The edges of a file that are such: it does not end where later exports have what became of its tickets, nor begin where it has that of earlier ones."""
    before = [other for other in sources if other.table == one.table and other.last < one.last]
    is_edge = {
        ENDS: not _is_followed(one, engine, until),
        BEGINS: not before or not all(_is_followed(each, engine, until) for each in before),
    }
    return {table: edge for table, edge in edges.items() if is_edge[edge[0]]}


def _is_followed(one: _Source, engine: Engine, until: date) -> bool:
    """Whether later exports have whatever became of a file's tickets, up to some day: its own end is none."""
    facts = engine.tables["tickets"]
    if not {FOLLOWED, "_file"} <= set(facts.frame.columns):
        return False
    last = facts.day(FOLLOWED).filter(facts.frame["_file"] == one.place).max()
    return isinstance(last, date) and last >= until - EDGE


def _counts(one: _Source, engine: Engine, repeated: pl.DataFrame | None, since: date, until: date) -> bool:
    """Whether a row of a file counts in a span of days: those that another file repeats may all be the other's."""
    frame, dated = engine.tables[one.table].frame, next(iter(TABLES[one.table].events), "")
    if {"_file", dated} <= set(frame.columns):
        rows = frame.lazy().filter(pl.col("_file") == one.place)
    elif repeated is not None and dated in one.read.used.columns:
        lost = repeated.filter(file=one.read.name, table=one.table)["row"]
        rows = one.read.used.lazy().filter(~pl.col(ROW).is_in(lost.implode()))
    else:
        return True
    days = rows.select(engine.clock.day(dated).alias("day"))
    return bool(days.select(pl.col("day").is_between(since, until, closed="left").any()).collect().item())


def _reach(read: FileRead, table: str, clock: Clock) -> tuple[date, date] | None:
    """The first and the last day of what dates a file's rows."""
    dated = next((column for column in TABLES[table].events if column in read.used.columns), None)
    if dated is None or read.used.height < FEWEST:
        return None
    first, last = read.used.select(clock.day(dated).min().alias("first"), clock.day(dated).max().alias("last")).row(0)
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None
