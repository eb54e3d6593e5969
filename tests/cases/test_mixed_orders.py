"""Orders with lines of several products, split or picked by product: each had that of its first line."""

from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, written

LINES = ("Order ID,Order date,Customer,Product,Amount", "1,2026-10-01,a,Chair,1000", "2,2026-10-04,b,Lamp,50",
         "2,2026-10-04,b,Chair,1000", "3,2026-10-31,c,Lamp,50", "3,2026-10-31,c,Chair,1000")  # fmt: skip
SHOPIFY = (
    "Name,Email,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Id",
    "#1,a@x.se,paid,SEK,1050,1050,2026-10-01 10:00:00 +0200,1,Lamp,50,501",
    "#1,a@x.se,,,,,2026-10-01 10:00:00 +0200,1,Chair,1000,",
    "#2,b@x.se,paid,SEK,1000,1000,2026-10-31 10:00:00 +0200,1,Chair,1000,502",
)
ONCE = ("Ordernr;Orderdatum;Kund;Produkt;Ordersumma", "1;2026-10-01;a;Stol;1050", "1;2026-10-01;a;Lampa;1050",
        "2;2026-10-15;b;Stol;1050", "2;2026-10-15;b;Lampa;1050", "3;2026-10-31;c;Stol;1000")  # fmt: skip


def _revenue(document: dict[str, Any]) -> dict[str | None, float | None]:
    return {one["group"].get("product", "total"): one["value"] for one in document["results"]}


@pytest.mark.parametrize(
    ("lines", "total"), [(LINES, 3100), (SHOPIFY, 2050), (ONCE, 3100)], ids=["lines", "shopify", "once"]
)
def test_an_order_of_several_products_is_in_no_group(tmp_path: Path, lines: tuple[str, ...], total: float) -> None:
    asked = ("--kpi", "revenue", "--period", "2026-10")
    export = written(tmp_path, "orders", *lines)
    document = report_json(export, *asked, "--by", "product")
    groups = _revenue(document)
    assert groups.pop("total") == total
    assert set(groups.values()) == {None}
    assert "`product`" in findings(document, "mixed-orders")[0]
    word = "Stol" if lines is ONCE else "Chair"
    assert _revenue(report_json(export, *asked, "--where", f"product = '{word}'")) == {"total": None}


def test_orders_of_one_product_each_are_split(tmp_path: Path) -> None:
    head = "Order ID,Order date,Customer,Product,Quantity,Amount"
    lines = ("1,2026-10-01,a,Chair,1,1000", "3,2026-10-31,c,Lamp,1,50", "3,2026-10-31,c,Lamp,2,70")
    export = written(tmp_path, "orders", head, *lines)
    document = report_json(export, "--kpi", "revenue", "--period", "2026-10", "--by", "product")
    assert _revenue(document) == {"total": 1120, "Chair": 1000, "Lamp": 120}
    assert findings(document, "mixed-orders") == []
