"""How many pairs of instants a second get their open time, next to a search for the opening of every instant.

    python tests/bench/business_time.py [--pairs 5000000] [--runs 5] [--calendar se]

Both ways start from two columns of instants over four years and must agree before a time means anything. The calendar
is laid out beforehand and that is timed by itself. Figures are the best of the runs, in wall and in processor time:
on a machine that does other things only the second says much.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl

from kpi_core.calendars import OpenTime, cumulative, find_calendar

FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)


def columns(pairs: int) -> tuple[pl.Series, pl.Series]:
    """Openings spread over the years in no order, and closings some hours to some weeks later, a tenth of them null."""
    chance = random.Random(7)
    start = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp()) * 1000
    span = (LAST - FIRST).days * 86_400_000
    block = min(pairs, 100_000)
    since = pl.Series([start + chance.randrange(span) for _ in range(block)])
    lasted = pl.Series([None if chance.random() < 0.1 else int(chance.lognormvariate(18, 1.8)) for _ in range(block)])
    times = -(-pairs // block)
    # Repeated blocks are moved by a minute each, so that no two rows meet the same cells in the same order.
    since = pl.concat([since + 60_000 * step for step in range(times)]).head(pairs)
    until = since + pl.concat([lasted] * times).head(pairs)
    return since.cast(pl.Datetime("ms")), until.cast(pl.Datetime("ms"))


def best(call: Callable[[], object], runs: int) -> tuple[float, float]:
    """The least wall and processor seconds of some runs."""
    spent = []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        call()
        spent.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(wall for wall, _ in spent), min(processor for _, processor in spent)


def main() -> None:
    """Times each way and prints a row for it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pairs", type=int, default=5_000_000)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--calendar", default="se", help="a name, or a path to YAML")
    options = asked.parse_args()

    calendar = find_calendar(options.calendar)
    since, until = columns(options.pairs)
    begun = time.perf_counter()
    grid = OpenTime(calendar, FIRST, LAST, is_utc=True)
    first = grid.between(since, until)
    print(f"laid out and met for the first time in {time.perf_counter() - begun:.2f} s")

    show("grid", lambda: grid.between(since, until), options)
    show("add", lambda: grid.add(since, 8 * 3600), options)
    cumulative.MOST_CELLS = 0
    searched = OpenTime(calendar, FIRST, LAST, is_utc=True)
    if not searched.between(since, until).equals(first):
        sys.exit("the grid and the search do not agree")
    show("search", lambda: searched.between(since, until), options)


def show(name: str, call: Callable[[], object], options: argparse.Namespace) -> None:
    """Prints how fast `call` does all pairs."""
    wall, processor = best(call, options.runs)
    print(
        f"{name:>8} {options.pairs / wall / 1e6:8.1f} M/s wall {options.pairs / processor / 1e6:8.1f} M/s a processor"
    )


if __name__ == "__main__":
    main()
