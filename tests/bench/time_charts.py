"""How often a chart of times has a signal where nothing changes: limits on the times themselves, on their logarithms, and as `trend` draws them.

python tests/bench/time_charts.py [--charts 1000] [--seed 81]
"""

import argparse
import math

import numpy as np

from kpi_core.stats.comparisons.false_alarms import false_alarms
from kpi_core.stats.control_charts import Rules, signals, xmr, xmr_of_times

SEASON = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.2, 0.1])
WORLDS = {"iid": (0.0, 0.0, 0.0), "days": (0.0, 0.0, 0.4), "c5": (0.5, 8.0, 0.4), "c8": (0.8, 8.0, 0.4)}
"""φ of the log volume (sd 0.35), the shape of the counts, and the sd of a day's own effect on log times."""
CHARTS = (("week", 52, 7), ("month", 36, 30), ("month", 12, 30), ("day", 60, 1))
LOG_SD, TYPICAL = {"first reply": 1.0, "handling": 0.8}, 2.0
KINDS = (("first reply", 0.5), ("first reply", 0.9), ("handling", None))
"""What is drawn: the median and the 90th percentile of first replies, the mean of handle times."""


def drawn(
    chance: np.random.Generator, world: str, a_day: float, points: int, step: int, kind: tuple[str, float | None]
) -> tuple[list[float], list[int]]:
    """The times of a chart and the rows of each point; points without a row are left out. A fifth week of ten has half of its tickets (holidays)."""
    phi, shape, effect = WORLDS[world]
    days = points * step
    level = np.zeros(days)
    if phi:
        level[0] = chance.normal()
        for day in range(1, days):
            level[day] = phi * level[day - 1] + math.sqrt(1 - phi**2) * chance.normal()
    mean = a_day * 7 / 5.6 * SEASON[np.arange(days) % 7] * np.exp(0.35 * level - 0.35**2 / 2 if phi else 0.0)
    mean = np.where(np.arange(days) // 7 % 10 == 4, mean / 2, mean)
    tickets = chance.poisson(chance.gamma(shape, mean / shape) if shape else mean)
    of_day = np.repeat(np.arange(days), tickets)
    times = TYPICAL * np.exp(
        effect * chance.normal(size=days)[of_day] + LOG_SD[kind[0]] * chance.normal(size=len(of_day))
    )
    found = [times[of_day // step == point] for point in range(points)]
    value = np.mean if kind[1] is None else lambda times: np.quantile(times, kind[1])
    return [float(value(times)) for times in found if len(times)], [len(times) for times in found if len(times)]


def main() -> None:
    """Prints for each kind of chart and world the shares of charts with a signal, beside what `trend` says to expect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=81)
    asked = parser.parse_args()
    chance = np.random.default_rng(asked.seed)
    for grain, points, step in CHARTS:
        for kind in KINDS:
            for a_day in (3.0, 15.0, 100.0):
                cells = []
                for world in WORLDS:
                    counts = np.zeros(3)
                    for _ in range(asked.charts):
                        values, rows = drawn(chance, world, a_day, points, step, kind)
                        charts = (xmr(values), xmr([math.log(one) for one in values]), xmr_of_times(values, rows))
                        counts += [bool(signals(chart)) for chart in charts]
                    cells.append(" ".join(f"{share:.1%}" for share in counts / asked.charts))
                expected = f"{false_alarms(points, Rules.USUAL):.1%}"
                print(grain, points, *kind, f"{a_day:g}", expected, *cells, sep=" | ", flush=True)


if __name__ == "__main__":
    main()
