"""Dates in every shape an export gives them, and the doubts that are not settled by guessing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from babel.dates import format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.dates import (
    AmbiguousDate,
    BothOrders,
    DateReading,
    Order,
    is_missing_date,
    order_evidence,
    parse_dates,
    sniff_dates,
)

Cells = list[str | None]


def read(
    cells: Cells, *, order: Order | None = None, formats: Sequence[str] = ()
) -> tuple[list[str | None], DateReading]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    reading = sniff_dates(frame["cell"], column="Created", order=order, formats=formats)
    instants = frame.select(parse_dates(pl.col("cell"), reading)).to_series()
    assert instants.dtype == pl.Datetime("ms")
    return [None if instant is None else str(instant) for instant in instants], reading


def dates(cells: Cells, *, order: Order | None = None, formats: Sequence[str] = ()) -> list[str | None]:
    return read(cells, order=order, formats=formats)[0]


@pytest.mark.parametrize(
    ("cell", "expected", "zone"),
    [
        ("2024-03-01 14:05:09", "2024-03-01 14:05:09", "naive"),
        ("2024-03-01T14:05:09", "2024-03-01 14:05:09", "naive"),
        ("2024-03-01 14:05", "2024-03-01 14:05:00", "naive"),
        ("2024-03-01", "2024-03-01 00:00:00", "naive"),
        ("2024-03", "2024-03-01 00:00:00", "naive"),
        ("20240301", "2024-03-01 00:00:00", "naive"),
        ("2024/03/01 2:05:09 PM", "2024-03-01 14:05:09", "naive"),
        ("2024-03-01 14.05.09", "2024-03-01 14:05:09", "naive"),
        ("2024-03-01 14:05:09.5", "2024-03-01 14:05:09.500000", "naive"),
        ("2024-03-01 14:05:09.123", "2024-03-01 14:05:09.123000", "naive"),
        ("2024-03-01 14:05:09,123", "2024-03-01 14:05:09.123000", "naive"),
        ("2024-03-01 14:05:09.123456", "2024-03-01 14:05:09.123000", "naive"),
        ("2024-03-01T14:05:09.123456789Z", "2024-03-01 14:05:09.123000", "utc"),
        ("2024-03-01T14:05:09Z", "2024-03-01 14:05:09", "utc"),
        ("20240301T140509Z", "2024-03-01 14:05:09", "utc"),
        ("20240301140509", "2024-03-01 14:05:09", "naive"),
        ("2024-03-01T14:05:09+00:00", "2024-03-01 14:05:09", "offset"),
        ("2024-03-01T14:05:09.250+02:00", "2024-03-01 12:05:09.250000", "offset"),
        ("2024-03-01 14:05:09 -0500", "2024-03-01 19:05:09", "offset"),
        ("2024-03-01 14:05:09+01", "2024-03-01 13:05:09", "offset"),
        ("2024-03-01 14:05:09 UTC", "2024-03-01 14:05:09", "offset"),
        ("2024/03/01 1:43:01 PM GMT", "2024-03-01 13:43:01", "offset"),
        ("2024/03/01 1:43:01 PM GMT+1", "2024-03-01 12:43:01", "offset"),
        ("2024/03/01 1:43:01 PM GMT+10", "2024-03-01 03:43:01", "offset"),
        ("2024/03/01 1:43:01 PM GMT-03:30", "2024-03-01 17:13:01", "offset"),
        ("2024/03/01 4:29:34 p.m. EET", "2024-03-01 14:29:34", "offset"),
        ("2024-03-01 14:05 CDT", "2024-03-01 19:05:00", "offset"),
        ("31/03/2024 14:05", "2024-03-31 14:05:00", "naive"),
        ("3/31/2024 1:05 PM", "2024-03-31 13:05:00", "naive"),
        ("3/31/2024 12:05 am", "2024-03-31 00:05:00", "naive"),
        ("7/31/20 11:00:22", "2020-07-31 11:00:22", "naive"),
        ("29-12-2018 23:46", "2018-12-29 23:46:00", "naive"),
        ("01.03.2024 14.05", "2024-03-01 14:05:00", "naive"),
        ("01.03.2024, 14:05", "2024-03-01 14:05:00", "naive"),
        ("1.3.2024", "2024-03-01 00:00:00", "naive"),
        ("1.3.24 1:43\u202fPM", "2024-03-01 13:43:00", "naive"),
        ("09/Jan/24 3:54 PM", "2024-01-09 15:54:00", "naive"),
        ("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31 22:10:47", "offset"),
        ("Fri, 01 Mar 2024 14:05:09 +0100", "2024-03-01 13:05:09", "offset"),
        ("March 1, 2024 at 2:05 PM", "2024-03-01 14:05:00", "naive"),
        ("1 mars 2024 14:05:09", "2024-03-01 14:05:09", "naive"),
        ("1 mars 2024 kl. 14:05", "2024-03-01 14:05:00", "naive"),
        ("10. mars 2024 kl. 13.55", "2024-03-10 13:55:00", "naive"),
        ("1. mar. 2024 14.05.09", "2024-03-01 14:05:09", "naive"),
        ("1. KESÄKUUTA 2024 klo 14.05", "2024-06-01 14:05:00", "naive"),
        ("1. maaliskuuta 2024 klo 14.05", "2024-03-01 14:05:00", "naive"),
        ("fredag den 1 mars 2024 kl. 14:05", "2024-03-01 14:05:00", "naive"),
        ("fre. 1. mars 2024 kl. 14.05", "2024-03-01 14:05:00", "naive"),
        ("pe 1.3.2024 klo 14.05", "2024-03-01 14:05:00", "naive"),
        ("2024/03/01 4:29:34 p. m. EET", "2024-03-01 14:29:34", "offset"),
        ("Fri Mar 1 14:05:09 CET 2024", "2024-03-01 13:05:09", "offset"),
        ("1709301909", "2024-03-01 14:05:09", "utc"),
        ("1709301909123", "2024-03-01 14:05:09.123000", "utc"),
    ],
)
def test_one_date(cell: str, expected: str, zone: str) -> None:
    instants, reading = read([cell, None])
    assert (instants, reading.zone) == ([expected, None], zone)


def test_years_of_two_and_four_digits_in_one_column() -> None:
    instants, reading = read(["1/9/21", "7/11/21", "25/12/2021", "1/10/21"])
    assert instants == ["2021-09-01 00:00:00", "2021-11-07 00:00:00", "2021-12-25 00:00:00", "2021-10-01 00:00:00"]
    assert (reading.order, "; ".join(map(str, reading.evidence))) == (Order.DMY, "day first: `25/12/2021`")


def test_the_month_is_first_where_a_cell_shows_it() -> None:
    instants, reading = read(["3/4/2024 10:00", "3/22/2024 10:00"])
    assert instants == ["2024-03-04 10:00:00", "2024-03-22 10:00:00"]
    assert (reading.order, "; ".join(map(str, reading.evidence))) == (Order.MDY, "month first: `3/22/2024 10:00`")


def test_both_orders_in_one_column_are_refused_with_an_example_of_each() -> None:
    cells: Cells = ["25/12/2021", "3/4/2021", "12/26/2021"]
    for order in (None, Order.DMY):
        with pytest.raises(BothOrders, match="`25/12/2021` and `12/26/2021`"):
            dates(cells, order=order)


@pytest.mark.parametrize("cells", [["01/02/2021"], ["1/1/21", "3-4-2021"], ["05-06-2024 10:00"]])
def test_day_or_month_is_not_guessed(cells: Cells) -> None:
    with pytest.raises(AmbiguousDate, match="cannot tell day from month in column `Created`") as caught:
        dates(cells)
    assert caught.value.hint == "pass --date-format dmy or mdy"


def test_a_weekday_hides_neither_the_evidence_nor_the_doubt() -> None:
    assert dates(["Fri 03/01/2024", "Fri 03/15/2024"]) == ["2024-03-01 00:00:00", "2024-03-15 00:00:00"]
    with pytest.raises(AmbiguousDate, match="for example in `Fri 03/01/2024`"):
        dates(["Fri 03/01/2024"])


def test_dots_have_the_day_first_unless_they_show_otherwise() -> None:
    instants, reading = read(["03.04.2024", "03.25.2024 10:00"])
    assert instants == ["2024-03-04 00:00:00", "2024-03-25 10:00:00"]
    assert (reading.order, "; ".join(map(str, reading.evidence))) == (Order.MDY, "month first: `03.25.2024 10:00`")
    with pytest.raises(BothOrders, match=r"`25\.03\.2024` and `03\.25\.2024`"):
        dates(["25.03.2024", "03.25.2024"])
    assert dates(["03.04.2024", "25/03/2024"], order=Order.DMY) == ["2024-04-03 00:00:00", "2024-03-25 00:00:00"]


@pytest.mark.parametrize("turned", ["2024-{:02d}-03 10:00:00", "{:02d}.03.2024"])
def test_days_that_a_spreadsheet_took_for_months_are_refused(turned: str) -> None:
    early, late = [turned.format(day) for day in range(1, 12)], [f"{day}/03/2024 10:00" for day in range(13, 27)]
    with pytest.raises(AmbiguousDate, match=r"was turned by a spreadsheet: its dates up to the 12th are written as"):
        dates([*early, *late])
    assert None not in dates([*early, "2024-03-29", *late])
    assert None not in dates([*early[:2], *late[:2]])


@pytest.mark.parametrize(
    "cell", ["2024-W09", "2024W09", "v. 9 2024", "uke 24", "Vecka 9", "uge 9, 2024", "week 9/2024", "vk 9"]
)
def test_a_week_is_no_day(cell: str) -> None:
    with pytest.raises(
        ExportError, match=f"column `Created` holds weeks, for example `{cell}`, and a week is not a day"
    ) as caught:
        dates([cell])
    assert "%G-W%V" in str(caught.value.hint)


def test_a_week_is_its_monday_where_a_format_says_so() -> None:
    assert dates(["2024-W09", "2024-W54"], formats=["%G-W%V"]) == ["2024-02-26 00:00:00", None]
    assert dates(["v. 9 2024"], formats=["v. %V %G"]) == ["2024-02-26 00:00:00"]


def test_an_order_from_outside_settles_it() -> None:
    assert dates(["01/02/2021"], order=Order.DMY) == ["2021-02-01 00:00:00"]
    assert dates(["01/02/2021"], order=Order.MDY) == ["2021-01-02 00:00:00"]


def test_an_order_the_column_refutes_is_refused() -> None:
    with pytest.raises(ExportError, match="column `Created` has the day first, as `25/02/2021` shows"):
        dates(["25/02/2021"], order=Order.MDY)


def test_equal_day_and_month_read_the_same_either_way() -> None:
    assert dates(["01/01/2021", "2/2/2022"]) == ["2021-01-01 00:00:00", "2022-02-02 00:00:00"]


def test_three_pairs_of_digits_may_begin_with_the_year() -> None:
    with pytest.raises(AmbiguousDate, match="cannot tell year, month and day in column `Created`"):
        dates(["21-09-01", "22-10-02"])
    for cells, pattern in (
        (["26-09-01"], "%y-%m-%d"),
        (["26-09-01 09:00"], "%y-%m-%d %H:%M"),
        (["26-09-01 09:00:07"], "%y-%m-%d %H:%M:%S"),
    ):
        with pytest.raises(AmbiguousDate) as found:
            dates(cells)
        assert f"--date-format '{pattern}' where the year is first" in str(found.value.hint)
        assert dates(cells, formats=[pattern])[0].startswith("2026-09-01")
    assert dates(["21-09-01"], formats=["%y-%m-%d"]) == ["2021-09-01 00:00:00"]


def test_an_order_is_not_needed_where_the_shape_gives_it() -> None:
    assert read(["01.02.2021"])[1].order is None
    assert dates(["01.02.2021", "2021-02-01"]) == ["2021-02-01 00:00:00"] * 2


def test_the_evidence_of_a_whole_column() -> None:
    frame = pl.DataFrame({"cell": ["1/2/2021", None, "2024-13-01", "1.13.2020", "12-31-2020 10:00"]})
    day_first, month_first = order_evidence(pl.col("cell"))
    assert frame.select(day=day_first, month=month_first).row(0) == (False, True)


def test_a_few_formats_in_one_column() -> None:
    cells: Cells = ["2024-03-01 14:05:09", "2024-03-01T14:05:09", "2024-03-01", "1 mars 2024", "soon", None]
    assert dates(cells) == ["2024-03-01 14:05:09"] * 2 + ["2024-03-01 00:00:00"] * 2 + [None, None]


def test_fractions_of_any_length_need_one_format() -> None:
    instants, reading = read(["2024-03-01 14:05:09", "2024-03-01 14:05:09.5", "2024-03-01 14:05:09.25"])
    assert reading.formats == ("%Y-%m-%d %H:%M:%S%.f",)
    assert None not in instants


def test_wall_clocks_next_to_instants_with_a_zone_are_unreadable() -> None:
    instants, reading = read(["2024-03-01T14:05:09Z", "2024-03-02T14:05:09Z", "2024-03-01 14:05:09"])
    assert instants == ["2024-03-01 14:05:09", "2024-03-02 14:05:09", None]
    assert (reading.zone, "; ".join(map(str, reading.evidence))) == (
        "utc",
        "one reading only; dates without a time zone left out",
    )


def test_winter_and_summer_of_one_form() -> None:
    cells: Cells = ["2024/01/01 9:00:00 AM GMT", "2024/07/01 9:00:00 AM GMT+1"]
    assert dates(cells) == ["2024-01-01 09:00:00", "2024-07-01 08:00:00"]


def test_a_zone_that_is_not_known_is_unreadable() -> None:
    assert dates(["2024-03-01 14:05 EET", "2024-03-01 14:05 XYZ"]) == ["2024-03-01 12:05:00", None]
    with pytest.raises(ExportError, match="names a time zone that is not known, `XYZ`"):
        read(["2024-03-01 14:05 XYZ"])


@pytest.mark.parametrize("pattern", ["%Y-%m-%d %H:%M %Z", "%Y-%m-%d %H:%M UTC", "%Y-%m-%d %H:%M UTC%z"])
def test_a_given_format_reads_the_name_of_a_zone(pattern: str) -> None:
    sample = pl.Series("cell", ["2024-03-01 14:05 UTC"])
    reading = sniff_dates(sample, column="Created", formats=[pattern])
    assert reading.zone == "offset"
    assert sample.to_frame().select(parse_dates(pl.col("cell"), reading).dt.hour()).item() == 14


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-30 10:00:00",
        "24-03-01 10:00:00",
        "0202-03-01 10:00:00",
        "2101-01-01 00:00:00",
        "1989-12-31 23:59:59",
        "2024-03-01 10:00:00 and then",
        "2024-03-01 25:00:00",
        "2024-03-01 2:05 xm",
        "1900-01-01 00:00:00",
        "12",
        "99999",
        "?",
    ],
)
def test_what_does_not_fit_is_null(cell: str) -> None:
    assert dates(["2024-03-01 10:00:00", cell]) == ["2024-03-01 10:00:00", None]


def test_seven_digits_are_no_day() -> None:
    assert dates(["20240301", "2024031", "170930190", "17093019090"]) == ["2024-03-01 00:00:00", None, None, None]
    assert dates(["1709301909", "17093019090", "170930190"]) == ["2024-03-01 14:05:09", None, None]


def test_years_of_two_digits_lie_in_this_century() -> None:
    assert dates(["31/1/24", "31/1/99"]) == ["2024-01-31 00:00:00", None]


def test_formats_that_are_given_are_used_and_nothing_else() -> None:
    assert dates(["12/31/24 at 10:00", "2024-12-31"], formats=["%m/%d/%y at %H:%M"]) == ["2024-12-31 10:00:00", None]
    instants, reading = read(["1 mars 2024 14:05 +0100"], formats=["%d %b %Y %H:%M %z"])
    assert (instants, reading.zone) == (["2024-03-01 13:05:00"], "offset")


@pytest.mark.parametrize("formats", [[], ["%d/%m/%Y"], ["%d/%m/%Y %Hh"], ["%"]])
def test_a_column_without_dates_is_refused_with_an_example(formats: list[str]) -> None:
    with pytest.raises(ExportError, match=r"column `Created` holds no date .*, for example `hello`"):
        dates(["hello", "99999"], formats=formats)


def test_given_formats_do_not_mix_wall_clocks_and_offsets() -> None:
    with pytest.raises(ExportError, match="mix wall clocks with instants"):
        dates(["2024-03-01"], formats=["%Y-%m-%d", "%Y-%m-%d %z"])


@pytest.mark.parametrize("cells", [[], [None], ["1900-01-01 00:00:00", "-"]])
def test_an_empty_column_is_empty(cells: Cells) -> None:
    assert dates(cells) == [None] * len(cells)


@pytest.mark.parametrize(
    ("missing", "cells"),
    [
        (
            True,
            ["1900-01-01 00:00:00", "1900-01-01", "1900-01-01T12:00:00Z", "1/1/1900", "01.01.1900 00:00", "19000101"],
        ),
        (True, ["1. januar 1900", "Jan 1, 1900", "1/0/1900", "1900-01-00", "0000-00-00 00:00:00", "00/00/0000"]),
        (True, ["0001-01-01T00:00:00", "1899-12-31 00:00:00", "1899-12-30", "1970-01-01 00:00:00", "0"]),
        (
            False,
            [
                "1900-02-01",
                "10/01/1900",
                "2024-01-01 00:00:00",
                "1/1/2019",
                "1900-01-011",
                "1900-01-15",
                "01.01.2000",
                "1970",
            ],
        ),
        (None, [None]),
    ],
)
def test_dates_that_stand_for_none(missing: bool | None, cells: Cells) -> None:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    assert frame.select(is_missing_date(pl.col("cell"))).to_series().to_list() == [missing] * len(cells)


INSTANTS = st.lists(st.datetimes(datetime(2000, 1, 1), datetime(2069, 12, 31)), min_size=1, max_size=5)
FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y/%m/%d %I:%M:%S %p",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d-%m-%Y %H:%M:%S",
    "%d.%m.%Y %H.%M.%S",
    "%d.%m.%y %H:%M:%S",
    "%d/%m/%y %H:%M:%S",
    "%d/%b/%y %I:%M:%S %p",
    "%a %b %d %H:%M:%S +0000 %Y",
]


@pytest.mark.parametrize("strptime", FORMATS)
@settings(max_examples=25, deadline=None)
@given(instants=INSTANTS)
def test_every_format_is_read_back(strptime: str, instants: list[datetime]) -> None:
    whole = [instant.replace(microsecond=0) for instant in instants]
    order = Order.MDY if strptime.startswith("%m/") else Order.DMY if strptime[:3] in ("%d/", "%d-") else None
    unforced = [instant for instant in whole if instant.day <= 12] if order else whole
    assert dates([f"{instant:{strptime}}" for instant in unforced], order=order) == [
        str(instant) for instant in unforced
    ]


@pytest.mark.parametrize("locale", ["sv", "nb", "da", "fi", "en"])
@settings(max_examples=25, deadline=None)
@given(instants=INSTANTS)
def test_months_in_words_are_read_back(locale: str, instants: list[datetime]) -> None:
    whole = [instant.replace(microsecond=0) for instant in instants]
    for style in ("d MMM y HH:mm:ss", "d. MMMM y HH.mm.ss"):
        texts: Cells = [format_datetime(instant, style, locale=locale) for instant in whole]
        assert dates(texts) == [str(instant) for instant in whole]


@settings(max_examples=50, deadline=None)
@given(instants=INSTANTS, minutes=st.integers(-12 * 60, 14 * 60))
def test_offsets_become_utc(instants: list[datetime], minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    placed = [instant.replace(microsecond=0, tzinfo=UTC) for instant in instants]
    expected = [str(instant.replace(tzinfo=None)) for instant in placed]
    assert dates([instant.astimezone(zone).isoformat() for instant in placed]) == expected
