"""Customers who stay, leave and come back: shares of those there were, compared by themselves and not by days."""

import math
from collections.abc import Sequence
from dataclasses import replace

from kpi_core.analysis.changes.scaled_changes import ScaledChange, within, worth
from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.estimates import Estimate, Portion
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Gone, Returned
from kpi_core.model.periods import Period
from kpi_core.stats.contrasts import FEWEST_ROWS, Judgement, factor_less_one


def of_repeated(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> ScaledChange | None:
    """The share of customers who came back, where the two windows have no day in common."""
    if new.value is None or old.value is None or not are_apart(new, old) or min(new.n, old.n) < FEWEST_ROWS:
        return None
    share = (_k(new) + _k(old) + 1) / (new.n + old.n + 2)
    error = math.sqrt(share * (1 - share) * (1 / new.n + 1 / old.n))
    tested = Judgement(
        difference=new.value - old.value, error=error, freedom=math.inf, is_log=False, rows=2 / (1 / new.n + 1 / old.n)
    )
    small = within(tested, confidence, lambda bound: abs(bound) <= worth(kpi, old.value or 0.0))
    return ScaledChange(tested=tested, unit=lambda bound: bound, is_small=small)


def are_apart(new: Estimate, old: Estimate) -> bool:
    """Whether two windows have no day in common; `all` has every day."""
    both = (new.parts, old.parts)
    return isinstance(both[0], Returned) and isinstance(both[1], Returned) and both[0].is_apart_from(both[1])


def _k(side: Estimate) -> float:
    """The customers that a share counts among all there were."""
    assert isinstance(side.parts, Portion)  # of every share that has a value
    return side.parts.k


FEWEST_SPANS, MOST_SPANS = 6, 24
"""Earlier periods from which it is estimated how much their rates vary, and how many are looked at."""


def earlier(engine: Engine, kpi: Kpi, cell: Cell, last: Period) -> list[tuple[Estimate, float]]:
    """A KPI in the periods up to the `last` of them, each with its days, as far back as the files reach."""
    first = min((first for first, _ in engine.covered.values()), default=None)
    found: list[tuple[Estimate, float]] = []
    step: Period | None = last
    while first is not None and len(found) < MOST_SPANS and step is not None and step.start and step.start >= first:
        found.append((engine.estimate(kpi, replace(cell, period=step)), float(step.days or 0)))
        step = step.before()
    return found


def variation(kpi: Kpi, earlier: Sequence[tuple[Estimate, float]]) -> tuple[float, float]:
    """How many times the variance of chance the rates of earlier periods vary by (Pearson's χ² ÷ its degrees of freedom), and these degrees.

    1 and no end of them where there are too few to know, or where they vary by no more than chance. `earlier` are the estimates with
    their days.
    """
    is_gone = isinstance(kpi.measure, Gone)
    usable = [(one, days) for one, days in earlier if one.n and one.value is not None and days]
    if len(usable) < FEWEST_SPANS:
        return 1.0, math.inf
    gone = [_k(one) if is_gone else one.n - _k(one) for one, _ in usable]
    room = [one.n * days for one, days in usable]
    rate = math.fsum(gone) / math.fsum(room)
    if not rate:
        return 1.0, math.inf
    found = math.fsum((one - rate * space) ** 2 / (rate * space) for one, space in zip(gone, room, strict=True))
    factor, freedom = found / (len(usable) - 1), float(len(usable) - 1)
    return (factor, freedom) if factor > 1 else (1.0, math.inf)


def of_kept(
    kpi: Kpi, new: Estimate, old: Estimate, days: tuple[float, float], confidence: float,
    varies: tuple[float, float] = (1.0, math.inf),
) -> ScaledChange | None:  # fmt: skip
    """Customers lost for each there was and day: their rate, as a factor; `varies` is what `variation` gives for earlier periods."""
    is_gone = isinstance(kpi.measure, Gone)
    if min(days) < 1 or new.n < 1 or old.n < 1:
        return None
    gone = [(_k(side) if is_gone else side.n - _k(side)) for side in (new, old)]
    heads = [new.n, old.n]
    if max(gone) < FEWEST_ROWS:
        return None
    half = 0.0 if min(gone) else 0.5
    rates = [(one + half) / (n * length) for one, n, length in zip(gone, heads, days, strict=True)]
    error = math.sqrt(varies[0] * math.fsum(1 / (one + half) for one in gone))
    tested = Judgement(
        difference=math.log(rates[0] / rates[1]),
        error=error,
        freedom=varies[1],
        is_log=True,
        rows=2 / (1 / heads[0] + 1 / heads[1]),
    )
    usual = rates[1] * days[0]
    sign = 1 if is_gone else -1
    small = within(
        tested, confidence, lambda bound: abs(usual * factor_less_one(bound)) <= worth(kpi, old.value or 0.0)
    )
    return ScaledChange(tested=tested, unit=lambda bound: sign * usual * factor_less_one(bound), is_small=small)


def of_kept_with_history(
    engine: Engine, kpi: Kpi, cell: Cell, last: Period, sides: tuple[Estimate, Estimate], days: tuple[float, float], confidence: float
) -> ScaledChange | None:  # fmt: skip
    """`of_kept` of the new and the old side, with how the periods up to the `last` before the current one vary."""
    return of_kept(kpi, *sides, days, confidence, variation(kpi, earlier(engine, kpi, cell, last)))
