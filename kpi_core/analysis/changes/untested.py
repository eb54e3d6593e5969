"""Changes that have no test: why, or that there is none worth knowing.

Of some ratios one side is counted and not sampled. A bill is what it is, and agents who have many tickets each are there whether or not chance is
kind: what is left to vary is the number of tickets. How much agents or bills themselves vary, no day shows, so that nothing is ever called better or
worse by this; but that such a ratio has stayed the same can be shown.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.changes.customer_changes import are_apart
from kpi_core.analysis.changes.histories import Histories
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries
from kpi_core.engine.plan import leaves, sides, whole
from kpi_core.engine.state_cache import home
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import (
    Count,
    Distinct,
    Index,
    Kept,
    Mean,
    NetShare,
    Part,
    Quantile,
    Ratio,
    Repeated,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.periods import Period
from kpi_core.model.report import Change
from kpi_core.stats.contrasts import FEWEST_DAYS, FEWEST_ROWS, Judgement, count_change, factor_less_one

FEW = Message("not-tested-few", days=FEWEST_DAYS, rows=FEWEST_ROWS)
HEADS = Message("not-tested-heads")
MOMENT = Message("not-tested-moment")
MONTHS = Message("not-tested-months")
TAIL = Message("not-tested-tail")
CURVE = Message("not-tested-curve")
SHARED = Message("not-tested-shared")
ALIKE = Message("not-tested-alike")
FEW_CUSTOMERS = Message("not-tested-few-customers", rows=FEWEST_ROWS)
FEW_LOST = Message("not-tested-few-lost", rows=FEWEST_ROWS)
SAME = Message("tested-for-the-same")


def reason(
    kpi: Kpi, new: Estimate, old: Estimate, *, is_alone: bool, is_coarse: bool, is_long: bool = False
) -> Message:
    """Why a KPI's change is not tested.

    Args:
        kpi: whose it is.
        new: what it is in the period.
        old: what it was.
        is_alone: whether no other KPI answers its question.
        is_coarse: whether an amount in it is known by the month alone.
        is_long: whether there is history enough to show how its days vary.
    """
    match kpi.measure:
        case Repeated():
            return FEW_CUSTOMERS if are_apart(new, old) else SHARED
        case Kept():
            return FEW_LOST
        case Stock():
            return MOMENT
        case Survival() if is_alone:
            return CURVE
        case Quantile() if is_alone and kpi.measure.at != 0.5:
            return TAIL
    if is_coarse:
        return MONTHS
    if is_long and isinstance(kpi.measure, Mean | Index | NetShare | Quantile | Survival) and _are_alike(new, old):
        return ALIKE
    return HEADS if any(isinstance(leaf.measure, Distinct) for leaf in leaves(kpi)) else FEW


def _are_alike(new: Estimate, old: Estimate) -> bool:
    """Whether enough rows on each side came to the same value, so that it can only be that none of them differ."""
    return new.value == old.value and min(new.n, old.n) >= FEWEST_ROWS


def unchanged(
    kpi: Kpi, cell: Cell, values: tuple[Estimate, Estimate], confidence: float,
    days: tuple[DaySeries, Histories], engine: Engine, steps: Sequence[Period],
) -> Change | None:  # fmt: skip
    """The change of such a ratio of all rows where it is none worth knowing; None where that is unknown, and of groups.

    The interval of two one-sided tests (90 % where the report's is 95 %) must lie within what is worth knowing, by what the number of tickets
    varies. `values` are those of the period and of the baseline, `steps` what the baseline is made of.
    """
    new, old = (one.value for one in values)
    if cell.dimension != TOTAL or not isinstance(kpi.measure, Ratio) or not new or not old or new < 0 or old < 0:
        return None
    tested = _tested(kpi, cell, math.log(new / old), days, engine, steps)
    if tested is None:
        return None
    near = tested.bounds(2 * confidence - 1)
    if any(abs(factor_less_one(bound)) > kpi.worth_knowing for bound in near):
        return None
    expected = new * math.exp(-tested.difference)
    low, high = (expected * factor_less_one(bound) for bound in tested.bounds(confidence))
    return Change(value=new - old, low=low, high=high, calendar=expected - old, is_small=True, note=SAME)


def _tested(
    kpi: Kpi, cell: Cell, moved: float, days: tuple[DaySeries, Histories], engine: Engine, steps: Sequence[Period]
) -> Judgement | None:
    """The change of such a ratio as a logarithm (`moved` as it is printed), with the error of the number of tickets alone."""
    first, second = sides(whole(kpi))
    if isinstance(first.measure, Count) and isinstance(second.measure, Distinct):
        period = days[1].period
        tested, more = _count(first, cell, *days), more_heads(engine, second, cell, period, steps)
        if tested is None or more is None or not _are_many(engine, second, (period, *steps)):
            return None
        return replace(tested, difference=tested.difference - more)
    if isinstance(first.measure, Sum) and first.measure.coarse() is not None and isinstance(second.measure, Count):
        tested = _count(second, cell, *days)
        return None if tested is None else replace(tested, difference=moved)
    return None


def _count(part: Part, cell: Cell, series: DaySeries, histories: Histories) -> Judgement | None:
    """The change of a count with its error; None where there is no history to estimate it from."""
    if (span := histories.span(part)) is None:
        return None
    found = count_change(series.sums(part, cell, span).tops, histories.history(span))
    return None if found is None else found.tested()


def more_heads(engine: Engine, heads: Part, cell: Cell, period: Period, steps: Sequence[Period]) -> float | None:
    """The logarithm of how many times as many there are as in the mean of the baseline's steps; None where there are none."""
    now = engine.part(heads, replace(cell, period=period)).value
    then = math.fsum(engine.part(heads, replace(cell, period=step)).value or 0.0 for step in steps) / len(steps)
    return math.log(now / then) if now and then else None


def _are_many(engine: Engine, heads: Part, periods: Sequence[Period]) -> bool:
    """Whether each of those that are counted has so many rows in each period that it is there by more than chance."""
    table, dated_by = home(heads)
    days = engine.tables[table].frame.lazy().select(head=heads.measure.facts()[0], day=engine.day(table, dated_by))
    counted = days.drop_nulls().group_by("head", "day").len().collect(engine="streaming")
    for period in periods:
        inside = counted.filter(pl.col("day").is_between(pl.lit(period.start), pl.lit(period.end), closed="left"))
        fewest = inside.group_by("head").agg(pl.col("len").sum())["len"].min()
        if not isinstance(fewest, int) or fewest < FEWEST_ROWS:
            return False
    return True
