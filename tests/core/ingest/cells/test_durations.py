"""Durations in every shape a help desk or a spreadsheet gives them."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.cells.durations import (
    DurationUnit,
    Shape,
    may_count_days,
    parse_duration,
    sniff_duration,
    unit_from_header,
)

Cells = list[str | None]


def seconds(cells: Cells, unit: str | None = None, column: str = "Resolution time") -> list[int | None]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    reading = sniff_duration(frame["cell"], column=column, unit=unit)
    read = frame.select(parse_duration(pl.col("cell"), reading))["cell"]
    assert read.dtype == pl.Int32
    return read.to_list()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0:00:00", 0),
        ("2:48:09", 10_089),
        ("1387:25:48", 4_994_748),
        ("-391:30:46", -1_409_446),
        ("\u22121:00:00", -3_600),
        ("00:45", 2_700),
        ("-02:15", -8_100),
        ("0:00:05.600", 6),
        ("1 day, 2:03:04", 93_784),
        ("-1 day, 23:59:59", -1),
        ("0 days 02:48:09.000000", 10_089),
        ("2 dagar 01:00", 176_400),
        ("1d 2h 3m 4s", 93_784),
        ("1h30m", 5_400),
        ("2 h 5 min", 7_500),
        ("2 timmar och 5 minuter", 7_500),
        ("2 timer, 5 minutter", 7_500),
        ("1,5 h", 5_400),
        ("-2 hours", -7_200),
        ("3 tuntia", 10_800),
        ("90 sek.", 90),
        ("2500 ms", 2),
        ("1\u00a0234,5 min", 74_070),
        ("2 dagar 1 234 min", 246_840),
        ("1899-12-31 00:02:23", 143),
        ("1899-12-30 00:02:23", 143),
        ("1900-01-01 03:31:07", 99_067),
    ],
)
def test_durations_that_say_what_they_are(cell: str, expected: int) -> None:
    assert seconds([cell, None]) == [expected, None]


@pytest.mark.parametrize(
    "cell", ["12:75", "1:00:61", "soon", "5 apples", "1 month", "1:2", ":30", "-", "2024-03-01 14:05:09"]
)
def test_what_is_no_duration_is_null(cell: str) -> None:
    assert seconds(["1:00:00", "2 h", "1899-12-31 00:02:23", cell]) == [3_600, 7_200, 143, None]


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["5", "0", "-1"], "minutes", [300, 0, -60]),
        (["1.11", "68.0"], "hours", [3_996, 244_800]),
        (["1,5", "2"], "hours", [5_400, 7_200]),
        (["1 440,5", "2"], "seconds", [1_440, 2]),
        (["1.5"], "days", [129_600]),
        (["86400000", "1499"], "milliseconds", [86_400, 1]),
        (["3000000000", "-3000000000", "1e30", "1"], "seconds", [None, None, None, 1]),
    ],
)
def test_bare_numbers_in_a_unit(cells: Cells, unit: str, expected: list[int | None]) -> None:
    assert seconds(cells, unit) == expected


def test_a_clock_under_a_header_that_promises_hours_is_a_clock() -> None:
    assert seconds(["19:33:00", "0:00:00"], column="First response time (in hrs)") == [70_380, 0]
    assert seconds(["19:33:00", "2"], "hours") == [70_380, 7_200]


def test_the_header_gives_the_unit_where_nobody_else_does() -> None:
    assert seconds(["5"], column="First reply time in minutes within business hours") == [300]
    assert seconds(["5"], "hours", column="First reply time in minutes") == [18_000]


def test_numbers_next_to_clocks_without_a_unit_are_unreadable() -> None:
    assert seconds(["1:00:00", "7"]) == [3_600, None]


def test_bare_numbers_without_a_unit_are_refused() -> None:
    with pytest.raises(
        ExportError, match="unit of column `Resolution time`, which holds bare numbers such as `42`"
    ) as caught:
        seconds(["42", "7"])
    assert caught.value.hint == "give it in the mapping: days, hours, minutes, seconds, milliseconds"


def test_numbers_are_no_clocks() -> None:
    with pytest.raises(ExportError, match="holds numbers such as `42`, not clocks"):
        seconds(["42"], "clock")


def test_words_are_refused_with_an_example() -> None:
    with pytest.raises(ExportError, match="no cell of column `Resolution time` is a duration, for example `fast`"):
        seconds(["fast"], "hours")


def test_an_unknown_unit_is_the_mappings_fault() -> None:
    with pytest.raises(MappingError, match="`weeks` is no unit of a duration"):
        seconds(["1"], "weeks")


def test_an_empty_column_is_empty() -> None:
    assert seconds([None, None]) == [None, None]
    assert seconds([None], "hours") == [None]


def test_a_column_of_numbers_is_read_as_numbers_only() -> None:
    reading = sniff_duration(pl.Series(["5", "12"]), column="minutes", unit="minutes")
    assert reading.shapes == (Shape.NUMBER,)
    assert reading.number.is_plain


def test_a_spreadsheet_whose_days_begin_a_day_earlier() -> None:
    assert seconds(["1899-12-30 00:02:23", "1899-12-31 01:00:00"]) == [143, 90_000]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("First response time (in hrs)", "hours"),
        ("Age (Hours)", "hours"),
        ("First_Response_Time_Hours", "hours"),
        ("first_response_time__in_hrs_", "hours"),
        ("Median första svarstid (timmar)", "hours"),
        ("Svartid i timer", "hours"),
        ("First reply time in minutes", "minutes"),
        ("First reply time in minutes within business hours", "minutes"),
        ("Full resolution time - Business hours (min)", "minutes"),
        ("full_resolution_minutes", "minutes"),
        ("Behandlingstid (minutter)", "minutes"),
        ("Speed of answer in seconds", "seconds"),
        ("First response time, only within office hours (seconds)", "seconds"),
        ("Resolution time (s)", "seconds"),
        ("handle_time_s", "seconds"),
        ("responseTimeMs", "milliseconds"),
        ("Handle time (ms)", "milliseconds"),
        ("Resolution (days)", "days"),
        ("Time to close (HH:mm:ss)", "clock"),
        ("Resolution Time in Business Hours", None),
        ("Resolution time", None),
        ("Min reply time", None),
        ("Second reply time", None),
        ("Total Time Spent", None),
        ("Hours and minutes", None),
    ],
)
def test_the_unit_a_header_names(header: str, unit: str | None) -> None:
    assert unit_from_header(header) == (None if unit is None else DurationUnit(unit))


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1, max_size=8))
def test_clocks_are_read_back(lengths: list[int]) -> None:
    def clock(length: int) -> str:
        whole = abs(length)
        return f"{'-' if length < 0 else ''}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"

    assert seconds([clock(length) for length in lengths]) == lengths


@given(st.lists(st.timedeltas().filter(lambda length: abs(length.total_seconds()) < 2**31), min_size=1, max_size=8))
def test_what_python_prints_is_read_back(lengths: list[timedelta]) -> None:
    texts: Cells = [str(length).split(".")[0] for length in lengths]
    expected = [length.days * 86_400 + length.seconds for length in lengths]
    assert seconds(texts) == expected


DAYS_OR_HOURS = ["1:10:55", "0:15:40", "0:14:54", "1:14:02", "2:03:11", "0:07:30", "3:21:45", "0:19:05"]


def test_clocks_whose_middle_part_is_never_beyond_23_may_count_days() -> None:
    assert may_count_days(pl.Series(DAYS_OR_HOURS))


@pytest.mark.parametrize(
    "cells",
    [
        [*DAYS_OR_HOURS, "0:45:10"],
        [f"{hour}:00:00" for hour in range(1, 20)],
        [f"0:{minute:02d}:40" for minute in range(20)],
        ["34:55:00", "15:40:00", "14:54:00", "38:02:00", "3:12:00", "9:01:00", "5:20:00", "7:07:00"],
        DAYS_OR_HOURS[:5],
        [f"{hour}:10" for hour in range(1, 20)],
    ],
    ids=["minutes", "whole hours", "calls", "no seconds", "few", "two parts"],
)
def test_other_clocks_are_hours_and_minutes(cells: list[str]) -> None:
    assert not may_count_days(pl.Series(cells))


@pytest.mark.parametrize(
    "header", ["Svarstid (d:hh:mm)", "Reply time (dd:hh:mm)", "Svarstid (dagar:timmar:minuter)", "Svartid (d:tt:mm)"]
)
def test_a_header_says_that_a_clock_counts_days(header: str) -> None:
    unit = unit_from_header(header)
    reading = sniff_duration(pl.Series(DAYS_OR_HOURS), column=header, unit=unit)
    cells = pl.DataFrame({"cell": ["1:10:55", "0:00:01", "0:24:00", "10:55"]})
    found = cells.select(parse_duration(pl.col("cell"), reading))["cell"].to_list()
    assert found == [86_400 + 10 * 3600 + 55 * 60, 60, None, 10 * 3600 + 55 * 60]


@pytest.mark.parametrize("header", ["Svarstid (h:mm:ss)", "Svarstid (tim:min:sek)", "Svartid (t:mm:ss)"])
def test_a_header_says_that_a_clock_counts_hours(header: str) -> None:
    assert unit_from_header(header) is DurationUnit.CLOCK


@pytest.mark.parametrize(("delimiter", "cells"), [(",", ["1,440", "30", "2,880"]), (",", ["1,440", "90"])])
def test_commas_are_of_thousands_where_commas_part_the_columns(delimiter, cells):
    reading = sniff_duration(pl.Series(cells), column="First reply time in minutes", unit=None, delimiter=delimiter)
    assert reading.number.decimal == "."


@pytest.mark.parametrize(
    ("delimiter", "cells"),
    [
        (";", ["1,440", "30", "2,880"]),
        (None, ["1,440", "30", "2,880"]),
        (",", ["1.440", "30"]),
        (",", ["1,440", "2,880"]),
        (",", ["1,440", "1440"]),
    ],
)
def test_without_that_evidence_they_are_asked_for(delimiter, cells):
    with pytest.raises(ExportError, match="thousands"):
        sniff_duration(pl.Series(cells), column="First reply time in minutes", unit=None, delimiter=delimiter)
