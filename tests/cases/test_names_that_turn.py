"""Guards: pseudonyms made with a key that turns every day, week or month, with which no customer ever comes back from one to the next."""

import hashlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, DAY = datetime(2026, 1, 2), timedelta(days=1)
CODE = "placeholder-customer"
Key = Callable[[datetime], object]


def weekly(at: datetime) -> int:
    return (at - datetime(2026, 1, 1)).days // 7


def monthly(at: datetime) -> int:
    return at.month


def daily(at: datetime) -> str:
    return f"{at:%j}"


def never(at: datetime) -> int:
    return 0


def name(customer: int, turn: object) -> str:
    return hashlib.sha256(f"{customer}/{turn}".encode()).hexdigest()[:10]


def rows(count: int, customers: int) -> list[tuple[datetime, int]]:
    """Cases of 88 days; a customer comes back now and then within days."""
    dice = random.Random(14)
    found: list[tuple[datetime, int]] = []
    while len(found) < count:
        at, who = BEGIN + dice.random() * 88 * DAY, dice.randrange(customers)
        found.append((at, who))
        if dice.random() < 0.3:
            found.append((min(at + dice.expovariate(1 / 2) * DAY, BEGIN + 88 * DAY), who))
    return sorted(found)


def tickets(folder: Path, key: Key, count: int = 320, customers: int = 90) -> dict[str, object]:
    lines = [
        f"{500 + place},{at:%Y-%m-%d %H:%M},{at + 0.4 * DAY:%Y-%m-%d %H:%M},{name(who, key(at))}"
        for place, (at, who) in enumerate(rows(count, customers))
    ]
    path = written(folder, "t", "Ticket ID,Created at,Resolved at,Customer", *lines)
    return report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


def orders(folder: Path, key: Key, count: int = 320, customers: int = 90) -> dict[str, object]:
    lines = [
        f"{500 + place};{at:%d.%m.%Y};{name(who, key(at))};{place % 7 + 1}9,00"
        for place, (at, who) in enumerate(rows(count, customers))
    ]
    path = written(folder, "o", "Ordrenummer;Ordredato;Kunde;Beløp", *lines)
    return report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


@pytest.mark.parametrize(("key", "said"), [(weekly, "two weeks"), (monthly, "two months"), (daily, "two days")])
@pytest.mark.parametrize("export", [tickets, orders])
def test_customers_renamed_now_and_then_show_nobody_who_came_back(
    tmp_path: Path, export: Callable[[Path, Key], dict[str, object]], key: Key, said: str
) -> None:
    document = export(tmp_path, key)
    assert any(said in text for text in findings(document, CODE))
    found = totals(document)
    assert found["fcr_no_repeat" if export is tickets else "repurchase_rate"]["value"] is None
    assert found["tickets_created" if export is tickets else "revenue"]["value"] is not None


@pytest.mark.parametrize("export", [tickets, orders])
@pytest.mark.parametrize(("count", "customers"), [(320, 90), (320, 300), (120, 40)])
def test_customers_under_one_code_each_come_back(
    tmp_path: Path, export: Callable[..., dict[str, object]], count: int, customers: int
) -> None:
    document = export(tmp_path, never, count, customers)
    assert not findings(document, CODE)
    assert totals(document)["fcr_no_repeat" if export is tickets else "repurchase_rate"]["value"] is not None


def test_customers_who_come_once_a_month_keep_their_names(tmp_path: Path) -> None:
    """Nobody comes back within a fortnight, and each in the next month."""
    lines = [
        f"{500 + place};{BEGIN + (place % 100 // 25 + 31 * (place // 100)) * DAY:%Y-%m-%d};K{place % 100};99,00"
        for place in range(280)
    ]
    path = written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *lines)
    assert not findings(report_json(path, "--period", "2026-02", "--no-config"), CODE)


def once(at: datetime) -> bool:
    return at >= datetime(2026, 2, 12)


@pytest.mark.parametrize("export", [tickets, orders])
def test_customers_renamed_on_one_day_did_not_all_leave_on_it(
    tmp_path: Path, export: Callable[..., dict[str, object]]
) -> None:
    document = export(tmp_path, once)
    assert any("both before and after 2026-02-12" in text for text in findings(document, CODE))
    found = totals(document)
    assert any(
        "not compared" in note for note in found["fcr_no_repeat" if export is tickets else "active_customers"]["notes"]
    )
    if export is orders:
        assert found["repurchase_rate"]["value"] is None


@pytest.mark.parametrize("later", [0, 1, 4])
def test_an_export_taken_as_a_quarter_begins_has_no_customer_in_both(tmp_path: Path, later: int) -> None:
    """The newest tickets are of its first morning: who else came back is not in the file yet."""
    known = [
        f"{500 + place},{at:%Y-%m-%d %H:%M},{at + 0.4 * DAY:%Y-%m-%d %H:%M},{name(who, 0)}"
        for place, (at, who) in enumerate(rows(420, 150))
        if at < datetime(2026, 4, 1)
    ]
    new = [f"{9000 + place},2026-04-01 06:{place:02d},,new{place}" for place in range(later)]
    path = written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Customer", *known, *new)
    document = report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")
    assert not findings(document, CODE)
    assert totals(document)["fcr_no_repeat"]["value"] is not None
