"""One number in two spellings (`#1`, `001`, `1.0`, another case), or in a column of the other system's: two of one thing, or no match at all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

SPELLINGS: dict[str, Callable[[int], str]] = {
    "bare": str,
    "hash": "#{}".format,
    "zeros": "{:05}".format,
    "decimals": "{}.0".format,
    "case": "SUP-{}".format,
    "other case": "sup-{}".format,
    "zeros behind letters": "SUP-{:04}".format,
}
PAIRS = [
    ("bare", "hash"), ("hash", "bare"), ("zeros", "bare"), ("bare", "zeros"), ("decimals", "bare"), ("bare", "decimals"),
    ("case", "other case"), ("other case", "zeros behind letters"), ("hash", "zeros"),
]  # fmt: skip


def written(folder: Path, **lists: list[str]) -> list[Path]:
    for name, rows in lists.items():
        (folder / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    return [folder / f"{name}.csv" for name in lists]


def tickets(number: Callable[[int], str]) -> list[str]:
    rows = [f"{number(at)};2026-03-{at:02} 08:00;2026-03-{at:02} 12:00;Closed;{'AB'[at > 5]}" for at in range(1, 11)]
    return ["Ticket ID;Created at;Resolved at;Status;Team", *rows]


def answers(number: Callable[[int], str], *, shift: int = 0) -> list[str]:
    rows = [f"{number(at + shift)};2026-03-{at:02} 15:00;{5 if at < 6 else 1}" for at in range(1, 11)]
    return ["Ticket ID;Svarsdatum;CSAT (1-5)", *rows]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_answers_find_their_tickets(tmp_path: Path, one: str, other: str) -> None:
    lists = written(tmp_path, t=tickets(SPELLINGS[one]), s=answers(SPELLINGS[other]))
    found = reported(*lists, "--by", "group", "--min-n", "1", "--kpi", "csat", period="2026-03")
    assert (found.value("csat", group="A"), found.value("csat", group="B")) == (1, 0)
    assert "otherwise" in found.finding_text("spelt-numbers")


def test_what_matches_as_it_is_written_stays(tmp_path: Path) -> None:
    lists = written(tmp_path, t=tickets(str), s=[*answers(str)[:9], "#10;2026-03-10 15:00;1", "009;2026-03-10 15:00;1"])
    found = reported(*lists, "--by", "group", "--min-n", "1", "--kpi", "csat", period="2026-03")
    assert not found.finding_text("spelt-numbers")
    assert found.result("csat", group=None)["n"] == 2


def test_numbers_of_other_cases_match_nothing(tmp_path: Path) -> None:
    lists = written(tmp_path, t=tickets(str), s=answers("#{}".format, shift=5))
    assert not reported(*lists, "--kpi", "csat", period="2026-03").finding_text("spelt-numbers")


def orders(number: Callable[[int], str], customer: str, amount: int = 100) -> list[str]:
    rows = [f"{number(at)};2026-03-{at:02};{at}@x.se;{amount + at}" for at in range(1, 11)]
    return [f"Ordernummer;Orderdatum;{customer};Belopp", *rows]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_orders_of_shop_and_ledger_count_once(tmp_path: Path, one: str, other: str) -> None:
    lists = written(tmp_path, shop=orders(SPELLINGS[one], "E-post"), erp=orders(SPELLINGS[other], "Kundnummer"))
    assert reported(*lists, "--kpi", "revenue", period="2026-03").value("revenue") == 1055


def test_orders_of_other_amounts_are_other_orders(tmp_path: Path) -> None:
    lists = written(tmp_path, shop=orders(str, "E-post"), erp=orders("#{}".format, "Kundnummer", amount=200))
    assert reported(*lists, "--kpi", "revenue", period="2026-03").value("revenue") == 1055 + 2055


def test_tickets_in_two_spellings_count_once(tmp_path: Path) -> None:
    lists = written(tmp_path, a=tickets(str), b=tickets("{:05}".format))
    assert reported(*lists, "--kpi", "tickets_created", period="2026-03").value("tickets_created") == 10


def moved(folder: Path, header: str, hour: str = "08", first: int = 6) -> Reported:
    new = [f"{5000 + at},{at},2026-03-{at:02} {hour}:00,Closed" for at in range(first, first + 5)]
    lists = written(folder, old=tickets(str), new=[f"Ticket Number,{header},Date Created,Status", *new])
    return reported(*lists, "--kpi", "tickets_created", period="2026-03")


@pytest.mark.parametrize("header", ["Legacy ID", "Old ticket number", "External ID", "Gammalt ärendenummer"])
def test_tickets_moved_to_another_system_count_once(tmp_path: Path, header: str) -> None:
    found = moved(tmp_path, header)
    assert found.value("tickets_created") == 10
    assert header in found.finding_text("moved-rows")


@pytest.mark.parametrize(("header", "first"), [("Parent ID", 6), ("Legacy ID", 16), ("Room number", 16)])
def test_other_numbers_are_no_moved_tickets(tmp_path: Path, header: str, first: int) -> None:
    assert moved(tmp_path, header, first=first).value("tickets_created") == 15


def test_the_customers_of_orders_are_those_of_the_list(tmp_path: Path) -> None:
    customers = [
        "Kundnummer;Kund sedan;Land",
        *(f"{at:05};2025-03-01;{'SE' if at < 6 else 'NO'}" for at in range(1, 11)),
    ]
    bought = ["Ordernummer;Orderdatum;Kundnummer;Belopp", *(f"{at};2026-03-{at:02};{at};100" for at in range(1, 11))]
    lists = written(tmp_path, c=customers, o=bought)
    found = reported(*lists, "--by", "country", "--kpi", "revenue", period="2026-03")
    assert (found.value("revenue", country="SE"), found.value("revenue", country="NO")) == (500, 500)


OF_SPREADSHEETS = {
    "comma": "{:,}".format,
    "point": lambda number: f"{number:,}".replace(",", "."),
    "blank": lambda number: f"{number:,}".replace(",", "\u00a0"),
    "formula": '"=""{}"""'.format,
    "apostrophe": "'{}".format,
    "word": "Ticket #{}".format,
    "fraction": "{}.0".format,
    "decimals": lambda number: f'"{number:,}.00"',
    "zeros": "{:08}".format,
}


def voices(header: str, number: Callable[[int], str], mark: Callable[[int], int] = lambda at: 5 if at < 6 else 1) -> list[str]:  # fmt: skip
    return [header, *(f"{number(1000 + at)};2026-03-{at:02} 15:00;{mark(at)}" for at in range(1, 11))]


@pytest.mark.parametrize("how", OF_SPREADSHEETS)
def test_tickets_as_a_spreadsheet_writes_them_count_once(tmp_path: Path, how: str) -> None:
    """Ten tickets in a whole list, the first eight in one that somebody opened in a spreadsheet."""
    other = tickets(lambda number: OF_SPREADSHEETS[how](number + 5000))
    lists = written(tmp_path, a=tickets(lambda number: str(number + 5000)), b=other[:9])
    found = reported(*lists, "--kpi", "tickets_created", period="2026-03")
    assert found.value("tickets_created") == 10
    # A text as a formula is the text before any number is looked at.
    assert how == "formula" or "spellings" in found.finding_text("spelt-numbers")


@pytest.mark.parametrize("how", OF_SPREADSHEETS)
def test_responses_and_reviews_count_once(tmp_path: Path, how: str) -> None:
    for header, kpi in (
        ("Response ID;Answered at;CSAT (1-5)", "csat"),
        ("Review ID;Review date;Rating", "review_rating"),
    ):
        lists = written(tmp_path, a=voices(header, str), b=voices(header, OF_SPREADSHEETS[how])[:9])
        result = reported(*lists, "--kpi", kpi, period="2026-03").result(kpi)
        assert result is not None
        assert result["n"] == 10


def test_responses_of_other_marks_are_other_responses(tmp_path: Path) -> None:
    header = "Response ID;Answered at;CSAT (1-5)"
    lists = written(tmp_path, a=voices(header, str), b=voices(header, "{}.0".format, lambda at: 2 + at % 2))
    result = reported(*lists, "--kpi", "csat", period="2026-03").result("csat")
    assert result is not None
    assert result["n"] == 20


def test_only_the_large_numbers_have_marks_of_thousands(tmp_path: Path) -> None:
    """996 to 1005: those under a thousand are spelt alike in both lists."""
    lists = written(tmp_path, a=tickets(lambda at: str(at + 995)), b=tickets(lambda at: f"{at + 995:,}"))
    assert reported(*lists, "--kpi", "tickets_created", period="2026-03").value("tickets_created") == 10
