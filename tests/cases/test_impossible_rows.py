"""Rows that cannot be: times that run backwards, and ratings of tickets that count for nothing, are out of every KPI alike."""

from pathlib import Path
from typing import Any

from small_reports import findings, report_json, totals, written

HERE = Path(__file__).parent


def fraction(one: dict[str, Any]) -> tuple[int, int]:
    return one["numerator"], one["denominator"]


def test_a_resolution_before_the_opening_is_in_no_time_and_in_no_share_of_fast_ones():
    found = totals(report_json(HERE / "negative-times.csv", "--period", "all", "--kpi", "*", "--sla", "resolution=3d"))
    assert fraction(found["resolution_rate_cohort"]) == (0, 2)
    assert fraction(found["sla_resolution_rate"]) == (0, 2)
    assert (found["resolution_time"]["value"], found["resolution_time"]["n"]) == (10 * 86400 + 3600, 2)
    assert found["resolution_time_km"]["n"] == 2
    messages = "2 tickets have a negative resolution time: left out of it and of the shares resolved in time"
    assert any(messages in note for note in found["resolution_rate_cohort"]["notes"])


def test_a_first_reply_before_the_opening_is_no_fast_one(tmp_path: Path):
    lines = [f"{n},2026-01-{n:02d} 08:00,2026-01-{n - 1 if n <= 4 else n:02d} 09:00,Open,yes" for n in range(2, 12)]
    path = written(tmp_path, "t", "Ticket ID,Created at,First reply at,Status,SLA first reply met", *lines)
    found = totals(report_json(path, "--period", "all", "--kpi", "*", "--sla", "first_reply=2h"))
    assert fraction(found["first_reply_within"]) == (7, 7)
    assert (found["first_reply_time"]["value"], found["first_reply_time"]["n"]) == (3600, 7)


def test_due_before_the_opening_is_reported_and_in_no_share():
    document = report_json(HERE / "due-before-created.csv", "--period", "all")
    rate = totals(document)["sla_resolution_rate"]
    assert findings(document, "due-before-created") == ["3 tickets were due before being opened: left out of the SLA"]
    assert fraction(rate) == (2, 4)
    assert "3 tickets were due before being opened: left out of the SLA" in rate["notes"]


def test_a_due_day_without_a_time_is_not_before_the_hour_of_its_own_day(tmp_path: Path):
    lines = [f"{n},2026-01-{n:02d} 14:30,2026-01-{n:02d} 15:00,2026-01-{n:02d},Closed" for n in range(1, 11)]
    document = report_json(
        written(tmp_path, "t", "Ticket ID,Created,Closed,Due date,Status", *lines), "--period", "all"
    )
    assert findings(document, "due-before-created") == []


def test_what_became_of_a_lead_a_review_or_a_customer_before_it_was_there_did_not(tmp_path: Path):
    days = [f"2026-01-{n:02d}" for n in range(1, 21)]
    leads = [f"{n},{day},{'2025-12-01' if n < 4 else day if n < 9 else ''}" for n, day in enumerate(days)]
    reviews = [f"{n},{day},{'2025-12-01' if n < 4 else day if n < 9 else ''},5" for n, day in enumerate(days)]
    customers = [f"{n},{day},{'2025-12-01' if n < 4 else '2026-01-25' if n < 9 else ''}" for n, day in enumerate(days)]
    files = (
        written(tmp_path, "leads", "Lead ID,Created,Converted at", *leads),
        written(tmp_path, "reviews", "Review ID,Date,Replied at,Rating", *reviews),
        written(tmp_path, "customers", "Customer ID,Customer since,Lost at", *customers),
    )
    document = report_json(*files, "--period", "2026-01", "--kpi", "*")
    found = totals(document)
    assert fraction(found["conversion_rate"]) == (5, 16)
    assert fraction(found["review_reply_rate"]) == (5, 16)
    assert fraction(found["churn_share"]) == (5, 16)
    assert len(findings(document, "negative-time")) == 3
    assert any("converted before coming in" in note for note in found["conversion_rate"]["notes"])


# One population, one rule


def test_ratings_of_spam_and_merged_tickets_are_left_out_with_them():
    document = report_json(
        HERE / "ratings-of-spam.csv", "--period", "all", "--kpi", "csat", "--kpi", "answers_received"
    )
    csat = totals(document)["csat"]
    assert (csat["value"], csat["n"]) == (1.0, 1)
    assert totals(document)["answers_received"]["value"] == 1
    assert "2 answers are left out: of merged or spam tickets" in findings(document, "merged-or-spam")


def test_a_survey_about_spam_is_left_out_too(tmp_path: Path):
    tickets = written(
        tmp_path, "tickets", "Ticket ID,Created at,Resolved at,Status,Spam",
        *(f"{n},2026-09-{n:02d} 09:00,2026-09-{n:02d} 10:00,solved,{'yes' if n > 15 else 'no'}" for n in range(1, 21)),
    )  # fmt: skip
    survey = written(
        tmp_path, "survey", "Response ID,Ticket ID,Answered at,NPS (0-10)",
        *(f"r{n},{n},2026-09-{n:02d} 12:00,{0 if n > 15 else 10}" for n in range(1, 21)),
    )  # fmt: skip
    nps = totals(report_json(tickets, survey, "--period", "2026-09"))["nps"]
    assert (nps["value"], nps["n"]) == (100, 15)


# The help desk has judged by its own clock


def test_the_help_desk_s_own_word_counts_whatever_is_wrong_with_a_time(tmp_path: Path):
    path = written(
        tmp_path, "t", "Ticket ID,Created at,First reply at,Resolved at,Status,SLA first response,SLA status",
        "1,2026-09-01 09:00,2026-09-01 09:10,2026-09-01 10:00,Solved,Met,Met",
        "2,2026-09-02 09:00,2026-09-02 09:10,2026-09-02 10:00,Solved,Met,Met",
        "3,2026-09-03 09:00,2026-09-03 09:10,2026-09-03 10:00,Solved,Violated,Violated",
        "4,2026-09-04 09:00,2026-09-03 09:10,2026-09-03 10:00,Solved,Met,Met",
        "5,2026-09-05 09:00,2026-09-05 09:10,,Solved,Met,Met",
    )  # fmt: skip
    found = totals(report_json(path, "--period", "all"))
    assert fraction(found["sla_resolution_rate_vendor"]) == (4, 5)
    assert fraction(found["sla_first_reply_rate"]) == (4, 5)
    assert found["resolution_time"]["n"] == 3
    assert not any("negative" in note for note in found["sla_first_reply_rate"]["notes"])
