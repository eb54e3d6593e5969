"""Times with unfinished cases among them, one segment's against another's: the log-rank test, as far as days that vary together allow."""

import math
from dataclasses import replace

from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Answer, Change
from kpi_core.model.stocks_and_survival import Survival, SurvivalShare
from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.survival import log_rank


@dataclass(frozen=True, kw_only=True)
class Outlasting:
    """Whether cases end later on one side than on the other: the p-value, and whether the figure is higher for it."""

    p: float
    rises: bool


def outlasting(
    kpi: Kpi, sides: tuple[Engine, Engine], cells: tuple[Cell, Cell], effect: float, freedom: float
) -> Outlasting | None:
    """The log-rank test of a survival figure's cases; None where no age is left at which both sides have cases enough.

    Args:
        kpi: the figure.
        sides: whose cases they are, those of the new side first; `cells` are where they are found.
        effect: the design effect that the variance of independent cases is multiplied by.
        freedom: of Student's t, by which the test is judged.
    """
    assert isinstance(kpi.measure, Survival)
    new, old = (engine.watches(kpi.table, kpi.measure).seen(cell) for engine, cell in zip(sides, cells, strict=True))
    found = log_rank(new, old)
    if found is None:
        return None
    p = student_t.two_sided(found.z / math.sqrt(max(effect, 1.0)), freedom)
    return Outlasting(p=p, rises=found.is_later is not isinstance(kpi.measure, SurvivalShare))


def judged(change: Change, found: Outlasting, alpha: float) -> Change:
    """The difference of two figures, judged by the test of all their cases.

    Its interval is shown with the test only where both say the same of no difference at all: that of two medians is another question.
    """
    low, high = change.low, change.high
    is_apart = low is not None and high is not None and (low > 0 or high < 0)
    agrees = is_apart is (found.p < alpha)
    answer = replace(change.answer, p=found.p, rises=found.rises) if change.answer else None
    return replace(
        change, p=found.p, low=low if agrees else None, high=high if agrees else None, answer=answer,
        rises=found.rises if change.value is None else None, is_small=change.is_small and agrees,
    )  # fmt: skip


def without_bounds(kpi: Kpi, found: Outlasting, rows: float) -> Change:
    """The difference where a figure of either side is not reached: which way the cases of both differ is known all the same."""
    answer = Answer(question=kpi.name, p=found.p, rises=found.rises)
    return Change(value=None, p=found.p, rises=found.rises, answer=answer, rows=rows)
