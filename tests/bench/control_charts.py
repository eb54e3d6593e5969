"""How often a chart of pure noise has a signal: the table of `kpi_core.stats.comparisons.false_alarms.ALIKE`.

python tests/bench/control_charts.py [--series 8000] [--seed 1] [--alike 0.3]
"""

import argparse
import math
import random

from kpi_core.stats.control_charts import nhs_signals, signals, xmr

POINTS = (12, 18, 24, 36, 48, 60)


def series(chance: random.Random, points: int, alike: float) -> list[float]:
    """Normal values, each by so much like the one before."""
    found = [chance.gauss(0, 1)]
    for _ in range(points - 1):
        found.append(alike * found[-1] + math.sqrt(1 - alike**2) * chance.gauss(0, 1))
    return found


def main() -> None:
    """Prints for each number of points the share of charts with a signal, by both sets of rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alike", type=float, default=0.0, help="the correlation of neighbours")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    for points in POINTS:
        charts = [xmr(series(chance, points, asked.alike)) for _ in range(asked.series)]
        shares = [sum(bool(rules(one)) for one in charts) / asked.series for rules in (signals, nhs_signals)]
        print(points, *(f"{share:.3f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
