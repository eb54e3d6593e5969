"""A log of changes that holds no opening, read as though its first row were one: a ticket opened when it was resolved, a reply at once."""

from pathlib import Path

import pytest
from reported import Reported, reported

TICKETS = (
    "Ticket ID;Created at;Status;Team",
    "1;2026-03-01 08:00;Solved;A",
    "2;2026-03-02 08:00;Closed;A",
    "3;2026-03-05 08:00;Open;A",
    "4;2026-03-06 08:00;Closed;B",
)
STATES = ("Ticket ID;Changed at;Old status;New status", "1;2026-03-01 10:00;Open;Solved", "1;2026-03-03 10:00;Solved;Open", "1;2026-03-04 10:00;Open;Solved",
          "2;2026-03-02 12:00;Open;Closed", "4;2026-03-06 12:00;Open;Pending", "4;2026-03-06 20:00;Pending;Solved")  # fmt: skip
EVENTS = (
    "Case ID;Timestamp;Event",
    "1;2026-03-01 09:00;Agent replied",
    "1;2026-03-04 10:00;Resolved",
    "2;2026-03-02 08:30;Agent replied",
    "2;2026-03-02 12:00;Resolved",
    "4;2026-03-06 20:00;Resolved",
)
SWEDISH = (
    "Ärendenr;Tidpunkt;Händelse",
    "1;2026-03-01 09:00;Svarat",
    "1;2026-03-04 10:00;Löst",
    "2;2026-03-02 08:30;Svarat",
    "2;2026-03-02 12:00;Löst",
    "4;2026-03-06 20:00;Löst",
)
HOUR, DAY = 3600, 86400


def read(folder: Path, log: tuple[str, ...], tickets: tuple[str, ...] = (), *arguments: str) -> Reported:
    files = []
    for name, lines in (("t.csv", tickets), ("l.csv", log)):
        if lines:
            (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
            files.append(folder / name)
    return reported(*files, "--min-n", "1", "--kpi", "*", *arguments, period="2026-03")


@pytest.mark.parametrize("log", [STATES, EVENTS, SWEDISH], ids=["states", "events", "Swedish events"])
def test_the_list_says_when_a_ticket_was_opened(tmp_path: Path, log: tuple[str, ...]) -> None:
    found = read(tmp_path, log, TICKETS)
    assert found.value("tickets_created") == 4
    assert found.value("resolution_time") == 12 * HOUR  # 74, 4 and 12 hours
    assert "another help desk" not in found.finding_text("log-of-tickets")


@pytest.mark.parametrize("log", [STATES, EVENTS], ids=["states", "events"])
def test_tickets_of_another_month_are_not_counted_in_the_one_the_log_begins_in(
    tmp_path: Path, log: tuple[str, ...]
) -> None:
    older = tuple(line.replace("2026-03-01", "2026-02-20").replace("2026-03-02", "2026-02-21") for line in TICKETS)
    found = read(tmp_path, log, older, "--by", "group")
    assert found.value("tickets_created") == 2
    assert found.value("tickets_resolved") == 3
    assert found.value("tickets_created", group="B") == 1
    assert found.result("tickets_created", group=None) is None


def test_a_reply_in_a_log_is_the_first_only_where_the_ticket_was_opened_since(tmp_path: Path) -> None:
    older = tuple(line.replace("2026-03-01", "2026-02-20") for line in TICKETS)
    found = read(tmp_path, EVENTS, older)
    result = found.result("first_reply_time")
    assert result is not None
    assert (result["value"], result["n"]) == (HOUR / 2, 1)


def test_a_reopening_is_counted_where_the_log_has_all_of_the_ticket(tmp_path: Path) -> None:
    assert read(tmp_path, STATES, TICKETS).value("reopen_rate") == pytest.approx(1 / 3)
    older = tuple(line.replace("2026-03-01", "2026-02-20") for line in TICKETS)
    assert read(tmp_path, STATES, older).value("reopen_rate") == 0.0  # ticket 1 is left out


@pytest.mark.parametrize("log", [STATES, EVENTS, SWEDISH], ids=["states", "events", "Swedish events"])
def test_alone_it_says_nothing_of_openings(tmp_path: Path, log: tuple[str, ...]) -> None:
    found = read(tmp_path, log)
    assert found.value("tickets_resolved") == 3
    assert not {"tickets_created", "resolution_time", "first_reply_time", "backlog", "requester_wait_time"} & {
        kpi for kpi, (value, *_) in found.values.items() if value
    }
    assert "when they were opened" in found.finding_text("cut-log")


def test_a_list_of_another_help_desk_is_none_of_its_tickets(tmp_path: Path) -> None:
    later = tuple(line.replace("2026-03", "2026-08") for line in TICKETS)
    assert "another help desk" in read(tmp_path, STATES, later).finding_text("log-of-tickets")
