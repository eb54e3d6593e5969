"""When a case was opened, in doubt and unreported: two columns of it, or one that cannot be read, and what rests on a mistyped year."""

from pathlib import Path

import pytest
from reported import reported
from small_reports import written

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices


def _read(folder: Path, header: str, *rows: str, formats: tuple[str, ...] = ()) -> Dataset:
    path = written(folder, "t", header, *rows)
    return read_exports([str(path)], Choices(cells=ReadingChoices(date_formats=formats)), frozenset())


def _texts(dataset: Dataset, code: str) -> list[str]:
    return [found.text for found in dataset.findings if found.code == code]


@pytest.mark.parametrize(("taken", "other"), [("Skapad", "Inkom"), ("Inkom", "Registrerad"), ("Created", "Received")])
def test_which_of_two_columns_of_openings_was_taken_is_reported(tmp_path: Path, taken: str, other: str) -> None:
    rows = [f"{n};2026-09-0{n} 08:00;2026-09-0{n} 06:30;2026-09-0{n} 12:00;Löst" for n in range(1, 7)]
    dataset = _read(tmp_path, f"Ärendenr;{taken};{other};Löst;Status", *rows)
    (text,) = _texts(dataset, "other-opening")
    assert f"`{taken}`" in text
    assert f"`{other}` says another time in 6 of the first 6" in text
    assert f"{dataset.tables['tickets']['created_at'][0]:%H:%M}" == "08:00"


@pytest.mark.parametrize("cell", ["", "2026-09-0{n} 08:00", "Anna"])
def test_another_column_without_another_time_is_not_worth_a_word(tmp_path: Path, cell: str) -> None:
    rows = [f"{n};2026-09-0{n} 08:00;{cell.format(n=n)};2026-09-0{n} 12:00;Löst" for n in range(1, 7)]
    assert _texts(_read(tmp_path, "Ärendenr;Skapad;Inkom;Löst;Status", *rows), "other-opening") == []


def test_openings_that_cannot_be_read_are_a_warning_with_the_way_out(tmp_path: Path) -> None:
    rows = [f"{n};vecka 36, dag {n};Löst" for n in range(1, 7)]
    dataset = _read(tmp_path, "Ärendenr;Skapat;Status", *rows)
    (found,) = [found for found in dataset.findings if found.code == "unread-opening"]
    assert (found.is_serious, "--date-format" in found.text, dataset.tables["tickets"].height) == (True, True, 6)


@pytest.mark.parametrize("formats", [(), ("%y%m%d",)])
def test_openings_of_six_figures_are_days(tmp_path: Path, formats: tuple[str, ...]) -> None:
    rows = [f"{n};2609{n:02};Löst" for n in range(1, 7)]
    dataset = _read(tmp_path, "Ärendenr;Skapat;Status", *rows, formats=formats)
    assert f"{dataset.tables['tickets']['created_at'][0]:%Y-%m-%d}" == "2026-09-01"


@pytest.mark.parametrize("year", [2025, 2024, 2026])
def test_a_mistyped_year_makes_no_filter_of_the_export(tmp_path: Path, year: int) -> None:
    days = [f"{month:02}-{day:02}" for month in (7, 8, 9, 10) for day in range(1, 29)]
    rows = [f"{n};2026-{day} 08:00;{'' if n % 10 == 0 else f'2026-{day} 17:00'};Löst" for n, day in enumerate(days)]
    rows = [row.removesuffix("Löst") + ("Öppen" if ";;" in row else "Löst") for row in rows]
    rows.append(f"999;{year}-07-03 08:00;2026-07-03 17:00;Löst")
    path = written(tmp_path, "t", "Ärendenr;Skapad;Löst;Status", *rows)
    assert "created-filter" not in reported(path, period="2026-10").codes


@pytest.mark.parametrize("header", ["Registrerat", "Reg.datum", "Inkommet datum", "Registreringsdatum", "Ankom"])
def test_everyday_headers_of_openings_and_ends_are_known(tmp_path: Path, header: str) -> None:
    rows = [f"{n};2026-09-0{n} 08:00;2026-09-0{n} 12:00;Löst" for n in range(1, 7)]
    for number, end in (("Dnr", "Datum avslut"), ("Diarienr", "Avslutsdatum")):
        dataset = _read(tmp_path, f"{number};{header};{end};Status", *rows)
        assert {"ticket_id", "created_at", "closed_at"} <= set(dataset.tables["tickets"].columns)
        assert dataset.sources[0].mapping == "spreadsheet-tickets"
