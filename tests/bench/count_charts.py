"""How often a chart of counts, or of means of small numbers, has a signal where nothing changes: with even limits, as `trend` draws them, and what it says to expect.

python tests/bench/count_charts.py [--charts 300] [--seed 82]
"""

import argparse
import math
from collections.abc import Callable

import numpy as np

from kpi_core.stats.comparisons.false_alarms import false_alarms, likeness
from kpi_core.stats.control_charts import Chart, Rules, expected_counts, signals, u_prime, within, xmr, xmr_of_means

SEASON = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.2, 0.1])
WORLDS = {"iid": (0.0, 0.0), "c5": (0.5, 6.0), "c8": (0.8, 6.0)}
"""φ of the log volume (sd 0.25) and the shape of the counts."""
CHARTS = (("week", 51, 7), ("month", 36, 30), ("day", 60, 1))
ENDS = {"reopens, 0.08 a ticket": (0.0, None), "channels, 1.3 a case": (1.0, None), "marks of 1 to 5": (1.0, 5.0)}


def by_day(chance: np.random.Generator, world: str, a_day: float, days: int) -> np.ndarray:
    """Tickets of each day."""
    phi, shape = WORLDS[world]
    level = np.zeros(days)
    for day in range(days if phi else 0):
        level[day] = phi * level[day - 1] + math.sqrt(1 - phi**2) * chance.normal()
    mean = a_day * SEASON[np.arange(days) % 7] * np.exp(0.25 * level - 0.25**2 / 2 if phi else 0.0)
    return chance.poisson(chance.gamma(shape, mean / shape) if shape else mean)


def counted(chance: np.random.Generator, world: str, a_day: float, points: int, step: int) -> tuple[Chart, Chart]:
    """A chart of tickets with even limits (Laney's u′), and as it is drawn."""
    days = by_day(chance, world, a_day, points * step)
    counts = days.reshape(points, step).sum(1).tolist()
    usual = [days[place::7].mean() / days.mean() for place in range(7)]
    sizes = [max(float(usual[place % 7]), 0.01) for place in range(points)] if step == 1 else [float(step)] * points
    even = u_prime(counts, sizes)
    return even, expected_counts(counts, sizes)


def drawn(chance: np.random.Generator, what: str, rows: int) -> np.ndarray:
    """So many rows of a mean."""
    if what.startswith("reopens"):
        return chance.poisson(0.08, rows)
    if what.startswith("channels"):
        return 1 + chance.binomial(2, 0.15, rows)
    return np.where(chance.random(rows) < 0.8, chance.choice([4, 5], rows), chance.choice([1, 2, 3], rows))


def averaged(chance: np.random.Generator, what: str, a_day: float, points: int, step: int) -> tuple[Chart, Chart]:
    """A chart of means with even limits, and as it is drawn; periods without a row are left out."""
    rows = by_day(chance, "iid", a_day, points * step).reshape(points, step).sum(1)
    sizes = [int(one) for one in rows if one]
    values = [float(drawn(chance, what, size).mean()) for size in sizes]
    return within(xmr(values), *ENDS[what]), xmr_of_means(values, sizes, *ENDS[what])


def row_of(charts: int, make: Callable[[], tuple[Chart, Chart]]) -> str:
    """The shares of charts with a signal, with even limits and as they are drawn, and what is said to expect."""
    found = np.zeros(3)
    for _ in range(charts):
        even, own = make()
        found += [bool(signals(even)), bool(signals(own)), false_alarms(len(own.values), Rules.USUAL, likeness(own))]
    return " → ".join(f"{share:.1%}" for share in found[:2] / charts) + f" | {found[2] / charts:.1%}"


def main() -> None:
    """Prints a line a kind of chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=82)
    asked = parser.parse_args()
    chance = np.random.default_rng(asked.seed)
    for grain, points, step in CHARTS:
        for a_day in (3.0, 18.0):
            for world in WORLDS:
                cell = row_of(asked.charts, lambda: counted(chance, world, a_day, points, step))  # noqa: B023
                print(f"| {grain}, {points} | tickets, {world} | {a_day:g} | {cell} |", flush=True)
        for what in ENDS:
            cell = row_of(asked.charts, lambda: averaged(chance, what, 18.0, points, step))  # noqa: B023
            print(f"| {grain}, {points} | {what} | 18 | {cell} |", flush=True)


if __name__ == "__main__":
    main()
