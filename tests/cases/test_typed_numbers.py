"""Numbers of a workbook are numbers: they have no decimal mark, and decide none of those that cells of text have."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported, reported


def orders(path: Path, amounts: Sequence[object], *options: object) -> Reported:
    book = Workbook()
    book.active.append(("Order ID", "Order date", "Customer", "Amount"))
    for at, amount in enumerate(amounts, 1):
        book.active.append((f"O{at}", datetime(2026, 9, at), f"K{at}", amount))
    book.save(path)
    return reported(path, *options)


@pytest.mark.parametrize(
    ("amounts", "revenue"),
    [
        pytest.param((3.09, 101.5, "1,5"), 106.09, id="a comma among numbers"),
        pytest.param((3.09, 101.5, "1.5"), 106.09, id="a point among numbers"),
        pytest.param((3.09, 100, "1 234,50"), 1337.59, id="thousands by blanks"),
        pytest.param((3.09, 100, "1.234,50 kr"), 1337.59, id="thousands by points, with a unit"),
        pytest.param((3.125, 100, "1,5"), 104.625, id="three decimals beside a comma"),
        pytest.param((3.125, 101.125), 104.25, id="three decimals alone"),
        pytest.param((0.05, 1.5, "2,5"), 4.05, id="a small number"),
        pytest.param((-3.5, 10.5, "1,5"), 12.0 - 3.5, id="a credit"),
    ],
)
def test_a_number_shows_no_mark(tmp_path: Path, amounts: Sequence[object], revenue: float) -> None:
    assert orders(tmp_path / "o.xlsx", amounts).value("revenue") == pytest.approx(revenue)


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_text_that_may_be_thousands_is_not_settled_by_numbers(tmp_path: Path, text: str) -> None:
    found = orders(tmp_path / "o.xlsx", (3.09, 100.5, text))
    assert found.value("revenue") is None
    assert any("cannot tell thousands from decimals" in one["text"] for one in found.document["findings"])


@pytest.mark.parametrize(("mark", "value"), [(",", 1.234), (".", 1234)])
def test_it_is_settled_by_the_reader(tmp_path: Path, mark: str, value: float) -> None:
    found = orders(tmp_path / "o.xlsx", (3.09, 100.5, "1,234"), "--decimal", mark)
    assert found.value("revenue") == pytest.approx(103.59 + value)
