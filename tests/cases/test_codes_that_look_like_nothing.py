"""`NA` among codes (EMEA, APAC, LATAM; SE, NO, DK), taken for a blank cell: North America or Namibia in no group."""

from pathlib import Path

import pytest
from reported import Reported, reported


def asked(folder: Path, words: list[str]) -> Reported:
    rows = [f"{at};2026-03-{at + 1:02} 08:00;Open;{word}" for at, word in enumerate(words)]
    (folder / "t.csv").write_text("\n".join(["Ticket ID;Created at;Status;Team", *rows]), encoding="utf-8")
    return reported(folder / "t.csv", "--by", "group", "--kpi", "tickets_created", "--min-n", "1", period="2026-03")


@pytest.mark.parametrize(
    "words", [["EMEA", "APAC", "LATAM"], ["SE", "NO", "DK", ""], ["SE", "Norge", "DK"], ["EMEA", "Norden", "Asien", ""]]
)
def test_a_code_is_a_group(tmp_path: Path, words: list[str]) -> None:
    found = asked(tmp_path, [*words, "NA", *words, "NA"])
    assert found.value("tickets_created", group="NA") == 2
    assert found.value("tickets_created", group=None) == (2 if "" in words else None)
    assert "`NA` is a word of its own" in found.notes


@pytest.mark.parametrize(
    "words", [["Support", "Billing", "Sales"], ["Support", "Billing", ""], ["Team 1", "Team 2", ""]]
)
def test_nothing_among_words_is_nothing(tmp_path: Path, words: list[str]) -> None:
    found = asked(tmp_path, [*words, "NA", "N/A", "na"])
    assert found.value("tickets_created", group="NA") is None
    assert found.value("tickets_created", group=None) == 3 + ("" in words)


def test_what_the_user_calls_nothing_is_nothing(tmp_path: Path) -> None:
    asked(tmp_path, ["EMEA", "APAC", "NA"])
    found = reported(tmp_path / "t.csv", "--by", "group", "--kpi", "tickets_created", "--min-n", "1", "--null-value", "NA", period="2026-03")  # fmt: skip
    assert found.value("tickets_created", group="NA") is None
