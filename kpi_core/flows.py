"""How sure a count is, and whether a flow of tickets changed.

Tickets come in bursts, so their daily counts vary more than chance alone: every variance here is a count times its
dispersion (quasi-Poisson). Periods differ in length, so counts are compared per day, as factors on the log scale.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kpi_core.p_values import two_sided_p, z_of

Bounds = tuple[float | None, float | None]

WIDEST = 600.0  # the logarithm of a factor beyond which a bound would overflow


@dataclass(frozen=True, kw_only=True)
class RateTest:
    """A change as a factor, new ÷ old: its bounds, and the smallest alpha that leaves 1 outside."""

    ratio: float
    ratio_low: float
    ratio_high: float
    p: float

    def bounds_of_change(self, old: float) -> tuple[float, float]:
        """Bounds of the same change in the old value's own unit, with that value taken as given."""
        return old * (self.ratio_low - 1), old * (self.ratio_high - 1)


def count(count: int, dispersion: float, confidence: float) -> tuple[float, float]:
    """Bounds of a count: quasi-Poisson on the log scale, variance = dispersion × count.

    For 0 the upper bound is one-sided, −ln(alpha) × dispersion: at 95 % the rule of three (Hanley & Lippman-Hand 1983).
    """
    if count == 0:
        return 0.0, -math.log(1 - confidence) * dispersion
    factor = _factor(confidence, dispersion / count)
    return count / factor, count * factor


def flow_ratio(a: int, phi_a: float, b: int, phi_b: float, confidence: float) -> Bounds:
    """Bounds of a ÷ b, two counts with their dispersions (resolved ÷ created), on the log scale.

    b = 0: no ratio, no bounds. a = 0: from 0 to the upper bound with half an event added to both.
    """
    if b == 0:
        return None, None
    half = 0.5 if a == 0 else 0.0
    top, bottom = a + half, b + half
    factor = _factor(confidence, phi_a / top + phi_b / bottom)
    return (0.0 if a == 0 else a / b / factor), top / bottom * factor


def dispersion(daily: Sequence[tuple[int, int]]) -> float:
    """How much more daily counts vary than chance alone (Poisson), weekdays apart: Pearson's X² ÷ df, at least 1.

    `daily` holds (weekday, count) of each covered day, days without events included. Weekdays that never had any say
    nothing and are left out; 1 where too few days remain to tell.
    """
    weekdays: dict[int, list[int]] = defaultdict(list)
    for weekday, events in daily:
        weekdays[weekday].append(events)
    used = [events for events in weekdays.values() if any(events)]
    freedom = sum(len(events) for events in used) - len(used)
    if freedom < 1:
        return 1.0
    return max(1.0, sum(_pearson(events) for events in used) / freedom)


def rates(
    count1: int, days1: float, dispersion1: float, count0: int, days0: float, dispersion0: float, confidence: float
) -> RateTest | None:
    """Change of a count per day: log rate ratio, quasi-Poisson variance dispersion ÷ count on each side.

    Where one side had no events, half an event is added to both. None without days, or without events on either side.
    """
    if not (days1 > 0 and days0 > 0 and (count1 or count0)):
        return None
    half = 0.0 if count1 and count0 else 0.5
    c1, c0 = count1 + half, count0 + half
    return _log_ratio_test(c1 / days1 / (c0 / days0), dispersion1 / c1 + dispersion0 / c0, confidence)


def flow_ratio_change(
    a1: int, phi_a1: float, b1: int, phi_b1: float, a0: int, phi_a0: float, b0: int, phi_b0: float, confidence: float
) -> RateTest | None:
    """Change of a flow ratio a ÷ b of counts, as a factor on the log scale.

    Where a top is 0, half an event is added to all four counts. None where a bottom is, or both tops are.
    """
    if not (b1 and b0 and (a1 or a0)):
        return None
    half = 0.0 if a1 and a0 else 0.5
    top1, bottom1, top0, bottom0 = a1 + half, b1 + half, a0 + half, b0 + half
    variance = phi_a1 / top1 + phi_b1 / bottom1 + phi_a0 / top0 + phi_b0 / bottom0
    return _log_ratio_test(top1 / bottom1 / (top0 / bottom0), variance, confidence)


def _pearson(events: list[int]) -> float:
    expected = sum(events) / len(events)
    return sum((observed - expected) ** 2 for observed in events) / expected


def _factor(confidence: float, variance: float) -> float:
    """What a value is multiplied and divided by for its bounds, given the variance of its logarithm."""
    return math.exp(min(z_of(confidence) * math.sqrt(variance), WIDEST))


def _log_ratio_test(ratio: float, variance: float, confidence: float) -> RateTest:
    factor = _factor(confidence, variance)
    p = two_sided_p(math.log(ratio) / math.sqrt(variance))
    return RateTest(ratio=ratio, ratio_low=ratio / factor, ratio_high=ratio * factor, p=p)
