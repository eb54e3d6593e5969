"""What changed against the baseline, with the p-value that inverts the method of the printed interval."""

import math
from collections.abc import Mapping

from kpi_core import intervals
from kpi_core.estimates import Days, Estimate
from kpi_core.kpi import Kpi
from kpi_core.lasting import SurvivalMean, SurvivalShare, SurvivalTime
from kpi_core.measures import (
    Count,
    Difference,
    Distinct,
    Index,
    Kept,
    Mean,
    NetShare,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Sum,
)
from kpi_core.p_values import two_sided_p, z_of
from kpi_core.report import Change
from kpi_core.survival import Watched, log_rank

CROSSED = "not called a change: as a whole the curves differ the other way, or cross"


def change(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> Change | None:
    """The difference of two estimates by the KPI's own method; None without a value on either side.

    Times to an event are compared by their curves, which may differ where a median is not reached. For counts and flow ratios the bounds are those of the ratio, in the value's unit with the old value as given;
    counts and sums are compared per covered day. Stocks have a difference and no test, and so do shares of customers
    whose windows overlap.
    """
    if isinstance(kpi.measure, SurvivalTime):
        return _curves_change(new, old)
    if new.value is None or old.value is None:
        return None
    match kpi.measure:
        case Quantile() | SurvivalShare():
            return _bounded_change(new, old, confidence)
        case SurvivalMean():
            return _normal_change(new, old, confidence)
        case Count():
            return _count_change(new, old, confidence)
        case Sum():
            return _sum_change(new, old, confidence)
        case Ratio():
            return _ratio_change(kpi.measure, new, old, confidence)
        case Difference(is_by_day=True):
            return _sum_change(new, old, confidence)
        case Difference():
            return _flow_difference(new, old, confidence)
        case _:
            test = _test(kpi, new, old, confidence)
    return _told(new.value - old.value, test)


def _told(difference: float, test: intervals.Test | None) -> Change:
    """A difference with its test, where there is one."""
    return (
        Change(value=difference) if test is None else Change(value=difference, low=test.low, high=test.high, p=test.p)
    )


def _test(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> intervals.Test | None:
    """The test of two sums of rows; None for stocks, and for means without spread."""
    n, o = new.parts, old.parts
    match kpi.measure:
        case Share() | Kept():
            return intervals.shares(n["k"], new.n, o["k"], old.n, confidence)
        case Repeated() if _are_apart(n, o):
            return intervals.shares(n["k"], new.n, o["k"], old.n, confidence)
        case Mean() | Index() if new.value is not None and old.value is not None:
            return intervals.means(new.value, n["sd"], new.n, old.value, o["sd"], old.n, confidence)
        case NetShare():
            return intervals.net_shares(n["plus"], n["minus"], new.n, o["plus"], o["minus"], old.n, confidence)
        case _:
            return None


def _are_apart(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    """Whether two windows have no day in common; `all` has every day."""
    edges = [side.get(edge) for side in (new, old) for edge in ("from", "to")]
    return None not in edges and (new["from"] >= old["to"] or old["from"] >= new["to"])


def _bounded_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    if new.value is None or old.value is None or not callable(new.evidence) or not callable(old.evidence):
        return Change(value=None)
    test = intervals.quantile_change(new.value, new.evidence, old.value, old.evidence, confidence)
    return _told(new.value - old.value, test)


def _curves_change(new: Estimate, old: Estimate) -> Change | None:
    """The log-rank test of two curves, and the difference of their quantiles where both are reached.

    The test goes by the whole curves: where it and the quantiles disagree in direction, p is 1.
    """
    if not isinstance(new.evidence, Watched) or not isinstance(old.evidence, Watched):
        return None
    difference = None if new.value is None or old.value is None else new.value - old.value
    test = log_rank(new.evidence, old.evidence)
    if test is None:
        return None if difference is None else Change(value=difference)
    if difference and test.is_later is not (difference > 0):
        return Change(value=difference, p=1.0, note=CROSSED)
    return Change(value=difference, p=test.p, rises=test.is_later)


def _normal_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    """Two areas under curves: their errors added in squares."""
    if new.value is None or old.value is None:
        return Change(value=None)
    difference, error = new.value - old.value, math.hypot(new.parts["error"], old.parts["error"])
    if error == 0:
        return Change(value=difference)
    reach = z_of(confidence) * error
    return Change(value=difference, low=difference - reach, high=difference + reach, p=two_sided_p(difference / error))


def _count_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    """Per covered day: 31 days against 28 is no change. The value is the plain difference of the counts."""
    if new.value is None or old.value is None:
        return Change(value=None)
    days = (int(new.parts["days"]), int(old.parts["days"]))
    test = intervals.rates(
        int(new.value), days[0], new.parts["dispersion"], int(old.value), days[1], old.parts["dispersion"], confidence
    )
    difference = new.value - old.value
    if test is None:
        return Change(value=difference)
    expected = old.value / days[1] * days[0]
    low, high = test.bounds_of_change(expected)
    shift = expected - old.value
    return Change(value=difference, low=low + shift, high=high + shift, p=test.p)


def _sum_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    """Per covered day, as for counts; the two kinds of days by Welch's test."""
    if new.value is None or old.value is None:
        return Change(value=None)
    difference, test = new.value - old.value, _days_test(new, old, confidence)
    if test is None:
        return Change(value=difference)
    days = new.parts["days"]
    shift = old.value * (days / old.parts["days"] - 1)
    return Change(value=difference, low=test.low * days + shift, high=test.high * days + shift, p=test.p)


def _days_test(new: Estimate, old: Estimate, confidence: float) -> intervals.Test | None:
    """The test of what the days of two periods come to; None where either has too few."""
    if not isinstance(new.evidence, Days) or not isinstance(old.evidence, Days):
        return None
    sides = (new.evidence.tops, new.evidence.bottoms, old.evidence.tops, old.evidence.bottoms)
    return intervals.ratio_by_day_change(*sides, confidence)


def _ratio_change(measure: Ratio, new: Estimate, old: Estimate, confidence: float) -> Change:
    if new.value is None or old.value is None:
        return Change(value=None)
    difference = new.value - old.value
    n, o = new.parts, old.parts
    if measure.is_by_day:
        return _told(difference, _days_test(new, old, confidence))
    if isinstance(measure.first.measure, Difference | Sum):
        return _net_ratio_change(new, old, confidence)
    if isinstance(measure.first.measure, Distinct):
        return Change(value=difference)
    if measure.is_per_head:
        test = intervals.rates(int(n["a"]), int(n["b"]), n["phi_a"], int(o["a"]), int(o["b"]), o["phi_a"], confidence)
    else:
        test = intervals.flow_ratio_change(
            int(n["a"]),
            n["phi_a"],
            int(n["b"]),
            n["phi_b"],
            int(o["a"]),
            o["phi_a"],
            int(o["b"]),
            o["phi_b"],
            confidence,
        )
    if test is None:
        return Change(value=difference)
    low, high = test.bounds_of_change(old.value)
    return Change(value=difference, low=low, high=high, p=test.p)


def _net_ratio_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    """A net flow or an amount ÷ heads: the errors of both sides, which their intervals tell, added in squares."""
    if new.value is None or old.value is None:
        return Change(value=None)
    if new.high is None or old.high is None:
        return Change(value=new.value - old.value)
    difference, reach = new.value - old.value, math.hypot(new.high - new.value, old.high - old.value)
    if reach == 0:
        return Change(value=difference)
    p = two_sided_p(difference / reach * z_of(confidence))
    return Change(value=difference, low=difference - reach, high=difference + reach, p=p)


def _flow_difference(new: Estimate, old: Estimate, confidence: float) -> Change:
    """Net flow per covered day, each side's variance from its two counts and their dispersion."""
    if new.value is None or old.value is None or not new.parts["days"] or not old.parts["days"]:
        return Change(value=None)
    scale = new.parts["days"] / old.parts["days"]
    variance = sum(
        (side.parts["phi_a"] * side.parts["a"] + side.parts["phi_b"] * side.parts["b"]) * weight**2
        for side, weight in ((new, 1.0), (old, scale))
    )
    difference, shift = new.value - old.value, old.value * (scale - 1)
    if variance == 0:
        return Change(value=difference)
    reach = z_of(confidence) * variance**0.5
    per_day = new.value - old.value * scale
    return Change(
        value=difference,
        low=per_day - reach + shift,
        high=per_day + reach + shift,
        p=two_sided_p(per_day / variance**0.5),
    )
