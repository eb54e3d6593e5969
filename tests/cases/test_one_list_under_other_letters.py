"""A list that numbers its rows otherwise than another does: letters, zeros or a word before them, or other numbers, with days alone.

What both hold counts once, as far as all else that rows say shows it; where that is unknown, it is reported. Lists of two sources stay two.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

HEADS = {
    "answers": ("Svars-ID;Svarsdatum;Hur nöjd är du med supporten? (1-5)", "2026-01-{d:02} 09:{m:02};{s}"),
    "reviews": ("Review ID,Review date,Rating", "2026-01-{d:02} 10:{m:02},{s}"),
    "orders": ("Order number,Order date,Amount", "2026-01-{d:02} 11:{m:02},{m}0.50"),
    "customers": ("Customer number,Customer since,Ended", "2025-{o:02}-{d:02},"),
}  # fmt: skip
LETTERS: dict[str, Callable[[int], str]] = {
    "SE": "SE{}".format,
    "with a line": "DK-{}".format,
    "zeros": "000{}".format,
    "a word": "Record {}".format,
    "#": "#{}".format,
}


def rows(table: str, numbers: range, spelling: Callable[[int], str], moved: int = 0) -> str:
    head, line = HEADS[table]
    apart = ";" if ";" in head else ","
    shown = [(n, n + moved) for n in numbers]
    lines = [
        spelling(7100 + n) + apart + line.format(d=1 + m * 3 % 28, m=m * 7 % 60, s=1 + m % 5, o=1 + m * 5 % 12)
        for n, m in shown
    ]
    return "\n".join((head, *lines)) + "\n"


def both(folder: Path, table: str, spelling: Callable[[int], str], moved: int = 0) -> Reported:
    """Forty rows, and thirty more of which the first twenty have the numbers of its last: the same ones, or others."""
    (folder / "a.csv").write_text(rows(table, range(40), str), encoding="utf-8")
    (folder / "b.csv").write_text(rows(table, range(20, 50), spelling, moved), encoding="utf-8")
    return reported(folder / "a.csv", folder / "b.csv", "--kpi", "*", period="2026-01")


def counted(found: Reported) -> int:
    return sum(int(source["rows_used"]) for source in found.document["sources"])


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("table", HEADS)
def test_what_both_lists_have_counts_once(tmp_path: Path, table: str, letters: str) -> None:
    found = both(tmp_path, table, LETTERS[letters])
    assert counted(found) == 50
    assert {"spelt-numbers", "repeated-keys"} & found.codes


@pytest.mark.parametrize("table", HEADS)
def test_two_sources_with_the_same_digits_stay_two(tmp_path: Path, table: str) -> None:
    found = both(tmp_path, table, LETTERS["SE"], moved=200)
    assert counted(found) == 70
    assert "spelt-numbers" not in found.codes


def test_customers_of_one_day_may_be_the_same(tmp_path: Path) -> None:
    """All came with a move to another system: nothing but the digits shows that they are one."""
    lines = [f"{7100 + n},2024-01-01," for n in range(40)]
    other = [f"K{7100 + n},2024-01-01," for n in range(40)]
    head = HEADS["customers"][0]
    (tmp_path / "a.csv").write_text("\n".join((head, *lines)) + "\n")
    (tmp_path / "b.csv").write_text("\n".join((head, *other)) + "\n")
    found = reported(tmp_path / "a.csv", tmp_path / "b.csv", "--kpi", "*", period="2026-01")
    assert counted(found) == 80
    assert "cannot be told" in found.finding_text("spelt-numbers")


def people(folder: Path, *, are_named: bool) -> Reported:
    head = (
        "Kundenummer,Navn,E-post,Kunde siden,Avsluttet,Abonnement"
        if are_named
        else "Kundenummer,Kunde siden,Avsluttet,Abonnement"
    )
    for name, numbers, first in (("a", range(40), 5000), ("b", range(10, 50), 88120)):
        lines = []
        for n in numbers:
            who = f"Ola {n},ola{n}@x.no," if are_named else ""
            ended = f"2026-01-{1 + n % 9:02}" if n % 4 == 0 else ""
            lines.append(
                f"{first + n * 3},{who}2025-{1 + n % 11:02}-{1 + n * 5 % 28:02},{ended},{'Basis' if n % 3 else 'Pluss'}"
            )
        (folder / f"{name}.csv").write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return reported(folder / "a.csv", folder / "b.csv", "--kpi", "*", period="2026-01")


def test_customers_under_new_numbers_are_known_by_name(tmp_path: Path) -> None:
    found = people(tmp_path, are_named=True)
    assert (counted(found), "copied-rows" in found.codes) == (50, True)


def test_customers_known_by_days_alone_are_in_doubt(tmp_path: Path) -> None:
    found = people(tmp_path, are_named=False)
    assert counted(found) == 80
    assert "some may count twice" in found.finding_text("copied-rows")
