"""How far the reading of a large file has come is told to whoever watches, and changes nothing."""

from pathlib import Path

import pytest
from invoked import piped

import kpi_core
from kpi_cli.progress import how_far
from kpi_core.ingest.files import watched
from kpi_core.ingest.files.watched import watching

ROWS = 30_000


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    lines = [
        f"{n},2026-03-{n % 28 + 1:02} 08:00,2026-03-{n % 28 + 1:02} 12:00,Closed,Some words that fill a line of an export"
        for n in range(ROWS)
    ]
    path.write_text("\n".join(["Ticket ID,Created,Resolved,Status,Subject", *lines]) + "\n", encoding="utf-8")
    return path


def test_every_row_is_told_once_and_about_how_many_there_are(tickets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(watched, "LARGE", 1)
    with watching(lambda *seen: told.append(seen)):
        data = kpi_core.read([tickets])
    assert told[-1][:2] == (str(tickets), ROWS)
    assert [read for _, read, _ in told] == sorted(read for _, read, _ in told)
    assert all(of == pytest.approx(ROWS, rel=0.05) for _, _, of in told)
    assert told[-1][2] == ROWS  # at the end it is known
    told.clear()
    alone = kpi_core.read([tickets])  # nobody watches any more
    assert not told
    assert data.tables["tickets"].equals(alone.tables["tickets"])


def test_a_small_file_is_read_before_anybody_could_look(tickets: Path) -> None:
    told: list[str] = []
    with watching(lambda name, _read, _of: told.append(name)):
        kpi_core.read([tickets])
    assert not told


@pytest.mark.parametrize(
    ("read", "of", "seconds", "text"),
    [
        (0, 0, 0.0, "0%"),
        (250_000, 1_000_000, 0.5, "25%"),
        (4_000_000, 10_000_000, 4.0, "40%, 1.0 million rows/s, 6 s left"),
        (10_000_000, 9_900_000, 8.0, "100%, 1.2 million rows/s"),
    ],
)
def test_what_a_terminal_says(read: int, of: int, seconds: float, text: str) -> None:
    assert how_far(read, max(read, of), seconds) == text


def test_nothing_is_told_where_no_terminal_is(tickets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LARGE", 1)
    ended = piped("report", tickets, "--no-config")
    assert (ended.code, "rows/s" in ended.err) == (0, False)
