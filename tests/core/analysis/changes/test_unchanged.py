"""Ratios of which one side is counted: exactly as many tickets a day is no change, whatever the month's length; nothing is called by it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import report_json, totals, written

A_DAY, AGENTS = 40, 8
FIRST, LAST = date(2025, 9, 1), date(2026, 4, 12)
Agent = Callable[[date, int], int]


def usual(_day: date, number: int) -> int:
    return number % AGENTS


def desk(folder: Path, agent: Agent = usual, a_day: Callable[[date], int] = lambda _day: A_DAY) -> Path:
    lines = ["Ticket ID,Created at,Resolved at,Status,Assignee"]
    for place in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=place)
        lines += [
            f"{day:%Y%m%d}{number:03},{day} 08:{number % 60:02}:00,{day} 10:00:00,Solved,Agent {agent(day, number)}"
            for number in range(a_day(day))
        ]
    return written(folder, "tickets", *lines)


def costs(folder: Path, a_day: Callable[[str], int]) -> Path:
    months = [f"{2025 + (9 + place - 1) // 12}-{(9 + place - 1) % 12 + 1:02}" for place in range(7)]
    days = [30, 31, 30, 31, 31, 28, 31]
    rows = [f"{month},{length * a_day(month)},SEK,support" for month, length in zip(months, days, strict=True)]
    return written(folder, "costs", "Month,Cost,Currency,Cost type", *rows)


def march(*files: Path) -> dict[str, Any]:
    return totals(
        report_json(*files, "--period", "2026-03", "--kpi", "tickets_created,tickets_per_agent,cost_per_ticket")
    )


def test_as_many_a_day_in_a_longer_month_is_no_change(tmp_path: Path) -> None:
    known = march(desk(tmp_path), costs(tmp_path, lambda _month: 4000))
    assert (known["tickets_per_agent"]["value"], known["tickets_per_agent"]["baseline"]["value"]) == (155, 140)
    assert (known["cost_per_ticket"]["value"], known["cost_per_ticket"]["change"]) == (100, 0)
    for name in ("tickets_created", "tickets_per_agent", "cost_per_ticket"):
        assert known[name]["verdict"] == "no change worth knowing", name
    one = known["tickets_per_agent"]
    assert one["change_calendar"] == pytest.approx(15)
    assert one["change_low"] < 0 < one["change_high"]
    assert any(note.startswith("only whether it has stayed the same is tested") for note in one["notes"])


def test_it_is_in_no_family_of_questions(tmp_path: Path) -> None:
    path, bills = desk(tmp_path), costs(tmp_path, lambda _month: 4000)
    document = report_json(
        path, bills, "--period", "2026-03", "--kpi", "tickets_created,tickets_per_agent,cost_per_ticket"
    )
    assert sum(one["questions"] for one in document["families"]) == 1


@pytest.mark.parametrize("kpi", ["tickets_per_agent", "cost_per_ticket"])
def test_what_moves_is_not_called(tmp_path: Path, kpi: str) -> None:
    """A third fewer tickets, at the same bill: how much agents and bills vary is not known."""
    fewer = desk(tmp_path, a_day=lambda day: 27 if day >= date(2026, 3, 1) else A_DAY)
    assert march(fewer, costs(tmp_path, lambda _month: 4000))[kpi]["verdict"] == "not tested"


def test_another_bill_is_no_stable_cost(tmp_path: Path) -> None:
    known = march(desk(tmp_path), costs(tmp_path, lambda month: 5000 if month == "2026-03" else 4000))
    assert known["cost_per_ticket"]["change"] == 25
    assert known["cost_per_ticket"]["verdict"] == "not tested"


def test_agents_who_came_or_had_hardly_a_ticket_leave_it_untested(tmp_path: Path) -> None:
    def joined(day: date, number: int) -> int:
        return number % (AGENTS + 2 if day >= date(2026, 3, 1) else AGENTS)

    def now_and_then(day: date, number: int) -> int:
        return AGENTS if (day, number) == (date(2026, 3, 4), 0) else usual(day, number)

    for agent in (joined, now_and_then):
        assert march(desk(tmp_path, agent))["tickets_per_agent"]["verdict"] == "not tested"
