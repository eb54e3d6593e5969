"""How often the intervals that a report shows hold the truth.

    python tests/bench/coverage.py [--samples 4000] [--seed 1]

Samples of 10, 30, 100 and 1 000 rows from worlds whose truth is known; each interval is made as a report makes it. Prints a line
a kind of interval: its coverage in per cent, `–` where it gives none, and the standard error of the simulation.
"""

import argparse
import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from kpi_core.engine.combined import FEWEST
from kpi_core.stats import intervals
from kpi_core.stats.survival import kaplan_meier

CONFIDENCE = 0.95
ROWS = (10, 30, 100, 1_000)
SCALE = np.array([1, 2, 3, 4, 5])
ANSWERS = np.array([0.06, 0.08, 0.12, 0.34, 0.40])
CSAT = 0.74
PROMOTERS, DETRACTORS = 0.55, 0.2
HOUR = 3_600
DAYS = 30
LATE = 0.3
"""The share of cases still open when they are looked at."""

Found = tuple[float | None, float | None]


class World(NamedTuple):
    """What samples are drawn from, and what an interval of one should hold."""

    name: str
    truth: float
    interval: Callable[[np.random.Generator, int], Found]


def share(chance: float) -> World:
    """Answers that are satisfied or not: Wilson's interval."""
    return World(
        f"share of {chance:.0%}", chance, lambda rng, n: intervals.wilson(rng.binomial(n, chance), n, CONFIDENCE)
    )


def net_share() -> World:
    """Promoters less detractors: adjusted Wald."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        plus, minus, _ = rng.multinomial(n, [PROMOTERS, DETRACTORS, 1 - PROMOTERS - DETRACTORS])
        return intervals.net_share(plus, minus, n, CONFIDENCE)

    return World("NPS", PROMOTERS - DETRACTORS, interval)


def mean_of_answers() -> World:
    """The mean of marks from 1 to 5: Student's t."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        marks = rng.choice(SCALE, n, p=ANSWERS)
        return intervals.mean(marks.mean(), _deviation(marks), n, CONFIDENCE)

    return World("mean of marks", float((SCALE * ANSWERS).sum()), interval)


def mean_of_times(sigma: float) -> World:
    """The mean of lognormal times: Hall's transformed t."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        times = rng.lognormal(0, sigma, n)
        squares, cubes = float((times**2).sum()), float((times**3).sum())
        skew = intervals.skewness(n, float(times.sum()), squares, cubes)
        return intervals.skewed_mean(float(times.mean()), _deviation(times), skew, n, CONFIDENCE)

    return World(f"mean of times, σ {sigma}", math.exp(sigma**2 / 2), interval)


def quantile(at: float) -> World:
    """A quantile of times: between two ordered ones."""
    z = {0.5: 0.0, 0.9: 1.2815515655446004}[at]

    def interval(rng: np.random.Generator, n: int) -> Found:
        times = np.sort(rng.lognormal(0, 1.3, n))
        ranks = intervals.quantile_ranks(n, at, CONFIDENCE)
        return (None, None) if ranks is None else (float(times[ranks[0]]), float(times[ranks[1]]))

    return World(f"{at:.0%} quantile of times", math.exp(1.3 * z), interval)


def median_with_open_ones() -> World:
    """The median of times of which some are not over yet: Kaplan–Meier."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        ends, events = _watched(rng, n)
        _, low, high = kaplan_meier(*ends, events).quantile(0.5, CONFIDENCE)
        return low, high

    return World("median, open ones counted", 10 * HOUR * math.log(2), interval)


def share_in_time_with_open_ones() -> World:
    """The share done within a target, open ones counted."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        ends, events = _watched(rng, n)
        _, low, high = kaplan_meier(*ends, events).share_within(8 * HOUR, CONFIDENCE)
        return low, high

    return World("share in time, open ones counted", 1 - math.exp(-0.8), interval)


def mean_order(sigma: float) -> World:
    """Sums over sums, from the days of a month: the mean amount of some so many orders; with too few of them as a report has it, none."""

    def interval(rng: np.random.Generator, n: int) -> Found:
        orders = rng.poisson(n / DAYS, DAYS)
        amounts = [float(rng.lognormal(0, sigma, count).sum()) for count in orders]
        _, low, high = intervals.ratio_by_day(amounts, [float(count) for count in orders], CONFIDENCE)
        return (low, high) if n >= FEWEST else (None, None)

    return World(f"order values, σ {sigma}, by day", math.exp(sigma**2 / 2), interval)


def _deviation(values: np.ndarray) -> float | None:
    return intervals.standard_deviation(len(values), float(values.sum()), float((values**2).sum()))


def _watched(rng: np.random.Generator, n: int) -> tuple[tuple[pl.Series, pl.Series], pl.Series]:
    """Exponential times of a mean of ten hours, each looked at until an instant by which some are not over."""
    taken = rng.exponential(10 * HOUR, n)
    until = rng.exponential(10 * HOUR * (1 - LATE) / LATE, n)
    exits = pl.Series(np.ceil(np.minimum(taken, until)).astype("int64"))
    return (pl.Series([None], dtype=pl.Int64).new_from_index(0, n), exits), pl.Series(taken <= until)


def coverage(world: World, rng: np.random.Generator, n: int, samples: int) -> str:
    """How many of a hundred intervals hold the truth, of those that are there at all."""
    found = [world.interval(rng, n) for _ in range(samples)]
    known = [(low, high) for low, high in found if low is not None or high is not None]
    if len(known) < samples / 2:
        return "–"
    rows = sum((low is None or low <= world.truth) and (high is None or world.truth <= high) for low, high in known)
    return f"{100 * rows / len(known):.1f}"


def worlds() -> Iterator[World]:
    """Every kind of interval."""
    yield share(CSAT)
    yield share(0.95)
    yield net_share()
    yield mean_of_answers()
    yield from map(mean_of_times, (0.8, 1.3))
    yield from map(quantile, (0.5, 0.9))
    yield median_with_open_ones()
    yield share_in_time_with_open_ones()
    yield from map(mean_order, (0.8, 1.3))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"| interval | {' | '.join(f'{n:,}' for n in ROWS)} |")
    print("| --- " * (len(ROWS) + 1) + "|")
    rng = np.random.default_rng(asked.seed)
    for world in worlds():
        shown = [coverage(world, rng, n, asked.samples if n < ROWS[-1] else asked.samples // 2) for n in ROWS]
        print(f"| {world.name} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
