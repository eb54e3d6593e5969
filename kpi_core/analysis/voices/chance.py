"""Whether those who mention something score unlike the others: how often so many of the same scores, drawn by chance, differ as much.

The scores are taken as they are, however skewed: of 20 answers of which 14 are satisfied, where 95 % of all are, a normal
approximation would say once in two million, and it is once in three thousand.
"""

import math
from collections.abc import Mapping
from dataclasses import field
from itertools import pairwise

from kpi_core.records import dataclass

MOST_STEPS = 40
"""Steps that scores are distinguished by; of finer ones the nearest is taken."""
FEW, MOST_OF_ALL = 20, 0.1
"""Draws whose tails are added up as those of draws with replacement: so few, or so small a part of all scores. Larger ones are nearly normal."""
WORK = 1_500_000
"""The multiplications that tails may cost."""


@dataclass(kw_only=True, eq=False)
class Drawn:
    """Sums of scores drawn at random from those there are. `counts` are of each step (a whole number from 0 on)."""

    counts: Mapping[int, int]
    _exact: list[list[float]] = field(default_factory=lambda: [[1.0]], init=False)

    def __post_init__(self) -> None:
        """Finds the moments of one draw, and up to how many draws tails are exact."""
        self._n = sum(self.counts.values())
        self._parts = [(step, count / self._n) for step, count in sorted(self.counts.items()) if count]
        self._mean = math.fsum(step * part for step, part in self._parts)
        self._spread = math.fsum((step - self._mean) ** 2 * part for step, part in self._parts)
        self._cubes = math.fsum((step - self._mean) ** 3 * part for step, part in self._parts)
        span = max((step for step, _ in self._parts), default=0)
        self._largest = int(math.sqrt(2 * WORK / max(span * len(self._parts), 1)))

    def p_value(self, n: int, total: int) -> float:
        """How often `n` of the scores, drawn at random, sum up as far from what is usual as `total`: both tails, 1 for no doubt.

        Of more than half of them those that are left are looked at. Of yes and no it is exact (hypergeometric). Few draws of other scores
        are taken as with replacement, which errs towards chance.
        """
        whole = round(self._mean * self._n)
        if 2 * n > self._n:
            n, total = self._n - n, whole - total
        if n <= 0 or self._spread == 0:
            return 1.0
        if len(self._parts) == 2:
            low, high = self._of_two(n, total)
        elif n <= self._largest and (n <= FEW or n <= MOST_OF_ALL * self._n):
            low, high = self._tails(n, total)
        else:
            low, high = self._nearly(n, total)
        return min(1.0, 2 * min(low, high))

    def _of_two(self, n: int, total: int) -> tuple[float, float]:
        (below, _), (above, _) = self._parts
        good = self.counts[above]
        found = round((total - n * below) / (above - below))
        least, most = max(0, n - (self._n - good)), min(n, good)
        chances = [
            math.exp(_ways(good, k) + _ways(self._n - good, n - k) - _ways(self._n, n)) for k in range(least, most + 1)
        ]
        return math.fsum(chances[: found - least + 1]), math.fsum(chances[found - least :])

    def _tails(self, n: int, total: int) -> tuple[float, float]:
        while len(self._exact) <= n:
            last = self._exact[-1]
            longer = [0.0] * (len(last) + self._parts[-1][0])
            for step, part in self._parts:
                for at, chance in enumerate(last):
                    longer[at + step] += chance * part
            self._exact.append(longer)
        sums = self._exact[n]
        return math.fsum(sums[: total + 1]), math.fsum(sums[total:])

    def _nearly(self, n: int, total: int) -> tuple[float, float]:
        drawn = n / self._n
        left = 1 - drawn
        spread = math.sqrt(n * self._spread * self._n / max(self._n - 1, 1) * left)
        skew = self._cubes / self._spread**1.5 * (1 - 2 * drawn) / math.sqrt(n * left)
        return tuple(  # type: ignore[return-value]
            _tail(sign * (total - n * self._mean + sign * 0.5) / spread, sign * skew) for sign in (1, -1)
        )


def _ways(n: int, k: int) -> float:
    """The logarithm of the ways to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _tail(z: float, skew: float) -> float:
    """The share below z of a sum that is nearly normal and a little skewed (Cornish and Fisher)."""
    straight = z - skew / 6 * (z * z - 1)
    return 0.5 * math.erfc(-straight / math.sqrt(2))


def steps(values: list[float]) -> list[int]:
    """Scores as whole numbers from 0 on: their own steps where these are few, else the nearest of `MOST_STEPS`."""
    low, high = min(values), max(values)
    if high == low:
        return [0] * len(values)
    known = sorted(set(values))
    least = min(after - before for before, after in pairwise(known))
    fine = (high - low) / least
    width = (
        least
        if fine <= MOST_STEPS and all(abs((one - low) / least - round((one - low) / least)) < 1e-6 for one in known)
        else (high - low) / MOST_STEPS
    )
    return [round((one - low) / width) for one in values]


def effective(clusters: Mapping[object, int]) -> float:
    """How many answers there would be if those of one person were one (Kish): n² ÷ Σ m²."""
    n = sum(clusters.values())
    return n * n / sum(m * m for m in clusters.values()) if n else 0.0
