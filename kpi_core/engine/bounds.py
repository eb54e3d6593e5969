"""How far the mean of marks can reach: no further than their scale, whatever an interval's formula says."""

from dataclasses import replace

import polars as pl

from kpi_core.facts import Facts
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Mean

HUNDRED = (0.0, 100.0)
STARS = 5.0


def ends(kpi: Kpi, facts: Facts | None) -> tuple[float, float] | None:
    """The lowest and highest value that a mean of marks can have; None for anything else."""
    if isinstance(kpi.measure, Index):
        return HUNDRED
    if not isinstance(kpi.measure, Mean) or facts is None:
        return None
    names = {name for fact in kpi.measure.facts() for name in fact.meta.root_names()}
    if "rescaled" in names:
        return HUNDRED
    if "rating_of_5" in names:
        lowest = facts.frame.select((pl.col("scale_low") / pl.col("scale_high")).min() * STARS).item()
        return None if lowest is None else (lowest, STARS)
    if "on_scale" not in names:
        return None
    if "rating" in names:
        on_scale = facts.frame.lazy().filter("on_scale", pl.col("scale_high").is_not_null())
        low, high = on_scale.select(pl.col("scale_low").min(), pl.col("scale_high").first()).collect().row(0)
        return None if low is None or high is None else (low, high)
    used = facts.scales.filter(pl.col("question").cast(pl.String) == kpi.asks).select("scale_low", "scale_high")
    low, high = next(used.iter_rows(), (None, None))
    return None if low is None or high is None else (low, high)


def within(estimate: Estimate, reach: tuple[float, float] | None) -> Estimate:
    """The estimate with its interval cut off where no mean can be."""
    if reach is None or estimate.low is None or estimate.high is None:
        return estimate
    return replace(estimate, low=max(estimate.low, reach[0]), high=min(estimate.high, reach[1]))
