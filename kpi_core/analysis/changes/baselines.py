"""What a period is compared with: the one before, the one a year ago, or the mean of several before it."""

from collections.abc import Sequence
from dataclasses import replace

from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.estimates import EMPTY, Estimate, added
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count, Difference, Distinct, Kept, Ratio, Repeated, Stock, Sum
from kpi_core.model.periods import Period
from kpi_core.model.stocks_and_survival import StockAge


def average(engine: Engine, kpi: Kpi, cell: Cell, steps: Sequence[Period], baseline: Period) -> Estimate:
    """A KPI over a baseline: of all its rows together, or the mean of its steps for what grows with the days.

    A mean has no interval of its own and no value where a step has none; an age is the one at the end of the last step.
    """
    if len(steps) < 2 or not grows(kpi):
        last = steps[-1] if steps and isinstance(kpi.measure, StockAge) else baseline
        return engine.estimate(kpi, replace(cell, period=last))
    found = [engine.estimate(kpi, replace(cell, period=step)) for step in steps]
    values = [one.value for one in found if one.value is not None]
    if len(values) < len(found):
        return EMPTY
    parts = added([one.parts for one in found])
    return Estimate(value=sum(values) / len(values), n=sum(one.n for one in found), parts=parts)


def grows(kpi: Kpi) -> bool:
    """Whether twice the days give twice as much, or it is what is there at an instant: several periods are averaged."""
    match kpi.measure:
        case Repeated() | StockAge():
            return False
        case Ratio():
            return kpi.measure.is_per_head
        case _:
            return isinstance(kpi.measure, Count | Sum | Difference | Distinct | Kept | Stock)
