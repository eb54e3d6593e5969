"""Guards: openings, orders and answers of several rows in a wrong year: the period reported was years away, and its figures of the mistyped rows alone."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HOUR = timedelta(hours=1)
BEGIN, ROWS = datetime(2026, 1, 2, 9), 200
Turn = Callable[[datetime], datetime]


def in_year(year: int) -> Turn:
    return lambda at: at.replace(year=year)


def some(turn: Turn, every: int = 10) -> list[datetime]:
    """Two hundred days in order, of which every tenth is typed otherwise."""
    at = [BEGIN + place * 10 * HOUR for place in range(ROWS)]
    return [turn(one) if place % every == 3 else one for place, one in enumerate(at)]


def orders(folder: Path, days: Sequence[datetime]) -> Path:
    rows = [f"{6000 + place};{at:%Y-%m-%d %H:%M};K{place % 40};100" for place, at in enumerate(days)]
    return written(folder, "orders", "Ordernummer;Orderdatum;Kund;Belopp", *rows)


def answers(folder: Path, days: Sequence[datetime]) -> Path:
    rows = [f"{6000 + place};{at:%Y-%m-%d %H:%M};{place % 5 + 1}" for place, at in enumerate(days)]
    return written(folder, "svar", "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?", *rows)


def tickets(folder: Path, days: Sequence[datetime], ends: Sequence[datetime]) -> Path:
    rows = [
        f"{6000 + place};{at:%Y-%m-%d %H:%M};{end:%Y-%m-%d %H:%M};Löst"
        for place, (at, end) in enumerate(zip(days, ends, strict=True))
    ]
    return written(folder, "tickets", "Ärendenummer;Skapad;Löst;Status", *rows)


@pytest.mark.parametrize("year", [2016, 2025, 2027, 2062, 2096])
@pytest.mark.parametrize("kind", [orders, answers])
def test_days_of_another_year_are_in_no_period(
    tmp_path: Path, year: int, kind: Callable[[Path, Sequence[datetime]], Path]
):
    document = report_json(kind(tmp_path, some(in_year(year))))
    assert "20 of the " in findings(document, "far-ahead")[0]
    assert (
        f"row 5, `{'Orderdatum' if kind is orders else 'Svarsdatum'}`: `{year}-" in findings(document, "far-ahead")[0]
    )
    assert document["query"]["period"]["start"].startswith("2026-0")
    name = "revenue" if kind is orders else "answers_received"
    assert totals(document)[name]["trust"]["share"] == pytest.approx(0.9)


@pytest.mark.parametrize("year", [2025, 2027, 2062])
def test_openings_of_another_year_are_no_years_of_work(tmp_path: Path, year: int):
    ends = [BEGIN + (place * 10 + 30) * HOUR for place in range(ROWS)]
    document = report_json(tickets(tmp_path, some(in_year(year)), ends), "--all", "--kpi", "*", "--period", "2026-02")
    assert "20 of the tickets" in findings(document, "far-ahead")[0]
    assert totals(document)["resolution_time_mean"]["value"] == pytest.approx(30 * 3600)


def test_openings_after_their_own_end_are_reported_in_any_order(tmp_path: Path):
    ends = [BEGIN + (place * 10 + 30) * HOUR for place in range(ROWS)]
    pairs = random.Random(1).sample(list(zip(some(in_year(2027)), ends, strict=True)), ROWS)
    document = report_json(tickets(tmp_path, [day for day, _ in pairs], [end for _, end in pairs]))
    assert "20 of the tickets" in findings(document, "far-ahead")[0]
    assert document["query"]["as_of"].startswith("2026-03")


def test_days_that_have_not_come_are_reported_in_any_order(tmp_path: Path):
    document = report_json(orders(tmp_path, random.Random(1).sample(some(in_year(2062)), ROWS)))
    assert document["query"]["as_of"].startswith("2026-03")


@pytest.mark.parametrize("reach", [4, 12])
def test_customers_of_a_year_to_come_are_nobodys_new_ones(tmp_path: Path, reach: int):
    days = [datetime(2024, 1, 1) + timedelta(days=reach * place // 2) for place in range(ROWS if reach == 4 else 130)]
    rows = [
        f"{3000 + place};{at.replace(year=2062) if place % 9 == 4 else at:%Y-%m-%d};" for place, at in enumerate(days)
    ]
    document = report_json(
        written(tmp_path, "customers", "Kundnummer;Kund sedan;Avslutad", *rows, "1;2024-01-01;2024-05-02")
    )
    assert document["query"]["as_of"] < "2027"
    assert any(
        one["code"] == "far-ahead" and one["serious"] and "net_customer_change" in one["kpis"]
        for one in document["findings"]
    )


OLD = [datetime(2012, 3, 1) + place * 20 * timedelta(days=1) for place in range(180)]


@pytest.mark.parametrize(
    "days",
    [
        [*OLD, *(BEGIN + place * 10 * HOUR for place in range(20))],  # an archive, and what came years later
        sorted([BEGIN + place * 40 * HOUR for place in range(170)]
               + [(BEGIN + place * 40 * HOUR).replace(year=2025) for place in range(30)],
               key=lambda at: f"{at:%d.%m.%Y}"),  # sorted as texts
        random.Random(3).sample([*OLD, *(BEGIN + place * 10 * HOUR for place in range(40))], 220),  # in no order
        [datetime(2025, 1, 1) + place * 3 * timedelta(days=1) for place in range(100)] * 2,  # one list below another
        [datetime(2020, 1, 1) + place * 11 * timedelta(days=1) for place in range(ROWS)],
    ],
)  # fmt: skip
def test_days_of_several_years_are_days(tmp_path: Path, days: list[datetime]):
    document = report_json(orders(tmp_path, days), "--period", "all")
    assert findings(document, "far-ahead") == []


def test_two_days_to_come_of_a_short_list_set_no_period(tmp_path: Path):
    days = [in_year(2062)(at) if place in (4, 11) else at for place, at in enumerate(some(in_year(2026))[:20])]
    assert report_json(orders(tmp_path, days))["query"]["as_of"].startswith("2026-01")


def test_messages_of_a_year_to_come_set_no_period(tmp_path: Path):
    rows = [
        f"{place},{4000 + place // 2},{at:%Y-%m-%d %H:%M},{'Agent' if place % 2 else 'Customer'}"
        for place, at in enumerate(some(in_year(2062)))
    ]
    document = report_json(written(tmp_path, "messages", "Message ID,Ticket ID,Sent at,Author", *rows))
    assert document["query"]["as_of"].startswith("2026-03")
    assert findings(document, "far-ahead")


@pytest.mark.parametrize("has_replies", [True, False])
def test_openings_of_the_year_before_are_reported_in_any_order(tmp_path: Path, *, has_replies: bool):
    dice = random.Random(4)
    rows = []
    for place, opened in enumerate(some(in_year(2025))):
        at = BEGIN + place * 10 * HOUR
        replied, end = at + timedelta(minutes=dice.randint(5, 90)), at + timedelta(minutes=dice.randint(200, 9000))
        rows.append(
            f"{6000 + place};{opened:%Y-%m-%d %H:%M};{replied if has_replies else ''};{end:%Y-%m-%d %H:%M};Löst"
        )
    head = "Ärendenummer;Skapad;Första svar;Löst;Status"
    document = report_json(
        written(tmp_path, "t", head, *dice.sample(rows, ROWS)), "--all", "--kpi", "*", "--period", "2026-02"
    )
    assert "20 of the tickets" in findings(document, "far-ahead")[0]
    assert totals(document)["tickets_created"]["trust"]["share"] == pytest.approx(0.9)


def test_tickets_closed_when_they_are_a_year_old_were_opened_then(tmp_path: Path):
    dice = random.Random(4)
    opened = [datetime(2025, 1, 2) + place * 50 * HOUR for place in range(ROWS)]
    ends = [
        at + (timedelta(days=365) if place % 10 == 3 else timedelta(minutes=dice.randint(200, 9000)))
        for place, at in enumerate(opened)
    ]
    pairs = dice.sample(list(zip(opened, ends, strict=True)), ROWS)
    document = report_json(tickets(tmp_path, [a for a, _ in pairs], [b for _, b in pairs]), "--period", "2026-02")
    assert not any("of the tickets have a date" in text for text in findings(document, "far-ahead"))
