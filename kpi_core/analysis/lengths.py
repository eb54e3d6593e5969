"""Periods of different lengths: what grows with the days of a period is not compared between a month and a week."""

from collections.abc import Iterable, Iterator

from kpi_core.engine.plan import leaves, sides, whole
from kpi_core.kpi import Kpi
from kpi_core.measures import Count, Distinct, Kept, Part, Ratio, Repeated, Sum
from kpi_core.report import Consequence, Finding, Query

ALIKE = 1.25
"""How much longer one of two periods may be: months, quarters and years differ by less, in days or in workdays."""


def uneven_periods(query: Query, kpis: Iterable[Kpi]) -> Iterator[Finding]:
    """What is not compared because the period and its baseline differ in length."""
    own, other = query.period, query.baseline
    if other is None or not own.days or not other.days:
        return
    each = other.days / len(other.steps_like(own))  # of several periods the mean one counts
    if max(own.days, each) <= ALIKE * min(own.days, each):
        return
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if _grows(kpi)))
    if names:
        text = f"{own.name} has {own.days} days and {other.name} has {other.days}: figures that grow with the days are not comparable"
        yield Finding(code="uneven-periods", text=text, kpis=names, consequence=Consequence.NO_VERDICT)


def _grows(kpi: Kpi) -> bool:
    """Whether a KPI's value depends on how long its period is: counts, sums, and who stayed to the end."""
    part = whole(kpi)
    if isinstance(part.measure, Ratio):
        first, second = sides(part)
        return _adds_up(first) != _adds_up(second)
    return isinstance(part.measure, Kept) or any(_is_counted(leaf) for leaf in leaves(kpi))


def _adds_up(part: Part) -> bool:
    """Whether it is added up row by row: twice the days, twice as much."""
    return isinstance(part.measure, Count | Sum)


def _is_counted(part: Part) -> bool:
    return isinstance(part.measure, Count | Sum | Distinct) and not isinstance(part.measure, Repeated)
