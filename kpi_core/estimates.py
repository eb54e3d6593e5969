"""What a measure comes to in one cell: the value, what it rests on, and the states it is finished from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kpi_core.survival import Watched


@dataclass(frozen=True, kw_only=True, eq=False)
class Days:
    """What was divided by what on each day."""

    tops: Sequence[float]
    bottoms: Sequence[float]


Evidence = Callable[[float], tuple[float | None, float | None]] | Watched | Days


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with what it rests on.

    Shares are 0..1, NPS −1..1, durations seconds, counts plain. `value` is None where there are no rows;
    `low` and `high` are None where the method gives no interval. `parts` are the sufficient statistics
    (k, n, sum, …) from which the difference of two estimates is computed; `evidence` is what a difference needs
    beyond them: the bounds at any confidence (quantiles), the rows watched (survival), or the sums of each day (amounts).
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    evidence: Evidence | None = field(default=None, repr=False, compare=False)


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


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How a count came about: events by day, the days it could happen on, and its own dispersion."""

    count: int
    days: int
    dispersion: float
