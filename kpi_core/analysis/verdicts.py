"""Whether changes are more than noise: Benjamini–Hochberg over all verdicts of one report, totals apart from each dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpi_core.kpi import Better
from kpi_core.measures import Count, Difference, Sum
from kpi_core.p_values import benjamini_hochberg
from kpi_core.report import KpiResult, Verdict

NOT_PASSED = "the interval alone leaves out no change, but not once every KPI of the report is looked at together"


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
    if result.change.p is None:
        return replace(result, verdict=Verdict.NOT_TESTED)
    alone = result.change.p < alpha
    if not (alone if is_real is None else is_real):
        notes = (*result.notes, NOT_PASSED) if alone else result.notes
        return replace(result, verdict=Verdict.CANNOT_TELL, notes=notes)
    return replace(result, verdict=_direction(result))


def _direction(result: KpiResult) -> Verdict:
    """Which way it went, by the interval's middle where the plain difference is a matter of days in the period."""
    rises = bool(result.change and result.change.is_up)
    if (
        isinstance(result.kpi.measure, Count | Sum | Difference)
        and result.baseline
        and result.baseline.value is not None
    ):
        days = (result.estimate.parts.get("days", 1.0), result.baseline.parts.get("days", 1.0))
        rises = (result.estimate.value or 0) / max(days[0], 1) > result.baseline.value / max(days[1], 1)
    if result.kpi.better is Better.NEITHER:
        return Verdict.HIGHER if rises else Verdict.LOWER
    return Verdict.BETTER if rises is (result.kpi.better is Better.HIGHER) else Verdict.WORSE
