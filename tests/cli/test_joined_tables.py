"""Tables joined for a split: answers by what their ticket is, tickets, answers and orders by what their customer is."""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

FILES = {
    "tickets.csv": """\
Ticket ID,Created,Resolved,Status,Type,Group,Customer ID,Customer email
1,2026-03-02 09:00,2026-03-02 12:00,Closed,Question,Billing,c1,
2,2026-03-02 09:00,2026-03-03 12:00,Closed,Question,Billing,,BO@example.com
3,2026-03-02 09:00,,Open,Complaint,Returns,c3,
4,2026-03-03 09:00,2026-03-04 12:00,Closed,Complaint,Returns,nobody,ann@example.com
5,2026-03-03 09:00,2026-03-04 12:00,Closed,Complaint,Returns,,stranger@example.com
""",
    "customers.csv": """\
Customer ID,Email,Customer since,Segment,Plan type
c1,kim@example.com,2025-01-01,Private,Basic
c2,bo@example.com,2025-01-01,Business,Pro
c3,ann@example.com,2025-01-01,Business,Basic
c4,shared@example.com,2025-01-01,Private,Basic
c5,shared@example.com,2025-01-01,Business,Basic
""",
    "survey.csv": """\
Response ID,Ticket ID,Answered at,Email,NPS,CSAT
a,1,2026-03-05,,10,5
b,2,2026-03-05,,2,1
c,,2026-03-05,Kim@example.com,9,4
d,4,2026-03-05,,8,5
e,5,2026-03-05,shared@example.com,0,1
""",
    "orders.csv": """\
Order ID,Order date,Amount,Customer email
o1,2026-03-02,100,kim@example.com
o2,2026-03-03,200,BO@example.com
o3,2026-03-04,300,else@example.com
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def report(*arguments: object, period: str = "2026-03") -> dict[str, Any]:
    ended = piped("report", *arguments, "--period", period, "--compare", "none", "--format", "json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    document: dict[str, Any] = json.loads(ended.out)
    return document


def split(folder: Path, kpi: str, by: str) -> dict[str | None, tuple[float, int]]:
    results = report(folder, "--kpi", kpi, "--by", by)["results"]
    return {one["group"][by]: (one["value"], one["n"]) for one in results if one["group"]}


def test_satisfaction_by_the_type_of_the_ticket(folder: Path) -> None:
    assert split(folder, "csat", "type") == {"Question": (0.5, 2), "Complaint": (0.5, 2), None: (1, 1)}


def test_nps_by_the_group_of_the_ticket(folder: Path) -> None:
    assert split(folder, "nps", "group") == {"Billing": (0, 2), "Returns": (-50, 2), None: (100, 1)}


def test_nps_by_the_segment_of_the_customer_named_by_the_answer_or_by_its_ticket(folder: Path) -> None:
    assert split(folder, "nps", "segment") == {"Private": (100, 2), "Business": (-50, 2), None: (-100, 1)}


def test_resolution_rate_by_the_segment_of_the_customer(folder: Path) -> None:
    found = split(folder, "resolution_rate", "segment")
    assert found == {"Private": (1, 1), "Business": (pytest.approx(2 / 3), 3), None: (1, 1)}


def test_a_message_is_of_the_customer_of_its_ticket(folder: Path) -> None:
    (folder / "messages.csv").write_text("""\
Message ID,Ticket ID,Sent at,Author
m1,1,2026-03-02 09:00,Customer
m2,1,2026-03-02 10:00,Agent
m3,2,2026-03-02 09:00,Customer
m4,2,2026-03-02 12:00,Agent
""", encoding="utf-8")  # fmt: skip
    assert split(folder, "reply_time", "segment") == {"Private": (3600, 1), "Business": (3 * 3600, 1)}


def test_any_header_of_the_list_of_customers_splits(folder: Path) -> None:
    assert split(folder, "tickets_created", "Plan type") == {"Basic": (3, 3), "Pro": (1, 1), None: (1, 1)}


def test_orders_that_know_their_customer_by_address_alone(folder: Path) -> None:
    assert split(folder, "revenue", "segment") == {"Private": (100, 1), "Business": (200, 1), None: (300, 1)}


def test_a_condition_on_customers_holds_for_what_is_theirs(folder: Path) -> None:
    document = report(folder, "--kpi", "tickets_created", "--kpi", "csat", "--where", "segment = 'Business'")
    assert {one["kpi"]: one["value"] for one in document["results"]} == {"tickets_created": 3, "csat": 0.5}


def test_how_many_found_their_customer_is_reported_where_it_matters(folder: Path) -> None:
    findings = {one["text"].split(",")[0] for one in report(folder, "--kpi", "nps", "--by", "segment")["findings"]}
    assert {f"{found} could be matched to their customers" for found in ("4 of 5 tickets", "2 of 3 orders")} <= findings
    findings = {one["code"] for one in report(folder, "--kpi", "nps", "--by", "group")["findings"]}
    assert "customer-match" not in findings


def test_where_most_find_none_it_is_serious(folder: Path) -> None:
    (folder / "customers.csv").write_text(
        "Customer ID,Customer since,Segment\nc9,2025-01-01,Private\n", encoding="utf-8"
    )
    found = [one for one in report(folder, "--by", "segment")["findings"] if one["code"] == "customer-match"]
    assert {one["serious"] for one in found} == {True}


def test_the_rows_behind_a_segment_are_those_of_the_report(folder: Path) -> None:
    ended = piped(
        "rows", "nps", folder, "--period", "2026-03", "--group", "segment=Business", "--format", "json", "--quiet"
    )
    counted = [row["id"] for row in json.loads(ended.out)["rows"] if row["role"] in ("numerator", "counted")]
    assert counted == ["b", "d"]


@pytest.mark.parametrize(("kpi", "by"), [("csat", "type"), ("nps", "group"), ("nps", "priority")])
def test_the_groups_of_the_sample_add_up_to_its_total(kpi: str, by: str) -> None:
    results = report(sample("freshdesk_tickets.xls"), sample("surveymonkey_responses.csv"), "--kpi", kpi, "--by", by,
                     "--zone", "Europe/Stockholm", period="all")["results"]  # fmt: skip
    total, *groups = results
    assert len(groups) > 2
    assert sum(one["n"] for one in groups) == total["n"] > 0
    assert sum(one["n"] * one["value"] for one in groups) == pytest.approx(total["n"] * total["value"])
