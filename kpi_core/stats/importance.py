"""What an outcome goes with: how much of its variance each of several variables accounts for, and how sure that is.

R² is dealt to the variables as the mean of what each adds over every order of adding them (Lindeman, Merenda & Gold 1980; the
Shapley value of R², `lmg` of relaimpo). A variable of several columns, as a category has, is one block. It is association: what
goes with an outcome need not cause it.

All of it is made from sums of products, never from rows: `Products` of parts of the rows add up.
"""

import math
import random
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from statistics import NormalDist

from kpi_core.records import dataclass

ALIKE = 1e-9
"""The share of a column's variance not explained by the others, below which it adds nothing to them."""

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Products:
    """Sums over rows of 1, each column, and each pair of columns multiplied; the outcome is the last column.

    `sums` are by column, `products` by row and column of a full square.
    """

    n: float
    sums: Sequence[float]
    products: Matrix

    def centred(self) -> list[list[float]]:
        """Sums of products about the means."""
        return [
            [product - self.sums[i] * self.sums[j] / self.n for j, product in enumerate(row)]
            for i, row in enumerate(self.products)
        ]


def added(parts: Sequence[Products], weights: Sequence[float] | None = None) -> Products:
    """The products of several parts together, each as often as its weight says."""
    times = weights or [1.0] * len(parts)
    width = range(len(parts[0].sums))
    return Products(
        n=math.fsum(time * part.n for time, part in zip(times, parts, strict=True)),
        sums=[math.fsum(time * part.sums[i] for time, part in zip(times, parts, strict=True)) for i in width],
        products=[
            [math.fsum(time * part.products[i][j] for time, part in zip(times, parts, strict=True)) for j in width]
            for i in width
        ],
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Regressions:
    """All regressions of an outcome on some blocks of columns, by what products about the means say.

    Attributes:
        cross: sums of products about the means, the outcome last.
        blocks: the columns of each variable.
    """

    cross: Matrix
    blocks: Sequence[Sequence[int]]

    @cached_property
    def _inverses(self) -> dict[frozenset[int], tuple[list[int], list[list[float]]]]:
        """For each set of blocks its columns that say something, and the inverse of their products."""
        found: dict[frozenset[int], tuple[list[int], list[list[float]]]] = {frozenset(): ([], [])}
        for size in range(1, len(self.blocks) + 1):
            for chosen in combinations(range(len(self.blocks)), size):
                columns, inverse = found[frozenset(chosen[:-1])]
                found[frozenset(chosen)] = self._bordered(columns, inverse, self.blocks[chosen[-1]])
        return found

    def _bordered(
        self, columns: list[int], inverse: list[list[float]], more: Sequence[int]
    ) -> tuple[list[int], list[list[float]]]:
        """An inverse with more columns; those that the others account for whole are left out."""
        for column in more:
            shared = [self.cross[column][other] for other in columns]
            weights = [math.fsum(a * b for a, b in zip(row, shared, strict=True)) for row in inverse]
            own = self.cross[column][column]
            rest = own - math.fsum(a * b for a, b in zip(weights, shared, strict=True))
            if own <= 0 or rest <= ALIKE * own:
                continue
            size = len(columns)
            inverse = [
                [inverse[i][j] + weights[i] * weights[j] / rest for j in range(size)] + [-weights[i] / rest]
                for i in range(size)
            ] + [[-one / rest for one in weights] + [1 / rest]]
            columns = [*columns, column]
        return columns, inverse

    def explained(self, towards: Sequence[float], whole: float) -> dict[frozenset[int], float]:
        """R² on each set of blocks, of an outcome with these products with the columns and this sum of squares."""
        return {
            chosen: math.fsum(
                towards[a] * towards[b] * inverse[i][j] for i, a in enumerate(columns) for j, b in enumerate(columns)
            ) / whole
            for chosen, (columns, inverse) in self._inverses.items()
        }  # fmt: skip

    def shares(self) -> list[float]:
        """What each block accounts for of the outcome's variance (0..1); they add up to R² on all of them."""
        outcome = self.cross[-1]
        return (
            _dealt(self.explained(outcome, outcome[-1]), len(self.blocks))
            if outcome[-1] > 0
            else [0.0] * len(self.blocks)
        )

    def r2(self) -> float:
        """The share of the outcome's variance that all of them account for together."""
        return math.fsum(self.shares())

    def ceilings(self, n: float, alpha: float) -> list[float]:
        """The share (0..1) that each block stays below where the outcome has nothing to do with the columns, in all but `alpha` of such data.

        Of `n` rows. The sum of squares that a block is dealt is then a quadratic form of the normal products of columns and outcome, whose mean and variance
        follow from the columns alone; the sum is taken as a scaled chi-square with these two (Satterthwaite), its quantile by Wilson and Hilferty.
        """
        return [_ceiling(form, self.cross, n, alpha) for form in self._forms]

    @cached_property
    def _forms(self) -> list[list[list[float]]]:
        """For each block the matrix by which the products of columns and outcome make the sum of squares that it is dealt."""
        width, count = len(self.cross) - 1, len(self.blocks)
        ways = _ways(count)
        forms = [[[0.0] * width for _ in range(width)] for _ in self.blocks]
        for chosen, (columns, inverse) in self._inverses.items():
            for block, form in enumerate(forms):
                weight = ways[len(chosen) - 1] if block in chosen else -ways[len(chosen)]
                for i, a in enumerate(columns):
                    for j, b in enumerate(columns):
                        form[a][b] += weight * inverse[i][j]
        return forms


def _ceiling(form: Matrix, cross: Matrix, n: float, alpha: float) -> float:
    """The quantile of a quadratic form of normal values with these products, as a share of the sum of squares of `n` of them."""
    width = range(len(form))
    turned = [[math.fsum(form[i][k] * cross[k][j] for k in width) for j in width] for i in width]
    mean = math.fsum(turned[i][i] for i in width)
    if mean <= ALIKE:
        return 0.0
    variance = 2 * math.fsum(turned[i][j] * turned[j][i] for i in width for j in width)
    freedom = 2 * mean * mean / variance
    step = 2 / (9 * freedom)
    quantile = freedom * (1 - step + NormalDist().inv_cdf(1 - alpha) * math.sqrt(step)) ** 3
    return min(quantile * mean / freedom / max(n - 1, 1), 1.0)


def _dealt(explained: dict[frozenset[int], float], count: int) -> list[float]:
    """R² dealt to the blocks: the mean of what each adds over every order."""
    ways = _ways(count)
    return [
        math.fsum(
            ways[len(chosen)] * (explained[chosen | {block}] - share)
            for chosen, share in explained.items()
            if block not in chosen
        )
        for block in range(count)
    ]


def _ways(count: int) -> list[float]:
    """The share of the orders of so many blocks in which as many others go before one of them."""
    return [math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count) for size in range(count)]


def resampled(parts: Sequence[Products], draws: int, seed: int) -> Iterator[Products]:
    """Products of as many parts drawn with replacement: a bootstrap of parts into which rows were put at random."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for _ in range(draws):
        weights = [0.0] * len(parts)
        for _ in parts:
            weights[chance.randrange(len(parts))] += 1
        yield added(parts, weights)
