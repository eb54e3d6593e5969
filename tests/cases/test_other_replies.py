"""First replies by a machine where a column of the file shows which are a person's."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HEADER = "Ticket ID;Created at;Status"


def tickets(folder: Path, header: str, *cells: str) -> Path:
    """Forty tickets with a first reply after two minutes and one more column."""
    rows = [
        f"{n};2026-01-{1 + n % 28:02d} 10:00;Closed;2026-01-{1 + n % 28:02d} 10:{2 + n % 3:02d};{cells[n % len(cells)].format(day=1 + n % 28)}"
        for n in range(40)
    ]
    return written(folder, "tickets", f"{HEADER};First reply at;{header}", *rows)


@pytest.mark.parametrize(
    "header",
    [
        "First human response",
        "First agent reply at",
        "First reply by agent at",
        "Första personliga svar",
        "Första svar av handläggare",
        "Første menneskelige svar",
        "Første svar fra saksbehandler",
    ],
)
def test_a_column_of_people_s_replies_is_asked_for(tmp_path: Path, header: str):
    path = tickets(tmp_path, header, "2026-01-{day:02d} 15:00")
    document = report_json(path, "--period", "2026-01")
    assert f"`{header}` says when a person replied first" in findings(document, "other-replies")[0]
    assert totals(document)["first_reply_time"]["value"] is None
    chosen = report_json(path, "--period", "2026-01", "--column", f"first_replied_at={header}")
    assert findings(chosen, "other-replies") == []
    assert totals(chosen)["first_reply_time"]["value"] == 5 * 3600


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Första svar av", "Bot"),
        ("First reply by", "Chatbot"),
        ("Første svar fra", "Autosvar"),
        ("First response type", "Automatic"),
        ("Besvarad av", "Chatbot"),
    ],
)
def test_a_column_that_names_a_machine_withholds_its_replies(tmp_path: Path, header: str, word: str):
    document = report_json(tickets(tmp_path, header, word, "Anna Berg"), "--period", "2026-01")
    assert "in 20 rows" in findings(document, "other-replies")[0]
    assert totals(document)["first_reply_time"]["value"] is None


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Första svar av", "Anna Berg"),
        ("First response type", "E-mail"),
        ("Besvarad av", "Bo Robotsson"),
        ("Second human response", "2026-01-{day:02d} 15:00"),
        ("Agent", "Bot"),
    ],
)
def test_other_columns_leave_the_first_reply(tmp_path: Path, header: str, cell: str):
    document = report_json(tickets(tmp_path, header, cell), "--period", "2026-01")
    assert findings(document, "other-replies") == []
    assert totals(document)["first_reply_time"]["value"] is not None
