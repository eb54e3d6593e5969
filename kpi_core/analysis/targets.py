"""Where results stand against targets: met and missed only when the whole interval is on one side."""

from kpi_core.estimates import Estimate
from kpi_core.kpi import Better, Kpi
from kpi_core.measures import Stock
from kpi_core.report import Status, Target


def stand(kpi: Kpi, estimate: Estimate, value: float) -> Target:
    """The target with where the estimate stands.

    The value itself decides for stocks, which have no interval; without one nothing is said of the rest.
    A KPI where neither way is better has no side to be on.
    """
    low, high = estimate.low, estimate.high
    if isinstance(kpi.measure, Stock) and low is None and high is None:
        low = high = estimate.value
    if low is None or high is None or kpi.better is Better.NEITHER:
        return Target(value=value, status=Status.CANNOT_TELL)
    if kpi.better is Better.LOWER:
        low, high, value_side = -high, -low, -value
    else:
        value_side = value
    status = Status.MET if low >= value_side else Status.MISSED if high < value_side else Status.CANNOT_TELL
    return Target(value=value, status=status)


def is_point_missed(kpi: Kpi, estimate: Estimate, value: float) -> bool:
    """Whether the value alone is on the wrong side of the target."""
    if estimate.value is None or kpi.better is Better.NEITHER:
        return False
    return estimate.value < value if kpi.better is Better.HIGHER else estimate.value > value
