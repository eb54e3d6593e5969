"""Dates that place rows, words that cannot be read, and refused rows: no figure is there that the file does not give.

End to end, from a file to the JSON of `report`.
"""

from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from small_reports import lacking, report_json, totals, written

HERE = Path(__file__).parent


def notes(one: dict[str, Any]) -> str:
    return "\n".join(one["notes"])


# A column that dates a row is missing


def test_an_opening_date_by_another_common_name_is_read():
    found = totals(report_json(HERE / "no-created-column.csv", "--period", "2025-09"))
    assert [found[kpi]["value"] for kpi in ("tickets_created", "tickets_resolved", "net_flow")] == [4, 3, 1]


def test_without_an_opening_time_nothing_that_is_placed_by_it_has_a_value(tmp_path: Path):
    lines = (HERE / "no-created-column.csv").read_text(encoding="utf-8").replace("Opening date", "Zork").splitlines()
    document = report_json(written(tmp_path, "t", *lines), "--column", "agent=ID", "--period", "2025-09")
    found, needs = totals(document), lacking(document)
    for kpi in ("tickets_created", "net_flow", "resolution_rate", "backlog", "tickets_per_agent"):
        assert kpi not in found
        assert "created_at" in needs[kpi]
    assert found["tickets_resolved"]["value"] == 3


def test_without_a_resolution_time_no_difference_or_ratio_has_a_value(tmp_path: Path):
    rows = [f"{n},2026-01-{n:02d} 08:00,{'Solved' if n % 2 else 'Open'}" for n in range(1, 31)]
    document = report_json(written(tmp_path, "t", "Ticket ID,Created at,Status", *rows), "--period", "2026-01")
    assert totals(document)["tickets_created"]["value"] == 30
    for kpi in ("tickets_resolved", "net_flow", "resolution_rate"):
        assert lacking(document)[kpi] == ["resolved_at, closed_at or resolution_time"]


@pytest.mark.parametrize(
    ("header", "rows", "date", "kpis"),
    [
        ("Order ID,Customer ID,Order date,Total", "{n},c{c},,10", "ordered_at", ("revenue", "active_customers", "aov")),
        ("Review ID,Rating,Platform", "{n},{s},web", "reviewed_at", ("review_rating", "review_rating_5")),
        ("Lead ID,Converted,Channel", "{n},yes,web", "created_at", ("conversion_rate",)),
        ("Customer ID,Lost,Segment", "{n},no,A", "acquired_at", ("churn_share",)),
    ],
    ids=["orders", "reviews", "leads", "customers"],
)  # fmt: skip
def test_no_table_counts_rows_that_no_date_places(
    tmp_path: Path, header: str, rows: str, date: str, kpis: tuple[str, ...]
):
    lines = [rows.format(n=n, c=n % 5, s=1 + n % 5) for n in range(1, 31)]
    table = written(tmp_path, "t", header, *lines)
    tickets = written(
        tmp_path,
        "tickets",
        "Ticket ID,Created at,Status",
        *(f"{n},2026-01-{n:02d} 08:00,Open" for n in range(1, 31)),
    )
    document = report_json(table, tickets, "--period", "2026-01", "--kpi", "*")
    for kpi in kpis:
        assert kpi not in totals(document)
        assert date in lacking(document)[kpi]


# The date of a single row is blank


def test_a_row_without_its_date_is_noted_with_what_leaves_it_out():
    document = report_json(HERE / "blank-opening.csv", "--period", "2026-09")
    found = totals(document)
    messages = "1 ticket has no opening time: in no period, only in --period all"
    assert (found["tickets_created"]["value"], found["tickets_resolved"]["value"]) == (2, 3)
    assert messages in found["tickets_created"]["notes"]
    assert messages in found["resolution_rate"]["notes"]
    assert messages not in found["tickets_resolved"]["notes"]
    [finding] = [one for one in document["findings"] if one["code"] == "undated-rows"]
    assert finding["serious"]
    assert "net_flow" in finding["kpis"]


def test_an_order_or_a_review_without_its_date_is_reported_too(tmp_path: Path):
    orders = written(
        tmp_path, "orders", "Order ID,Customer ID,Order date,Total",
        *(f"{n},c{n},{'' if n == 7 else f'2026-01-{n:02d}'},10" for n in range(1, 31)),
    )  # fmt: skip
    reviews = written(
        tmp_path, "reviews", "Review ID,Date,Rating",
        *(f"{n},{'' if n in (7, 8) else f'2026-01-{n:02d}'},{1 + n % 5}" for n in range(1, 31)),
    )  # fmt: skip
    found = totals(report_json(orders, reviews, "--period", "2026-01"))
    assert "1 order has no time of ordering" in notes(found["revenue"])
    assert "2 reviews have no time of writing" in notes(found["review_rating"])


# A word that nobody knows


def statuses(unknown: int, of: int = 40, word: str = "Blorked") -> list[str]:
    """Tickets of January, the last of them in an unknown status without a resolution; half of the rest are resolved."""
    lines = ["Ticket ID,Created at,Resolved at,Status"]
    for n in range(of):
        day = f"2026-01-{13 + n % 16:02d}"
        status = word if n >= of - unknown else "Solved" if n % 2 else "Open"
        lines.append(f"{n},{day} 08:00,{f'{day} 10:00' if status == 'Solved' else ''},{status}")
    return lines


def test_an_unknown_status_is_neither_open_nor_resolved(tmp_path: Path):
    found = totals(report_json(written(tmp_path, "t", *statuses(4)), "--period", "2026-01"))
    backlog = found["backlog"]
    assert (backlog["value"], backlog["trust"]["unread"], backlog["trust"]["of"]) == (18, 4, 22)
    assert backlog["trust"]["reasons"] == {"unknown words in `status`": 4}
    assert backlog["trust"]["marked"]
    assert found["tickets_created"]["trust"] is None
    cohort = found["resolution_rate_cohort"]
    assert (cohort["numerator"], cohort["denominator"]) == (18, 36)


def test_past_half_there_is_no_value_and_the_row_says_why(tmp_path: Path):
    found = totals(report_json(written(tmp_path, "t", *statuses(30)), "--period", "2026-01"))
    assert found["backlog"]["value"] is None
    assert "no value: most of its rows were not understood" in found["backlog"]["notes"]
    assert found["tickets_created"]["value"] == 40


def test_an_unknown_status_with_a_resolution_is_resolved(tmp_path: Path):
    lines = [line.replace("Solved", "Gone live") for line in statuses(0)]
    found = totals(report_json(written(tmp_path, "t", *lines), "--period", "2026-01"))
    assert (found["tickets_resolved"]["value"], found["backlog"]["value"]) == (20, 20)
    assert found["backlog"]["trust"] is None


def test_unknown_words_of_one_group_are_not_laid_at_the_others_door(tmp_path: Path):
    lines = [
        f"{line},{'A' if 'Blorked' in line else 'B'}" if place else f"{line},Group"
        for place, line in enumerate(statuses(4))
    ]
    document = report_json(
        written(tmp_path, "t", *lines),
        "--period",
        "2026-01",
        "--by",
        "group",
        "--kpi",
        "backlog",
        "--kpi",
        "resolution_rate_cohort",
    )
    by_group = {(one["kpi"], one["group"].get("group")): one for one in document["results"]}
    assert by_group["backlog", "B"]["trust"] is None
    assert ("backlog", "A") not in by_group or by_group["backlog", "A"]["value"] is None


@pytest.mark.parametrize(
    ("header", "row", "kpi", "column"),
    [
        ("Ticket ID,Created at,Status,Spam", "{n},{day},Open,{word}", "tickets_created", "is_spam"),
        ("Lead ID,Created,Converted", "{n},{day},{word}", "conversion_rate", "is_converted"),
        ("Customer ID,Customer since,Lost", "{n},{day},{word}", "churn_share", "is_lost"),
    ],
    ids=["spam", "converted", "lost"],
)
def test_words_that_are_neither_yes_nor_no_are_counted_against_the_kpis_they_decide(
    tmp_path: Path, header: str, row: str, kpi: str, column: str
):
    lines = [row.format(n=n, day=f"2026-01-{1 + n % 28:02d}", word="perhaps" if n < 10 else "no") for n in range(40)]
    found = totals(report_json(written(tmp_path, "t", header, *lines), "--period", "2026-01", "--kpi", kpi))[kpi]
    assert (found["trust"]["unread"], found["trust"]["of"]) == (10, 40)
    assert found["trust"]["reasons"] == {f"unknown words in `{column}`": 10}


def test_messages_of_unknown_authors_are_counted_against_replies(tmp_path: Path):
    lines = ["Message ID,Ticket ID,Sent at,Author"]
    for n in range(40):
        lines.append(f"{2 * n},{n},2026-01-{1 + n % 28:02d} 08:00,customer")
        lines.append(f"{2 * n + 1},{n},2026-01-{1 + n % 28:02d} 09:00,{'zork' if n < 10 else 'agent'}")
    found = totals(report_json(written(tmp_path, "messages", *lines), "--period", "2026-01"))
    assert found["reply_time"]["value"] == 3600
    assert found["reply_time"]["trust"]["reasons"] == {"unknown words in `author`": 10}


# Rows that the file refuses


def test_the_share_of_refused_rows_counts_in_every_kpi_of_their_table(tmp_path: Path):
    lines = statuses(0)
    lines[1:11] = [line.replace("2026-01-", "in week ") for line in lines[1:11]]
    found = totals(report_json(written(tmp_path, "t", *lines), "--period", "2026-01"))
    trust = found["tickets_created"]["trust"]
    assert (trust["refused"], trust["read"], trust["share"], trust["marked"]) == (10, 40, 0.75, True)


def test_most_rows_refused_leave_no_value(tmp_path: Path):
    lines = statuses(0)
    lines[3:] = [line.replace("2026-01-", "in week ") for line in lines[3:]]
    document = report_json(written(tmp_path, "t", *lines), "--period", "2026-01")
    assert all(one["value"] is None for one in document["results"])


# The gate


def test_strict_and_the_quality_gate_see_unknown_words(tmp_path: Path):
    path = written(tmp_path, "t", *statuses(4))
    for gate in (("--strict",), ("--fail-on", "quality")):
        ended = piped("report", path, "--period", "2026-01", *gate)
        assert ended.code == 4
        assert "cannot be understood" in ended.err
    few = written(tmp_path, "few", *statuses(1, of=400))
    assert piped("report", few, "--period", "2026-01", "--fail-on", "quality").code == 0
    assert piped("report", few, "--period", "2026-01", "--strict").code == 4


# Resolved at an unknown time


def test_tickets_resolved_at_an_unknown_time_are_in_no_share_resolved_within_days(tmp_path: Path):
    lines = [f"{n},2026-07-{n:02d} 08:00,{f'2026-08-{n:02d} 08:00' if n <= 4 else ''},{'Open' if n > 14 else 'Resolved'}"
             for n in range(1, 21)]  # fmt: skip
    path = written(tmp_path, "t", "Ticket ID,Created,Resolved,Status", *lines)
    found = totals(report_json(path, "--period", "2026-07", "--as-of", "2026-09-01"))
    cohort = found["resolution_rate_cohort"]
    assert (cohort["numerator"], cohort["denominator"]) == (0, 10)
    assert (
        "10 left out: tickets opened or resolved at an unknown time, or resolved before they were opened"
        in cohort["notes"]
    )
    text = "10 resolved tickets have no resolution time: not counted in periods by resolution, in resolution times or in shares resolved within a time, except for tickets no older than that time"
    assert text in found["resolution_rate"]["notes"]


def test_a_cancelled_complaint_without_a_date_was_not_resolved_in_time(tmp_path: Path):
    lines = [f"{n};0{n}.09.26 09:00;{f'0{n}.09.26 15:00' if n < 3 else ''};{'Løst' if n < 3 else word};Klage"
             for n, word in enumerate(["", "", "Avvist", "Kansellert", "Åpen"], 1)]  # fmt: skip
    path = written(tmp_path, "t", "Saksnr;Dato;Løst dato;Status;Type", *lines)
    found = totals(report_json(path, "--period", "all", "--as-of", "2026-11-01", "--kpi", "*"))
    for name in ("resolution_rate_cohort", "complaint_resolution_rate"):
        assert (found[name]["numerator"], found[name]["denominator"]) == (2, 3)


def test_a_ticket_younger_than_the_days_was_resolved_within_them(tmp_path: Path):
    lines = [f"{n},2026-09-0{n} 08:00,{'2026-09-01 09:00' if n == 1 else ''},Resolved" for n in range(1, 9)]
    path = written(tmp_path, "t", "Ticket ID,Created,Resolved,Status", *lines)
    cohort = totals(report_json(path, "--period", "all", "--as-of", "2026-09-10 08:00"))["resolution_rate_cohort"]
    assert (cohort["numerator"], cohort["denominator"]) == (7, 7)  # the 2nd is 8 days old
