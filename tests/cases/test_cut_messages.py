"""Messages that begin later than the tickets: the first of them in an old ticket is taken for its first reply, and the few that are there for all.

A ticket opened before the files' first message has no facts from messages, unless its own opening is among them.
"""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

TICKETS = (
    "1,2026-09-24 08:00,2026-10-03 08:00,Solved",
    "2,2026-09-28 08:00,2026-10-05 08:00,Solved",
    "3,2026-10-30 08:00,2026-10-31 08:00,Solved",
)
EARLIER = (
    "1,1,2026-09-24 08:00,Customer",
    "2,1,2026-09-24 10:00,Agent",
    "5,2,2026-09-28 08:00,Customer",
    "6,2,2026-09-28 10:00,Agent",
)
LATER = (
    "3,1,2026-10-02 08:00,Customer",
    "4,1,2026-10-02 09:00,Agent",
    "7,2,2026-10-04 08:00,Customer",
    "8,2,2026-10-04 09:00,Agent",
)
NEWEST = ("9,3,2026-10-30 08:00,Customer", "10,3,2026-10-30 10:00,Agent")
ASKED = ("--kpi", "first_reply*", "--kpi", "fcr_one_touch", "--kpi", "reply_time", "--sla", "first_reply=4h")


def read(folder: Path, *messages: str, tickets: str = "Ticket ID,Created,Resolved,Status", more: str = "") -> Reported:
    rows = [row + more for row in TICKETS]
    listed = written(folder, "tickets", tickets, *rows)
    return reported(listed, written(folder, "messages", "Message ID,Ticket ID,Sent at,Author type", *messages), *ASKED)


def counted(found: Reported, kpi: str) -> tuple[float | None, int]:
    result = found.result(kpi)
    assert result is not None
    return result["value"], result["n"]


def test_tickets_older_than_the_messages_have_no_first_reply_by_them(tmp_path: Path) -> None:
    """Hand-worked: of the three only ticket 3 is there from its opening; it took one reply after 2 hours."""
    found = read(tmp_path, *LATER, *NEWEST)
    assert counted(found, "first_reply_time") == (7200, 1)
    assert counted(found, "first_reply_within") == (1, 1)
    assert counted(found, "fcr_one_touch") == (1, 1)
    assert counted(found, "reply_time") == (3600, 3)
    assert "2 tickets were opened before the first message" in found.finding_text("cut-messages")


def test_messages_from_the_beginning_show_all(tmp_path: Path) -> None:
    found = read(tmp_path, *EARLIER, *LATER, *NEWEST)
    assert counted(found, "fcr_one_touch") == (pytest.approx(1 / 3), 3)
    assert "cut-messages" not in found.codes


def test_an_opening_that_is_there_shows_its_ticket(tmp_path: Path) -> None:
    """The file begins with ticket 2, whose message came in some minutes after it was opened."""
    found = read(tmp_path, "5,2,2026-09-28 08:05,Customer", "6,2,2026-09-28 10:00,Agent", *LATER, *NEWEST)
    assert counted(found, "first_reply_time")[1] == 2
    assert "1 ticket was opened before the first message" in found.finding_text("cut-messages")


def test_files_without_what_customers_wrote_begin_with_a_reply(tmp_path: Path) -> None:
    replies = [row for row in (*EARLIER, *LATER, *NEWEST) if row.endswith("Agent")]
    assert "cut-messages" not in read(tmp_path, *replies).codes


def test_a_first_reply_of_the_ticket_itself_stays(tmp_path: Path) -> None:
    found = read(
        tmp_path, *LATER, *NEWEST, tickets="Ticket ID,Created,Resolved,Status,First reply time (minutes)", more=",30"
    )
    assert counted(found, "first_reply_time") == (1800, 3)
