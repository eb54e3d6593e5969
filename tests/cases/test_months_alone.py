"""Dates that name a month and no day, dated on its first: the newest month was left out, and a week had a month's figures.

A month is counted whole, and nothing is reported of its parts, nor of how much time lies between it and another date.
"""

from pathlib import Path

import pytest
from reported import reported
from small_reports import findings, lacking, report_json, totals, written

MONTHS = range(1, 7)
WRITTEN = ["2026-{:02}", "2026/{:02}", "{:02}/2026", "{:02}.2026"]


def orders(folder: Path, form: str, *more: str) -> Path:
    rows = [f"{month * 10 + n};{form.format(month)};K{n};{100 * month}" for month in MONTHS for n in range(1, 6)]
    return written(folder, "orders", "Ordernummer;Orderdatum;Kundnummer;Belopp", *rows, *more)


@pytest.mark.parametrize("form", [*WRITTEN, "2026-{:02}-01"])
def test_a_month_of_orders_is_whole(tmp_path: Path, form: str) -> None:
    document = report_json(orders(tmp_path, form))
    assert document["query"]["period"]["start"] == "2026-06-01"
    assert document["query"]["as_of"].startswith("2026-06-30")
    revenue = totals(document)["revenue"]
    assert (revenue["value"], revenue["baseline"]["value"]) == (3000, 2500)
    assert revenue["change"] == 500
    assert findings(document, "months-only") == [
        "ordered_at of 30 of 30 orders names a month and no day: counted in whole months"
    ]


@pytest.mark.parametrize(
    ("month", "before"), [("mars 2026", "februari 2026"), ("Mar 2026", "Feb 2026"), ("mars 2026", "februar 2026")]
)
def test_a_month_may_be_a_word(tmp_path: Path, month: str, before: str) -> None:
    rows = [f"{n};{before if n < 4 else month};100" for n in range(1, 8)]
    assert (
        reported(written(tmp_path, "orders", "Order ID;Order date;Amount", *rows), period="2026-03").value("revenue")
        == 400
    )


@pytest.mark.parametrize("period", ["2026-W23", "2026-06-01", "2026-05-15..2026-06-14"])
def test_nothing_is_reported_of_parts_of_a_month(tmp_path: Path, period: str) -> None:
    found = reported(orders(tmp_path, "2026-{:02}"), period=period)
    assert found.value("revenue") is None
    assert found.value("active_customers") is None
    assert "nothing is known of parts of a month" in found.finding_text("months-only")


def test_days_among_months_keep_their_day_and_stop_the_clock(tmp_path: Path) -> None:
    """The tickets end on the 12th: of June no more than that has happened."""
    tickets = [f"{n},2026-{n // 28 + 1:02}-{n % 28 + 1:02} 09:00,closed" for n in range(152)]
    document = report_json(
        orders(tmp_path, "2026-{:02}"), written(tmp_path, "tickets", "Ticket ID,Created,Status", *tickets)
    )
    assert document["query"]["as_of"] == "2026-06-12T09:00:00"
    assert document["query"]["period"]["start"] == "2026-05-01"


def test_firsts_of_months_that_are_few_or_reported_to_be_days_are_days(tmp_path: Path) -> None:
    rows = [f"{month};2026-{month:02}-01;K{month};100" for month in MONTHS]
    found = reported(written(tmp_path, "few", "Ordernummer;Orderdatum;Kundnummer;Belopp", *rows), period="2026-W23")
    assert found.value("revenue") == 100
    found = reported(orders(tmp_path, "2026-{:02}-01"), "--date-format", "%Y-%m-%d", period="2026-W23")
    assert found.value("revenue") == 3000


def test_tickets_by_months_have_no_times_between(tmp_path: Path) -> None:
    rows = [f"{n},2026-0{n % 3 + 1},2026-0{n % 3 + 1},closed" for n in range(1, 31)]
    document = report_json(
        written(tmp_path, "tickets", "Ticket ID,Created,Resolved,Status", *rows), "--kpi", "*", "--period", "2026-02"
    )
    assert totals(document)["tickets_created"]["value"] == 10
    assert totals(document)["tickets_resolved"]["value"] == 10
    for name in ("resolution_time", "resolution_time_mean", "resolution_rate_cohort", "resolution_time_km"):
        assert name in lacking(document) or totals(document)[name]["value"] is None


def test_customers_who_came_and_left_in_a_month_did_so_in_that_order(tmp_path: Path) -> None:
    rows = [f"{n};2026-0{n % 3 + 1};{f'2026-0{n % 3 + 1}' if n < 4 else ''}" for n in range(1, 31)]
    found = reported(written(tmp_path, "customers", "Kundnummer;Startdatum;Slutdatum", *rows), period="2026-02")
    assert found.value("net_customer_change") == 9
    assert not found.finding_text("negative-time")


def test_answers_by_months_count_in_theirs(tmp_path: Path) -> None:
    rows = [f"{n};2026-0{n % 3 + 1};{n % 5 + 1}" for n in range(1, 31)]
    path = written(tmp_path, "survey", "Svars-ID;Svarsdatum;CSAT (1-5)", *rows)
    document = report_json(path, "--kpi", "csat")
    assert document["query"]["period"]["start"] == "2026-03-01"
    assert totals(document)["csat"]["n"] == 10
    assert reported(path, period="2026-W10").value("csat") is None


def test_a_cost_dated_by_its_month_is_one_of_the_month(tmp_path: Path) -> None:
    costs = [f"2026-0{month};support;1000" for month in (1, 2, 3)]
    tickets = [f"{n},2026-0{n % 3 + 1}-{n % 28 + 1:02} 09:00,closed" for n in range(1, 91)]
    files = (
        written(tmp_path, "costs", "Datum;Kostnadstyp;Belopp", *costs),
        written(tmp_path, "tickets", "Ticket ID,Created,Status", *tickets),
    )
    assert reported(*files, period="2026-02").value("cost_per_ticket") == pytest.approx(1000 / 30)
    assert reported(*files, period="2026-W06").value("cost_per_ticket") is None
