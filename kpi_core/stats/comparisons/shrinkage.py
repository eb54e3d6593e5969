"""Values of several groups of which some have few rows: pulled towards their mean, with what their differences may be.

Normal values within a normal spread of groups (Efron and Morris 1975), the spread itself weighed by how well it fits. No group is pulled further
than a part of its own standard error, for one that is unlike all others would be pulled to where it is not (their limited translation).
"""

import math
import random
from collections.abc import Sequence
from statistics import NormalDist, median

from kpi_core.records import dataclass

PULLED = 1.0
"""Standard errors that a group's value is pulled towards the mean at most."""
DOUBTED = 0.3
"""The same within an interval: chosen so that it holds for one weak group among equals as for groups that spread evenly."""
DRAWS = 2000
SPREADS = 40
"""Spreads of the groups that are weighed."""
WIDEST = 4.0
"""The widest of them, in standard deviations of the values as they are."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group's value and the variance of its error (squared units of the value)."""

    value: float
    error: float


def spread_between(groups: Sequence[Group]) -> float:
    """The variance of the groups' own values, above what their errors bring; 0 where there is none above it. At least two groups."""
    return max(0.0, _variance(groups) - math.fsum(one.error for one in groups) / len(groups))


def pulled(groups: Sequence[Group], centre: float) -> list[float]:
    """Each group's value pulled towards a centre, as far as its error and their spread say and by no more than one standard error."""
    between = spread_between(groups)
    return [_pulled(one, centre, between, PULLED)[0] for one in groups]


def below_median(groups: Sequence[Group], level: float, seed: int) -> list[tuple[float, float]]:
    """How far each group may lie below the median of all: the ends of an interval, below zero where it may lie above it.

    All groups are drawn at once, so that what is not known of the median, and of which group it is, is in it. At least three groups, some of
    which has an error.
    """
    chance = random.Random(seed)  # noqa: S311 (no secret)
    normal = [NormalDist().inv_cdf((place + 0.5) / DRAWS) for place in range(DRAWS)]
    noises = [chance.sample(normal, DRAWS) for _ in groups]
    lacking: list[list[float]] = [[] for _ in groups]
    for draw, (between, centre) in enumerate(_spreads(groups, chance)):
        drawn = []
        for one, noise in zip(groups, noises, strict=True):
            middle, error = _pulled(one, centre, between, DOUBTED)
            drawn.append(middle + noise[draw] * error)
        at = median(drawn)
        for each, value in zip(lacking, drawn, strict=True):
            each.append(at - value)
    tail = round((1 - level) / 2 * DRAWS)
    return [(ordered[tail], ordered[-1 - tail]) for ordered in map(sorted, lacking)]


def _pulled(one: Group, centre: float, between: float, most: float) -> tuple[float, float]:
    """Where a group's value is likely to lie, and its standard error: its own where it is pulled no further."""
    error = math.sqrt(one.error)
    weight = between / (between + one.error) if between + one.error else 1.0
    pull = (1 - weight) * (centre - one.value)
    if abs(pull) > most * error:
        return one.value + math.copysign(most * error, pull), error
    return one.value + pull, math.sqrt(weight) * error


def _spreads(groups: Sequence[Group], chance: random.Random) -> list[tuple[float, float]]:
    """Draws of how far the groups lie from one another (a variance) and round what, as likely as they fit the values."""
    widest = max(WIDEST * math.sqrt(_variance(groups)), math.sqrt(max(one.error for one in groups)))
    seen = []
    for place in range(SPREADS):
        between = ((place + 0.5) / SPREADS * widest) ** 2
        weights = [1 / (between + one.error) for one in groups]
        whole = math.fsum(weights)
        centre = math.fsum(weight * one.value for weight, one in zip(weights, groups, strict=True)) / whole
        fit = 0.5 * math.fsum(
            math.log(weight) - weight * (one.value - centre) ** 2 for weight, one in zip(weights, groups, strict=True)
        )
        seen.append((fit - 0.5 * math.log(whole), between, centre, 1 / math.sqrt(whole)))
    best = max(fit for fit, *_ in seen)
    chosen = chance.choices(seen, [math.exp(fit - best) for fit, *_ in seen], k=DRAWS)
    return [(between, chance.gauss(centre, error)) for _, between, centre, error in chosen]


def _variance(groups: Sequence[Group]) -> float:
    mean = math.fsum(one.value for one in groups) / len(groups)
    return math.fsum((one.value - mean) ** 2 for one in groups) / (len(groups) - 1)
