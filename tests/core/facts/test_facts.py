"""What is derived from tickets and answers, one rule of missing data at a time."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from kpi_core.calendars import Calendar
from kpi_core.facts import Facts, Rules, derive_answers, derive_tickets
from kpi_core.model.promise import Promise
from kpi_core.model.tables import ANSWERS, TICKETS, Table

MORNING = datetime(2026, 3, 2, 8)
HOUR = 3600
AS_OF = datetime(2026, 3, 20)
RULES = Rules(as_of=AS_OF)


def at(hours: float) -> datetime:
    return MORNING + timedelta(hours=hours)


def frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows as a canonical table that has the columns named and no others."""
    columns = [column for column in table.columns if any(column.name in row for row in rows)]
    dtypes = {column.name: pl.UInt64() if column.kind.value == "key" else column.kind.dtype for column in columns}
    return pl.DataFrame([{name: row.get(name) for name in dtypes} for row in rows], schema=dtypes)


def facts(*rows: dict[str, Any], rules: Rules = RULES, answers: pl.DataFrame | None = None) -> Facts:
    numbered = [{"ticket_id": place, "created_at": MORNING} | row for place, row in enumerate(rows, start=1)]
    return derive_tickets(frame(TICKETS, numbered), rules, answers)


def of_first(found: Facts, *names: str) -> tuple[Any, ...]:
    row = found.frame.row(0, named=True)
    return tuple(row.get(name) for name in names)


@pytest.mark.parametrize(
    ("row", "is_resolved", "resolved_at"),
    [
        ({"status": "solved", "resolved_at": at(2), "closed_at": at(9)}, True, at(2)),
        ({"status": "closed", "resolved_at": None, "closed_at": at(9)}, True, at(9)),
        ({"status": "closed", "resolved_at": None, "resolution_time": 5 * HOUR}, True, at(5)),
        ({"status": "closed", "resolved_at": None, "resolution_time": 0}, True, None),
        ({"status": "open", "resolved_at": at(2), "resolution_time": 5 * HOUR}, False, None),
        ({"status": "pending", "resolved_at": None}, False, None),
        ({"status": None, "resolved_at": at(2)}, True, at(2)),
        ({"status": None, "closed_at": at(2)}, True, at(2)),
        ({"status": None, "resolved_at": None}, False, None),
        ({"resolved_at": at(2)}, True, at(2)),
    ],
)
def test_a_ticket_is_resolved_by_its_status_else_by_its_times(
    row: dict[str, Any], is_resolved: bool, resolved_at: datetime | None
) -> None:
    others = {"status": "open", "resolved_at": at(1), "closed_at": None} if "status" in row else {"resolved_at": None}
    assert of_first(facts(row, others), "is_resolved", "resolved_at") == (is_resolved, resolved_at)


def test_a_resolution_without_a_time_counts_and_is_counted() -> None:
    found = facts({"status": "solved", "resolved_at": None}, {"status": "solved", "resolved_at": at(1)})
    assert found.frame["is_resolved"].to_list() == [True, True]
    assert found.counts == {"resolved without a time": 1}


@pytest.mark.parametrize(
    ("row", "time"),
    [
        ({"resolved_at": at(9), "reopens": 0}, 9 * HOUR),
        ({"resolved_at": at(9), "reopens": 2, "first_resolution_time": HOUR}, HOUR),
        ({"resolved_at": at(9), "reopens": 2, "first_resolution_time": None}, None),
        ({"resolved_at": at(9), "reopens": 2, "first_resolved_at": at(3)}, 3 * HOUR),
        ({"status": "open", "resolved_at": at(9), "reopens": 1}, 9 * HOUR),
        ({"status": "open", "resolved_at": at(9), "reopens": 2}, None),
    ],
)
def test_a_last_resolution_is_no_first_one_when_the_ticket_was_opened_again(
    row: dict[str, Any], time: int | None
) -> None:
    other = {"status": "solved", "reopens": 0, "resolved_at": at(1), "first_resolution_time": HOUR}
    assert of_first(facts({"status": "solved"} | row, other), "first_resolution_time") == (time,)


@pytest.mark.parametrize(
    ("row", "time"),
    [
        ({"first_replied_at": at(0.5), "first_reply_time": 99}, HOUR // 2),
        ({"first_replied_at": at(0), "first_reply_time": 99}, 0),
        ({"first_replied_at": None, "first_reply_time": 99}, 99),
        ({"first_replied_at": None, "first_reply_time": 0}, None),
        ({"first_reply_time": 0, "agent_replies": 0}, None),
        ({"first_reply_time": 0, "agent_replies": 1}, 0),
        ({"first_reply_time": 0}, 0),
        ({"first_reply_time": -60}, None),
        ({"first_replied_at": at(-1)}, None),
        ({"first_replied_at": at(1), "is_outbound": True}, None),
        ({"first_replied_at": at(1), "is_auto_replied": True}, None),
    ],
)
def test_a_first_reply_takes_as_long_as(row: dict[str, Any], time: int | None) -> None:
    assert of_first(facts(row), "first_reply_time") == (time,)


def test_a_business_time_of_zero_is_a_time_only_where_there_was_a_reply() -> None:
    rows = [
        {"first_replied_at": at(1), "first_reply_time_business": 0},
        {"first_replied_at": None, "first_reply_time_business": 0},
        {"first_replied_at": None, "first_reply_time_business": 60},
    ]
    assert facts(*rows).frame["first_reply_time_business"].to_list() == [0, None, 60]


def test_an_automatic_reply_is_a_reply_of_any_kind_only() -> None:
    rows = [{"first_replied_at": at(1), "is_auto_replied": True}, {"first_replied_at": at(2), "is_auto_replied": False}]
    found = facts(*rows)
    assert found.frame["first_reply_time"].to_list() == [None, 2 * HOUR]
    assert found.frame["first_reply_time_any"].to_list() == [HOUR, 2 * HOUR]
    assert "first_reply_time_any" not in facts({"first_replied_at": at(1)}).available


@pytest.mark.parametrize("own", [{}, {"first_replied_at": at(1), "first_reply_time": 60}])
def test_an_automatic_reply_is_no_agents_in_business_hours_either(own: dict[str, Any]) -> None:
    rows = [
        {"first_reply_time_business": 60, "is_auto_replied": True},
        {"first_reply_time_business": 120, "is_auto_replied": False},
        {"first_reply_time_business": 180, "is_auto_replied": None},
    ]
    found = facts(*(row | own for row in rows))
    assert found.frame["first_reply_time_business"].to_list() == [None, 120, 180]
    assert found.frame["first_reply_time_any_business"].to_list() == [60, 120, 180]
    unsorted = facts({"first_reply_time_business": 60})
    assert "first_reply_time_any_business" not in unsorted.available


def test_with_a_calendar_a_reply_of_any_kind_is_counted_in_open_time(desk: Calendar) -> None:
    # The desk opens at 9, an hour after the tickets come in; the third has its first reply before that.
    rows = [
        {"first_replied_at": at(2), "first_reply_time_business": 99, "is_auto_replied": True},
        {"first_replied_at": at(3), "first_reply_time_business": 99, "is_auto_replied": False},
        {"first_replied_at": at(-1), "first_reply_time_business": 99, "is_auto_replied": False},
    ]
    found = facts(*rows, rules=Rules(as_of=AS_OF, calendar=desk))
    assert found.frame["first_reply_time_business"].to_list() == [None, 2 * HOUR, None]
    assert found.frame["first_reply_time_any_business"].to_list() == [HOUR, 2 * HOUR, None]
    assert found.counts == {"negative first_reply_time": 1, "negative first_reply_time_business": 1}


@pytest.mark.parametrize("name", ["first_reply_time_any", "first_reply_time_any_business"])
def test_the_open_time_to_a_message_is_found_only_where_it_is_wanted(desk: Calendar, name: str) -> None:
    result = frame(TICKETS, [{"ticket_id": 1, "created_at": MORNING}]).with_columns(
        first_any_replied_at=pl.lit(at(2), pl.Datetime("ms")), is_auto_replied=pl.lit(value=True)
    )
    found = derive_tickets(result, Rules(as_of=AS_OF, calendar=desk), wanted=frozenset({name}))
    assert ("first_reply_time_any_business" in found.available) is name.endswith("_business")
    assert found.frame[name].to_list() == [HOUR if name.endswith("_business") else 2 * HOUR]


def test_negative_times_are_left_out_and_counted_by_column() -> None:
    found = facts(
        {"resolved_at": at(-1), "handle_time": 5, "requester_wait_time": -1},
        {"resolved_at": at(1), "handle_time": -5, "requester_wait_time": -2},
    )
    assert found.frame["resolution_time"].to_list() == [None, HOUR]
    assert found.frame["handle_time"].to_list() == [5, None]
    assert found.counts == {"negative resolution_time": 1, "negative requester_wait_time": 2, "negative handle_time": 1}


@pytest.mark.parametrize(
    ("times", "is_tracked"), [([0, 0, None], False), ([0, 60, None], True), ([None, None, None], False)]
)
def test_a_handle_time_of_zero_for_everyone_is_not_tracked(times: list[int | None], is_tracked: bool) -> None:
    assert ("handle_time" in facts(*({"handle_time": time} for time in times)).available) is is_tracked


def test_merged_and_spam_tickets_are_left_out_and_counted() -> None:
    found = facts(
        {"is_merged": True, "is_spam": None},
        {"is_merged": None, "is_spam": True},
        {"is_merged": False, "is_spam": None},
        {"is_spam": False},
    )
    assert found.frame["ticket_id"].to_list() == [3, 4]
    assert found.counts["merged or spam"] == 2


def test_a_column_without_a_single_value_cannot_be_used() -> None:
    found = facts({"reopens": None, "agent_replies": 1})
    assert "agent_replies" in found.available
    assert "reopens" not in found.available


@pytest.mark.parametrize(
    ("type_", "tags", "is_complaint"),
    [
        ("Complaint", None, True), ("klagomål", None, True), ("Question", None, False), (None, None, False),
        (None, "vip, Reklamation", True), (None, "vip klage", True), (None, "complaints-team", False), ("Question", "complaint", True),
        ("Reklamation - transport", None, True), ("Complaint: delivery", None, True), ("Transport/klagomål", None, True),
        ("No complaint", None, False), ("Complaint handling", None, False),
    ],
)  # fmt: skip
def test_a_complaint_by_type_or_tag(type_: str | None, tags: str | None, is_complaint: bool) -> None:
    found = facts({"type": type_, "tags": tags}, {"type": "complaint", "tags": "complaint"})
    assert found.frame["is_complaint"].to_list() == [is_complaint, True]


def test_complaints_are_unknown_where_nobody_ever_complained() -> None:
    assert "is_complaint" not in facts({"type": "Question"}).available


def promise(within: int, **among: str) -> Promise:
    return Promise(within=within, among=among)


def test_targets_go_by_priority_and_the_rest_have_their_own() -> None:
    rules = Rules(
        as_of=AS_OF,
        first_reply_targets=(promise(HOUR, priority="urgent"), promise(4 * HOUR)),
        resolution_targets=(promise(8 * HOUR, priority="urgent"),),
    )
    found = facts({"priority": "urgent", "due_at": at(99)}, {"priority": "low"}, {"priority": None}, rules=rules)
    assert found.frame["first_reply_target"].to_list() == [HOUR, 4 * HOUR, 4 * HOUR]
    assert found.frame["due_at"].to_list() == [at(8), None, None]


@pytest.mark.parametrize(
    ("row", "hours"),
    [
        ({"priority": "low", "group": "Sales", "type": "Question"}, 24),
        ({"priority": "urgent", "group": "Sales", "type": "Question"}, 4),
        ({"priority": "low", "group": "Billing", "type": "Question"}, 8),
        ({"priority": "low", "group": " billing", "type": "Question"}, 8),
        ({"priority": "urgent", "group": "Billing", "type": "Question"}, 6),
        ({"priority": "high", "group": "Billing", "type": "Bug"}, 2),
        ({"priority": None, "group": None, "type": None}, 24),
    ],
    ids=["the rest", "by priority", "by group", "whatever its capitals", "by both, though each alone is shorter",
         "of two that fit the shorter", "nothing known"],
)  # fmt: skip
def test_the_promise_that_says_most_of_a_ticket_holds_then_the_shortest(row: dict[str, Any], hours: int) -> None:
    promises = (
        promise(24 * HOUR),
        promise(4 * HOUR, priority="urgent"),
        promise(8 * HOUR, group="Billing"),
        promise(2 * HOUR, type="bug"),
        promise(6 * HOUR, priority="urgent", group="Billing"),
    )
    for order in (promises, promises[::-1]):
        rules = Rules(as_of=AS_OF, first_reply_targets=order, resolution_targets=order)
        found = facts(row, rules=rules).frame
        assert found["first_reply_target"].to_list() == [hours * HOUR]
        assert found["due_at"].to_list() == [at(hours)]
        assert found["first_reply_limit"].to_list() == found["resolution_limit"].to_list() == [hours * HOUR]


def test_a_ticket_without_any_promise_has_no_target() -> None:
    rules = Rules(as_of=AS_OF, first_reply_targets=(promise(HOUR, group="Billing"),))
    assert facts({"group": "Sales"}, {"group": "Billing"}, rules=rules).frame["first_reply_target"].to_list() == [
        None,
        HOUR,
    ]
    assert facts({"priority": "low"}, rules=rules).frame["first_reply_target"].to_list() == [None]


@pytest.mark.parametrize(
    ("promises", "goals", "limit"),
    [
        ((), {}, None),
        ((), {"resolution_time": 7200.0}, 7200),
        ((), {"resolution_time_km": 3600.0}, 3600),
        ((), {"resolution_time_business": 3600.0}, None),
        ((HOUR,), {"resolution_time": 7200.0}, HOUR),
    ],
    ids=["nothing", "the time's target", "its curve's", "business hours need a calendar", "a promise comes first"],
)
def test_without_a_promise_the_target_of_the_time_itself_is_the_limit(
    promises: tuple[int, ...], goals: dict[str, float], limit: int | None
) -> None:
    rules = Rules(as_of=AS_OF, resolution_targets=tuple(map(promise, promises)), goals=goals)
    found = facts({"priority": "low"}, rules=rules)
    assert ("resolution_limit" in found.available) is (limit is not None)
    if limit is not None:
        assert found.frame["resolution_limit"].to_list() == [limit]
        assert found.frame["resolution_hours"].to_list() == [None]
    assert ("due_at" in found.available) is bool(promises)


def test_the_next_ticket_of_a_customer_is_the_first_opened_after_the_resolution() -> None:
    rows = [
        {"customer_id": 7, "resolved_at": at(2)},
        {"customer_id": 7, "created_at": at(2), "resolved_at": at(3)},
        {"customer_id": 7, "created_at": at(30)},
        {"customer_id": 8, "created_at": at(4), "resolved_at": at(5)},
        {"customer_id": None, "created_at": at(6), "resolved_at": at(7)},
    ]
    after = facts(*rows).frame["repeat_after"].to_list()
    assert after == [28 * HOUR, 27 * HOUR, None, None, None]


def answer(**message: Any) -> dict[str, Any]:
    scale = {"scale_low": 1, "scale_high": 5, "direction": "higher", "answered_at": at(9), "is_offered": None}
    return {"response_id": 1, "ticket_id": 1, "question": "csat", "score": None} | scale | message


@pytest.mark.parametrize(
    ("score", "low", "high", "is_bad"),
    [
        (1, 1, 2, True),
        (2, 1, 2, False),
        (2, 1, 5, True),
        (3, 1, 5, False),
        (3, 1, 7, True),
        (4, 1, 7, False),
        (5, 1, 10, True),
        (6, 1, 10, False),
    ],
)
def test_a_rating_in_the_lower_half_of_its_scale_is_bad(score: int, low: int, high: int, is_bad: bool) -> None:
    answers = frame(ANSWERS, [answer(score=score, scale_low=low, scale_high=high)])
    assert of_first(facts({}, {}, answers=answers), "is_rated_bad") == (is_bad,)
    assert facts({}, {}, answers=answers).frame["is_rated_bad"].to_list()[1] is None


def test_the_customers_word_confirms_a_resolution() -> None:
    answers = frame(
        ANSWERS,
        [
            answer(ticket_id=place, question="resolved", score=score, scale_low=0, scale_high=1)
            for place, score in ((1, 1), (2, 0))
        ],
    )
    assert facts({}, {}, {}, answers=answers).frame["is_confirmed"].to_list() == [True, False, None]


def test_answers_know_their_top_boxes_and_place_in_the_scale() -> None:
    scales = [(1, 2), (1, 3), (1, 4), (1, 5), (1, 7), (0, 10)]
    rows = [
        answer(response_id=place, score=high, scale_low=low, scale_high=high)
        for place, (low, high) in enumerate(scales)
    ]
    found = derive_answers(frame(ANSWERS, rows)).frame
    assert found["top"].to_list() == [2, 3, 3, 4, 6, 9]
    assert found["rescaled"].to_list() == [100.0] * 6


def test_means_use_the_commonest_scale_of_a_question_and_shares_all() -> None:
    rows = [
        answer(response_id=1, score=5),
        answer(response_id=2, score=4),
        answer(response_id=3, score=2, scale_high=2),
        answer(response_id=4, question="nps", score=9, scale_low=0, scale_high=10),
    ]
    assert derive_answers(frame(ANSWERS, rows)).frame["on_scale"].to_list() == [True, True, False, True]


def test_a_response_counts_once_and_an_offer_alone_is_none() -> None:
    rows = [
        answer(response_id=1, score=None, is_offered=True),
        answer(response_id=1, question="nps", score=9),
        answer(response_id=1, question="ces", score=2),
        answer(response_id=2, score=5, is_offered=True),
        answer(response_id=3, ticket_id=3, score=None, is_offered=True),
    ]
    found = derive_answers(frame(ANSWERS, rows))
    assert found.frame["is_first_answer"].sum() == 2
    assert "question:nps" in found.available
    assert "question:nki_ideal" not in found.available
    assert found.frame["is_response"].to_list() == [True, False, False, True, True]
    assert found.frame["is_answered_response"].to_list() == [True] * 4 + [False]
    assert "is_response" not in derive_answers(frame(ANSWERS, rows[:-1])).frame.columns


def test_a_survey_that_does_not_show_who_was_asked_is_no_part_of_the_asked() -> None:
    rows = [
        answer(response_id=1, score=5, is_offered=True),
        answer(response_id=2, ticket_id=2, score=None, is_offered=True),
        answer(response_id=3, question="nps", score=9, is_offered=None),
    ]
    found = derive_answers(frame(ANSWERS, rows)).frame
    assert found.filter("is_response")["response_id"].to_list() == [1, 2]
