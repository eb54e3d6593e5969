"""Answers of several files as one table."""

import polars as pl

from kpi_core.ingest.answers.all_answers import _in_words


def test_a_column_of_known_words_in_one_file_and_of_any_in_another_is_one_column() -> None:
    known = pl.DataFrame({"priority": ["high", None]}, schema={"priority": pl.Enum(["low", "high"])})
    own = pl.DataFrame({"priority": ["brådskande"]}, schema={"priority": pl.Categorical()})
    whole = pl.concat(_in_words([known, own]), how="diagonal_relaxed")
    assert whole["priority"].cast(pl.String).to_list() == ["high", None, "brådskande"]


def test_known_words_in_all_files_keep_their_order() -> None:
    known = pl.DataFrame({"priority": ["high"]}, schema={"priority": pl.Enum(["low", "high"])})
    assert [frame.schema for frame in _in_words([known, known])] == [known.schema, known.schema]
