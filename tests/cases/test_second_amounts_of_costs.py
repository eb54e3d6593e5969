"""Costs with two columns of money: what was planned next to what was spent, a second currency or year, a column for each kind.

What was spent is read before what was planned, and any other column of money that is not read is named next to the figures it could be.
"""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

CUSTOMERS = [f"K{n};2026-{n % 3 + 7:02}-{n % 27 + 1:02}" for n in range(1, 31)]
TICKETS = [
    f"{n};2026-{n % 3 + 7:02}-{n % 27 + 1:02} 10:00;2026-{n % 3 + 7:02}-{n % 27 + 1:02} 15:30;Löst"
    for n in range(1, 61)
]


def spent(folder: Path, header: str, row: str) -> Reported:
    """The costs per customer (10 a month) and ticket (20 a month) of a list with `row` for each month and kind."""
    costs = [
        row.format(month=f"2026-{month:02}", kind=kind) for month in (7, 8, 9) for kind in ("Marknadsföring", "Support")
    ]
    files = (
        written(folder, "costs", header, *costs if "{kind}" in row else costs[::2]),
        written(folder, "customers", "Kundnummer;Startdatum", *CUSTOMERS),
        written(folder, "tickets", "Ärendenummer;Skapad;Löst;Status", *TICKETS),
    )
    return reported(*files, "--kpi", "cac", "--kpi", "cost_per_ticket", period="2026-08")


@pytest.mark.parametrize(
    "header",
    ["Månad;Kostnadsslag;Budget;Utfall", "Month;Cost type;Budget;Actual", "Måned;Kostnadsart;Budsjett;Faktisk", "Månad;Kategori;Budget;Utfall",
     "Kuukausi;Kustannuslaji;Budjetti;Toteuma", "Måned;Omkostningstype;Budget;Regnskap"],
)  # fmt: skip
def test_what_was_spent_is_read_and_not_the_budget(tmp_path: Path, header: str) -> None:
    found = spent(tmp_path, header, "{month};{kind};900;1200")
    assert (found.value("cac"), found.value("cost_per_ticket")) == (120, 60)
    assert not found.finding_text("unread-amount")


@pytest.mark.parametrize("header", ["Budget;Utfall;Avvikelse", "Prognos;Utfall;Ack utfall", "Plan;Utfall;Differens"])
def test_what_was_planned_and_how_far_off_it_is_are_no_second_amounts(tmp_path: Path, header: str) -> None:
    found = spent(tmp_path, f"Månad;Kostnadsslag;{header}", "{month};{kind};900;1200;300")
    assert found.value("cac") == 120
    assert not found.finding_text("unread-amount")


@pytest.mark.parametrize(
    ("header", "read", "unread"),
    [
        ("Kostnad;Utfall", 120, "Kostnad"),
        ("Kostnad 2025;Kostnad 2026", 90, "Kostnad 2026"),
        ("Amount SEK;Amount EUR", 90, "Amount EUR"),
        ("Belopp;Belopp EUR", 90, "Belopp EUR"),
    ],
)
def test_a_second_column_of_money_is_named_next_to_what_it_could_be(
    tmp_path: Path, header: str, read: int, unread: str
) -> None:
    found = spent(tmp_path, f"Månad;Kostnadsslag;{header}", "{month};{kind};900;1200")
    assert found.value("cac") == read
    assert f"`{unread}` is not read" in found.finding_text("unread-amount")
    (finding,) = (each for each in found.document["findings"] if each["code"] == "unread-amount")
    assert finding["serious"]
    assert finding["kpis"] == ["cac*", "cost_per_ticket*"]


@pytest.mark.parametrize(
    ("header", "row", "unread"),
    [
        ("Belopp;Moms;Belopp inkl moms", "900;225;1125", "Belopp inkl moms"),
        ("Belopp exkl moms;Belopp inkl moms", "900;1125", "Belopp inkl moms"),
        ("Belopp inkl moms;Belopp exkl moms", "1125;900", "Belopp inkl moms"),
        ("Cost incl. VAT;Cost excl. VAT", "1125;900", "Cost incl. VAT"),
        ("Beløp inkl. mva;Beløp eks. mva", "1125;900", "Beløp inkl. mva"),
    ],
)
def test_the_amount_without_tax_is_read_and_that_with_it_named_without_alarm(
    tmp_path: Path, header: str, row: str, unread: str
) -> None:
    found = spent(tmp_path, f"Månad;Kostnadsslag;{header}", "{month};{kind};" + row)
    assert found.value("cac") == 90
    (finding,) = (each for each in found.document["findings"] if each["code"] == "unread-amount")
    assert f"`{unread}` is not read" in finding["text"]
    assert not finding["serious"]


def test_a_column_for_another_kind_of_costs_is_named_next_to_the_figures_of_that_kind(tmp_path: Path) -> None:
    found = spent(tmp_path, "Månad;Marknadsföringskostnad;Supportkostnad", "{month};900;1200")
    assert (found.value("cac"), found.value("cost_per_ticket")) == (90, None)
    (finding,) = (each for each in found.document["findings"] if each["code"] == "unread-amount")
    assert "`Supportkostnad`" in finding["text"]
    assert finding["kpis"] == ["cost_per_ticket*"]


@pytest.mark.parametrize(
    "header",
    [
        "Månad;Kategori;Intäkt;Kostnad;Resultat",
        "Month;Category;Revenue;Cost;Result",
        "Måned;Kategori;Omsetning;Kostnad;Resultat",
    ],
)
def test_what_came_in_and_what_was_left_are_no_costs(tmp_path: Path, header: str) -> None:
    found = spent(tmp_path, header, "{month};{kind};4900;900;4000")
    assert found.value("cac") == 90
    assert not found.finding_text("unread-amount")


@pytest.mark.parametrize(
    "header",
    ["Pris;Belopp", "À-pris;Belopp", "Kostnad per ärende;Kostnad", "Cost per click;Cost", "Kostnad/lead;Kostnad"],
)
def test_what_one_costs_is_no_second_amount(tmp_path: Path, header: str) -> None:
    found = spent(tmp_path, f"Månad;Kostnadsslag;{header}", "{month};{kind};30;900")
    assert found.value("cac") == 90
    assert not found.finding_text("unread-amount")
