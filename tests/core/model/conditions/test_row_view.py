"""What stands in the place of instants and keys when an expression is asked of rows."""

import pytest

from kpi_core.model.conditions.row_view import asked_as_written, plain, rewritten

INSTANTS = ("created_at", "resolved_at")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("created_at::date = date '2026-09-10'", "\"local created_at\"::date = date '2026-09-10'"),
        ("date_part('hour', \"created_at\") = 9", "date_part('hour', \"local created_at\") = 9"),
        ("resolved_at - created_at > interval '2 hours'", "resolved_at - created_at > interval '2 hours'"),
        ("resolved_at is null", "resolved_at is null"),
        (
            "date_part('hour', created_at) = 9 and resolved_at - created_at > interval '2 hours'",
            "date_part('hour', \"local created_at\") = 9 and \"resolved_at\" - \"created_at\" > interval '2 hours'",
        ),
        ("cast(created_at as date) = date '2026-09-10' and type = 'created_at'",
         "cast(\"local created_at\" as date) = date '2026-09-10' and type = 'created_at'"),
        ("type = 'date of created_at'", "type = 'date of created_at'"),
    ],
)  # fmt: skip
def test_instants_are_on_the_clock_where_one_is_read_and_exact_between_themselves(text: str, seen: str) -> None:
    assert rewritten(text, INSTANTS, {}) == seen


def test_columns_are_replaced_outside_of_text() -> None:
    assert rewritten("group = 'group' and \"group\" <> ''", (), {"group": "G"}) == "G = 'group' and G <> ''"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ticket_id > 2", {"ticket_id"}),
        ("\"ticket_id\" = '1'", {"ticket_id"}),
        ("ticket_id is not null", set()),
        ("ticket_id is null or customer_id = 'A'", {"customer_id"}),
        ("type = 'ticket_id'", set()),
        ("ticket_id is not null and length(ticket_id) = 3", {"ticket_id"}),
    ],
)
def test_keys_are_fetched_where_more_is_asked_than_whether_they_are_there(text: str, keys: set[str]) -> None:
    assert asked_as_written(text, ("ticket_id", "customer_id", "type")) == keys


def test_a_working_column_shows_another() -> None:
    assert [plain(name) for name in ("local created_at", "written ticket_id", "group")] == [
        "created_at",
        "ticket_id",
        "group",
    ]
