"""Lists of a help desk's own agents and groups among the files: read as messages without an author's word, so that their dates move the report's period."""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_reports import written

TICKETS = (
    "Ticket ID,Created,First reply,Resolved,Status,Group,Agent",
    "1,2026-10-01 08:00,2026-10-01 09:00,2026-10-02 08:00,Solved,A,Kim",
    "2,2026-10-14 08:00,2026-10-14 10:00,2026-10-15 08:00,Solved,A,Bo",
)
LISTS = {
    "agents": (
        "Agent ID,Name,Email,Group,Role,Created at,Last login",
        "1,Kim,kim@x.se,A,Agent,2024-01-01 08:00,2026-10-31 08:00",
        "2,Bo,bo@x.se,B,Admin,2026-11-20 08:00,2026-10-31 08:00",
    ),
    "Swedish agents": (
        "Namn,E-post,Roll,Skapad,Senast inloggad",
        "Kim,kim@x.se,Handläggare,2024-01-01 08:00,2026-10-31 08:00",
        "Bo,bo@x.se,Administratör,2026-11-20 08:00,2026-10-31 08:00",
    ),
    "groups": (
        "Group ID,Name,Description,Agents,Created at",
        "1,A,First line,4,2024-01-01 08:00",
        "2,B,Second line,3,2026-11-20 08:00",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_staff_is_set_aside_and_reported(tmp_path: Path, name: str) -> None:
    tickets, staff = written(tmp_path, "tickets", *TICKETS), written(tmp_path, "staff", *LISTS[name])
    found, alone = reported(tickets, staff, period="2026-10"), reported(tickets, period="2026-10")
    assert found.values == alone.values
    assert f"is a list of {name.rpartition(' ')[2]}" in found.finding_text("set-aside")


def test_alone_it_is_refused_as_what_it_is(tmp_path: Path) -> None:
    ended = piped("report", written(tmp_path, "staff", *LISTS["agents"]))
    assert ended.code == 3
    assert "is a list of agents" in ended.err


def test_a_list_of_customers_is_none_of_the_staff(tmp_path: Path) -> None:
    rows = (
        "Customer ID,Name,Email,Created at,Last login",
        "1,Kim,kim@x.se,2024-01-01,2026-10-31",
        "2,Bo,bo@x.se,2026-09-20,2026-10-31",
    )
    ended = piped(
        "report", written(tmp_path, "tickets", *TICKETS), written(tmp_path, "customers", *rows), "--period", "2026-10"
    )
    assert "list of agents" not in ended.out + ended.err


@pytest.mark.parametrize(
    "words", ["1 - Kritisk;2 - Hög;3 - Normal", "P1: Critical;P2: High;P3: Medium", "1. Kritisk;2. Høy;3. Lav"]
)
def test_a_number_before_a_priority_hides_no_word(tmp_path: Path, words: str) -> None:
    rows = [f"{n};2026-10-0{n} 08:00;Open;{word}" for n, word in enumerate(words.split(";"), 1)]
    found = reported(written(tmp_path, "list", "Ticket ID;Created;Status;Priority", *rows), "--by", "priority")
    assert found.value("tickets_created", priority="urgent") == 1
    assert found.value("tickets_created", priority="high") == 1
