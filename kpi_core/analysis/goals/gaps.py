"""What is short of a target: by how much, and how many tickets, answers or customers would have had to go the other way."""

import math

from kpi_core.analysis.goals.answer import Gap
from kpi_core.analysis.report import Prepared
from kpi_core.analysis.targets import is_better
from kpi_core.analysis.why.periods import with_one_more
from kpi_core.analysis.why.within import within
from kpi_core.engine.cells import Cell
from kpi_core.messages import nouns
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Count, Difference, Distinct, Mean, NetShare, Quantile, Ratio, Repeated, Share, Stock
from kpi_core.model.stocks_and_survival import Kept, StockAge, StockDays

NEARLY = 1e-9
"""What a number of rows may lie beyond a whole one by rounding."""


def gap_of(prepared: Prepared, kpi: Kpi, estimate: Estimate, target: float, cell: Cell) -> Gap | None:
    """What the estimate of a cell is short of a target; None where it is not on the wrong side, or has no value."""
    value = estimate.value
    if value is None or kpi.better is Better.NEITHER or value == target or is_better(kpi, value, target):
        return None
    short = abs(target - value)
    measure, n = kpi.measure, estimate.n
    fraction = estimate.parts.fraction
    match measure:
        case Share() | Kept() | Repeated() if fraction is not None:
            k, of = fraction
            rows = shared(k, of, target, higher=kpi.better is Better.HIGHER)
            return Gap(
                value=short, rows=rows, message=Message("gap-the-other-way", rows=rows, of=counted(kpi, round(of)))
            )
        case NetShare():
            rows = up(short * n)
            return Gap(value=short, rows=rows, message=Message("gap-one-group", rows=rows, of=counted(kpi, n)))
        case Quantile() if kpi.better is Better.LOWER:
            rows = _within(prepared, kpi, target, cell)
            return Gap(value=short, rows=rows, message=Message("gap-within", rows=rows, of=counted(kpi, n)))
        case StockAge() | StockDays():
            return Gap(value=short)
        case Stock() | Distinct() | Count() | Difference():
            rows = up(short)
            if kpi.better is Better.LOWER:
                return Gap(value=short, rows=rows, message=Message("gap-fewer", rows=counted(kpi, rows)))
            return Gap(value=short, rows=rows, message=Message("gap-more", rows=counted(kpi, rows)))
        case Mean() if kpi.unit is Unit.SCORE:
            rows = up(short * n)
            return Gap(value=short, rows=rows, message=Message("gap-one-mark", rows=rows, of=counted(kpi, n)))
        case Ratio() if fraction is not None and target > 0:
            return _of_ratio(kpi, measure, fraction, target, short)
    return Gap(value=short)


def _of_ratio(kpi: Kpi, measure: Ratio, fraction: tuple[float, float], target: float, short: float) -> Gap:
    """What is short in rows of the side that is counted: more customers for the same cost, more tickets resolved."""
    above, below = fraction
    if kpi.unit is Unit.MONEY and kpi.better is Better.LOWER:
        rows = up(above / target - below)
        counted_rows = nouns.counted(measure.second.table or kpi.table, rows)
        return Gap(value=short, rows=rows, message=Message("gap-at-the-same-cost", rows=counted_rows))
    if not isinstance(measure.first.measure, Count):
        return Gap(value=short)
    rows = shared(above, below, target, higher=kpi.better is Better.HIGHER)
    counted_rows = nouns.counted(measure.first.table or kpi.table, rows)
    more = (
        Message("gap-more", rows=counted_rows)
        if kpi.better is Better.HIGHER
        else Message("gap-fewer", rows=counted_rows)
    )
    return Gap(value=short, rows=rows, message=more)


def counted(kpi: Kpi, count: int) -> Message:
    """So many rows of a KPI's table; of orders the KPI is about customers."""
    return nouns.counted("customers" if isinstance(kpi.measure, Distinct) else kpi.table, count)


def shared(k: float, of: float, target: float, *, higher: bool) -> int:
    """How many of the rows of a share would have had to count, or not to count, for it to reach a target."""
    return up(target * of - k) if higher else up(k - target * of)


def up(rows: float) -> int:
    """A number of rows, upwards to a whole one; none below 0."""
    return max(math.ceil(rows - NEARLY * max(abs(rows), 1.0)), 0)


def _within(prepared: Prepared, kpi: Kpi, target: float, cell: Cell) -> int:
    """How many of the rows beyond a target would have had to be within it for the quantile to be.

    Of n rows in order the quantile lies between those at ⌊(n − 1)·q⌋ and ⌈(n − 1)·q⌉ (type 7): the latter has to be within.
    """
    measure = kpi.measure
    assert isinstance(measure, Quantile)
    share = within(kpi, target)
    fraction = with_one_more(prepared, share).engine.estimate(share, cell).parts.fraction
    k, of = fraction if fraction is not None else (0.0, 0.0)
    return max(math.ceil((of - 1) * measure.at - NEARLY) + 1 - round(k), 0)
