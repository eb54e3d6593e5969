"""Measures: a row-level fact and one aggregation of a closed set.

A fact is an expression over a canonical table; null is outside the population. The engine gathers facts into
mergeable states (sums by day, values, keys, spans, risk sets), and `finish` turns one cell's state into an `Estimate`:
here for what adds up, next to its state for the rest. Nothing but arithmetic on sufficient statistics happens there.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal, Self

import polars as pl

from kpi_core.model.estimates import EMPTY, CellSums, Estimate, Parts, Portion, Sums
from kpi_core.model.periods import Period
from kpi_core.model.stocks_and_survival import Gone, Kept, Measure, Stock, StockAge, StockDays, Survival
from kpi_core.records import dataclass
from kpi_core.stats import intervals

__all__ = [
    "CENTS",
    "Additive",
    "Combined",
    "Count",
    "Difference",
    "Distinct",
    "Division",
    "Gone",
    "Index",
    "Kept",
    "Mean",
    "Measure",
    "NetShare",
    "Operands",
    "Part",
    "Quantile",
    "Ratio",
    "Repeated",
    "Returned",
    "Share",
    "Sides",
    "Spread",
    "Stock",
    "StockAge",
    "StockDays",
    "Sum",
    "Survival",
]

CENTS = 10_000
"""Amounts are added in ten-thousandths, whole numbers whose sum does not depend on the order of rows."""


@dataclass(frozen=True, eq=False)
class Part:
    """A measure inside another, with its own table and date where they differ from the KPI's."""

    measure: Measure
    table: str | None = None
    dated_by: str | None = None


@dataclass(frozen=True, eq=False)
class Additive(Measure):
    """Base of the measures that sums are enough for: of their fact, by day and group, and of its companion facts.

    `has_squares` asks for the sum of squares too, where it differs from the sum. `daily` says whether a ratio by days adds
    up the rows of the fact (`n`) or its sum (`s`), and `scale` what a whole unit of that sum is.
    """

    leaves_out: ClassVar[bool] = True
    has_squares: ClassVar[bool] = False
    daily: ClassVar[Literal["n", "s"]] = "n"
    scale: ClassVar[int] = 1

    def companions(self) -> tuple[pl.Expr, ...]:
        """Further facts whose sums it is finished from."""
        return ()

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """The value of a cell; EMPTY where nothing was counted."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Count(Additive):
    """Rows of the population."""

    leaves_out: ClassVar[bool] = False

    among: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """1 inside the population."""
        return (pl.when(self.among).then(pl.lit(1, pl.Int8)),)

    def only(self, rows: pl.Expr) -> Self:
        """The same of some rows."""
        return replace(self, among=self.among & rows)

    def finish(self, found: CellSums, confidence: float) -> Estimate:  # noqa: ARG002 - a fact has no interval
        """The count, a fact without an interval; no value where the table covers no day and holds no row."""
        return Estimate(value=found.own.n, n=found.own.n) if found.own.n or found.days else EMPTY


@dataclass(frozen=True, eq=False)
class Sum(Additive):
    """Amounts added up. `by_month` is the amounts of which only the month is known: no finer step has a share of them."""

    daily: ClassVar[Literal["n", "s"]] = "s"
    scale: ClassVar[int] = CENTS

    of: pl.Expr
    by_month: pl.Expr | None = None

    def facts(self) -> tuple[pl.Expr, ...]:
        """The amount in ten-thousandths."""
        return ((self.of * CENTS).round().cast(pl.Int64),)

    def only(self, rows: pl.Expr) -> Self:
        """The same of some rows."""
        return replace(self, of=pl.when(rows).then(self.of))

    def coarse(self) -> pl.Expr | None:
        """1 for the amounts of which only the month is known."""
        return (
            None if self.by_month is None else pl.when(self.of.is_not_null() & self.by_month).then(pl.lit(1, pl.Int8))
        )

    def companions(self) -> tuple[pl.Expr, ...]:
        """The amounts of which only the month is known."""
        coarse = self.coarse()
        return () if coarse is None else (coarse,)

    def finish(self, found: CellSums, confidence: float) -> Estimate:  # noqa: ARG002 - a fact has no interval
        """The sum; no rows, or a period cut through months of which only the whole is known: no value."""
        if found.own.n == 0 or (not found.is_of_months and any(one.n for one in found.companions)):
            return EMPTY
        return Estimate(value=found.own.total / CENTS, n=found.own.n)


@dataclass(frozen=True, kw_only=True)
class Spread(Parts):
    """What a mean is made of: the sum of its values and their standard deviation (0 for one value)."""

    total: float
    deviation: float


@dataclass(frozen=True, eq=False)
class Mean(Additive):
    """The mean of a value over the rows that have one."""

    has_squares: ClassVar[bool] = True

    of: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """The value itself."""
        return (self.of,)

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """The mean with its t interval (n ≥ 2), or Hall's where the cubes say that they are times."""
        return _mean(found.own, confidence)


@dataclass(frozen=True, eq=False)
class Share(Additive):
    """Rows that meet `of` among those of the population."""

    of: pl.Expr
    among: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """1 or 0 inside the population; null where `of` is unknown."""
        return (pl.when(self.among).then(self.of.cast(pl.Int8)),)

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """K ÷ n with Wilson's interval."""
        sums = found.own
        if sums.n == 0:
            return EMPTY
        low, high = intervals.wilson(sums.total, sums.n, confidence)
        return Estimate(value=sums.total / sums.n, n=sums.n, low=low, high=high, parts=Portion(k=sums.total, of=sums.n))


@dataclass(frozen=True, kw_only=True)
class Sides(Parts):
    """Rows on either side of a net share."""

    plus: float
    minus: float


@dataclass(frozen=True, eq=False)
class NetShare(Additive):
    """Share of `plus` less share of `minus` (NPS)."""

    has_squares: ClassVar[bool] = True

    plus: pl.Expr
    minus: pl.Expr
    among: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """+1, 0 or −1 inside the population."""
        return (pl.when(self.among).then(self.plus.cast(pl.Int8) - self.minus.cast(pl.Int8)),)

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """From the raw shares, with the adjusted Wald interval (Rocks 2016)."""
        sums = found.own
        if sums.n == 0:
            return EMPTY
        plus = (sums.squares + sums.total) / 2
        minus = (sums.squares - sums.total) / 2
        low, high = intervals.net_share(plus, minus, sums.n, confidence)
        return Estimate(value=sums.total / sums.n, n=sums.n, low=low, high=high, parts=Sides(plus=plus, minus=minus))


@dataclass(frozen=True, eq=False)
class Index(Additive):
    """A weighted index over several questions of one respondent (NKI), 0..100.

    Only respondents who answered every part count. Each part enters from 0 to 100: of a question on 1–10 as (q − 1)/9 × 100.
    """

    has_squares: ClassVar[bool] = True

    weights: Mapping[str, float]
    question: str = "question"
    score: str = "rescaled"
    respondent: str = "response_id"

    def facts(self) -> tuple[pl.Expr, ...]:
        """The index on the row of the first part's question, null elsewhere and for incomplete respondents."""
        question, score = pl.col(self.question), pl.col(self.score)
        parts = [pl.when(question == name).then(score).max().over(self.respondent) for name in self.weights]
        index = sum((part * weight for part, weight in zip(parts, self.weights.values(), strict=True)), pl.lit(0.0))
        return (pl.when(question == next(iter(self.weights))).then(index),)

    @property
    def together(self) -> str:
        """The respondent: the fact looks at all of a respondent's answers."""
        return self.respondent

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """The mean index with its t interval."""
        return _mean(found.own, confidence)


@dataclass(frozen=True, eq=False)
class Quantile(Measure):
    """A quantile by linear interpolation (type 7), exact."""

    leaves_out: ClassVar[bool] = True

    of: pl.Expr
    at: float = 0.5

    def facts(self) -> tuple[pl.Expr, ...]:
        """The value itself."""
        return (self.of,)


@dataclass(frozen=True, eq=False)
class Distinct(Measure):
    """Different keys among the rows of the population."""

    key: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """The key."""
        return (self.key,)


@dataclass(frozen=True, kw_only=True)
class Returned(Portion):
    """Keys with two rows or more among all of a window of days; `window` is None for `all`, which has every day."""

    window: Period | None

    def is_apart_from(self, other: "Returned") -> bool:
        """Whether the two windows have no day in common."""
        if self.window is None or other.window is None:
            return False
        edges = (self.window.start, self.window.end, other.window.start, other.window.end)
        if None in edges:
            return False
        start, end, since, until = edges
        return start >= until or since >= end  # type: ignore[operator]


@dataclass(frozen=True, eq=False)
class Repeated(Distinct):
    """Share of the keys with two rows or more among those with any, over the `window` days up to a period's end."""

    window: int = 365


@dataclass(frozen=True, eq=False)
class Combined(Measure):
    """Base of the measures made of two parts, each with its own table and date."""

    first: Part
    second: Part

    def facts(self) -> tuple[pl.Expr, ...]:
        """The facts of both parts."""
        return (*self.first.measure.facts(), *self.second.measure.facts())


@dataclass(frozen=True, kw_only=True)
class Operands(Parts):
    """The totals of the two sides of a measure made of two."""

    first: float
    second: float


@dataclass(frozen=True, kw_only=True)
class Division(Operands):
    """The two sides of a ratio."""

    @property
    def fraction(self) -> tuple[float, float]:
        """The first by the second."""
        return self.first, self.second


@dataclass(frozen=True, eq=False)
class Ratio(Combined):
    """One part ÷ the other: sums over sums, never a mean of ratios.

    `by_day` asks for an interval from the days, whose sums vary together; sums of amounts always have that.
    """

    by_day: bool = False

    @property
    def is_by_day(self) -> bool:
        """Whether the interval comes from the days."""
        return not self.is_per_head and (self.by_day or isinstance(self.first.measure, Sum))

    @property
    def is_per_head(self) -> bool:
        """Whether it is divided by what is counted, not sampled: keys, or what is there."""
        return isinstance(self.second.measure, Distinct | Stock)


@dataclass(frozen=True, eq=False)
class Difference(Combined):
    """One part less the other."""


def _mean(sums: Sums, confidence: float) -> Estimate:
    if sums.n == 0:
        return EMPTY
    mean = sums.total / sums.n
    deviation = intervals.standard_deviation(sums.n, sums.total, sums.squares)
    if sums.cubes is None:
        low, high = intervals.mean(mean, deviation, sums.n, confidence)
    else:
        skew = intervals.skewness(sums.n, sums.total, sums.squares, sums.cubes)
        low, high = intervals.skewed_mean(mean, deviation, skew, sums.n, confidence)
    return Estimate(
        value=mean, n=sums.n, low=low, high=high, parts=Spread(total=sums.total, deviation=deviation or 0.0)
    )
