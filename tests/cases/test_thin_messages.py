"""Guards: messages that are not all there (the latest of each case, some missing) or not at their own time, from which replies were counted."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BEGIN = datetime(2026, 1, 5, 8)
KINDS = ("first_reply_time", "fcr_one_touch")
Message = tuple[int, datetime, str]


def conversations(cases: int = 80) -> list[Message]:
    """A customer's message at each opening, one to three replies, and now and then a thank-you."""
    dice, messages = random.Random(3), []
    for case in range(cases):
        at = BEGIN + case * 7 * HOUR
        messages.append((case, at, "Customer"))
        for reply in range(dice.choice([1, 1, 2, 3])):
            at += dice.randint(40, 400) * MINUTE
            if reply:
                messages.append((case, at - 20 * MINUTE, "Customer"))
            messages.append((case, at, "Agent"))
    return sorted(messages, key=lambda one: one[1])


def report(folder: Path, expected: list[Message], channel: Callable[[int], str] | None = None) -> dict[str, Any]:
    cases = 80
    rows = [
        f"{4000 + case},{BEGIN + case * 7 * HOUR},{BEGIN + (case * 7 + 60) * HOUR},Solved"
        + (f",{channel(case)}" if channel else "")
        for case in range(cases)
    ]
    head = "Ticket ID,Created at,Resolved at,Status" + (",Channel" if channel else "")
    tickets = written(folder, "tickets", head, *rows)
    lines = [f"{place},{4000 + case},{at},{who}" for place, (case, at, who) in enumerate(expected)]
    messages = written(folder, "messages", "Message ID,Ticket ID,Sent at,Author", *lines)
    return report_json(tickets, messages, "--all", "--kpi", "*", "--period", "2026-01")


def test_all_that_was_written_shows_replies(tmp_path: Path):
    document = report(tmp_path, conversations())
    assert findings(document, "thin-messages") == []
    assert all(totals(document)[name]["value"] is not None for name in KINDS)
    assert totals(document)["fcr_one_touch"]["value"] < 0.8


@pytest.mark.parametrize("is_latest", [True, False])
def test_one_message_of_each_case_shows_no_reply(tmp_path: Path, *, is_latest: bool):
    messages = conversations()
    agents = [one for one in messages if is_latest or one[2] == "Agent"]
    kept = {one[0]: one for one in (agents if is_latest else reversed(agents))}
    document = report(tmp_path, sorted(kept.values(), key=lambda one: one[1]))
    assert "one message" in findings(document, "thin-messages")[0]
    assert all(totals(document)[name]["value"] is None for name in KINDS)


def test_the_first_and_the_latest_message_of_each_case_are_not_compared(tmp_path: Path):
    messages = conversations()
    first = {one[0]: one for one in reversed(messages)}
    last = {one[0]: one for one in messages}
    document = report(tmp_path, sorted([*first.values(), *last.values()], key=lambda one: one[1]))
    assert "one reply and nothing after it" in findings(document, "thin-messages")[0]
    assert totals(document)["fcr_one_touch"]["verdict"] is None


@pytest.mark.parametrize("seed", [1, 2])
def test_half_of_the_messages_show_no_reply(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    document = report(tmp_path, [one for one in conversations() if dice.random() < 0.5])
    assert "messages are missing" in findings(document, "thin-messages")[0]
    assert all(totals(document)[name]["value"] is None for name in KINDS)


@pytest.mark.parametrize("is_falling", [True, False])
def test_times_of_other_messages_are_none(tmp_path: Path, *, is_falling: bool):
    messages = conversations()
    order = messages if is_falling else random.Random(5).sample(messages, len(messages))
    times = sorted((one[1] for one in messages), reverse=is_falling)
    document = report(tmp_path, [(case, at, who) for (case, _, who), at in zip(order, times, strict=True)])
    assert "before their own ticket was opened" in findings(document, "thin-messages")[0]
    assert all(totals(document)[name]["value"] is None for name in KINDS)


def test_calls_have_no_opening_that_was_written(tmp_path: Path):
    shown = [one for one in conversations() if one[0] % 3 or one[2] == "Agent"]
    document = report(tmp_path, shown, lambda case: "Email" if case % 3 else "Phone")
    assert findings(document, "thin-messages") == []


def test_few_openings_that_are_missing_are_reported(tmp_path: Path):
    shown = [one for one in conversations() if one[0] % 6 or one[2] == "Agent"]
    document = report(tmp_path, shown)
    assert "(16%)" in findings(document, "thin-messages")[0] or "(18%)" in findings(document, "thin-messages")[0]
    assert all(totals(document)[name]["value"] is not None for name in KINDS)
    assert all(totals(document)[name]["verdict"] is None for name in KINDS)
