"""A log of changes that begins in the middle of a case: its first row is taken for the opening, and the case as resolved at once."""

from pathlib import Path

import polars as pl
import pytest

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

HEADERS = {
    "English": ("Ticket ID,Old status,New status,Changed at", ("New", "Open", "Solved")),
    "Swedish": ("Ärendenr,Gammal status,Ny status,Ändrad", ("Ny", "Öppen", "Löst")),
    "Norwegian": ("Saksnr,Gammel status,Ny status,Endret", ("Ny", "Åpen", "Løst")),
}
ROWS = (
    "1,{open},{solved},2026-10-02 10:00",
    "2,,{new},2026-10-05 08:00",
    "2,{new},{solved},2026-10-06 09:00",
    "3,,{new},2026-10-30 08:00",
    "3,{new},{open},2026-10-30 09:00",
)


def read(folder: Path, language: str, rows: tuple[str, ...] = ROWS) -> Dataset:
    header, (new, opened, solved) = HEADERS[language]
    path = folder / "log.csv"
    path.write_text("\n".join([header, *rows, ""]).format(new=new, open=opened, solved=solved), encoding="utf-8")
    return read_exports([str(path)], Choices(), frozenset())


def cut_log_texts(dataset: Dataset) -> list[str]:
    return [finding.text for finding in dataset.findings if finding.code == "cut-log"]


@pytest.mark.parametrize("language", HEADERS)
def test_a_ticket_that_begins_from_another_state_has_no_known_opening(tmp_path: Path, language: str) -> None:
    dataset = read(tmp_path, language)
    tickets = dataset.tables["tickets"].sort("created_at", nulls_last=False)
    assert tickets["created_at"].null_count() == 1
    assert tickets["reopens"].to_list() == [None, 0, 0]
    assert tickets.filter(pl.col("created_at").is_null())["resolved_at"].null_count() == 0
    assert len(cut_log_texts(dataset)) == 1


def test_where_all_begin_from_none_the_first_row_is_the_opening(tmp_path: Path) -> None:
    dataset = read(tmp_path, "English", ROWS[1:])
    assert dataset.tables["tickets"]["created_at"].null_count() == 0
    assert cut_log_texts(dataset) == []
