"""Which observations bound a quantile.

Reply times are too skewed for a formula around their median. A pair of order statistics needs no assumption:
the number of observations below the true quantile is binomial, whatever the times look like.
"""

import math
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

import polars as pl

ROUNDING = 1e-9
"""The part of the missing confidence that may be nothing but rounding."""
FARTHEST = 9.0
"""Standard deviations beyond which nothing is left to cover."""


class Growth(NamedTuple):
    """Pairs of ranks, each one wider than the one before: their ends, counted from 1, and what they cover."""

    lower: list[int]
    upper: list[int]
    coverage: list[float]


def quantile_ranks(n: int, at: float, confidence: float) -> tuple[int, int] | None:
    """Ranks of the two order statistics, counted from 0, that bound the quantile `at` of `n` observations.

    The narrowest pair in ranks with at least the confidence; of equally narrow pairs the one with most coverage,
    then the lower. Pairs for a higher confidence contain those for a lower one. None where not even the smallest
    and the largest observation cover enough (95 %: fewer than 6 for the median, 29 for the 90th percentile).
    Formula: P(x_l ≤ quantile ≤ x_u) ≥ P(l ≤ B < u), B binomial(n, at), l and u counted from 1 (David & Nagaraja 2003).
    """
    if n < 2 or not 0 < at < 1:
        return None
    growth = _growth(n, at)
    place = bisect_left(growth.coverage, confidence - ROUNDING * (1 - confidence))
    if place == len(growth.coverage):
        return None
    return growth.lower[place] - 1, growth.upper[place] - 1


@lru_cache(maxsize=2048)
def _growth(n: int, at: float) -> Growth:
    """Every narrowest pair of `n` observations, from the likeliest count outwards until nothing is left to cover.

    Binomial weights rise to the mode and fall after it, so the heavier neighbour is always the one to take, and the
    sets that arise are the narrowest for what they cover. Weights follow from the mode's by their ratio.
    """
    mode = min(max(int((n + 1) * at), 1), n - 1)
    reach = math.ceil(FARTHEST * math.sqrt(n * at * (1 - at))) + 40
    peak, odds = math.exp(_log_weight(n, at, mode)), at / (1 - at)
    below = pl.Series(range(mode, max(1, mode - reach), -1), dtype=pl.Float64)
    above = pl.Series(range(mode, min(n - 1, mode + reach)), dtype=pl.Float64)
    left = peak * (below / ((n - below + 1) * odds)).cum_prod()
    right = peak * ((n - above) / (above + 1) * odds).cum_prod()
    # Of two that weigh the same the lower goes first, whatever their last digit says.
    outwards = pl.DataFrame({
        "weight": pl.concat([left, right]),
        "rank": pl.concat([left * (1 + 1e-12), right]),
        "is_left": pl.Series([True]).new_from_index(0, len(left)).extend(pl.Series([False]).new_from_index(0, len(right))),
    }).sort("rank", descending=True, maintain_order=True)  # fmt: skip
    steps = outwards.select(
        lower=mode - pl.col("is_left").cast(pl.Int64).cum_sum(), upper=mode + 1 + (~pl.col("is_left")).cast(pl.Int64).cum_sum(),
        coverage=peak + pl.col("weight").cum_sum(),
    )  # fmt: skip
    return Growth(
        [mode, *steps["lower"].to_list()], [mode + 1, *steps["upper"].to_list()], [peak, *steps["coverage"].to_list()]
    )


def _log_weight(n: int, at: float, k: int) -> float:
    """Log of the binomial probability of `k`."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return ways + k * math.log(at) + (n - k) * math.log(1 - at)
