"""Contacts that nobody answered: their wait is no time to a first reply, however the file says that they were abandoned."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written

WAITED = "Call ID,Created at,{},First reply time (seconds),Status"


@pytest.mark.parametrize(
    ("header", "answered", "abandoned"),
    [
        ("Answered", "Yes", "No"),
        ("Answered", "Answered", "Abandoned"),
        ("Answered (Y/N)", "Y", "N"),
        ("Besvarat samtal", "Besvarat", "Ej besvarat"),
        ("Abandoned", "No", "Yes"),
        ("Tapt anrop", "nei", "ja"),
    ],
)
def test_the_wait_of_an_abandoned_call_is_no_first_reply(tmp_path: Path, header: str, answered: str, abandoned: str):
    rows = [
        f"{n},2026-09-{n:02d} 09:00,{word},{wait},Closed"
        for n, (word, wait) in enumerate([(answered, 30), (abandoned, 60), (answered, 20), (abandoned, 300)], start=1)
    ]
    path = written(tmp_path, "calls", WAITED.format(header), *rows)
    found = totals(report_json(path, "--period", "all", "--sla", "first_reply=25s"))
    assert (found["first_reply_time"]["value"], found["first_reply_time"]["n"]) == (25, 2)
    assert (found["first_reply_within"]["numerator"], found["first_reply_within"]["denominator"]) == (1, 2)
    assert (found["answer_rate"]["numerator"], found["answer_rate"]["denominator"]) == (2, 4)
    assert found["tickets_created"]["value"] == 4


def test_a_later_reply_with_a_time_of_its_own_counts(tmp_path: Path):
    """A missed call that was written to the next hour."""
    path = written(
        tmp_path, "calls", "Ticket ID,Created at,Answered,First reply at,Status",
        "1,2026-09-01 09:00,Yes,2026-09-01 09:01,Closed", "2,2026-09-02 09:00,No,2026-09-02 10:00,Closed",
        "3,2026-09-03 09:00,No,,Closed",
    )  # fmt: skip
    time = totals(report_json(path, "--period", "all"))["first_reply_time"]
    assert (time["value"], time["n"]) == ((60 + 3600) / 2, 2)


def test_a_contact_that_does_not_say_whether_it_was_answered_counts(tmp_path: Path):
    rows = ["1,2026-09-01 09:00,Yes,30,Closed", "2,2026-09-02 09:00,,60,Closed", "3,2026-09-03 09:00,No,90,Closed"]
    time = totals(report_json(written(tmp_path, "calls", WAITED.format("Answered"), *rows), "--period", "all"))[
        "first_reply_time"
    ]
    assert (time["value"], time["n"]) == (45, 2)
