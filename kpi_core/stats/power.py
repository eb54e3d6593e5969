"""How many answers would settle it, and what this many can show.

"Cannot tell" is only useful with what it would take to tell. Both are reckoned against a change worth knowing,
never at the change observed, which would only repeat the p-value.
"""

import math
from statistics import NormalDist

from kpi_core.stats.p_values import z_of

POWER = 0.8
MOST_SIGMA, MOST_DOUBT = 2.0, 0.1
"""The variance of the logarithm of times, and the doubt about an error, beyond which no more is allowed for."""


def needed_for_share(p: float, difference: float, confidence: float, power: float = POWER) -> int | None:
    """Rows per side that show a share moving from `p` by `difference`, up or down, whichever takes more.

    None where no share lies that far from `p`, and for a difference of 0. Two-sided test of two proportions
    (Fleiss, Levin & Paik 2003, formula 4.14, without continuity correction).
    """
    others = _shares_away(p, abs(difference))
    if not others:
        return None
    return math.ceil(max((_share_spread(p, other, 1, 1, confidence, power) / difference) ** 2 for other in others))


def needed_for_mean(sd: float, difference: float, confidence: float, power: float = POWER) -> int | None:
    """Rows per side that show a mean moving by `difference`, given the standard deviation of single values.

    None for a difference of 0; at least 2. The t quantile's share is allowed for by z²/4 (Guenther 1981).
    """
    if difference == 0:
        return None
    test, reach = _quantiles(confidence, power)
    return max(2, math.ceil(2 * ((test + reach) * sd / difference) ** 2 + test**2 / 4))


def detectable_share(p: float, n1: int, n0: int, confidence: float, power: float = POWER) -> float | None:
    """The smallest change of a share, from `p` over `n0` rows to `n1` new ones, that would show.

    Inverts `needed_for_share`: up or down, whichever is harder. None where a side is empty or no change would show.
    """
    if n1 < 1 or n0 < 1:
        return None

    def shows(difference: float) -> bool:
        others = _shares_away(p, difference)
        return all(_share_spread(p, other, n1, n0, confidence, power) <= difference for other in others)

    low, high = 0.0, max(p, 1 - p)
    if not shows(high):
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high


def detectable_mean(sd: float, n1: int, n0: int, confidence: float, power: float = POWER) -> float | None:
    """The smallest change of a mean, in its own unit, that `n1` new and `n0` old rows would show.

    Inverts `needed_for_mean`. None where a side is empty or the rows are too few for any.
    """
    if n1 < 1 or n0 < 1:
        return None
    test, reach = _quantiles(confidence, power)
    per_side = 2 / (1 / n1 + 1 / n0) - test**2 / 4
    return (test + reach) * sd * math.sqrt(2 / per_side) if per_side > 0 else None


def steps_to_show(test: float, doubt: float, power: float = POWER) -> float:
    """Standard errors that a change must be away for a test to pass so often, where neither error is known but estimated.

    A report names the change by its own error, and the next one tests it by its own: each is a root of a mean square that varies about
    the true one. With δ the steps, what passes is N(0, 1) + δR₁ > test · R₀, R having a variance of `doubt`, so that
    δ = test + z √(1 + doubt (δ² + test²)). Without doubt it is test + z.

    Args:
        test: standard errors at which the test passes.
        doubt: the squared coefficient of variation of an estimated standard error.
        power: how often it must pass.
    """
    z = NormalDist().inv_cdf(power)
    steps = test + z
    for _ in range(100):
        steps = test + z * math.sqrt(1 + doubt * (steps**2 + test**2))
    return steps


def doubt_of_days(freedom: float) -> float:
    """The squared coefficient of variation of a standard error estimated from days with so many degrees of freedom."""
    return 0.0 if math.isinf(freedom) else 1 / (2 * freedom)


def doubt_of_rows(spread: float, rows: float) -> float:
    """The squared coefficient of variation of a standard error estimated from so many times, whose variance is `spread` squares of their mean.

    As of lognormal ones, of which the longest make most of it: (kurtosis − 1) / (4 rows), the kurtosis by σ² = log(1 + spread).
    """
    sigma = min(math.log1p(spread), MOST_SIGMA)
    kurtosis = math.exp(4 * sigma) + 2 * math.exp(3 * sigma) + 3 * math.exp(2 * sigma) - 3
    return min((kurtosis - 1) / (4 * rows), MOST_DOUBT)


def _quantiles(confidence: float, power: float) -> tuple[float, float]:
    return z_of(confidence), NormalDist().inv_cdf(power)


def _shares_away(p: float, difference: float) -> list[float]:
    """The shares at this distance from `p`, both directions; rounding may not push one out of 0..1."""
    if difference == 0:
        return []
    return [min(max(other, 0.0), 1.0) for other in (p - difference, p + difference) if -1e-12 <= other <= 1 + 1e-12]


def _share_spread(p0: float, p1: float, n1: int, n0: int, confidence: float, power: float) -> float:
    """The difference that is just shown: z_test × error if nothing changed + z_power × error if it did."""
    test, reach = _quantiles(confidence, power)
    pooled = (n1 * p1 + n0 * p0) / (n1 + n0)
    unchanged = pooled * (1 - pooled) * (1 / n1 + 1 / n0)
    changed = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    return test * math.sqrt(unchanged) + reach * math.sqrt(changed)
