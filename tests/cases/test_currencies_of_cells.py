"""Currencies that stand next to amounts, in cells or in their formats alone: kronor and euros added up, or the unit dropped."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from reported import Reported, reported

EURO, KRONOR, SWEDISH, DOLLAR = "#,##0.00 [$€-407]", '#,##0.00 "kr"', "#,##0.00\\ [$kr-41D]", '"$"#,##0.00'
ACCOUNTS = '_-* #,##0.00 [$€-1]_-;-* #,##0.00 [$€-1]_-;_-* "-"?? [$€-1]_-;_-@_-'


def workbook(folder: Path, formats: Sequence[str], header: str = "Belopp") -> Path:
    """Orders of 100,50, 200, 300 … with these formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ordernummer", "Orderdatum", "Kundnummer", header])
    for at, shown in enumerate(formats, 1):
        sheet.append([at, f"2026-03-{at:02}", f"K{at}", 100 * at + (0.5 if at == 1 else 0)])
        sheet.cell(at + 1, 4).number_format = shown
        sheet.cell(at + 1, 1).number_format = shown
    book.save(folder / "orders.xlsx")
    return folder / "orders.xlsx"


def sums(found: Reported) -> dict[str | None, float]:
    """Revenue by currency."""
    return {
        each.get("currency"): each["value"] for each in found.document["results"] if each["kpi"].startswith("revenue")
    }


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        ([KRONOR, EURO, KRONOR], {"KR": 400.5, "EUR": 200}),
        ([SWEDISH, EURO, EURO], {"SEK": 100.5, "EUR": 500}),
        ([ACCOUNTS, ACCOUNTS, KRONOR], {"EUR": 300.5, "KR": 300}),
        ([EURO, EURO, EURO], {"EUR": 600.5}),
        ([SWEDISH, "General", SWEDISH], {"SEK": 600.5}),
        ([KRONOR, KRONOR, "General"], {None: 600.5}),
        ([DOLLAR, DOLLAR, DOLLAR], {None: 600.5}),
        (["General", "0.00", "#,##0"], {None: 600.5}),
    ],
)
def test_the_format_of_a_cell_says_the_currency(
    tmp_path: Path, formats: list[str], expected: dict[str | None, float]
) -> None:
    assert sums(reported(workbook(tmp_path, formats), "--kpi", "revenue")) == expected


def test_some_amounts_without_a_currency_are_reported(tmp_path: Path) -> None:
    found = reported(workbook(tmp_path, [EURO, "General", EURO]), "--kpi", "revenue")
    assert sums(found) == {None: 600.5}
    assert "2 of 3 amounts" in found.finding_text("no-currency")


def test_numbers_that_are_no_money_stay_what_they_are(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path, [EURO, KRONOR, EURO]))
    path = tmp_path / "more.csv"
    path.write_text("Order number,Order date,Customer ID,Amount\n2,2026-03-02,K2,200 kr\n", encoding="utf-8")
    assert book.active is not None
    found = reported(tmp_path / "orders.xlsx", path, "--kpi", "orders_per_customer")
    assert found.refused[-1] == {"duplicate key": 1} or found.refused[0] == {"duplicate key": 1}


SHEET = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="#,##0\\ [$€-407]"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="#,##0\\ &quot;kr&quot;"/></Style></Styles>
<Worksheet ss:Name="Sheet1"><Table>{}</Table></Worksheet></Workbook>"""


def test_the_xml_of_old_workbooks_says_it_too(tmp_path: Path) -> None:
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'.format
    header = "".join(cell("", "String", name) for name in ("Ordernummer", "Orderdatum", "Kundnummer", "Belopp"))
    rows = [f"<Row>{header}</Row>"]
    for at, style in enumerate(("s1", "s2", "s1"), 1):
        text = cell("", "Number", at) + cell("", "String", f"2026-03-0{at}") + cell("", "String", f"K{at}")
        amount = cell(f" ss:StyleID='{style}'", "Number", f"{at}00")
        rows.append(f"<Row>{text}{amount}</Row>")
    path = tmp_path / "orders.xls"
    path.write_text(SHEET.format("".join(rows)), encoding="utf-8")
    assert sums(reported(path, "--kpi", "revenue")) == {"EUR": 400, "KR": 200}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["€100.50", "$200", "€300"], {"EUR": 400.5, "$": 200}),
        (["100 SEK", "200 NOK", "300 SEK"], {"SEK": 400, "NOK": 200}),
        (["100 kr", "200 €", "300 kr"], {"KR": 400, "EUR": 200}),
        (["100 kr", "200 SEK", "300 kr"], {"SEK": 600}),
        (["£100", "£200", "£300"], {"GBP": 600}),
        (["100 kr", "200", "300 kr"], {None: 600}),
    ],
)
def test_the_cells_of_a_text_say_it_too(tmp_path: Path, cells: list[str], expected: dict[str | None, float]) -> None:
    path = tmp_path / "orders.csv"
    rows = [f"{at},2026-03-{at:02},K{at},{cell}" for at, cell in enumerate(cells, 1)]
    path.write_text("\n".join(["Order number,Order date,Customer ID,Amount", *rows]), encoding="utf-8")
    assert sums(reported(path, "--kpi", "revenue")) == expected


@pytest.mark.parametrize("other", ["%", "kr"])
def test_shares_and_money_are_no_one_column(tmp_path: Path, other: str) -> None:
    path = tmp_path / "orders.csv"
    rows = ["1,2026-03-01,A,100 €", f"2,2026-03-02,B,20 {other}", "3,2026-03-03,C,30 €"]
    path.write_text("\n".join(["Order number,Order date,Customer ID,Amount", *rows]), encoding="utf-8")
    found = reported(path, "--kpi", "revenue")
    assert sums(found) == ({} if other == "%" else {"EUR": 130, "KR": 20})


def test_costs_in_two_currencies_are_two(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Datum", "Kostnadsslag", "Belopp"])
    for at, shown in enumerate([EURO, SWEDISH], 2):
        sheet.append(["2026-03-15", "Support", 500])
        sheet.cell(at, 3).number_format = shown
    book.save(tmp_path / "costs.xlsx")
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(
        "Ticket ID,Created at,Status\n" + "\n".join(f"{day},2026-03-{day:02} 09:00,Open" for day in range(1, 32)),
        encoding="utf-8",
    )
    found = reported(tmp_path / "costs.xlsx", tickets, "--kpi", "cost_per_ticket", period="2026-03")
    costs = {each["currency"]: each["value"] for each in found.document["results"]}
    assert costs == {"EUR": None, "SEK": None}, "neither is what a ticket costs"
    answer = next(one["text"] for one in found.document["findings"] if "cost_per_ticket" in one["kpis"])
    assert "give the amounts in one currency" in answer
