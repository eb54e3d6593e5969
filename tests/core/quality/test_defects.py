"""Rows that are refused or left out, times out of order, and what each of them is worth."""

from pathlib import Path

import pytest
from small_exports import codes, cost, inspected, only

from kpi_core.ingest.file_read import Choices

OPEN = "2026-03-02 10:00,,,Open"


def test_refused_rows_are_costed_as_if_they_counted(tmp_path: Path) -> None:
    rows = [f"1,{OPEN}", f"2,{OPEN}", f",{OPEN}", "4,last Tuesday,,,Open"]
    defect = only(inspected(tmp_path, {"a.csv": rows}), "rows-refused")
    assert defect.text == "2 rows are refused: no Ticket ID 1, unreadable Created 1"
    assert cost(defect) == ("tickets_created", 2, 4)


def test_blank_rows_and_repeats_are_not_refused_tickets(tmp_path: Path) -> None:
    found = codes(inspected(tmp_path, {"a.csv": [f"1,{OPEN}", ",,,,", f"1,{OPEN}"]}))
    assert found == ["duplicate-key"]


def test_merged_and_spam_tickets_are_costed_as_if_they_counted(tmp_path: Path) -> None:
    mapping = tmp_path / "desk.yaml"
    mapping.write_text(
        "name: desk-tickets\nlabel: Desk\nsystem: desk\ntable: tickets\n"
        "columns: {ticket_id: Ticket ID, created_at: Created, is_merged: Merged, is_spam: Spam}\n",
        encoding="utf-8",
    )
    rows = [f"{n},2026-03-02 10:00,{merged},{spam}" for n, (merged, spam) in enumerate([("no", "no")] * 5 + [("yes", "no"), ("yes", "yes")])]  # fmt: skip
    found = inspected(tmp_path, {"a.csv": rows}, "Ticket ID,Created,Merged,Spam", Choices(mapping=str(mapping)))
    defect = only(found, "merged-or-spam")
    assert defect.text == "2 tickets are left out as merged or spam (merged 2, spam 1)"
    assert cost(defect) == ("tickets_created", 5, 7)
    assert "merged-or-spam" not in [one.code for one in found.findings]


def test_an_automatic_reply_at_once_is_no_zero_that_stands_for_nothing(tmp_path: Path) -> None:
    mapping = tmp_path / "desk.yaml"
    mapping.write_text(
        "name: desk-tickets\nlabel: Desk\nsystem: desk\ntable: tickets\n"
        "columns: {ticket_id: Ticket ID, created_at: Created, first_replied_at: Replied, is_auto_replied: Automatic,\n"
        "  first_reply_time_business: {from: Open hours, unit: hours}}\n",
        encoding="utf-8",
    )
    rows = [
        "1,2026-03-02 10:00,2026-03-02 10:00,yes,0",
        "2,2026-03-02 10:00,,no,0",
        "3,2026-03-02 10:00,2026-03-02 12:00,no,2",
    ]
    found = inspected(
        tmp_path, {"a.csv": rows}, "Ticket ID,Created,Replied,Automatic,Open hours", Choices(mapping=str(mapping))
    )
    defect = only(found, "zero-is-missing")
    assert (defect.count, cost(defect)) == (1, ("first_reply_time_business", 2 * 3600, 3600))


@pytest.mark.parametrize(
    ("resolved", "expected"),
    [("2026-03-03 10:00", ["closed-before-created"]), ("", ["negative-time"])],
    ids=["the resolution counts", "the closing counts"],
)
def test_a_closing_before_the_opening_is_reported_once(tmp_path: Path, resolved: str, expected: list[str]) -> None:
    rows = [f"1,2026-03-02 10:00,{resolved},2026-03-01 10:00,Closed", "2,2026-03-02 10:00,2026-03-04 10:00,,Solved"]
    found = inspected(tmp_path, {"a.csv": rows}, "Ticket ID,Created,Resolved,Closed,Status")
    assert codes(found) == expected
    kpi, value, otherwise = cost(only(found, expected[0]))
    assert kpi == "resolution_time_mean"
    assert (value, otherwise) == ((1.5 * 86400, 0.5 * 86400) if resolved else (2 * 86400, 0.5 * 86400))


def test_replies_after_the_resolution_are_costed_without_them(tmp_path: Path) -> None:
    rows = ["1,2026-03-02 10:00,2026-03-05 10:00,2026-03-02 12:00,Solved", "2,2026-03-02 10:00,2026-03-02 11:00,2026-03-02 12:00,Solved",
            "3,2026-03-02 10:00,2026-03-02 13:00,2026-03-03 12:00,Solved"]  # fmt: skip
    defect = only(inspected(tmp_path, {"a.csv": rows}), "resolved-before-reply")
    assert (defect.count, cost(defect)) == (1, ("first_reply_time", 3 * 3600, 2 * 3600))
