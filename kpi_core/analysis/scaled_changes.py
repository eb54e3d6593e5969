"""A tested change in a KPI's own unit, and whether it is too small to matter."""

from collections.abc import Callable
from dataclasses import dataclass

from kpi_core.contrasts import Judgement
from kpi_core.kpi import Kpi, Unit


@dataclass(frozen=True, kw_only=True)
class ScaledChange:
    """A tested change in a KPI's own unit: from `Judgement` to the value's unit by `unit`, and whether it is too small to matter."""

    tested: Judgement
    unit: Callable[[float], float | None]
    is_small: bool
    calendar: float | None = None


def worth(kpi: Kpi, old: float) -> float:
    """The change worth knowing in the value's own unit: as it stands for shares, points and scores, of the value for all else."""
    return kpi.worth_knowing * (1.0 if kpi.unit in (Unit.SHARE, Unit.POINTS, Unit.SCORE) else abs(old))


def within(tested: Judgement, confidence: float, is_near: Callable[[float], bool]) -> bool:
    """Whether both ends of the interval of two one-sided tests are near (90 % where the report's is 95 %)."""
    if tested.error == 0:
        return False
    return all(is_near(bound) for bound in tested.bounds(2 * confidence - 1))
