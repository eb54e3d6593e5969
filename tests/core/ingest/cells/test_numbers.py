"""Numbers and truths as people and programs write them."""

import math
import re

import polars as pl
import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.numbers import AmbiguousNumber, parse_count, parse_number, parse_truth, sniff_decimal

Cells = list[str | None]


def numbers(cells: Cells, *, decimal: str | None = None) -> list[float | None]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    reading = sniff_decimal(frame["cell"], column="Amount", decimal=decimal)
    return frame.select(parse_number(pl.col("cell"), reading)).to_series().to_list()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2.5", "-3", "+4", ".5", "1e3", None], [1, 2.5, -3, 4, 0.5, 1000, None]),
        (["1,5", "2"], [1.5, 2]),
        (["0,123", "1,234"], [0.123, 1.234]),
        (["1234,567"], [1234.567]),
        (["1.234,50", "1.234"], [1234.5, 1234]),
        (["1,234.50", "1,234"], [1234.5, 1234]),
        (["1.234.567"], [1234567]),
        (["1,234,567"], [1234567]),
        (["1\u00a0234,50", "\u22123"], [1234.5, -3]),
        (["1\u202f234", "1 234"], [1234, 1234]),
        (["1'234.5", "1’234"], [1234.5, 1234]),
        (["12", "nonsense", "1-2", "0x10", "inf", "NaN"], [12, None, None, None, None, None]),
        (["1,5", "1.234,5", "1.23,5"], [1.5, 1234.5, None]),
        (["500,-", "1.200,-", "kr 1 000,50", "kr 300,-", "99,--", "7,–"], [500, 1200, 1000.5, 300, 99, 7]),
        (["100:-", "1 200:-", "2 000.50", "80 :-"], [100, 1200, 2000.5, 80]),
        (["(200,00)", "1.000,00", "(kr 300,-)", "kr (5,50)", "5 (2)", "-(3)"], [-200, 1000, -300, -5.5, None, None]),
        (["1,234.50", "(1,100.00)", "($20.00)", "$7"], [1234.5, -1100, -20, 7]),
        (["2.5", "1.2.3", "1,2,3", "192.168.0.1"], [2.5, None, None, None]),
    ],
)
def test_numbers(cells: Cells, expected: list[float | None]) -> None:
    assert numbers(cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["45,6 %", "12\u00a0%", "7%", "3,5 procent", "5"], [45.6, 12, 7, 3.5, 5]),
        (["1\u00a0234,50\u00a0kr", "12,00 kr.", "8:-", "kr 7", "9 apples"], [1234.5, 12, 8, 7, None]),
        (["1.234,50 kr.", "\u22123 kr"], [1234.5, -3]),
        (["$3", "$1,234.50", "2 USD"], [3, 1234.5, 2]),
        (["1\u202f234,5 €", "EUR 12"], [1234.5, 12]),
        (["SEK 1\u2009234,50", "\u22121\u2007234,5"], [1234.5, -1234.5]),
    ],
)
def test_the_unit_next_to_a_number_is_dropped(cells: Cells, expected: list[float | None]) -> None:
    assert numbers(cells) == expected


@pytest.mark.parametrize("cells", [["100 kr", "50 €"], ["$5", "5 EUR"], ["1 SEK", "1 NOK"], ["5 %", "5 kr", "4"]])
def test_two_units_in_one_column_are_refused(cells: Cells) -> None:
    with pytest.raises(
        ExportError, match=f"column `Amount` mixes units: `{re.escape(str(cells[0]))}` and `{cells[1]}`"
    ):
        numbers(cells)


def test_a_unit_that_the_sample_lacks_is_not_read() -> None:
    reading = sniff_decimal(pl.Series(["5 kr"]), column="Amount")
    read = pl.DataFrame({"cell": ["6 kr", "6 €", "6"]}).select(parse_number(pl.col("cell"), reading)).to_series()
    assert read.to_list() == [6, None, 6]


@pytest.mark.parametrize("cells", [["1,234", "5"], ["1.234"], ["-12,345", "999,999"]])
def test_thousands_or_decimals_is_not_guessed(cells: Cells) -> None:
    with pytest.raises(AmbiguousNumber, match="cannot tell thousands from decimals in column `Amount`") as caught:
        numbers(cells)
    assert "`--decimal ." in (caught.value.hint or "")
    assert "`--decimal ," in (caught.value.hint or "")


def test_a_decimal_that_is_given_settles_it() -> None:
    assert numbers(["1,234"], decimal=",") == [1.234]
    assert numbers(["1,234"], decimal=".") == [1234]
    assert numbers(["1.5", "1,5"], decimal=".") == [1.5, None]


def test_points_and_commas_in_one_column_are_refused_with_an_example_of_each() -> None:
    with pytest.raises(ExportError, match=r"mixes decimal points and decimal commas: `1\.5` and `2,5`"):
        numbers(["1", "1.5", "2,5"])


def test_a_column_of_words_is_refused_with_an_example() -> None:
    with pytest.raises(ExportError, match="no cell of column `Amount` is a number, for example `many`"):
        numbers(["many", None])


def test_an_empty_column_is_empty() -> None:
    assert numbers([None, None]) == [None, None]


def test_plain_numbers_need_no_rewriting() -> None:
    assert sniff_decimal(pl.Series(["1", "2.5"]), column="Amount").is_plain
    assert not sniff_decimal(pl.Series(["1", "2,5"]), column="Amount").is_plain


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["3", "3.0", "0", "-1"], [3, 3, 0, -1]),
        (["2.5", "3"], [None, 3]),
        (["1 234", "7"], [1234, 7]),
        (["3000000000", "1e5", "x"], [None, 100000, None]),
    ],
)
def test_counts(cells: Cells, expected: list[int | None]) -> None:
    frame = pl.DataFrame({"cell": cells})
    counts = frame.select(parse_count(pl.col("cell"), sniff_decimal(frame["cell"], column="Replies"))).to_series()
    assert counts.dtype == pl.Int32
    assert counts.to_list() == expected


@pytest.mark.parametrize("locale", ["sv", "nb", "da", "fi", "en"])
@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6))
def test_what_a_locale_writes_is_read_back(locale: str, values: list[int]) -> None:
    # Two decimals always, so that the mark is never in doubt.
    texts: Cells = [format_decimal(value / 100, format="#,##0.00", locale=locale) for value in values]
    read = numbers(texts)
    assert all(got is not None and math.isclose(got, value / 100) for got, value in zip(read, values, strict=True))


@pytest.mark.parametrize(
    ("words", "truth"),
    [
        (["yes", "Y", "true", "TRUE", "1", "ja", "Ja", "kyllä", "KYLLÄ", "sant", "Sann", "tosi"], True),
        (["no", "N", "False", "0", "nej", "Nei", "ei", "falskt", "FALSK", "usant", "epätosi"], False),
        (["maybe", "2", "Within SLA", None], None),
    ],
)
def test_truths(words: Cells, truth: bool | None) -> None:
    read = pl.DataFrame({"cell": words}).select(parse_truth(pl.col("cell"))).to_series()
    assert read.dtype == pl.Boolean
    assert read.to_list() == [truth] * len(words)


def test_brackets_around_all_numbers_say_nothing() -> None:
    with pytest.raises(ExportError, match="is a number"):
        numbers(["(3)", "(4)"])
