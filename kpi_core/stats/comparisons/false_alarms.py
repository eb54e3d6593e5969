"""How often control charts of chance alone have a signal, by their points and by how alike neighbours are."""

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import and_, mul

from kpi_core.stats.control_charts import Chart, Rules

LIKENESS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
"""How alike neighbours are, for which `ALIKE` has numbers."""
ALIKE = {
    Rules.USUAL: {
        12: (0.038, 0.049, 0.085, 0.114, 0.165, 0.228, 0.315),
        18: (0.059, 0.09, 0.145, 0.201, 0.294, 0.402, 0.505),
        24: (0.091, 0.124, 0.207, 0.332, 0.457, 0.575, 0.705),
        36: (0.132, 0.216, 0.337, 0.454, 0.582, 0.752, 0.868),
        48: (0.157, 0.245, 0.379, 0.537, 0.719, 0.861, 0.937),
        60: (0.193, 0.283, 0.442, 0.625, 0.805, 0.907, 0.972),
    },
    Rules.NHS: {
        12: (0.048, 0.062, 0.101, 0.131, 0.204, 0.283, 0.361),
        18: (0.097, 0.149, 0.224, 0.303, 0.394, 0.532, 0.627),
        24: (0.158, 0.208, 0.296, 0.465, 0.585, 0.685, 0.815),
        36: (0.257, 0.372, 0.524, 0.643, 0.741, 0.872, 0.941),
        48: (0.358, 0.491, 0.621, 0.781, 0.873, 0.966, 0.983),
        60: (0.439, 0.565, 0.71, 0.853, 0.941, 0.977, 0.994),
    },
}  # fmt: skip
"""The share of charts of normal values, whose neighbours go together as in a first-order autoregression, that have a signal, by their points and by `LIKENESS`
(`tests/bench/control_charts.py --alike`; 8 000 series without, 1 500 with)."""


def false_alarms(points: int, rules: Rules, alike: float = 0.0) -> float:
    """How often a chart of so many points has a signal where nothing but chance is at work, between the numbers tabled.

    `alike` is how neighbours go together (their correlation); below 0 counts as 0, above 0.6 as 0.6.
    """
    table = {count: _between(LIKENESS, shares, min(max(alike, 0.0), LIKENESS[-1])) for count, shares in ALIKE[rules].items()}  # fmt: skip
    known = [*table]
    for low, high in pairwise(known):
        if low <= points <= high:
            return table[low] + (table[high] - table[low]) * (points - low) / (high - low)
    if points < known[0]:
        return table[known[0]] * points / known[0]
    return 1 - (1 - table[known[-1]]) ** (points / known[-1]) if alike > 0 else table[known[-1]] * points / known[-1]


def _between(places: Sequence[float], values: Sequence[float], place: float) -> float:
    """The value at a place, on the line between its neighbours."""
    for number in range(len(places) - 1):
        if places[number] <= place <= places[number + 1]:
            part = (place - places[number]) / (places[number + 1] - places[number])
            return values[number] + (values[number + 1] - values[number]) * part
    raise AssertionError("a place lies between the first and the last")


def likeness(chart: Chart) -> float:
    """How far neighbours of a chart go together: the correlation of those within the limits, drawn in by as much as chance may have made it.

    Points outside are left out, for a jump of the level is no likeness. In parts of what lies between the limits, so that periods of few rows
    count as others do. What is less than nothing is 0, as it is without limits.
    """
    scores = [
        (value - centre) / (high - low) if low is not None and high is not None and low <= value <= high and high > low else None
        for value, centre, low, high in zip(chart.values, chart.centres, chart.lows, chart.highs, strict=True)
    ]  # fmt: skip
    inside = [score for score in scores if score is not None]
    level = sum(inside) / len(inside) if inside else 0.0
    pairs = [(old - level) * (new - level) for old, new in pairwise(scores) if old is not None and new is not None]
    spread = sum((score - level) ** 2 for score in inside)
    if not pairs or not spread:
        return 0.0
    found = sum(pairs) / len(pairs) / (spread / len(inside))
    found += (1 + 3 * found) / len(inside)  # what a mean of the same values takes off
    return found**3 / (found**2 + 1 / len(inside)) if found > 0 else 0.0


WANING = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)
"""What is left of a day's likeness one day later, of which the one that fits best is taken."""
FARTHEST = 13
"""How many days apart days are looked at."""
FEWEST_DAYS = 120
"""Days below which their own likeness says less than that of the points."""
BY_CHANCE = 6.0
"""What twice the logarithm of the odds of a fit is drawn in by: as much as the best of so many comes to by chance."""


def likeness_of_days(residuals: Sequence[float | None], step: int) -> float | None:
    """How far neighbouring periods of `step` days go together, by what is left of each day after its weekday; None of fewer than 120 days.

    Days of hundreds say more of it than the few points of a chart do: at φ = 0.8 the correlation of 51 weeks is known to 0.14, by its days to 0.1.
    What two days have in common wanes with the days between them by the same share each (an autoregression with noise): its size and share are
    fitted to the covariances of days up to 13 apart. Drawn in by what chance may have made of it, and never below 0. Days without a residual
    (of points outside their limits, for a jump of the level is no likeness) are left out.
    """
    known = [value for value in residuals if value is not None]
    days = len(known)
    if days < FEWEST_DAYS:
        return None
    mean = math.fsum(known) / days
    off = [0.0 if value is None else value - mean for value in residuals]
    is_known = [value is not None for value in residuals]
    alone = math.fsum(value * value for value in off) / days
    if not alone:
        return 0.0
    lags = range(1, FARTHEST + 1)
    together = [math.fsum(map(mul, off[lag:], off)) / max(sum(map(and_, is_known[lag:], is_known)), 1) for lag in lags]
    share, size = _waning(together)
    odds = size**2 * math.fsum(share ** (2 * lag) for lag in lags) * days / alone**2
    lost = (alone + 2 * size * share / (1 - share)) / days  # what the mean of the same days takes off each
    share, size = _waning([one + lost for one in together])
    alone += lost
    across = math.fsum(min(lag, 2 * step - lag) * size * share**lag for lag in range(1, 2 * step))
    within = step * alone + 2 * math.fsum((step - lag) * size * share**lag for lag in range(1, step))
    return across / within * odds / (odds + BY_CHANCE) if within > 0 else 0.0


def _waning(together: Sequence[float]) -> tuple[float, float]:
    """By what share covariances of days 1, 2, … apart wane, and from what size: those with the least squared distance from them; of size 0 where none is above 0."""
    best, found = 0.0, (WANING[0], 0.0)
    for share in WANING:
        shape = [share**lag for lag in range(1, len(together) + 1)]
        own = max(math.fsum(map(mul, shape, together)), 0.0)
        size = own / math.fsum(one * one for one in shape)
        if own * size > best:
            best, found = own * size, (share, size)
    return found
