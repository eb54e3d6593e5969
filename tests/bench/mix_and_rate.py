"""How often the intervals of mix and rate hold the truth, how often chance makes a segment stand out, and which dimension is named.

    python tests/bench/mix_and_rate.py [--draws 1000] [--seed 1]

Rows that know nothing of one another first, then desks whose days go together: the volume, the mix and the level of a day follow the
day before (AR(1), 0.8). Prints the coverage in per cent of both parts, and how much wider than the truth varies they are.
"""

import argparse
import math

import numpy as np

from kpi_core.analysis.why.answer import Kind
from kpi_core.analysis.why.days import Days
from kpi_core.analysis.why.dimensions import dealt, ranked
from kpi_core.analysis.why.strata import Group
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import EMPTY
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult
from kpi_core.stats.contrasts import Daily, History
from kpi_core.stats.mix_and_rate import Stratum, split, spreads
from kpi_core.stats.segment_days import effects

DAYS, MONTH = 304, 30
WORLDS = {
    "alike": ([0.35, 0.25, 0.2, 0.12, 0.08], [0.8] * 5, [0.35, 0.25, 0.2, 0.12, 0.08], [0.8] * 5),
    "apart": ([0.35, 0.25, 0.2, 0.12, 0.08], [0.9, 0.8, 0.75, 0.6, 0.5], [0.35, 0.25, 0.2, 0.12, 0.08], [0.9, 0.8, 0.75, 0.6, 0.5]),
    "moved": ([0.35, 0.25, 0.2, 0.12, 0.08], [0.9, 0.8, 0.75, 0.6, 0.5], [0.2, 0.25, 0.2, 0.2, 0.15], [0.9, 0.8, 0.6, 0.6, 0.5]),
    "two": ([0.6, 0.4], [0.8, 0.7], [0.5, 0.5], [0.7, 0.7]),
    "twelve": ([0.2, 0.15, 0.12, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02, 0.02], [0.9, 0.8, 0.7, 0.85, 0.6, 0.75, 0.8, 0.7, 0.9, 0.5, 0.8, 0.6],
               [0.2, 0.15, 0.12, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02, 0.02], [0.9, 0.8, 0.7, 0.85, 0.6, 0.75, 0.8, 0.7, 0.9, 0.5, 0.8, 0.6]),
}  # fmt: skip
"""Weights and shares of the segments before and after."""


def rows(rng: np.random.Generator, weights: list[float], shares: list[float], n: int) -> list[Stratum]:
    """`n` rows dealt to segments, each satisfied or not."""
    counts = rng.multinomial(n, weights)
    return [Stratum(n=int(count), total=float(k := rng.binomial(count, share)), squares=float(k)) for count, share in zip(counts, shares, strict=True)]  # fmt: skip


def truth(world: str) -> tuple[float, float]:
    """Mix and rate of a world without chance."""
    weights0, shares0, weights1, shares1 = WORLDS[world]
    sides = [[Stratum(n=w, total=w * r) for w, r in zip(*side, strict=True)] for side in ((weights0, shares0), (weights1, shares1))]  # fmt: skip
    found = split(*sides)
    return found.mix, found.rate


def independent(rng: np.random.Generator, world: str, n: int, draws: int) -> str:
    """Coverage with rows that know nothing of one another."""
    true, kept = truth(world), [0, 0]
    weights0, shares0, weights1, shares1 = WORLDS[world]
    for _ in range(draws):
        old, new = rows(rng, weights0, shares0, n), rows(rng, weights1, shares1, n)
        found = split(old, new)
        for place, (spread, value) in enumerate(zip(spreads(old, new), (found.mix, found.rate), strict=True)):
            low, high = spread.bounds(value, 0.95)
            kept[place] += low <= true[place] <= high
    return "  ".join(f"{100 * count / draws:5.1f}" for count in kept)


def wave(rng: np.random.Generator, phi: float, deviation: float) -> np.ndarray:
    """Days that follow the day before, of a given standard deviation."""
    steps = rng.normal(0, deviation * math.sqrt(1 - phi**2), DAYS)
    found = np.empty(DAYS)
    found[0] = rng.normal(0, deviation)
    for day in range(1, DAYS):
        found[day] = phi * found[day - 1] + steps[day]
    return found


def history() -> History:
    """Ten months, the last against the one before."""
    return History(
        kinds=[day % 7 for day in range(DAYS)],
        now=slice(DAYS - MONTH, DAYS),
        then=slice(DAYS - 2 * MONTH, DAYS - MONTH),
    )


def desk(rng: np.random.Generator, world: str, n: int, phi: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows and satisfied rows by segment and day; a month has about `n`."""
    weights0, shares0, weights1, shares1 = (np.array(one) for one in WORLDS[world])
    volume = np.exp(wave(rng, phi, 0.25))
    mood = wave(rng, phi, 0.3)
    tilts = np.stack([wave(rng, phi, 0.25) for _ in weights0])
    counts, sums = np.zeros((len(weights0), DAYS)), np.zeros((len(weights0), DAYS))
    for day in range(DAYS):
        is_new = day >= DAYS - MONTH
        weight = (weights1 if is_new else weights0) * np.exp(tilts[:, day])
        share = shares1 if is_new else shares0
        week = 1.3 if day % 7 < 5 else 0.25
        counts[:, day] = rng.poisson(n / MONTH * week * volume[day] * weight / weight.sum())
        logit = np.log(share / (1 - share)) + mood[day]
        sums[:, day] = rng.binomial(counts[:, day].astype(int), 1 / (1 + np.exp(-logit)))
    return counts, sums


def strata(counts: np.ndarray, sums: np.ndarray, days: slice) -> list[Stratum]:
    """The segments of some days."""
    return [Stratum(n=float(count), total=float(k), squares=float(k)) for count, k in zip(counts[:, days].sum(1), sums[:, days].sum(1), strict=True)]  # fmt: skip


def series(counts: np.ndarray, sums: np.ndarray) -> Daily:
    """The days of a segment."""
    return Daily(tops=sums.tolist(), rows=counts.tolist(), squares=sums.tolist())


def dependent(rng: np.random.Generator, world: str, n: int, phi: float, draws: int) -> str:
    """Coverage where days go together; the truth is the average of ten times as many desks."""
    seen, known = history(), []
    bounds = []
    for _ in range(draws):
        counts, sums = desk(rng, world, n, phi)
        old, new = strata(counts, sums, seen.then), strata(counts, sums, seen.now)
        found = split(old, new)
        values = [(before.rate or 0.0, after.rate or 0.0) for before, after in zip(old, new, strict=True)]
        daily = [series(*one) for one in zip(counts, sums, strict=True)]
        how, freedom = effects(seen, series(counts.sum(0), sums.sum(0)), daily, values)
        known.append((found.mix, found.rate))
        bounds.append([spread.bounds(value, 0.95) for spread, value in zip(spreads(old, new, how, freedom), known[-1], strict=True)])  # fmt: skip
    true = np.mean(known, axis=0)
    kept = [np.mean([one[place][0] <= true[place] <= one[place][1] for one in bounds]) for place in range(2)]
    return "  ".join(f"{100 * share:5.1f}" for share in kept)


class Drawn(Days):
    """The days of a drawn desk in the place of an engine's."""

    def __init__(self, counts: np.ndarray, sums: np.ndarray) -> None:
        self.kpi = BY_NAME["csat"]
        self.daily = [series(*one) for one in zip(counts, sums, strict=True)]
        self.__dict__.update(_span=True, _history=history(), _total=series(counts.sum(0), sums.sum(0)))

    def _of(self, dimension: str, group: str | None) -> Daily | None:  # noqa: ARG002 - as an engine is asked
        return self.daily[int(group or 0)]


def standing_out(rng: np.random.Generator, n: int, phi: float, draws: int) -> float:
    """How often anything of three dimensions stands out where nothing changed, as `why` finds it."""
    false = 0
    shown = KpiResult(kpi=BY_NAME["csat"], period=Period(None, None), group={}, estimate=EMPTY)
    for _ in range(draws):
        found = []
        for world in ("apart", "alike", "twelve"):
            counts, sums = desk(rng, world, n, phi)
            sides = [strata(counts, sums, days) for days in (history().then, history().now)]
            groups = [Group(name=str(place), result=shown, old=old, new=new) for place, (old, new) in enumerate(zip(*sides, strict=True))]  # fmt: skip
            found.append(dealt(world, groups, Kind.RATES, Drawn(counts, sums), 0.95))
        false += any(one.stands for one in ranked(found, Kind.RATES, 0.05))
    return 100 * false / draws


def _p(t: float, freedom: float) -> float:
    from kpi_core.stats import student_t

    return student_t.two_sided(t, freedom)


DIMENSIONS = {
    "type": [0.3, 0.25, 0.2, 0.12, 0.08, 0.05], "group": [0.4, 0.3, 0.2, 0.1], "channel": [0.6, 0.3, 0.1],
    "priority": [0.7, 0.2, 0.07, 0.03], "product": [1 / 8] * 8, "pair": [0.9, 0.1],
}  # fmt: skip
"""Shares of the groups of six dimensions; `group` goes with `type` for three tickets in five."""
PLANTED = (("type", 0, 0.2), ("type", 3, 0.25), ("channel", 1, 0.2), ("product", 2, 0.3), ("priority", 1, 0.25))
"""In which group of which dimension a share of 0.78 falls by how much."""


def naming(rng: np.random.Generator, n: int, draws: int) -> str:
    """How often the planted dimension is named: by the entropy of the contributions, by it next to the sizes, and by tests."""
    shown = []
    for dimension, group, fall in PLANTED:
        right = [0, 0, 0]
        for _ in range(draws):
            sides = [_tickets(rng, n, (dimension, group, fall if is_new else 0.0)) for is_new in (False, True)]
            scores = {name: _scores(*([_of(side, name) for side in sides])) for name in DIMENSIONS}
            for place in range(3):
                right[place] += min(scores, key=lambda name: scores[name][place]) == dimension
        shown.append("/".join(f"{100 * count / draws:.0f}" for count in right))
    return "  ".join(shown)


def _tickets(
    rng: np.random.Generator, n: int, planted: tuple[str, int, float]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The groups of `n` tickets, and whether each is satisfied."""
    kept = {name: rng.choice(len(shares), size=n, p=shares) for name, shares in DIMENSIONS.items()}
    kept["group"] = np.where(rng.random(n) < 0.6, np.minimum(kept["type"], 3), kept["group"])
    share = 0.78 + 0.06 * np.sin(kept["type"] * 2) + 0.05 * np.sin(kept["channel"] * 3)
    dimension, group, fall = planted
    return kept, rng.random(n) < share - fall * (kept[dimension] == group)


def _of(side: tuple[dict[str, np.ndarray], np.ndarray], name: str) -> list[Stratum]:
    kept, good = side
    counts = np.bincount(kept[name], minlength=len(DIMENSIONS[name]))
    sums = np.bincount(kept[name], weights=good, minlength=len(DIMENSIONS[name]))
    return [Stratum(n=float(n), total=float(k), squares=float(k)) for n, k in zip(counts, sums, strict=True)]


def _scores(old: list[Stratum], new: list[Stratum]) -> tuple[float, float, float]:
    """What a dimension is chosen by in three ways, the least first."""
    contributions = np.abs([part.sum for part in split(old, new).parts])
    shares = contributions / max(contributions.sum(), 1e-12)
    sizes = np.array([(one.n + other.n) / 2 for one, other in zip(old, new, strict=True)])
    known = shares > 0
    entropy = -(shares[known] * np.log(shares[known])).sum()
    others = (shares[known] * np.log(shares[known] / (sizes / sizes.sum())[known])).sum()
    return entropy, -others, _least(old, new)


def _least(old: list[Stratum], new: list[Stratum]) -> float:
    """The least p-value of a group's change against that of all others, times their number."""
    found = []
    for place in range(len(old)):
        cells = [[side[place] for side in (old, new)], [_sum(side, place) for side in (old, new)]]
        if min(one.n for pair in cells for one in pair) < 5:
            continue
        change, variance = 0.0, 0.0
        for sign, pair in zip((1, -1), cells, strict=True):
            share = (sum(one.total for one in pair) + 1) / (sum(one.n for one in pair) + 2)
            variance += share * (1 - share) * sum(1 / one.n for one in pair)
            change += sign * ((pair[1].rate or 0.0) - (pair[0].rate or 0.0))
        found.append(_p(change / math.sqrt(variance), math.inf))
    return min(found) * len(found)


def _sum(side: list[Stratum], but: int) -> Stratum:
    rest = [one for place, one in enumerate(side) if place != but]
    return Stratum(n=sum(one.n for one in rest), total=sum(one.total for one in rest))


def main() -> None:
    """Prints the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    rng = np.random.default_rng(given.seed)
    print("independent rows: coverage of mix, of rate")
    for world in WORLDS:
        for n in (60, 150, 300, 1_000):
            print(f"  {world:8} n {n:5}  {independent(rng, world, n, given.draws)}", flush=True)
    print("days that go together: coverage of mix, of rate")
    for phi in (0.0, 0.5, 0.8):
        for world in ("apart", "moved", "twelve"):
            for n in (300, 1_000, 3_000):
                result = dependent(rng, world, n, phi, given.draws // 2)
                print(f"  {world:8} n {n:5} AR {phi}  {result}", flush=True)
    print("the planted dimension is named, of six: by entropy / entropy next to the sizes / tests, for five changes")
    for n in (200, 600, 2_000):
        print(f"  n {n:5}  {naming(rng, n, given.draws // 4)}", flush=True)
    print("nothing changed: reports with anything standing out, of three dimensions")
    for phi in (0.0, 0.8):
        for n in (300, 1_000):
            print(f"  n {n:5} AR {phi}  {standing_out(rng, n, phi, given.draws // 5):5.1f}", flush=True)


if __name__ == "__main__":
    main()
