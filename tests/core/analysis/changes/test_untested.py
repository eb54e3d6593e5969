"""No verdict without its reach or its reason: what would have shown, next to every "cannot tell", and why there was no test."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from core.analysis.changes.test_compare import canonical
from core.analysis.changes.test_compare import report as summarised

from kpi_core.analysis.changes import untested
from kpi_core.analysis.changes.change import GIVEN
from kpi_core.analysis.changes.untested import reason
from kpi_core.analysis.changes.verdicts import CROSSED, NO_END, NONE_AT_ALL, TOO_FAR, judge
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import BY_NAME, select
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Unit
from kpi_core.model.measures import Returned
from kpi_core.model.periods import Period, parse_period
from kpi_core.model.report import Answer, Change, KpiResult, Report, Verdict
from kpi_core.model.tables import ANSWERS

SAMPLES = Path(__file__).parents[4] / "sample_data"
FILES = {
    "freshdesk": ("freshdesk_tickets.csv", "surveymonkey_responses.csv"),
    "zendesk": ("zendesk_tickets.csv", "google_forms_responses.csv"),
    "spreadsheet": ("arenden_2026.csv",),
}


@cache
def report(name: str) -> Report:
    """Every KPI on a sample, by group."""
    dataset = read_exports([str(SAMPLES / file) for file in FILES[name]], Choices(), frozenset({"group"}))
    return summarise(dataset, Request(kpis=select(["*"]), by=("group",)))


@pytest.mark.parametrize("name", FILES)
def test_what_is_unknown_says_what_would_have_shown(name: str) -> None:
    found = [one for one in report(name).results if one.verdict is Verdict.CANNOT_TELL]
    twins = {
        Message("judged-by-times", lead=lead)
        for lead in ("first_reply_time", "resolution_time", "requester_wait_time", "reply_time")
    }
    silent = [
        (one.kpi.name, one.group)
        for one in found
        if one.change is not None
        and one.change.detectable is None
        and not {TOO_FAR, NONE_AT_ALL, NO_END, CROSSED, *twins} & {*one.notes}
    ]
    assert found
    assert silent == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_tested_says_why(name: str) -> None:
    found = [one for one in report(name).results if one.verdict is Verdict.NOT_TESTED]
    assert found
    assert [
        (one.kpi.name, one.group)
        for one in found
        if not any(str(note).startswith("not tested: ") for note in one.notes)
    ] == []


@pytest.mark.parametrize("name", FILES)
def test_a_figure_that_others_judge_reaches_as_far_as_they_do(name: str) -> None:
    """A 90th percentile is judged by all the times, as their median is, and by no other number of rows."""
    totals = {one.kpi.name: one for one in report(name).totals}
    seen = 0
    for lead in ("first_reply_time", "resolution_time"):
        median = totals.get(lead)
        for twin in (f"{lead}_p90", f"{lead}_km", f"{lead}_km_p90"):
            one = totals.get(twin)
            if median is None or one is None or not median.change or not one.change or not median.change.detectable:
                continue
            assert median.baseline
            assert one.baseline
            assert median.baseline.value
            assert one.baseline.value
            assert Message("judged-by-times", lead=lead) in one.notes
            assert one.change.answer == median.change.answer
            share = median.change.detectable / median.baseline.value
            assert one.change.detectable == pytest.approx(share * one.baseline.value)
            assert one.change.needed == pytest.approx(median.change.needed, abs=1)
            seen += 1
    assert seen or name == "spreadsheet"


def test_the_flow_reaches_in_tickets_in_shares_and_in_days() -> None:
    totals = {one.kpi.name: one for one in report("zendesk").totals}
    backlog, days, net, rate = (totals[name] for name in ("backlog", "backlog_days", "net_flow", "resolution_rate"))
    assert backlog.change
    assert days.change
    assert net.change
    assert rate.change
    assert backlog.change.detectable == net.change.detectable
    assert backlog.change.detectable is not None
    assert rate.change.detectable == pytest.approx(backlog.change.detectable / totals["tickets_created"].estimate.n)
    assert days.estimate.value is not None
    assert days.change.detectable == pytest.approx(backlog.change.detectable * days.estimate.value / days.estimate.n)
    assert backlog.change.needed
    assert days.change.needed
    assert net.change.needed is None
    assert all(GIVEN in one.notes for one in (backlog, days, net, rate))


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ("tickets_per_agent", untested.HEADS),
        ("orders_per_customer", untested.HEADS),
        ("active_customers", untested.HEADS),
        ("backlog_age", untested.MOMENT),
        ("backlog_age_p90", untested.MOMENT),
        ("churn_rate", untested.FEW_LOST),
        ("retention_rate", untested.FEW_LOST),
        ("csat", untested.FEW),
        ("contact_rate", untested.FEW),
        ("resolution_time_p90", untested.FEW),
    ],
)
def test_each_kind_of_figure_has_its_own_reason(kpi: str, expected: str) -> None:
    figure = Estimate(value=1.0, n=3)
    assert reason(BY_NAME[kpi], figure, figure, is_alone=False, is_coarse=False) == expected


@pytest.mark.parametrize("kpi", ["cost_per_ticket", "cac", "revenue"])
def test_amounts_of_months_are_reported(kpi: str) -> None:
    figure = Estimate(value=1.0, n=3)
    assert reason(BY_NAME[kpi], figure, figure, is_alone=True, is_coarse=True) == untested.MONTHS


def days(first: int) -> Period:
    """Ten days of January 2026."""
    return Period(date(2026, 1, first), date(2026, 1, first + 10))


@pytest.mark.parametrize(("since", "expected"), [(2, untested.SHARED), (12, untested.FEW_CUSTOMERS)])
def test_customers_who_came_back_are_compared_where_the_spans_are_apart(since: int, expected: str) -> None:
    new, old = (Estimate(value=0.5, n=4, parts=Returned(k=2, of=4, window=days(start))) for start in (since, 1))
    assert reason(BY_NAME["repurchase_rate"], new, old, is_alone=True, is_coarse=False) == expected


@pytest.mark.parametrize("kpi", ["resolution_time_p90", "resolution_time_km"])
def test_a_kpi_of_ones_own_is_no_twin(kpi: str) -> None:
    figure = Estimate(value=1.0, n=3)
    expected = untested.TAIL if kpi.endswith("p90") else untested.CURVE
    assert reason(BY_NAME[kpi], figure, figure, is_alone=True, is_coarse=False) == expected


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (Change(value=60.0, p=0.4, error=1e6), TOO_FAR),
        (Change(value=60.0, p=0.4), NO_END),
        (Change(value=60.0, p=0.4, error=1.0, rows=9.0), None),
    ],
)
def test_what_no_change_would_show_is_reported(change: Change, note: str | None) -> None:
    asked = KpiResult(
        kpi=BY_NAME["handle_time"], period=parse_period("2026-03"), group={}, estimate=Estimate(value=1.0, n=9), baseline=Estimate(value=1.0, n=9),
        change=Change(**{**vars(change), "answer": Answer(question="handle_time", p=0.4, rises=True)}),
    )  # fmt: skip
    (judged,), _ = judge([asked], 0.95)
    assert asked.kpi.unit is Unit.SECONDS
    assert judged.verdict is Verdict.CANNOT_TELL
    assert [found for found in judged.notes if found in (TOO_FAR, NO_END)] == ([note] if note else [])


@pytest.mark.parametrize("name", ["handle_time", "csat_mean", "nps", "nki", "first_reply_time", "resolution_time_km"])
@pytest.mark.parametrize(("is_long", "n", "message"), [(True, 300, "ALIKE"), (False, 300, "FEW"), (True, 3, "FEW")])
def test_values_that_do_not_vary_are_no_lack_of_rows(name: str, is_long: bool, n: int, message: str) -> None:
    side = Estimate(value=4.0, n=n)
    found = reason(BY_NAME[name], side, side, is_alone=False, is_coarse=False, is_long=is_long)
    assert found == getattr(untested, message)
    other = reason(BY_NAME[name], Estimate(value=5.0, n=n), side, is_alone=False, is_coarse=False, is_long=is_long)
    assert other == untested.FEW


@pytest.mark.parametrize(("a_day", "verdict"), [(10, Verdict.CANNOT_TELL), (40, Verdict.NO_CHANGE)])
def test_everybody_satisfied_now_and_before_is_no_change_where_there_are_enough(a_day: int, verdict: Verdict) -> None:
    rows = everybody(120, a_day)
    rows[0] |= {"score": 1}  # in January: else the list may have been chosen by its marks
    (found,) = summarised({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-04").results
    assert found.estimate.value == found.baseline.value == 1.0
    assert found.verdict is verdict


def everybody(days: int, a_day: int) -> list[dict[str, object]]:
    """Answers of days from January on, all of them satisfied."""
    return [
        {"response_id": day * 1000 + number, "answered_at": datetime(2026, 1, 1, 9) + timedelta(days=day), "question": "csat",
         "score": 5, "scale_low": 1, "scale_high": 5, "direction": "higher", "is_offered": None}
        for day in range(days) for number in range(a_day)
    ]  # fmt: skip
