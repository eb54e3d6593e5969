"""Which observations bound a quantile.

Reply times are too skewed for a formula around their median. A pair of order statistics needs no assumption:
the number of observations below the true quantile is binomial, whatever the times look like.
"""

import math
from bisect import bisect_left
from functools import lru_cache

ROUNDING = 1e-9
"""The part of the missing confidence that may be nothing but rounding."""
FARTHEST = 9.0
"""Standard deviations beyond which nothing is left to cover."""


class Growth:
    """Pairs of ranks, each one wider than the one before, grown from the likeliest count as far as is asked for.

    Binomial weights rise to the mode and fall after it, so the heavier neighbour is always the one to take, and the
    sets that arise are the narrowest for what they cover. Weights follow from the mode's by their ratio.
    """

    def __init__(self, n: int, at: float) -> None:
        """Pairs of `n` observations for the quantile `at`; ranks count from 1."""
        mode = min(max(int((n + 1) * at), 1), n - 1)
        reach = math.ceil(FARTHEST * math.sqrt(n * at * (1 - at))) + 40
        self.n, self.odds = n, at / (1 - at)
        self.lowest, self.highest = max(1, mode - reach), min(n, mode + reach)
        self.lower, self.upper = [mode], [mode + 1]
        self.coverage = [math.exp(_log_weight(n, at, mode))]
        self._left = self._below(self.coverage[0], mode)
        self._right = self._above(self.coverage[0], mode)

    def _below(self, weight: float, count: int) -> float:
        """The weight of the count below one with this weight; negative where there is nothing left to take."""
        return weight * count / ((self.n - count + 1) * self.odds) if count > self.lowest else -1.0

    def _above(self, weight: float, count: int) -> float:
        return weight * (self.n - count) * self.odds / (count + 1) if count < self.highest - 1 else -1.0

    def first(self, confidence: float) -> tuple[int, int] | None:
        """The narrowest pair with at least the confidence, as ranks from 1; None where no pair has it."""
        if self.coverage[-1] < confidence:
            self._grow(confidence)
        place = bisect_left(self.coverage, confidence)
        return None if place == len(self.coverage) else (self.lower[place], self.upper[place])

    def _grow(self, confidence: float) -> None:
        """Takes one count after the other until their coverage is the confidence or none is left."""
        low, high, covered = self.lower[-1], self.upper[-1], self.coverage[-1]
        left, right = self._left, self._right
        while covered < confidence and (left >= 0 or right >= 0):
            # Of two that weigh the same the lower goes first, whatever their last digit says.
            if left >= 0 and left * (1 + 1e-12) >= right:
                covered += left
                low -= 1
                left = self._below(left, low)
            else:
                covered += right
                high += 1
                right = self._above(right, high - 1)
            self.coverage.append(covered)
            self.lower.append(low)
            self.upper.append(high)
        self._left, self._right = left, right


def quantile_ranks(n: int, at: float, confidence: float) -> tuple[int, int] | None:
    """Ranks of the two order statistics, counted from 0, that bound the quantile `at` of `n` observations.

    The narrowest pair in ranks with at least the confidence; of equally narrow pairs the one with most coverage,
    then the lower. Pairs for a higher confidence contain those for a lower one. None where not even the smallest
    and the largest observation cover enough (95 %: fewer than 6 for the median, 29 for the 90th percentile).
    Formula: P(x_l ≤ quantile ≤ x_u) ≥ P(l ≤ B < u), B binomial(n, at), l and u counted from 1 (David & Nagaraja 2003).
    """
    if n < 2 or not 0 < at < 1:
        return None
    pair = _growth(n, at).first(confidence - ROUNDING * (1 - confidence))
    return None if pair is None else (pair[0] - 1, pair[1] - 1)


def ranks_within(n: int, at: float, reach: float, confidence: float) -> tuple[int, int] | None:
    """The same with so many standard errors of a share on each side, as rows that vary together ask for: never closer than `quantile_ranks`.

    None where that is beyond the smallest or the largest observation.
    """
    closer = quantile_ranks(n, at, confidence)
    if closer is None:
        return None
    half = reach * math.sqrt(n * at * (1 - at))
    low, high = math.floor(n * at - half) - 1, math.ceil(n * at + half)
    return None if low < 0 or high >= n else (min(low, closer[0]), max(high, closer[1]))


@lru_cache(maxsize=2048)
def _growth(n: int, at: float) -> Growth:
    return Growth(n, at)


def _log_weight(n: int, at: float, k: int) -> float:
    """Log of the binomial probability of `k`."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return ways + k * math.log(at) + (n - k) * math.log(1 - at)
