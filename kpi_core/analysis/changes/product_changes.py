"""A figure that is the product of others: what each of them has added to its change."""

import math
from collections.abc import Sequence

from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.kpi import Kpi
from kpi_core.records import dataclass
from kpi_core.stats.decomposition import shares_of_change

PRODUCTS = {"revenue": ("active_customers", "orders_per_customer", "aov")}
"""What is the product of what, by the names of the KPIs."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One factor of a product before and after, and the part of the product's change that is its own (in the product's unit)."""

    kpi: Kpi
    old: float
    new: float
    part: float


def factors(kpi: Kpi, engine: Engine, new: Cell, old: Cell) -> Sequence[Factor]:
    """The factors of a KPI's change between two cells, whose parts add up to it (Shapley).

    Nothing where it is no product, its factors were not asked for with it, or they do not multiply to it: orders without a customer.
    """
    names = PRODUCTS.get(kpi.known_as, ())
    matching = [
        one for name in names for one in engine.kpis if one.name == name and one.currency in (None, kpi.currency)
    ]
    if not names or len(matching) != len(names):
        return ()
    sides: list[list[float]] = []
    for cell in (old, new):
        whole = engine.estimate(kpi, cell).value
        values = [value for one in matching if (value := engine.estimate(one, cell).value) is not None]
        if whole is None or len(values) != len(matching) or not math.isclose(math.prod(values), whole, rel_tol=1e-9):
            return ()
        sides.append(values)
    parts = shares_of_change(*sides)
    return [
        Factor(kpi=one, old=before, new=after, part=part)
        for one, before, after, part in zip(matching, *sides, parts, strict=True)
    ]
