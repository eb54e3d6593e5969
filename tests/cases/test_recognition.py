"""A format is recognised by more than one header, the cells agree, and a near miss is named.

A call log is no list of leads, a chat log no survey, a state of a country no status.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import CASES, reported


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_call_log_is_no_list_of_leads() -> None:
    ended = piped("report", CASES / "call-log-with-a-lead-number.csv")
    assert ended.code == 3
    assert "no known export format" in ended.err
    assert "unsure of `lead_id` as lead_id" in ended.err


def test_a_list_of_customers_that_repeats_its_customers_is_none(tmp_path: Path) -> None:
    text = "Customer ID,Start date,Segment\n" + "".join(f"c{place % 3},2026-01-0{place},A\n" for place in range(1, 10))
    ended = piped("report", written(tmp_path / "visits.csv", text))
    assert ended.code == 3


@pytest.mark.parametrize(
    "header",
    ["kund_id;start;slut", "E-post;Startdato;Sluttdato", "Customer;Created;Closed;Due date", "Company;Opened;Closed"],
)
def test_a_list_of_anything_with_a_beginning_and_an_end_is_no_list_of_tickets(tmp_path: Path, header: str) -> None:
    cells = "".join(
        f"c{place}@example.se;2026-01-0{place} 09:00;2026-03-0{place} 10:00{';2026-04-01' * (header.count(';') - 2)}\n"
        for place in range(1, 10)
    )
    ended = piped("report", written(tmp_path / "members.csv", f"{header}\n{cells}"), "--period", "all")
    assert ended.code == 3
    assert "no known export format" in ended.err


def test_cases_without_a_number_are_counted_by_the_row_where_an_agent_has_them(tmp_path: Path) -> None:
    text = "Start date;Closed;Agent;Status\n" + "".join(
        f"2026-01-0{place} 09:00;2026-01-0{place} 12:00;Ann;Closed\n" for place in range(1, 10)
    )
    found = reported(written(tmp_path / "log.csv", text))
    assert found.value("tickets_created") == 9


def test_a_chat_log_is_no_survey() -> None:
    """Hand-worked: the first replies came after 4 and 30 minutes; the greeting of the system is none of an agent."""
    found = reported(CASES / "chat-log-with-a-timestamp.csv")
    assert found.document["sources"][0]["table"] == "messages"
    assert (found.value("first_reply_time"), found.result("first_reply_time")["n"]) == (17 * 60, 2)
    assert "`sender` = author" in found.finding_text("drafted-mapping")


def test_a_log_of_events_is_neither_a_survey_nor_a_list_of_tickets() -> None:
    ended = piped("report", CASES / "event-log-with-a-timestamp.csv")
    assert ended.code == 3
    assert "Google" not in ended.err
    drafted = piped("map", CASES / "event-log-with-a-timestamp.csv").out
    assert "table: tickets" in drafted
    assert "events: {case: Ticket, order: Timestamp}" in drafted


@pytest.mark.parametrize("header", ["Timestamp,Machine,Value", "Tidstämpel;Maskin;Värde", "Timestamp,Level,Text"])
def test_a_time_stamp_alone_shows_no_form(tmp_path: Path, header: str) -> None:
    mark = ";" if ";" in header else ","
    rows = "".join(f"2026-01-0{place} 09:00{mark}m{mark}{place}\n" for place in range(1, 6))
    ended = piped("report", written(tmp_path / "log.csv", f"{header}\n{rows}"))
    assert ended.code == 3
    assert "no known export format" in ended.err


def test_a_form_with_questions_is_still_one(tmp_path: Path) -> None:
    text = "Timestamp,How satisfied are you with our support?\n" + "".join(
        f"2026-01-0{place} 09:00,{score}\n" for place, score in enumerate((5, 4, 3, 2, 1), 1)
    )
    found = reported(written(tmp_path / "form.csv", text))
    assert found.document["sources"][0]["mapping"] == "google_forms-answers"


def test_a_survey_with_a_column_of_values_is_no_list_of_orders(tmp_path: Path) -> None:
    drafted = piped("map", CASES / "survey-with-a-value.csv").out
    assert "table: answers" in drafted
    assert "unsure" in drafted
    assert piped("report", CASES / "survey-with-a-value.csv").code == 3


def test_a_part_of_a_country_is_no_status() -> None:
    drafted = piped("map", CASES / "orders-with-a-region.csv").out
    assert "State: 3 different" in drafted
    assert "status" not in drafted


@pytest.mark.parametrize(
    ("cells", "is_status"), [(("Bayern", "Hessen"), False), (("Paid", "Shipped"), True), (("Oslo", "Viken"), False)]
)
def test_a_state_is_a_status_by_its_words(tmp_path: Path, cells: tuple[str, str], is_status: bool) -> None:
    text = "Order ID,Order Date,Customer ID,State\n" + "".join(
        f"A{at},2026-03-0{at},c{at},{cells[at % 2]}\n" for at in range(1, 9)
    )
    assert ("order_status: State" in piped("map", written(tmp_path / "orders.csv", text)).out) is is_status


def test_a_near_miss_is_read_as_the_format_it_nearly_is_and_reported_to_be() -> None:
    found = reported(CASES / "nearly-freshdesk.csv")
    assert "looks like Freshdesk tickets" in found.finding_text("drafted-mapping")
    assert "`Created` + `time` = created_at" in found.finding_text("drafted-mapping")
    assert (found.value("csat"), found.result("csat")["n"]) == (1.0, 2)
    assert found.value("resolution_time_business") == (27 * 3600 + 31 * 60 + 7 + 3 * 3600 + 58 * 60 + 42) / 2


def test_a_near_miss_that_nothing_fills_is_named(tmp_path: Path) -> None:
    text = (
        "Ticket ID,Status,Resolved time,Resolution time (in hrs),Agent interactions,Customer interactions,Resolution status\n"
        "1,Closed,2026-01-05 12:27:13,27:31:07,1,1,Within SLA\n2,Closed,2026-01-04 09:49:45,03:58:42,0,1,SLA Violated\n"
    )
    found = reported(written(tmp_path / "list.csv", text))
    assert "has no `Created time`" in found.finding_text("near-format")


@pytest.mark.parametrize("header", ["Urgency", "Impact", "Requester Name"])
def test_three_common_headers_are_no_freshservice(tmp_path: Path, header: str) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        f"Ticket Id,Created Time,Status,{header}\n1,2026-09-01 08:00,Open,High\n2,2026-09-02 08:00,Open,Low\n",
        encoding="utf-8",
    )
    assert reported(path).document["sources"][0]["mapping"] == "spreadsheet-tickets"
    path.write_text(path.read_text().replace("Status", "Status,Approval Status").replace("Open,", "Open,Approved,"))
    assert reported(path).document["sources"][0]["mapping"] == "freshservice-tickets"


@pytest.mark.parametrize(
    ("header", "yes", "no"), [("Kundnummer;Aktiv", "Ja", "Nej"), ("Customer ID;Active", "Yes", "No")]
)
def test_a_number_and_whether_it_is_active_are_customers(tmp_path: Path, header: str, yes: str, no: str) -> None:
    rows = "".join(f"{100 + n};{no if n % 4 == 0 else yes}\n" for n in range(40))
    found = reported(written(tmp_path / "list.csv", f"{header}\n{rows}"))
    assert found.document["sources"][0]["table"] == "customers"
    assert found.value("churn_share") == 0.25


@pytest.mark.parametrize("header", ["Månad;Kostnad", "Month;Cost", "Måned;Omkostning"])
def test_a_month_and_a_cost_are_drafted_as_costs(tmp_path: Path, header: str) -> None:
    rows = "".join(f"2026-{n:02};{1000 * n}\n" for n in range(1, 11))
    path = written(tmp_path / "list.csv", f"{header}\n{rows}")
    assert "table: costs" in piped("map", path).out
