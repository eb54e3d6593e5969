"""The value of each day of a history, by group: the series that a change is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from itertools import pairwise
from threading import Lock

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.fact_keys import measure_key
from kpi_core.engine.ranks import Ranks, ranked, up_to
from kpi_core.engine.state_cache import States, home
from kpi_core.engine.states.lags import LagsPlan, Shares
from kpi_core.engine.states.scale_days import ScaleDaysPlan
from kpi_core.engine.states.state import Key
from kpi_core.engine.states.sums import DaySumsPlan, SumsReader, digests
from kpi_core.model.measures import Additive, Count, Part, Quantile
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Daily

Columns = tuple[list[float], ...]
RankKey = tuple[str, str, str, "Span", date]
"""A table, the date and the fact of its times, the days of a history and the one from which they are ranked."""

MOST_POINTS = 128
"""How many times suffice to describe the spread of a period's."""
LONE_BEFORE = timedelta(days=14)
"""Empty days, after lone rows, from which a history begins behind them."""
ENOUGH, MOST_DAYS = timedelta(days=90), 0.6
"""How long a history is that may do without what lies before a gap, and the share of its days that have rows."""
FEW_LONE = 0.1
"""The share of all days with rows that may be lone ones before it."""


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


def _begun(days: Sequence[date], by: date, *, is_of_counts: bool = True) -> date | None:
    """The first of some days with rows, in order, without the few before a gap of `LONE_BEFORE` that ends before a day.

    A ticket of a year ago in a file of half a year says nothing of how many came on the days between. Nor do months that a file lacks
    show how many come: where rows come on most days and a long enough history of counts follows on the gap, it begins behind it.
    """
    allowed = FEW_LONE * len(days)
    cut = max(
        (
            place + 1
            for place, (one, after) in enumerate(pairwise(days))
            if after - one > LONE_BEFORE
            and after < by
            and (place + 1 <= allowed or (is_of_counts and _is_whole(days[place + 1 :], by)))
        ),
        default=0,
    )
    return days[cut] if days else None


def _is_whole(days: Sequence[date], by: date) -> bool:
    """Whether days with rows make a history of their own up to a day: long enough, and with rows on most days."""
    return by - days[0] >= ENOUGH and len(days) >= MOST_DAYS * ((days[-1] - days[0]).days + 1)


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
        nothing = pl.Series([0.0]).new_from_index(0, every)
        spread = [nothing.clone().scatter(self.at, self.rows[name].cast(pl.Float64)) for name in columns]
        return Dense(places=self.places, columns=spread, days=self.days)


def _layout(frame: pl.DataFrame, span: Span) -> Layout:
    """Where the rows of a frame of `day`, `group` and columns stand, which has one a day and group."""
    rows = frame.filter(pl.col("day").is_between(pl.lit(span.first), pl.lit(span.last), closed="left"))
    places: dict[str | None, int] = {}
    of_group = [places.setdefault(group, len(places)) for group in rows["group"].to_list()]
    days = (pl.col("day") - pl.lit(span.first)).dt.total_days()
    at = rows.select_seq(at=pl.lit(pl.Series(of_group, dtype=pl.Int64)) * span.days + days)["at"]
    return Layout(rows=rows, at=at, places=places, days=span.days)


@dataclass(kw_only=True, eq=False)
class DaySeries:
    """The daily series of KPIs, read off an engine's states."""

    engine: States
    _read: dict[tuple[tuple[str, ...], str, Span], Dense] = field(default_factory=dict)
    _layouts: dict[tuple[tuple[str, ...], Span], Layout] = field(default_factory=dict)
    _own: dict[Key, SumsReader] = field(default_factory=dict)
    _ranks: dict[RankKey, Ranks | None] = field(default_factory=dict)
    _locks: dict[RankKey, Lock] = field(default_factory=dict)
    """Locked while times are ranked, which may have begun in the background: who asks for them meanwhile waits."""
    _lags: dict[tuple[str, date, date], Shares] = field(default_factory=dict)
    _begun: dict[tuple[str, str, date, bool], date | None] = field(default_factory=dict)
    _scaled: dict[tuple[str, str], bool] = field(default_factory=dict)

    def begins(self, part: Part, by: date) -> date | None:
        """The first day on which the part's table has a row of its date, lone ones apart where the others begin before a day.

        Days of which the files hold only some rows, as those that are still open, are none of a history that reaches beyond them.
        """
        table, dated_by = home(part)
        if table not in self.engine.tables:
            return None
        is_of_counts = isinstance(part.measure, Count)
        key = (table, dated_by, by, is_of_counts)
        if key not in self._begun:
            days = self.engine.sums(table, dated_by).frames[TOTAL]["day"]
            begun = _begun(sorted({day for day in days.to_list() if day}), by, is_of_counts=is_of_counts)
            whole = self.engine.whole_since.get(table)
            self._begun[key] = max(begun, whole) if begun and whole and whole < by else begun
        return self._begun[key]

    def sums(self, part: Part, cell: Cell, span: Span) -> Daily:
        """Sums, rows and squares of a measure that adds up, its sums in whole units."""
        assert isinstance(part.measure, Additive)
        fact, scale = digests(part.measure)[0], part.measure.scale
        table, dated_by = home(part)
        sums = self._sums(part, cell.dimension)
        frame = sums.frames[cell.dimension]
        columns = [f"{fact}:n", f"{fact}:s", f"{fact}:q" if f"{fact}:q" in frame.columns else f"{fact}:s"]
        whose = "" if sums is self.engine.sums(table, dated_by) else fact
        rows, tops, squares = self._spread(
            ("sums", table, dated_by, whose, cell.dimension), fact, frame, columns, cell, span
        )
        if scale != 1:
            tops = [top / scale for top in tops]
        return Daily(tops=tops, rows=rows, squares=squares)

    def count(self, part: Part, cell: Cell) -> float:
        """Rows of a counting part in a cell."""
        assert isinstance(part.measure, Additive)
        return float(self._sums(part, cell.dimension).sums(digests(part.measure)[0], cell).n)

    def by_scale(self, part: Part, question: str, cell: Cell, span: Span) -> Sequence[Daily]:
        """The same of the answers on each scale of a question; nothing where they are all on one."""
        table, dated_by = home(part)
        if not self._has_scales(table, question):
            return ()
        assert isinstance(part.measure, Additive)
        plan = ScaleDaysPlan(table=table, dated_by=dated_by, measure=part.measure, dimension=cell.dimension)
        state, found = self.engine.state(plan), []
        for scale in state.scales:
            counts, tops = self._spread((*plan.key, question, scale), "", state.of(scale), ["n", "s"], cell, span)
            found.append(Daily(tops=tops, rows=counts))
        return found

    def _has_scales(self, table: str, question: str) -> bool:
        """Whether the answers to a question are on several scales."""
        if (table, question) not in self._scaled:
            rows = self.engine.tables[table].scales
            scales = rows.filter(pl.col("question").cast(pl.String) == question).drop_nulls("scale_high")
            self._scaled[table, question] = scales.select("scale_low", "scale_high").unique().height > 1
        return self._scaled[table, question]

    def _sums(self, part: Part, dimension: str) -> SumsReader:
        """The sums of a part: those of the report's KPIs, or its own where none of them has it."""
        table, dated_by = home(part)
        sums = self.engine.sums(table, dated_by)
        assert isinstance(part.measure, Additive)
        fact = digests(part.measure)[0]
        if f"{fact}:n" in sums.frames[TOTAL].columns:
            return sums
        plan = DaySumsPlan(
            table=table, dated_by=dated_by, facts={fact: part.measure.facts()[0]}, has_squares=frozenset({fact}),
            dimensions=[] if dimension == TOTAL else [dimension], of=(fact, dimension),
        )  # fmt: skip
        if plan.key not in self._own:
            self._own[plan.key] = SumsReader(state=self.engine.state(plan), covered=sums.covered)
        return self._own[plan.key]

    def ranked(self, ranks: Ranks, key: Sequence[str], cell: Cell, span: Span) -> Daily:
        """Mean ranks by day of a group's times."""
        frame = ranks.frames[cell.dimension]
        rows, tops, squares = self._spread(("rank", *key, cell.dimension), "", frame, ["n", "s", "q"], cell, span)
        return Daily(tops=tops, rows=rows, squares=squares)

    def shares_up_to(self, ranks: Ranks, level: float, key: Sequence[str], cell: Cell, span: Span) -> Daily:
        """By day of a group, the times that are no longer than a quantile of the earlier ones of all."""
        rows, tops = self._spread(
            ("rank", *key, cell.dimension), up_to(level), ranks.frames[cell.dimension], ["n", up_to(level)], cell, span
        )
        return Daily(tops=tops, rows=rows)

    def ranks(self, part: Part, measure: Quantile, span: Span, since: date) -> Ranks | None:
        """The times of a history by their rank among those before `since`; None where there are none."""
        table, dated_by = home(part)
        key = (table, dated_by, measure_key(measure), span, since)
        with self._locks.setdefault(key, Lock()):
            if key not in self._ranks:
                values = self.engine.values(table, dated_by, measure).state
                levels = self._levels(table, dated_by, measure)
                self._ranks[key] = ranked(values, self.engine.split(table), span.first, span.last, since, levels)
            return self._ranks[key]

    def _levels(self, table: str, dated_by: str, measure: Quantile) -> list[float]:
        """The quantiles that KPIs ask for of a fact, and the median."""
        fact = measure_key(measure)
        asked = (kpi.measure.at for kpi in self.engine.kpis
                 if isinstance(kpi.measure, Quantile) and (kpi.table, kpi.dated_by) == (table, dated_by) and measure_key(kpi.measure) == fact)  # fmt: skip
        return sorted({0.5, *asked})

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
        times = self.engine.values(*home(part), measure).sorted(cell)
        count = times.count(cell)
        step = max(1.0, count / MOST_POINTS)
        places = [int((place + 0.5) * step) for place in range(min(count, MOST_POINTS))]
        return [float(times.at(cell, min(place, count - 1))) for place in places]

    def lags(self, dimension: str, since: date, until: date) -> Shares:
        """Of the tickets that a group got on days from `since` to before `until`, the share resolved 0, 1, … 30 days later."""
        key = (dimension, since, until)
        if key not in self._lags:
            split = self.engine.split("tickets")
            gathered = split[0] if dimension == TOTAL and split else dimension  # whose groups together are all
            state = self.engine.state(LagsPlan(dimension=gathered))
            self._lags[key] = state.shares(since, until, is_total=dimension == TOTAL)
        return self._lags[key]
