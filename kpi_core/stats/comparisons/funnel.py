"""Shares of units of unlike size and case mix, each against what it was to expect: funnel limits, overdispersion, shrinkage.

What a unit was to expect is the rate of each kind of row among all units, weighed by the rows that it has of it (indirect
standardisation). How far chance takes it from there is known exactly once the rows and successes of each kind are given, so that
small units and rare outcomes keep the size of the limits. Spiegelhalter 2005 (Statistics in Medicine 24) for limits and
overdispersion, on his scale arcsin √share.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from statistics import NormalDist
from typing import NamedTuple

from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.p_values import chi_square_tail, z_of

LARGE = 50.0
"""The variance of a count from which the arcsine scale is as good as the exact distribution."""
NEGLIGIBLE = 1e-15
"""Probabilities that are left out of an exact distribution."""
SAME = 1e-12
"""What shares differ by that are the same."""
FARTHEST = 8.0
"""The z-score beyond which it is reported only as far out."""
WINSORISED = 0.1
"""The share of z-scores at either end that are drawn in, so that a few units that are far out do not widen the limits of all."""
KEPT = 1 - 2 * WINSORISED - 2 * 1.2815515655 * 0.1754983319 + 2 * WINSORISED * 1.2815515655**2
"""What is left of the mean square of normal scores that are so drawn in: 0.68."""
FEWEST = 10
"""Units below which the spread between units is not estimated: one that is far out would be all there is to estimate it from."""
FREEDOM, MOST_FREEDOM = 0.6, 30.0
"""Degrees of freedom a unit, and in all, that limits with overdispersion rest on: units differ by tails longer than the normal ones (tests/bench/funnel.py)."""


class Stratum(NamedTuple):
    """Rows of one kind: those of the unit with its successes, and those of all units, itself among them."""

    n: int
    good: int
    all: int
    all_good: int


class Spread(NamedTuple):
    """How much units differ beyond chance: `phi` is the mean of their squared scores, `between` the variance between them (τ²)."""

    phi: float
    between: float


def overdispersion(
    scores: Sequence[float], weights: Sequence[float], winsorised: float = WINSORISED, kept: float = 1.0
) -> Spread:
    """How much units differ beyond chance: Spiegelhalter's φ, and τ² by the moments of DerSimonian and Laird.

    Args:
        scores: z-scores against what was to expect.
        weights: one over the squared standard error of each, on the scale that τ² is to be on.
        winsorised: the share of scores at either end that are drawn in to the last one inside.
        kept: what drawing in leaves of the mean square; 1 takes φ as it is, as others do.
    """
    ordered, units = sorted(scores), len(scores)
    low, high = _quantile(ordered, winsorised), _quantile(ordered, 1 - winsorised)
    phi = math.fsum(min(max(score, low), high) ** 2 for score in scores) / units / kept
    whole = math.fsum(weights)
    room = whole - math.fsum(weight**2 for weight in weights) / whole
    return Spread(phi, max(0.0, (units * phi - (units - 1)) / room) if room > 0 else 0.0)


def _quantile(ordered: Sequence[float], at: float) -> float:
    place = at * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def spread(units: "Sequence[Unit]") -> Spread:
    """How much some units differ beyond chance, what drawing in takes away put back: without that limits would be too narrow."""
    return overdispersion([one.score for one in units], [one.weight for one in units], kept=KEPT)


def usual_spread(units: "Sequence[Unit]") -> Spread:
    """How much some units differ beyond chance as it is published: drawn in, with nothing put back.

    Where all rows are of one kind scores and weights are Spiegelhalter's own, of 1 / (2 √rows), as FunnelPlotR has them; with kinds they
    are those that allow for which rows a unit is compared with. Of units that are alike φ comes to two thirds, not to 1.
    """
    if are_of_one_kind(units):
        return overdispersion([one.plain_score for one in units], [1 / one.plain_error**2 for one in units])
    return overdispersion([one.score for one in units], [one.weight for one in units])


def are_of_one_kind(units: "Sequence[Unit]") -> bool:
    """Whether all rows of all units are compared with the same rows."""
    return len({(one.all, one.all_good) for unit in units for one in unit.strata}) == 1 and all(
        len(unit.strata) == 1 for unit in units
    )


def reach(confidence: float, between: float, units: int) -> float:
    """How many standard errors limits go to: of the normal, or of Student's t where the variance between units is estimated."""
    return z_of(confidence) if between == 0 else student_t.quantile(confidence, _freedom(units))


def _freedom(units: int) -> float:
    return min(max(FREEDOM * units, 1.0), MOST_FREEDOM)


def arcsine_limits(share: float, error: float, reached: float, between: float = 0.0) -> tuple[float, float]:
    """Limits around a share, `error` being the standard error of arcsin √share."""
    centre, width = math.asin(math.sqrt(share)), reached * math.sqrt(error**2 + between)
    return math.sin(max(centre - width, 0.0)) ** 2, math.sin(min(centre + width, math.pi / 2)) ** 2


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit's rows by kind; kinds that no other unit has rows of say nothing about it."""

    strata: Sequence[Stratum]

    @property
    def n(self) -> int:
        """All its rows."""
        return sum(one.n for one in self.strata)

    @property
    def observed(self) -> int:
        """Its successes."""
        return sum(one.good for one in self.strata)

    @property
    def expected(self) -> float:
        """The successes that all units' rates would bring it."""
        return math.fsum(one.n * one.all_good / one.all for one in self.strata if one.all)

    @cached_property
    def variance(self) -> float:
        """Of its successes by chance alone, all rows and successes of each kind given; 0 where nothing can be compared."""
        return math.fsum(
            one.n * (one.all - one.n) * one.all_good * (one.all - one.all_good) / one.all**2 / (one.all - 1)
            for one in self.strata
            if one.all > 1
        )

    @property
    def error(self) -> float:
        """The standard error of arcsin √share."""
        share = self.expected / self.n
        return math.sqrt(self.variance / (share * (1 - share))) / (2 * self.n)

    @property
    def weight(self) -> float:
        """One over the squared error."""
        return 1 / self.error**2

    @property
    def plain_error(self) -> float:
        """The standard error of arcsin √share where rows are drawn from rows without end."""
        return 1 / (2 * math.sqrt(self.n))

    @property
    def plain_score(self) -> float:
        """The z-score with that error."""
        share, expected = self.observed / self.n, self.expected / self.n
        return (math.asin(math.sqrt(share)) - math.asin(math.sqrt(expected))) / self.plain_error

    @cached_property
    def score(self) -> float:
        """The z-score of its successes: by the tail that chance leaves beyond them, half of their own probability counted in."""
        if self.variance >= LARGE:
            share, expected = self.observed / self.n, self.expected / self.n
            return (math.asin(math.sqrt(share)) - math.asin(math.sqrt(expected))) / self.error
        first, probabilities = self._distribution
        return _scores(probabilities)[min(max(self.observed - first, 0), len(probabilities) - 1)]

    def limits(self, reached: float, between: float = 0.0) -> tuple[float, float]:
        """The least and the greatest share that are not out of the ordinary; both are still inside."""
        if self.variance >= LARGE:
            return arcsine_limits(self.expected / self.n, self.error, reached, between)
        first, probabilities = self._distribution
        wide = reached * math.sqrt(1 + between * self.weight)
        inside = [place for place, score in enumerate(_scores(probabilities)) if abs(score) <= wide]
        if not inside:
            nearest = round(self.expected) / self.n
            return nearest, nearest
        return (first + inside[0]) / self.n, (first + inside[-1]) / self.n

    def p(self, between: float = 0.0, units: int = 0) -> float:
        """How often chance, and what units differ by themselves, would take it as far from what was to expect."""
        z = self.score / math.sqrt(1 + between * self.weight)
        return student_t.two_sided(z, math.inf if between == 0 else _freedom(units))

    def is_outside(self, reached: float, between: float = 0.0) -> bool:
        """Whether it lies beyond its limits."""
        return abs(self.score) > reached * math.sqrt(1 + between * self.weight)

    def shrunken(self, overall: float, between: float) -> float:
        """The share of all, moved by how far its own lies from what was expected of it (arcsine scale), less where its rows support less."""
        share, expected = self.observed / self.n, self.expected / self.n
        apart = math.asin(math.sqrt(share)) - math.asin(math.sqrt(expected))
        reliability = between / (between + self.error**2) if between else 0.0
        return math.sin(min(max(math.asin(math.sqrt(overall)) + reliability * apart, 0.0), math.pi / 2)) ** 2

    @cached_property
    def _distribution(self) -> tuple[int, list[float]]:
        """The least number of successes that is worth a probability, and the probabilities from there on."""
        first, probabilities = 0, [1.0]
        for one in self.strata:
            begin, more = _hypergeometric(one.n, one.all, one.all_good)
            first += begin
            both = [0.0] * (len(probabilities) + len(more) - 1)
            for place, probability in enumerate(probabilities):
                for further, other in enumerate(more):
                    both[place + further] += probability * other
            probabilities = both
            while len(probabilities) > 1 and probabilities[0] < NEGLIGIBLE:
                probabilities.pop(0)
                first += 1
            while len(probabilities) > 1 and probabilities[-1] < NEGLIGIBLE:
                probabilities.pop()
        return first, probabilities


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What limits allow for: nothing but chance below `FEWEST` units, else how much units differ by themselves too.

    The inner limits are those that are published. Units that differ cross them twice as often as they say, so that the outer ones,
    by which a unit is called, put back what drawing in takes away and go to Student's t (tests/bench/funnel.py).

    Attributes:
        usual: φ and τ² as they are published; `whole` with what drawing in takes away put back.
        units: how many there are.
        is_plain: whether all rows are of one kind.
    """

    usual: Spread
    whole: Spread
    units: int
    is_plain: bool

    @property
    def has_spread(self) -> bool:
        """Whether there are units enough to estimate how much they differ from."""
        return self.units >= FEWEST

    @property
    def between(self) -> float:
        """The variance between units that the outer limits allow for."""
        return self.whole.between if self.has_spread else 0.0

    def inner(self, unit: Unit, confidence: float, outer: tuple[float, float]) -> tuple[float, float]:
        """The limits as they are published, never beyond the outer ones: a unit that most rows are of has nearer ones."""
        between, reached = self.usual.between if self.has_spread else 0.0, z_of(confidence)
        if between and self.is_plain:
            low, high = arcsine_limits(unit.expected / unit.n, unit.plain_error, reached, between)
        else:
            low, high = unit.limits(reached, between)
        return max(low, outer[0]), min(high, outer[1])

    def outer(self, unit: Unit, confidence: float) -> tuple[float, float]:
        """The limits by which a unit is called."""
        return unit.limits(reach(confidence, self.between, self.units), self.between)

    def is_outside(self, unit: Unit, confidence: float) -> bool:
        """Whether a unit lies beyond its outer limits."""
        return unit.is_outside(reach(confidence, self.between, self.units), self.between)

    def p(self, unit: Unit) -> float:
        """How often chance, and what units differ by themselves, would take it as far from what was to expect."""
        return unit.p(self.between, self.units)


def allowance(units: Sequence[Unit]) -> Allowance:
    """What the limits of some units allow for."""
    return Allowance(usual=usual_spread(units), whole=spread(units), units=len(units), is_plain=are_of_one_kind(units))


def is_beyond(value: float, limits: tuple[float, float]) -> bool:
    """Whether a share lies beyond limits; one at a limit is inside."""
    return not limits[0] - SAME <= value <= limits[1] + SAME


def _scores(probabilities: Sequence[float]) -> list[float]:
    """The z-score of each count, half of its own probability on either side."""
    below = list(accumulate(probabilities, initial=0.0))
    above = list(accumulate(reversed(probabilities), initial=0.0))
    scores = []
    for place, own in enumerate(probabilities):
        low, high = below[place] + own / 2, above[len(probabilities) - 1 - place] + own / 2
        tail = NormalDist().inv_cdf(min(max(min(low, high), 1e-16), 0.5))
        scores.append(max(tail, -FARTHEST) if low < high else min(-tail, FARTHEST))
    return scores


def _hypergeometric(drawn: int, all_: int, good: int) -> tuple[int, list[float]]:
    """The distribution of successes among rows drawn from all: the least number of them, and the probabilities from there on."""
    low, high = max(0, drawn + good - all_), min(drawn, good)
    if low == high:
        return low, [1.0]
    mode = min(max((drawn + 1) * (good + 1) // (all_ + 2), low), high)
    top = math.exp(_log_choose(good, mode) + _log_choose(all_ - good, drawn - mode) - _log_choose(all_, drawn))
    up, down = [top], [top]
    for count in range(mode, high):
        ratio = (good - count) * (drawn - count) / ((count + 1) * (all_ - good - drawn + count + 1))
        up.append(up[-1] * ratio)
        if up[-1] < NEGLIGIBLE:
            break
    for count in range(mode, low, -1):
        ratio = count * (all_ - good - drawn + count) / ((good - count + 1) * (drawn - count + 1))
        down.append(down[-1] * ratio)
        if down[-1] < NEGLIGIBLE:
            break
    return mode - (len(down) - 1), [*reversed(down[1:]), *up]


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def even(units: Sequence[Unit]) -> float | None:
    """How often chance alone would make units that are alike differ as much as some do: the p-value of Σ z²; None below two.

    Scores of units that add up to a whole have a degree of freedom less than there are units.
    """
    if len(units) < 2:
        return None
    whole = math.fsum(one.n for one in units)
    return chi_square_tail(math.fsum(one.score**2 * (1 - one.n / whole) for one in units), len(units) - 1)
