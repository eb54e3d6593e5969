"""Student's t distribution: its tails and its quantiles.

Two functions are all that is needed of a statistics library here, and importing one takes longer than reading a
small export. The tests hold both against it.
"""

import math
from functools import lru_cache

from kpi_core.stats.p_values import two_sided_p, z_of

NORMAL = 1e8
"""Degrees of freedom from which the normal distribution is the same to seven digits and more."""
LARGE = 1e3


def two_sided(t: float, freedom: float) -> float:
    """P(|T| ≥ |t|), for `freedom` > 0: the regularised incomplete beta function at freedom ÷ (freedom + t²)."""
    if freedom >= NORMAL:
        return two_sided_p(t)
    square = t * t
    x, y = freedom / (freedom + square), square / (freedom + square)
    a, b = freedom / 2, 0.5
    if y == 0:
        return 1.0
    front = math.exp(_log_beta_ratio(a) + a * math.log1p(-y) + b * math.log(y))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, y) / b


@lru_cache(maxsize=4096)
def quantile(confidence: float, freedom: float) -> float:
    """The t within ± which the distribution holds `confidence`, for `freedom` > 0; Newton on the tail, kept in bounds."""
    z = z_of(confidence)
    if freedom >= NORMAL:
        return z
    if freedom >= LARGE:
        return _near_normal(z, freedom)
    alpha, low, high = 1 - confidence, 0.0, z + 1
    while two_sided(high, freedom) > alpha:
        low, high = high, 2 * high
    t = min(max(z + (z**3 + z) / (4 * freedom), low), high)
    for _ in range(100):
        excess = two_sided(t, freedom) - alpha
        low, high = (t, high) if excess > 0 else (low, t)
        step = t + excess / (2 * _density(t, freedom))
        following = step if low < step < high else (low + high) / 2
        if abs(following - t) <= 1e-14 * t:
            return following
        t = following
    return t


def _near_normal(z: float, freedom: float) -> float:
    """The quantile from the normal one, four terms of Cornish and Fisher: off by less than 1e-10 from 1 000 degrees on."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _density(t: float, freedom: float) -> float:
    log_front = _log_beta_ratio(freedom / 2) - math.log(freedom) / 2
    return math.exp(log_front - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _log_beta_ratio(a: float) -> float:
    """−log B(a, ½); for large a by the expansion of log Γ(a + ½) − log Γ(a), which does not cancel."""
    if a < LARGE:
        return math.lgamma(a + 0.5) - math.lgamma(a) - math.lgamma(0.5)
    return math.log(a) / 2 - 1 / (8 * a) + 1 / (192 * a**3) - math.lgamma(0.5)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d or tiny)
    value = d
    for m in range(1, 10_000):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):  # fmt: skip
            d = 1 / ((1 + numerator * d) or tiny)
            c = (1 + numerator / c) or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
