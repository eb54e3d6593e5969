"""How often a chart of pure noise has a signal: the table of `kpi_core.stats.control_charts.FALSE_ALARMS`.

python tests/bench/control_charts.py [--series 8000] [--seed 1]
"""

import argparse
import random

from kpi_core.stats.control_charts import nhs_signals, signals, xmr

POINTS = (12, 18, 24, 36, 48, 60)


def main() -> None:
    """Prints for each number of points the share of charts with a signal, by both sets of rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    for points in POINTS:
        charts = [xmr([chance.gauss(0, 1) for _ in range(points)]) for _ in range(asked.series)]
        shares = [sum(bool(rules(one)) for one in charts) / asked.series for rules in (signals, nhs_signals)]
        print(points, *(f"{share:.3f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
