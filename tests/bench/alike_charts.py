"""How often a chart of times or of shares has a signal where nothing changes but days go together, as `trend` draws it, and what it says to expect.

python tests/bench/alike_charts.py [--charts 300] [--seed 83]
"""

import argparse
import math

import numpy as np

from kpi_core.stats.comparisons.false_alarms import false_alarms, likeness, likeness_of_days
from kpi_core.stats.contrasts import Daily, History
from kpi_core.stats.control_charts import Chart, Rules, expected_shares, p_prime, signals, xmr, xmr_of_times
from kpi_core.stats.dependence import residuals

SEASON = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.2, 0.1])
WORLDS = {"iid": (0.0, 0.0), "c5": (0.5, 6.0), "c8": (0.8, 6.0)}
"""φ of the log volume (sd 0.25) and of each day's effect, and the shape of the counts."""
CHARTS = (("week", 51, 7), ("month", 36, 30), ("day", 60, 1))
KINDS = {"median of first replies": (1.2, 0.3), "their 90th percentile": (1.2, 0.3), "mean handle time": (1.0, 0.3),
         "replied within 4 hours": (1.2, 0.3), "satisfied, 80 %": (0.0, 0.35), "reopened, 8 %": (0.0, 0.35)}  # fmt: skip
"""The sd of log times and of a day's effect on them, on the log odds where there is no time."""
ODDS = {"satisfied, 80 %": math.log(4), "reopened, 8 %": math.log(0.08 / 0.92)}


def in_a_row(chance: np.random.Generator, phi: float, days: int) -> np.ndarray:
    """A process of days with variance 1."""
    level = chance.normal(size=days)
    for day in range(1, days):
        level[day] = phi * level[day - 1] + math.sqrt(1 - phi**2) * level[day]
    return level


def charts_of(
    chance: np.random.Generator, world: str, kind: str, a_day: float, points: int, step: int
) -> tuple[Chart, Chart, float]:
    """The chart with even limits (XmR, Laney's p′), as it is drawn, and how alike its periods are by the days of a year; periods without a row are left out."""
    (phi, shape), (sd, effect), days = WORLDS[world], KINDS[kind], max(points * step, YEAR)
    busy, luck = in_a_row(chance, phi, days), in_a_row(chance, phi, days) * (effect if phi else 0.0)
    mean = a_day * 7 / 5.6 * SEASON[np.arange(days) % 7] * np.exp(0.25 * busy - 0.25**2 / 2 if phi else 0.0)
    of_day = np.repeat(np.arange(days), chance.poisson(chance.gamma(shape, mean / shape) if shape else mean))
    if kind in ODDS:
        values = (chance.random(len(of_day)) < 1 / (1 + np.exp(-ODDS[kind] - luck[of_day]))).astype(float)
    else:
        values = 4 * np.exp(luck[of_day] + sd * chance.normal(size=len(of_day)))
    first = days - points * step
    found = [one for point in range(points) if len(one := values[(of_day - first) // step == point])]
    sizes, is_share = [len(one) for one in found], kind in ODDS or kind.startswith("replied")
    top = {"median of first replies": 0.5, "their 90th percentile": 0.9}.get(kind)
    if kind.startswith("replied"):
        values, found = (values <= 4.0).astype(float), [(one <= 4.0).astype(float) for one in found]
    each = values if top is None else (values <= np.quantile(values, top)).astype(float)
    if is_share:
        counts = [float(one.sum()) for one in found]
        even, own = p_prime(counts, sizes), expected_shares(counts, sizes)
    else:
        times = [float(one.mean() if top is None else np.quantile(one, top)) for one in found]
        even, own = xmr(times), xmr_of_times(times, sizes)
    there = [point for point in range(points) if ((of_day - first) // step == point).any()]
    out = {
        first + there[place] * step + day
        for place, (value, low, high) in enumerate(zip(own.values, own.lows, own.highs, strict=True))
        if low is not None and high is not None and not low <= value <= high
        for day in range(step)
    }
    return even, own, by_days(of_day, each, days, step, out)


def by_days(of_day: np.ndarray, values: np.ndarray, days: int, step: int, out: set[int]) -> float:
    """How alike neighbouring periods are by the days of the last year, without those in `out`."""
    tops, rows, begins = np.bincount(of_day, values, days), np.bincount(of_day, minlength=days), days - YEAR
    history = History(kinds=[day % 7 for day in range(begins, days)], now=slice(YEAR - step, YEAR), then=slice(0, 0))
    daily = Daily(tops=tops[begins:].tolist(), rows=rows[begins:].astype(float).tolist())
    off = residuals(daily, history)
    return likeness_of_days([None if begins + day in out else one for day, one in enumerate(off)], step) or 0.0


YEAR = 365


def row_of(
    chance: np.random.Generator, charts: int, world: str, kind: str, a_day: float, points: int, step: int
) -> str:
    """The shares of charts with a signal, with even limits and as they are drawn, and what is said to expect: by the points alone, and by the days too."""
    found = np.zeros(4)
    for _ in range(charts):
        even, own, alike = charts_of(chance, world, kind, a_day, points, step)
        expected = [
            false_alarms(len(own.values), Rules.USUAL, one) for one in (likeness(own), max(likeness(own), alike))
        ]
        found += [bool(signals(even)), bool(signals(own)), *expected]
    return " | ".join(" → ".join(f"{share:.1%}" for share in pair / charts) for pair in (found[:2], found[2:]))


def main() -> None:
    """Prints a line a kind of chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=83)
    parser.add_argument("--grains", nargs="+", default=[grain for grain, _, _ in CHARTS])
    asked = parser.parse_args()
    for grain, points, step in CHARTS:
        if grain not in asked.grains:
            continue
        for kind in KINDS:
            for a_day in (3.0, 18.0, 100.0):
                for world in WORLDS:
                    chance = np.random.default_rng(
                        [asked.seed, points, [*KINDS].index(kind), int(a_day), [*WORLDS].index(world)]
                    )
                    cell = row_of(chance, asked.charts, world, kind, a_day, points, step)
                    print(f"| {grain}, {points} | {kind}, {world} | {a_day:g} | {cell} |", flush=True)


if __name__ == "__main__":
    main()
