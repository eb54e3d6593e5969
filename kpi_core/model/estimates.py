"""The estimate of a measure in one cell: the value, what it rests on, and the states it is finished from."""

from collections.abc import Sequence
from dataclasses import fields

from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a value is made of. A measure that reports more than its value has a kind of its own, defined next to it.

    Whoever knows no measure asks what every kind answers; this one, of no parts, says nothing.
    """

    @property
    def fraction(self) -> tuple[float, float] | None:
        """What was divided by what: the rows of a share, the two sides of a ratio; None for the rest."""
        return None

    @property
    def beyond(self) -> float | None:
        """What a value that is not reached is more than, in its own unit; None where that says nothing."""
        return None

    @property
    def rows_awaited(self) -> int:
        """Rows that may yet count: shown next to n, so that they hide where they are few."""
        return 0

    @property
    def rows_finished(self) -> int:
        """Rows among n that are shown separately, for the same reason."""
        return 0


NO_PARTS = Parts()


def added(parts: Sequence[Parts]) -> Parts:
    """The parts of several periods together, number by number: of measures whose parts all add up. All are of one kind."""
    kind = type(parts[-1])
    return kind(**{each.name: sum(getattr(one, each.name) for one in parts) for each in fields(kind)})


@dataclass(frozen=True, kw_only=True)
class Portion(Parts):
    """What a share is made of: `k` rows (or keys) of all there are."""

    k: float
    of: float

    @property
    def fraction(self) -> tuple[float, float]:
        """K of all."""
        return self.k, self.of


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with what it rests on.

    Shares are 0..1, NPS −1..1, durations seconds, counts plain. `value` is None where there are no rows;
    `low` and `high` are None where the method gives no interval. `parts` are the sufficient statistics
    that the value is made of.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    parts: Parts = NO_PARTS

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The interval as it is shown: none where both ends are one value, as of rows that are all alike, for it would say that the truth is known."""
        return (None, None) if self.low == self.high else (self.low, self.high)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say: a value, or the parts of one that there is not."""
        return self.value is not None or self.parts != NO_PARTS


@dataclass(frozen=True, kw_only=True)
class Hidden(Parts):
    """Of a value that is not shown."""


EMPTY = Estimate(value=None, n=0)
HIDDEN = Estimate(value=None, n=0, parts=Hidden())
"""Of a group too small to be shown; equal to no other."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The additive state of one fact in one cell: rows, their sum and their sum of squares; of times that of cubes too."""

    n: int
    total: float
    squares: float
    cubes: float | None = None


@dataclass(frozen=True, kw_only=True)
class CellSums:
    """What a measure that adds up is finished from: the sums of its fact in one cell, and of its companions.

    `days` is how many days of the cell its table covers, `is_of_months` whether the period is made of whole months.
    """

    own: Sums
    companions: tuple[Sums, ...] = ()
    days: int = 0
    is_of_months: bool = True
