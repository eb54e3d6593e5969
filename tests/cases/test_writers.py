"""Who wrote a message: an automatic reply and an internal note are no agent's reply, in whichever column and language it stands.

A sender that is a name leaves it to the direction, and a word that nobody knows is named with the way to say what it means.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from reported import Reported, reported

HEADERS = {
    "sv": ("Meddelande-ID;Ärendenummer;Skickat;Avsändare;Riktning", "Kund", "Handläggare", "Inkommande", "Utgående"),
    "nb": ("Meldings-ID;Saksnummer;Sendt;Avsender;Retning", "Kunde", "Saksbehandler", "Inn", "Ut"),
    "da": ("Besked-ID;Sagsnummer;Sendt;Afsender;Retning", "Kunde", "Sagsbehandler", "Indgående", "Udgående"),
    "fi": ("Viesti-ID;Tapausnumero;Lähetetty;Lähettäjä;Suunta", "Asiakas", "Käsittelijä", "Saapuva", "Lähtevä"),
    "en": ("Message ID;Ticket ID;Sent at;Sender;Direction", "Customer", "Agent", "Inbound", "Outbound"),
}
BOTS = [
    ("sv", "Autosvar"), ("sv", "Automatiskt svar"), ("sv", "Robot"), ("nb", "Autosvar"), ("nb", "Automatisk svar"), ("nb", "Robot"),
    ("da", "Automatsvar"), ("da", "System"), ("fi", "Automaattivastaus"), ("fi", "Robotti"), ("en", "Auto-reply"), ("en", "Bot"),
]  # fmt: skip
NOTES = [
    ("sv", "Intern anteckning"), ("sv", "Intern kommentar"), ("nb", "Internt notat"), ("nb", "Intern merknad"), ("da", "Intern note"),
    ("fi", "Sisäinen muistiinpano"), ("en", "Internal note"), ("en", "Private note"),
]  # fmt: skip


def log(path: Path, language: str, other: str, agent: str | None = None, *, has_direction: bool = True) -> Reported:
    """One case, in which the agent replies after two hours and something else stands in between."""
    header, customer, known, inwards, outwards = HEADERS[language]
    lines: Sequence[tuple[str, str, str]] = [
        ("08:00", customer, inwards), ("08:01", other, outwards), ("10:00", agent or known, outwards),
    ]  # fmt: skip
    rows = [f"{at};1;2026-09-02 {time};{who};{way}" for at, (time, who, way) in enumerate(lines, 1)]
    cut = [header, *rows] if has_direction else [line.rpartition(";")[0] for line in (header, *rows)]
    path.write_text("\n".join(cut) + "\n", encoding="utf-8")
    return reported(path)


@pytest.mark.parametrize("has_direction", [True, False])
@pytest.mark.parametrize(("language", "word"), [*BOTS, *NOTES])
def test_an_automatic_reply_and_a_note_are_no_reply(
    tmp_path: Path, language: str, word: str, *, has_direction: bool
) -> None:
    found = log(tmp_path / "m.csv", language, word, has_direction=has_direction)
    assert (found.value("reply_time"), found.value("first_reply_time")) == (7200, 7200)
    assert "unknown-writers" not in found.codes


@pytest.mark.parametrize("language", HEADERS)
def test_a_sender_that_is_a_name_leaves_it_to_the_direction(tmp_path: Path, language: str) -> None:
    found = log(tmp_path / "m.csv", language, "Bot", "Anna Berg")
    assert found.value("reply_time") == 7200
    assert "unknown-writers" not in found.codes


@pytest.mark.parametrize(("language", "word"), [("sv", "Ekot"), ("nb", "Papegøye"), ("en", "Parrot")])
def test_an_unknown_writer_is_named_with_the_way_to_say_what_it_is(tmp_path: Path, language: str, word: str) -> None:
    found = log(tmp_path / "m.csv", language, word, has_direction=False)
    text = found.finding_text("unknown-writers")
    assert f"`{word}` 1" in text
    assert f"values: {{{word}: bot}}" in text
    header = HEADERS[language][0].split(";")[3]
    assert f"author: {{from: {header}," in text


@pytest.mark.parametrize(
    "name", ["System", "Autoresponder", "no-reply@firma.se", "Virtual assistant", "svara-ej@bolag.se"]
)
def test_an_agent_who_is_called_as_automatic_replies_are_is_none(tmp_path: Path, name: str) -> None:
    rows = (
        "1;1;2026-09-02 08:00;Customer;",
        f"2;1;2026-09-02 08:01;Agent;{name}",
        "3;1;2026-09-02 10:00;Agent;Anna Berg",
    )
    path = tmp_path / "m.csv"
    path.write_text("\n".join(("Message ID;Ticket ID;Sent at;Author;Agent", *rows)) + "\n", encoding="utf-8")
    assert reported(path).value("first_reply_time") == 7200
