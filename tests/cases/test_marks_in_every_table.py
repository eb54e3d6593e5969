"""What marks a row as none does so in every table alike, in whichever column and language: junk, tests, copies, what was cancelled or deleted."""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADS = {
    "tickets": ("Ticket ID,Created at,Resolved at,Status", "{n},2026-01-0{n} 09:00,2026-01-0{n} 10:00,Solved", "tickets_created"),
    "orders": ("Order number,Order date,Customer,Amount", "{n},2026-01-0{n} 09:00,c{n}@x.se,100", "revenue"),
    "answers": ("Response ID,Answered at,How satisfied are you? (1-5)", "{n},2026-01-0{n} 09:00,{n}", "answers_received"),
    "customers": ("Customer number,Customer since,Ended", "{n},2026-01-0{n},", "customers_won"),
    "reviews": ("Review ID,Review date,Rating", "{n},2026-01-0{n} 09:00,{n}", "reviews_received"),
}  # fmt: skip


def marked(path: Path, table: str, header: str, mark: str, plain: str) -> Reported:
    """Five rows of a table, of which the third is marked."""
    head, line, _ = HEADS[table]
    rows = [f'{line.format(n=n)},"{mark if n == 3 else plain}"' for n in range(1, 6)]
    path.write_text("\n".join((f"{head},{header}", *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*")


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [
        ("Ärendetyp", "Skräppost", "Fråga"),
        ("Close reason", "Closed as duplicate", "Answered"),
        ("Avslutsorsak", "Sammanslagen", "Löst"),
        ("Queue", "Spam", "Support"),
        ("Kategori", "Søppelpost", "Ordre"),
        ("Labels", "vip;merged", "vip"),
        ("Taggar", "retur, spam", "retur"),
        ("Tags", "['dubblett']", "['a']"),
        ("Type", "Test", "Question"),
        ("Raderat datum", "2026-01-08", ""),
        ("Duplicate?", "Yes", "No"),
        ("Ogiltig", "x", ""),
        ("Räknas ej", "Ja", "Nej"),
        ("Include", "No", "Yes"),
        ("Telles ikke", "Ja", "Nei"),
    ],
)
def test_a_ticket_that_is_none(tmp_path: Path, header: str, mark: str, plain: str) -> None:
    assert marked(tmp_path / "t.csv", "tickets", header, mark, plain).value("tickets_created") == 4


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [("Category", "Trash", "Bulky waste"), ("Typ", "Dubbel", "Enkel"), ("Tags", "not spam, vip", "vip, b"), ("Topic", "Spam", "Order"), ("Avbruten", "Ja", "Nej")],
)  # fmt: skip
def test_a_ticket_that_is_one(tmp_path: Path, header: str, mark: str, plain: str) -> None:
    assert marked(tmp_path / "t.csv", "tickets", header, mark, plain).value("tickets_created") == 5


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [
        ("Annulleringsdatum", "2026-01-08", ""),
        ("Kansellert dato", "2026-01-08", ""),
        ("Date voided", "2026-01-08", ""),
        ("Order cancelled", "Yes", "No"),
        ("Avbestillingsdato", "2026-01-08", ""),
        ("Is valid", "No", "Yes"),
        ("Dubblett", "Ja", "Nej"),
        ("Ordertyp", "Duplicate", "Web"),
        ("Spam", "Yes", "No"),
    ],
)
def test_an_order_that_is_none(tmp_path: Path, header: str, mark: str, plain: str) -> None:
    assert marked(tmp_path / "o.csv", "orders", header, mark, plain).value("revenue") == 400


@pytest.mark.parametrize(("header", "word", "plain"), [("Is paid", "No", "Yes"), ("Betalt", "Nei", "Ja")])
def test_an_order_that_is_not_paid_counts_and_is_reported(tmp_path: Path, header: str, word: str, plain: str) -> None:
    found = marked(tmp_path / "o.csv", "orders", header, word, plain)
    assert found.value("revenue") == 500
    assert f"`{header}` says are not paid, as `{word}`" in found.finding_text("unpaid-orders")


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [("State", "Raderad", "Klar"), ("Svarandetyp", "Test", "Kund"), ("Category", "Skräppost", "Butik"), ("Status", "Dubblett", "Slutförd"), ("Junk", "1", "0")],
)  # fmt: skip
def test_an_answer_that_is_none(tmp_path: Path, header: str, mark: str, plain: str) -> None:
    found = marked(tmp_path / "a.csv", "answers", header, mark, plain)
    assert found.value("csat") == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("header", "mark", "plain"),
    [("Type", "Sales lead", "Customer"), ("Kundtyp", "Kundämne", "Kund"), ("Status", "Duplicate", "Active")],
)
def test_a_customer_that_is_none(tmp_path: Path, header: str, mark: str, plain: str) -> None:
    found = marked(tmp_path / "c.csv", "customers", header, mark, plain)
    assert sum(found.refused[0].values()) == 1


@pytest.mark.parametrize("between", ["vip|closed_by_merge", "closed_by_merge;a", "('closed_by_merge',)"])
def test_a_merged_ticket_of_zendesk_however_its_tags_are_parted(tmp_path: Path, between: str) -> None:
    path = tmp_path / "z.csv"
    rows = [
        f'{n},7,Solved,Mail,2026-01-0{n} 09:00,2026-01-0{n} 10:00,"{between if n == 2 else "vip"}"' for n in range(1, 5)
    ]
    path.write_text("\n".join(("Id,Requester id,Status,Via,Created at,Solved at,Tags", *rows)) + "\n", encoding="utf-8")
    assert reported(path).value("tickets_created") == 3


@pytest.mark.parametrize(
    ("header", "no"), [("Publicerad", "Nej"), ("Published", "No"), ("Publisert", "0"), ("Synlig", "Nei")]
)
def test_a_review_that_nobody_reads_is_none_though_its_header_may_name_a_day(
    tmp_path: Path, header: str, no: str
) -> None:
    found = marked(tmp_path / "r.csv", "reviews", header, no, {"Nej": "Ja", "No": "Yes", "0": "1", "Nei": "Ja"}[no])
    assert found.value("review_rating") == 3
    assert sum(sum(counts.values()) for counts in found.refused) == 1


def test_a_day_of_publication_marks_nothing(tmp_path: Path) -> None:
    assert sum(map(len, marked(tmp_path / "r.csv", "reviews", "Publicerad", "2026-01-09", "2026-01-08").refused)) == 0
