"""Names of sheets and files that say what all their rows are (`Budget`, `Returer`, `Spam`), not heard: added to the others."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from reported import Reported, reported

TICKETS = ["Ticket ID;Created at;Status", *(f"{at};2026-03-{at:02} 08:00;Open" for at in range(1, 11))]
COSTS = "Månad;Kostnadsslag;Belopp"
ORDERS = ["Ordernummer;Orderdatum;Kund;Belopp", *(f"{at};2026-03-{at:02};K{at};100" for at in range(1, 11))]


def book(folder: Path, sheets: Mapping[str, Sequence[str]]) -> Path:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append([float(cell) if cell.isdigit() else cell for cell in row.split(";")])
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def files(folder: Path, lists: Mapping[str, Sequence[str]]) -> list[Path]:
    for name, rows in lists.items():
        (folder / name).write_text("\n".join(rows), encoding="utf-8")
    return [folder / name for name in lists]


def cost(folder: Path, sheets: Mapping[str, Sequence[str]]) -> Reported:
    lists = {name: [COSTS, *rows] for name, rows in sheets.items()}
    return reported(
        book(folder, lists), *files(folder, {"t.csv": TICKETS}), "--kpi", "cost_per_ticket", period="2026-03"
    )


@pytest.mark.parametrize("name", ["Budget", "Budget 2026", "Prognos", "Forecast", "Budsjett"])
def test_a_budget_is_no_cost(tmp_path: Path, name: str) -> None:
    spent = ["2026-03;Support;1200", "2026-02;Support;1100"]
    found = cost(tmp_path, {"Utfall": spent, name: ["2026-03;Support;1000", "2026-02;Support;1000"]})
    assert found.value("cost_per_ticket") == 120
    assert f"`{name}`" in found.finding_text("told-by-name")
    lists = {"utfall.csv": [COSTS, *spent], f"{name}.csv": [COSTS, "2026-03;Support;1000"], "t.csv": TICKETS}
    assert (
        reported(*files(tmp_path, lists), "--kpi", "cost_per_ticket", period="2026-03").value("cost_per_ticket") == 120
    )


def test_a_budget_alone_has_no_value(tmp_path: Path) -> None:
    lists = {"budget.csv": [COSTS, "2026-03;Support;1000"], "t.csv": TICKETS}
    found = reported(*files(tmp_path, lists), "--kpi", "cost_per_ticket", period="2026-03")
    assert found.value("cost_per_ticket") is None
    assert "name it otherwise" in found.finding_text("told-by-name")


@pytest.mark.parametrize("name", ["Totalt", "Summa", "Hela året"])
def test_a_total_counts_once(tmp_path: Path, name: str) -> None:
    march = ["2026-03;Support;1000", "2026-03;Support;200"]
    total = ["2026-01;Support;1000", "2026-03;Support;1200"]
    assert cost(tmp_path, {"Jan": total[:1], "Mars": march, name: total}).value("cost_per_ticket") == 120


def test_a_total_of_countries_shows_that_they_are_parts(tmp_path: Path) -> None:
    sheets = {"SE": ["2026-03;Support;1000"], "NO": ["2026-03;Support;500"], "Totalt": ["2026-03;Support;1500"]}
    assert cost(tmp_path, sheets).value("cost_per_ticket") == 150


def test_a_total_of_another_sum_has_no_value(tmp_path: Path) -> None:
    sheets = {
        "Jan": ["2026-01;Support;1"],
        "Mars": ["2026-03;Support;900", "2026-03;Support;9"],
        "Totalt": ["2026-03;Support;1500"],
    }
    assert cost(tmp_path, sheets).value("cost_per_ticket") is None


@pytest.mark.parametrize("name", ["Returer", "Returns", "Kreditfakturor", "refunds-2026"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_returns_are_taken_off(tmp_path: Path, name: str, sign: str) -> None:
    returned = [ORDERS[0], f"3;2026-03-12;K3;{sign}100", f"4;2026-03-13;K4;{sign}50"]
    lists = files(tmp_path, {"ordrar.csv": ORDERS, f"{name}.csv": returned})
    sheets = book(tmp_path, {"Ordrar": ORDERS, name: returned})
    for paths in (lists, [sheets]):
        found = reported(*paths, "--kpi", "revenue", "--kpi", "aov", period="2026-03")
        assert found.value("revenue") == 850
        assert found.value("aov") == 85


def test_returns_alone_are_no_revenue(tmp_path: Path) -> None:
    assert reported(*files(tmp_path, {"returer.csv": ORDERS}), "--kpi", "revenue").value("revenue") is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Makulerade",
            "Cancelled",
            "Offerter",
            "Annullert",
            "Kansellert",
            "Avlyste",
            "Slettede",
            "Void",
            "Avbruten",
            "Utkast",
            "Budsjett",
            "Mall",
        ),
        *("Exempel",),
    ],
)
def test_cancelled_orders_and_quotes_are_none(tmp_path: Path, name: str) -> None:
    others = [ORDERS[0], "21;2026-03-12;K3;100"]
    assert reported(book(tmp_path, {"Ordrar": ORDERS, name: others}), "--kpi", "revenue").value("revenue") == 1000


@pytest.mark.parametrize("name", ["Spam", "Skräppost", "Test", "Raderade"])
def test_spam_and_tests_are_no_tickets(tmp_path: Path, name: str) -> None:
    others = [TICKETS[0], "51;2026-03-01 08:00;Open", "52;2026-03-02 08:00;Open"]
    found = reported(book(tmp_path, {"Ärenden": TICKETS, name: others}), "--kpi", "tickets_created")
    assert found.value("tickets_created") == 10
    assert "left out" in found.finding_text("told-by-name")


@pytest.mark.parametrize("name", ["test.csv", "spam.csv", "snitt.csv"])
def test_a_list_alone_is_what_there_is(tmp_path: Path, name: str) -> None:
    assert reported(*files(tmp_path, {name: TICKETS}), "--kpi", "tickets_created").value("tickets_created") == 10


@pytest.mark.parametrize("name", ["Avslutade", "Closed", "Tidigare kunder"])
def test_customers_who_have_left_are_not_there(tmp_path: Path, name: str) -> None:
    head, days = "Kundnummer;Kund sedan", range(1, 11)
    sheets = {
        "Aktiva": [head, *(f"K{at};2025-01-{at:02}" for at in days)],
        name: [head, *(f"K{at + 20};2025-01-{at:02}" for at in days)],
    }
    paths = (book(tmp_path, sheets), *files(tmp_path, {"t.csv": TICKETS}))
    assert reported(*paths, "--kpi", "contact_rate", period="2026-03").value("contact_rate") == 1
    assert reported(*paths, "--kpi", "churn_share").value("churn_share") == 0.5


@pytest.mark.parametrize("name", ["Snitt", "Medelvärde", "Average"])
def test_means_are_no_answers(tmp_path: Path, name: str) -> None:
    answers = ["Svarsdatum;CSAT (1-5)", *(f"2026-03-{at:02} 10:00;{2 + at % 4}" for at in range(1, 11))]
    means = [answers[0], "2026-03-10 10:00;3"]
    assert reported(book(tmp_path, {"Svar": answers, name: means}), "--kpi", "csat").value("csat") == 0.5


def test_a_template_of_many_rows_is_none(tmp_path: Path) -> None:
    others = [TICKETS[0], *(f"{at};2026-03-01 08:00;Open" for at in range(31, 41))]
    for name, count in (("Mall", 20), ("Exempel", 20)):
        assert reported(book(tmp_path, {"Ärenden": TICKETS, name: others}), "--kpi", "tickets_created").value("tickets_created") == count  # fmt: skip
        assert "but with more rows than that would have" in reported(
            tmp_path / "book.xlsx", "--kpi", "tickets_created"
        ).finding_text("told-by-name")
        few = others[:3]
        assert reported(book(tmp_path, {"Ärenden": TICKETS, name: few}), "--kpi", "tickets_created").value("tickets_created") == 10  # fmt: skip


@pytest.mark.parametrize("name", ["orders-with-returns.csv", "ordrar utan makulerade.csv", "Budget och utfall.csv"])
def test_a_name_that_names_two_things_says_nothing_of_a_row(tmp_path: Path, name: str) -> None:
    paths = files(tmp_path, {name: ORDERS, "other.csv": [ORDERS[0], "99;2026-03-12;K3;100"]})
    assert reported(*paths, "--kpi", "revenue").value("revenue") == 1100
    assert reported(paths[0], "--kpi", "revenue").value("revenue") == 1000
