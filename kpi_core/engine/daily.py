"""What each day of a history came to, by group: the series that a change is judged by."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from functools import partial as with_first
from itertools import pairwise
from threading import Lock

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, column_of
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.state_cache import States, home, name
from kpi_core.engine.states.sums import DaySums, partial
from kpi_core.model.measures import CENTS, Count, Part, Quantile, Sum
from kpi_core.stats.contrasts import Daily

Columns = tuple[list[float], ...]

MOST_POINTS = 128
"""Times by which the whole spread of a period's is told."""
MOST_BEFORE = 4096
"""Earlier times by which their whole spread is told."""
PLACES = 2**32
"""Beyond any number of rows."""
LONE_BEFORE = timedelta(days=14)
"""Empty days, after lone rows, from which a history begins behind them."""
FEW_LONE = 0.1
"""The share of all days with rows that may be lone ones before it."""
MOST_LAG = 30
"""Days within which a ticket's resolution is awaited."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """The days of a history, the last one outside."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days

    def place(self, day: date) -> int:
        """Where a day stands among them."""
        return (day - self.first).days


def _begun(days: Sequence[date], by: date) -> date | None:
    """The first of some days with rows, in order, without the few before a gap of `LONE_BEFORE` that ends before a day.

    A ticket of a year ago in a file of half a year says nothing of how many came on the days between.
    """
    allowed = FEW_LONE * len(days)
    cut = max(
        (
            place + 1
            for place, (one, after) in enumerate(pairwise(days))
            if place + 1 <= allowed and after - one > LONE_BEFORE and after < by
        ),
        default=0,
    )
    return days[cut] if days else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranks:
    """Times as their rank among those before the current period: sums by day in each group, and the earlier times in order.

    `before` are these times, or as many of them, evenly taken, as tell how they are spread.
    """

    frames: Mapping[str, pl.DataFrame]
    before: Sequence[float]

    def mean_rank(self, times: Sequence[float], factor: float = 1.0) -> float:
        """The mean share of the earlier times that are shorter than each of some times by a factor, half of those alike counted."""
        scaled = [time * factor for time in times]
        shorter = sum(map(with_first(bisect_left, self.before), scaled))
        up_to = shorter + sum(filter(None, map(self._alike.get, scaled)))
        return (shorter + up_to) / 2 / len(self.before) / len(times)

    @cached_property
    def _alike(self) -> Mapping[float, int]:
        """How many of the earlier times are each: few scaled times are one of them, and looking them up is quicker than finding their place."""
        return Counter(self.before)


@dataclass(frozen=True, kw_only=True, eq=False)
class Dense:
    """Columns of a state by day of a span, group after group, with zeros on days without rows."""

    places: Mapping[str | None, int]
    columns: Sequence[pl.Series]
    days: int

    def of(self, group: str | None) -> Columns:
        """The days of one group."""
        if (place := self.places.get(group)) is None:
            return tuple([0.0] * self.days for _ in self.columns)
        return tuple(column.slice(place * self.days, self.days).to_list() for column in self.columns)


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """The rows of a state within a span, and the place of each among the days of its groups, group after group."""

    rows: pl.DataFrame
    at: pl.Series
    places: Mapping[str | None, int]
    days: int

    def dense(self, columns: Sequence[str]) -> Dense:
        """Some columns, day by day."""
        every = len(self.places) * self.days
        spread = [pl.zeros(every, eager=True).scatter(self.at, self.rows[name].cast(pl.Float64)) for name in columns]
        return Dense(places=self.places, columns=spread, days=self.days)


def _layout(frame: pl.DataFrame, span: Span) -> Layout:
    """Where the rows of a frame of `day`, `group` and columns stand, which has one a day and group."""
    rows = frame.filter(pl.col("day").is_between(pl.lit(span.first), pl.lit(span.last), closed="left"))
    places = {group: place for place, group in enumerate(rows["group"].unique().to_list())}
    of_group = pl.Series([places[group] for group in rows["group"].to_list()], dtype=pl.Int64)
    return Layout(
        rows=rows, at=of_group * span.days + (rows["day"] - span.first).dt.total_days(), places=places, days=span.days
    )


def _in_order(times: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The places of some times when in order, and the times in order: whole numbers sort with their place behind them, which is quicker."""
    low, high = times.min(), times.max()
    if isinstance(low, int) and isinstance(high, int) and -PLACES // 2 <= low <= high < PLACES // 2:
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        packed = times.to_frame("time").select(pl.col("time").cast(pl.Int64) * PLACES + place).to_series().sort()
        return (packed & (PLACES - 1)).cast(pl.UInt32), packed // PLACES
    order = times.arg_sort()
    return order, times.gather(order)


def _twice_ranked(times: pl.Series, before: pl.Series) -> pl.Series:
    """Of each of some times twice its rank among others: how many of them are shorter, and how many are no longer. Both are in order."""
    alike = before.rle().struct.unnest()
    ends = [
        pl.DataFrame({"at": times.search_sorted(alike["value"], side), "more": alike["len"].cast(pl.Int32)})
        for side in ("left", "right")
    ]
    steps = pl.concat(ends).filter(pl.col("at") < len(times)).group_by("at").agg(pl.col("more").sum())
    return pl.zeros(len(times), dtype=pl.Int32, eager=True).scatter(steps["at"], steps["more"]).cum_sum()


@dataclass(kw_only=True, eq=False)
class DaySeries:
    """The daily series of KPIs, read off an engine's states."""

    engine: States
    _read: dict[tuple[tuple[str, ...], str, Span], Dense] = field(default_factory=dict)
    _layouts: dict[tuple[tuple[str, ...], Span], Layout] = field(default_factory=dict)
    _own: dict[tuple[str, str, str, str], DaySums] = field(default_factory=dict)
    _ranks: dict[tuple[str, str, str, Span, date], Ranks | None] = field(default_factory=dict)
    _ranking: Lock = field(default_factory=Lock)
    """Held while times are ranked, which may have begun beside: who asks for them meanwhile waits."""
    _lags: dict[tuple[str, date, date], Mapping[str | None, Sequence[float]]] = field(default_factory=dict)

    def begins(self, part: Part, by: date) -> date | None:
        """The first day on which the part's table has a row of its date, lone ones apart where the others begin before a day."""
        table, dated_by = home(part)
        if table not in self.engine.tables:
            return None
        if isinstance(part.measure, Quantile):
            days = self.engine.day(table, dated_by)
        else:
            days = self.engine.sums(table, dated_by).frames[TOTAL]["day"]
        return _begun(days.drop_nulls().unique().sort().to_list(), by)

    def sums(self, part: Part, cell: Cell, span: Span) -> Daily:
        """Sums, rows and squares of a measure that adds up; a count has its rows for tops, an amount whole units."""
        fact = name(part.measure)
        table, dated_by = home(part)
        held = self._state(part, cell.dimension)
        frame = held.frames[cell.dimension]
        columns = [f"{fact}:n", f"{fact}:s", f"{fact}:q" if f"{fact}:q" in frame.columns else f"{fact}:s"]
        whose = "" if held is self.engine.sums(table, dated_by) else fact
        rows, tops, squares = self._spread(
            ("sums", table, dated_by, whose, cell.dimension), fact, frame, columns, cell, span
        )
        if isinstance(part.measure, Count):
            tops = rows
        elif isinstance(part.measure, Sum):
            tops = [top / CENTS for top in tops]
        return Daily(tops=tops, rows=rows, squares=squares)

    def count(self, part: Part, cell: Cell) -> float:
        """Rows of a counting part in a cell."""
        return float(self._state(part, cell.dimension).sums(name(part.measure), cell).n)

    def by_scale(self, part: Part, question: str, cell: Cell, span: Span) -> Sequence[Daily]:
        """The same of the answers on each scale of a question; nothing where they are all on one."""
        table, dated_by = home(part)
        facts = self.engine.tables[table]
        scales = facts.scales.filter(pl.col("question").cast(pl.String) == question).drop_nulls("scale_high")
        if scales.select("scale_low", "scale_high").unique().height < 2:
            return ()
        key = ("scale", question, table, dated_by, name(part.measure), cell.dimension)
        group = pl.lit(None, pl.String) if cell.dimension == TOTAL else pl.col(cell.dimension).cast(pl.String)
        rows = facts.frame.select(
            self.engine.day(table, dated_by).alias("day"), group.alias("group"), part.measure.facts()[0].cast(pl.Float64).alias("top"),
            pl.concat_str("scale_low", pl.lit("–"), "scale_high").alias("scale"),
        ).drop_nulls(["top", "scale"])  # fmt: skip
        found = []
        for scale in sorted(rows["scale"].unique()):
            held = rows.filter(pl.col("scale") == scale)
            frame = held.group_by("day", "group").agg(pl.len().alias("n"), pl.col("top").sum().alias("s"))
            counts, tops = self._spread((*key, scale), "", frame, ["n", "s"], cell, span)
            found.append(Daily(tops=tops, rows=counts))
        return found

    def _state(self, part: Part, dimension: str) -> DaySums:
        """The sums of a part: those of the report's KPIs, or its own where none of them has it."""
        table, dated_by = home(part)
        fact, held = name(part.measure), self.engine.sums(table, dated_by)
        if f"{fact}:n" in held.frames[TOTAL].columns:
            return held
        if (key := (table, dated_by, fact, dimension)) not in self._own:
            facts = {fact: part.measure.facts()[0]}
            day = self.engine.day(table, dated_by)
            split = [] if dimension == TOTAL else [dimension]
            frames = partial(self.engine.tables[table].frame, day, facts, split, frozenset({fact}))
            self._own[key] = DaySums(facts=facts, frames=frames, covered=held.covered)
        return self._own[key]

    def ranked(self, ranks: Ranks, key: Sequence[str], cell: Cell, span: Span) -> Daily:
        """Mean ranks by day of a group's times."""
        frame = ranks.frames[cell.dimension]
        rows, tops, squares = self._spread(("rank", *key, cell.dimension), "", frame, ["n", "s", "q"], cell, span)
        return Daily(tops=tops, rows=rows, squares=squares)

    def ranks(self, part: Part, measure: Quantile, span: Span, since: date) -> Ranks | None:
        """The times of a history by their rank among those before `since`; None where there are none."""
        table, dated_by = home(part)
        key = (table, dated_by, fact_key(measure.of), span, since)
        with self._ranking:
            if key not in self._ranks:
                self._ranks[key] = self._ranked(table, dated_by, measure, span, since)
            return self._ranks[key]

    def _ranked(self, table: str, dated_by: str, measure: Quantile, span: Span, since: date) -> Ranks | None:
        frame = self.engine.tables[table].frame
        split = self.engine.split(table)
        held = [pl.col(dimension).alias(column_of(dimension)) for dimension in split]
        rows = frame.select(self.engine.day(table, dated_by).alias("day"), measure.of.alias("time"), *held)
        rows = rows.filter(
            pl.col("time").is_not_null()
            & pl.col("day").is_between(pl.lit(span.first), pl.lit(span.last), closed="left")
        )
        order, times = _in_order(rows["time"])
        before = times.filter((rows["day"] < since).gather(order))
        if before.is_empty():
            return None
        step = max(1, len(before) // MOST_BEFORE)
        before = before.gather_every(step, step // 2)  # ranks among these are scores as good, and quickly found
        rank = pl.zeros(len(times), dtype=pl.Int32, eager=True).scatter(order, _twice_ranked(times, before))
        ranked = rows.lazy().drop("time").with_columns(rank.alias("rank"))
        # Added up as whole numbers: in which order, and by how many cores, is then no matter.
        twice = pl.col("rank").cast(pl.Int64)
        told = [pl.len().cast(pl.Int64).alias("n"), twice.sum().alias("s"), (twice * twice).sum().alias("q")]
        frames = {
            dimension: ranked.group_by("day", pl.col(column_of(dimension)).alias("group"))
            .agg(told)
            .collect(engine="streaming")
            .cast({"group": pl.String})
            for dimension in split
        }
        if split:
            whole = frames[split[0]].group_by("day").agg(pl.col("n", "s", "q").sum())
        else:
            whole = ranked.group_by("day").agg(told).collect(engine="streaming")
        frames[TOTAL] = whole.with_columns(group=pl.lit(None, pl.String))
        most = 2 * len(before)
        scaled = [pl.col("s") / most, pl.col("q") / (most * most)]
        return Ranks(
            frames={dimension: frame.with_columns(scaled) for dimension, frame in frames.items()},
            before=before.cast(pl.Float64).to_list(),
        )

    def _spread(
        self, key: tuple[str, ...], fact: str, frame: pl.DataFrame, columns: Sequence[str], cell: Cell, span: Span
    ) -> Columns:
        """Columns of the state that `key` knows, of one fact, by day of a group, with zeros on days without rows."""
        if (key, fact, span) not in self._read:
            if (key, span) not in self._layouts:
                self._layouts[key, span] = _layout(frame, span)
            self._read[key, fact, span] = self._layouts[key, span].dense(columns)
        return self._read[key, fact, span].of(cell.group)

    def times(self, part: Part, measure: Quantile, cell: Cell) -> Sequence[float]:
        """The times of a cell in order, at most so many of them, evenly taken."""
        held = self.engine.sorted_values(*home(part), measure, cell)
        count = held.count(cell)
        step = max(1.0, count / MOST_POINTS)
        places = [int((place + 0.5) * step) for place in range(min(count, MOST_POINTS))]
        return [float(held.at(cell, min(place, count - 1))) for place in places]

    def lags(self, dimension: str, since: date, until: date) -> Mapping[str | None, Sequence[float]]:
        """Of the tickets that a group got on days from `since` to before `until`, the share resolved 0, 1, … 30 days later."""
        key = (dimension, since, until)
        if key not in self._lags:
            self._lags[key] = self._lagged(dimension, since, until)
        return self._lags[key]

    def _lagged(self, dimension: str, since: date, until: date) -> dict[str | None, Sequence[float]]:
        frame = self.engine.tables["tickets"].frame
        created, resolved = self.engine.day("tickets", "created_at"), self.engine.day("tickets", "resolved_at")
        group = pl.lit(None, pl.String) if dimension == TOTAL else pl.col(dimension)
        days = (pl.col("resolved") - pl.col("created")).dt.total_days()
        lag = pl.when(pl.col("is_resolved")).then(days).cast(pl.Int32)
        rows = frame.lazy().select(group.alias("group"), "is_resolved", created=created, resolved=resolved)
        rows = rows.filter(pl.col("created").is_between(pl.lit(since), pl.lit(until), closed="left"))
        counts: dict[str | None, list[float]] = {}
        counted = rows.group_by("group", lag.alias("lag")).len().collect(engine="streaming").cast({"group": pl.String})
        for name_, days_later, count in counted.iter_rows():
            held = counts.setdefault(name_, [0.0] * (MOST_LAG + 2))
            held[days_later if days_later is not None and 0 <= days_later <= MOST_LAG else -1] += count
        return {one: [count / sum(held) for count in held[:-1]] for one, held in counts.items()}
