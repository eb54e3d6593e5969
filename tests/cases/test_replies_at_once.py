"""Automatic replies in the minute of the opening, in messages without seconds: left out as earlier than it, or taken for an agent's.

What a file knows to the minute is no earlier within it, and an automatic reply comes before anybody's.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_reports import report_json, totals, written

TICKETS = "Ticket ID,Created,Status"
MESSAGES = "Message ID,Ticket ID,Sent at,Author"


def report(folder: Path, created: str, messages: Sequence[tuple[str, str]], number: int = 6) -> dict[str, Any]:
    """Tickets opened alike, each with these messages (author, time of the day)."""
    tickets = [f"{ticket},2026-09-{ticket:02} {created},Closed" for ticket in range(1, number + 1)]
    shown = [
        f"{ticket}-{place},{ticket},2026-09-{ticket:02} {at},{author}"
        for ticket in range(1, number + 1)
        for place, (author, at) in enumerate(messages)
    ]
    files = (written(folder, "tickets", TICKETS, *tickets), written(folder, "messages", MESSAGES, *shown))
    return totals(
        report_json(*files, "--period", "all", "--kpi", "first_reply_time*", "--kpi", "automated_first_reply_rate")
    )


@pytest.mark.parametrize("created", ["09:00:40", "09:00:00"])
@pytest.mark.parametrize("messages", [
    [("customer", "09:00"), ("bot", "09:00"), ("agent", "09:30")],
    [("bot", "09:00"), ("agent", "09:30")],
])  # fmt: skip
def test_an_automatic_reply_in_the_minute_of_the_opening_came_at_once(
    tmp_path: Path, created: str, messages: list[tuple[str, str]]
) -> None:
    found = report(tmp_path, created, messages)
    assert found["automated_first_reply_rate"]["value"] == 1
    assert found["first_reply_time_any"]["value"] == 0
    assert found["first_reply_time"]["value"] == 1800 - int(created[-2:])
    assert any("the minute of the opening" in note for note in str(found["automated_first_reply_rate"]).split("'"))


def test_an_agent_in_the_same_minute_came_after_it(tmp_path: Path) -> None:
    found = report(tmp_path, "09:00:40", [("customer", "09:00"), ("agent", "09:00"), ("bot", "09:00")])
    assert found["automated_first_reply_rate"]["value"] == 1
    assert found["first_reply_time"]["value"] == 0


def test_an_agent_alone_in_the_minute_of_the_opening_took_no_time(tmp_path: Path) -> None:
    found = report(tmp_path, "09:00:40", [("customer", "09:00"), ("agent", "09:00")])
    assert found["first_reply_time"]["value"] == 0


def test_seconds_are_taken_as_they_are(tmp_path: Path) -> None:
    """A bot eleven seconds after the opening, an agent nine: that was an agent's reply."""
    found = report(tmp_path, "09:00:40", [("customer", "09:00:41"), ("agent", "09:00:49"), ("bot", "09:00:51")])
    assert found["automated_first_reply_rate"]["value"] == 0
    assert found["first_reply_time"]["value"] == 9


def test_a_greeting_where_customers_write_answers_nobody(tmp_path: Path) -> None:
    tickets = [f"{ticket},2026-09-{ticket:02} 09:00:40,Closed" for ticket in range(1, 7)]
    shown = [f"{ticket}-b,{ticket},2026-09-{ticket:02} 09:00,bot" for ticket in range(1, 7)]
    shown += [f"{ticket}-c,{ticket},2026-09-{ticket:02} 09:05,customer" for ticket in range(1, 4)]
    files = (written(tmp_path, "tickets", TICKETS, *tickets), written(tmp_path, "messages", MESSAGES, *shown))
    found = totals(report_json(*files, "--period", "all", "--kpi", "automated_first_reply_rate"))
    assert not found or found["automated_first_reply_rate"]["n"] == 0
