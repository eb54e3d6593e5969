"""Counts in words."""

import pytest

from kpi_core.config.plurals import some


@pytest.mark.parametrize(
    ("count", "parts", "text"),
    [
        (1, ("ticket",), "1 ticket"),
        (0, ("ticket",), "0 tickets"),
        (1, ("ticket", "is", "left out"), "1 ticket is left out"),
        (13, ("ticket", "is", "left out"), "13 tickets are left out"),
        (1, ("order", "has", "no amount"), "1 order has no amount"),
        (2, ("order", "has", "no amount"), "2 orders have no amount"),
        (1, ("review", "does", "not say"), "1 review does not say"),
        (1200, ("cost", "names", "no currency"), "1,200 costs name no currency"),
        (2, ("customer", "left"), "2 customers left"),
        (1, ("reply", "stands", "alone"), "1 reply stands alone"),
        (3, ("reply", "stands", "alone"), "3 replies stand alone"),
    ],
)
def test_one_is_one_and_many_are_many(count: int, parts: tuple[str, ...], text: str) -> None:
    assert some(count, *parts) == text
