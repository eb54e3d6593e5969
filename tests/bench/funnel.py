"""How often limits are crossed where no group is any better than another, and where groups differ by themselves.

python tests/bench/funnel.py [--reports 2000] [--seed 1]

Prints the shares of groups beyond 95 and 99.8 % limits: of chance alone (plain), and as `kundpuls agents` draws them, which with ten
groups or more allows for how much groups differ. Then how often load and outcome are called together that are not.
"""

import argparse
import math
import random
from dataclasses import dataclass

from kpi_core.stats.comparisons.funnel import Stratum, Unit, allowance, even, is_beyond, reach
from kpi_core.stats.comparisons.together import together
from kpi_core.stats.p_values import benjamini_hochberg

KINDS = ((0.92, 0.35), (0.8, 0.3), (0.6, 0.2), (0.97, 0.15))
"""Kinds of tickets: the share of them that ends well, and of all tickets how many are of it."""


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """Shares of groups beyond 99.8 % limits and beyond 95 % ones, of reports in which groups are called unlike at 5 %, and of those that name any group with all looked at together."""

    plain: float
    judged: float
    plain95: float
    judged95: float
    uneven: float
    called: float


def drawn(
    rng: random.Random, *, groups: int, between: float, median: float = 80, spread_of_sizes: float = 0.8
) -> list[Unit]:
    """Groups of unlike size and mix, whose shares differ by a variance on the arcsine scale."""
    cells: list[list[tuple[int, int]]] = []
    for _ in range(groups):
        size = max(8, round(median * math.exp(rng.gauss(0, spread_of_sizes))))
        own = rng.gauss(0, math.sqrt(between))
        mix = [share * math.exp(rng.gauss(0, 0.7)) for _, share in KINDS]
        counts = [0] * len(KINDS)
        for kind in rng.choices(range(len(KINDS)), mix, k=size):
            counts[kind] += 1
        row = []
        for (chance, _), n in zip(KINDS, counts, strict=True):
            p = math.sin(min(max(math.asin(math.sqrt(chance)) + own, 0), math.pi / 2)) ** 2
            row.append((n, sum(rng.random() < p for _ in range(n))))
        cells.append(row)
    wholes = [(sum(row[kind][0] for row in cells), sum(row[kind][1] for row in cells)) for kind in range(len(KINDS))]
    return [
        Unit(strata=[Stratum(n, good, *whole) for (n, good), whole in zip(row, wholes, strict=True) if n])
        for row in cells
    ]


def crossed(rng: random.Random, *, reports: int, groups: int, between: float) -> Crossed:
    """How often groups lie beyond their limits in so many reports."""
    counts, asked, uneven, called_any = dict.fromkeys(("plain", "judged", "plain95", "judged95"), 0), 0, 0, 0
    for _ in range(reports):
        units = [one for one in drawn(rng, groups=groups, between=between) if one.variance]
        allowed = allowance(units)
        for confidence, suffix in ((0.998, ""), (0.95, "95")):
            counts[f"plain{suffix}"] += sum(one.is_outside(reach(confidence, 0.0, len(units))) for one in units)
        counts["judged"] += sum(allowed.is_outside(one, 0.998) for one in units)
        inner = [allowed.inner(one, 0.95, allowed.outer(one, 0.998)) for one in units]
        counts["judged95"] += sum(
            is_beyond(one.observed / one.n, limits) for one, limits in zip(units, inner, strict=True)
        )
        asked += len(units)
        stands = benjamini_hochberg([allowed.p(one) for one in units], 0.05)
        called_any += any(stand and allowed.is_outside(one, 0.998) for stand, one in zip(stands, units, strict=True))
        uneven += (even(units) or 1.0) < 0.05
    return Crossed(
        **{name: count / asked for name, count in counts.items()}, uneven=uneven / reports, called=called_any / reports
    )


def series(rng: random.Random, weeks: int, memory: float) -> list[float]:
    """Weeks that remember the one before, with a drift."""
    value, drift, found = rng.gauss(0, 1), rng.gauss(0, 0.05), []
    for week in range(weeks):
        value = memory * value + rng.gauss(0, math.sqrt(1 - memory**2))
        found.append(value + drift * week)
    return found


def called(rng: random.Random, *, reports: int, weeks: int, memory: float) -> float:
    """How often two series that have nothing to do with each other are reported to go together, at 5 %."""
    found = [together(series(rng, weeks, memory), series(rng, weeks, memory)) for _ in range(reports)]
    return sum(one is not None and one.p < 0.05 for one in found) / reports


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    for groups in (3, 6, 12, 25, 50, 200):
        for between in (0.0, 0.003, 0.01):
            found = crossed(rng, reports=asked.reports, groups=groups, between=between)
            print(
                f"{groups:>2} groups, between {between:<5}: 99.8 % plain {found.plain:.2%} judged {found.judged:.2%}; "
                f"95 % plain {found.plain95:.1%} judged {found.judged95:.1%}; uneven {found.uneven:.1%}; reports that name any {found.called:.1%}"
            )
    for weeks in (12, 20, 26, 52):
        for memory in (0.0, 0.4, 0.7):
            print(
                f"{weeks} weeks, memory {memory}: together {called(rng, reports=4 * asked.reports, weeks=weeks, memory=memory):.1%}"
            )


if __name__ == "__main__":
    main()
