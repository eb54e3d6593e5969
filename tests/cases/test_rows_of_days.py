"""Guards: means and sums of a day (of a day and agent, of a week) that are read as answers, reviews, orders and tickets."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, DAY = date(2026, 1, 2), timedelta(days=1)
QUESTION = "Hur nöjd är du med supporten?"


def asked(path: Path) -> dict[str, Any]:
    return report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


def days(count: int, step: int = 1) -> list[date]:
    return [BEGIN + place * step * DAY for place in range(count)]


def mean(place: int) -> str:
    return str((3, 4, "4,75", "4,5", 5, "3,25", 4)[place % 7])


def of_each(form: str, every: list[date]) -> list[str]:
    return [form.format(at=at, mean=mean(place), of_100=(50, 75, 100, 80)[place % 4], amount=4000 + place * 331 % 9000, hours=2 + place * 7 % 13, whole=3 + place % 3) for place, at in enumerate(every)]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "form", "step", "kpi"),
    [
        (f"Datum;{QUESTION}", "{at};{mean}", 1, "csat"),
        ("Datum;CSAT", "{at};{of_100}", 1, "answers_received"),
        ("Recensionsdatum;Betyg", "{at};{whole}", 1, "review_rating"),
        ("Orderdatum;Belopp", "{at};{amount},00", 1, "aov"),
        ("Datum;CSAT (1-5)", "{at};{whole}", 7, "csat"),
    ],
)
def test_a_row_for_each_day_is_no_single_thing(tmp_path: Path, header: str, form: str, step: int, kpi: str) -> None:
    document = asked(written(tmp_path, "means", header, *of_each(form, days(84 // step, step))))
    assert totals(document)[kpi]["value"] is None
    assert "one row for each" in findings(document, "rows-of-many")[0]


@pytest.mark.parametrize(
    ("header", "form", "kpi"),
    [
        ("Skapad;Handläggare;Första svarstid (timmar)", "{at};{who};{hours}", "first_reply_time"),
        (f"Datum;Handläggare;{QUESTION}", "{at};{who};{mean}", "csat"),
        ("Date;Team;CSAT (1-5)", "{at};{who};{whole}", "csat"),
    ],
)
def test_nor_is_one_for_each_day_and_agent(tmp_path: Path, header: str, form: str, kpi: str) -> None:
    dice, lines = random.Random(5), list[str]()
    for place, at in enumerate(days(84)):
        for who in ("Anna", "Bo", "Cia"):
            if dice.random() < 0.6:
                lines.append(form.format(at=at, who=who, mean=mean(place), hours=2 + place % 9, whole=3 + place % 3))
    document = asked(written(tmp_path, "means", header, *lines))
    assert totals(document)[kpi]["value"] is None
    assert f"`{header.split(';')[1]}`" in findings(document, "rows-of-many")[0]


@pytest.mark.parametrize("spans", [("2026-01", "2026-02", "2026-03"), ("2026-02-01", "2026-02-08", "2026-02-15")])
def test_one_row_for_each_date_and_team_is_none(tmp_path: Path, spans: tuple[str, ...]) -> None:
    lines = [f"{at};{team};{3 + place % 3}" for at in spans for place, team in enumerate("ABCDE")]
    document = asked(written(tmp_path, "grid", "Datum;Team;CSAT (1-5)", *lines))
    assert "none is missing" in findings(document, "rows-of-many")[0]
    assert totals(document)["csat"]["value"] is None


def test_a_sum_of_each_day_is_revenue_all_the_same(tmp_path: Path) -> None:
    lines = of_each("{at};{amount},00", days(84))
    document = asked(written(tmp_path, "sums", "Orderdatum;Belopp", *lines))
    own = [float(line.split(";")[1].replace(",", ".")) for line in lines if line.startswith("2026-02")]
    assert totals(document)["revenue"]["value"] == sum(own)


@pytest.mark.parametrize(("header", "kpi"), [(f"Datum;{QUESTION}", "csat"), ("Recensionsdatum;Betyg", "review_rating"), ("Datum;CSAT (1-5);Kanal", "csat")])  # fmt: skip
@pytest.mark.parametrize("count", [25, 60, 300])
def test_answers_of_days_that_come_as_they_come_are_answers(tmp_path: Path, header: str, kpi: str, count: int) -> None:
    dice = random.Random(count)
    lines = [
        f"{BEGIN + dice.randrange(84) * DAY};{dice.randrange(1, 6)}"
        + (f";{dice.choice(['Chatt', 'Telefon', 'Mejl'])}" if "Kanal" in header else "")
        for _ in range(count)
    ]
    document = asked(written(tmp_path, "answers", header, *lines))
    assert findings(document, "rows-of-many") == []
    assert totals(document)[kpi]["value"] is not None


HEAD = "Orderdatum;Kund;Belopp"


def purchases(count: int, customers: int, *, twice: bool) -> list[tuple[date, int]]:
    """Who bought on which day, on 80 days; on some days twice where customers do."""
    dice = random.Random(9)
    found = [(BEGIN + dice.randrange(80) * DAY, dice.randrange(customers)) for _ in range(count)]
    return found if twice else list(dict.fromkeys(found))


def sums(folder: Path, rows: list[tuple[date, int]], head: str = HEAD, form: str = "%Y-%m-%d") -> dict[str, Any]:
    lines = [f"{at:{form}};k{who:03}@ex.se;{100 + place * 37 % 900},00" for place, (at, who) in enumerate(rows)]
    return asked(written(folder, "o", head, *lines))


@pytest.mark.parametrize("head", [HEAD, "Order date;Customer;Amount"])
def test_sums_of_a_customer_and_a_month_are_no_orders(tmp_path: Path, head: str) -> None:
    rows = [(date(2026, month, 1), who) for month in (1, 2, 3) for who in range(60) if (who + month) % 4]
    document = sums(tmp_path, rows, head)
    found = totals(document)
    assert "one for each customer and month" in findings(document, "rows-of-many")[0]
    assert [found[name]["value"] for name in ("aov", "orders_per_customer")] == [None, None]
    assert found["revenue"]["value"] is not None
    assert found["active_customers"]["value"] == len({who for at, who in rows if at.month == 2})


def test_nor_are_those_of_a_customer_and_a_day(tmp_path: Path) -> None:
    document = sums(tmp_path, sorted(purchases(900, 60, twice=False)))
    assert "in the order of the customers" in findings(document, "rows-of-many")[0]
    assert totals(document)["aov"]["value"] is None


def test_customers_who_never_buy_twice_a_day_may_be_sums(tmp_path: Path) -> None:
    document = sums(tmp_path, sorted(purchases(900, 60, twice=False), key=lambda row: row[0]))
    assert "if each is the sum" in findings(document, "rows-of-many")[0]
    assert totals(document)["aov"]["value"] is not None
    assert any("not compared" in note for note in totals(document)["aov"]["notes"])


@pytest.mark.parametrize("count", [60, 900])
def test_orders_of_customers_who_buy_twice_a_day_now_and_then(tmp_path: Path, count: int) -> None:
    document = sums(tmp_path, sorted(purchases(count, 60, twice=True)))
    assert not findings(document, "rows-of-many")


def test_few_orders_of_customers_may_lie_apart(tmp_path: Path) -> None:
    assert not findings(sums(tmp_path, sorted(purchases(120, 80, twice=False))), "rows-of-many")
