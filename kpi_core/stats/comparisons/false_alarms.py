"""How often control charts of chance alone have a signal, by their points and by how alike neighbours are."""

from collections.abc import Sequence
from itertools import pairwise

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
