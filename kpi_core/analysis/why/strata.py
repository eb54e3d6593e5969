"""The segments of a dimension as a report has them: rows and sums that add up to the whole, those that are hidden as one."""

import math
from collections.abc import Sequence

from kpi_core.analysis.changes.baselines import average
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.estimates import EMPTY, Estimate, Portion
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Division, Sides, Spread
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass
from kpi_core.stats.mix_and_rate import Stratum

NEAR = 1e-9
"""How far sums may lie apart, as a share of the whole, by rounding alone."""
NOTHING = Stratum(n=0.0, total=0.0)


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group with its rows and sums on both sides; `result` is None for the rest, of groups that are not shown."""

    name: str | None
    result: KpiResult | None
    old: Stratum
    new: Stratum

    @property
    def estimates(self) -> tuple[Estimate, Estimate]:
        """Its estimates before and after, as the report has them."""
        if self.result is None:
            return EMPTY, EMPTY
        return self.result.baseline or EMPTY, self.result.estimate


def stratum(estimate: Estimate, *, is_amount: bool) -> Stratum | None:
    """The rows and sums behind an estimate; None where it does not give them. Of an amount the amount alone, in the place of the sum."""
    if is_amount:
        return Stratum(n=0.0, total=estimate.value or 0.0)
    match estimate.parts:
        case Portion(k=k, of=rows):
            return Stratum(n=rows, total=k, squares=k)
        case Sides(plus=plus, minus=minus):
            return Stratum(n=estimate.n, total=plus - minus, squares=plus + minus)
        case Spread(total=total, deviation=deviation):
            return Stratum(
                n=estimate.n, total=total, squares=deviation**2 * (estimate.n - 1) + total**2 / max(estimate.n, 1)
            )
        case Division(first=first, second=second):
            return Stratum(n=second, total=first)
    return None if estimate.n else NOTHING


def groups(
    report: Report, engine: Engine, whole: KpiResult, dimension: str, *, is_amount: bool
) -> list[Group] | Message:
    """The groups of a dimension that add up to the whole, those not shown as one; else why they do not."""
    kpi, query = whole.kpi, report.query
    both = [stratum(one, is_amount=is_amount) for one in (whole.baseline or EMPTY, whole.estimate)]
    results = [one for one in report.grouped(dimension) if one.kpi.name == kpi.name]
    if not results:
        return Message("why-no-segments")
    found, has_hidden = [], False
    for result in results:
        if result.barred is not None and result.estimate.value is not None:
            return result.barred
        old = _before(result, engine, kpi, dimension, query)
        sides = None if old is None else [stratum(one, is_amount=is_amount) for one in (old, result.estimate)]
        if result.suppressed or sides is None or None in sides or (result.estimate.n and result.estimate.value is None):
            has_hidden = True
            continue
        found.append(Group(name=result.group[dimension], result=result, old=sides[0], new=sides[1]))  # type: ignore[arg-type]
    return add_up(found, both, has_hidden=has_hidden)


def add_up(found: list[Group], whole: Sequence[Stratum | None], *, has_hidden: bool) -> list[Group] | Message:
    """The groups with those that are not shown as one, so that they add up to the whole (before, after); else why they do not."""
    old, new = whole
    rest = [
        None if all_ is None else _less(all_, [getattr(one, side) for one in found])
        for all_, side in ((old, "old"), (new, "new"))
    ]
    if rest[0] is None or rest[1] is None:
        return Message("why-overlap")
    if any(one is not None and (one.n or one.total) for one in rest):
        if not has_hidden:
            return Message("why-overlap")
        found = [*found, Group(name=None, result=None, old=rest[0], new=rest[1])]
    return found if len(found) > 1 else Message("why-one-segment")


def _before(result: KpiResult, engine: Engine, kpi: Kpi, dimension: str, query: Query) -> Estimate | None:
    """A group's baseline; empty where it had no rows, None where it is not shown."""
    if result.baseline is not None:
        return result.baseline
    if result.suppressed or query.baseline is None:
        return None
    cell = Cell(period=query.baseline, dimension=dimension, group=result.group[dimension])
    found = average(engine, kpi, cell, query.baseline.steps_like(query.period), query.baseline)
    return None if found.n else EMPTY


def _less(whole: Stratum, parts: Sequence[Stratum]) -> Stratum | None:
    """What is left of a whole; None where the parts are more than it, so that some rows are in two of them."""
    left = []
    for attribute in ("n", "total", "squares"):
        all_, some = getattr(whole, attribute), math.fsum(getattr(one, attribute) for one in parts)
        scale = max(abs(all_), math.fsum(abs(getattr(one, attribute)) for one in parts))
        left.append(0.0 if abs(all_ - some) <= NEAR * scale else all_ - some)
    n, total, squares = left
    return None if n < 0 or squares < 0 else Stratum(n=n, total=total, squares=squares)


def cells(query: Query) -> tuple[Cell, Cell]:
    """The whole before and after."""
    assert query.baseline is not None
    return Cell(period=query.baseline, dimension=TOTAL), Cell(period=query.period, dimension=TOTAL)
