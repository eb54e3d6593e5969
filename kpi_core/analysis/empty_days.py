"""Days that should have rows and have none: how many their weekdays have in the middle of all weeks, and what chance would leave empty."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

STEADY = 0.8
"""A weekday is expected to have rows when it has some in four weeks of five."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Days in a row without a row, from the first to the last of those that should have some; `usual` is how many, together."""

    first: date
    last: date
    days: int
    usual: float

    @property
    def length(self) -> int:
        """Days from the first to the last, whether rows are expected on them or not."""
        return (self.last - self.first).days + 1


def empty_stretches(
    counts: Mapping[date, int], until: date, by_chance: float, is_closed: Callable[[date], bool] | None = None
) -> Iterator[Stretch]:
    """The stretches of empty days, from the first day with a row to `until`, that chance would leave in so long a table less often than `by_chance`.

    `is_closed` names days on which nothing is expected.
    """
    if not counts:
        return
    first = min(counts)
    span = [first + timedelta(days=place) for place in range((max(until, *counts) - first).days + 1)]
    usual = _usual(span, counts, is_closed)
    for empty in _runs(span, counts):
        run = [day for day in empty if usual.get(day)]
        lost = math.fsum(usual[day] for day in run)
        # Poisson: the chance of no rows where so many are usual, at any of the places the stretch could begin.
        if run and len(span) * math.exp(-lost) < by_chance:
            yield Stretch(first=run[0], last=run[-1], days=len(run), usual=lost)


def _usual(
    span: Sequence[date], counts: Mapping[date, int], is_closed: Callable[[date], bool] | None
) -> dict[date, float]:
    """The rows of each day that should have some."""
    open_ = [day for day in span if is_closed is None or not is_closed(day)]
    by_weekday = [[counts.get(day, 0) for day in open_ if day.weekday() == weekday] for weekday in range(7)]
    middle = [
        float(median(held)) if held and sum(map(bool, held)) >= STEADY * len(held) else 0.0 for held in by_weekday
    ]
    return {day: middle[day.weekday()] for day in open_ if middle[day.weekday()]}


def _runs(span: Sequence[date], counts: Mapping[date, int]) -> Iterator[list[date]]:
    """Days without a row, gathered into stretches."""
    run: list[date] = []
    for day in span:
        if not counts.get(day):
            run.append(day)
        elif run:
            yield run
            run = []
    if run:
        yield run
