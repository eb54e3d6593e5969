"""The different values of a long column of few."""

from datetime import date

import polars as pl
import pytest

from kpi_core.model.columns import distinct

WORDS = pl.Series("group", ["Billing", None, "Support", "Billing"] * 100, dtype=pl.Categorical)
DAYS = pl.Series("day", [date(1969, 12, 30), date(1970, 1, 2), None] * 100)


@pytest.mark.parametrize(
    "column",
    [WORDS, WORDS.slice(2, 1), WORDS.clear(), DAYS, DAYS.slice(2, 1), pl.Series("place", [3, None, 3, -1])],
    ids=["words", "one word", "no words", "days", "no day", "numbers"],
)
def test_it_names_each_value_once_and_no_null(column: pl.Series) -> None:
    found = distinct(column)
    assert found.name == column.name
    assert found.dtype == column.dtype
    assert len(found) == found.n_unique() == len(set(column.drop_nulls().to_list()))
    assert set(found.to_list()) == set(column.drop_nulls().to_list())
