"""A change of a share or mean split in two: who is in it (mix), and the value of each segment (rate).

Kitagawa's decomposition (1955) leaves nothing over. Its parts vary by chance as the segments' rows and values do; the errors
here are those of the delta method.
"""

import math
from collections.abc import Callable, Sequence

from kpi_core.records import dataclass
from kpi_core.stats import student_t


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """One segment of one side: its rows (or what it is divided by), the sum of their values, and that of their squares."""

    n: float
    total: float
    squares: float = 0.0

    @property
    def rate(self) -> float | None:
        """The mean of its rows; None without rows."""
        return self.total / self.n if self.n else None


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one segment adds to a change: by its weight, which counts against the overall value, and by its own value."""

    mix: float
    rate: float

    @property
    def sum(self) -> float:
        """Both together."""
        return self.mix + self.rate


@dataclass(frozen=True, kw_only=True)
class Split:
    """A change by segments, in the order they were given; the sums of the parts are the change."""

    parts: tuple[Part, ...]

    @property
    def mix(self) -> float:
        """What the change of the weights adds."""
        return math.fsum(part.mix for part in self.parts)

    @property
    def rate(self) -> float:
        """What the changes within the segments add."""
        return math.fsum(part.rate for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How a part varies by chance: its standard error, the skewness of what it may be, and the degrees of freedom they are estimated with."""

    error: float
    skew: float = 0.0
    freedom: float = math.inf

    def bounds(self, value: float, confidence: float) -> tuple[float, float]:
        """The interval of the part whose value is given."""
        return self._within(value, student_t.quantile(confidence, self.freedom))

    def p(self, value: float) -> float:
        """How often chance alone would make such a part of nothing: the smallest alpha whose interval leaves out 0."""
        near, far = 0.0, FARTHEST
        for _ in range(STEPS):
            middle = (near + far) / 2
            near, far = (middle, far) if self._is_clear(value, middle) else (near, middle)
        return student_t.two_sided(near, self.freedom)

    def _is_clear(self, value: float, reach: float) -> bool:
        low, high = self._within(value, reach)
        return low > 0 or high < 0

    def _within(self, value: float, reach: float) -> tuple[float, float]:
        skew, near = max(min(self.skew, 1.0), -1.0), min(reach, EXPANDED)  # so that bounds widen with the reach
        shift = skew * (near * near - 1) / 6
        return value + self.error * (shift - reach), value + self.error * (shift + reach)


FARTHEST = 12.0
"""Standard errors beyond which chance alone is out of the question."""
STEPS = 40
EXPANDED = 3.0
"""Standard errors up to which the expansion is followed."""


@dataclass(frozen=True, kw_only=True)
class Effects:
    """The design effects of the old side's rows and the new one's: of which segment they are in, and of their value in it."""

    weights: tuple[float, float] = (1.0, 1.0)
    rates: tuple[float, float] = (1.0, 1.0)


INDEPENDENT = Effects()


def split(old: Sequence[Stratum], new: Sequence[Stratum]) -> Split:
    """The change from `old` to `new`, segment by segment; both sides have rows.

    A segment that one side lacks has the other side's value there, so that all it adds is mix.
    """
    rows = _rows(old), _rows(new)
    centre = (_overall(old) + _overall(new)) / 2
    parts = []
    for before, after in zip(old, new, strict=True):
        first, second = _rates(before, after)
        moved = after.n / rows[1] - before.n / rows[0]
        weight = (after.n / rows[1] + before.n / rows[0]) / 2
        parts.append(Part(mix=moved * ((first + second) / 2 - centre), rate=(second - first) * weight))
    return Split(parts=tuple(parts))


def spreads(
    old: Sequence[Stratum], new: Sequence[Stratum], effects: Effects = INDEPENDENT, freedom: float = math.inf
) -> tuple[Spread, Spread]:
    """How mix and rate vary by chance.

    Mix is a sum of products, of how far the weights moved with the values of the segments, and rate is another: of both factors
    normal the variance and third cumulant are known, and Cornish and Fisher's expansion (1938) makes an interval of them. Within
    a segment one more row is taken to vary as all rows do: of three rows that agree nothing says that all would.
    """
    sides = (_side(old), _side(new))
    rates = [_rates(before, after) for before, after in zip(old, new, strict=True)]
    moved = [second - first for first, second in zip(sides[0].weights, sides[1].weights, strict=True)]
    usual = [(first + second) / 2 for first, second in zip(sides[0].weights, sides[1].weights, strict=True)]
    means = [(first + second) / 2 for first, second in rates]
    changes = [second - first for first, second in rates]
    alone = [not before.n or not after.n for before, after in zip(old, new, strict=True)]

    def of_weights(factor: Sequence[float]) -> list[float]:
        """The covariance of how far the weights moved, times a factor."""
        found = [0.0] * len(old)
        for side, effect in zip(sides, effects.weights, strict=True):
            mean = math.fsum(weight * one for weight, one in zip(side.weights, factor, strict=True))
            for place, weight in enumerate(side.weights):
                found[place] += effect / side.rows * weight * (factor[place] - mean)
        return found

    both = [
        math.fsum(side.errors[place] * effect for side, effect in zip(sides, effects.rates, strict=True))
        for place in range(len(old))
    ]
    of_means = [one if is_alone else one / 4 for one, is_alone in zip(both, alone, strict=True)]
    of_changes = [0.0 if is_alone else one for one, is_alone in zip(both, alone, strict=True)]
    return (
        _product(moved, means, of_weights, of_means, 1.0, freedom),
        _product(usual, changes, of_weights, of_changes, 0.25, freedom),
    )


def displaced(old: Sequence[Stratum], new: Sequence[Stratum], contributions: Sequence[float]) -> float:
    """How much of a change lies in other segments than if each had its share of it, by its mean weight; in the change's unit.

    0 where all segments moved alike and none grew: then there is nothing to be learnt from them.
    """
    rows, change = (_rows(old), _rows(new)), math.fsum(contributions)
    weights = [(before.n / rows[0] + after.n / rows[1]) / 2 for before, after in zip(old, new, strict=True)]
    return math.fsum(abs(one - weight * change) for one, weight in zip(contributions, weights, strict=True)) / 2


def reversal(old: Sequence[Stratum], new: Sequence[Stratum]) -> tuple[int, int] | None:
    """How many segments went the other way than the whole did, and of how many; None unless most did, weighed or counted.

    Simpson's paradox: lower in total, yet higher in four of six departments.
    """
    change, found = _overall(new) - _overall(old), split(old, new)
    both = [(before.rate, after.rate) for before, after in zip(old, new, strict=True)]
    moved = [second - first for first, second in both if first is not None and second is not None]
    against = sum(one * change < 0 for one in moved)
    if found.rate * change < 0 and 2 * against > len(moved):
        return against, len(moved)
    return None


def _product(
    weights: Sequence[float], values: Sequence[float], of_weights: Callable[[Sequence[float]], list[float]],
    of_values: Sequence[float], scale: float, freedom: float,
) -> Spread:  # fmt: skip
    """The spread of a sum of weights times values; `scale` is what the variance of the weights is of that of how far they moved."""
    along = of_weights(values)
    within = math.fsum(variance * weight**2 for variance, weight in zip(of_values, weights, strict=True))
    between = scale * math.fsum(value * one for value, one in zip(values, along, strict=True))
    unit = [of_weights([float(place == each) for each in range(len(values))])[place] for place in range(len(values))]
    together = scale * math.fsum(one * variance for one, variance in zip(unit, of_values, strict=True))
    third = 6 * scale * math.fsum(w * v * one for w, v, one in zip(weights, of_values, along, strict=True))
    error = math.sqrt(max(within + between + together, 0.0))
    return Spread(error=error, skew=third / error**3 if error else 0.0, freedom=freedom)


@dataclass(frozen=True, kw_only=True)
class _Side:
    """A side's rows, each segment's share of them, and the variance of its mean (0 where it has none)."""

    rows: float
    weights: tuple[float, ...]
    errors: tuple[float, ...]


def _side(strata: Sequence[Stratum]) -> _Side:
    rows, spread = _rows(strata), _variance(strata)
    return _Side(
        rows=rows, weights=tuple(one.n / rows for one in strata),
        errors=tuple((_squares_about_mean(one) + spread) / one.n**2 if one.n else 0.0 for one in strata),
    )  # fmt: skip


def _rates(mine: Stratum, theirs: Stratum) -> tuple[float, float]:
    """The values of a segment on both sides; one that is missing is the other's."""
    here, there = mine.rate, theirs.rate
    known = here if here is not None else there if there is not None else 0.0
    return (known if here is None else here), (known if there is None else there)


def _squares_about_mean(one: Stratum) -> float:
    return max(one.squares - one.total * one.total / one.n, 0.0) if one.n else 0.0


def _variance(strata: Sequence[Stratum]) -> float:
    """The variance of one row of all."""
    rows, total = _rows(strata), math.fsum(one.total for one in strata)
    squares = math.fsum(one.squares for one in strata)
    return max(squares - total * total / rows, 0.0) / max(rows - 1, 1.0)


def _rows(strata: Sequence[Stratum]) -> float:
    return math.fsum(one.n for one in strata)


def _overall(strata: Sequence[Stratum]) -> float:
    return math.fsum(one.total for one in strata) / _rows(strata)
