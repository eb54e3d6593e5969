"""One row an action, read as one row a ticket: its opening was the time of its last action, reported nowhere near the figures."""

from pathlib import Path

import pytest
from reported import reported
from small_reports import written


@pytest.mark.parametrize("header", ["Ärendenr;Datum;Status", "Ticket ID;Created;Status", "Saksnummer;Dato;Status"])
def test_openings_that_most_tickets_have_several_of_give_no_value(tmp_path: Path, header: str) -> None:
    rows = [f"{n};2026-09-{n + 3 * step:02} 08:00;{word}" for n in range(1, 15) for step, word in enumerate(("Öppen", "Väntar", "Stängd"))]  # fmt: skip
    found = reported(written(tmp_path, "t", header, *rows))
    assert found.value("tickets_created") is None
    assert "`events` in a mapping" in found.finding_text("repeated-keys")
    assert any("came about at another time" in note for note in found.result("tickets_created")["notes"])


def test_exports_that_overlap_are_no_actions(tmp_path: Path) -> None:
    early = [f"{n};2026-09-{n:02} 08:00;Öppen;" for n in range(1, 15)]
    late = [f"{n};2026-09-{n:02} 08:00;Stängd;2026-09-{n + 1:02} 08:00" for n in range(1, 15)]
    found = reported(written(tmp_path, "t", "Ärendenr;Skapad;Status;Stängd", *early, *late))
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (14, 14)


def test_a_few_openings_that_differ_are_compared_with_nothing_and_keep_their_value(tmp_path: Path) -> None:
    rows = [f"{n};2026-09-{n:02} 08:00;Öppen" for n in range(1, 21)] + [
        f"{n};2026-09-{n + 5:02} 08:00;Öppen" for n in (1, 2)
    ]
    found = reported(written(tmp_path, "t", "Ärendenr;Skapad;Status", *rows))
    assert found.value("tickets_created") == 20
    assert any("came about at another time" in note for note in found.result("tickets_created")["notes"])
