"""The smallest change that a result's rows would show four times in five, and how many rows would show one worth knowing."""

import math
from dataclasses import replace

from kpi_core.analysis.changes.scaled_changes import base_of, worth
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Kept, Mean, Ratio, Share
from kpi_core.model.report import Change, Family, KpiResult
from kpi_core.model.service_levels import Judged
from kpi_core.stats.contrasts import factor_less_one
from kpi_core.stats.power import doubt_of_days, doubt_of_rows, steps_to_show
from kpi_core.stats.student_t import quantile

FARTHEST = 10.0
"""How many times the baseline a change may be to be named as one that would have shown."""
NEARLY_ALONE = 1.2
"""The design effect up to which more rows would settle a question."""
BOUNDED = (Unit.SHARE, Unit.POINTS)
"""The units of figures that lie between two ends."""


def reach_of(result: KpiResult, change: Change, family: Family) -> Change:
    """The change with what its rows could show, at the rate that the first of its family must pass; as it is where nothing can be named."""
    if not change.error or not math.isfinite(change.error) or change.is_wide:
        return change
    test = quantile(1 - family.q / family.questions, change.freedom)
    doubt = doubt_of_days(change.freedom)
    steps = steps_to_show(test, doubt)
    old = result.baseline.value if result.baseline else None
    least = _worth(result)
    base = None if old is None else base_of(result.kpi, old)
    detectable: float | None
    if change.log_error and base and base > 0:  # a rise, which takes more than a fall
        detectable = base * factor_less_one(_log_reach(result.kpi, change, test, doubt))
        times = steps * change.log_error / math.log1p(least / base)
    else:
        times = steps * change.error / least if least else 0.0
        detectable = (
            _share_reach(change, old, test, doubt) if _is_share(result.kpi, change, old) else steps * change.error
        )
    is_factor = change.log_error is not None or result.kpi.unit not in (*BOUNDED, Unit.SCORE)
    if detectable is None or (is_factor and base and detectable > FARTHEST * abs(base)):
        return change
    if detectable > room(result.kpi, old):
        return change
    needed = math.ceil(change.rows * times**2)
    # Where days vary together, more rows a day settle nothing.
    is_of_rows = change.effect <= NEARLY_ALONE and needed > change.rows > 0
    return replace(change, detectable=detectable, needed=needed if is_of_rows else None)


def _log_reach(kpi: Kpi, change: Change, test: float, doubt: float) -> float:
    """The logarithm of the factor that would show.

    Of a mean of times neither its error is known well, for the longest of them make most of it, nor does it stay: times that are longer
    vary more.
    """
    assert change.log_error is not None
    if not isinstance(kpi.measure, Mean) or change.rows <= 0:
        return steps_to_show(test, doubt) * change.log_error
    spread = change.log_error**2 * change.rows / 2 / change.effect
    steps = steps_to_show(test, doubt + doubt_of_rows(spread, 2 * change.rows))
    log = steps * change.log_error
    for _ in range(20):
        factor = math.exp(min(log, 3.0))
        log = steps * change.log_error * math.sqrt((1 + factor**2) / 2 / ((1 + factor) / 2) ** 2)
    return log


def _is_share(kpi: Kpi, change: Change, old: float | None) -> bool:
    """Whether it is a share whose own test is that of two shares."""
    return isinstance(kpi.measure, Share | Judged) and change.p is not None and old is not None and change.rows > 0


def _share_reach(change: Change, old: float | None, test: float, doubt: float) -> float | None:
    """The smallest change of a share that would show, up or down, whichever takes more; None where none would.

    A share nearer to a half varies more: its error is that of the share it changes to.
    """
    assert old is not None
    usual = old + (change.value or 0.0) / 2  # both sides together estimate it better than either
    steps = steps_to_show(test, doubt)
    unit = 2 * change.effect / change.rows

    def shows(by: float) -> bool:
        ways = [new for new in (usual - by, usual + by) if -1e-9 <= new <= 1 + 1e-9]
        return bool(ways) and all(by >= _share_steps(usual, new, test, steps - test, unit) for new in ways)

    low, high = 0.0, max(usual, 1 - usual)
    if not shows(high):
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return max(high, steps * (change.error or 0.0)) if old in (0.0, 1.0) else high


def _share_steps(old: float, new: float, test: float, power: float, unit: float) -> float:
    """The difference that is just shown: the test's error is that of the share of both sides together, the power's that of each."""
    pooled = (old + new) / 2
    apart = (old * (1 - old) + new * (1 - new)) / 2
    return test * math.sqrt(max(pooled * (1 - pooled), 0.0) * unit) + power * math.sqrt(max(apart, 0.0) * unit)


def room(kpi: Kpi, old: float | None) -> float:
    """The largest change that there can be, from what a figure is compared with to the farther of its two ends."""
    if kpi.unit is Unit.SHARE and not isinstance(kpi.measure, Ratio):
        return max(old, 1 - old) if old is not None else 1.0
    return 1 + abs(old or 0.0) if kpi.unit is Unit.POINTS else math.inf


def has_ends(kpi: Kpi) -> bool:
    """Whether a figure lies between two ends, and a change of it is one by points and not by a factor."""
    return kpi.unit in BOUNDED and not isinstance(kpi.measure, Ratio | Kept)


def _worth(result: KpiResult) -> float:
    """The change worth knowing, in the value's unit."""
    old = result.baseline.value if result.baseline else None
    return result.kpi.worth_knowing if old is None and result.kpi.unit is Unit.SHARE else worth(result.kpi, old or 0.0)
