"""The interval of one cell, widened by how the days of its KPI vary together.

The method stays that of the measure: Wilson's with n ÷ effect, order statistics further apart, all else with its halves times
the root of the effect. What the interval cannot have within its values (a rank beyond the last) it does not have.
"""

import math
from dataclasses import replace

from kpi_core.engine import bounds
from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import sides, whole
from kpi_core.model.estimates import Estimate, Portion
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Mean, NetShare, Quantile, Ratio, Share, Sides
from kpi_core.model.stocks_and_survival import Survival, SurvivalMean, SurvivalShare
from kpi_core.stats import intervals
from kpi_core.stats.dependence import Widening
from kpi_core.stats.quantiles import ranks_within


def widened(engine: Engine, kpi: Kpi, cell: Cell, estimate: Estimate, by: Widening) -> Estimate:
    """A cell's estimate with the interval of rows that vary together; as it is where it has none, or they do not."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if by.is_none or value is None or (low is None and high is None):
        return estimate
    measure, parts, confidence = kpi.measure, estimate.parts, engine.confidence
    if isinstance(measure, Share) and isinstance(parts, Portion):
        found = intervals.wilson_within(value, estimate.n, by.reach(confidence))
    elif isinstance(measure, NetShare) and isinstance(parts, Sides):
        found = intervals.net_share_within(parts.plus, parts.minus, estimate.n, by.reach(confidence))
    elif isinstance(measure, Quantile):
        return _quantile(engine, measure, kpi, cell, estimate, by)
    elif isinstance(measure, Survival):
        return _survival(measure, estimate, by, confidence)
    else:
        found = _halves(engine, kpi, cell, estimate, by)
    return bounds.within(replace(estimate, low=found[0], high=found[1]), engine.reaches.get(kpi.name))


def _quantile(engine: Engine, measure: Quantile, kpi: Kpi, cell: Cell, estimate: Estimate, by: Widening) -> Estimate:
    """Two order statistics, as far from the quantile as its share of the rows may be from what it is in the long run."""
    ranks = ranks_within(estimate.n, measure.at, by.reach(engine.confidence), engine.confidence)
    if ranks is None:
        return replace(estimate, low=None, high=None)
    times = engine.values(kpi.table, kpi.dated_by, measure).sorted(cell)
    return replace(estimate, low=times.at(cell, ranks[0]), high=times.at(cell, ranks[1]))


def _halves(engine: Engine, kpi: Kpi, cell: Cell, estimate: Estimate, by: Widening) -> tuple[float, float]:
    """Means, indices and sums over sums: both halves longer. What has no value below 0 has no bound there."""
    value, low, high = estimate.value, estimate.low, estimate.high
    assert value is not None
    assert low is not None
    assert high is not None
    freedom = max((cell.period.days or estimate.n) if isinstance(kpi.measure, Ratio) else estimate.n, 2) - 1
    factor = by.factor(engine.confidence, freedom)
    below, above = factor * (value - low), factor * (high - value)
    if value - below > 0 or not _is_never_negative(engine, kpi, cell):
        return value - below, value + above
    return value * math.exp(-below / value), value + above


def _is_never_negative(engine: Engine, kpi: Kpi, cell: Cell) -> bool:
    """Whether nothing in a cell is below 0: times, or sums over sums whose days are not."""
    if isinstance(kpi.measure, Mean):
        return kpi.unit is Unit.SECONDS
    return isinstance(kpi.measure, Ratio) and all(
        min(engine.by_day(side, cell).values(), default=0.0) >= 0 for side in sides(whole(kpi))
    )


def _survival(measure: Survival, estimate: Estimate, by: Widening, confidence: float) -> Estimate:
    """Bounds off a Kaplan–Meier curve: of a share where its band is even (log(−log S)), of a time by their ratio to it, of a mean by their distance."""
    value, factor = estimate.value, by.factor(confidence, math.inf)
    assert value is not None

    def moved(bound: float | None) -> float | None:
        if bound is None or bound <= 0 or value <= 0:
            return bound
        if isinstance(measure, SurvivalShare):
            if not 0 < value < 1 or bound >= 1:
                return bound
            centre, end = (math.log(-math.log1p(-one)) for one in (value, bound))
            return -math.expm1(-math.exp(centre + factor * (end - centre)))
        if isinstance(measure, SurvivalMean):
            return min(max(value + factor * (bound - value), 0.0), float(measure.up_to))
        return float(value * (bound / value) ** factor)

    return replace(estimate, low=moved(estimate.low), high=moved(estimate.high))
