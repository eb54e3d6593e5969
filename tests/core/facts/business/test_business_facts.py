"""What is derived from customers, orders, reviews, leads and costs, one rule of missing data at a time."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from kpi_core.calendars import Calendar
from kpi_core.facts import Facts, Rules, derive
from kpi_core.facts.business.costs import NO_KIND
from kpi_core.facts.business.customers import LEFT_UNDATED, NOT_DATED
from kpi_core.facts.business.money import NO_AMOUNT, NO_CURRENCY
from kpi_core.facts.reviews import ASSUMED, BEFORE
from kpi_core.model.tables import TABLES, Kind

CAME, LEFT = datetime(2026, 1, 5), datetime(2026, 3, 5)


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows as a canonical table that has the columns named and no others."""
    columns = [column for column in TABLES[table].columns if any(column.name in row for row in rows)]
    dtypes = {column.name: pl.UInt64() if column.kind is Kind.KEY else column.kind.dtype for column in columns}
    return pl.DataFrame([{name: row.get(name) for name in dtypes} for row in rows], schema=dtypes)


def facts(table: str, *rows: dict[str, Any], **others: pl.DataFrame) -> Facts:
    key = TABLES[table].key
    numbered = frame(table, [{key: place} | row for place, row in enumerate(rows, start=1)])
    return derive({table: numbered, **others}, Rules())[table]


def column(found: Facts, name: str) -> list[Any]:
    return found.frame[name].to_list()


@pytest.mark.parametrize(
    ("row", "since", "lost_at", "is_lost"),
    [
        ({"lost_at": LEFT, "is_lost": None}, CAME, LEFT, True),
        ({"lost_at": LEFT, "is_lost": True}, CAME, LEFT, True),
        ({"lost_at": LEFT, "is_lost": False}, CAME, None, False),
        ({"lost_at": None, "is_lost": True}, None, None, True),
        ({"lost_at": None, "is_lost": None}, CAME, None, False),
        ({"lost_at": CAME - timedelta(days=9), "is_lost": True}, None, None, None),
    ],
)
def test_until_when_a_customer_was_one(
    row: dict[str, Any], since: datetime | None, lost_at: datetime | None, is_lost: bool | None
) -> None:
    shown = [
        {"acquired_at": CAME, "lost_at": LEFT, "is_lost": True},
        {"acquired_at": CAME, "lost_at": None, "is_lost": False},
    ]
    found = facts("customers", {"acquired_at": CAME} | row, *shown)
    assert [column(found, name)[0] for name in ("since", "lost_at", "is_lost")] == [since, lost_at, is_lost]


@pytest.mark.parametrize(
    ("rows", "has_lost_at"),
    [
        ([{"acquired_at": CAME, "lost_at": None}], True),
        ([{"acquired_at": CAME, "lost_at": None, "is_lost": False}], True),
        ([{"acquired_at": CAME, "lost_at": None, "is_lost": True}], False),
        ([{"acquired_at": CAME}], False),
    ],
    ids=["an empty column", "nobody lost", "someone lost without a day", "no column"],
)
def test_whether_leavings_are_known(rows: list[dict[str, Any]], has_lost_at: bool) -> None:
    found = facts("customers", *rows)
    assert ("lost_at" in found.available) is has_lost_at
    assert "gone_at" in found.frame.columns


def test_customers_that_no_day_places_are_counted() -> None:
    rows = [
        {"acquired_at": CAME, "is_lost": True},
        {"acquired_at": None, "is_lost": False},
        {"acquired_at": CAME, "is_lost": False},
    ]
    assert facts("customers", *rows).counts == {LEFT_UNDATED: 1, NOT_DATED: 1}
    assert facts("customers", *({"is_lost": row["is_lost"]} for row in rows)).counts == {}


@pytest.mark.parametrize(
    ("row", "value", "is_kept"),
    [
        ({}, 100, True),
        ({"is_refunded": True}, 0, False),
        ({"refunded_amount": 30}, 70, True),
        ({"refunded_amount": -30}, 70, True),
        ({"refunded_amount": 100}, 0, False),
        ({"refunded_amount": 0, "is_refunded": True}, 0, False),
        ({"refunded_amount": 30, "is_refunded": True}, 70, True),
        ({"amount": None, "is_refunded": True}, None, False),
        ({"amount": None}, None, True),
        ({"amount": 0}, 0, True),
        ({"amount": 0, "is_refunded": True}, 0, False),
        ({"amount": -20}, -20, True),
    ],
)
def test_what_an_order_is_worth(row: dict[str, Any], value: float | None, is_kept: bool) -> None:
    shown = {"amount": 5, "refunded_amount": 1, "is_refunded": False}
    found = facts("orders", {"amount": 100, "refunded_amount": None, "is_refunded": None} | row, shown)
    assert (column(found, "value")[0], column(found, "is_kept")[0]) == (value, is_kept)


def test_currencies_are_one_word_and_their_lack_is_counted() -> None:
    rows = [{"amount": 1, "currency": "sek"}, {"amount": 1, "currency": "SEK"}, {"amount": None, "currency": None}]
    found = facts("orders", *rows)
    assert column(found, "currency") == ["SEK", "SEK", None]
    assert found.counts == {NO_AMOUNT: 1, NO_CURRENCY: 1}
    assert facts("orders", {"amount": 1}).counts == {}


def test_orders_know_their_customer_s_segment_unless_two_customers_have_that_number() -> None:
    customers = frame("customers", [{"customer_id": place, "segment": word} for place, word in enumerate("abc")])
    customers = customers.with_columns(_number=pl.Series([7, 8, 8], dtype=pl.UInt64))
    orders = [{"customer_id": 7}, {"customer_id": 8}, {"customer_id": 9}, {"customer_id": None}]
    assert column(facts("orders", *orders, customers=customers), "segment") == ["a", None, None, None]


def test_ratings_on_any_scale_are_set_out_of_five() -> None:
    rows = [(4, 5), (9, 10), (4.5, 5), (0, 5), (None, 5)]
    found = facts("reviews", *({"rating": rating, "scale_high": scale} for rating, scale in rows))
    assert column(found, "rating_of_5") == [4, 4.5, 4.5, 0, None]
    assert column(found, "stars") == [4, 5, 5, 1, None]
    assert column(found, "on_scale") == [True, False, True, True, True]


@pytest.mark.parametrize(("highest", "scale"), [(5, 5), (8, 10), (80, 100), (800, None)])
def test_a_scale_that_is_not_written_is_the_least_usual_one_that_holds_the_ratings(
    highest: int, scale: int | None
) -> None:
    found = facts("reviews", {"rating": highest}, {"rating": 1})
    assert column(found, "scale_high") == [scale, scale]
    assert found.counts == ({ASSUMED: 2} if scale else {})


def test_an_answer_before_the_review_has_no_time() -> None:
    rows = [
        {"reviewed_at": CAME, "replied_at": CAME + timedelta(hours=2)},
        {"reviewed_at": CAME, "replied_at": CAME - timedelta(hours=2)},
    ]
    found = facts("reviews", *rows)
    assert column(found, "review_reply_time") == [7200, None]
    assert found.counts == {BEFORE: 1}


@pytest.mark.parametrize("name", ["review_reply_time", "review_reply_time_business"])
def test_the_open_time_to_an_answer_is_found_only_where_it_is_wanted(desk: Calendar, name: str) -> None:
    # Monday 5 January: written at midnight, answered at 10, an hour after the desk has opened; and the night before.
    rows = [{"review_id": 1, "reviewed_at": CAME, "replied_at": CAME + timedelta(hours=10)},
            {"review_id": 2, "reviewed_at": CAME, "replied_at": CAME - timedelta(hours=2)}]  # fmt: skip
    tables, rules = {"reviews": frame("reviews", rows)}, Rules(calendar=desk)
    found = derive(tables, rules, frozenset({name}))["reviews"]
    assert column(found, "review_reply_time") == [36_000, None]
    assert ("review_reply_time_business" in found.available) is name.endswith("_business")
    if name.endswith("_business"):
        assert column(found, name) == [3600, None]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"converted_at": CAME}, {"converted_at": None}], [True, False]),
        ([{"is_converted": True}, {"is_converted": None}], [True, False]),
        ([{"is_converted": True}, {"is_converted": False}, {"is_converted": None}], [True, False, None]),
        ([{"converted_at": CAME, "is_converted": False}, {"converted_at": None, "is_converted": True}], [True, True]),
        ([{"converted_at": None}, {"converted_at": None}], [False, False]),
    ],
)
def test_whether_a_lead_became_a_customer(rows: list[dict[str, Any]], expected: list[bool | None]) -> None:
    found = facts("leads", *rows)
    assert column(found, "is_converted") == expected
    assert "is_converted" in found.available


@pytest.mark.parametrize("amount", [1000.01, 0.0, -310.07, 0.0003])
@pytest.mark.parametrize(
    "month", [datetime(2026, 2, 1), datetime(2024, 2, 29), datetime(2026, 3, 31, 22), datetime(2026, 4, 1, 8)]
)
def test_a_month_s_cost_is_spread_over_its_days_to_the_last_cent(month: datetime, amount: float) -> None:
    """Months begin at local midnight: an instant late on the last of March is the first of April east of Greenwich."""
    found = facts("costs", {"month": month, "kind": "support", "amount": amount})
    days = [day.date() for day in column(found, "spent_at")]
    assert len({(day.year, day.month) for day in days}) == 1
    assert days[0].month == (month + timedelta(hours=14)).month
    assert [day.day for day in days] == list(range(1, len(days) + 1))
    assert (days[-1] + timedelta(days=1)).day == 1
    assert sum(round(part * 10_000) for part in column(found, "support_cost")) == round(amount * 10_000)
    assert max(column(found, "support_cost")) - min(column(found, "support_cost")) < 0.0002


def test_costs_are_for_what_they_say_and_of_a_day_where_they_have_one() -> None:
    rows = [
        {"spent_at": CAME, "month": CAME, "kind": "support", "amount": 5},
        {"spent_at": CAME, "month": None, "kind": None, "amount": 7},
    ]
    found = facts("costs", *rows)
    assert column(found, "support_cost") == [5, None]
    assert column(found, "is_monthly") == [False, False]
    assert "acquisition_cost" not in found.available
    assert found.counts == {NO_KIND: 1}
