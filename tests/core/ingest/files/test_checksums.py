"""Checksums begun before the files are read are the ones that the report shows, and are taken once."""

import hashlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from kpi_core.errors import ExportError
from kpi_core.ingest.files import checksums


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that a thread was started for."""
    names: list[str] = []
    start = checksums.in_background

    def counted(work: Any, path: Path, name: str) -> Any:
        names.append(name)
        return start(work, path, name)

    monkeypatch.setattr(checksums, "in_background", counted)
    return names


def test_a_checksum_begun_beforehand_is_taken_once(tmp_path: Path, started: list[str]) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"ID,Status\n1,Open\n" * 600_000)  # more than one piece
    checksums.begin([str(path)])

    assert checksums.start_hashing(path, "tickets.csv").result() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert started == [str(path)]


def test_a_small_file_needs_no_thread(tmp_path: Path, started: list[str]) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"ID,Status\n1,Open\n")
    checksums.begin([str(path)])

    assert checksums.start_hashing(path, "tickets.csv").result() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert started == []


def test_folders_archives_and_what_is_not_there_are_left_alone(tmp_path: Path, started: list[str]) -> None:
    with ZipFile(tmp_path / "exports.zip", "w") as archive:
        archive.writestr("tickets.csv", "ID\n1\n")
    checksums.begin([str(tmp_path), str(tmp_path / "exports.zip"), str(tmp_path / "missing.csv"), "-"])

    assert started == []


def test_a_file_that_goes_away_meanwhile_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="has gone while it was read"):
        checksums.start_hashing(tmp_path / "missing.csv", "missing.csv").result()
