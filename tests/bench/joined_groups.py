"""How often a channel that goes on is said to have ended or begun, and how often one that ended is found: `quality.coverage.joined_groups`.

python tests/bench/joined_groups.py [--desks 2000] [--seed 71] [--changes]
"""

import argparse
from datetime import date, timedelta

import numpy as np
import polars as pl

from kpi_core.quality.coverage.joined_groups import Whose, of_column

FIRST, SINCE, UNTIL = date(2026, 1, 1), date(2026, 8, 1), date(2026, 10, 1)
EXPORTS = {
    "within the month": date(2026, 9, 16),
    "2 days after": date(2026, 10, 2),
    "28 days after": date(2026, 10, 28),
}
SEASON = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.2, 0.1]) * 7 / 5.6
DESK = 20.0
"""Tickets a day of the desk whose groups change."""
OTHERS = 3
"""How many tickets the others have for one of the channel's, so that it is a quarter of all."""


def counts(chance: np.random.Generator, days: int, a_day: float, world: str) -> np.ndarray:
    """Tickets by day: Poisson (`iid`), or busy days in a row (`c5`, `c8`: φ of the log volume, sd 0.35) in clusters (k = 6)."""
    mean = a_day * SEASON[[(FIRST + timedelta(days=day)).weekday() for day in range(days)]]
    if world != "iid":
        phi, level = {"c5": 0.5, "c8": 0.8}[world], np.empty(days)
        level[0] = chance.normal()
        for day in range(1, days):
            level[day] = phi * level[day - 1] + np.sqrt(1 - phi**2) * chance.normal()
        mean = chance.gamma(6, mean * np.exp(0.35 * level - 0.35**2 / 2) / 6)
    return chance.poisson(mean)


def found(
    chance: np.random.Generator, monthly: float, world: str, export: date, ends: date | None
) -> tuple[bool, bool]:
    """Whether a channel of so many tickets a month is found, and as one that nobody took over; it has none from `ends` on."""
    days = (export - FIRST).days
    own = counts(chance, days, monthly / 30.4, world)
    if ends is not None:
        own[(ends - FIRST).days :] = 0
    others = counts(chance, days, monthly / 30.4 * OTHERS, world)
    rows = [(FIRST + timedelta(days=day), name, int(tops[day])) for name, tops in (("Chat", own), ("Mail", others))
            for day in range(days) if tops[day]]  # fmt: skip
    frame = pl.DataFrame(rows, schema={"day": pl.Date, "name": pl.String, "len": pl.UInt32}, orient="row")
    changes = [one for one in of_column("channel", frame, SINCE, UNTIL) if one.name == "Chat"]
    return bool(changes), any(one.is_new for one in changes)


def desk(chance: np.random.Generator, world: str, groups: int, days: int) -> np.ndarray:
    """Tickets of each group by day, twenty a day in all; busy days are busy for all groups."""
    level = counts(chance, days, DESK, world) if world != "iid" else None
    if level is None:
        return np.array([counts(chance, days, DESK / groups, world) for _ in range(groups)])
    return np.array([chance.multinomial(all_, [1 / groups] * groups) for all_ in level]).T


def changed(chance: np.random.Generator, tickets: np.ndarray, how: str, place: int) -> np.ndarray:
    """The same with the last group changed from a day on: gone or there only since (`comes`), under another name, as part of the first (`merged`)
    or of all others (`dealt`), or six in ten of its tickets in a new one (`split`)."""
    found, last = tickets.copy(), len(tickets) - 1
    if how == "comes":
        found[last, :place] = 0
        return found
    moved = chance.binomial(tickets[last, place:], 0.6 if how == "split" else 1.0)
    found[last, place:] -= moved
    if how in ("renamed", "split"):
        return np.vstack([found, [*[0] * place, *moved]])
    if how == "merged":
        found[0, place:] += moved
    if how == "dealt":
        found[:last, place:] += np.array([chance.multinomial(one, [1 / last] * last) for one in moved]).T
    return found


def said(tickets: np.ndarray) -> str:
    """What is said of a desk: the gravest of its groups."""
    rows = [(FIRST + timedelta(days=day), f"G{name}", int(count)) for name, group in enumerate(tickets)
            for day, count in enumerate(group) if count]  # fmt: skip
    frame = pl.DataFrame(rows, schema={"day": pl.Date, "name": pl.String, "len": pl.UInt32}, orient="row")
    whose = {one.whose for one in of_column("group", frame, SINCE, UNTIL)}
    return next((one.value for one in (Whose.NOBODYS, Whose.UNKNOWN, Whose.OTHERS) if one in whose), "nothing")


def tell_changes(desks: int, seed: int) -> None:
    """Prints for each world, number of groups and change how many desks of a hundred are said to have lost tickets (or won them), that this cannot be told, and that they moved."""
    days = (EXPORTS["28 days after"] - FIRST).days
    for world in ("iid", "c5", "c8"):
        for groups in (3, 5):
            for how in ("nothing", "gone", "comes", "renamed", "merged", "split", "dealt"):
                shares = []
                for on in (date(2026, 9, 1), date(2026, 9, 10)):
                    chance = np.random.default_rng(seed)
                    found = []
                    for _ in range(desks):
                        tickets = desk(chance, world, groups, days)
                        found.append(said(tickets if how == "nothing" else changed(chance, tickets, how, (on - FIRST).days)))  # fmt: skip
                    shares += [f"{found.count(one) / desks:.0%}" for one in (Whose.NOBODYS, Whose.UNKNOWN, Whose.OTHERS)]  # fmt: skip
                print(world, groups, how, *shares, flush=True)


def main() -> None:
    """Prints for each world, size and export the shares of channels that are found, of those that go on and of those that end on 10 September."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=71)
    parser.add_argument("--changes", action="store_true", help="groups renamed, merged and split instead")
    asked = parser.parse_args()
    if asked.changes:
        tell_changes(asked.desks, asked.seed)
        return
    chance = np.random.default_rng(asked.seed)
    for world in ("iid", "c5", "c8"):
        for monthly in (5, 20, 60, 300):
            shares = []
            for export in EXPORTS.values():
                alive = [found(chance, monthly, world, export, None) for _ in range(asked.desks)]
                ended = [found(chance, monthly, world, export, date(2026, 9, 10)) for _ in range(asked.desks // 10)]
                shares += [f"{np.mean([one for one, _ in alive]):.2%}", f"{np.mean([one for one, _ in ended]):.1%}", f"{np.mean([new for _, new in ended]):.1%}"]  # fmt: skip
            print(world, monthly, *shares, flush=True)


if __name__ == "__main__":
    main()
