"""Segments of those asked and of those who answered: do they answer alike, and what would a share be if they did.

Pearson's χ² separates chance from unevenness, the shift how much it matters, post-stratification what it does to a figure.
"""

import math
from collections.abc import Callable, Sequence

from kpi_core.records import dataclass
from kpi_core.stats import intervals
from kpi_core.stats.p_values import chi_square_tail

EXPECTED = 5
"""Fewest answers, and fewest silences, that a segment must be expected to have: smaller ones are taken together."""
RATED = 10
"""Fewest ratings from which a segment stands for itself: smaller ones are taken together."""
UNRATED = 0.1
"""The share of those asked that may be in segments nobody rated before no figure is given for the whole."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One segment: how many were asked and answered, and, of those who rated, how many are satisfied."""

    name: str
    asked: int
    answered: int
    rated: int = 0
    satisfied: int = 0

    def __add__(self, other: "Segment") -> "Segment":
        return Segment(name=OTHERS, asked=self.asked + other.asked, answered=self.answered + other.answered,
                       rated=self.rated + other.rated, satisfied=self.satisfied + other.satisfied)  # fmt: skip


OTHERS = "others"


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """A share (0..1) with its interval, and the ratings `n` that it rests on."""

    value: float
    n: int
    low: float
    high: float


def large(segments: Sequence[Segment]) -> list[Segment]:
    """The segments that are large enough to be compared, the small ones as one where together they are."""
    asked, answered = sum(one.asked for one in segments), sum(one.answered for one in segments)
    rarer = min(answered, asked - answered) / asked if asked else 0.0

    def is_large(one: Segment) -> bool:
        return one.asked * rarer >= EXPECTED

    return [one for one in _gathered(segments, is_large) if is_large(one)]


def p_of_evenness(segments: Sequence[Segment]) -> float | None:
    """How often segments that answer alike would differ as much: Pearson's χ²; None where there are not two to compare."""
    compared = large(segments)
    if len(compared) < 2:
        return None
    asked, answered = sum(one.asked for one in compared), sum(one.answered for one in compared)
    rate = answered / asked
    statistic = math.fsum((one.answered - one.asked * rate) ** 2 / (one.asked * rate * (1 - rate)) for one in compared)
    return chi_square_tail(statistic, len(compared) - 1)


def shift(segments: Sequence[Segment]) -> float:
    """The share of the answers that lie in other segments than those asked do (0 alike, 1 apart): Duncan's index.

    Over the segments of `large`, since chance alone spreads small ones unevenly.
    """
    compared = large(segments)
    asked, answered = sum(one.asked for one in compared), sum(one.answered for one in compared)
    if not answered:
        return 0.0
    return math.fsum(abs(one.answered / answered - one.asked / asked) for one in compared) / 2


def weighted_share(segments: Sequence[Segment], confidence: float) -> Weighted | None:
    """The share satisfied with each segment weighing what it does among those asked, and its interval.

    The bounds add Wilson's of each segment in squares (MOVER; Zou, Huang & Zhang 2009). None where fewer than two
    segments can be distinguished, or too many of those asked are in segments that nobody rated.
    """
    groups = _gathered(segments, lambda one: one.rated >= RATED)
    asked = sum(one.asked for one in groups)
    rated = [one for one in groups if one.rated and one.asked]
    reached = sum(one.asked for one in rated)
    if len(rated) < 2 or reached < (1 - UNRATED) * asked:
        return None
    value = below = above = 0.0
    for one in rated:
        weight, share = one.asked / reached, one.satisfied / one.rated
        low, high = intervals.wilson(one.satisfied, one.rated, confidence)
        value += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    n = sum(one.rated for one in rated)
    return Weighted(value=value, n=n, low=max(value - math.sqrt(below), 0.0), high=min(value + math.sqrt(above), 1.0))


def _gathered(segments: Sequence[Segment], is_large: Callable[[Segment], bool]) -> list[Segment]:
    """The large segments, and the small ones as one."""
    small = [one for one in segments if not is_large(one)]
    rest = [sum(small[1:], small[0])] if small else []
    return [*(one for one in segments if is_large(one)), *rest]
