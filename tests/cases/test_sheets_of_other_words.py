"""Sheets of one table whose headers differ by a word (`Skapat`, `Skapad`): left unread, with a wrong cause for what is missing.

They are read each by its own headers; where they have other columns of the same table, what is missing is noted with its KPIs.
"""

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import CATALOGUE
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.quality.coverage.filters_of_the_export import unless_unread

FIRST = ("Ärendenr", "Skapat", "Löst", "Handläggare", "Status", "Prioritet")


def _month(header: Sequence[str], month: int, count: int = 4, width: int = 6) -> list[tuple[Any, ...]]:
    rows = [(month * 100 + at, datetime(2026, month, at, 8), datetime(2026, month, at, 12), "Anna", "Löst", "Hög") for at in range(1, count + 1)]  # fmt: skip
    return [tuple(header), *(row[:width] for row in rows)]


def _read(folder: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Dataset:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "lista.xlsx"
    book.save(path)
    return read_exports([str(path)], Choices(), frozenset())


@pytest.mark.parametrize("header", [
    ("Ärendenr", "Skapad", "Löst", "Handläggare", "Status", "Prio"),
    ("Ärendenummer", "Skapad", "Löst", "Handläggare", "Status", "Prioritet"),
    ("Ticket ID", "Created", "Resolved", "Agent", "Status", "Priority"),
])  # fmt: skip
def test_sheets_of_the_same_columns_in_other_words_are_one_table(tmp_path: Path, header: Sequence[str]) -> None:
    sheets = {"Juli": _month(FIRST, 7), "Augusti": _month(FIRST, 8), "September": _month(header, 9, 5)}
    dataset = _read(tmp_path, sheets)
    assert dataset.tables["tickets"].height == 13
    assert dataset.tables["tickets"]["resolved_at"].null_count() == 0
    assert not any(found.code == "sheets-unread" for found in dataset.findings)
    assert any(found.code == "sheets-pooled" and "each read by its own" in found.text for found in dataset.findings)


def test_sheets_of_the_same_table_with_other_columns_are_missing_from_its_kpis(tmp_path: Path) -> None:
    short = [
        ("Ärendenr", "Skapad", "Status", "Avdelning"),
        *((at, datetime(2026, 9, at), "Löst", "Kundtjänst") for at in (1, 2, 3)),
    ]
    dataset = _read(tmp_path, {"Juli": _month(FIRST, 7), "September": short})
    (found,) = [found for found in dataset.findings if found.code == "sheets-unread"]
    assert (found.is_serious, "`September` 3 rows" in found.text) == (True, True)
    assert any(fnmatchcase("tickets_created", name) for name in found.kpis)


def test_another_table_on_a_sheet_is_named_alone(tmp_path: Path) -> None:
    costs = [
        ("Datum", "Kostnadsslag", "Belopp"),
        (datetime(2026, 7, 1), "Annons", 100),
        (datetime(2026, 7, 2), "Annons", 50),
    ]
    dataset = _read(tmp_path, {"Juli": _month(FIRST, 7), "Kostnader": costs})
    (found,) = [found for found in dataset.findings if found.code == "sheets-unread"]
    assert (found.is_serious, "`Kostnader` 2 rows" in found.text) == (False, True)


@pytest.mark.parametrize("name", ["Mall", "Template 2026", "Exempelrad", "Eksempel"])
def test_a_template_with_an_example_is_not_read(tmp_path: Path, name: str) -> None:
    dataset = _read(tmp_path, {"Juli": _month(FIRST, 7), name: _month(FIRST, 1, 1)})
    assert dataset.tables["tickets"].height == 4
    assert any(found.code == "sheets-unread" and f"`{name}`" in found.text for found in dataset.findings)


@pytest.mark.parametrize(("name", "count"), [("Mall", 3), ("Anna Mallander", 1), ("Januari", 1)])
def test_a_sheet_of_cases_is_read_whatever_it_is_called(tmp_path: Path, name: str, count: int) -> None:
    assert (
        _read(tmp_path, {"Juli": _month(FIRST, 7), name: _month(FIRST, 1, count)}).tables["tickets"].height == 4 + count
    )


def test_the_kpis_of_a_table_are_all_named() -> None:
    for kpi in CATALOGUE:
        names = OF.get(kpi.table)
        assert names is None or any(fnmatchcase(kpi.name, name) for name in names), kpi.name
    assert all(any(fnmatchcase(kpi.name, name) for kpi in CATALOGUE) for names in OF.values() for name in names)


def test_what_stands_on_a_sheet_that_was_not_read_is_no_filter_of_the_export() -> None:
    filtered = [Finding(code="created-filter", message="x"), Finding(code="selected-export", message="y")]
    unread = Finding(code="sheets-unread", message="z", is_serious=True)
    assert [found.code for found in unless_unread(filtered, [unread])] == ["selected-export"]
    assert unless_unread(filtered, [Finding(code="sheets-unread", message="z")]) == filtered
