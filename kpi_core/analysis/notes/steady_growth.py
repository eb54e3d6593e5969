"""A backlog that has grown for months on end: each month is like those before it, so that no verdict sees what they add up to."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import comb

from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.periods import Grain
from kpi_core.model.report import KpiResult, Query

CODE = "steady-backlog"
BY_CHANCE = 0.01
"""How likely so many steps one way may be of a backlog that goes up as often as down, and still be worth a word."""


def steady_growth(results: Sequence[KpiResult], query: Query) -> Iterator[Finding]:
    """The note on a backlog that rose, or fell, in nearly all the periods of the trend: a count, and no verdict.

    A verdict asks whether the period differs from those before it, which it does not where all of them grow alike.
    """
    found = next((one for one in results if one.kpi.known_as == "backlog" and not one.group), None)
    if found is None or len(found.trend) != len(query.trend) or not query.trend or query.trend[-1] != query.period:
        return
    values = [one.value for one in found.trend]
    known = [value for value in values[_begun(values) :] if value is not None]
    if len(known) < len(values) - _begun(values) or len(known) < 2:
        return
    rises, falls = (sum(sign * (new - old) > 0 for old, new in pairwise(known)) for sign in (1, -1))
    steps, most = len(known) - 1, max(rises, falls)
    if _as_many(most, steps) >= BY_CHANCE:
        return
    text = _message(steps, known[0], known[-1], rises, falls, is_of_months=query.grain is Grain.MONTH)
    yield Finding(code=CODE, message=text, kpis=("backlog",))


def _begun(values: Sequence[float | None]) -> int:
    """The place of the first value."""
    return next((place for place, value in enumerate(values) if value is not None), len(values))


def _as_many(most: int, steps: int) -> float:
    """How often so many steps or more go one way of themselves, of those that go either way alike."""
    return sum(comb(steps, count) for count in range(most, steps + 1)) / 2**steps if steps else 1.0


def _message(steps: int, first: float, last: float, rises: int, falls: int, *, is_of_months: bool) -> Message:
    if rises > falls:
        return Message(
            "backlog-grows-months" if is_of_months else "backlog-grows-periods",
            count=rises, steps=steps, first=first, last=last,
        )  # fmt: skip
    return Message(
        "backlog-shrinks-months" if is_of_months else "backlog-shrinks-periods",
        count=falls, steps=steps, first=first, last=last,
    )  # fmt: skip
