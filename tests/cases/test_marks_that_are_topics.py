"""A longer word that begins with a mark (`Spamfilter`), taken for it; what a mark leaves out, reported nowhere near the figures; marks among tags."""

from pathlib import Path

import pytest
from reported import Reported, reported

HEAD, LINE = "Ärendenr;Skapad;Löst;Status", "{n};2026-01-{d:02} 09:00;2026-01-{d:02} 15:00;{status}"


def tickets(path: Path, header: str, mark: str, plain: str = "Faktura", marked: int = 4) -> Reported:
    """Twenty tickets, of which the first four have the mark."""
    rows = [f"{LINE.format(n=n + 100, d=n + 1, status='Löst')};{mark if n < marked else plain}" for n in range(20)]
    path.write_text("\n".join((f"{HEAD};{header}", *rows, "")), encoding="utf-8")
    return reported(path, "--kpi", "*")


@pytest.mark.parametrize(
    "topic",
    [
        "Spamfilter",
        "Spam filter",
        "Spamskydd",
        "Junkmail-inställningar",
        "Fråga om spam",
        "Testmiljö",
        "Duplikatkontroll",
    ],
)
@pytest.mark.parametrize("header", ["Kategori", "Ärendetyp"])
def test_a_longer_word_is_what_a_case_is_about(tmp_path: Path, header: str, topic: str) -> None:
    assert tickets(tmp_path / "t.csv", header, topic).value("tickets_created") == 20


@pytest.mark.parametrize(
    "mark", ["Spam", "Skräppost", "Søppelpost", "Spam/junk", "spam - auto", "Spam (auto)", "[Spam]", "Junk / spam"]
)
def test_a_mark_is_the_whole_phrase(tmp_path: Path, mark: str) -> None:
    found = tickets(tmp_path / "t.csv", "Kategori", mark)
    assert found.value("tickets_created") == 16
    result = found.result("tickets_created")
    assert result is not None
    assert any("4 merged or spam tickets" in note for note in result["notes"])


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [("Merker", "duplikat", "Spørsmål"), ("Etiketter", "test", "Spørsmål"), ("Etikett", "spam", "fråga"), ("Merkelapper", "vip, test", "vip, retur"), ("Kategori", "Test", "Faktura")],
)  # fmt: skip
def test_a_mark_among_tags_is_one_and_reported_at_the_figures(
    tmp_path: Path, header: str, mark: str, plain: str
) -> None:
    found = tickets(tmp_path / "t.csv", header, mark, plain)
    result = found.result("tickets_created")
    assert result is not None
    assert (result["value"], any("left out" in note for note in result["notes"])) == (16, True)


@pytest.mark.parametrize(
    ("header", "tag"), [("Etiketter", "testmiljö"), ("Merker", "ikke duplikat"), ("Tags", "test drive, vip")]
)
def test_a_tag_that_says_more_is_none(tmp_path: Path, header: str, tag: str) -> None:
    assert tickets(tmp_path / "t.csv", header, tag, "vip, b").value("tickets_created") == 20


def test_one_of_many_needs_no_word_at_the_figures(tmp_path: Path) -> None:
    found = tickets(tmp_path / "t.csv", "Kategori", "Spam", marked=1)
    result = found.result("tickets_created")
    assert result is not None
    assert (result["value"], any("spam" in note for note in result["notes"])) == (19, False)


def test_orders_that_are_not_paid_are_reported_where_customers_are_counted(tmp_path: Path) -> None:
    rows = [f"{n + 500};2026-01-{n + 1:02} 10:00;c{n % 9}@x.se;100;{'Nei' if n < 4 else 'Ja'}" for n in range(20)]
    path = tmp_path / "o.csv"
    path.write_text("\n".join(("Ordrenummer;Ordredato;Kunde;Beløp;Betalt", *rows, "")), encoding="utf-8")
    result = reported(path, "--kpi", "*").result("active_customers")
    assert result is not None
    assert any("`Betalt`" in note for note in result["notes"])
