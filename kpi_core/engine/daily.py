"""What each day of a history came to, by group: the series that a change is judged by."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial as with_first

import polars as pl

from kpi_core.contrasts import Daily
from kpi_core.engine.cells import TOTAL, Cell, column_of
from kpi_core.engine.states import States, home, name
from kpi_core.engine.sums import DaySums, partial
from kpi_core.measures import CENTS, Count, Part, Quantile, Sum

Columns = tuple[list[float], ...]

MOST_POINTS = 128
"""Times by which the whole spread of a period's is told."""
MOST_BEFORE = 4096
"""Earlier times by which their whole spread is told."""
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
        shorter, up_to = (sum(map(with_first(found, self.before), scaled)) for found in (bisect_left, bisect_right))
        return (shorter + up_to) / 2 / len(self.before) / len(times)


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


def _dense(frame: pl.DataFrame, columns: Sequence[str], span: Span) -> Dense:
    """The days of a span of every group in a frame of `day`, `group` and columns, of which the first counts rows."""
    used = frame.filter(
        pl.col("day").is_between(pl.lit(span.first), pl.lit(span.last), closed="left") & (pl.col(columns[0]) > 0)
    )
    groups = used["group"].unique().to_list()
    places = {group: place for place, group in enumerate(groups)}
    first = (
        used["group"].replace_strict(groups, range(len(groups)), return_dtype=pl.Int64)
        if groups
        else pl.Series([], dtype=pl.Int64)
    )
    at = first * span.days + (used["day"] - span.first).dt.total_days()
    every = len(groups) * span.days
    dense = [pl.zeros(every, eager=True).scatter(at, used[column].cast(pl.Float64)) for column in columns]
    return Dense(places=places, columns=dense, days=span.days)


@dataclass(kw_only=True, eq=False)
class DaySeries:
    """The daily series of KPIs, read off an engine's states."""

    engine: States
    _read: dict[tuple[str, ...], "Dense"] = field(default_factory=dict)
    _own: dict[tuple[str, str, str], DaySums] = field(default_factory=dict)
    _ranks: dict[tuple[str, str, str, Span, date], Ranks | None] = field(default_factory=dict)
    _lags: dict[tuple[str, date, date], Mapping[str | None, Sequence[float]]] = field(default_factory=dict)

    def begins(self, part: Part) -> date | None:
        """The first day on which the part's table has a row of its date."""
        table, dated_by = home(part)
        if table not in self.engine.tables:
            return None
        if isinstance(part.measure, Quantile):
            found = self.engine.day(table, dated_by).min()
        else:
            found = self.engine.sums(table, dated_by).frames[TOTAL]["day"].min()
        return found if isinstance(found, date) else None

    def sums(self, part: Part, cell: Cell, span: Span) -> Daily:
        """Sums, rows and squares of a measure that adds up; a count has its rows for tops, an amount whole units."""
        fact = name(part.measure)
        table, dated_by = home(part)
        frame = self._state(part).frames[cell.dimension]
        columns = [f"{fact}:n", f"{fact}:s", f"{fact}:q" if f"{fact}:q" in frame.columns else f"{fact}:s"]
        key = (table, dated_by, fact, cell.dimension)
        rows, tops, squares = self._spread(key, frame, columns, cell, span)
        if isinstance(part.measure, Count):
            tops = rows
        elif isinstance(part.measure, Sum):
            tops = [top / CENTS for top in tops]
        return Daily(tops=tops, rows=rows, squares=squares)

    def count(self, part: Part, cell: Cell) -> float:
        """Rows of a counting part in a cell."""
        return float(self._state(part).sums(name(part.measure), cell).n)

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
            counts, tops = self._spread((*key, scale), frame, ["n", "s"], cell, span)
            found.append(Daily(tops=tops, rows=counts))
        return found

    def _state(self, part: Part) -> DaySums:
        """The sums of a part: those of the report's KPIs, or its own where none of them has it."""
        table, dated_by = home(part)
        fact, held = name(part.measure), self.engine.sums(table, dated_by)
        if f"{fact}:n" in held.frames[TOTAL].columns:
            return held
        if (table, dated_by, fact) not in self._own:
            facts = {fact: part.measure.facts()[0]}
            day = self.engine.day(table, dated_by)
            frames = partial(self.engine.tables[table].frame, day, facts, self.engine.split(table), frozenset({fact}))
            self._own[table, dated_by, fact] = DaySums(facts=facts, frames=frames, covered=held.covered)
        return self._own[table, dated_by, fact]

    def ranked(self, ranks: Ranks, key: Sequence[str], cell: Cell, span: Span) -> Daily:
        """Mean ranks by day of a group's times."""
        frame = ranks.frames[cell.dimension]
        rows, tops, squares = self._spread(("rank", *key, cell.dimension), frame, ["n", "s", "q"], cell, span)
        return Daily(tops=tops, rows=rows, squares=squares)

    def ranks(self, part: Part, measure: Quantile, span: Span, since: date) -> Ranks | None:
        """The times of a history by their rank among those before `since`; None where there are none."""
        table, dated_by = home(part)
        key = (table, dated_by, str(measure.of), span, since)
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
        before = rows.filter(pl.col("day") < since)["time"].sort()
        if before.is_empty():
            return None
        step = max(1, len(before) // MOST_BEFORE)
        before = before.gather_every(step, step // 2)  # ranks among these are scores as good, and quickly found
        below = before.search_sorted(rows["time"], "left").cast(pl.Int64)
        up_to = before.search_sorted(rows["time"], "right").cast(pl.Int64)
        rank = ((below + up_to) / (2 * len(before))).alias("rank")
        ranked = rows.drop("time").with_columns(rank)
        told = [
            pl.len().alias("n"),
            pl.col("rank").sum().alias("s"),
            (pl.col("rank") * pl.col("rank")).sum().alias("q"),
        ]
        frames = {
            dimension: ranked.group_by("day", pl.col(column_of(dimension)).alias("group"))
            .agg(told)
            .cast({"group": pl.String})
            for dimension in split
        }
        frames[TOTAL] = ranked.group_by("day").agg(told).with_columns(group=pl.lit(None, pl.String))
        return Ranks(frames=frames, before=before.cast(pl.Float64).to_list())

    def _spread(
        self, key: tuple[str, ...], frame: pl.DataFrame, columns: Sequence[str], cell: Cell, span: Span
    ) -> Columns:
        """Columns of a state by day of a group, with zeros on days without rows."""
        key = (*key, str(span.first), str(span.last))
        if key not in self._read:
            self._read[key] = _dense(frame, columns, span)
        return self._read[key].of(cell.group)

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
        days = (resolved - created).dt.total_days()
        lag = pl.when(pl.col("is_resolved")).then(pl.lit(days)).cast(pl.Int32)
        rows = frame.select(group.alias("group"), lag.alias("lag"), created.alias("created"))
        rows = rows.filter(pl.col("created").is_between(pl.lit(since), pl.lit(until), closed="left"))
        counts: dict[str | None, list[float]] = {}
        counted = rows.group_by("group", "lag").len().cast({"group": pl.String})
        for name_, days_later, count in counted.iter_rows():
            held = counts.setdefault(name_, [0.0] * (MOST_LAG + 2))
            held[days_later if days_later is not None and 0 <= days_later <= MOST_LAG else -1] += count
        return {one: [count / sum(held) for count in held[:-1]] for one, held in counts.items()}
