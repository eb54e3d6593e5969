"""Tickets that were cancelled, rejected or withdrawn, counted as resolved without a word."""

from pathlib import Path

import pytest
from reported import reported
from small_reports import written


@pytest.mark.parametrize(
    ("header", "word", "done"),
    [
        ("State", "Cancelled", "Resolved"),
        ("State", "Withdrawn", "Closed"),
        ("Status", "Avvisad", "Löst"),
        ("Status", "Avvist", "Løst"),
    ],
)
def test_what_was_given_up_is_noted_with_what_it_counts_in(tmp_path: Path, header: str, word: str, done: str) -> None:
    states = [word] * 4 + [done] * 16
    rows = [f"{n},2026-09-{n + 1:02} 08:00,2026-09-{n + 1:02} 14:00,{state}" for n, state in enumerate(states)]
    found = reported(written(tmp_path, "t", f"Ticket ID,Created,Closed,{header}", *rows))
    assert found.value("tickets_resolved") == 20
    text = "4 of 20 resolved tickets are cancelled, rejected or withdrawn"
    assert text in found.finding_text("cancelled-tickets")
    assert any(text in note for note in found.result("tickets_resolved")["notes"])
    assert not any(text in note for note in found.result("tickets_created")["notes"])


def test_a_mapping_that_says_another_state_ends_it(tmp_path: Path) -> None:
    rows = [f"{n},2026-09-{n:02} 08:00,{'Cancelled' if n < 5 else 'Closed'}" for n in range(1, 10)]
    path = written(tmp_path, "t", "Ticket ID,Created,State", *rows)
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "name: m\nlabel: m\nsystem: m\ntable: tickets\nleave_out: [{from: State, values: [Cancelled], reason: cancelled}]\n"
        "columns: {ticket_id: Ticket ID, created_at: Created, status: State}\n"
    )
    found = reported(path, "--mapping", mapping)
    assert "cancelled-tickets" not in found.codes
