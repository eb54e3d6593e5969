"""What is public, whichever way round a file says it: in a column of what is public or of what is internal, in our languages.

An internal note is no reply to the customer.
"""

from pathlib import Path

import pytest
from reported import reported

HEADER = "Message ID;Ticket ID;Sent at;Author type"


def first_reply(path: Path, header: str, public: str, internal: str) -> float:
    """The first reply of a case that an agent first writes an internal note in, after ten minutes, and answers after thirty."""
    rows = (
        f"1;1;2026-01-05 09:00;Customer;{public}",
        f"2;1;2026-01-05 09:10;Agent;{internal}",
        f"3;1;2026-01-05 09:30;Agent;{public}",
    )
    path.write_text("\n".join((f"{HEADER};{header}", *rows)) + "\n", encoding="utf-8")
    value = reported(path).value("first_reply_time")
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("header", "public", "internal"),
    [
        ("Public", "Yes", "No"),
        ("Internal", "No", "Yes"),
        ("Is internal", "false", "true"),
        ("Private", "0", "1"),
        ("Visibility", "Public", "Internal"),
        ("Visibility", "External", "Private"),
        ("Synlighet", "Offentlig", "Intern"),
        ("Synlighet", "Extern", "Privat"),
        ("Internt", "Nej", "Ja"),
        ("Intern note", "Nej", "Ja"),
        ("Internt notat", "Nei", "Ja"),
        ("Intern", "Ekstern", "Intern"),
        ("Näkyvyys", "Julkinen", "Sisäinen"),
        ("Sisäinen", "Ei", "Kyllä"),
    ],
)
def test_an_internal_note_is_no_reply(tmp_path: Path, header: str, public: str, internal: str) -> None:
    assert first_reply(tmp_path / "messages.csv", header, public, internal) == 1800


def test_opposite_is_for_truths_alone(tmp_path: Path) -> None:
    from invoked import piped

    (tmp_path / "m.yaml").write_text(
        "name: m\nlabel: m\nsystem: m\ntable: tickets\ncolumns: {ticket_id: Id, status: {from: Status, opposite: Other}}\n"
    )
    (tmp_path / "a.csv").write_text("Id,Status\n1,Open\n")
    ended = piped("report", tmp_path / "a.csv", "--mapping", tmp_path / "m.yaml")
    assert (ended.code, "`opposite` means nothing there" in ended.err) == (3, True)
