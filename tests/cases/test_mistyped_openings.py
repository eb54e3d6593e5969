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
