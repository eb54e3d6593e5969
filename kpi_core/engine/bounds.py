"""How far the mean of marks can reach: no further than their scale, whatever an interval's formula says."""

from dataclasses import replace

import polars as pl

from kpi_core.engine.states.marks import Marks
from kpi_core.facts import Facts
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Index, Mean

HUNDRED = (0.0, 100.0)
STARS = 5.0


def is_of_marks(kpi: Kpi) -> bool:
    """Whether it is a mean of marks whose scale is known from the rows."""
    roots = _roots(kpi)
    of_5 = "rating_of_5" in roots
    return kpi.unit is Unit.SCORE and "rescaled" not in roots and (of_5 or {"on_scale", "rating"} <= roots)


def ends(kpi: Kpi, facts: Facts | None, marks: Marks | None) -> tuple[float, float] | None:
    """The lowest and highest value that a mean of marks can have; None for anything else. `marks` are of those that `is_of_marks`."""
    if isinstance(kpi.measure, Index):
        return HUNDRED
    roots = _roots(kpi)
    if not roots or facts is None:
        return None
    if "rescaled" in roots:
        return HUNDRED
    if "rating_of_5" in roots:
        lowest = None if marks is None else marks.lowest_share
        return None if lowest is None else (lowest * STARS, STARS)
    if "on_scale" not in roots:
        return None
    if "rating" in roots:
        return None if marks is None else marks.commonest
    used = facts.scales.filter(pl.col("question").cast(pl.String) == kpi.asks).select("scale_low", "scale_high")
    low, high = next(used.iter_rows(), (None, None))
    return None if low is None or high is None else (low, high)


def _roots(kpi: Kpi) -> set[str]:
    """The columns that a mean rests on; none of any other measure."""
    if not isinstance(kpi.measure, Mean):
        return set()
    return {name for fact in kpi.measure.facts() for name in fact.meta.root_names()}


def within(estimate: Estimate, reach: tuple[float, float] | None) -> Estimate:
    """The estimate with its interval cut off where no mean can be."""
    if reach is None or estimate.low is None or estimate.high is None:
        return estimate
    return replace(estimate, low=max(estimate.low, reach[0]), high=min(estimate.high, reach[1]))
