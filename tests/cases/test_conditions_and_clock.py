"""Guards: a condition that moves the period, the clock or the days that count as covered: it leaves out rows, and only rows.

The newest complete period, `as of` and what the files cover come from all rows, whichever of them a condition keeps.
"""

from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

CUSTOMERS = ("Kundnummer;Kund sedan;Land", "K1;2025-01-01;Norge", "K2;2025-01-01;Norge", "K3;2025-01-01;Sverige")
ORDERS = (
    "Ordernummer;Orderdatum;Kundnummer;Belopp",
    "1;2026-08-01;K1;100,00",
    "2;2026-09-01;K2;200,50",
    "3;2026-09-02;K9;300,50",
    "4;2026-10-01;K3;300,50",
)


def clock(document: dict[str, Any]) -> tuple[Any, ...]:
    """The period, the one before, and as of."""
    query = document["query"]
    return query["period"], query["baseline"], query["as_of"]


def tickets(folder: Path) -> Path:
    """Tickets of three months, two a day; those of a rare channel come in the first of them alone, and end early in the last."""
    rows = ["Ticket ID;Created at;Resolved at;Channel;Status"]
    for month in (7, 8, 9):
        for day in range(1, 31):
            at = f"2026-{month:02}-{day:02}"
            rows += [f"{month}{day:02};{at} 08:00;{at} 15:00;E-mail;Closed"]
            if month == 7 or (month == 9 and day == 3):
                rows += [f"{month}{day:02}9;{at} 09:00;{at} 12:00;Chat;Closed"]
    return written(folder, "tickets", *rows)


def test_the_newest_month_is_that_of_the_data(tmp_path: Path) -> None:
    files = (written(tmp_path, "customers", *CUSTOMERS), written(tmp_path, "orders", *ORDERS))
    whole, norway = report_json(*files), report_json(*files, "--where", "country = 'Norge'")
    assert clock(norway) == clock(whole)
    assert norway["query"]["period"]["start"] == "2026-09-01"
    assert totals(norway)["revenue"]["value"] == 200.5


@pytest.mark.parametrize(
    "condition", ["channel = 'Chat'", "Channel = 'Chat' and resolved_at is not null", "ticket_id = '7039'"]
)
def test_a_rare_kind_of_rows_is_judged_in_the_same_month(tmp_path: Path, condition: str) -> None:
    path = tickets(tmp_path)
    whole, rare = report_json(path), report_json(path, "--where", condition)
    assert clock(rare) == clock(whole)
    assert rare["query"]["period"]["start"] == "2026-09-01"
    assert totals(rare)["tickets_created"]["value"] == ("ticket_id" not in condition)
    assert findings(rare, "incomplete-period") == findings(whole, "incomplete-period") == []
    assert findings(rare, "sparse-period") == findings(whole, "sparse-period") == []


def test_a_change_is_not_kept_back_for_days_that_no_row_of_the_condition_has(tmp_path: Path) -> None:
    """30 chats in July and one in September: no day of the two months lacks in the file."""
    found = totals(report_json(tickets(tmp_path), "--where", "channel = 'Chat'", "--compare", "2026-07"))[
        "tickets_created"
    ]
    assert (found["value"], found["baseline"]["value"], found["change"]) == (1, 30, -29)
    assert not any("not complete" in note for note in found["notes"])


def test_a_condition_of_one_table_leaves_the_other_s_days_in_the_clock(tmp_path: Path) -> None:
    """The answers go on for a month after the tickets; a condition that only tickets know leaves them out whole."""
    answers = written(
        tmp_path, "answers", "Respondent ID;Answered at;CSAT (1-5)", "1;2026-10-01 10:00;5", "2;2026-10-31 10:00;4"
    )
    files = (tickets(tmp_path), answers)
    assert clock(report_json(*files, "--where", "channel = 'Chat'")) == clock(report_json(*files))


def test_what_was_open_is_judged_as_of_the_newest_row_of_all(tmp_path: Path) -> None:
    """An open chat of 3 July has waited until 30 September, not until the last chat."""
    path = tickets(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("7039;2026-07-03 09:00;2026-07-03 12:00;Chat;Closed", "7039;2026-07-03 09:00;;Chat;Open"), encoding="utf-8")  # fmt: skip
    found = totals(report_json(path, "--where", "ticket_id = '7039'", "--kpi", "backlog_age"))["backlog_age"]
    assert found["value"] == pytest.approx((89 * 24 + 6) * 3600)


@pytest.mark.parametrize("condition", ["channel = 'Chat'", "channel = 'E-mail'", "priority = 'high'"])
def test_days_that_the_whole_file_lacks_are_missing_from_what_a_condition_keeps(tmp_path: Path, condition: str) -> None:
    """Fifteen tickets a day, and none on the 21st and 22nd of September; of each channel and priority so few that a day without is no wonder."""
    rows = ["Ticket ID;Created at;Resolved at;Channel;Priority;Status"]
    for month, day in [(month, day) for month in (7, 8, 9) for day in range(1, 31)]:
        for n in range(15 if (month, day) not in ((9, 21), (9, 22)) else 0):
            channel, priority = ("Chat" if (n + day) % 15 == 0 and day % 3 == 0 else "E-mail" if (n + day) % 15 == 1 and day % 3 == 1 else "Web"), ("High" if (n + day) % 15 == 2 and day % 3 == 2 else "Low")  # fmt: skip
            rows.append(
                f"{month}{day:02}{n:02};2026-{month:02}-{day:02} 08:{n:02};2026-{month:02}-{day:02} 15:00;{channel};{priority};Closed"
            )
    path = written(tmp_path, "tickets", *rows)
    found = report_json(path, "--period", "2026-09", "--where", condition)
    assert any("2026-09-21 to 2026-09-22" in text for text in findings(found, "missing-days"))
    assert totals(found)["tickets_created"]["change"] is None
