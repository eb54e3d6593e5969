"""Whether two series go up and down together, beyond what each does by itself.

Weeks that resemble the weeks before them are fewer than they look: two series that drift go together by nothing but that. So the
straight line is taken out of both, and the correlation is judged by as many independent weeks as they are worth (Bartlett 1935).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from kpi_core.stats import student_t

FEWEST = 12
"""Values below which nothing is reported."""
LAGS = 4
"""How far back values are asked for what they remember."""


class Together(NamedTuple):
    """How two series go together.

    `r` is their correlation without their straight lines, `slope` what the second changes by for one of the first, `low` and `high` its
    95 % interval; `worth` is how many independent values they are worth, of `n`.
    """

    r: float
    p: float
    slope: float
    low: float
    high: float
    worth: float
    n: int


def together(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Together | None:
    """How two series of the same length go together; None where there are few values, or one of them never changes."""
    n = len(first)
    if n < FEWEST:
        return None
    x, y = _without_line(first), _without_line(second)
    xx, yy = math.fsum(one * one for one in x), math.fsum(one * one for one in y)
    if xx <= _NOTHING * _square(first) or yy <= _NOTHING * _square(second):
        return None
    r = math.fsum(a * b for a, b in zip(x, y, strict=True)) / math.sqrt(xx * yy)
    less = sum((1 - lag / n) * _memory(x, lag) * _memory(y, lag) for lag in range(1, LAGS + 1))
    worth = n / max(1 + 2 * less, 1.0)
    freedom = max(worth - 3, 1.0)
    error = math.sqrt(max(1 - r * r, 1e-12) / freedom)
    reach = student_t.quantile(confidence, freedom) * error
    scale = math.sqrt(yy / xx)
    return Together(
        r=r, p=student_t.two_sided(r / error, freedom), slope=r * scale, low=(r - reach) * scale, high=(r + reach) * scale,
        worth=worth, n=n,
    )  # fmt: skip


_NOTHING = 1e-18


def _square(values: Sequence[float]) -> float:
    return math.fsum(one * one for one in values)


def _without_line(values: Sequence[float]) -> list[float]:
    """What is left of values without their mean and their straight line."""
    n = len(values)
    mean, middle = math.fsum(values) / n, (n - 1) / 2
    slope = math.fsum((place - middle) * value for place, value in enumerate(values)) / (n * (n * n - 1) / 12)
    return [value - mean - slope * (place - middle) for place, value in enumerate(values)]


def _memory(values: Sequence[float], lag: int) -> float:
    """The correlation of values with those some places before, put back what taking the line out takes from it."""
    n = len(values)
    own = math.fsum(one * one for one in values)
    found = math.fsum(a * b for a, b in zip(values[lag:], values[:-lag], strict=True)) / own
    return min(max(found + (2 + 2 * found) / n, 0.0), 1.0) if found > -1 else 0.0
