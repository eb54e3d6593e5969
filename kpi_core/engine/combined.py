"""Two estimates made into one: one less the other, and one for each of the other.

Both have a value. Where there is nothing to divide by, there is none.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from kpi_core import intervals
from kpi_core.estimates import Days, Estimate
from kpi_core.p_values import z_of

ByDay = Mapping[date | None, float]


def difference(first: Estimate, second: Estimate, confidence: float) -> Estimate:
    """One count less the other, with a quasi-Poisson interval of both together; of nothing less nothing it has none."""
    known = _parts(first, second)
    if known["a"] == known["b"] == 0:
        return Estimate(value=0.0, n=first.n + second.n, parts=known)
    reach = z_of(confidence) * (known["phi_a"] * known["a"] + known["phi_b"] * known["b"]) ** 0.5
    value = known["a"] - known["b"]
    return Estimate(value=value, n=first.n + second.n, low=value - reach, high=value + reach, parts=known)


def per_head(first: Estimate, second: Estimate) -> Estimate:
    """A flow ÷ heads, which are counted and not sampled: the flow's own interval ÷ them."""
    known = _parts(first, second)
    if known["b"] == 0:
        return Estimate(value=None, n=0, parts=known)
    low, high = (None if bound is None else bound / known["b"] for bound in (first.low, first.high))
    return Estimate(value=known["a"] / known["b"], n=first.n, low=low, high=high, parts=known)


def flow_ratio(first: Estimate, second: Estimate, confidence: float) -> Estimate:
    """One count ÷ another, its interval on the log scale."""
    known = _parts(first, second)
    if known["b"] == 0:
        return Estimate(value=None, n=0, parts=known)
    counts = (int(known["a"]), known["phi_a"], int(known["b"]), known["phi_b"])
    low, high = intervals.flow_ratio(*counts, confidence)
    return Estimate(value=known["a"] / known["b"], n=second.n, low=low, high=high, parts=known)


def by_day(
    first: Estimate, second: Estimate, tops: ByDay, bottoms: ByDay, covered: Iterable[date], confidence: float
) -> Estimate:
    """Sums over sums by the delta method over days; rows without a day count together as one.

    Where all that is divided by fell on one day, nothing tells how it varies.
    """
    known = _parts(first, second)
    if known["b"] == 0:
        return Estimate(value=None, n=0, parts=known)
    dates = {*covered, *tops, *bottoms}
    value = known["a"] / known["b"]
    if len(bottoms) < 2:
        return Estimate(value=value, n=second.n, parts=known)
    days = Days(tops=[tops.get(day, 0.0) for day in dates], bottoms=[bottoms.get(day, 0.0) for day in dates])
    _, low, high = intervals.ratio_by_day(days.tops, days.bottoms, confidence)
    return Estimate(value=value, n=second.n, low=low, high=high, parts=known, evidence=days)


def added(total: float, n: int, tops: ByDay, covered: Iterable[date], confidence: float) -> Estimate:
    """A sum with the interval that its daily sums give; what has no day is taken as it is."""
    dates = {*covered, *(day for day in tops if day is not None)}
    days = Days(tops=[tops.get(day, 0.0) for day in dates], bottoms=[1.0] * len(dates))
    _, low, high = intervals.ratio_by_day(days.tops, days.bottoms, confidence)
    undated = tops.get(None, 0.0)
    low, high = (None if bound is None else bound * len(dates) + undated for bound in (low, high))
    return Estimate(value=total, n=n, low=low, high=high, parts={"days": len(dates)}, evidence=days)


def _parts(first: Estimate, second: Estimate) -> dict[str, float]:
    """What both sides come to, and how a difference of two such is judged."""
    return {
        "a": first.value or 0.0,
        "b": second.value or 0.0,
        "phi_a": first.parts.get("dispersion", 1.0),
        "phi_b": second.parts.get("dispersion", 1.0),
        "days": first.parts.get("days", 0.0),
    }
