"""How often the interval of what a segment could bring holds: `python tests/bench/opportunities.py`.

Shares of segments are drawn or fixed, rows are drawn from them, and each interval that is shown is held against what the segment lacks to the
median of the true shares. `first` is the one that a reader begins with: the largest of each sample, chosen by the same rows.
"""

import argparse
from collections.abc import Callable

import numpy as np
import polars as pl

from kpi_core.analysis.drivers.opportunities import of_dimension

WORLDS: dict[str, Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]]] = {
    ".6 .7 .8, 400 each": lambda _: (np.array([0.6, 0.7, 0.8]), np.full(3, 400)),
    "one weak of six, 150 each": lambda _: (np.array([0.55, *[0.7] * 5]), np.full(6, 150)),
    "one weak of six, 40 each": lambda _: (np.array([0.5, *[0.75] * 5]), np.full(6, 40)),
    "two weak of eight, 100 each": lambda _: (np.array([0.55, 0.6, 0.75, 0.75, 0.75, 0.78, 0.8, 0.8]), np.full(8, 100)),
    "three, about 150": lambda rng: spread(rng, 3, 150),
    "six, about 30": lambda rng: spread(rng, 6, 30),
    "six, about 600": lambda rng: spread(rng, 6, 600),
    "fifteen, about 30": lambda rng: spread(rng, 15, 30),
    "fifteen, about 150": lambda rng: spread(rng, 15, 150),
}


def spread(rng: np.random.Generator, segments: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Segments whose true shares spread by six points, of very unlike sizes."""
    sizes = np.maximum(5, (rows * rng.lognormal(0, 0.8, segments)).astype(int))
    return np.clip(rng.normal(0.75, 0.06, segments), 0.05, 0.98), sizes


def coverage(name: str, samples: int, seed: int) -> tuple[float, float, int]:
    """The share of shown intervals that hold, that of the first of each sample, and how many were shown."""
    rng = np.random.default_rng(seed)
    held, first = [], []
    for _ in range(samples):
        shares, sizes = WORLDS[name](rng)
        words = [str(place) for place, size in enumerate(sizes) for _ in range(size)]
        values = np.concatenate(
            [np.arange(size) < rng.binomial(size, share) for share, size in zip(shares, sizes, strict=True)]
        )
        found = sorted(
            of_dimension("group", pl.Series(words), pl.Series(values.astype(float)), 1.0), key=lambda one: -one.gain
        )
        lacking = (np.median(shares) - shares) * sizes / sizes.sum()
        inside = [one.low <= lacking[int(one.segment or 0)] <= one.high for one in found]
        held += inside
        first += inside[:1]
    return float(np.mean(held)), float(np.mean(first)), len(held)


def main() -> None:
    """Prints the shares world by world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for name in WORLDS:
        held, first, shown = coverage(name, asked.samples, asked.seed)
        print(f"{name:30} all {held:.1%} of {shown}, first {first:.1%}", flush=True)


if __name__ == "__main__":
    main()
