"""The days of segments: how much more their rows vary together than rows that know nothing of one another.

Mix and rate are two sums of rows, each with a series by day of its own: what the segments of a day's rows are worth, and how far
its values lie from those of their segments.
"""

import math
from collections.abc import Sequence

from kpi_core.stats.contrasts import Contrast, Daily, History, mean_change
from kpi_core.stats.mix_and_rate import INDEPENDENT, Effects


def effects(
    history: History, total: Daily, segments: Sequence[Daily], values: Sequence[tuple[float, float]]
) -> tuple[Effects, float]:
    """The design effects of mix and rate on both sides, and the degrees of freedom that days allow.

    Args:
        history: the days, with the places of both periods.
        total: the days of all rows.
        segments: those of each segment, which add up to it.
        values: the value of each segment before and after; where it has no rows on one side, the other's.
    """
    mixed, within = [0.0] * history.days, [0.0] * history.days
    squares = ([0.0] * history.days, [0.0] * history.days)
    for daily, (before, after) in zip(segments, values, strict=True):
        mean = (before + after) / 2
        for day, level in enumerate(_levels(daily, history)):
            rows, top = daily.rows[day], daily.tops[day]
            mixed[day] += mean * rows
            squares[0][day] += mean * mean * rows
            within[day] += top - level * rows
            squares[1][day] += daily.squares[day] - 2 * level * top + level * level * rows
    found = [
        mean_change(Daily(tops=tops, rows=total.rows, squares=about), history)
        for tops, about in zip((mixed, within), squares, strict=True)
    ]
    freedom = min(one.long_run.freedom(max(1.0, one.long_run.effect)) if one else math.inf for one in found)
    return Effects(weights=_of_sides(found[0]), rates=_of_sides(found[1])), freedom


def less(total: Daily, parts: Sequence[Daily]) -> Daily:
    """The days of all rows without those of some segments."""

    def left(every: Sequence[float], some: Sequence[Sequence[float]]) -> list[float]:
        return [all_ - math.fsum(own) for all_, *own in zip(every, *some, strict=True)]

    return Daily(
        tops=left(total.tops, [one.tops for one in parts]), rows=left(total.rows, [one.rows for one in parts]),
        squares=left(total.squares, [one.squares for one in parts]),
    )  # fmt: skip


def added(parts: Sequence[Daily]) -> Daily:
    """The days of several segments together."""

    def sums(some: Sequence[Sequence[float]]) -> list[float]:
        return [math.fsum(day) for day in zip(*some, strict=True)]

    return Daily(
        tops=sums([one.tops for one in parts]), rows=sums([one.rows for one in parts]),
        squares=sums([one.squares for one in parts]),
    )  # fmt: skip


def borrowed(whole: Contrast, part: Contrast) -> float:
    """The least design effect of a part of a whole, by its share of the rows."""
    share = min(math.fsum(part.rows) / math.fsum(whole.rows), 1.0)
    return 1 + max(0.0, whole.long_run.effect - 1) * share


def _levels(daily: Daily, history: History) -> list[float]:
    """A segment's own value on each day: one in the period, and one on all other days."""
    inside = range(*history.now.indices(history.days))
    tops, rows = [0.0, 0.0], [0.0, 0.0]
    for day in range(history.days):
        tops[day in inside] += daily.tops[day]
        rows[day in inside] += daily.rows[day]
    rest, now = (top / n if n else 0.0 for top, n in zip(tops, rows, strict=True))
    return [now if day in inside else rest for day in range(history.days)]


def _of_sides(found: Contrast | None) -> tuple[float, float]:
    """The design effects of the old side and the new one, by how many rows a day each has."""
    if found is None:
        return INDEPENDENT.weights
    own = max(1.0, found.long_run.effect)
    now, then = (1 + (own - 1) * (a_day / found.usual if found.usual else 1.0) for a_day in found.a_day)
    return then, now
