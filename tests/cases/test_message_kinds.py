"""Notes among ourselves, and changes of a case, that a column of kinds shows: neither is a reply, whoever wrote it.

The words of the cells decide, under whichever header speaks of kinds or of the way a message went.
"""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADER = "Message ID;Ticket ID;Sent at;Author type"


def log(path: Path, header: str, cells: tuple[str, str, str]) -> Reported:
    """A case in which an agent writes what the second cell is of after a minute, and answers after thirty."""
    rows = (
        f"1;1;2026-01-05 09:00;Customer;{cells[0]}",
        f"2;1;2026-01-05 09:01;Agent;{cells[1]}",
        f"3;1;2026-01-05 09:30;Agent;{cells[2]}",
    )
    path.write_text("\n".join((f"{HEADER};{header}", *rows)) + "\n", encoding="utf-8")
    return reported(path)


@pytest.mark.parametrize(
    ("header", "written", "note"),
    [
        ("Entry type", "Customer message", "Work note"),
        ("Aktivitetstyp", "E-post", "Intern notering"),
        ("Hendelse", "E-post", "Internt notat"),
        ("Viestityyppi", "Vastaus", "Sisäinen kommentti"),
        ("Slag", "Mejl", "Notering"),
        ("Access", "Public", "Private"),
        ("Activity", "Email sent", "InternalNote"),
        ("Via", "web", "internal note"),
        ("Riktning", "ut", "anteckning"),
    ],
)
def test_a_note_is_no_reply(tmp_path: Path, header: str, written: str, note: str) -> None:
    found = log(tmp_path / "m.csv", header, (written, note, written))
    assert found.value("first_reply_time") == 1800
    assert found.refused == [{f"internal note by `{header}`": 1}] or header == "Riktning"
    assert "unknown-message-kinds" not in found.codes


@pytest.mark.parametrize(
    ("header", "change"), [("Event type", "Status changed"), ("Händelse", "Tilldelad"), ("Action", "Reassigned")]
)
def test_a_change_of_the_case_is_no_reply(tmp_path: Path, header: str, change: str) -> None:
    found = log(tmp_path / "m.csv", header, ("Email", change, "Email"))
    assert found.value("first_reply_time") == 1800
    assert found.refused == [{f"change of the case by `{header}`": 1}]


@pytest.mark.parametrize(
    ("header", "written", "other"),
    [("Type", "Public reply", "Public note"), ("Typ", "Svar", "Kundanteckning"), ("Group", "Sales", "Internal")],
)
def test_what_is_no_note_of_ours_is_a_reply(tmp_path: Path, header: str, written: str, other: str) -> None:
    assert log(tmp_path / "m.csv", header, (written, other, written)).value("first_reply_time") == 60


@pytest.mark.parametrize("word", ["Zebra", "Kanin"])
def test_an_unknown_kind_next_to_a_note_is_reported(tmp_path: Path, word: str) -> None:
    found = log(tmp_path / "m.csv", "Type", ("Reply", "Note", word))
    text = found.finding_text("unknown-message-kinds")
    assert f"`{word}`" in text
    assert f'is_public: {{from: Type, values: {{{word}: "false"}}}}' in text
    assert any(word in note for note in found.result("first_reply_time")["notes"])


@pytest.mark.parametrize(("header", "word"), [("Type", "Internal"), ("Kategori", "Intern")])
def test_what_customers_wrote_is_no_note(tmp_path: Path, header: str, word: str) -> None:
    found = log(tmp_path / "m.csv", header, (word, word, word))
    assert found.value("first_reply_time") == 60
    assert "customers wrote" in found.finding_text("unknown-message-kinds")
