"""Periods that are too young for a KPI: marked, compared with nothing, and the newest that is final next to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_core.calendars import find_calendar
from kpi_core.facts import Rules
from kpi_core.model.goal import Goal
from kpi_core.model.periods import parse_period
from kpi_core.model.promise import Promise
from kpi_core.model.report import KpiResult, Report, Status
from kpi_core.model.tables import ANSWERS, LEADS, TICKETS

JANUARY, FEBRUARY, MARCH = (parse_period(f"2026-0{month}") for month in (1, 2, 3))
DAYS = [datetime(2026, 1, 1, 9) + timedelta(days=number) for number in range(99)]
"""January to 9 April."""

RULES = Rules(
    first_reply_targets=(Promise(within=4 * 3600), Promise(within=20 * 86_400, among={"priority": "low"})),
    resolution_targets=(Promise(within=3600), Promise(within=12 * 86_400, among={"group": "Billing"})),
)


def tickets() -> pl.DataFrame:
    """Three a day, of which one is not resolved, and one not replied to."""

    def rows() -> Iterator[dict[str, Any]]:
        for number, day in enumerate(day + timedelta(minutes=place) for day in DAYS for place in range(3)):
            is_solved, is_replied = number % 3 > 0, number % 4 > 0
            yield {
                "ticket_id": number, "created_at": day, "first_replied_at": day + timedelta(hours=min(number % 7, number % 30)) if is_replied else None,
                "resolved_at": day + timedelta(hours=number % 30) if is_solved else None, "status": "solved" if is_solved else "open",
                "priority": "normal", "group": "Sales", "type": "Complaint", "customer_id": number % 50, "reopens": number % 2,
                "agent_replies": int(is_replied), "sla_first_reply_met": is_replied, "sla_resolution_met": is_solved,
            }  # fmt: skip

    return canonical(TICKETS, [row for row in rows() if row["created_at"] <= datetime(2026, 4, 4, 12)])


def answers() -> pl.DataFrame:
    rows = [
        {"response_id": number, "ticket_id": number, "answered_at": day + timedelta(days=1) if number % 2 else None, "offered_at": day, "is_offered": True,
         "question": question, "score": 5 if number % 3 else 3, "scale_low": 1, "scale_high": 5, "direction": "higher"}
        for number, day in enumerate(DAYS[:93]) for question in ("csat", "nps")
    ]  # fmt: skip
    return canonical(ANSWERS, [row | {"score": row["score"] if row["answered_at"] else None} for row in rows])


def leads() -> pl.DataFrame:
    rows = [
        {"lead_id": number, "created_at": day, "converted_at": day if number % 3 else None}
        for number, day in enumerate(DAYS[:93])
    ]
    return canonical(LEADS, rows)


def made(*names: str, as_of: datetime = datetime(2026, 4, 4, 12), **asked: Any) -> Report:
    tables = {"tickets": tickets(), "answers": answers(), "leads": leads()}
    return report(tables, *names, period="2026-03", as_of=as_of, rules=RULES, **asked)


def of(found: Report, name: str) -> KpiResult:
    return next(result for result in found.totals if result.kpi.name == name)


FINAL_AFTER = {
    "fcr_no_repeat": 7, "fcr_no_repeat_14": 14, "fcr_no_repeat_30": 30, "fcr_no_reopen": 7, "resolution_rate_cohort": 7,
    "complaint_resolution_rate": 7, "successful_resolution_rate": 28, "response_rate": 28, "csat_lower_bound": 28,
    "csat_upper_bound": 28, "nps_of_asked": 28, "conversion_rate": 30,
}  # fmt: skip
"""By KPI the days that a month needs."""


@pytest.mark.parametrize("name", FINAL_AFTER)
def test_a_month_that_may_still_change_is_marked_and_compared_with_nothing(name: str) -> None:
    found = of(made(name), name)
    assert found.immature is not None
    assert found.immature.final_at == datetime(2026, 4, 1) + timedelta(days=FINAL_AFTER[name])
    assert (found.change, found.verdict) == (None, None)
    assert found.estimate.value is not None
    assert found.baseline is not None
    assert f"not final before {found.immature.final_at:%Y-%m-%d}" in map(str, found.notes)


@pytest.mark.parametrize("name", FINAL_AFTER)
def test_the_newest_final_month_stands_next_to_it_with_its_own_figure(name: str) -> None:
    found = of(made(name), name)
    assert found.immature is not None
    # As of 4 April noon 34 days have passed since February ended.
    assert found.immature.newest == FEBRUARY
    alone = report({"tickets": tickets(), "answers": answers(), "leads": leads()}, name, period="2026-02",
                   as_of=datetime(2026, 4, 4, 12), rules=RULES, compare="none")  # fmt: skip
    assert of(alone, name).immature is None
    assert found.immature.estimate == of(alone, name).estimate


@pytest.mark.parametrize("name", ["csat", "csat_mean", "nps", "nps_detractors", "answers_received"])
@pytest.mark.parametrize("is_inside", [False, True])
def test_all_that_counts_the_answers_of_one_row_is_final_alike(name: str, *, is_inside: bool) -> None:
    """An answer has a time of its own; one inside a ticket is dated by the resolution, and may still come into the month."""
    tables = {"answers": answers().with_columns(pl.lit(is_inside).alias("_embedded"))}
    found = of(report(tables, name, period="2026-03", as_of=datetime(2026, 4, 4, 12)), name)
    assert (found.immature is not None) is is_inside


@pytest.mark.parametrize(("day", "is_final"), [(7, False), (8, True)])
def test_it_is_final_to_the_second(day: int, is_final: bool) -> None:
    at = datetime(2026, 4, day) - timedelta(seconds=0 if is_final else 1)
    found = of(made("fcr_no_repeat", as_of=at), "fcr_no_repeat")
    assert (found.immature is None) is is_final
    assert (found.change is not None) is is_final


def test_what_is_not_final_is_in_no_family() -> None:
    both = made("tickets_created", "complaint_resolution_rate", "reopen_rate", "conversion_rate")
    assert both.families == made("tickets_created", "reopen_rate").families
    for name in ("tickets_created", "reopen_rate"):
        assert of(both, name).verdict == of(made("tickets_created", "reopen_rate"), name).verdict


def test_a_baseline_that_is_not_final_is_not_compared_with_either() -> None:
    found = report(
        {"tickets": tickets()},
        "resolution_rate_cohort",
        period="2026-02",
        compare="2026-03",
        as_of=datetime(2026, 4, 4, 12),
    )
    result = found.totals[0]
    assert result.immature is None
    assert result.baseline is not None
    assert (result.change, result.verdict) == (None, None)
    assert "not compared: the baseline is not final yet" in map(str, result.notes)


def test_groups_have_their_own_newest_final_month() -> None:
    found = made("resolution_rate_cohort", by=("group",))
    (group,) = found.grouped("group")
    assert group.immature is not None
    assert group.immature.newest == FEBRUARY
    assert group.immature.estimate is not None
    assert group.immature.estimate.n == 84
    assert group.verdict is None


def test_a_small_group_s_newest_final_month_is_not_shown_either() -> None:
    found = made("resolution_rate_cohort", by=("group",), min_n=85)
    (group,) = found.grouped("group")
    assert not group.suppressed
    assert group.immature is not None
    # February has 84 tickets, January 93.
    assert group.immature.newest == JANUARY


def test_the_trend_knows_how_far_it_is_final() -> None:
    found = of(made("resolution_rate_cohort", "tickets_created"), "resolution_rate_cohort")
    assert (len(found.trend), found.final) == (3, 2)
    assert of(made("tickets_created"), "tickets_created").final is None


def test_where_no_month_is_final_none_is_shown() -> None:
    found = of(made("conversion_rate", as_of=datetime(2026, 1, 20)), "conversion_rate")
    assert found.immature is not None
    assert (found.immature.newest, found.immature.estimate) == (None, None)


def test_a_value_that_is_not_final_settles_no_target() -> None:
    young = of(
        made("resolution_rate_cohort", targets={"resolution_rate_cohort": [Goal(value=0.99)]}), "resolution_rate_cohort"
    )
    final = of(
        made(
            "resolution_rate_cohort", as_of=datetime(2026, 4, 9), targets={"resolution_rate_cohort": [Goal(value=0.99)]}
        ),
        "resolution_rate_cohort",
    )
    assert young.target is not None
    assert final.target is not None
    assert (young.target.status, final.target.status) == (Status.CANNOT_TELL, Status.MISSED)


def test_hours_of_a_target_are_reported_to_the_hour() -> None:
    """The last ticket of March without a reply came on the 31st at one past nine."""
    rules = Rules(first_reply_targets=(Promise(within=48 * 3600),))
    found = report(
        {"tickets": tickets()}, "first_reply_within", period="2026-03", as_of=datetime(2026, 4, 1, 7), rules=rules
    )
    assert "not final before 2026-04-02 09:01" in map(str, found.totals[0].notes)


PROMISED = {
    "first_reply_within": (Rules(first_reply_targets=(Promise(within=20 * 86_400),)), datetime(2026, 4, 19, 9)),
    "sla_resolution_rate": (Rules(resolution_targets=(Promise(within=12 * 86_400),)), datetime(2026, 4, 12, 9)),
}
"""By service level a promise to all, and when that to the last ticket of March falls due that is still waiting."""


@pytest.mark.parametrize("name", PROMISED)
def test_a_service_level_is_final_when_the_last_that_waits_falls_due(name: str) -> None:
    rules, due = PROMISED[name]
    asked = {"period": "2026-03", "as_of": datetime(2026, 4, 4, 12), "rules": rules}
    result = report({"tickets": tickets()}, name, **asked).totals[0]
    assert result.immature is not None
    assert (result.immature.final_at, result.verdict) == (due, None)
    assert f"not final before {due:%Y-%m-%d %H:%M}" in map(str, result.notes)
    later = report({"tickets": tickets()}, name, **{**asked, "as_of": due + timedelta(seconds=1)}).totals[0]
    assert (later.immature, later.verdict is None) == (None, False)


@pytest.mark.parametrize("name", PROMISED)
def test_a_service_level_is_final_when_nothing_waits_however_long_others_were_promised(name: str) -> None:
    """Nobody has low priority or is of Billing, to whom more time was promised."""
    assert of(made(name), name).immature is None


@pytest.mark.parametrize("name", PROMISED)
def test_a_service_level_of_a_month_that_goes_on_is_not_final(name: str) -> None:
    rules, _ = PROMISED[name]
    as_of = datetime(2026, 3, 20)
    result = report({"tickets": tickets()}, name, period="2026-03", as_of=as_of, rules=rules).totals[0]
    assert result.immature is not None


@pytest.mark.parametrize("name", ["sla_first_reply_rate", "sla_resolution_rate_vendor"])
def test_what_the_help_desk_says_of_its_service_level_has_nothing_to_do_with_targets_set_here(name: str) -> None:
    plain = report({"tickets": tickets()}, name, period="2026-03", as_of=datetime(2026, 4, 4, 12)).totals[0]
    assert (of(made(name), name).immature, of(made(name), name).verdict) == (None, plain.verdict)


def test_in_open_time_a_promise_falls_due_when_the_desk_has_been_open_so_long() -> None:
    """26 hours from Tuesday the 31st at 9:01: 7:59 that day, nine the next, four on Maundy Thursday, the rest after Easter."""
    rules = Rules(first_reply_targets=(Promise(within=26 * 3600),), calendar=find_calendar("se"))
    asked = {"period": "2026-03", "rules": rules}
    young = report({"tickets": tickets()}, "first_reply_within", as_of=datetime(2026, 4, 1, 7), **asked).totals[0]
    assert young.immature is not None
    assert young.immature.final_at == datetime(2026, 4, 7, 13, 1)
    done = report({"tickets": tickets()}, "first_reply_within", as_of=datetime(2026, 4, 7, 14), **asked).totals[0]
    assert done.immature is None
