"""A change of times as the factor by which they are longer, all of them together."""

import math
from collections.abc import Sequence
from dataclasses import field
from typing import NamedTuple

from kpi_core.analysis.changes.scaled_changes import ScaledChange, within
from kpi_core.engine.ranks import Ranks
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.stocks_and_survival import Survived
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Judgement, factor_less_one
from kpi_core.stats.intervals import square_and_add

CELLS = 4096
"""Stretches between the two farthest factors of times; within one, mean ranks are taken as straight."""
AS_OPEN = 0.05
"""How much the shares of tickets still open may differ for the times of the resolved ones to speak for all."""
FAR_WIDER = 3.0
"""How many times as wide as the bounds of all times together those of a quantile are where it lies between two modes; of one mode, hardly twice."""
FARTHEST = 7.0
"""The logarithm of a factor beyond which times have no bound."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scaled:
    """The mean ranks of some times with a factor taken out of them, by the factor's place among `CELLS`; each found once.

    The larger the factor, the lower the mean rank.
    """

    ranks: Ranks
    times: Sequence[float]
    _found: dict[int, float] = field(default_factory=dict)

    def at(self, place: int) -> float:
        """The mean rank at a place."""
        if place not in self._found:
            self._found[place] = self.ranks.mean_rank(self.times, math.exp(-_log(place)))
        return self._found[place]

    def factor(self, wanted: float) -> float | None:
        """The logarithm of the factor that leaves a mean rank; None beyond the farthest."""
        low, high = 0, CELLS
        if not self.at(high) < wanted < self.at(low):
            return None
        # What is known narrows it down. Mean ranks are nearly a logistic curve, so that a straight line through their log odds is
        # a good guess, and the place that many cells further to the other side often closes in on it.
        low = max(place for place, rank in self._found.items() if rank > wanted)
        high = min(place for place, rank in self._found.items() if rank <= wanted)
        while (width := high - low) > 1:
            above, below, aim = (_log_odds(rank) for rank in (self.at(low), self.at(high), wanted))
            guess = low + (above - aim) / (above - below) * width if above > below else (low + high) / 2
            for place in (math.floor(guess), math.floor(guess) + 1):
                if low < place < high:
                    low, high = (place, high) if self.at(place) > wanted else (low, place)
            if 2 * (high - low) > width and high - low > 1:
                place = (low + high) // 2
                low, high = (place, high) if self.at(place) > wanted else (low, place)
        above, below = self.at(low), self.at(high)
        return _log(low) + (_log(high) - _log(low)) * (above - wanted) / (above - below)


def _log_odds(rank: float) -> float:
    """The logarithm of the odds of a mean rank, kept from the ends where it has none."""
    inside = min(max(rank, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def _log(place: int) -> float:
    """The logarithm of the factor at a place."""
    return FARTHEST * (2 * place / CELLS - 1)


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
    scaled = _Scaled(ranks=ranks, times=times)
    level = scaled.at(CELLS // 2)  # the factor is 1 there

    def unit(bound: float) -> float | None:
        found = scaled.factor(level - bound)
        return None if found is None else old * factor_less_one(found)

    def is_near(bound: float) -> bool:
        found = scaled.factor(level - bound)
        return found is not None and abs(factor_less_one(found)) <= kpi.worth_knowing

    return ScaledChange(tested=tested, unit=unit, is_small=within(tested, confidence, is_near))


class OwnFigure(NamedTuple):
    """A quantile's own change next to the test of all times: its bounds, and what the test says of it.

    Attributes:
        bounds: of the difference of the two quantiles, in seconds; None where a side has none.
        is_small: whether it is unchanged, for all that the test and the figure itself say.
        is_crossed: whether the figure moved as the test says that times did not.
        is_wide: whether the difference is far less sure than that of all times together, as where a median lies between two modes.
    """

    bounds: tuple[float | None, float | None]
    is_small: bool
    is_crossed: bool
    is_wide: bool


def own_bounds(new: Estimate, old: Estimate) -> tuple[float | None, float | None]:
    """Bounds of the difference of two quantiles, in seconds: square-and-add of their own order statistics, as far apart as their days ask for."""
    if None in (new.value, new.low, new.high, old.value, old.low, old.high):
        return None, None
    return square_and_add(new.value, new.low, new.high, old.value, old.low, old.high)  # type: ignore[arg-type]


def own_figure(
    value: float,
    of_all: tuple[float | None, float | None],
    own: tuple[float | None, float | None],
    margin: float,
    *,
    is_small: bool,
) -> OwnFigure:
    """The change of a quantile, where all times together may move one way and it the other, or further.

    Of times with two modes, or in whole days, a median may leap from one to the other: the bounds of what all times changed by are none
    of its own, and that they hardly changed does not say that it did not.

    Args:
        value: the difference of the two quantiles, in seconds as all that follow.
        of_all: bounds of what all times changed by.
        own: bounds of the difference itself.
        margin: the change worth knowing.
        is_small: whether all times changed by less than that.
    """
    low, high = of_all
    is_outside = low is not None and high is not None and not low <= value <= high
    is_far = abs(value) > margin
    is_wide = (
        own[0] is not None and own[1] is not None and low is not None and high is not None
        and own[1] - own[0] > FAR_WIDER * max(high - low, margin)
    )  # fmt: skip
    return OwnFigure(
        bounds=own,
        is_small=is_small and not is_far and not is_outside and not is_wide,
        is_crossed=is_outside or (is_small and is_far),
        is_wide=is_wide,
    )


def are_as_open(new: Estimate, old: Estimate) -> bool:
    """Whether about as large a share of the tickets is still open in either period, where a figure counts those too."""
    shares = [
        side.parts.unfinished / max(side.parts.unfinished + side.parts.finished, 1)
        for side in (new, old)
        if isinstance(side.parts, Survived)
    ]
    return len(shares) < 2 or abs(shares[0] - shares[1]) <= AS_OPEN
