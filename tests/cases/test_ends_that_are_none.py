"""Ends of customers called plans ahead of all that has happened, untruly: `2099-12-31` stands for none, and an updated list is later."""

from pathlib import Path

import pytest
from reported import Reported, reported


def read(
    folder: Path, *rows: str, header: str = "Customer ID;Customer since;End date", period: str = "2026-03"
) -> Reported:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return reported(path, "--min-n", "1", "--kpi", "churn_rate", "--kpi", "retention_rate", period=period)


SINCE = [f"{at};2025-01-{at:02};9999-12-31" for at in range(1, 9)]


@pytest.mark.parametrize("end", ["2099-12-31", "2100-01-01", "2100-12-31", "9999-12-31", ""])
def test_an_end_of_the_century_is_no_plan(tmp_path: Path, end: str) -> None:
    rows = (*SINCE, "9;2025-03-01;2026-03-15", f"10;2026-03-05;{end}", "11;2026-03-06;2026-03-20")
    found = read(tmp_path, *rows)
    assert found.value("churn_rate") == pytest.approx(1 / 9)
    assert "planned-ends" not in found.codes


def test_an_end_next_year_is_a_plan(tmp_path: Path) -> None:
    rows = [f"{at};2026-0{1 + at // 10}-{1 + at % 10:02};" for at in range(30)]
    assert "planned-ends" in read(tmp_path, *rows, "99;2025-01-01;2027-06-01").codes


@pytest.mark.parametrize(
    "header", ["Kundnummer;Kund sedan;Slutdatum;Senast ändrad", "Customer ID;Customer since;End date;Updated at"]
)
def test_an_end_before_the_list_was_last_changed_is_a_leaving(tmp_path: Path, header: str) -> None:
    rows = [f"{at};2025-{1 + at % 12:02}-10;{'2026-02-10' if at % 9 == 0 else ''};2026-06-15" for at in range(60)]
    found = read(tmp_path, *rows, header=header, period="2026-02")
    assert "planned-ends" not in found.codes
    assert found.value("churn_rate") == pytest.approx(7 / 60)
