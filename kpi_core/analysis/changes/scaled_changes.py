"""A tested change in a KPI's own unit, whether it is too small to matter, and how much of it is of the scales of answers."""

import math
from collections.abc import Callable, Iterator, Sequence

from kpi_core.messages.message import Message
from kpi_core.model.findings import SHIFTED, Finding
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Difference, Gone, Kept, Ratio, Sum
from kpi_core.model.report import KpiResult
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Judgement


@dataclass(frozen=True, kw_only=True)
class ScaledChange:
    """A tested change in a KPI's own unit: from `Judgement` to the value's unit by `unit`, and whether it is too small to matter."""

    tested: Judgement
    unit: Callable[[float], float | None]
    is_small: bool
    calendar: float | None = None


OF_WHAT_IS_LEFT = 0.25
"""The most that a change of a share may be to be none worth knowing, of what lies between it and the nearer of 0 and 1: from 1 % to 2 % is twice as many."""


def worth(kpi: Kpi, old: float) -> float:
    """The change worth knowing in the value's own unit: as it stands for points and scores, of the value for all else.

    Of shares as it stands, but near 0 or 1 no more than a quarter of what lies between; a flow over another may pass 1, and has no such end.
    """
    if kpi.unit is Unit.SHARE:
        if isinstance(kpi.measure, Ratio):
            return kpi.worth_knowing
        return min(kpi.worth_knowing, OF_WHAT_IS_LEFT * max(min(old, 1 - old), 0.0))
    return kpi.worth_knowing * (1.0 if kpi.unit in (Unit.POINTS, Unit.SCORE) else abs(old))


AT_AN_END = 0.01
"""The change worth knowing of a share that is 0 or 1 on both sides, of which nothing lies between."""


def margin_of(kpi: Kpi, new: float, old: float) -> float:
    """The change worth knowing next to a value that is known: a share of all or of none, now and before, has a margin too."""
    is_at_an_end = kpi.unit is Unit.SHARE and new == old and old in (0.0, 1.0) and not isinstance(kpi.measure, Ratio)
    return min(kpi.worth_knowing, AT_AN_END) if is_at_an_end else worth(kpi, old)


def base_of(kpi: Kpi, old: float) -> float:
    """What a change by a factor is a factor of: the value itself, of customers who stay those who do not."""
    return 1 - old if isinstance(kpi.measure, Kept) and not isinstance(kpi.measure, Gone) else old


def within(tested: Judgement, confidence: float, is_near: Callable[[float], bool]) -> bool:
    """Whether both ends of the interval of two one-sided tests are near (90 % where the report's is 95 %)."""
    if tested.error == 0:
        return False
    return all(is_near(bound) for bound in tested.bounds(2 * confidence - 1))


def error_of(low: float | None, high: float | None, reach: float) -> float | None:
    """One standard error in the value's own unit, of an interval that reaches so many of them to each side."""
    return None if low is None or high is None else abs(high - low) / (2 * reach)


def log_error_of(low: float | None, high: float | None, base: float | None, reach: float) -> float | None:
    """One standard error of the logarithm of what grew from a base, of the interval of its change; None where that reaches to nothing."""
    if low is None or high is None or not base or base <= 0 or min(low, high) <= -base:
        return None
    return abs(math.log1p(high / base) - math.log1p(low / base)) / (2 * reach)


def factor_error(kpi: Kpi, bounds: tuple[float | None, float | None], old: float | None, reach: float) -> float | None:
    """One standard error of the factor that a figure changed by, of the interval of its change; of customers who stay, of those who do not."""
    low, high = bounds
    if old is None or low is None or high is None:
        return None
    base = base_of(kpi, old)
    return log_error_of(low, high, base, reach) if base == old else log_error_of(-high, -low, base, reach)


def is_of_days(kpi: Kpi) -> bool:
    """Whether what was tested are days and not rows, so that no number of rows would settle it."""
    return isinstance(kpi.measure, Sum | Difference)


def rises_of(kpi: Kpi, tested: Judgement) -> bool:
    """Which way the value went after the calendar."""
    up = tested.difference > 0
    return not up if isinstance(kpi.measure, Kept) and not isinstance(kpi.measure, Gone) else up


WITHIN_SCALES = Message("compared-within-scales")
OF_SCALES = "change-of-scales"
LEAST = 0.05
"""Points of a change below which those of the scales are not worth naming."""


def within_scales(kpi: Kpi, change: float, of_scales: float) -> Message:
    """That answers were compared within each scale, with the points of the change that are of their mix; both in the KPI's inside unit."""
    by = 1.0 if kpi.unit is Unit.SCORE else 100.0
    if abs(of_scales * by) < LEAST:
        return WITHIN_SCALES
    rest = change - of_scales
    return Message("change-of-scales", scales=of_scales * by, change=change * by, rest=rest * by)


def bounds_of(change: float, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """The interval of what changed within the scales, where it holds the change that is shown; else none, for it would be read as that one's."""
    if low is None or high is None or not low <= change <= high:
        return None, None
    return low, high


def shifted_scales(results: Sequence[KpiResult]) -> Iterator[Finding]:
    """The note on totals whose change is of the mix of scales by more than is worth knowing."""
    for one in results:
        change = one.change
        if one.group or change is None or change.note is None or change.calendar is None or one.kpi.variant_of:
            continue
        if change.note.key == OF_SCALES and abs(change.calendar) > one.kpi.worth_knowing:
            yield Finding(code=SHIFTED, message=change.note, kpis=(one.kpi.name,))


def cut(
    kpi: Kpi, low: float | None, high: float | None, marks: tuple[float, float] | None
) -> tuple[float | None, float | None]:
    """An interval of a change without what lies farther than the figure can move; `marks` are the ends of a mean of marks."""
    span = 2.0 if kpi.unit is Unit.POINTS else math.inf
    if marks is not None:
        span = marks[1] - marks[0]
    elif kpi.unit is Unit.SHARE and not isinstance(kpi.measure, Ratio | Difference):
        span = 1.0
    return None if low is None else max(low, -span), None if high is None else min(high, span)
