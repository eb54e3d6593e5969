"""Two estimates made into one: one less the other, and one for each of the other.

Both have a value. Where there is nothing to divide by, there is none.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from kpi_core.model.estimates import Estimate
from kpi_core.model.measures import Division, Operands
from kpi_core.stats import intervals

ByDay = Mapping[date | None, float]
FEWEST = 50
"""Rows to divide by from which amounts have an interval: of fewer order values (lognormal, σ = 1.3) it would hold the truth in 83 to 91 % of shops."""


def difference(first: Estimate, second: Estimate) -> Estimate:
    """One count or amount less the other: a fact, without an interval."""
    known = Operands(first=first.value or 0.0, second=second.value or 0.0)
    return Estimate(value=known.first - known.second, n=first.n + second.n, parts=known)


def each(first: Estimate, second: Estimate, n: int) -> Estimate:
    """One count ÷ another, or ÷ heads: a fact that rests on `n` rows, without an interval; by nothing there is no value."""
    known = _sides(first, second)
    if known.second == 0:
        return Estimate(value=None, n=0, parts=known)
    return Estimate(value=known.first / known.second, n=n, parts=known)


def by_day(
    first: Estimate, second: Estimate, tops: ByDay, bottoms: ByDay, covered: Iterable[date], confidence: float
) -> Estimate:
    """Sums over sums by the delta method over days; rows without a day count together as one.

    Where all that is divided by fell on one day, its variance is unknown; where it is few rows, how skewed what they sum is.
    """
    known = _sides(first, second)
    if known.second == 0:
        return Estimate(value=None, n=0, parts=known)
    dates = {*covered, *tops, *bottoms}
    value = known.first / known.second
    if len(bottoms) < 2 or second.n < FEWEST:
        return Estimate(value=value, n=second.n, parts=known)
    over, under = ([sums.get(day, 0.0) for day in dates] for sums in (tops, bottoms))
    _, low, high = intervals.ratio_by_day(over, under, confidence)
    return Estimate(value=value, n=second.n, low=low, high=high, parts=known)


def _sides(first: Estimate, second: Estimate) -> Division:
    """The totals of both sides."""
    return Division(first=first.value or 0.0, second=second.value or 0.0)
