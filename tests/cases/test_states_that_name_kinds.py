"""What a file says of its own rows, taken for something else: no figure at all, though its own words were clear."""

from pathlib import Path

import pytest
from reported import Reported, reported


def orders(folder: Path, name: str, *states: str) -> Reported:
    rows = [f"{n},2026-01-{1 + n:02} 09:00,c{n}@x.se,100,{states[n % len(states)]}" for n in range(20)]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(("Order number,Order date,Customer,Amount,Status", *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("name", ["cancelled", "orders_kansellert", "makulerade 2026", "returns"])
def test_orders_that_say_themselves_which_are_cancelled(tmp_path: Path, name: str) -> None:
    found = orders(tmp_path, name, "Completed", "Completed", "Completed", "Cancelled")
    assert found.value("revenue") == 1500


@pytest.mark.parametrize("name", ["cancelled", "orders_kansellert", "returns"])
def test_a_name_is_obeyed_where_the_states_are_all_alike(tmp_path: Path, name: str) -> None:
    assert orders(tmp_path, name, "Completed").value("revenue") is None


def customers(folder: Path, words: tuple[str, str]) -> Reported:
    rows = [
        f"{n};2025-0{1 + n % 9}-01;{'' if n % 3 else '2026-01-1' + str(n % 10)};{words[n % 4 == 1]}" for n in range(60)
    ]
    path = folder / "k.csv"
    path.write_text("\n".join(("Kundnummer;Kund sedan;Avslutad;Status", *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("words", [("Kund", "Prospekt"), ("Customer", "Lead"), ("Kunde", "Kunde")])
def test_a_kind_of_record_says_of_nobody_that_he_is_there(tmp_path: Path, words: tuple[str, str]) -> None:
    assert customers(tmp_path, words).value("churn_rate") > 0.2


def test_a_state_says_it(tmp_path: Path) -> None:
    found = customers(tmp_path, ("Aktiv", "Aktiv"))
    assert (found.value("churn_rate"), "still-there" in found.codes) == (None, True)
