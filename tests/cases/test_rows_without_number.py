"""Guards: tickets, orders, answers and reviews without a number of their own, written as several rows each: by tag, by article, or as copies, also where each row
was given a number."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, MINUTE = datetime(2026, 1, 2, 8), timedelta(minutes=1)
TAGS = ("frakt", "retur", "konto", "faktura")


def times(count: int, seed: int = 4) -> list[datetime]:
    dice = random.Random(seed)
    return sorted(BEGIN + dice.randrange(86 * 1440) * MINUTE for _ in range(count))


def in_february(at: datetime) -> bool:
    return at.month == 2


def asked(path: Path) -> dict[str, Any]:
    return report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


@pytest.mark.parametrize("shape", ["customer and tag", "nobody and tag", "copies"])
def test_a_ticket_of_several_rows_is_one(tmp_path: Path, shape: str) -> None:
    opened, lines = times(220), []
    for place, at in enumerate(opened):
        ended = "" if place % 9 == 0 else f"{at + (60 + place * 37 % 900) * MINUTE:%Y-%m-%d %H:%M}"
        who = f"k{place % 70}@ex.se" if shape == "customer and tag" else "Web"
        for tag in range(1 + place % 3):
            word = "" if shape == "copies" else TAGS[(place + tag) % 4]
            lines.append(f"{at:%Y-%m-%d %H:%M};{ended};{who};{word}")
    header = f"Skapad;Löst;{'Kund' if shape == 'customer and tag' else 'Kanal'};Tagg"
    document = asked(written(tmp_path, "t", header, *lines))
    assert totals(document)["tickets_created"]["value"] == sum(map(in_february, opened))
    assert "220" in findings(document, "split-answers")[0]


def test_a_ticket_of_days_with_a_row_for_each_tag_is_one(tmp_path: Path) -> None:
    opened, lines = times(220), []
    for place, at in enumerate(opened):
        ended = "" if place % 9 == 0 else f"{at + (60 + place * 537 % 9000) * MINUTE:%Y-%m-%d}"
        lines += [
            f"{at:%Y-%m-%d};{ended};k{place % 70}@ex.se;{TAGS[(place + tag) % 4]}" for tag in range(1 + place % 3)
        ]
    document = asked(written(tmp_path, "t", "Skapad;Löst;Kund;Etikett", *lines))
    assert totals(document)["tickets_created"]["value"] == sum(map(in_february, opened))


def test_two_tickets_of_a_customer_and_day_are_two(tmp_path: Path) -> None:
    """All are resolved on the day, so that nothing tells the rows of one from two that came together."""
    lines = [
        f"{at:%Y-%m-%d};{at:%Y-%m-%d};k{place % 70}@ex.se;{TAGS[(place + more) % 4]}"
        for place, at in enumerate(times(220))
        for more in range(1 + place % 2)
    ]
    document = asked(written(tmp_path, "t", "Skapad;Löst;Kund;Etikett", *lines))
    assert findings(document, "split-answers") == []


@pytest.mark.parametrize("header", ["Namn;Kund sedan;Avslutad;Produkt", "Navn;Kunde siden;Avsluttet;Produkt"])
def test_a_customer_with_a_row_for_each_product_is_one(tmp_path: Path, header: str) -> None:
    dice, lines = random.Random(8), []
    for place in range(300):
        came = BEGIN - timedelta(days=dice.randrange(700))
        left = f"{came + timedelta(days=dice.randrange(20, 600)):%Y-%m-%d}" if dice.random() < 0.4 else ""
        lines += [f"Firma {place};{came:%Y-%m-%d};{left};P{(place + more) % 5}" for more in range(1 + place % 2)]
    document = asked(written(tmp_path, "c", header, *lines))
    assert "450 rows for 300 customers" in findings(document, "split-answers")[0]


def test_tickets_of_several_rows_that_differ_in_what_is_counted_are_withheld(tmp_path: Path) -> None:
    lines = [
        f"{at:%Y-%m-%d %H:%M};{at + (60 + place * 37 % 900) * MINUTE:%Y-%m-%d %H:%M};k{place % 70}@ex.se;{5 + place + more}"
        for place, at in enumerate(times(220))
        for more in range(1 + place % 2)
    ]
    document = asked(written(tmp_path, "t", "Skapad;Löst;Kund;Antal svar", *lines))
    assert totals(document)["tickets_created"]["value"] is None
    assert "`Antal svar`" in findings(document, "split-answers")[0]


@pytest.mark.parametrize(
    ("question", "top"),
    [("Hur nöjd är du med supporten?", 5), ("Hur sannolikt är det att du rekommenderar oss (0-10)?", 10)],
)
def test_an_answer_of_nobody_with_a_row_for_each_topic_counts_once(tmp_path: Path, question: str, top: int) -> None:
    dice, opened, lines = random.Random(6), times(300), []
    for place, at in enumerate(opened):
        mark = dice.randrange(0 if top == 10 else 1, top + 1)
        lines += [f"{at:%Y-%m-%d %H:%M};{mark};{TAGS[(place + tag) % 4]}" for tag in range(1 + place % 3)]
    document = asked(written(tmp_path, "a", f"Svarsdatum;{question};Orsak", *lines))
    assert totals(document)["answers_received"]["value"] == pytest.approx(sum(map(in_february, opened)), abs=1)


def test_answers_that_stand_there_twice_count_and_are_not_compared(tmp_path: Path) -> None:
    dice = random.Random(6)
    lines = [f"{at:%Y-%m-%d %H:%M};{mark}" for at in times(300) for mark in [dice.randrange(1, 6)] for _ in "ab"]
    document = asked(written(tmp_path, "a", "Svarsdatum;Hur nöjd är du med supporten?", *lines))
    assert "are the same as another" in findings(document, "split-answers")[0]
    assert totals(document)["csat"]["verdict"] is None


@pytest.mark.parametrize("marks", [(1, 2, 3, 4, 5), (5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 4)])
def test_answers_of_strangers_in_one_minute_are_their_own(tmp_path: Path, marks: tuple[int, ...]) -> None:
    """Forms that were typed in after a fair: several a minute, each with its own mark, or nearly all content."""
    dice = random.Random(2)
    opened = [at for at in times(100) for _ in range(4)]
    lines = [f"{at:%Y-%m-%d %H:%M};{dice.choice(marks)};{dice.choice(TAGS)}" for at in opened]
    document = asked(written(tmp_path, "a", "Svarsdatum;Hur nöjd är du med supporten?;Tema", *lines))
    assert totals(document)["answers_received"]["value"] == sum(map(in_february, opened))


def orders(count: int = 260) -> list[tuple[datetime, str, int]]:
    dice = random.Random(9)
    return [(at, f"c{dice.randrange(90)}@ex.se", dice.choice([99, 249, 1299, 2490])) for at in times(count, seed=7)]


@pytest.mark.parametrize("is_named", [True, False])
def test_an_order_with_a_row_for_each_article_is_one(tmp_path: Path, is_named: bool) -> None:
    bought = orders()
    lines = [
        f"{at:%Y-%m-%d %H:%M};{who if is_named else 'Webb'};{amount},00;A{place * 3 + line}"
        for place, (at, who, amount) in enumerate(bought)
        for line in range(1 + place % 3)
    ]
    document = asked(written(tmp_path, "o", f"Orderdatum;{'Kund' if is_named else 'Kanal'};Belopp;Artikel", *lines))
    amounts = [amount for at, _, amount in bought if in_february(at)]
    assert totals(document)["revenue"]["value"] == sum(amounts)
    assert totals(document)["aov"]["value"] == pytest.approx(sum(amounts) / len(amounts))
    assert "519 rows for 260 orders" in findings(document, "no-number")[0]


def test_so_is_the_order_of_a_guest(tmp_path: Path) -> None:
    bought = orders()
    lines = [
        f"{at:%Y-%m-%d %H:%M};{who if place % 2 else ''};{amount},00;A{place * 3 + line}"
        for place, (at, who, amount) in enumerate(bought)
        for line in range(1 + place % 3)
    ]
    document = asked(written(tmp_path, "o", "Orderdatum;Kund;Belopp;Artikel", *lines))
    assert totals(document)["revenue"]["value"] == sum(amount for at, _, amount in bought if in_february(at))


def test_lines_with_prices_of_their_own_are_added_up(tmp_path: Path) -> None:
    bought = orders()
    lines = [
        f"{at:%Y-%m-%d %H:%M:%S};{who};{amount + 10 * line};SKU{place + line}"
        for place, (at, who, amount) in enumerate(bought)
        for line in range(1 + place % 3)
    ]
    sums = [sum(amount + 10 * line for line in range(1 + place % 3)) for place, (_, _, amount) in enumerate(bought)]
    document = asked(written(tmp_path, "o", "Order date;Customer;Amount;SKU", *lines))
    own = [total for total, (at, _, _) in zip(sums, bought, strict=True) if in_february(at)]
    assert totals(document)["aov"]["value"] == pytest.approx(sum(own) / len(own))


def test_a_total_in_equal_shares_is_not_taken_for_the_total(tmp_path: Path) -> None:
    lines = [
        f"{at:%Y-%m-%d %H:%M};{who};{amount / (1 + place % 3):.2f};A{line}"
        for place, (at, who, amount) in enumerate(orders())
        for line in range(1 + place % 3)
    ]
    assert totals(asked(written(tmp_path, "o", "Orderdatum;Kund;Belopp;Artikel", *lines)))["revenue"]["value"] is None


@pytest.mark.parametrize(
    ("header", "article"), [("Orderdatum;Kund;Belopp;Artikel", ";A{}"), ("Orderdatum;Kund;Belopp", "")]
)
def test_lines_of_days_count_no_orders(tmp_path: Path, header: str, article: str) -> None:
    bought = orders()
    lines = [
        f"{at:%Y-%m-%d};{who};{amount + line}{article.format(line)}"
        for place, (at, who, amount) in enumerate(bought)
        for line in range(1 + place % 3)
    ]
    found = totals(asked(written(tmp_path, "o", header, *lines)))
    assert [found[name]["value"] for name in ("aov", "orders_per_customer", "repurchase_rate")] == [None] * 3
    assert found["revenue"]["value"] is not None


def test_orders_of_one_article_are_orders(tmp_path: Path) -> None:
    bought = orders()
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        lines = [f"{at:{form}};{who};{amount},00;A{place % 20}" for place, (at, who, amount) in enumerate(bought)]
        document = asked(written(tmp_path, "o", "Orderdatum;Kund;Belopp;Artikel", *lines))
        amounts = [amount for at, _, amount in bought if in_february(at)]
        assert totals(document)["aov"]["value"] == pytest.approx(sum(amounts) / len(amounts))
        assert findings(document, "order-lines") == []


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("Rad;Skapad;Löst;Kund", "tickets_created"), ("ID;Skapad;Löst;Kund", "tickets_created"), ("Svars-ID;Svarsdatum;Nöjdhet (1-5)", "csat"),
        ("Recensions-ID;Recensionsdatum;Betyg", "review_rating"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", [";Tagg", ""])
def test_a_number_for_each_row_makes_no_more_of_them(tmp_path: Path, header: str, kpi: str, tag: str) -> None:
    """Whether they are several is for the reader to say: numbers are there."""
    dice, lines = random.Random(3), list[str]()
    for place, at in enumerate(times(220)):
        last = f"{at + (60 + place * 37 % 900) * MINUTE:%Y-%m-%d %H:%M};k{place % 70}@ex.se"
        last = last if kpi == "tickets_created" else str(dice.randrange(1, 6))
        rows = [
            f"{at:%Y-%m-%d %H:%M};{last}" + (f";{TAGS[(place + more) % 4]}" if tag else "")
            for more in range(1 + place % 3)
        ]
        lines += [f"{len(lines) + 1 + more};{row}" for more, row in enumerate(rows)]
    document = asked(written(tmp_path, "f", header + tag, *lines))
    assert totals(document)[kpi]["value"] is None
    assert "numbered row by row" in findings(document, "split-answers")[0]


@pytest.mark.parametrize(("times_each", "is_said"), [(3, True), (1, False)])
def test_nor_does_one_for_each_line_of_an_order(tmp_path: Path, times_each: int, is_said: bool) -> None:
    lines = list[str]()
    for place, (at, who, amount) in enumerate(orders()):
        rows = [f"{at:%Y-%m-%d %H:%M};{who};{amount},00;A{line}" for line in range(1 + place % times_each)]
        lines += [f"{900 + len(lines) + more};{row}" for more, row in enumerate(rows)]
    document = asked(written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp;Artikel", *lines))
    assert (totals(document)["revenue"]["value"] is None) is is_said
    assert bool(findings(document, "order-lines")) is is_said


def test_tickets_that_came_together_are_several(tmp_path: Path) -> None:
    """Ten a Monday, opened by one for ten machines, each about its own and resolved in its own time."""
    dice, lines = random.Random(5), list[str]()
    for week in range(12):
        at = BEGIN + timedelta(days=7 * week)
        for machine in range(10):
            done = at + dice.randrange(30, 4000) * MINUTE
            lines.append(f"{len(lines) + 1};{at:%Y-%m-%d %H:%M};{done:%Y-%m-%d %H:%M};it@ex.se;Maskin {machine}")
    document = asked(written(tmp_path, "t", "ID;Skapad;Löst;Kund;Ämne", *lines))
    assert findings(document, "split-answers") == []
