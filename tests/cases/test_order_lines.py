"""Lines of one order taken for repeats of it, and orders without a number: one of the lines counted for all.

Lines are added up where each has its own amount, taken once where each carries the order's, refused where nothing shows.
"""

from itertools import permutations
from pathlib import Path

import pytest
from reported import CASES, Reported, reported

LINES = CASES / "order-lines.csv"


def _written(folder: Path, header: str, rows: list[str], name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def _money(found: Reported) -> list[float | None]:
    return [found.value(name) for name in ("revenue", "aov")]


def _unnumbered(folder: Path, key: str, more: str = "") -> tuple[str, Path]:
    path = folder / "days.yaml"
    path.write_text(
        f"name: days-orders\nlabel: Days\nsystem: days\ntable: orders\n{more}columns:\n{key}"
        "  customer_id: customer_id\n  ordered_at: date\n  amount: dollar_value\n",
        encoding="utf-8",
    )
    return "--mapping", path


def test_lines_of_one_order_are_added_up() -> None:
    """Hand-worked: 150, 200 and 30."""
    found = reported(LINES)
    assert _money(found) == [380, pytest.approx(380 / 3)]
    assert found.refused == [{"line of an order": 2}]
    assert (
        "4 rows of orders are lines of 2 orders (`product` differs): their amounts are added up"
        in found.finding_text("order-lines")
    )


def test_lines_split_over_two_files_are_the_same_order(tmp_path: Path) -> None:
    header, *rows = LINES.read_text(encoding="utf-8").splitlines()
    one, other = _written(tmp_path, header, rows[::2], "one.csv"), _written(tmp_path, header, rows[1::2], "other.csv")
    for files in permutations((one, other)):
        assert _money(reported(*files)) == [380, pytest.approx(380 / 3)]


def test_lines_that_overlapping_exports_both_hold_count_once(tmp_path: Path) -> None:
    header, *rows = LINES.read_text(encoding="utf-8").splitlines()
    one, other = _written(tmp_path, header, rows[:4], "one.csv"), _written(tmp_path, header, rows[2:], "other.csv")
    assert _money(reported(one, other)) == [380, pytest.approx(380 / 3)]


@pytest.mark.parametrize(
    ("header", "rows", "revenue"),
    [
        # The order's total on each of its lines.
        ("Order ID,Order date,Customer ID,SKU,Order total",
         ["A1,2026-03-02,c1,s1,150", "A1,2026-03-02,c1,s2,150", "A2,2026-03-09,c2,s1,100"], 250),
        # The same under a name that says nothing, in several orders.
        ("Order ID,Order date,Customer ID,Product,Amount",
         ["A1,2026-03-02,c1,Soap,150", "A1,2026-03-02,c1,Towel,150", "A2,2026-03-09,c2,Soap,70", "A2,2026-03-09,c2,Brush,70"], 220),
        # The total on the first line alone.
        ("Order ID,Order date,Customer ID,Product,Amount",
         ["A1,2026-03-02,c1,Soap,150", "A1,2026-03-02,c1,Towel,", "A2,2026-03-09,c2,Soap,100"], 250),
        ("Ordernummer,Orderdatum,Kundnummer,Artikel,Antal,Belopp",
         ["A1,2026-03-02,c1,Tvål,1,100", "A1,2026-03-02,c1,Handduk,2,50", "A2,2026-03-09,c2,Tvål,1,100"], 250),
        ("Ordrenummer,Ordredato,Kundenummer,Varenr,Totalt",
         ["A1,2026-03-02,c1,1,100", "A1,2026-03-02,c1,2,50", "A2,2026-03-09,c2,1,100"], 250),
    ],
)  # fmt: skip
def test_what_stands_on_the_lines_decides(tmp_path: Path, header: str, rows: list[str], revenue: float) -> None:
    found = reported(_written(tmp_path, header, rows))
    assert _money(found) == [revenue, revenue / 2]
    assert found.value("orders_per_customer") == 1


def test_amounts_that_nothing_explains_are_refused_until_a_mapping_says(tmp_path: Path) -> None:
    rows = ["A1,2026-03-02,c1,100", "A1,2026-03-02,c1,50", "A2,2026-03-09,c2,100"]
    path = _written(tmp_path, "Order ID,Order date,Customer ID,Amount", rows)
    found = reported(path)
    assert _money(found) == [None, None]
    assert found.value("active_customers") == 2
    assert "`lines: sum`" in found.finding_text("order-lines")
    for rule, revenue in (("sum", 250), ("first", 250)):
        mapping = tmp_path / "mine.yaml"
        mapping.write_text(
            f"name: mine-orders\nlabel: Mine\nsystem: mine\ntable: orders\nextends: spreadsheet-orders\nlines: {rule}\n",
            encoding="utf-8",
        )
        assert reported(path, "--mapping", mapping).value("revenue") == revenue


def test_an_order_exported_twice_is_no_order_of_two_lines(tmp_path: Path) -> None:
    rows = ["A1,2026-03-02,c1,Soap,100", "A1,2026-03-02,c1,Soap,100", "A2,2026-03-09,c2,Towel,50"]
    found = reported(_written(tmp_path, "Order ID,Order date,Customer ID,Product,Amount", rows))
    assert _money(found) == [150, 75]
    assert found.refused == [{"duplicate key": 1}]


def test_one_line_paid_back_is_taken_off_its_order(tmp_path: Path) -> None:
    rows = ["A1,2026-03-02,c1,Soap,100,yes", "A1,2026-03-02,c1,Towel,50,no", "A2,2026-03-09,c2,Soap,70,no"]
    found = reported(_written(tmp_path, "Order ID,Order date,Customer ID,Product,Amount,Refunded", rows))
    assert _money(found) == [120, 60]


def test_orders_without_a_number_are_reported(tmp_path: Path) -> None:
    found = reported(CASES / "orders-without-number.csv", *_unnumbered(tmp_path, ""))
    assert found.result("aov")["n"] == 7
    assert "has no column for order_id: each of its 7 rows counts as an order" in found.finding_text("no-number")


def test_a_key_of_several_columns_makes_orders_of_rows(tmp_path: Path) -> None:
    """Hand-worked: one order of three customers, two of the fourth; nothing of 151.29 is lost."""
    found = reported(
        CASES / "orders-without-number.csv",
        *_unnumbered(tmp_path, "  order_id: {from: [customer_id, date], join: true}\n"),
    )
    assert found.result("aov")["n"] == 5
    assert found.value("revenue") == pytest.approx(11.77 + 12 + 77 + 2 * 20.76 + 20)
    assert found.value("orders_per_customer") == 1.25


def test_a_key_takes_the_day_of_an_instant(tmp_path: Path) -> None:
    rows = ["c1,2026-03-02 10:00,100", "c1,2026-03-02 11:30,50", "c1,2026-03-03 10:00,70"]
    path = _written(tmp_path, "customer_id,date,dollar_value", rows)
    found = reported(path, *_unnumbered(tmp_path, "  order_id: {from: [customer_id, date], join: true}\n"))
    assert _money(found) == [220, 110]
