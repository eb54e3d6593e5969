"""Columns of days without times: what is due on a day has all of it, and no hours run from a day to a time of day."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_reports import told, totals, written

ROWS = (
    ("2026-09-03 09:00", "2026-09-03 14:00", "03"),
    ("2026-09-04 09:00", "2026-09-04 15:00", "04"),
    ("2026-09-05 09:00", "2026-09-06 10:00", "05"),
    ("2026-09-06 09:00", "2026-09-06 23:30", "06"),
)


def due(folder: Path, form: str, first: str | None = None) -> Path:
    days = [form.format(day) for _, _, day in ROWS]
    days[0] = first or days[0]
    lines = [
        f"{n},{opened},{done},{day},Solved" for n, ((opened, done, _), day) in enumerate(zip(ROWS, days, strict=True))
    ]
    return written(folder, "t", "Ticket ID,Created at,Resolved at,Due,Status", *lines)


@pytest.mark.parametrize("form", ["2026-09-{}", "2026-09-{} 00:00", "{}.09.2026", "2026-09-{}T00:00:00", "{} Sep 2026"])
@pytest.mark.parametrize("more", [(), ("--zone", "Europe/Stockholm")])
def test_what_is_due_on_a_day_is_in_time_all_of_that_day(tmp_path: Path, form: str, more: Sequence[str]):
    found = told(due(tmp_path, form), "--period", "all", *more)
    rate = totals(found)["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (3, 4)
    assert any("`Due` has days without a time" in note for note in found["sources"][0]["notes"])


def test_a_day_among_due_times_is_its_end_and_a_midnight_is_one(tmp_path: Path):
    timed = totals(told(due(tmp_path, "2026-09-{}", first="2026-09-03 13:00"), "--period", "all"))[
        "sla_resolution_rate"
    ]
    assert (timed["numerator"], timed["denominator"]) == (2, 4)
    midnight = totals(told(due(tmp_path, "2026-09-{} 23:45", first="2026-09-04 00:00"), "--period", "all"))
    assert midnight["sla_resolution_rate"]["numerator"] == 3


def test_an_open_ticket_is_not_overdue_on_the_day_it_is_due(tmp_path: Path):
    path = written(
        tmp_path, "t", "Ticket ID,Created at,Resolved at,Due,Status", "1,2026-09-01 09:00,2026-09-02 18:00,2026-09-02,Solved",
        "2,2026-09-01 10:00,,2026-09-02,Open", "3,2026-09-01 11:00,,2026-09-01,Open",
    )  # fmt: skip
    rate = totals(told(path, "--period", "all"))["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (1, 2)
