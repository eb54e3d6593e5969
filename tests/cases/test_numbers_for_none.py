"""Guards: a number that is 0, or one for all rows, taken for the number of a ticket, a response, a review or a customer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 1, 5, 8)


def survey(folder: Path, key: str = "", ticket: str = "", count: int = 40) -> Path:
    head = "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?" + (";Ärendenummer" if ticket else "")
    rows = [
        f"{key or 900 + place};{BEGIN + place * 15 * HOUR:%Y-%m-%d %H:%M};{place % 5 + 1}"
        + (f";{ticket}" if ticket else "")
        for place in range(count)
    ]
    return written(folder, "svar", head, *rows)


def desk(folder: Path) -> Path:
    rows = [
        f"{4000 + place};{BEGIN + place * 12 * HOUR:%Y-%m-%d %H:%M};{BEGIN + (place * 12 + 5) * HOUR:%Y-%m-%d %H:%M};Löst"
        for place in range(60)
    ]
    return written(folder, "tickets", "Ärendenummer;Skapad;Löst;Status", *rows)


@pytest.mark.parametrize("number", ["0", "4000", "99", "Testärende"])
def test_one_ticket_for_all_answers_is_none(tmp_path: Path, number: str):
    document = report_json(
        desk(tmp_path), survey(tmp_path, ticket=number), "--all", "--kpi", "*", "--period", "2026-01"
    )
    known = totals(document)
    assert any("no ticket's own" in text for text in findings(document, "match-rate"))
    assert known["answers_received"]["n"] == 40
    assert known["csat"]["value"] == pytest.approx(0.4)
    assert known.get("response_rate_of_resolved", {}).get("value") is None


def answered(folder: Path, ticket_of: Callable[[int], int]) -> dict[str, Any]:
    """The report on forty answers, each about the ticket that its place gives."""
    rows = [
        f"{900 + place};{BEGIN + place * 15 * HOUR:%Y-%m-%d %H:%M};{place % 5 + 1};{ticket_of(place)}"
        for place in range(40)
    ]
    path = written(folder, "svar", "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?;Ärendenummer", *rows)
    return report_json(desk(folder), path, "--all", "--kpi", "*", "--period", "2026-01")


def test_some_that_name_one_count_too(tmp_path: Path):
    document = answered(tmp_path, lambda place: 4000 + place if place < 28 else 0)
    assert totals(document)["answers_received"]["n"] == 40
    assert totals(document)["response_rate_of_resolved"]["value"] is None


def test_a_ticket_that_is_answered_a_few_times_is_one(tmp_path: Path):
    document = answered(tmp_path, lambda place: 4000 + max(0, place - 4))
    assert not any("no ticket's own" in text for text in findings(document, "match-rate"))
    assert totals(document)["answers_received"]["n"] == 36


@pytest.mark.parametrize("key", ["0", "1", "Anonym", "xxxx"])
def test_one_number_for_all_answers_is_none(tmp_path: Path, key: str):
    document = report_json(survey(tmp_path, key=key), "--period", "2026-01")
    assert totals(document)["csat"]["n"] == 40
    assert any("`Svars-ID` is one and the same in all 40 rows" in text for text in findings(document, "no-number"))


def test_one_number_for_all_reviews_and_customers_is_none(tmp_path: Path):
    rows = [f"7;{BEGIN + place * 15 * HOUR:%Y-%m-%d %H:%M};{place % 5 + 1}" for place in range(40)]
    reviews = written(tmp_path, "reviews", "Recensions-ID;Recensionsdatum;Betyg", *rows)
    assert totals(report_json(reviews, "--period", "2026-01"))["review_rating"]["n"] == 40
    rows = [f"Borttagen;{date(2025, 1, 1) + timedelta(days=9 * place)};" for place in range(60)]
    customers = written(
        tmp_path, "customers", "Kundnummer;Kund sedan;Avslutad", *rows, "Borttagen;2024-03-01;2026-01-09"
    )
    known = totals(report_json(customers, "--all", "--kpi", "*", "--period", "2026-01"))
    assert known["churn_rate"]["value"] == pytest.approx(1 / 42)


def test_lines_of_one_order_are_one_order(tmp_path: Path):
    rows = [f"5001;2026-01-09 10:00;K1;Vara {place};{place + 10}" for place in range(12)]
    path = written(tmp_path, "orders", "Ordernummer;Orderdatum;Kund;Artikel;Radbelopp", *rows)
    assert findings(report_json(path, "--period", "2026-01"), "no-number") == []
