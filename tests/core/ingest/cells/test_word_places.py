"""Words are found by their codes where they are categories, as they are by their text."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.ingest.cells.word_places import places

WORDS = st.sampled_from(["a", "b", "c", "", None])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cells=st.lists(WORDS, max_size=12), words=st.lists(WORDS, unique=True, max_size=5))
@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
def test_each_cell_finds_its_word(dtype: type[pl.DataType], cells: list[str | None], words: list[str | None]) -> None:
    found = places(pl.Series("cell", cells, dtype), pl.Series("word", words, dtype))
    assert found.to_list() == [words.index(cell) if cell in words else None for cell in cells]
    assert found.dtype == pl.UInt32
