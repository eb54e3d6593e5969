"""A column that is read as one thing is no fault for not being another, nor is a list for not reaching into the period."""

from pathlib import Path

import pytest
from reported import reported


@pytest.mark.parametrize("header", ["Avslutad", "Uppsagd", "Avsluttet", "Sluttet", "Left", "Irtisanottu"])
@pytest.mark.parametrize("cells", [("2026-09-10", "2026-09-20"), ("Ja", "Nej")])
def test_an_end_is_a_day_or_a_truth(tmp_path: Path, header: str, cells: tuple[str, str]) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        f"Customer ID;Customer since;{header}\nK1;2025-01-03;{cells[0]}\nK2;2025-05-03;{cells[1]}\nK3;2026-09-05;\n",
        encoding="utf-8",
    )
    found = reported(path)
    assert f"`{header}` = {'lost_at' if cells[0] != 'Ja' else 'is_lost'}" in found.notes
    assert "is not read as" not in found.notes


def test_a_column_that_is_not_read_at_all_is_still_named(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "Customer ID;Customer since;Avslutad\nK1;2025-01-03;kanske\nK2;2025-05-03;snart\n", encoding="utf-8"
    )
    assert "`Avslutad` is not read as is_lost: no word of it is known: `kanske`" in reported(path).notes


def test_a_list_of_customers_is_not_asked_to_reach_into_the_period(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "Customer ID;Customer since;Segment\nK1;2025-01-01;A\nK2;2025-01-01;B\n", encoding="utf-8"
    )
    orders = "".join(f"{at};2026-0{8 + at // 20}-{1 + at % 28:02};K{at % 2 + 1};100\n" for at in range(60) if at < 40)
    (tmp_path / "orders.csv").write_text(f"Order ID;Order date;Customer ID;Amount\n{orders}", encoding="utf-8")
    found = reported(tmp_path, period="2026-09")
    assert "customers" not in found.finding_text("incomplete-period")
    (tmp_path / "customers.csv").write_text(
        "Customer ID;Customer since;Lost at\nK1;2025-01-01;2025-02-01\nK2;2025-01-01;\n", encoding="utf-8"
    )
    assert "not complete in customers" in reported(tmp_path, period="2026-09").finding_text("incomplete-period")
