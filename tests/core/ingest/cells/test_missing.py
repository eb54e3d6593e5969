"""Cells that say nothing become null; cells that say something lose only the white space around them."""

import polars as pl
import pytest

from kpi_core.ingest.cells.missing import MISSING_WORDS, clean


def cleaned(*cells: str | None, extra: tuple[str, ...] = ()) -> list[str | None]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    found = frame.select(all=clean(pl.col("cell"), extra), few=clean(pl.col("cell"), extra, are_few=True))
    assert found["few"].to_list() == found["all"].to_list()
    return found["all"].to_list()


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "\t",
        "\xa0",
        "\u202f",
        "-",
        "–",
        "?",
        "N/A",
        "n/a",
        "NA",
        "null",
        "NULL",
        "None",
        "NaN",
        "#N/A",
        "#NAME?",
        "#name?",
        " - ",
        "\\N",
        "#DIV/0!",
        "#VÄRDEFEL!",
        "NuLl",
        None,
    ],
)
def test_nothing_is_null(cell: str | None) -> None:
    assert cleaned(cell) == [None]


@pytest.mark.parametrize("cell", ["No Group", "0", "-5", "None of these", "?!", "a - b", "Nancy", "--- "])
def test_something_stays(cell: str) -> None:
    assert cleaned(cell) == [cell.strip()]


def test_white_space_at_the_ends_goes_and_inside_stays() -> None:
    assert cleaned("\u00a0Anna  Berg\u202f ", " 1\u00a0234 ") == ["Anna  Berg", "1\u00a0234"]


def test_a_column_can_have_further_words_for_nothing() -> None:
    assert cleaned("No Group", "NO GROUP", "Unoffered", "Billing", extra=("No group",)) == [
        None,
        None,
        "Unoffered",
        "Billing",
    ]


def test_every_word_is_listed_as_it_is_compared() -> None:
    assert {word.strip().lower() for word in MISSING_WORDS} == MISSING_WORDS
    assert set(cleaned(*MISSING_WORDS)) == {None}
