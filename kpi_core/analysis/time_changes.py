"""A change of times as the factor by which they are longer, all of them together."""

import math
from collections.abc import Sequence

from kpi_core.analysis.scaled_changes import ScaledChange, within
from kpi_core.contrasts import Judgement, factor_less_one
from kpi_core.engine.daily import Ranks
from kpi_core.kpi import Kpi

HALVINGS = 12
"""Steps to a factor of times, before the last stretch is taken as straight."""
FARTHEST = 7.0
"""The logarithm of a factor beyond which times have no bound."""


def of_times(
    kpi: Kpi, ranks: Ranks, times: Sequence[float], tested: Judgement, old: float, confidence: float
) -> ScaledChange:
    """The factor by which times are longer: every one that, taken out of them, leaves no more than chance between the two.

    Args:
        kpi: whose change it is.
        ranks: the history's times.
        times: those of the period, in order.
        tested: the test of their mean ranks.
        old: the value that the factor is of.
        confidence: of the two one-sided tests that say whether it is too small to matter (90 % where this is 95 %).
    """
    level = ranks.mean_rank(times)

    def factor(left: float) -> float | None:
        """The logarithm of the factor that leaves a difference of mean ranks of `tested.difference − left`."""
        wanted = level - left
        low, high = -FARTHEST, FARTHEST
        above, below = (ranks.mean_rank(times, math.exp(-end)) for end in (low, high))
        if not below < wanted < above:
            return None
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            rank = ranks.mean_rank(times, math.exp(-middle))
            if rank > wanted:
                low, above = middle, rank
            else:
                high, below = middle, rank
        return low + (high - low) * (above - wanted) / (above - below) if above > below else (low + high) / 2

    def unit(bound: float) -> float | None:
        found = factor(bound)
        return None if found is None else old * factor_less_one(found)

    def is_near(bound: float) -> bool:
        found = factor(bound)
        return found is not None and abs(factor_less_one(found)) <= kpi.worth_knowing

    return ScaledChange(tested=tested, unit=unit, is_small=within(tested, confidence, is_near))
