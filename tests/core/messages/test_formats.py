"""Numbers are written as babel writes them, which is not asked for them."""

import math

import pytest
from babel import Locale
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.messages.formats import LOCALES, SPACE, Formats
from kpi_core.messages.sentences import plural

LANGUAGES = sorted(LOCALES)


@pytest.mark.parametrize("lang", LANGUAGES)
@given(number=st.one_of(st.integers(-(10**18), 10**18), st.floats(-1e12, 1e12)), decimals=st.integers(0, 3))
def test_a_number_is_written_as_its_language_does(lang: str, number: float, decimals: int) -> None:
    rounded = round(number, decimals)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    written = format_decimal(abs(rounded), format=pattern, locale=LOCALES[lang])
    assert Formats(lang).number(number, decimals) == ("\u2212" if rounded < 0 else "") + written


@pytest.mark.parametrize(
    ("lang", "written"), [("en", "12,345.50"), ("sv", f"12{SPACE}345,50"), ("nb", f"12{SPACE}345,50")]
)
def test_marks_of_thousands_and_decimals(lang: str, written: str) -> None:
    assert Formats(lang).number(12345.5, 2) == written


def test_a_number_without_an_end() -> None:
    assert Formats("sv").number(-math.inf, 1) == "\u2212∞"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, -1, 2, 11, 21, 101, 0.5, 1.0, 1.5, 1_000_000])
def test_the_form_that_goes_with_a_number_is_that_of_its_language(lang: str, number: float) -> None:
    assert ["one", "other"][plural(number)] == Locale.parse(lang).plural_form(number)
