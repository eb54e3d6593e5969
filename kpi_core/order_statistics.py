"""Which observations bound a quantile.

Reply times are too skewed for a formula around their median. A pair of order statistics needs no assumption:
the number of observations below the true quantile is binomial, whatever the times look like.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from kpi_core.p_values import z_of


@lru_cache(maxsize=8192)
def quantile_ranks(n: int, at: float, confidence: float) -> tuple[int, int] | None:
    """Ranks of the two order statistics, counted from 0, that bound the quantile `at` of `n` observations.

    The narrowest pair in ranks with at least the confidence; of equally narrow pairs the one with most coverage,
    then the lower. Pairs for a higher confidence contain those for a lower one. None where not even the smallest
    and the largest observation cover enough (95 %: fewer than 6 for the median, 29 for the 90th percentile).
    Formula: P(x_l ≤ quantile ≤ x_u) ≥ P(l ≤ B < u), B binomial(n, at), l and u counted from 1 (David & Nagaraja 2003).
    """
    if n < 2 or not 0 < at < 1:
        return None
    weight = _log_weight(n, at)
    mode = min(max(int((n + 1) * at), 1), n - 1)
    enough = _enough(n, at, confidence, lambda width: _densest(width, n, mode, weight))
    if not enough(n - 1):
        return None
    least, most = _bracket(n, at, confidence, enough)
    width = least + bisect_left(range(least, most), True, key=enough)
    lower = _densest(width, n, mode, weight)
    return lower - 1, lower + width - 1


def _bracket(n: int, at: float, confidence: float, enough: Callable[[int], bool]) -> tuple[int, int]:
    """Widths between which the narrowest one that is enough lies, closing in on the normal approximation's."""
    most = min(max(round(2 * z_of(confidence) * math.sqrt(n * at * (1 - at))), 1), n - 1)
    least, step = most, 1
    while not enough(most):
        least, most, step = most + 1, min(most + step, n - 1), 2 * step
    while least > 1 and step == 1 and enough(least - 1):
        least = most = least - 1
    return min(least, most), most


def _log_weight(n: int, at: float) -> Callable[[int], float]:
    """Log of the binomial probability of a count, up to a constant; equal by symmetry at the median, to the bit."""
    log_below, log_above = math.log(at), math.log(1 - at)

    def weight(k: int) -> float:
        return (k * log_below + (n - k) * log_above) - (math.lgamma(k + 1) + math.lgamma(n - k + 1))

    return weight


def _densest(width: int, n: int, mode: int, weight: Callable[[int], float]) -> int:
    """First of the `width` neighbouring counts within 1..n − 1 that weigh most together.

    Binomial weights rise to the mode and fall after it, so sliding up stops paying where the count that enters
    weighs no more than the one that leaves.
    """
    first, last = max(1, mode - width + 1), min(mode, n - width)
    return first + bisect_left(range(first, last), True, key=lambda k: weight(k + width) <= weight(k))


def _enough(n: int, at: float, confidence: float, densest: Callable[[int], int]) -> Callable[[int], bool]:
    """Whether the densest `width` counts cover the confidence; a hair's breadth is forgiven for rounding."""
    from scipy.special import bdtr

    needed = confidence - 1e-9 * (1 - confidence)

    def enough(width: int) -> bool:
        lower = densest(width)
        return float(bdtr(lower + width - 1, n, at) - bdtr(lower - 1, n, at)) >= needed

    return enough
