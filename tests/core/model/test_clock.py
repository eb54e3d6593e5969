"""The clock of a report: local days, local midnights, and when a period has ended."""

from datetime import date, datetime

import polars as pl
import pytest

from kpi_core.facts import Facts
from kpi_core.model.clock import Clock
from kpi_core.model.periods import parse_period

STOCKHOLM = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        (None, datetime(2026, 3, 1, 23, 59), date(2026, 3, 1)),
        (None, datetime(1969, 12, 31, 23, 59), date(1969, 12, 31)),
        ("UTC", datetime(2026, 3, 1, 23, 59), date(2026, 3, 1)),
        (STOCKHOLM, datetime(2026, 2, 28, 22, 59), date(2026, 2, 28)),
        (STOCKHOLM, datetime(2026, 2, 28, 23, 0), date(2026, 3, 1)),
        (STOCKHOLM, datetime(2026, 7, 31, 22, 0), date(2026, 8, 1)),
        ("America/New_York", datetime(2026, 1, 1, 4, 59), date(2025, 12, 31)),
    ],
)
def test_a_row_counts_on_its_local_day(zone: str | None, instant: datetime, day: date) -> None:
    clock = Clock(zone=zone, as_of=instant)
    assert pl.DataFrame({"at": [instant]}).select(clock.day("at")).item() == day
    assert clock.today == day


@pytest.mark.parametrize(
    ("zone", "day", "midnight"),
    [
        (None, date(2026, 3, 1), datetime(2026, 3, 1)),
        (STOCKHOLM, date(2026, 3, 1), datetime(2026, 2, 28, 23)),
        (STOCKHOLM, date(2026, 3, 30), datetime(2026, 3, 29, 22)),
        (STOCKHOLM, date(2026, 10, 25), datetime(2026, 10, 24, 22)),
    ],
)
def test_a_local_midnight_is_an_instant(zone: str | None, day: date, midnight: datetime) -> None:
    assert Clock(zone=zone, as_of=None).instant(day) == midnight


@pytest.mark.parametrize(
    ("as_of", "period", "end"),
    [
        (datetime(2026, 3, 10, 12), "2026-03", datetime(2026, 3, 10, 12)),
        (datetime(2026, 4, 10, 12), "2026-03", datetime(2026, 4, 1)),
        (datetime(2026, 4, 10, 12), "all", datetime(2026, 4, 10, 12)),
        (None, "2026-03", datetime(2026, 4, 1)),
        (None, "all", None),
    ],
)
def test_a_stock_is_looked_at_when_the_period_or_the_data_ends(
    as_of: datetime | None, period: str, end: datetime | None
) -> None:
    assert Clock(zone=None, as_of=as_of).end_of(parse_period(period)) == end


def test_facts_know_the_local_day_of_their_rows_and_find_it_once() -> None:
    frame = pl.DataFrame({"at": [datetime(2026, 2, 28, 23), None]}, schema={"at": pl.Datetime("ms")})
    facts = Facts(frame=frame, available=frozenset(), counts={}, zone=STOCKHOLM)
    assert facts.day("at").to_list() == [date(2026, 3, 1), None]
    assert facts.day("at") is facts.day("at")


def test_rows_without_such_a_date_have_no_day() -> None:
    facts = Facts(frame=pl.DataFrame({"key": [1, 2]}), available=frozenset(), counts={}, zone=STOCKHOLM)
    assert facts.day("resolved_at").to_list() == [None, None]
