"""Automatic replies under an agent's name, which only their words and times show: the first reply took 20 seconds, and no ticket one reply."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

TEXTS: dict[str, Callable[[int], str]] = {
    "sv": "Hej {}! Detta är ett automatiskt svar, vi har tagit emot ditt ärende {}".format,
    "en": "Thank you for contacting us {}, we have received your request no. {}".format,
    "fi": "Kiitos viestistäsi {}, palaamme asiaan mahdollisimman pian ({})".format,
    "de": "Vielen Dank für Ihre Nachricht {}, wir melden uns in Kürze zu Fall {}".format,
}
NAMES = ("Anna", "Bo", "Cia", "Dan-Erik")
SENTENCES = ("we have looked at it and sent you a new one", "please try again, it works for us now", "this was paid on the day after", "the parcel is on its way to you")  # fmt: skip


def desk(folder: Path, first: Callable[[int], tuple[str, int]], *, seconds: bool = True, every: int = 1) -> Reported:
    """Twenty tickets, each answered after an hour in words of its own; before it, of all or some, a first answer after so many seconds."""
    tickets, messages = [], []
    for n in range(20):
        day = f"2026-01-{1 + n:02}"
        tickets.append(f"{n},{day} 09:00:00,{day} 12:00:00,Solved")
        shown = [("Customer", 9 * 3600, f"the thing {n} is broken and I need help")]
        if n % every == 0:
            text, after = first(n)
            shown.append(("Agent", 9 * 3600 + after, text))
        shown.append(("Agent", 10 * 3600, f"{SENTENCES[n % 4]} ({'xyzw'[n % 3] * (n + 2)})"))
        for who, at, text in shown:
            clock = f"{at // 3600:02}:{at // 60 % 60:02}" + (f":{at % 60:02}" if seconds else "")
            messages.append(f'{len(messages)},{n},{day} {clock},{who},"{text}"')
    (folder / "t.csv").write_text("\n".join(("Ticket ID,Created at,Resolved at,Status", *tickets)) + "\n")
    head = "Message ID,Ticket ID,Sent at,Author,Text"
    (folder / "m.csv").write_text("\n".join((head, *messages)) + "\n", encoding="utf-8")
    return reported(folder / "t.csv", folder / "m.csv", "--kpi", "*", period="2026-01")


def values(found: Reported) -> tuple[object, object]:
    return found.value("first_reply_time"), found.value("fcr_one_touch")


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_at_every_opening_is_automatic(tmp_path: Path, language: str) -> None:
    found = desk(tmp_path, lambda n: (TEXTS[language](NAMES[n % 4], 4000 + n), 20 + n % 2))
    assert values(found) == (3600, 1)
    assert "20 first replies of 20" in found.finding_text("automatic-texts")


def test_of_every_third_ticket_too(tmp_path: Path) -> None:
    found = desk(tmp_path, lambda n: (TEXTS["en"]("Bo", n), 5), every=3)
    assert values(found) == (3600, 1)


def test_a_greeting_whose_time_varies_is_an_agents(tmp_path: Path) -> None:
    """In a chat somebody may greet everyone alike, and at once."""
    found = desk(
        tmp_path, lambda n: (f"hello {NAMES[n % 4]}, this is the shop, how may we help you today?", 8 + 11 * n % 47)
    )
    assert found.value("first_reply_time") < 60
    assert found.value("fcr_one_touch") == 0
    assert "cannot be told" in found.finding_text("automatic-texts")


def test_without_seconds_it_is_in_doubt(tmp_path: Path) -> None:
    found = desk(tmp_path, lambda n: (TEXTS["sv"]("Bo", n), 0), seconds=False)
    assert any(each["code"] == "automatic-texts" and each["serious"] for each in found.document["findings"])


def test_other_words_at_once_are_an_agents(tmp_path: Path) -> None:
    found = desk(
        tmp_path, lambda n: (f"{'abcdefghij'[n % 10] * 3} yes this is on its way {'klmnopqrst'[n // 2] * 9}", 20)
    )
    assert (found.value("first_reply_time"), "automatic-texts" in found.codes) == (20, False)
