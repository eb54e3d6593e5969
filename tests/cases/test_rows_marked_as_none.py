"""Columns whose presence changes what a row means, unread: cancelled, failed, test and deleted rows are out, and that is reported."""

import json
from pathlib import Path

import pytest
from invoked import piped
from reported import CASES, reported

ORDERS = ["A1,2025-09-01,a,100", "A2,2025-09-03,a,900", "A3,2025-09-05,b,200"]


def _written(folder: Path, header: str, marks: list[str]) -> Path:
    path = folder / "orders.csv"
    lines = [f"Order ID,Order date,Customer ID,Amount,{header}"]
    lines += [f"{row},{mark}" for row, mark in zip(ORDERS, marks, strict=True)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_cancelled_order_is_no_order() -> None:
    """Hand-worked: 100 and 200 are left, of two customers who bought once."""
    found = reported(CASES / "shopify-with-cancelled-orders.csv", period="2025-09")
    assert [found.value(name) for name in ("revenue", "aov", "repurchase_rate")] == [300, 150, 0]
    assert found.refused == [{"payment voided": 1, "cancelled by `Cancelled at`": 1}]


@pytest.mark.parametrize(
    ("header", "marks", "reason"),
    [
        ("Canceled at", ["", "2025-09-04 12:00", "-"], "cancelled by `Canceled at`"),
        ("Cancelled", ["No", "Yes", "No"], "cancelled by `Cancelled`"),
        ("deleted_at", ["", "2025-09-04T12:00:00Z", ""], "deleted by `deleted_at`"),
        ("is_test", ["false", "true", "false"], "test or draft by `is_test`"),
        ("Test order", ["0", "1", "0"], "test or draft by `Test order`"),
        ("Status", ["Completed", "Cancelled", "Completed"], "cancelled, failed or a test by `Status`"),
        ("Order status", ["Paid", "FAILED", "Paid"], "cancelled, failed or a test by `Order status`"),
        ("Orderstatus", ["Levererad", "Makulerad", "Levererad"], "cancelled, failed or a test by `Orderstatus`"),
        ("Ordrestatus", ["Levert", "Kansellert", "Levert"], "cancelled, failed or a test by `Ordrestatus`"),
    ],
)
def test_marks_are_read_whatever_they_go_by(tmp_path: Path, header: str, marks: list[str], reason: str) -> None:
    found = reported(_written(tmp_path, header, marks))
    assert [found.value(name) for name in ("revenue", "aov", "repurchase_rate")] == [300, 150, 0]
    assert found.refused == [{reason: 1}]


def test_deleted_and_test_tickets_are_out_and_cancelled_ones_are_cases(tmp_path: Path) -> None:
    lines = ["Ticket ID,Created at,Status,Deleted at,Is test,Cancelled at", "1,2025-09-01 09:00,Open,,no,",
             "2,2025-09-02 09:00,Open,2025-09-03,no,", "3,2025-09-03 09:00,Open,,yes,", "4,2025-09-04 09:00,Open,,no,2025-09-05"]  # fmt: skip
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    found = reported(path)
    assert found.value("tickets_created") == 2
    assert found.refused == [{"deleted by `Deleted at`": 1, "test or draft by `Is test`": 1}]


def test_json_says_it_as_well(tmp_path: Path) -> None:
    orders = [{"order_id": f"A{at}", "ordered_at": f"2025-09-0{at}", "customer_id": "a", "amount": 100, "cancelled_at": when}
              for at, when in enumerate((None, "2025-09-04", None), 1)]  # fmt: skip
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(orders), encoding="utf-8")
    assert reported(path).value("revenue") == 200


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "0 refused, 1 left out by the format (cancelled by `Cancelled` 1)"),
        ("sv", "0 avvisades, 1 utelämnade enligt formatets regler (annullerad enligt `Cancelled` 1)"),
        ("nb", "0 avvist, 1 utelatt etter formatets regler (kansellert ifølge `Cancelled` 1)"),
    ],
)
def test_what_the_format_leaves_out_is_called_so_wherever_it_is_reported(
    tmp_path: Path, lang: str, message: str
) -> None:
    """One order is cancelled: the report and `inspect` count it under the same words."""
    path = _written(tmp_path, "Cancelled", ["No", "Yes", "No"])
    assert message in piped("report", path, "--lang", lang, "--period", "all", "--notes").out
    assert "0 refused, 1 left out by the format (cancelled by `Cancelled` 1)" in piped("inspect", path).out


CUSTOMERS = "1,2025-01-01,,{0}\n2,2025-01-02,2025-09-30,{0}\n3,2025-01-03,2025-09-05,{1}\n"


@pytest.mark.parametrize(
    ("header", "rows", "kpi", "value", "reason"),
    [
        ("Customer ID,Customer since,Churn date,Test account", CUSTOMERS.format("No", "Yes"), "churn_rate", 0.5, "test or draft by `Test account`"),
        ("Kundnr,Kund sedan,Slutdatum,Typ", CUSTOMERS.format("Kund", "Leverantör"), "churn_rate", 0.5, "no customer or a test by `Typ`"),
        ("Review ID,Review date,Rating,Review,Status", "1,2025-09-01,5,x,Published\n2,2025-09-30,1,y,Rejected\n", "review_rating", 5, "rejected, removed or a test by `Status`"),
        ("Response ID,Response date,Response type,CSAT (1-5)", "1,2025-09-01,Live,5\n2,2025-09-30,Preview,1\n", "csat", 1, "spam, a preview or a test by `Response type`"),
        ("Svars-ID,Svarsdatum,Status,NPS (0-10)", "1,2025-09-01,Klar,10\n2,2025-09-30,Test,0\n", "nps", 100, "spam, a preview or a test by `Status`"),
        ("Order ID,Order date,Customer,Amount,Type", "1,2025-09-01,a,100,Sales order\n2,2025-09-30,b,900,Quote\n", "revenue", 100, "a quote or a test by `Type`"),
        ("Ordernr,Orderdatum,Kund,Belopp,Typ", "1,2025-09-01,a,100,Order\n2,2025-09-30,b,900,Offert\n", "revenue", 100, "a quote or a test by `Typ`"),
        ("Order ID,Order date,Customer,Amount,Livemode", "1,2025-09-01,a,100,true\n2,2025-09-30,b,900,false\n", "revenue", 100, "test or draft by `Livemode`"),
        ("Order ID,Order date,Customer,Amount,Mode", "1,2025-09-01,a,100,Live\n2,2025-09-30,b,900,Test\n", "revenue", 100, "a quote or a test by `Mode`"),
        ("Lead ID,Created,Converted,Status", "1,2025-09-01,yes,Won\n2,2025-09-02,no,Spam\n", "conversion_rate", 1, "spam or a test by `Status`"),
    ],
)  # fmt: skip
def test_every_table_knows_the_words_for_rows_that_do_not_count(
    tmp_path: Path, header: str, rows: str, kpi: str, value: float, reason: str
) -> None:
    path = tmp_path / "marked.csv"
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    found = reported(path, period="2025-09")
    assert found.value(kpi) == value
    assert found.refused == [{reason: 1}]


@pytest.mark.parametrize(
    "words", [("Actual", "Budget"), ("Utfall", "Prognos"), ("Faktisk", "Budsjett"), ("", "Forecast")]
)
def test_a_budget_is_no_cost(tmp_path: Path, words: tuple[str, str]) -> None:
    spent, planned = words
    (tmp_path / "customers.csv").write_text(
        "Customer ID,Customer since\n1,2025-09-01\n2,2025-09-30\n", encoding="utf-8"
    )
    costs = tmp_path / "costs.csv"
    costs.write_text(f"Month,Cost type,Version,Amount\n2025-09,Marketing,{spent},100\n2025-09,Marketing,{planned},900\n", encoding="utf-8")  # fmt: skip
    found = reported(tmp_path / "customers.csv", costs, period="2025-09")
    assert found.value("cac") == 50
    assert {"budget, forecast or a test by `Version`": 1} in found.refused


def test_versions_that_nobody_knows_take_the_costs_their_value(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "Customer ID,Customer since\n1,2025-09-01\n2,2025-09-30\n", encoding="utf-8"
    )
    costs = tmp_path / "costs.csv"
    costs.write_text("Month,Cost type,Scenario,Amount\n2025-09,Marketing,Actual,100\n2025-09,Marketing,LE2,900\n", encoding="utf-8")  # fmt: skip
    found = reported(tmp_path / "customers.csv", costs, period="2025-09")
    assert found.value("cac") is None
    assert "`LE2`" in found.finding_text("unknown-versions")
