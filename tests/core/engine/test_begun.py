"""Where a history begins: lone rows long before all others say nothing of the days between."""

from datetime import date, timedelta

import pytest

from kpi_core.engine.daily import _begun

FIRST = date(2025, 9, 1)
DAYS = [FIRST + timedelta(days=place) for place in range(0, 200, 2)]
LATE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("lone", "by", "first"),
    [
        ([], LATE, FIRST),
        ([date(2024, 11, 3)], LATE, FIRST),
        ([date(2022, 5, 1), date(2024, 1, 1), date(2025, 6, 1)], LATE, FIRST),
        ([FIRST - timedelta(days=9)], LATE, FIRST - timedelta(days=9)),
        ([FIRST - timedelta(days=300 - place) for place in range(40)], LATE, FIRST - timedelta(days=300)),
        ([date(2024, 11, 3)], date(2025, 1, 1), date(2024, 11, 3)),
    ],
    ids=["none", "one", "some", "near", "many", "a baseline of their own"],
)
def test_it_begins_where_the_bulk_of_the_rows_does(lone: list[date], by: date, first: date) -> None:
    assert _begun([*lone, *DAYS], by) == first


def test_no_day_begins_nothing() -> None:
    assert _begun([], LATE) is None


@pytest.mark.parametrize(
    ("gap", "every", "by", "is_cut"),
    [
        (60, 1, 110, True),  # two months that are missing, and a history of its own behind them
        (60, 1, 60, False),  # too little behind them
        (10, 1, 110, False),  # a holiday
        (60, 7, 110, False),  # rows come once a week, and now and then not for long
    ],
)
def test_months_that_are_missing_begin_a_history_anew(gap: int, every: int, by: int, is_cut: bool) -> None:
    after = FIRST + timedelta(days=120 + gap)
    before = [FIRST + timedelta(days=place) for place in range(0, 120, every)]
    days = [*before, *(after + timedelta(days=place) for place in range(0, 140, every))]
    until = after + timedelta(days=by)
    assert _begun(days, until) == (after if is_cut else FIRST)
    assert _begun(days, until, is_of_counts=False) == FIRST, "of shares and times an empty day says nothing"
