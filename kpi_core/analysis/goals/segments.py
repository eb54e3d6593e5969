"""Where most of what is short of a target lies: the segment that is worse than the rest beyond chance, and short by most rows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kpi_core.analysis.goals.gaps import up
from kpi_core.analysis.report import Prepared, of_people
from kpi_core.analysis.targets import is_better
from kpi_core.analysis.why.periods import CANDIDATES, MOST_GROUPS, with_one_more
from kpi_core.analysis.why.within import within
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Count, Mean, NetShare, Quantile, Share, Sides, Spread, Stock
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult
from kpi_core.model.stocks_and_survival import StockAge, StockDays
from kpi_core.records import dataclass
from kpi_core.stats.p_values import two_sided_p

FEWEST = 10
"""Rows below which a segment is not looked at."""
MOST = 0.5
"""The share of a stock from which on a segment is most of it."""
EVER = Period(None, None)


@dataclass(frozen=True, kw_only=True)
class Driver:
    """The segment that most of a gap lies in.

    Attributes:
        rows: its own rows that would have had to go the other way for it to be at the target; None where they are not counted.
        of: how many rows it has.
    """

    dimension: str
    name: str
    rows: int | None
    of: int


@dataclass(frozen=True)
class _Side:
    """A mean of rows with its variance; shares and net shares are means of rows too."""

    n: float
    mean: float
    variance: float


def driver_of(prepared: Prepared, result: KpiResult, target: float) -> Driver | None:
    """The segment to begin with; None where none is worse than the rest beyond chance, all that are looked at taken together.

    A median counts by the share of its rows within the target. `result` is of all rows: a group's own target names itself. People
    are no segment.
    """
    kpi = result.kpi
    if result.group:
        return None
    if isinstance(kpi.measure, Stock) and not isinstance(kpi.measure, StockAge | StockDays):
        return _most_of(prepared, kpi)
    engine, judged, level = prepared.engine, kpi, target
    if isinstance(kpi.measure, Quantile) and kpi.better is Better.LOWER:
        judged, level = within(kpi, target), kpi.measure.at
        engine = with_one_more(prepared, judged).engine
    elif not isinstance(kpi.measure, Share | NetShare | Mean):
        return None
    whole = _side(engine.estimate(judged, Cell(period=prepared.query.period, dimension=TOTAL)))
    if whole is None:
        return None
    looked_at = [
        (dimension, name, side) for dimension, name, side in _groups(prepared, engine, judged, prepared.query.period)
    ]
    effect, found = max(result.design_effect or 1.0, 1.0), []
    for dimension, name, side in looked_at:
        p = _p(side, whole, effect)
        short = (level - side.mean) * side.n * (1 if judged.better is Better.HIGHER else -1)
        rest = (whole.mean * whole.n - side.mean * side.n) / (whole.n - side.n) if whole.n > side.n else side.mean
        if (
            p is not None
            and p * len(looked_at) < 1 - prepared.query.confidence
            and is_better(judged, rest, side.mean)
            and short > 0
        ):
            found.append((short, dimension, name, side.n))
    if not found:
        return None
    short, dimension, name, n = max(found, key=lambda one: one[0])
    is_counted = not (isinstance(kpi.measure, Mean) and kpi.unit is not Unit.SCORE)
    return Driver(dimension=dimension, name=name, rows=up(short) if is_counted else None, of=round(n))


def worsened_most(prepared: Prepared, result: KpiResult, now: Period, before: Period) -> Driver | None:
    """The segment that most of a change for the worse between two periods lies in; None where none worsened more than the rest beyond chance.

    Its own change is asked for, so that one that was always worse than the rest is none (beside that of the rest,
    two-sided z, all that are looked at taken together). A median counts by the share of its rows within what it was. Of a stock it is who holds most of it.
    """
    kpi = result.kpi
    if result.group:
        return None
    if isinstance(kpi.measure, Stock) and not isinstance(kpi.measure, StockAge | StockDays):
        return _most_of(prepared, kpi)
    engine, judged = prepared.engine, kpi
    was = engine.estimate(kpi, Cell(period=before, dimension=TOTAL)).value
    if isinstance(kpi.measure, Quantile) and kpi.better is Better.LOWER and was is not None:
        judged = within(kpi, was)
        engine = with_one_more(prepared, judged).engine
    elif not isinstance(kpi.measure, Share | NetShare | Mean):
        return None
    wholes = [_side(engine.estimate(judged, Cell(period=one, dimension=TOTAL))) for one in (now, before)]
    effect, found, looked_at = max(result.design_effect or 1.0, 1.0), [], 0
    for dimension, name, side in _groups(prepared, engine, judged, now):
        then = _side(engine.estimate(judged, Cell(period=before, dimension=dimension, group=name)))
        if then is None or then.n < FEWEST:
            continue
        looked_at += 1
        moved = _moved(side, then, wholes, effect)
        worse = (then.mean - side.mean) * side.n * (1 if judged.better is Better.HIGHER else -1)
        if moved is not None and worse > 0 and (moved[0] < 0) is (judged.better is Better.HIGHER):
            found.append((moved[1], worse, dimension, name, side.n))
    sure = [
        (worse, dimension, name, n)
        for p, worse, dimension, name, n in found
        if p * looked_at < 1 - prepared.query.confidence
    ]
    if not sure:
        return None
    worse, dimension, name, n = max(sure)
    is_counted = not (isinstance(kpi.measure, Mean) and kpi.unit is not Unit.SCORE)
    return Driver(dimension=dimension, name=name, rows=up(worse) if is_counted else None, of=round(n))


def _moved(now: _Side, then: _Side, wholes: Sequence[_Side | None], effect: float) -> tuple[float, float] | None:
    """By how much more a segment's mean went up than that of the rest, and how often chance brings as much; None without a rest."""
    rests = [_rest(whole, side) for whole, side in zip(wholes, (now, then), strict=True)]
    if any(one is None for one in rests):
        return None
    (rest_now, rest_then) = (one for one in rests if one is not None)
    more = (now.mean - then.mean) - (rest_now.mean - rest_then.mean)
    variance = sum(one.variance / one.n for one in (now, then, rest_now, rest_then))
    return (more, two_sided_p(more / math.sqrt(variance * effect))) if variance > 0 else None


def _rest(whole: _Side | None, side: _Side) -> _Side | None:
    """All other rows than a segment's; None where they are too few to say anything."""
    if whole is None or whole.n - side.n < FEWEST:
        return None
    n = whole.n - side.n
    mean = (whole.mean * whole.n - side.mean * side.n) / n
    squares = (whole.variance + whole.mean**2) * whole.n - (side.variance + side.mean**2) * side.n
    return _Side(n, mean, max(squares / n - mean**2, 0.0))


def _groups(prepared: Prepared, engine: Engine, kpi: Kpi, period: Period) -> Iterator[tuple[str, str, _Side]]:
    """The segments that are looked at: of the usual dimensions, with rows enough, none of them a person."""
    is_private = of_people(prepared)
    for dimension in _dimensions(engine.dimensions):
        groups = engine.groups(kpi, dimension)
        if not 2 <= len(groups) <= MOST_GROUPS:
            continue
        for group in groups:
            if group is None or is_private(dimension, group):
                continue
            side = _side(engine.estimate(kpi, Cell(period=period, dimension=dimension, group=group)))
            if side is not None and side.n >= FEWEST:
                yield dimension, group, side


def _dimensions(known: Sequence[str]) -> list[str]:
    return [one for one in CANDIDATES if one in known]


def _side(estimate: Estimate) -> _Side | None:
    """An estimate as a mean of rows; None where it is none."""
    value, n, parts = estimate.value, estimate.n, estimate.parts
    if value is None or n < 2:
        return None
    match parts:
        case Spread():
            return _Side(n, value, parts.deviation**2)
        case Sides():
            return _Side(n, value, (parts.plus + parts.minus) / n - value**2)
    return None if parts.fraction is None else _Side(parts.fraction[1], value, value * (1 - value))


def _p(side: _Side, whole: _Side, effect: float) -> float | None:
    """How often chance alone would make a segment as unlike the rest (two-sided z on the pooled variance); None without a rest."""
    others = whole.n - side.n
    if others < FEWEST or whole.variance <= 0:
        return None
    rest = (whole.mean * whole.n - side.mean * side.n) / others
    error = math.sqrt(whole.variance * effect * (1 / side.n + 1 / others))
    return two_sided_p((side.mean - rest) / error)


def _most_of(prepared: Prepared, kpi: Kpi) -> Driver | None:
    """The segment that holds more than half of what lies open, and more than its share of all rows beyond chance."""
    period, engine = prepared.query.period, prepared.engine
    whole = engine.estimate(kpi, Cell(period=period, dimension=TOTAL)).value
    opened = _opened(kpi)
    all_rows = with_one_more(prepared, opened).engine
    rows = all_rows.estimate(opened, Cell(period=EVER, dimension=TOTAL)).value
    if not whole or not rows or kpi.better is not Better.LOWER:
        return None
    is_private = of_people(prepared)
    looked_at, found = 0, []
    for dimension in _dimensions(engine.dimensions):
        groups = engine.groups(kpi, dimension)
        if not 3 <= len(groups) <= MOST_GROUPS:
            continue
        for group in groups:
            if group is None or is_private(dimension, group):
                continue
            looked_at += 1
            amount = engine.estimate(kpi, Cell(period=period, dimension=dimension, group=group)).value or 0.0
            if amount <= MOST * whole:
                continue
            among = (all_rows.estimate(opened, Cell(period=EVER, dimension=dimension, group=group)).value or 0.0) / rows
            if amount / whole > among:
                found.append((_p_of_share(amount / whole, among, whole), amount, dimension, group))
    sure = [(amount, dimension, group) for p, amount, dimension, group in found if p * looked_at < 1 - prepared.query.confidence]  # fmt: skip
    if not sure:
        return None
    amount, dimension, name = max(sure)
    return Driver(dimension=dimension, name=name, rows=round(amount), of=round(whole))


def _opened(kpi: Kpi) -> Kpi:
    """All rows that were ever opened, of which a stock is what is left."""
    assert isinstance(kpi.measure, Stock)
    return replace(kpi, name=f"{kpi.name}_opened", measure=Count(kpi.measure.opened.is_not_null()), variant_of=kpi.name)


def _p_of_share(share: float, among: float, n: float) -> float:
    """How often chance alone would bring a share of `n` rows as unlike the share of all rows (two-sided z)."""
    return two_sided_p((share - among) / math.sqrt(among * (1 - among) / n)) if 0 < among < 1 else 1.0
