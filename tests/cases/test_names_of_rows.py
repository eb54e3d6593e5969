"""Guards: a customer of its own for each row (`Kund 1` to `Kund 220`, a hash a row): nobody came back, and all was resolved at first contact."""

import hashlib
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)
CODE = "placeholder-customer"
OF_ORDERS = ("active_customers", "repurchase_rate", "orders_per_customer")


def asked(path: Path) -> dict[str, Any]:
    return report_json(path, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


def tickets(folder: Path, names: list[str]) -> dict[str, Any]:
    lines = [
        f"{41000 + place};{BEGIN + place * 9 * HOUR:%Y-%m-%d %H:%M};{BEGIN + (place * 9 + 5 + place % 30) * HOUR:%Y-%m-%d %H:%M};{name}"
        for place, name in enumerate(names)
    ]
    return asked(written(folder, "t", "Ärendenummer;Skapad;Löst;Kund", *lines))


def orders(folder: Path, names: list[str], *, is_newest_first: bool = False) -> dict[str, Any]:
    lines = [
        f"{6100 + place};{BEGIN + place * 9 * HOUR:%Y-%m-%d %H:%M};{name};{100 + place * 37 % 90},00"
        for place, name in enumerate(names)
    ]
    return asked(
        written(folder, "o", "Ordernummer;Orderdatum;Kund;Belopp", *(lines[::-1] if is_newest_first else lines))
    )


def shuffled(count: int) -> list[int]:
    return random.Random(3).sample(range(1, count + 1), count)


@pytest.mark.parametrize(
    "names",
    [
        [f"Kund {place + 1}" for place in range(220)],
        [f"user_{number:04d}@anon.local" for number in shuffled(220)],
        [str(41000 + place) for place in range(220)],
    ],
)
def test_tickets_whose_customers_are_numbered_as_they_are_show_nobody_who_came_back(
    tmp_path: Path, names: list[str]
) -> None:
    document = tickets(tmp_path, names)
    assert totals(document)["fcr_no_repeat"]["value"] is None
    assert totals(document)["tickets_created"]["value"] is not None
    assert "numbered like the rows" in findings(document, CODE)[0]


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_nor_do_orders(tmp_path: Path, is_newest_first: bool) -> None:
    document = orders(tmp_path, [f"K{3 * place}" for place in range(200)], is_newest_first=is_newest_first)
    assert [totals(document)[name]["value"] for name in OF_ORDERS] == [None] * 3
    assert totals(document)["revenue"]["value"] is not None


def test_a_code_for_each_row_is_reported_and_not_compared(tmp_path: Path) -> None:
    codes = [hashlib.sha256(str(place).encode()).hexdigest()[:12] for place in range(220)]
    document = tickets(tmp_path, codes)
    assert "called by codes" in findings(document, CODE)[0]
    assert totals(document)["fcr_no_repeat"]["verdict"] is None


@pytest.mark.parametrize("kind", ["addresses", "numbers", "codes that come back", "few"])
def test_customers_of_whom_none_came_back_are_customers(tmp_path: Path, kind: str) -> None:
    dice = random.Random(7)
    names = {
        "addresses": [f"{dice.choice('abcdefgh')}{place * 7919 % 9973}@ex.se" for place in range(200)],
        "numbers": [str(number) for number in dice.sample(range(10_000, 90_000), 200)],
        "codes that come back": [hashlib.sha256(str(place % 150).encode()).hexdigest() for place in range(200)],
        "few": [f"Kund {place}" for place in range(40)],
    }[kind]
    document = orders(tmp_path, names)
    found = [each for each in document["findings"] if each["code"] == CODE]
    assert not any(each["serious"] for each in found)
    assert len(found) == (kind in ("addresses", "numbers"))
    if kind != "few":
        assert all(totals(document)[name]["value"] is not None for name in OF_ORDERS)


def test_a_list_in_the_order_of_its_customers_is_none_of_numbered_rows(tmp_path: Path) -> None:
    dice = random.Random(5)
    numbers = sorted(dice.sample(range(10_000, 90_000), 200))
    hours = dice.sample(range(1900), 200)
    lines = [
        f"{6100 + place};{BEGIN + hour * HOUR:%Y-%m-%d %H:%M};{number};100,00"
        for place, (hour, number) in enumerate(zip(hours, numbers, strict=True))
    ]
    document = asked(written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *lines))
    assert "holds only if each name" in findings(document, CODE)[0]
    assert totals(document)["repurchase_rate"]["value"] == 0


@pytest.mark.parametrize(("each", "is_said"), [(1, True), (4, False)])
@pytest.mark.parametrize("name", ["Agent {}", "a{:08x}"])
def test_an_agent_of_its_own_for_each_ticket_is_no_agent(tmp_path: Path, name: str, each: int, is_said: bool) -> None:
    lines = [
        f"{place};{BEGIN + place * 9 * HOUR:%Y-%m-%d %H:%M};{BEGIN + (place * 9 + 5) * HOUR:%Y-%m-%d %H:%M};{name.format(place // each)}"
        for place in range(220)
    ]
    document = asked(written(tmp_path, "t", "Ärendenummer;Skapad;Löst;Handläggare", *lines))
    assert bool(findings(document, "agents-of-nobody")) is is_said
    assert (totals(document)["tickets_per_agent"]["value"] is None) is is_said
