"""The findings on headers: which were taken for what, and which may be a question nobody knows."""

from pathlib import Path

import pytest

from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices


def read(folder: Path, content: str, **choices: str):
    (folder / "export.csv").write_text(content, encoding="utf-8")
    return read_exports([str(folder / "export.csv")], Choices(**choices), frozenset({"group"}))


def test_a_spreadsheet_says_which_header_was_taken_for_what(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Case ID,Opened,Time,Status,Team,Colour\n1,2026-01-05,09:00,Open,Blue,x\n2,2026-01-06,10:00,Closed,Red,y\n",
    )
    result = "assumed from the headers: `Case ID` = ticket_id, `Opened + Time` = created_at, `Status` = status, `Team` = group"
    assert result in [*map(str, found.sources[0].notes)]


def test_a_known_format_assumes_nothing(tmp_path: Path) -> None:
    found = read(
        tmp_path, "Ticket ID,Created time,Agent interactions\n1,2026-01-05 09:00:00,1\n2,2026-01-06 09:00:00,2\n"
    )
    assert not [note for note in found.sources[0].notes if str(note).startswith("assumed")]


def test_a_survey_without_a_service_question_names_those_it_asks_longest_first(tmp_path: Path) -> None:
    content = 'Timestamp,Age,"Which of these\nwould you rather drink?",Tea\n2026-01-05 09:00:00,30,milk,x\n'
    with pytest.raises(ExportError, match="no survey question of `google_forms-answers`") as refused:
        read(tmp_path, content)
    assert refused.value.hint is not None
    assert "its questions may be `Which of these would you rather drink?`, `Age`, `Tea`\n" in refused.value.hint
