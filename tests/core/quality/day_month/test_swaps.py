"""Dates with day and month in each other's place, in part or as a whole."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from small_exports import codes, cost, inspected, only

from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.quality.day_month.swaps import turned

FOUND = ("day-month-order", "day-month-turned", "days-past-12-scarce")


def _by_a_spreadsheet(moment: datetime) -> datetime:
    """What a spreadsheet makes of a date when it expects the other order: days up to the 12th are turned."""
    return moment.replace(month=moment.day, day=moment.month) if moment.day <= 12 else moment


def _days(first: datetime, count: int) -> list[datetime]:
    return [first + timedelta(days=n) for n in range(count)]


def _tickets(opened: Sequence[datetime], resolved: Sequence[datetime], form: str = "%Y-%m-%d %H:%M") -> list[str]:
    pairs = zip(opened, resolved, strict=True)
    return [f"{n},{begun:{form}},,{ended:{form}},Solved" for n, (begun, ended) in enumerate(pairs, start=1)]


MARCH = _days(datetime(2026, 3, 1, 10), 31)
YEAR = _days(datetime(2025, 1, 1, 10), 365)


@pytest.mark.parametrize(
    ("date", "other"),
    [
        (datetime(2026, 12, 3, 10, 5), datetime(2026, 3, 12, 10, 5)),
        (datetime(2026, 3, 13), None),
        (datetime(2026, 1, 12), datetime(2026, 12, 1)),
        (None, None),
    ],
)
def test_a_date_is_turned_where_its_day_can_be_a_month(date: datetime | None, other: datetime | None) -> None:
    assert pl.select(turned(pl.lit(date, pl.Datetime("ms")))).item() == other


def test_a_month_scattered_over_the_year_was_turned_by_a_spreadsheet(tmp_path: Path) -> None:
    next_day = [day + timedelta(days=1) for day in MARCH]
    rows = _tickets([_by_a_spreadsheet(day) for day in MARCH], next_day)
    defect = only(inspected(tmp_path, {"a.csv": rows}), "day-month-turned")
    # 1 to 12 March become the 3rd of each month; February to April lie too near to decide, the 3rd of March is itself.
    assert defect.count == 10
    assert "`2026-12-03` as `2026-03-12`" in defect.text
    kpi, _, otherwise = cost(defect)
    assert (kpi, otherwise) == ("resolution_time_mean", 24 * 3600)


def test_tickets_resolved_before_being_opened_only_up_to_the_12th_were_turned(tmp_path: Path) -> None:
    next_day = [day + timedelta(days=1) for day in YEAR]
    rows = _tickets([_by_a_spreadsheet(day) for day in YEAR], next_day)
    defect = only(inspected(tmp_path, {"a.csv": rows}), "day-month-turned")
    assert defect.count == sum(_by_a_spreadsheet(day) > ended for day, ended in zip(YEAR, next_day, strict=True))
    assert cost(defect)[2] == 24 * 3600


def test_tickets_resolved_before_being_opened_on_any_day_are_another_fault(tmp_path: Path) -> None:
    ended = [day - timedelta(hours=3) if n % 3 == 0 else day + timedelta(hours=3) for n, day in enumerate(YEAR)]
    assert "day-month-turned" not in codes(inspected(tmp_path, {"a.csv": _tickets(YEAR, ended)}))


@pytest.mark.parametrize(("order", "is_doubted"), [("dmy", True), ("mdy", False)])
def test_a_column_without_a_day_past_the_12th_is_doubted_where_the_other_order_makes_it_one_stretch(
    tmp_path: Path, order: str, is_doubted: bool
) -> None:
    opened = _days(datetime(2026, 6, 1, 10), 12)
    rows = _tickets(opened, [day + timedelta(hours=5) for day in opened], "%m/%d/%Y %H:%M")
    found = inspected(tmp_path, {"a.csv": rows}, choices=Choices(cells=ReadingChoices(date_order=order)))
    assert ("day-month-order" in codes(found)) is is_doubted
    if is_doubted:
        text = only(found, "day-month-order").text
        assert "they cover 335 days; the other way round they cover 12: settle it with --date-format mdy" in text
        assert text.endswith("likewise `Resolved`")


def test_days_past_the_12th_that_never_occur_are_missed(tmp_path: Path) -> None:
    early = [day for day in YEAR if day.day <= 12]
    found = inspected(tmp_path, {"a.csv": _tickets(early, early)})
    assert "144 of its 144 days are not past the 12th" in only(found, "days-past-12-scarce").text


@pytest.mark.parametrize(
    "opened",
    [YEAR, MARCH, MARCH[:12], [day for day in YEAR if day.day == 1], [day for day in YEAR if day.weekday() == 0], YEAR[:40:13]],
    ids=["a year", "a month", "its first days", "the first of each month", "Mondays", "a few days"],
)  # fmt: skip
def test_ordinary_calendars_are_not_doubted(tmp_path: Path, opened: list[datetime]) -> None:
    found = inspected(tmp_path, {"a.csv": _tickets(opened, [day + timedelta(hours=30) for day in opened])})
    assert not set(codes(found)) & set(FOUND)


def test_dates_are_turned_on_the_clock_they_were_written_by(tmp_path: Path) -> None:
    late = [day.replace(hour=0, minute=30) for day in MARCH]
    rows = _tickets([_by_a_spreadsheet(day) for day in late], [day + timedelta(days=1) for day in late])
    choices = Choices(cells=ReadingChoices(zone="Europe/Stockholm"))
    _, _, otherwise = cost(only(inspected(tmp_path, {"a.csv": rows}, choices=choices), "day-month-turned"))
    # Of 31 days one has 23 hours.
    assert otherwise == pytest.approx((31 * 24 - 1) / 31 * 3600)
