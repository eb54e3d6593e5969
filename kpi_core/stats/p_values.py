"""Confidence, standard errors and p-values: how one turns into another, and which of a family stand."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

FARTHEST = 40.0  # beyond this many standard errors a p-value is 0 in double precision


def z_of(confidence: float) -> float:
    """Standard errors on each side of a two-sided interval: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def two_sided_p(z: float) -> float:
    """Chance of lying `z` or more standard errors from the middle, on either side."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square_tail(statistic: float, freedom: int) -> float:
    """P(χ² ≥ statistic) for whole degrees of freedom ≥ 1: the finite sums of the incomplete gamma function."""
    half = statistic / 2
    if half <= 0:
        return 1.0
    start = 0.5 * (freedom % 2)
    terms = (
        math.exp((step + start) * math.log(half) - half - math.lgamma(step + start + 1)) for step in range(freedom // 2)
    )
    return min(math.fsum((math.erfc(math.sqrt(half)) if freedom % 2 else 0.0, *terms)), 1.0)


def smallest_alpha(excludes_zero: Callable[[float], bool], farthest: float = FARTHEST, steps: int = 60) -> float:
    """The p-value that inverts an interval: `excludes_zero` says whether the interval at that z leaves 0 out.

    Intervals widen with z, so one point parts the two answers; found by bisection up to `farthest`.
    """
    low, high = 0.0, farthest
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if excludes_zero(middle) else (low, middle)
    if high == farthest and excludes_zero(farthest):  # asked last, since the widest interval is the dearest
        return two_sided_p(farthest)
    return two_sided_p(low)


def benjamini_hochberg(p: Sequence[float], q: float) -> list[bool]:
    """Which of a family of p-values stand at false discovery rate `q`, in the order given.

    Step-up: the largest p no greater than its rank × q ÷ m, and all below it (Benjamini & Hochberg 1995).
    """
    passing = (value for rank, value in enumerate(sorted(p), start=1) if value <= rank * q / len(p))
    limit = max(passing, default=-1.0)
    return [value <= limit for value in p]
