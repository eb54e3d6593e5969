"""A column that one of several files lacks, read as though nothing had happened there: no reply, no resolution, no answer.

What a file has no column of is not known of its rows: they are left out of it, and that is reported.
"""

from pathlib import Path

import pytest
from reported import Reported, reported

MAIL = """Ticket ID,Created,First reply,Resolved,Status
1,2026-10-01 08:00,2026-10-01 09:00,2026-10-02 08:00,Solved
2,2026-10-02 08:00,2026-10-02 10:00,2026-10-03 08:00,Solved
3,2026-10-03 08:00,,,Open
4,2026-10-30 08:00,2026-10-30 10:00,2026-10-31 08:00,Solved
"""
WEB = """Ticket ID,Created,Resolved,Status
11,2026-10-01 08:00,2026-10-02 08:00,Solved
12,2026-10-02 08:00,,Open
13,2026-10-05 08:00,,Open
"""
CALLS = """Call ID,Date,Time,Agent,Answered
1,2026-10-11,08:00,Kim,Yes
2,2026-10-12,08:00,Kim,No
3,2026-10-13,08:00,Bo,Yes
"""
CODE = "silent-files"
REPLIES = ("--kpi", "first_reply*", "--sla", "first_reply=4h")
STATES = tuple(part for name in ("tickets_created", "net_flow", "backlog", "resolution_rate", "resolution_rate_of_answered") for part in ("--kpi", name))  # fmt: skip


def read(folder: Path, *texts: str, asked: tuple[str, ...] = REPLIES) -> Reported:
    paths = [folder / f"{place}.csv" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return reported(*paths, *asked)


@pytest.mark.parametrize("other", [WEB, CALLS], ids=["web", "calls"])
def test_tickets_of_a_file_without_first_replies_are_not_unanswered(tmp_path: Path, other: str) -> None:
    """Hand-worked: three of four of the mail's were answered in time; of the others nobody knows."""
    found, alone = read(tmp_path, MAIL, other), read(tmp_path, MAIL)
    result = found.result("first_reply_within")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(3 / 4), 4)
    assert found.value("first_reply_time_km") == alone.value("first_reply_time_km")
    assert "no column of first replies" in found.finding_text(CODE)
    assert CODE not in alone.codes


@pytest.mark.parametrize(
    "other",
    [CALLS, CALLS.replace("Answered", "Wait (s),Answered").replace(",Kim,", ",Kim,10,").replace(",Bo,", ",Bo,20,")],
    ids=["calls", "calls with a wait"],
)
def test_calls_next_to_tickets_are_not_open(tmp_path: Path, other: str) -> None:
    found, alone = read(tmp_path, MAIL, other, asked=STATES), read(tmp_path, MAIL, asked=STATES)
    for name in ("net_flow", "backlog", "resolution_rate"):
        assert found.values[name] == alone.values[name], name
    assert found.value("tickets_created") == 4 + 3
    assert "no column of the status of a ticket" in found.finding_text(CODE)


def test_answered_calls_without_an_outcome_have_no_rate_of_resolution(tmp_path: Path) -> None:
    assert read(tmp_path, MAIL, CALLS, asked=STATES).value("resolution_rate_of_answered") is None


def test_a_list_that_counts_replies_knows_who_had_none(tmp_path: Path) -> None:
    """Replies that are counted and not dated: 11 and 12 were answered at an unknown time, 13 was not."""
    counted = "Ticket ID,Created,Status,Replies\n11,2026-10-01 08:00,Open,2\n12,2026-10-02 08:00,Solved,1\n13,2026-10-05 08:00,Open,0\n"
    result = read(tmp_path, MAIL, counted).result("first_reply_within")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(3 / 5), 5)


@pytest.mark.parametrize(
    ("header", "open_word"),
    [
        ("Ärendenr;Skapad;Första svar;Status;Antal svar", "Öppen"),
        ("Saksnr;Opprettet;Første svar;Status;Antall svar", "Åpen"),
        ("Ticket ID;Created;First reply;Status;Replies", "Open"),
    ],
)
def test_a_blank_first_reply_next_to_replies_is_not_known(tmp_path: Path, header: str, open_word: str) -> None:
    """Hand-worked: 1 was answered in time, 2 was not, 3 has two replies without a time."""
    rows = [
        f"1;2026-10-01 08:00;2026-10-01 09:00;{open_word};1",
        f"2;2026-10-02 08:00;;{open_word};0",
        f"3;2026-10-03 08:00;;{open_word};2",
    ]
    result = read(
        tmp_path, "\n".join([header, *rows, f"4;2026-10-30 08:00;2026-10-30 09:00;{open_word};1", ""])
    ).result("first_reply_within")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(2 / 3), 3)


def test_a_file_without_the_column_that_has_its_messages_is_filled_from_them(tmp_path: Path) -> None:
    messages = "Message ID,Ticket ID,Sent at,Author type\n1,11,2026-10-01 08:00,Customer\n2,11,2026-10-01 09:00,Agent\n3,12,2026-10-02 08:00,Customer\n"
    result = read(tmp_path, MAIL, WEB, messages).result("first_reply_within")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(4 / 6), 6)


REVIEWS = "Review ID,Review date,Rating,Reply date\n1,2026-10-01,5,2026-10-02\n2,2026-10-02,4,\n"


def test_so_with_reviews(tmp_path: Path) -> None:
    silent = "Review ID,Review date,Rating\n3,2026-10-01,5\n4,2026-10-02,4\n"
    asked = ("--kpi", "review_reply_rate")
    found, alone = read(tmp_path, REVIEWS, silent, asked=asked), read(tmp_path, REVIEWS, asked=asked)
    assert found.values == alone.values
    assert CODE in found.codes


MESSAGES = """Message ID,Ticket ID,Sent at,Author type
1,1,2026-10-01 08:00,Customer
2,1,2026-10-01 {first},Agent
3,2,2026-10-02 08:00,Customer
4,2,2026-10-02 {second},Agent
5,3,2026-10-03 08:00,Customer
6,3,2026-10-03 08:45,Agent
"""
APART = "two-first-replies"


def test_a_blank_first_reply_comes_from_the_messages_of_the_ticket(tmp_path: Path) -> None:
    """Row by row: ticket 3 was answered after 45 minutes, whatever its neighbours have."""
    found = read(tmp_path, MAIL, MESSAGES.format(first="09:00", second="10:00"), asked=("--kpi", "first_reply_time"))
    result = found.result("first_reply_time")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(1.5 * 3600), 4)
    assert APART not in found.codes


def test_first_replies_that_are_not_those_of_the_messages_are_reported(tmp_path: Path) -> None:
    found = read(tmp_path, MAIL, MESSAGES.format(first="08:30", second="09:00"), asked=("--kpi", "first_reply_time"))
    assert "in 2 of 2 tickets" in found.finding_text(APART)


def test_a_time_to_the_first_reply_is_not_replaced_by_messages(tmp_path: Path) -> None:
    timed = "Ticket ID,Created,First reply time (minutes),Status\n1,2026-10-01 08:00,20,Open\n2,2026-10-02 08:00,40,Open\n3,2026-10-03 08:00,,Open\n"
    found = read(tmp_path, timed, MESSAGES.format(first="09:00", second="10:00"), asked=("--kpi", "first_reply_time"))
    result = found.result("first_reply_time")
    assert result is not None
    assert (result["value"], result["n"]) == (pytest.approx(40 * 60), 3)
