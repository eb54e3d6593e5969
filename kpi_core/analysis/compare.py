"""What changed against the baseline, and whether it is more than noise.

Every p-value inverts the method that gives the printed interval; Benjamini–Hochberg runs over all verdicts of one
report, the totals apart from each dimension.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpi_core import intervals
from kpi_core.estimates import Estimate
from kpi_core.kpi import Better, Kpi
from kpi_core.measures import Count, Difference, Distinct, Index, Mean, NetShare, Quantile, Ratio, Share, Survival
from kpi_core.p_values import benjamini_hochberg, two_sided_p, z_of
from kpi_core.report import Change, KpiResult, Verdict
from kpi_core.survival import Watched, log_rank

NOT_PASSED = "the interval alone leaves out no change, but not once every KPI of the report is looked at together"


def change(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> Change | None:
    """The difference of two estimates by the KPI's own method; None without a value on either side.

    For counts and flow ratios the bounds are those of the ratio, in the value's unit with the old value as given;
    counts are compared per covered day. Stocks have a difference and no test.
    """
    if new.value is None or old.value is None:
        return None
    match kpi.measure:
        case Quantile():
            return _quantile_change(new, old, confidence)
        case Survival():
            return _survival_change(new, old)
        case Count():
            return _count_change(new, old, confidence)
        case Ratio():
            return _ratio_change(kpi.measure, new, old, confidence)
        case Difference():
            return _flow_difference(new, old, confidence)
        case _:
            test = _test(kpi, new, old, confidence)
    difference = new.value - old.value
    return (
        Change(value=difference) if test is None else Change(value=difference, low=test.low, high=test.high, p=test.p)
    )


def _test(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> intervals.Test | None:
    """The test of two sums of rows; None for stocks, and for means without spread."""
    n, o = new.parts, old.parts
    match kpi.measure:
        case Share():
            return intervals.shares(n["k"], new.n, o["k"], old.n, confidence)
        case Mean() | Index() if new.value is not None and old.value is not None:
            return intervals.means(new.value, n["sd"], new.n, old.value, o["sd"], old.n, confidence)
        case NetShare():
            return intervals.net_shares(n["plus"], n["minus"], new.n, o["plus"], o["minus"], old.n, confidence)
        case _:
            return None


def _quantile_change(new: Estimate, old: Estimate, confidence: float) -> Change:
    if new.value is None or old.value is None or not callable(new.evidence) or not callable(old.evidence):
        return Change(value=None)
    test = intervals.quantile_change(new.value, new.evidence, old.value, old.evidence, confidence)
    difference = new.value - old.value
    return (
        Change(value=difference) if test is None else Change(value=difference, low=test.low, high=test.high, p=test.p)
    )


def _survival_change(new: Estimate, old: Estimate) -> Change:
    if new.value is None or old.value is None:
        return Change(value=None)
    p = (
        log_rank(new.evidence, old.evidence)
        if isinstance(new.evidence, Watched) and isinstance(old.evidence, Watched)
        else None
    )
    return Change(value=new.value - old.value, p=p)


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


def _ratio_change(measure: Ratio, new: Estimate, old: Estimate, confidence: float) -> Change:
    if new.value is None or old.value is None:
        return Change(value=None)
    difference = new.value - old.value
    n, o = new.parts, old.parts
    if isinstance(measure.second.measure, Distinct):
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


def judge(results: Sequence[KpiResult], confidence: float) -> tuple[list[KpiResult], Mapping[str, int]]:
    """Verdicts for results that carry a change; the size of each family comes with them, by dimension.

    Variants, suppressed and immature results are outside the families: variants get a verdict of their own
    interval, the others none. A change without a p-value is not tested.
    """
    families: dict[str, list[int]] = {}
    for place, result in enumerate(results):
        if result.change is not None and result.change.p is not None and result.kpi.variant_of is None:
            families.setdefault(next(iter(result.group), ""), []).append(place)
    passed: dict[int, bool] = {}
    for places in families.values():
        values = [
            result.change.p for place in places if (result := results[place]).change and result.change.p is not None
        ]
        passed |= dict(zip(places, benjamini_hochberg(values, 1 - confidence), strict=True))
    judged = [_judged(result, passed.get(place), 1 - confidence) for place, result in enumerate(results)]
    return judged, {dimension: len(places) for dimension, places in families.items()}


def _judged(result: KpiResult, is_real: bool | None, alpha: float) -> KpiResult:
    if result.change is None:
        return result
    if result.change.p is None or result.change.value is None:
        return replace(result, verdict=Verdict.NOT_TESTED)
    alone = result.change.p < alpha
    if not (alone if is_real is None else is_real):
        notes = (*result.notes, NOT_PASSED) if alone else result.notes
        return replace(result, verdict=Verdict.CANNOT_TELL, notes=notes)
    return replace(result, verdict=_direction(result))


def _direction(result: KpiResult) -> Verdict:
    """Which way it went, by the interval's middle where the plain difference is a matter of days in the period."""
    if result.change is None or result.change.value is None:
        return Verdict.NOT_TESTED
    rises = result.change.value > 0
    if isinstance(result.kpi.measure, Count | Difference) and result.baseline and result.baseline.value is not None:
        days = (result.estimate.parts.get("days", 1.0), result.baseline.parts.get("days", 1.0))
        rises = (result.estimate.value or 0) / max(days[0], 1) > result.baseline.value / max(days[1], 1)
    if result.kpi.better is Better.NEITHER:
        return Verdict.HIGHER if rises else Verdict.LOWER
    return Verdict.BETTER if rises is (result.kpi.better is Better.HIGHER) else Verdict.WORSE
