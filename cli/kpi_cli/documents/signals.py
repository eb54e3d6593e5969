"""What is worth a look in a trend: the newest before the others, and which of it is bad."""

from dataclasses import replace

from kpi_core.analysis.trend import Trend, lies_above, now_above
from kpi_core.model.kpi import Better
from kpi_core.model.periods import Period
from kpi_core.stats.control_charts import Rule, Signal


def newest_first(one: Trend) -> list[Signal]:
    """What is worth a look, the newest before the others, and what is beyond its limits before a run that ends with it."""
    return sorted(one.signals, key=lambda each: (-each.last, each.rule is not Rule.BEYOND, -each.first))


def is_bad(one: Trend, signal: Signal) -> bool:
    """Whether a signal is on the bad side of the mean; False where no side is."""
    if one.chart is None or one.kpi.better is Better.NEITHER:
        return False
    return lies_above(one, signal.last) is (one.kpi.better is Better.LOWER)


def of_period(one: Trend, period: Period) -> Trend:
    """The trend with those of its signals alone that are of a period.

    These are points in it, runs that fill half of it or lie in it for the most part, and runs that ended in it where the KPI has been on the
    other side since. A run that ended in its first week says nothing else of a quarter.
    """
    first, end = period.start, period.end
    if first is None or end is None:
        return one
    inside = {
        place
        for place, each in enumerate(one.periods)
        if each.start and each.end and each.end > first and each.start < end
    }
    return replace(one, signals=tuple(each for each in one.signals if _is_of(one, each, inside)))


def _is_of(one: Trend, signal: Signal, inside: set[int]) -> bool:
    """Whether a signal is of the places of a period."""
    places = range(signal.first, signal.last + 1)
    shared = len(inside.intersection(places))
    if shared == 0 or 2 * shared >= min(len(inside), len(places)):
        return shared > 0
    return now_above(one, signal) is (not lies_above(one, signal.last))
