"""Which signals of a trend a report says as of its period."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kpi_cli.documents.signals import of_period
from kpi_core.analysis.trend import Kind, Trend
from kpi_core.kpis import CATALOGUE
from kpi_core.model.periods import Grain, Period, parse_period
from kpi_core.stats.control_charts import Rule, Signal

QUARTER = parse_period("2026-Q2", date(2026, 7, 31))
FIRST = date(2026, 1, 5)
WEEKS = 25
"""From the second week of January to the end of June; the quarter begins in the thirteenth of them."""
HIGH, LOW = 2.0, 0.0


def trend(signal: Signal, values: list[float]) -> Trend:
    weeks = [FIRST + timedelta(weeks=week) for week in range(WEEKS)]
    chart: Any = SimpleNamespace(values=values, centres=[1.0] * WEEKS)
    nothing: Any = None
    return Trend(
        kpi=next(one for one in CATALOGUE if one.name == "first_reply_time"), result=nothing, kind=Kind.TIMES, estimates=(),
        periods=tuple(Period(start=one, end=one + timedelta(weeks=1), grain=Grain.WEEK) for one in weeks),
        chart=chart, baseline=None, signals=(signal,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "is_said"),
    [(0, 8, False), (3, 12, False), (4, 14, False), (9, 16, True), (13, 20, True), (5, 24, True), (2, 19, True)],
    ids=["before it", "over in its first week", "mostly before it", "half of it inside", "inside", "to its end", "fills half of it"],
)  # fmt: skip
def test_a_run_is_of_a_period_that_it_fills_half_of_or_lies_in(first: int, last: int, is_said: bool) -> None:
    # Behind the run neither side prevails.
    values = [LOW if first <= week <= last or week % 2 else HIGH for week in range(WEEKS)]
    found = of_period(trend(Signal(rule=Rule.RUN, first=first, last=last), values), QUARTER)
    assert bool(found.signals) is is_said


def test_a_run_that_ended_in_it_is_of_it_where_the_kpi_has_turned_since() -> None:
    values = [LOW if week <= 12 else HIGH for week in range(WEEKS)]
    assert of_period(trend(Signal(rule=Rule.RUN, first=3, last=12), values), QUARTER).signals
    assert not of_period(trend(Signal(rule=Rule.RUN, first=1, last=10), values), QUARTER).signals


@pytest.mark.parametrize(("place", "is_said"), [(11, False), (12, True), (24, True)])
def test_a_point_is_of_the_period_that_it_lies_in(place: int, is_said: bool) -> None:
    found = of_period(trend(Signal(rule=Rule.BEYOND, first=place, last=place), [HIGH] * WEEKS), QUARTER)
    assert bool(found.signals) is is_said


def test_all_of_them_are_of_all_time() -> None:
    assert of_period(
        trend(Signal(rule=Rule.RUN, first=0, last=8), [LOW] * WEEKS), parse_period("all", date(2026, 7, 31))
    ).signals
