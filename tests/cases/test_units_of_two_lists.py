"""Guards: two lists of orders in two units (kronor and öre, amounts and thousands) added up as one; and a way out that is none for amounts that cannot be read."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

PRICES = (99, 149.5, 249, 499, 1299, 2490)


def orders(folder: Path, name: str, month: int, factor: float, prices: tuple[float, ...] = PRICES) -> Path:
    lines = [
        f"{month}{n:03d};2026-{month:02d}-{1 + n % 28:02d} 10:{n % 60:02d};k{n % 17}@x.se;{prices[n % len(prices)] * factor:.2f}".replace(
            ".", ","
        )
        for n in range(60)
    ]
    return written(
        folder, name, "Ordernummer;Orderdatum;Kund;Belopp", *(line.replace("@x,se", "@x.se") for line in lines)
    )


@pytest.mark.parametrize("factor", [100, 1000, 0.01])
def test_lists_in_two_units_make_no_sum(tmp_path: Path, factor: float) -> None:
    files = [orders(tmp_path, "one", 9, 1), orders(tmp_path, "two", 10, factor)]
    document = report_json(
        *files, "--kpi", "revenue", "--kpi", "aov", "--kpi", "active_customers", "--period", "2026-10"
    )
    assert totals(document)["revenue"]["value"] is None
    assert totals(document)["aov"]["value"] is None
    assert totals(document)["active_customers"]["value"] == 17
    (text,) = findings(document, "unit-beside")
    assert "times those in" in text


@pytest.mark.parametrize("prices", [PRICES, (9900, 14950, 24900, 49900, 129900), (12, 33, 47, 81, 95, 120)])
def test_lists_of_other_prices_are_added_up(tmp_path: Path, prices: tuple[float, ...]) -> None:
    files = [orders(tmp_path, "one", 9, 1, (100, 200, 350, 1250, 18000)), orders(tmp_path, "two", 10, 1, prices)]
    document = report_json(*files, "--kpi", "revenue", "--period", "2026-10")
    assert totals(document)["revenue"]["value"] is not None
    assert findings(document, "unit-beside") == []


def test_amounts_in_doubt_have_one_way_out(tmp_path: Path) -> None:
    lines = [f"{n};2026-10-{1 + n % 28:02d};k{n};{1 + n % 9}.{100 + n}" for n in range(30)]
    document = report_json(written(tmp_path, "doubt", "Ordernummer;Orderdatum;Kund;Belopp", *lines), "--kpi", "revenue")
    assert findings(document, "numbers-in-doubt")
    assert findings(document, "unread-amount") == []
