"""Costs with a minus, as a ledger writes its expenses: a negative cost of each new customer."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from reported import reported

from kpi_core.ingest.fields.money.signed_costs import without_minus


@pytest.mark.parametrize(
    ("amounts", "read", "message"),
    [
        ([-100.0, -50.0], [100, 50], "without the minus"),
        ([-100.0, 0.0, None], [100, 0, None], "without the minus"),
        ([-100.0, -50.0, 20.0], [100, 50, -20], "1 of 3 are above it: credits"),
        ([100.0, 50.0, -20.0], [100, 50, -20], "1 of 3 costs are below zero: credits"),
        ([100.0, 50.0], [100, 50], ""),
    ],
)
def test_expenses_are_above_zero_and_credits_come_off_them(
    amounts: Sequence[float | None], read: list[float], message: str
) -> None:
    used, findings = without_minus(pl.DataFrame({"amount": amounts}, schema={"amount": pl.Float64}), "costs.csv")
    assert used["amount"].to_list() == read
    assert message in "".join(finding.text for finding in findings)
    assert bool(findings) == bool(message)


def test_a_ledger_gives_what_a_list_of_costs_gives(tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.csv"
    days = [f"{day},2026-03-{day:02} 09:00,Open" for day in range(1, 32)]
    tickets.write_text("\n".join(["Ticket ID,Created at,Status", *days]), encoding="utf-8")
    found = []
    for sign in ("", "-"):
        costs = tmp_path / "costs.csv"
        costs.write_text(
            f"Date,Cost type,Amount\n2026-03-15,Support,{sign}3100\n2026-03-16,Support,{sign}310\n", encoding="utf-8"
        )
        found.append(reported(costs, tickets, "--kpi", "cost_per_ticket", period="2026-03"))
    assert [each.value("cost_per_ticket") for each in found] == [110, 110]
    assert [bool(each.finding_text("negative-costs")) for each in found] == [False, True]
