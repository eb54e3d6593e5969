"""What a measure comes to in one cell: the value, what it rests on, and the states it is finished from."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with what it rests on.

    Shares are 0..1, NPS −1..1, durations seconds, counts plain. `value` is None where there are no rows;
    `low` and `high` are None where the method gives no interval. `parts` are the sufficient statistics
    (k, n, sum, …) that the value is made of.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)


EMPTY = Estimate(value=None, n=0)
HIDDEN = Estimate(value=None, n=0, parts={"hidden": 1})
"""Of a group too small to be shown."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The additive state of one fact in one cell: rows, their sum and their sum of squares; of times that of cubes too."""

    n: int
    total: float
    squares: float
    cubes: float | None = None
