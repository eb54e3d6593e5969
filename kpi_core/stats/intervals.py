"""How sure a figure is, and whether it changed.

One method for each kind of estimate: its interval, the interval of a change (new less old), and the p-value that
turns that very interval over, so that a verdict and the bounds next to it cannot disagree. Plain numbers in and out;
one call for one printed cell. Ranks, families and sample sizes have modules of their own, offered here too.
"""

import math
from collections.abc import Callable, Sequence

from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.p_values import benjamini_hochberg, smallest_alpha, two_sided_p, z_of
from kpi_core.stats.power import detectable_mean, detectable_share, needed_for_mean, needed_for_share
from kpi_core.stats.quantiles import quantile_ranks

__all__ = [
    "Test",
    "benjamini_hochberg",
    "detectable_mean",
    "detectable_share",
    "mean",
    "means",
    "needed_for_mean",
    "needed_for_share",
    "net_share",
    "net_share_within",
    "net_shares",
    "quantile_change",
    "quantile_ranks",
    "ratio_by_day",
    "ratio_by_day_change",
    "shares",
    "skewed_mean",
    "skewness",
    "square_and_add",
    "standard_deviation",
    "wilson",
    "wilson_within",
]

Bounds = tuple[float | None, float | None]

FEWEST_TIMES = 10
"""Rows from which the mean of times has an interval."""
ENLARGED = 1.2
"""What the skewness of a sample is multiplied by: it underrates that of what it is drawn from."""
CANCELLATION = 2.0**-46  # the part of a figure that may be nothing but rounding
FARTHEST_CONFIDENCE = 8.0  # beyond this z a confidence is 1 in double precision


@dataclass(frozen=True, kw_only=True)
class Test:
    """A change, new less old, in the estimate's own unit: its bounds, and the smallest alpha that leaves 0 outside."""

    low: float
    high: float
    p: float


def wilson(k: float, n: int, confidence: float) -> tuple[float, float]:
    """Bounds of the share k ÷ n, n ≥ 1, within 0..1 and around it (Wilson 1927)."""
    return wilson_within(k / n, n, z_of(confidence))


def standard_deviation(n: int, total: float, squares: float) -> float | None:
    """Sample standard deviation from the sum and the sum of squares; None below two rows.

    What is only the rounding of equal values comes out as 0.
    """
    if n < 2:
        return None
    rest = squares - total * total / n
    return math.sqrt(rest / (n - 1)) if rest > CANCELLATION * squares else 0.0


def mean(mean: float, deviation: float | None, n: int, confidence: float) -> Bounds:
    """Student's t interval of a mean; no bounds below two rows, nor where the values do not differ: their spread is unknown."""
    if n < 2 or not deviation:
        return None, None
    half = student_t.quantile(confidence, n - 1) * deviation / math.sqrt(n)
    return mean - half, mean + half


def skewness(n: int, total: float, squares: float, cubes: float) -> float | None:
    """Adjusted Fisher–Pearson skewness from the sums of values, squares and cubes; None below three rows or without spread."""
    deviation = standard_deviation(n, total, squares)
    if n < 3 or not deviation:
        return None
    centre = total / n
    third = (cubes - 3 * centre * squares + 2 * n * centre**3) / n
    spread = deviation * math.sqrt((n - 1) / n)
    return third / spread**3 * math.sqrt(n * (n - 1)) / (n - 2)


def skewed_mean(mean: float, deviation: float | None, skew: float | None, n: int, confidence: float) -> Bounds:
    """Bounds of the mean of times, which are skewed: Hall's cubic transformation (1992) with the skewness enlarged by a fifth.

    It covers 92 % and more of lognormal times of σ = 0.8 from ten rows on, of σ = 1.3 from thirty, where Student's t covers 84 %;
    never below 0. No bounds below ten rows, nor where the values do not differ.
    """
    if mean <= 0:
        return None, None
    low, high = _transformed(mean, deviation, skew, n, confidence)
    if low is None or high is None or not deviation:
        return None, None
    if low <= 0:
        low = mean * math.exp(-student_t.quantile(confidence, n - 1) / math.sqrt(n) * deviation / mean)
    return min(low, mean), high


def _transformed(mean: float, deviation: float | None, skew: float | None, n: int, confidence: float) -> Bounds:
    """Bounds of a mean by Hall's transformation, the upper no closer than Student's t has it; none as for `skewed_mean`."""
    if n < FEWEST_TIMES or not deviation or skew is None:
        return None, None
    reach = student_t.quantile(confidence, n - 1) / math.sqrt(n)
    g = ENLARGED * skew

    def inverted(y: float) -> float:
        return y if abs(g) < 1e-8 else 3 / g * (math.cbrt(1 + g * (y - g / (6 * n))) - 1)

    return mean - deviation * inverted(reach), max(mean - deviation * inverted(-reach), mean + deviation * reach)


def net_share(plus: float, minus: float, n: int, confidence: float) -> tuple[float, float]:
    """Bounds of a net share (NPS), n ≥ 1, within −1..1: adjusted Wald (Rocks 2016).

    Three answers are added, ¾ of them promoters and ¾ detractors; the interval lies around the estimate so adjusted, as
    Agresti and Coull do for a share. Where few answers agree that would leave out the raw value: it is let in.
    """
    return net_share_within(plus, minus, n, z_of(confidence))


def net_share_within(plus: float, minus: float, n: int, z: float) -> tuple[float, float]:
    """The same with so many standard errors on each side."""
    raw = (plus - minus) / n
    centre, variance = _adjusted_net_share(plus, minus, n)
    half = z * math.sqrt(variance)
    return max(min(centre - half, raw), -1.0), min(max(centre + half, raw), 1.0)


def ratio_by_day(
    tops: Sequence[float], bottoms: Sequence[float], confidence: float
) -> tuple[float | None, float | None, float | None]:
    """A ratio of sums (order values ÷ orders) with its bounds: delta method over days, whose shares of it are as skewed as what they sum.

    The two sequences hold one number a day each. No value where the bottoms add up to 0, no bounds below ten days, as
    for `skewed_mean`; a ratio of numbers that are never negative has no bound below 0.
    """
    if (bottom := math.fsum(bottoms)) == 0:
        return None, None, None
    value, days = math.fsum(tops) / bottom, len(bottoms)
    off = _off(tops, bottoms, value)
    squares, cubes = (math.fsum(day**power for day in off) for power in (2, 3))
    deviation = standard_deviation(days, 0.0, squares)
    skew = skewness(days, 0.0, squares, cubes)
    if value > 0 and min(tops) >= 0 and min(bottoms) >= 0:
        return value, *skewed_mean(value, deviation, skew, days, confidence)
    return value, *_transformed(value, deviation, skew, days, confidence)


def shares(k1: float, n1: int, k0: float, n0: int, confidence: float) -> Test:
    """Change of a share, n ≥ 1 on both sides: Newcombe's square-and-add of two Wilson intervals (1998, method 10).

    Its p-value has no closed form and is found by bisection.
    """
    p1, p0 = k1 / n1, k0 / n0

    def bounds(z: float) -> tuple[float, float]:
        return square_and_add(p1, *wilson_within(p1, n1, z), p0, *wilson_within(p0, n0, z))

    low, high = bounds(z_of(confidence))
    return Test(low=max(low, -1.0), high=min(high, 1.0), p=smallest_alpha(lambda z: _excludes_zero(*bounds(z))))


def means(mean1: float, sd1: float, n1: int, mean0: float, sd0: float, n0: int, confidence: float) -> Test | None:
    """Change of a mean: Welch's t with the Welch–Satterthwaite degrees of freedom.

    None with fewer than two rows on a side, or where neither side varies: then there is nothing to judge a change by.
    """
    if n1 < 2 or n0 < 2 or sd1 == sd0 == 0:
        return None
    v1, v0 = sd1 * sd1 / n1, sd0 * sd0 / n0
    error = math.sqrt(v1 + v0)
    w1 = v1 / (v1 + v0)
    freedom = 1 / (w1**2 / (n1 - 1) + (1 - w1) ** 2 / (n0 - 1))
    change, half = mean1 - mean0, student_t.quantile(confidence, freedom) * error
    return Test(low=change - half, high=change + half, p=student_t.two_sided(change / error, freedom))


def net_shares(plus1: float, minus1: float, n1: int, plus0: float, minus0: float, n0: int, confidence: float) -> Test:
    """Change of a net share (NPS), n ≥ 1 on both sides: the two adjusted estimates and their variances (Rocks 2016).

    As in `net_share` the raw change is always let in; where it and the adjusted change disagree in direction, p is 1.
    """
    raw = (plus1 - minus1) / n1 - (plus0 - minus0) / n0
    centre1, variance1 = _adjusted_net_share(plus1, minus1, n1)
    centre0, variance0 = _adjusted_net_share(plus0, minus0, n0)
    change, error = centre1 - centre0, math.sqrt(variance1 + variance0)
    half = z_of(confidence) * error
    low, high = max(min(change - half, raw), -2.0), min(max(change + half, raw), 2.0)
    return Test(low=low, high=high, p=two_sided_p(change / error) if raw * change > 0 else 1.0)


def ratio_by_day_change(
    tops1: Sequence[float],
    bottoms1: Sequence[float],
    tops0: Sequence[float],
    bottoms0: Sequence[float],
    confidence: float,
) -> Test | None:
    """Change of a ratio of sums: Welch's test over days, with the errors of `ratio_by_day`; None as for `means`."""
    new, old = _ratio_of_sums(tops1, bottoms1), _ratio_of_sums(tops0, bottoms0)
    if new is None or old is None or new[1] is None or old[1] is None:
        return None
    return means(new[0], new[1], new[2], old[0], old[1], old[2], confidence)


def square_and_add(
    value1: float, low1: float, high1: float, value0: float, low0: float, high0: float
) -> tuple[float, float]:
    """Bounds of value1 − value0 from the bounds of each (Newcombe 1998; MOVER, Zou & Donner 2008)."""
    change = value1 - value0
    below = math.hypot(max(value1 - low1, 0.0), max(high0 - value0, 0.0))
    above = math.hypot(max(high1 - value1, 0.0), max(value0 - low0, 0.0))
    return change - below, change + above


def quantile_change(
    value1: float,
    bounds1: Callable[[float], Bounds],
    value0: float,
    bounds0: Callable[[float], Bounds],
    confidence: float,
) -> Test | None:
    """Change of a quantile by square-and-add; `bounds1` and `bounds0` give each side's interval at any confidence.

    Those intervals must widen as the confidence rises, as pairs of order statistics do: then p, found by bisection over
    the confidence, is the smallest alpha whose interval leaves 0 out. It moves in steps, since ranks are whole, and is
    never below the alpha at which a side runs out of bounds. None where a side has none at this confidence.
    """

    def bounds(at: float) -> tuple[float, float] | None:
        (low1, high1), (low0, high0) = bounds1(at), bounds0(at)
        if low1 is None or high1 is None or low0 is None or high0 is None:
            return None
        return square_and_add(value1, low1, high1, value0, low0, high0)

    def excludes_zero(z: float) -> bool:
        found = bounds(math.erf(z / math.sqrt(2)))
        return found is not None and _excludes_zero(*found)

    printed = bounds(confidence)
    if printed is None:
        return None
    return Test(low=printed[0], high=printed[1], p=smallest_alpha(excludes_zero, FARTHEST_CONFIDENCE, steps=18))


def _excludes_zero(low: float, high: float) -> bool:
    return low > 0 or high < 0


def wilson_within(p: float, n: int, z: float) -> tuple[float, float]:
    """Wilson's bounds of the share `p` with so many standard errors on each side."""
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if p == 0 else min((centre - half) / scale, p)
    high = 1.0 if p == 1 else max((centre + half) / scale, p)
    return max(low, 0.0), min(high, 1.0)


def _adjusted_net_share(plus: float, minus: float, n: int) -> tuple[float, float]:
    """Net share and its variance with ¾ promoter, 1½ passives and ¾ detractor added."""
    p, d = (plus + 0.75) / (n + 3), (minus + 0.75) / (n + 3)
    return p - d, (p + d - (p - d) ** 2) / (n + 3)


def _ratio_of_sums(tops: Sequence[float], bottoms: Sequence[float]) -> tuple[float, float | None, int] | None:
    """Ratio, the deviation of one day's share of it (None for a single day), and days; None over a sum of 0."""
    days, bottom = len(bottoms), math.fsum(bottoms)
    if bottom == 0:
        return None
    value = math.fsum(tops) / bottom
    return value, standard_deviation(days, 0.0, math.fsum(day**2 for day in _off(tops, bottoms, value))), days


def _off(tops: Sequence[float], bottoms: Sequence[float], ratio: float) -> list[float]:
    """How far each day moves a ratio of sums, times their number; 0 throughout where that is the rounding of equal ratios."""
    by = len(bottoms) / abs(math.fsum(bottoms))
    off = [(top - ratio * bottom) * by for top, bottom in zip(tops, bottoms, strict=True)]
    most = math.fsum((top * by) ** 2 for top in tops)
    return off if math.fsum(day**2 for day in off) > CANCELLATION**2 * most else [0.0] * len(off)
