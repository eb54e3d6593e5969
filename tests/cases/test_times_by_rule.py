"""Guards: an automatic reply that counts as the first one from a day on, a timer that closes what was resolved days ago, old tickets cleared in one day."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import written

import kpi_core

SEPTEMBER, HOUR, MINUTE = datetime(2026, 9, 1), timedelta(hours=1), timedelta(minutes=1)
Ticket = dict[str, Any]
Change = Callable[[random.Random, Ticket], None]


def desk(folder: Path, change: Change, seed: int = 3) -> Path:
    """Tickets of nine months, changed one by one, as an export of 20 October has them."""
    dice, lines = random.Random(seed), ["Ticket ID,Created at,First reply at,Resolved at,Status"]
    for number in range(9 * 420):
        opened = datetime(2026, 1, 12, 8) + timedelta(hours=24 * (number // 14) + 9 * dice.random())
        replied = opened + dice.lognormvariate(0.5, 0.9) * HOUR
        ticket: Ticket = {
            "opened": opened,
            "replied": replied,
            "resolved": replied + dice.lognormvariate(1.5, 1.0) * HOUR,
        }
        change(dice, ticket)
        times = ",".join(f"{ticket[name]:%Y-%m-%d %H:%M}" for name in ("opened", "replied", "resolved"))
        if ticket["resolved"] < datetime(2026, 10, 20):
            lines.append(f"{number},{times},Solved")
        elif opened < datetime(2026, 10, 20):
            lines.append(f"{number},{opened:%Y-%m-%d %H:%M},{replied:%Y-%m-%d %H:%M},,Open")
    return written(folder, f"tickets{seed}", *lines)


def nothing(_dice: random.Random, _ticket: Ticket) -> None:
    """The desk as it is."""


def replies_by_itself(dice: random.Random, ticket: Ticket) -> None:
    if ticket["opened"] >= SEPTEMBER and dice.random() < 0.6:
        ticket["replied"] = ticket["opened"] + MINUTE


def replied_by_itself_before(dice: random.Random, ticket: Ticket) -> None:
    if ticket["opened"] < SEPTEMBER and dice.random() < 0.3:
        ticket["replied"] = ticket["opened"] + dice.random() * MINUTE


def always_replies_by_itself(dice: random.Random, ticket: Ticket) -> None:
    if dice.random() < 0.4:
        ticket["replied"] = ticket["opened"] + MINUTE
    elif ticket["opened"] >= SEPTEMBER:
        ticket["replied"] += 2 * (ticket["replied"] - ticket["opened"])
    ticket["resolved"] = max(ticket["resolved"], ticket["replied"] + (1 + dice.random()) * HOUR)


def waits_for_a_timer(_dice: random.Random, ticket: Ticket) -> None:
    if ticket["resolved"] >= SEPTEMBER:
        ticket["resolved"] += timedelta(days=4)


def waited_for_a_timer(_dice: random.Random, ticket: Ticket) -> None:
    if ticket["resolved"] < SEPTEMBER:
        ticket["resolved"] += timedelta(days=3)


def cleared(dice: random.Random, ticket: Ticket) -> None:
    """One in five tickets of the winter was never closed, until 17 and 18 September."""
    if ticket["opened"] < datetime(2026, 3, 1) and dice.random() < 0.2:
        ticket["resolved"] = datetime(2026, 9, dice.choice([17, 18]), 8) + dice.random() * 8 * HOUR


def worked_off(dice: random.Random, ticket: Ticket) -> None:
    """The same tickets, done little by little from 7 to 18 September."""
    if ticket["opened"] < datetime(2026, 3, 1) and dice.random() < 0.2:
        ticket["resolved"] = (
            datetime(2026, 9, 7 + dice.choice([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]), 8) + dice.random() * 8 * HOUR
        )


def slower(_dice: random.Random, ticket: Ticket) -> None:
    if ticket["opened"] >= SEPTEMBER:
        ticket["replied"] += 1.2 * (ticket["replied"] - ticket["opened"])
        ticket["resolved"] += 1.5 * (ticket["resolved"] - ticket["opened"])


def verdicts(path: Path) -> tuple[dict[str, str], set[str]]:
    """What September is called against August, and the codes of the findings."""
    found = kpi_core.report([path], period="2026-09")
    called = {one.kpi.name: one.verdict.value for one in found.totals if one.verdict is not None}
    return {name: word for name, word in called.items() if word in {"better", "worse", "higher", "lower"}}, {
        one.code for one in found.findings
    }


@pytest.mark.parametrize("change", [replies_by_itself, replied_by_itself_before, waits_for_a_timer, waited_for_a_timer])
def test_what_a_program_does_is_no_change_of_the_desk(tmp_path: Path, change: Change) -> None:
    called, codes = verdicts(desk(tmp_path, change))
    assert "times-by-rule" in codes
    assert not called


def test_old_tickets_cleared_in_two_days_are_no_better_month(tmp_path: Path) -> None:
    path = desk(tmp_path, cleared)
    called, codes = verdicts(path)
    assert "closed-at-once" in codes
    assert not called
    [text] = [one.text for one in kpi_core.report([path], period="2026-09").findings if one.code == "closed-at-once"]
    assert "were resolved on 2026-09-17 and 2026-09-18, among" in text
    age = int(text.partition("at least ")[2].split()[0])
    assert age >= (datetime(2026, 9, 17) - datetime(2026, 3, 1)).days


def test_old_tickets_that_are_worked_off_are_the_work_of_the_month(tmp_path: Path) -> None:
    assert "closed-at-once" not in verdicts(desk(tmp_path, worked_off))[1]


@pytest.mark.parametrize("change", [slower, always_replies_by_itself])
def test_who_is_slower_is_called_so(tmp_path: Path, change: Change) -> None:
    called, codes = verdicts(desk(tmp_path, change))
    assert called["first_reply_time"] == "worse"
    assert not codes & {"times-by-rule", "closed-at-once"}


@pytest.mark.parametrize("seed", range(3))
def test_a_desk_that_has_neither_is_compared(tmp_path: Path, seed: int) -> None:
    called, codes = verdicts(desk(tmp_path, nothing, seed))
    assert not codes & {"times-by-rule", "closed-at-once"}
    assert not called


def test_a_few_tickets_of_which_none_was_replied_to_at_once_show_no_rule(tmp_path: Path) -> None:
    """One in five has an automatic reply, then as now: that none of six has one is chance (one time in four)."""
    lines = ["Ticket ID,Created at,First reply at,Resolved at,Status"]
    for number in range(126):
        is_old = number < 6
        opened = datetime(2026, 8 if is_old else 9, 1 + number % 28, 8, number % 60)
        replied = opened + (MINUTE if number % 5 == 0 and not is_old else (1 + number % 7) * HOUR)
        lines.append(
            f"{number},{opened:%Y-%m-%d %H:%M},{replied:%Y-%m-%d %H:%M},{replied + 5 * HOUR:%Y-%m-%d %H:%M},Solved"
        )
    assert "times-by-rule" not in verdicts(written(tmp_path, "tickets", *lines))[1]
    more = [
        line.replace("2026-09", "2026-08").replace(f"{number},", f"9{number},", 1)
        for number, line in enumerate(lines[7:], 6)
        if number % 5
    ]
    assert "times-by-rule" in verdicts(written(tmp_path, "more", *lines, *more))[1]
