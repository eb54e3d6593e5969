"""How much more the days of a desk vary together than rows that know nothing of each other.

Busy days come in a row and the tickets of one day share its luck, so two months differ by more than chance alone. The
part of that which a month-against-month comparison sees is the slow one: the spectrum of the daily residuals at its
lowest frequencies, which equally weighted cosines estimate (Lazarus, Lewis, Stock & Watson 2018). Its ratio to what
independent rows would give is the *design effect*.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from operator import add, mul, sub

from kpi_core.records import dataclass

DAYS_A_WAVE = 12.67
"""Days of history for each cosine used: the shortest wave is then some 24 days long, whatever the history."""
FEWEST_WAVES = 4
LONG = 180
"""Days of history from which a design effect of no more than 1 is taken as exact."""


@dataclass(frozen=True, kw_only=True)
class LongRun:
    """The design effect of some daily residuals, and of how many cosines it is the mean; below 1 it is no gain."""

    effect: float
    waves: int
    days: int

    def freedom(self, used: float) -> float:
        """The degrees of freedom of a test with `used` as its design effect: no end of them at the floor of a long history."""
        return math.inf if used <= 1 and self.days >= LONG else self.waves


def long_run(residuals: Sequence[float], variances: Sequence[float]) -> LongRun:
    """The design effect of daily residuals.

    Args:
        residuals: each day's sum less what was expected; every day of the history in order.
        variances: what the variance of each of them would be if rows were independent.
    """
    days = len(residuals)
    waves = max(FEWEST_WAVES, round(days / DAYS_A_WAVE))
    usual = math.fsum(variances) / days
    if usual <= 0:
        return LongRun(effect=1.0, waves=waves, days=days)
    folded = _folded(residuals)
    found = math.fsum(
        sum(map(mul, cosine, folded[wave % 2])) ** 2 for wave, cosine in enumerate(_cosines(days, waves), start=2)
    )
    return LongRun(effect=found / waves / usual, waves=waves, days=days)


def _folded(residuals: Sequence[float]) -> tuple[list[float], list[float]]:
    """The first half of some days with the second laid over it from the end: added to it, and taken from it.

    A cosine of an even number of half waves is the same from either end, one of an odd number its opposite: the half then gives the whole.
    """
    half = (len(residuals) + 1) // 2
    first, second = residuals[:half], residuals[::-1][:half]
    even, odd = list(map(add, first, second)), list(map(sub, first, second))
    if len(residuals) % 2:  # the day in the middle is its own counterpart
        even[-1] = first[-1]
    return even, odd


@lru_cache(maxsize=64)
def _cosines(days: int, waves: int) -> tuple[tuple[float, ...], ...]:
    """The first half of the cosines of the type II transform from the second on: the first is a drift over the whole history, left out."""
    scale = math.sqrt(2 / days)
    return tuple(
        tuple(scale * math.cos(math.pi * wave * (day + 0.5) / days) for day in range((days + 1) // 2))
        for wave in range(2, waves + 2)
    )
