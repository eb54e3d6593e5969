"""What is noted on a figure holds for the files at hand: who was asked, what is a repeat, who opened a ticket, what may still change."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_core.model.report import Report, Verdict
from kpi_core.model.tables import ANSWERS, TICKETS

MARCH = datetime(2026, 3, 2, 9)


def tickets(count: int, **same: Any) -> list[dict[str, Any]]:
    return [
        {"ticket_id": place, "created_at": MARCH + timedelta(hours=place), "status": "solved",
         "resolved_at": MARCH + timedelta(hours=place + 2), **same}
        for place in range(count)
    ]  # fmt: skip


def answer(number: int, ticket: int, score: float | None, *, question: str = "csat", **more: Any) -> dict[str, Any]:
    at = MARCH + timedelta(hours=ticket)
    return {
        "response_id": number, "ticket_id": ticket, "answered_at": None if score is None else at, "offered_at": at,
        "is_offered": True, "question": question, "score": score, "scale_low": 1, "scale_high": 5, "direction": "higher", **more,
    }  # fmt: skip


def asked(rows: list[dict[str, Any]]) -> Report:
    return report({"answers": canonical(ANSWERS, rows)}, "response_rate", "csat_lower_bound", period="2026-03")


@pytest.mark.parametrize("surveyed", [0, 3, 6, 10])
def test_who_was_asked_in_the_ticket_and_by_a_survey_was_asked_once(surveyed: int) -> None:
    """Half of twenty tickets are rated, or silent in the ticket and answered in a survey instead: always half of those asked."""
    offers = [answer(place, place, 5 if surveyed <= place < 10 else None) for place in range(20)]
    surveys = [answer(100 + place, place, 4) for place in range(surveyed)]
    found = asked([*offers, *surveys])
    assert {one.kpi.name: (one.estimate.value, one.estimate.n) for one in found.results} == {
        "response_rate": (0.5, 20), "csat_lower_bound": (0.5, 20),
    }  # fmt: skip
    texts = [one.text for one in found.findings if one.code == "offered-twice"]
    assert bool(texts) is (surveyed > 0)
    assert all(f"{surveyed} offers" in text for text in texts)


@pytest.mark.parametrize("surveyed", [3, 6, 9])
@pytest.mark.parametrize("question", ["csat", "nps"])
def test_an_offer_that_a_survey_answers_which_knows_of_no_offers_was_answered(surveyed: int, question: str) -> None:
    """Half of twenty are rated, or answer a survey file that does not say who was asked; what it does not ask was not answered."""
    offers = [answer(place, place, 5 if surveyed <= place < 10 else None) for place in range(20)]
    surveys = [
        answer(100 + place, place, 4, question=question, is_offered=None, offered_at=None) for place in range(surveyed)
    ]
    found = asked([*offers, *surveys])
    rated = 10 if question == "csat" else 10 - surveyed
    assert {one.kpi.name: (one.estimate.value, one.estimate.n) for one in found.results} == {
        "response_rate": (0.5, 20), "csat_lower_bound": (rated / 20, 20),
    }  # fmt: skip
    texts = [one.text for one in found.findings if one.code == "offered-twice"]
    assert [f"{surveyed} offers" in text for text in texts] == ([True] if question == "csat" else [])


def test_two_answers_to_one_offer_are_one() -> None:
    """Two silent offers; one ticket has two answers of its own, one of a customer who says to have been asked."""
    bare = {"is_offered": None, "offered_at": None}
    rows = [
        answer(0, 0, None),
        answer(1, 1, None),
        answer(7, 0, 5, **bare),
        answer(8, 0, 1, **bare),
        answer(9, 2, None),
    ]
    found = asked([*rows, answer(10, 1, 5), answer(11, 1, 4, **bare)])
    assert [(one.estimate.value, one.estimate.n) for one in found.results] == [(2 / 3, 3), (2 / 3, 3)]


def test_an_answer_to_an_offer_has_the_day_of_the_offer() -> None:
    rows = [answer(place, place, None, offered_at=datetime(2026, 3, 31, 9)) for place in range(4)]
    late = {"is_offered": None, "offered_at": None, "answered_at": datetime(2026, 4, 2, 9)}
    found = asked([*rows, *(answer(9 + place, place, 5, **late) for place in range(2)), answer(20, 20, 3, **late)])
    assert [(one.estimate.value, one.estimate.n) for one in found.results] == [(0.5, 4), (0.5, 4)]


def test_a_question_left_open_in_an_answered_response_is_still_asked() -> None:
    rows = [
        part for place in range(4) for part in (answer(place, place, 5), answer(place, place, None, question="ces"))
    ]
    found = report({"answers": canonical(ANSWERS, [*rows, answer(9, 9, None)])}, "response_rate", period="2026-03")
    assert [(one.estimate.value, one.estimate.n) for one in found.results] == [(0.8, 5)]


def test_a_ticket_resolved_before_its_opening_is_no_repeat_of_itself() -> None:
    rows = tickets(4, customer_id=None)
    for place, row in enumerate(rows):
        row["customer_id"] = place
    rows[1]["resolved_at"] = rows[1]["created_at"] - timedelta(hours=5)
    late = {
        "ticket_id": 9,
        "created_at": datetime(2026, 4, 20),
        "status": "open",
        "resolved_at": None,
        "customer_id": 9,
    }
    found = report({"tickets": canonical(TICKETS, [*rows, late])}, "fcr_no_repeat", period="2026-03")
    assert [one.estimate.value for one in found.results] == [1.0]


@pytest.mark.parametrize("knows", [True, False])
def test_that_an_agent_opened_a_ticket_is_reported_only_where_the_files_show(knows: bool) -> None:
    rows = tickets(4, first_replied_at=None)
    for row in rows[:3]:
        row["first_replied_at"] = row["created_at"] + timedelta(minutes=30)
    if knows:
        rows = [row | {"is_outbound": False} for row in rows]
    (found,) = report({"tickets": canonical(TICKETS, rows)}, "first_reply_time", period="2026-03").results
    (reason,) = map(str, found.excluded)
    assert ("opened by an agent" in reason) is knows
    assert reason.startswith("tickets without a reply")


def test_resolutions_of_a_past_month_may_shrink() -> None:
    (found,) = report({"tickets": canonical(TICKETS, tickets(4))}, "tickets_resolved", period="2026-03").results
    assert any("may shrink" in str(note) for note in found.notes)


def test_a_recommendation_without_a_zero_gets_no_verdict() -> None:
    rows = [
        answer(place, place, 10 if place % 3 else 2, question="nps", scale_low=low, scale_high=10)
        | {"answered_at": datetime(2026, 1, 1) + timedelta(hours=6 * place)}
        for low in (1,)
        for place in range(360)
    ]
    (found,) = report({"answers": canonical(ANSWERS, rows)}, "nps", period="2026-03").results
    assert (found.change, found.verdict) == (None, None)
    rows = [row | {"scale_low": 0} for row in rows]
    (found,) = report({"answers": canonical(ANSWERS, rows)}, "nps", period="2026-03").results
    assert found.verdict in (Verdict.CANNOT_TELL, Verdict.NO_CHANGE)


@pytest.mark.parametrize(("waiting", "is_tested"), [(0, True), (2, True), (20, False)])
def test_a_month_whose_tickets_still_wait_for_a_reply_is_not_judged_by_those_that_have_one(
    waiting: int, is_tested: bool
) -> None:
    """Two hundred in each of seven months; so many of the last wait when the export is taken."""
    rows = []
    for place in range(1413):
        created = datetime(2026, 1, 1) + timedelta(days=place * 0.15)
        rows.append({"ticket_id": place, "created_at": created, "first_replied_at": created + timedelta(hours=1 + place % 7),
                     "status": "solved", "resolved_at": created + timedelta(hours=30)})  # fmt: skip
    july = [row for row in rows if row["created_at"].month == 7]
    for row in july[-waiting:] if waiting else []:
        row |= {"first_replied_at": None, "status": "open", "resolved_at": None}
    found = report(
        {"tickets": canonical(TICKETS, rows)}, "first_reply_time", period="2026-07", as_of=datetime(2026, 8, 2)
    )
    (one,) = found.results
    assert (one.verdict is not Verdict.NOT_TESTED) is is_tested
    assert any("still wait for a reply" in str(note) for note in one.notes) is not is_tested


@pytest.mark.parametrize(("days_after", "is_final"), [(2, False), (27, False), (29, True)])
def test_reopenings_are_compared_only_once_customers_had_four_weeks(days_after: int, is_final: bool) -> None:
    rows = [
        {"ticket_id": place, "created_at": datetime(2026, 1, 1) + timedelta(hours=6 * place), "status": "solved",
         "resolved_at": datetime(2026, 1, 1) + timedelta(hours=6 * place + 5), "reopens": int(place % 9 == 0)}
        for place in range(600)
    ]  # fmt: skip
    as_of = datetime(2026, 4, 1) + timedelta(days=days_after)
    found = report({"tickets": canonical(TICKETS, rows)}, "reopen_rate", period="2026-03", as_of=as_of)
    assert [one.change is not None for one in found.results] == [is_final]


@pytest.mark.parametrize(("closed", "is_reported"), [(0, False), (4, False), (80, True)])
def test_tickets_closed_without_a_reply_are_reported_where_they_grow(closed: int, is_reported: bool) -> None:
    rows = []
    for place in range(1413):
        created = datetime(2026, 1, 1) + timedelta(days=place * 0.15)
        rows.append({"ticket_id": place, "created_at": created, "first_replied_at": created + timedelta(hours=1 + place % 7),
                     "status": "solved", "resolved_at": created + timedelta(hours=30)})  # fmt: skip
    july = [row for row in rows if row["resolved_at"].month == 7]
    for row in july[::2][:closed]:
        row["first_replied_at"] = None
    found = report({"tickets": canonical(TICKETS, rows)}, "first_reply_time", period="2026-07")
    assert ("closed-unanswered" in [one.code for one in found.findings]) is is_reported


def test_answers_are_no_surer_than_the_tickets_that_they_come_of() -> None:
    """Tickets in waves of five weeks; as many answers every day, which by themselves look as if nothing swayed them."""
    first = datetime(2025, 9, 1, 9)
    opened = [
        first + timedelta(days=day, minutes=each) for day in range(212) for each in range(16 if day // 35 % 2 else 4)
    ]
    rows = [{"ticket_id": place, "created_at": at, "status": "open"} for place, at in enumerate(opened)]
    shown = [first + timedelta(days=day, hours=each) for day in range(212) for each in range(5 if day > 180 else 4)]
    answers = [
        answer(place, place, 5 - place % 4) | {"answered_at": at, "offered_at": at} for place, at in enumerate(shown)
    ]
    alone = {"answers": canonical(ANSWERS, answers)}
    others = alone | {"tickets": canonical(TICKETS, rows)}
    wide, close = (report(tables, "answers_received", period="2026-03").results[0].change for tables in (others, alone))
    assert wide is not None
    assert close is not None
    assert wide.value == close.value
    assert wide.p is not None
    assert close.p is not None
    assert wide.p > 2 * close.p
