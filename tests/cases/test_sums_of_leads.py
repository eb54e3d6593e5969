"""Counts of a web statistic with decimals or thousands, stripped of their mark: `1.5` conversions became 15, and a rate ten times too high."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HEADER = "Date{0}Session source / medium{0}Sessions{0}Key events"


def _report(folder: Path, *rows: str) -> tuple[float | None, int, list[str]]:
    """The conversion rate of September, its n, and the findings on parts."""
    mark = ";" if ";" in rows[0] else ","
    document = report_json(
        written(folder, "ga4", HEADER.format(mark), *rows), "--kpi", "conversion_rate", "--period", "2026-09"
    )
    rate = totals(document).get("conversion_rate", {"value": None, "n": 0})
    return rate["value"], rate["n"], findings(document, "parts-of-conversions")


@pytest.mark.parametrize(
    "rows",
    [
        ("20260901,google / cpc,100,1.5", "20260915,google / cpc,100,2.5"),
        ("20260901;google / cpc;100;0,5", "20260915;google / cpc;100;1,5"),
        ("20260901,google / cpc,9000,12.25", "20260930,google / cpc,9000,3"),
    ],
)
def test_parts_of_conversions_are_of_no_lead(tmp_path: Path, rows: tuple[str, ...]) -> None:
    value, _, summary = _report(tmp_path, *rows)
    assert value is None
    assert "parts of a conversion" in summary[0]


@pytest.mark.parametrize(
    ("rows", "rate", "leads"),
    [
        (("20260901,google / cpc,100.0,1.0", "20260915,google / cpc,100.0,3.0"), 4 / 200, 200),
        (("20260901;google / cpc;1.250;12", "20260915;google / cpc;2.500;30"), 42 / 3750, 3750),
        (('20260901,google / cpc,"12,500","1,000"', "20260915,google / cpc,500,300"), 1300 / 13000, 13000),
        (("20260901;google / cpc;2 500;1 200", "20260915;google / cpc;100;0"), 1200 / 2600, 2600),
        (("20260901,google / cpc,2500,1200", "20260915,google / cpc,100,0"), 1200 / 2600, 2600),
    ],
)  # fmt: skip
def test_a_mark_is_of_decimals_or_of_thousands(tmp_path: Path, rows: tuple[str, ...], rate: float, leads: int) -> None:
    assert _report(tmp_path, *rows) == (pytest.approx(rate), leads, [])
