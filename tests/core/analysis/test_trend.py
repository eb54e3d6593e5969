"""Trends: which periods count, how limits are drawn, and that a planted change is a signal while noise is none."""

import math
import random
from datetime import date, datetime, timedelta

import pytest

import kpi_core
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import Kind, trends
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.goal import Goal
from kpi_core.model.periods import Grain
from kpi_core.stats.control_charts import Assurance, Rule, Rules

FIRST = datetime(2024, 1, 1, 8)
LAST = datetime(2026, 6, 30, 16)


def exported(folder, a_day, minutes, weekend=0):
    """Tickets of two and a half years: `a_day` of them on working days, replied to after `minutes` of the month."""
    chance = random.Random(7)
    lines, day = ["Ticket ID;Status;Created time;Initial response time;Resolved time"], FIRST
    while day <= LAST:
        for _ in range(weekend if day.weekday() > 4 else chance.randrange(2 * a_day(day) + 1)):
            opened = day + timedelta(minutes=chance.randrange(480))
            replied = opened + timedelta(minutes=max(1, round(chance.gauss(minutes(day), 20))))
            solved = replied + timedelta(hours=1)
            number = len(lines)
            lines.append(f"{number};Closed;{opened:%Y-%m-%d %H:%M};{replied:%Y-%m-%d %H:%M};{solved:%Y-%m-%d %H:%M}")
        day += timedelta(days=1)
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path])


def asked(*names, **given):
    return Request(kpis=tuple(BY_NAME[name] for name in names), grain=given.pop("grain", Grain.MONTH), **given)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("steady"), lambda _: 5, lambda _: 120)


@pytest.fixture(scope="module")
def slower(tmp_path_factory):
    late = datetime(2026, 3, 1)
    return exported(
        tmp_path_factory.mktemp("slower"), lambda day: 5 + 5 * (day >= late), lambda day: 120 + 60 * (day >= late)
    )


def test_months_of_more_working_days_bring_more_and_that_is_no_signal(steady, tmp_path):
    """Of a desk by chance a month may lie at its limits; of one whose working days are the same five in turn none does."""
    (created,) = trends(steady, asked("tickets_created")).trends
    assert created.kind is Kind.COUNTS
    assert created.chart is not None
    by_month = {period.name: centre for period, centre in zip(created.periods, created.chart.centres, strict=True)}
    assert by_month["2025-02"] / by_month["2025-10"] == pytest.approx(20 / 23, rel=0.03)
    days = [FIRST + timedelta(days=place) for place in range((LAST - FIRST).days)]
    opened = [
        day + timedelta(minutes=60 * place)
        for day in days
        for place in range(3 + (day.toordinal() * 2) % 5)
        if day.weekday() < 5
    ]
    rows = [f"{n};Open;{at:%Y-%m-%d %H:%M}" for n, at in enumerate(opened)]
    path = tmp_path / "even.csv"
    path.write_text("\n".join(["Ticket ID;Status;Created time", *rows, ""]), "utf-8")
    (even,) = trends(kpi_core.read([path]), asked("tickets_created")).trends
    assert even.chart is not None
    assert even.chart.lows[0] is not None
    assert max(even.chart.values) - min(even.chart.values) > 10
    assert even.signals == ()


def test_what_is_slower_from_a_month_on_is_a_signal_from_then(slower):
    found = trends(slower, asked("first_reply_time", "tickets_created"))
    for one in found.trends:
        beyond = [one.periods[signal.first].name for signal in one.signals if signal.rule is Rule.BEYOND]
        assert beyond[-4:] == ["2026-03", "2026-04", "2026-05", "2026-06"]
    assert (
        2 * 0.1115 <= found.expected_false < 4 * 0.1115
    )  # months after it are alike, and no likeness of neighbours by chance


def test_limits_can_be_frozen_at_the_first_points(slower):
    (whole,) = trends(slower, asked("first_reply_time")).trends
    (frozen,) = trends(slower, asked("first_reply_time"), baseline=24).trends
    assert frozen.chart is not None
    assert whole.chart is not None
    assert frozen.chart.highs[0] < whole.chart.highs[0]
    assert frozen.baseline == 24
    with pytest.raises(DefinitionError, match="cry wolf"):
        trends(slower, asked("first_reply_time"), baseline=12)


def test_a_period_that_is_not_over_is_left_out(slower):
    (trend,) = trends(slower, asked("tickets_created", as_of=date(2026, 6, 15))).trends
    assert trend.periods[-1].name == "2026-05"


def test_few_points_have_no_limits(slower):
    (trend,) = trends(slower, asked("first_reply_time", steps=11)).trends
    assert len(trend.periods) == 11
    assert trend.chart is None


def test_what_is_open_has_a_line_and_no_limits(steady):
    (backlog,) = trends(steady, asked("backlog")).trends
    assert len(backlog.periods) == 30
    assert backlog.chart is None


@pytest.mark.parametrize(
    ("minutes", "reach"), [(300, Assurance.MET), (120, Assurance.HIT_AND_MISS), (60, Assurance.MISSED)]
)
def test_whether_the_process_can_meet_its_target(steady, minutes, reach):
    targets = {"first_reply_time": [Goal(value=minutes * 60.0)]}
    (trend,) = trends(steady, asked("first_reply_time", targets=targets)).trends
    assert trend.assurance is reach


def test_other_rules_find_other_signals(slower):
    usual, nhs = (trends(slower, asked("first_reply_time"), rules=rules) for rules in Rules)
    assert {signal.rule for signal in usual.trends[0].signals} >= {Rule.BEYOND}
    assert nhs.expected_false > usual.expected_false


def test_limits_end_where_values_end(slower):
    (trend,) = trends(slower, asked("first_reply_time_p90", grain=Grain.WEEK)).trends
    assert trend.chart is not None
    assert all(low is not None and low >= 0 for low in trend.chart.lows)


def test_times_have_limits_of_their_logarithms(steady):
    (one,) = trends(steady, asked("first_reply_time")).trends
    assert one.kind is Kind.TIMES
    chart = one.chart
    assert chart is not None
    reach = [math.log(high / chart.centres[0]) for high in chart.highs]
    assert [math.log(chart.centres[0] / low) for low in chart.lows] == pytest.approx(reach)
