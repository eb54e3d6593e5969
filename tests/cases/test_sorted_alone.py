"""A column that stands in order by itself in a list that stands in the order of its days."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

DAY = date(2026, 1, 5)


def days(count: int) -> list[str]:
    return [f"{DAY + timedelta(days=place // 3)} 0{place % 3 + 7}:00" for place in range(count)]


def orders(folder: Path, amounts: list[float], *, header: str = "Belopp") -> Path:
    rows = [f"{4000 + place};{day};K{place % 40};{f'{amount:.2f}'.replace('.', ',')}"
            for place, (day, amount) in enumerate(zip(days(len(amounts)), amounts, strict=True))]  # fmt: skip
    return written(folder, "orders", f"Ordernummer;Orderdatum;Kund;{header}", *rows)


def some(count: int, seed: int = 1) -> list[float]:
    drawn = random.Random(seed)
    return [round(drawn.uniform(50, 4000), 2) for _ in range(count)]


@pytest.mark.parametrize("is_falling", [False, True])
def test_amounts_sorted_alone_give_no_revenue(tmp_path: Path, is_falling: bool):
    path = orders(tmp_path, sorted(some(150), reverse=is_falling))
    document = report_json(path, "--period", "2026-01")
    assert "`Belopp` stands in order in all 150 rows" in findings(document, "sorted-alone")[0]
    assert totals(document)["revenue"]["value"] is None
    assert totals(document)["aov"]["value"] is None
    assert totals(document)["active_customers"]["value"] is not None


@pytest.mark.parametrize(
    "amounts",
    [
        some(150),  # as they came
        [99.0 if place < 60 else 109.0 for place in range(150)],  # a price that was raised
        [99.0] * 150,
        [*sorted(some(150))[:120], 55.0, *sorted(some(150))[120:]],  # one that is not in order
        sorted(some(50)),  # too few rows to show
    ],
)
def test_amounts_that_may_stand_so_by_themselves_stay(tmp_path: Path, amounts: list[float]):
    document = report_json(orders(tmp_path, amounts), "--period", "2026-01")
    assert findings(document, "sorted-alone") == []
    assert totals(document)["revenue"]["value"] is not None


def test_a_list_sorted_by_its_amounts_keeps_its_rows_whole(tmp_path: Path):
    drawn = random.Random(3)
    rows = sorted(zip(some(150), drawn.sample(days(150), 150), strict=True))
    lines = [f"{4000 + place};{day};K{place % 40};{amount}" for place, (amount, day) in enumerate(rows)]
    document = report_json(
        written(tmp_path, "orders", "Ordernummer;Orderdatum;Kund;Belopp", *lines), "--period", "2026-01"
    )
    assert findings(document, "sorted-alone") == []


def test_marks_sorted_alone_give_no_satisfaction(tmp_path: Path):
    marks = sorted(random.Random(2).choices([1, 2, 3, 4, 5], [1, 1, 2, 5, 8], k=150))
    header = "Response ID,Submitted at,How satisfied were you with our support?"
    rows = [f"{place},{day},{mark}" for place, (day, mark) in enumerate(zip(days(150), marks, strict=True))]
    document = report_json(written(tmp_path, "answers", header, *rows), "--period", "2026-01")
    assert findings(document, "sorted-alone")
    assert totals(document)["csat"]["value"] is None


def test_handle_times_sorted_alone_give_no_mean(tmp_path: Path):
    times = sorted(random.Random(4).sample(range(3, 400), 150))
    rows = [
        f"{place},{day},{day[:11]}15:00,Closed,{time}"
        for place, (day, time) in enumerate(zip(days(150), times, strict=True))
    ]
    document = report_json(
        written(tmp_path, "tickets", "Ticket ID,Created at,Resolved at,Status,Handle time (minutes)", *rows),
        "--period",
        "2026-01",
    )
    assert findings(document, "sorted-alone")
    assert totals(document)["handle_time"]["value"] is None
    assert totals(document)["tickets_created"]["value"] is not None
