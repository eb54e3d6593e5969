"""One row twice in one file under its number written in two ways, or without a number: it counts once, and that is reported."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

HEADS = {
    "tickets": ("Ticket ID,Created at,Resolved at,Status", "2026-01-{d:02} 09:{n:02},2026-01-{d:02} 15:00,Solved", "tickets_created"),
    "orders": ("Order number,Order date,Customer,Amount", "2026-01-{d:02} 09:{n:02},c{n}@x.se,100", "orders_placed"),
    "answers": ("Response ID,Answered at,How satisfied are you? (1-5)", "2026-01-{d:02} 09:{n:02},4", "answers_received"),
    "customers": ("Customer number,Customer since,Ended,Name", "2026-01-{d:02},,Firm {n}", "customers_won"),
}  # fmt: skip
SPELLINGS: dict[str, Callable[[int], str]] = {
    "behind #": "#{}".format,
    "with zeros": "00{}".format,
    "with a word": "Case {}".format,
    "with letters": "SUP-{}".format,
    "with a decimal": "{}.00".format,
    "with a number behind": "{}-2".format,
    "as a power of ten": lambda n: f"{n / 10_000:.4f}E+04",
    "with a blank between": lambda n: f"{n:,}".replace(",", "\u00a0"),
}


def file(path: Path, table: str, again: Callable[[int], str], *, is_other: bool = False) -> Reported:
    """Twenty rows, of which eight stand again in another spelling: the same ones, or others with numbers like theirs."""
    head, line, _ = HEADS[table]
    rows = [f"{20500 + n},{line.format(n=n, d=1 + n)}" for n in range(20)]
    rows += [f"{again(20500 + n)},{line.format(n=n + 30 * is_other, d=1 + n + 5 * is_other)}" for n in range(8)]
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


def used(found: Reported) -> int:
    return int(found.document["sources"][0]["rows_used"])


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("table", ["tickets", "orders"])
def test_a_row_in_another_spelling_counts_once(tmp_path: Path, table: str, spelling: str) -> None:
    found = file(tmp_path / "f.csv", table, SPELLINGS[spelling])
    assert used(found) == 20
    assert "spelt-numbers" in found.codes or spelling == "with a blank between"


@pytest.mark.parametrize("table", ["answers", "customers"])
def test_in_every_list(tmp_path: Path, table: str) -> None:
    assert used(file(tmp_path / "f.csv", table, SPELLINGS["behind #"])) == 20


@pytest.mark.parametrize("spelling", ["behind #", "with letters", "with a number behind"])
def test_other_rows_with_numbers_like_theirs_count(tmp_path: Path, spelling: str) -> None:
    found = file(tmp_path / "f.csv", "tickets", SPELLINGS[spelling], is_other=True)
    assert (used(found), "spelt-numbers" in found.codes) == (28, False)


def messages(path: Path, time: str, text: str, copies: int) -> Reported:
    rows = [
        line
        for n in range(6)
        for line in (
            f"{n},2026-01-0{n + 1} 09:00{time},Customer,{text.format(n)}",
            f"{n},2026-01-0{n + 1} 10:00{time},Agent,{text.format(n + 50)}",
        )
    ]
    path.write_text(
        "\n".join(("Conversation ID,Sent at,Author,Text", *rows, *rows[: 2 * copies])) + "\n", encoding="utf-8"
    )
    return reported(path, "--kpi", "*")


@pytest.mark.parametrize(("time", "text"), [(":17", "Hi"), ("", "This is what I wrote in letter {}")])
def test_a_message_that_stands_twice_counts_once(tmp_path: Path, time: str, text: str) -> None:
    found = messages(tmp_path / "m.csv", time, text, 4)
    assert used(found) == 12
    assert "stand in it again" in found.finding_text("repeated-keys")


def test_a_message_that_may_have_been_sent_twice_counts_and_is_reported(tmp_path: Path) -> None:
    found = messages(tmp_path / "m.csv", "", "Hi", 4)
    assert used(found) == 20
    assert "neither seconds nor words" in found.finding_text("repeated-keys")
