"""Where values over time lead to, and how likely the next one reaches a level: a line fitted to them, or their spread about a mean.

Both take the values as independent of one another but for what they are fitted by, with normal deviations; `tests/core/analysis/goals`
simulates that their intervals hold what they say.
"""

import math
from collections.abc import Sequence

from kpi_core.records import dataclass
from kpi_core.stats import student_t

FEWEST = 6
"""Points from which on a line says where it leads to."""


@dataclass(frozen=True, kw_only=True)
class Projection:
    """A value ahead, with the interval that one single value there has."""

    value: float
    low: float
    high: float


def projected(places: Sequence[float], values: Sequence[float], at: float, confidence: float) -> Projection | None:
    """The value at a place by the least-squares line, with its prediction interval (t, n − 2 degrees of freedom).

    None of fewer than `FEWEST` points, or where all are at one place.
    """
    n = len(places)
    if n < FEWEST:
        return None
    centre, mean = sum(places) / n, sum(values) / n
    spread = sum((x - centre) ** 2 for x in places)
    if not spread:
        return None
    slope = sum((x - centre) * (y - mean) for x, y in zip(places, values, strict=True)) / spread
    left = sum((y - mean - slope * (x - centre)) ** 2 for x, y in zip(places, values, strict=True))
    error = math.sqrt(left / (n - 2) * (1 + 1 / n + (at - centre) ** 2 / spread))
    value, half = mean + slope * (at - centre), student_t.quantile(confidence, n - 2) * error
    return Projection(value=value, low=value - half, high=value + half)


def chance_above(values: Sequence[float], level: float) -> float | None:
    """How likely a further value of the same process is to lie at or above a level (0..1).

    By the predictive t distribution of a normal sample: mean ± t·s·√(1 + 1/n), n − 1 degrees of freedom. None of fewer than two
    values; where all are equal, 1 or 0.
    """
    n = len(values)
    if n < 2:
        return None
    mean = sum(values) / n
    spread = math.sqrt(sum((x - mean) ** 2 for x in values) / (n - 1) * (1 + 1 / n))
    if not spread:
        return 1.0 if level <= mean else 0.0
    t = (level - mean) / spread
    tail = student_t.two_sided(t, n - 1) / 2
    return tail if t > 0 else 1 - tail


def level_reached(values: Sequence[float], chance: float) -> float | None:
    """The level that a further value lies at or above with a chance (0..1); None of fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = sum(values) / n
    spread = math.sqrt(sum((x - mean) ** 2 for x in values) / (n - 1) * (1 + 1 / n))
    within = abs(2 * chance - 1)
    t = student_t.quantile(within, n - 1) if within else 0.0
    return mean - t * spread if chance >= 0.5 else mean + t * spread
