"""Days that should have rows and have none: how many their weekdays have, and what chance would leave empty."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median

from kpi_core.quality.coverage.days_off import is_day_off, is_day_off_anywhere
from kpi_core.records import dataclass

STEADY = 0.8
"""A weekday is expected to have rows when it has some in four weeks of five."""
WEEK = timedelta(days=7)
LONG = 5
"""Days from the first to the last of a stretch, below which it is judged by how much busy and quiet days differ around it."""
NEAR = 4
"""Weeks with rows on each side of a day of a short stretch, which show how many it should have."""
TOGETHER = 0.05
"""How likely one short stretch may be by itself, and still be called empty together with others."""
MONTH = 5
"""The most of one weekday that a month has: one that is lacking for longer is a day of rest by now."""
SATURDAY = 5


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
    counts: Mapping[date, int],
    until: date,
    by_chance: float,
    is_closed: Callable[[date], bool] | None = None,
    clustered: float = 0.0,
) -> list[Stretch]:
    """The stretches of empty days, from the first day with a row to `until`, that chance would leave in so long a table less often than `by_chance`.

    `is_closed` names days on which nothing is expected; without it these are the days that a calendar shipped here
    closes (of short stretches also those that other countries keep), and a day between two on which the table rests. `clustered` is the least by which days are taken to differ (the
    square of their spread over their mean, apart from chance) where a stretch is short.
    """
    if not counts:
        return []
    table = _Table(counts, until, is_closed)
    long: list[Stretch] = []
    short: list[tuple[float, Stretch]] = []
    spread = max(clustered, table.spread)
    for run in table.runs():
        whole = _stretch(run, table.usual)
        if whole.length >= LONG:
            # Poisson: the chance of no rows where so many are usual, at any of the places the stretch could begin.
            long += [whole] if len(table.span) * math.exp(-whole.usual) < by_chance else []
        elif days := table.certain(run):
            one = _stretch(days, {day: table.near(day) for day in days})
            short.append((len(table.span) * _none(one.usual, spread), one))
    return sorted(long + _beyond(short, by_chance), key=lambda one: one.first)


def _stretch(days: Sequence[date], usual: Mapping[date, float]) -> Stretch:
    return Stretch(first=days[0], last=days[-1], days=len(days), usual=math.fsum(usual[day] for day in days))


def _none(usual: float, spread: float) -> float:
    """The chance of no rows where so many are usual: negative binomial, the days of the stretch as quiet as each other."""
    return math.exp(-math.log1p(usual * spread) / spread if spread > 0 else -usual)


def _beyond(short: Sequence[tuple[float, Stretch]], by_chance: float) -> list[Stretch]:
    """The most of the short stretches, the least likely first, of which chance would leave as many.

    Each is given with how many as unlikely are to be expected: chance leaves s where λ are expected at most λ^s/s! often.
    """
    ranked = sorted(short, key=lambda one: one[0])
    found = 0
    for place, (expected, _) in enumerate(ranked, start=1):
        if expected < TOGETHER and expected**place / math.factorial(min(place, 100)) < by_chance:
            found = place
    return [one for _, one in ranked[:found]]


class _Table:
    """The days of a table, from the first with a row on, and what is usual on each."""

    def __init__(self, counts: Mapping[date, int], until: date, is_closed: Callable[[date], bool] | None) -> None:
        first = min(counts)
        self.counts = counts
        self.until = until
        self.is_closed = is_closed
        self.span = [first + timedelta(days=place) for place in range((max(until, *counts) - first).days + 1)]
        open_ = [day for day in self.span if is_closed is None or not is_closed(day)]
        self._open_days = [[day for day in open_ if day.weekday() == weekday] for weekday in range(7)]
        self._with_rows = [[day for day in dates if counts.get(day)] for dates in self._open_days]
        middle = self._middles()
        self.usual = {day: middle[day.weekday()] for day in open_ if middle[day.weekday()]}
        self._rests = [not usual for usual in middle]
        self._most = max(counts.values())

    def _middles(self) -> list[float]:
        """The rows that each weekday has in the middle of all weeks; 0 where it often has none."""
        pairs = list(zip(self._open_days, self._with_rows, strict=True))
        steady = [bool(dates) and len(some) >= STEADY * len(dates) for dates, some in pairs]
        found = []
        for weekday, (dates, some) in enumerate(pairs):
            if steady[weekday]:
                found.append(float(median(self.counts.get(day, 0) for day in dates)))
            elif weekday < SATURDAY and sum(steady[:SATURDAY]) == SATURDAY - 1 and self._breaks_off(dates, len(some)):
                found.append(float(median(self.counts[day] for day in some)))
            else:
                found.append(0.0)
        return found

    def _breaks_off(self, dates: Sequence[date], some: int) -> bool:
        """Whether the one working day of the week that is not steady lacks a month at most, in a row, after weeks with rows."""
        if some < NEAR:
            return False
        kept = [day for day in dates if self.is_closed is not None or not is_day_off(day)]
        kinds = [(has, len(list(days))) for has, days in groupby(kept, lambda day: bool(self.counts.get(day)))]
        return [has for has, _ in kinds] in ([True, False], [True, False, True]) and kinds[1][1] <= MONTH

    @cached_property
    def spread(self) -> float:
        """How much more than by chance the days with rows differ from those a week later: 1 over the shape of a negative binomial."""
        pairs = [
            (self.counts[one], self.counts[other]) for days in self._with_rows for one, other in pairwise(days)
            if one in self.usual
        ]  # fmt: skip
        squares = math.fsum(((one + other) / 2) ** 2 for one, other in pairs)
        more = math.fsum((one - other) ** 2 / 2 - (one + other) / 2 for one, other in pairs)
        return max(more / squares, 0.0) if squares else 0.0

    def runs(self) -> Iterator[list[date]]:
        """Stretches of days without a row, those of them on which rows are expected."""
        for is_empty, days in groupby(self.span, lambda day: not self.counts.get(day)):
            run = [day for day in days if is_empty and day in self.usual]
            # What is kept where is asked only where it may matter: the lists of it take time to read.
            if len(self.span) * math.exp(-len(run) * self._most) < TOGETHER:
                run = [day for day in run if not self._is_off(day, is_day_off)]
                if run:
                    yield run

    def _is_off(self, day: date, is_kept: Callable[[date], bool]) -> bool:
        """Whether nothing need be on a day, where there is no calendar: it is kept, or lies between two days of rest."""
        if self.is_closed is not None:
            return False
        return is_kept(day) or all(
            self._rests[neighbour.weekday()] or is_kept(neighbour)
            for neighbour in (day - timedelta(days=1), day + timedelta(days=1))
        )

    def certain(self, run: Sequence[date]) -> list[date]:
        """The days of a short stretch that are over, without those on which a desk may just not have worked."""
        return [
            day for day in run
            if day < self.until
            and (day.weekday() < SATURDAY or self._is_worked(day))
            and not self._is_off(day, is_day_off_anywhere)
        ]  # fmt: skip

    def _is_worked(self, day: date) -> bool:
        """Whether a day of a weekend has rows in the weeks before and after, or the calendar says that it is open."""
        return self.is_closed is not None or all(self.counts.get(other) for other in (day - WEEK, day + WEEK))

    def near(self, day: date) -> float:
        """What the weekday has in the weeks before, or in those after where that is less."""
        some = self._with_rows[day.weekday()]
        before = [self.counts[other] for other in some if other < day][-NEAR:]
        after = [self.counts[other] for other in some if other > day][:NEAR]
        return min((float(median(side)) for side in (before, after) if side), default=0.0)
