"""Ratios whose two sides are of other months or currencies: costs of two months over tickets of three, a part of the cost over all tickets."""

from pathlib import Path

import pytest
from reported import Reported, reported

MONTHS = {1: 31, 2: 28, 3: 31}


def tickets(*months: int, first: int = 0) -> list[str]:
    days = [(month, day) for month in months for day in range(1, MONTHS[month] + 1)]
    rows = [f"{first + at};2026-{month:02}-{day:02} 08:00;Open" for at, (month, day) in enumerate(days)]
    return ["Ticket ID;Created at;Status", *rows]


def customers(*months: int) -> list[str]:
    days = [(month, day) for month in months for day in range(1, MONTHS[month] + 1)]
    return ["Customer ID;Customer since", *(f"K{at};2026-{month:02}-{day:02}" for at, (month, day) in enumerate(days))]


def costs(*rows: str, header: str = "Month;Cost type;Amount") -> list[str]:
    return [header, *rows]


def of(kind: str, *months: int, amount: int = 900) -> list[str]:
    return [f"2026-{month:02};{kind};{amount}" for month in months]


def asked(folder: Path, *lists: list[str], period: str = "2026-Q1") -> Reported:
    for at, rows in enumerate(lists):
        (folder / f"{at}.csv").write_text("\n".join(rows), encoding="utf-8")
    kpis = [word for name in ("cost_per_ticket", "cac", "contact_rate", "tickets_created") for word in ("--kpi", name)]
    return reported(*(folder / f"{at}.csv" for at in range(len(lists))), *kpis, period=period)


@pytest.mark.parametrize("months", [(1, 3), (1, 2), (2, 3)])
def test_a_month_without_costs(tmp_path: Path, months: tuple[int, ...]) -> None:
    lists = tickets(1, 2, 3), costs(*of("Support", *months))
    found = asked(tmp_path, *lists)
    assert found.value("cost_per_ticket") is None
    assert "are of other months" in found.finding_text("unequal-sides")
    month = months[0]
    assert asked(tmp_path, *lists, period=f"2026-{month:02}").value("cost_per_ticket") == 900 / MONTHS[month]


def test_all_months_have_their_cost(tmp_path: Path) -> None:
    found = asked(tmp_path, tickets(1, 2, 3), costs(*of("Support", 1, 2, 3)))
    assert found.value("cost_per_ticket") == 30
    assert not found.finding_text("unequal-sides")


def test_a_month_of_one_kind_of_cost(tmp_path: Path) -> None:
    spent = costs(*of("Support", 1, 2), *of("Marketing", 1, 2, 3))
    found = asked(tmp_path, tickets(1, 2, 3), spent, customers(1, 2, 3))
    assert found.value("cost_per_ticket") is None
    assert found.value("cac") == 30


def test_a_month_without_tickets(tmp_path: Path) -> None:
    found = asked(tmp_path, tickets(1), tickets(3, first=100), costs(*of("Support", 1, 2, 3)), customers(1, 2, 3))
    assert found.value("cost_per_ticket") is None
    assert found.value("contact_rate") is None
    assert found.value("tickets_created") == 62
    assert "2026-02" in found.finding_text("missing-months")


@pytest.mark.parametrize("period", ["2026-Q1", "2026-01-01..2026-03-31", "all"])
def test_a_month_without_acquisition_costs(tmp_path: Path, period: str) -> None:
    assert asked(tmp_path, costs(*of("Marketing", 1, 3)), customers(1, 2, 3), period=period).value("cac") is None


def test_few_customers_may_leave_a_month_empty(tmp_path: Path) -> None:
    few = ["Customer ID;Customer since", "1;2026-01-04", "2;2026-01-20", "3;2026-03-02"]
    assert asked(tmp_path, costs(*of("Marketing", 1, 2, 3)), few).value("cac") == 900


def test_a_zero_is_a_cost(tmp_path: Path) -> None:
    found = asked(tmp_path, tickets(1, 2, 3), costs(*of("Support", 1, 3), "2026-02;Support;0"))
    assert found.value("cost_per_ticket") == 20


@pytest.mark.parametrize("period", ["2026-03", "2026-Q1", "all"])
def test_two_currencies_of_one_cost(tmp_path: Path, period: str) -> None:
    head = "Month;Cost type;Amount;Currency"
    rows = [f"{row};{unit}" for row in of("Support", 1, 2, 3) for unit in ("SEK", "EUR")]
    found = asked(tmp_path, tickets(1, 2, 3), costs(*rows, header=head), period=period)
    assert [each["value"] for each in found.document["results"] if each["kpi"] == "cost_per_ticket"] == [None, None]
    assert "EUR, SEK" in found.finding_text("several-currencies")


def test_one_currency_is_whole(tmp_path: Path) -> None:
    rows = [f"{row};SEK" for row in of("Support", 1, 2, 3)]
    found = asked(tmp_path, tickets(1, 2, 3), costs(*rows, header="Month;Cost type;Amount;Currency"))
    assert found.value("cost_per_ticket") == 30
