"""Answers that do not find the tickets they name: what tickets know of them has no verdict, and no value where it would be 0."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from core.analysis.changes.test_compare import canonical, report
from core.quality.coverage.test_gaps import END, Rows, desk, rated

from kpi_core.model.findings import Finding
from kpi_core.model.report import Report
from kpi_core.model.tables import ANSWERS, TICKETS

NAMES = (
    "tickets_created",
    "csat",
    "answers_received",
    "response_rate_of_resolved",
    "confirmed_of_resolved",
    "successful_resolution_rate",
)
JOINED = {"response_rate_of_resolved", "confirmed_of_resolved"}
AUGUST = datetime(2026, 8, 1)


def made(tickets: Rows, *names: str, answers: Rows, **asked: Any) -> Report:
    tables = {"tickets": canonical(TICKETS, tickets), "answers": canonical(ANSWERS, answers)}
    return report(tables, *names, period="2026-08", as_of=END, **asked)


def answered(
    change: Callable[[dict[str, Any]], dict[str, Any]] | None = None, *, without: str = ""
) -> tuple[Rows, Rows]:
    """Tickets, and answers to two questions of which a part are written otherwise."""
    tickets = desk(a_day=20.0)
    shown = [row | (change(row) if change else {}) for row in rated(tickets, END)]
    yes = [
        row | {"question": "resolved", "score": int(row["score"] > 1), "scale_low": 0, "scale_high": 1} for row in shown
    ]
    return tickets, [row for row in (*shown, *yes) if row["question"] != without]


def other_number(row: dict[str, Any]) -> dict[str, Any]:
    return {"ticket_id": row["ticket_id"] + 1_000_000}


def from_august(row: dict[str, Any]) -> dict[str, Any]:
    return other_number(row) if row["answered_at"] >= AUGUST else {}


def until_august(row: dict[str, Any]) -> dict[str, Any]:
    return {} if row["answered_at"] >= AUGUST else other_number(row)


def half_from_august(row: dict[str, Any]) -> dict[str, Any]:
    return from_august(row) if row["response_id"] % 2 else {}


def none_from_august(row: dict[str, Any]) -> dict[str, Any]:
    return {"ticket_id": None} if row["answered_at"] >= AUGUST else {}


def a_twentieth(row: dict[str, Any]) -> dict[str, Any]:
    return from_august(row) if row["response_id"] % 20 == 0 else {}


def match_findings(found: Report) -> list[Finding]:
    return [one for one in found.findings if one.code == "ticket-match"]


def valueless(found: Report) -> set[str]:
    return {one.kpi.name for one in found.totals if one.estimate.value is None}


def compared(found: Report) -> set[str]:
    return {one.kpi.name for one in found.totals if one.change is not None}


def test_answers_that_find_their_tickets_are_no_matter() -> None:
    tickets, answers = answered()
    found = made(tickets, *NAMES, answers=answers)
    assert (match_findings(found), valueless(found)) == ([], set())
    assert compared(found) == set(NAMES)


@pytest.mark.parametrize(
    ("change", "lost"),
    [(from_august, JOINED), (none_from_august, JOINED), (half_from_august, set()), (until_august, set())],
)
def test_what_answers_say_of_tickets_has_no_verdict_where_they_stop_finding_them(change: Any, lost: set[str]) -> None:
    tickets, answers = answered(change)
    found = made(tickets, *NAMES, answers=answers)
    assert match_findings(found)
    assert all(one.is_serious for one in match_findings(found))
    assert valueless(found) == lost
    assert {"csat", "answers_received", "tickets_created"} <= compared(found)
    assert not compared(found) & (JOINED | {"successful_resolution_rate"})


def test_both_shares_are_named() -> None:
    tickets, answers = answered(half_from_august)
    (finding,) = match_findings(made(tickets, *NAMES, answers=answers))
    assert set(finding.kpis) == {*JOINED, "successful_resolution_rate"}
    assert "(100%) in 2026-07" in finding.text
    assert " in 2026-08, " in finding.text


@pytest.mark.parametrize(("change", "lost"), [(until_august, True), (half_from_august, False)])
def test_other_periods_whose_answers_find_none_have_no_value_either(change: Any, lost: bool) -> None:
    tickets, answers = answered(change)
    (total,) = made(tickets, "response_rate_of_resolved", answers=answers).totals
    *before, now = total.trend
    assert now.value is not None
    assert [one.value is None for one in before if one.n] == [lost] * len([one for one in before if one.n])
    assert (total.baseline is None) == lost


def test_some_numbers_that_nobody_knows_are_no_matter() -> None:
    tickets, answers = answered(a_twentieth)
    assert match_findings(made(tickets, *NAMES, answers=answers)) == []


def test_tickets_older_than_the_files_keep_their_answers_from_being_compared() -> None:
    tickets, answers = answered()
    found = made([row for row in tickets if row["created_at"] >= datetime(2026, 7, 20)], *NAMES, answers=answers)
    assert match_findings(found)
    assert "response_rate_of_resolved" not in compared(found)
    assert "response_rate_of_resolved" not in valueless(found)


@pytest.mark.parametrize("compare", ["previous", "none"])
def test_a_survey_of_other_tickets_confirms_none_of_these(compare: str) -> None:
    """Another survey's answers find theirs: how many were asked at all is reported, and what only the lost ones say is not."""
    tickets, answers = answered()
    mixed = [row | (other_number(row) if row["question"] == "resolved" else {}) for row in answers]
    found = made(tickets, *NAMES, answers=mixed, compare=compare)
    assert valueless(found) == {"confirmed_of_resolved"}
    (finding,) = match_findings(found)
    assert "to `resolved`" in finding.text
    assert finding.kpis == ("confirmed_of_resolved",)


def test_tickets_that_count_as_unrated_for_want_of_theirs_are_reported_so() -> None:
    tickets, answers = answered(other_number)
    found = made(tickets, "successful_resolution_rate", answers=answers, compare="none")
    (total,) = found.totals
    assert total.estimate.value is not None
    assert any("count as unrated" in str(note) for note in total.notes)


def grouped(change: Any) -> tuple[Rows, Rows]:
    """Tickets of two groups, which answers that find theirs are of too."""
    tickets, answers = answered(change, without="resolved")
    groups = {row["ticket_id"]: "AB"[row["ticket_id"] % 2] for row in tickets}
    tickets = [row | {"group": groups[row["ticket_id"]]} for row in tickets]
    return tickets, [row | {"group": groups.get(row["ticket_id"])} for row in answers]


def test_groups_that_only_tickets_show_have_no_verdict_and_a_condition_no_value() -> None:
    tickets, answers = grouped(from_august)
    split = made(tickets, "answers_received", answers=answers, by=("group",))
    assert [one.by for one in match_findings(split)] == ["group"]
    assert all(one.change is None for one in split.results if one.group)
    assert all(one.change is not None for one in split.totals)
    picked = made(tickets, "answers_received", answers=answers, where="\"group\" = 'A'")
    assert valueless(picked) == {"answers_received"}


def test_groups_that_answers_show_themselves_are_compared() -> None:
    tickets, answers = grouped(from_august)
    own = [row | {"group": "AB"[row["response_id"] % 2]} for row in answers]
    assert match_findings(made(tickets, "answers_received", answers=own, by=("group",))) == []
