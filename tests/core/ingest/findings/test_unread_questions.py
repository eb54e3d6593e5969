"""Questions of a survey that are not read: what it costs to look for them in a file of very many columns."""

from types import SimpleNamespace

import polars as pl
from effort import calls

from kpi_core.ingest.findings.header_findings import unread_questions


def looked_for(columns: int) -> int:
    """The calls it takes in a file of so many columns without a cell, as a file without line breaks has."""
    match = SimpleNamespace(
        mapping=SimpleNamespace(columns={}), headers=tuple(f"x{place}" for place in range(columns)), labels=(), places=None
    )  # fmt: skip
    sample = pl.DataFrame({f"c{place}": pl.Series([], dtype=pl.String) for place in range(columns)})
    return calls(lambda: unread_questions(match, sample, set()))


def test_a_column_without_a_cell_is_asked_nothing():
    looked_for(2)
    assert looked_for(300) < 300 * 300


def test_a_column_that_rates_is_one():
    match = SimpleNamespace(mapping=SimpleNamespace(columns={}), headers=("x",), labels=(), places=None)
    result = unread_questions(match, pl.DataFrame({"c0": ["Good", "Bad", "Good", None]}), set())
    assert [place for place, _ in result] == [0]
