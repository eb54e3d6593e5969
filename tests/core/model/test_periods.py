"""Periods as they are typed, stepped and compared: ISO weeks at the turn of a year, leap days, and what is no period."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.errors import DefinitionError
from kpi_core.model.periods import ALL, Grain, Period, parse_period, period_of, steps

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("202603", date(2026, 3, 1), date(2026, 3, 31)),
        ("20260310", date(2026, 3, 10), date(2026, 3, 10)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2021-W1", date(2021, 1, 4), date(2021, 1, 10)),
        ("2020W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-10-25", date(2026, 10, 25), date(2026, 10, 25)),
        ("2026-01-01..2026-03-31", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-03-01..2026-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("2026-01..2026-03", date(2026, 1, 1), date(2026, 3, 31)),
        ("2025-Q4..2026-W02", date(2025, 10, 1), date(2026, 1, 11)),
    ],
)
def test_a_period_is_whole_local_days(text: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.start, period.end) == (first, last + timedelta(days=1))
    assert period.days == (last - first).days + 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-H1", "2026H2", "2025-W53", "2026-W00", "2026-W54", "2026-02-29", "2026-04-31",
        "2026-03-31..2026-01-01", "2026-01-01..", "..2026-01-01", "2026-01-01..all", "october", "", "26-10", "last-fortnight", "next-month",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(DefinitionError, match="is no period") as refused:
        parse_period(text, date(2026, 5, 5))
    assert refused.value.hint is not None
    assert "2026-Q3" in refused.value.hint


def test_all_is_everything_and_has_no_neighbours() -> None:
    assert parse_period("all") is ALL
    assert (ALL.name, ALL.days, ALL.before(), ALL.year_ago()) == ("all", None, None, None)
    assert ALL.is_all


@pytest.mark.parametrize(
    ("text", "newest", "expected"),
    [
        ("last-month", date(2026, 10, 30), "2026-09"),
        ("last-month", date(2026, 10, 31), "2026-10"),
        ("last-complete-month", date(2026, 10, 31), "2026-10"),
        ("last-month", date(2026, 1, 15), "2025-12"),
        ("last-week", date(2027, 1, 2), "2026-W52"),
        ("last-complete-week", date(2027, 1, 3), "2026-W53"),
        ("last-complete-week", date(2027, 1, 4), "2026-W53"),
        ("last-quarter", date(2026, 4, 1), "2026-Q1"),
        ("last-year", date(2026, 12, 31), "2026"),
        ("last-year", date(2026, 12, 30), "2025"),
        ("last-day", date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_the_last_step_is_the_newest_that_the_data_ends(text: str, newest: date, expected: str) -> None:
    assert parse_period(text, newest).name == expected


def test_last_month_of_data_without_dates_is_refused() -> None:
    with pytest.raises(DefinitionError, match="needs dates") as refused:
        parse_period("last-month")
    assert refused.value.hint == "use --period all"


@pytest.mark.parametrize(
    ("text", "before", "year_ago"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-03", "2026-02", "2025-03"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2027-W01", "2026-W53", "2026-W01"),
        ("2026-W53", "2026-W52", "2025-W52"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2026-03-01", "2026-02-28", "2025-03-01"),
        ("2026-01-10..2026-01-19", "2025-12-31..2026-01-09", "2025-01-10..2025-01-19"),
    ],
)
def test_the_period_before_and_the_one_a_year_ago(text: str, before: str, year_ago: str) -> None:
    period = parse_period(text)
    assert period.name == text
    assert [other.name for other in (period.before(), period.year_ago()) if other] == [before, year_ago]


@pytest.mark.parametrize(
    "text", ["2024-02-29..2024-02-29", "2024-02-29..2024-03-09", "2024-02-01..2024-02-28", "2024-01-01..2024-02-29"]
)
def test_a_span_that_touches_a_leap_day_has_days_a_year_ago(text: str) -> None:
    ago = parse_period(text).year_ago()
    assert ago is not None
    assert ago.days is not None
    assert ago.days > 0


@given(day=DAYS, grain=st.sampled_from(Grain))
def test_a_step_holds_its_day_has_a_name_that_reads_back_and_joins_its_neighbour(day: date, grain: Grain) -> None:
    period = period_of(day, grain)
    assert period.start is not None
    assert period.end is not None
    assert period.start <= day < period.end
    assert parse_period(period.name) == period
    before = period.before()
    assert before is not None
    assert (before.end, before.grain) == (period.start, grain)


@given(first=DAYS, length=st.integers(1, 400), grain=st.sampled_from(Grain))
def test_steps_leave_no_day_out_and_count_none_twice(first: date, length: int, grain: Grain) -> None:
    last = first + timedelta(days=length - 1)
    periods = list(steps(first, last, grain))
    assert all(one.end == other.start for one, other in pairwise(periods))
    assert period_of(first, grain) == periods[0]
    assert period_of(last, grain) == periods[-1]


@given(first=DAYS, length=st.integers(1, 800))
def test_a_span_reads_back_from_its_name_and_follows_the_one_before(first: date, length: int) -> None:
    span = Period(first, first + timedelta(days=length))
    assert parse_period(f"{first}..{first + timedelta(days=length - 1)}") == span
    before = span.before()
    assert before is not None
    assert (before.end, before.days) == (span.start, span.days)
