"""Whether a target will be reached in time: by the straight line from its start, and by where the recent periods lead."""

from datetime import date, timedelta

from kpi_core.analysis.goals.answer import Pace, State
from kpi_core.analysis.goals.projection import FEWEST, Projection, projected
from kpi_core.analysis.targets import is_better
from kpi_core.analysis.trend import Trend
from kpi_core.model.estimates import Estimate
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.measures import Count, Difference, Stock, Sum
from kpi_core.model.periods import Grain, Period

RECENT = 12
"""Periods that the recent trend rests on at most."""
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30.4, Grain.QUARTER: 91.3, Grain.YEAR: 365.2}
"""How long a step is, in days."""


def pace_of(kpi: Kpi, goal: Goal, estimate: Estimate, trend: Trend | None, period: Period, confidence: float) -> Pace:
    """The pace of a target whose deadline lies behind the period's end.

    A value is taken to be that of the middle of its period, a stock that of its end. The line runs from `start` on the day `since`
    to the target on the deadline; without a start it is the value of the period before that day. Where line and trend contradict each
    other nothing is reported.
    """
    assert goal.deadline is not None
    assert period.end is not None
    start = goal.start if goal.start is not None else _start_in(trend, goal)
    due = _due(kpi, goal, start, period)
    by_line = None if due is None else _reaches(kpi, estimate, due)
    ahead, recent = _ahead(kpi, goal, trend, confidence)
    by_trend = None if ahead is None else _side(kpi, ahead.low, ahead.high, goal.value)
    verdicts = {one for one in (by_line, by_trend) if one is not None}
    state = State.CANNOT_TELL if len(verdicts) != 1 else State.ON_PACE if verdicts == {True} else State.OFF_PACE
    return Pace(start=start, due=due, by_line=by_line, by_trend=by_trend, ahead=ahead, recent=recent, state=state)


def _start_in(trend: Trend | None, goal: Goal) -> float | None:
    """The value of the last period that ended before the work began."""
    if trend is None or goal.since is None:
        return None
    before = [
        estimate.value
        for period, estimate in zip(trend.periods, trend.estimates, strict=True)
        if period.end is not None and period.end <= goal.since
    ]
    return before[-1] if before else None


def _due(kpi: Kpi, goal: Goal, start: float | None, period: Period) -> float | None:
    """Where the line is in a period; None before it begins, and where it runs away from what is better."""
    if start is None or goal.since is None or goal.deadline is None or not is_better(kpi, goal.value, start):
        return None
    passed = (_moment(kpi, period) - goal.since).days
    if passed <= 0:
        return None
    return start + (goal.value - start) * min(passed / (goal.deadline - goal.since).days, 1.0)


def _moment(kpi: Kpi, period: Period) -> date:
    """The day that a period's value stands for."""
    assert period.start is not None
    assert period.end is not None
    last = period.end - timedelta(days=1)
    return last if isinstance(kpi.measure, Stock) else period.start + (last - period.start) / 2


def _reaches(kpi: Kpi, estimate: Estimate, level: float) -> bool | None:
    low, high = estimate.low, estimate.high
    if low is None and high is None and isinstance(kpi.measure, (Stock, Count, Sum, Difference)):
        low = high = estimate.value
    return None if low is None or high is None else _side(kpi, low, high, level)


def _side(kpi: Kpi, low: float, high: float, level: float) -> bool | None:
    """Whether an interval lies at or beyond a level on the good side; None where the level is inside of it."""
    if kpi.better is Better.NEITHER:
        return None
    if kpi.better is Better.LOWER:
        low, high, level = -high, -low, -level
    return True if low >= level else False if high < level else None


def _ahead(kpi: Kpi, goal: Goal, trend: Trend | None, confidence: float) -> tuple[Projection | None, int]:
    """The value in the last whole period before the deadline by the recent periods: those since the work began, where there are enough.

    No further ahead than they reach back: a line is a likeness of what is near.
    """
    if trend is None or goal.deadline is None:
        return None, 0
    known = [
        (_moment(kpi, period).toordinal(), estimate.value, period)
        for period, estimate in zip(trend.periods, trend.estimates, strict=True)
        if estimate.value is not None and period.start is not None and period.end is not None
    ][-RECENT:]
    since = [one for one in known if goal.since is not None and one[2].start is not None and one[2].start >= goal.since]
    used = since if len(since) >= FEWEST else known
    grain = used[-1][2].grain if used else None
    if grain is None:
        return None, 0
    # The last value before the deadline is of the period that ends there: its middle is half a step before.
    at = goal.deadline.toordinal() - (0 if isinstance(kpi.measure, Stock) else _DAYS[grain] / 2)
    places = [place for place, _, _ in used]
    if at - places[-1] > places[-1] - places[0] + _DAYS[grain]:
        return None, len(used)
    found = projected(places, [value for _, value, _ in used], at, confidence)
    if found is None:
        return None, len(used)
    least, most = trend.reach

    def within(value: float) -> float:
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)

    return Projection(value=within(found.value), low=within(found.low), high=within(found.high)), len(used)
