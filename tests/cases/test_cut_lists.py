"""Guards: lists cut at a round number of rows in the order of something else than time, lists without repeats, old copies of a list beside it."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)
HEAD = "Ärendenummer;Skapad;Löst;Status;Prioritet;Kund"
Case = tuple[int, datetime, datetime, str, str]


def cases(count: int, customers: int = 90) -> list[Case]:
    dice = random.Random(8)
    rows = []
    for place in range(count):
        opened = BEGIN + place * 80 * 24 * HOUR / count
        rows.append(
            (
                4000 + place,
                opened,
                opened + dice.randint(3, 90) * HOUR,
                dice.choice(["Hög", "Låg", "Normal"]),
                f"k{dice.randrange(customers)}@ex.se",
            )
        )
    return rows


def listed(folder: Path, rows: list[Case], name: str = "t") -> Path:
    lines = [f"{number};{a:%Y-%m-%d %H:%M};{b:%Y-%m-%d %H:%M};Löst;{what};{who}" for number, a, b, what, who in rows]
    return written(folder, name, HEAD, *lines)


@pytest.mark.parametrize("by", [3, 4])
def test_a_round_number_of_rows_sorted_by_words_is_cut(tmp_path: Path, by: int):
    path = listed(tmp_path, sorted(cases(1400), key=lambda row: row[by])[:1000])
    document = report_json(path, "--all", "--kpi", "*", "--period", "2026-02")
    assert (
        f"exactly 1,000 rows in the order of `{'Prioritet' if by == 3 else 'Kund'}`"
        in findings(document, "part-of-export")[0]
    )
    assert totals(document)["tickets_created"]["verdict"] is None


@pytest.mark.parametrize(("count", "by"), [(1000, 0), (999, 3), (1000, None)])
def test_other_lists_are_not(tmp_path: Path, count: int, by: int | None):
    rows = random.Random(1).sample(cases(count), count) if by is None else sorted(cases(count), key=lambda row: row[by])
    assert findings(report_json(listed(tmp_path, rows), "--period", "2026-02"), "part-of-export") == []


def test_each_customer_once_shows_nobody_who_came_back(tmp_path: Path):
    once = {row[4]: row for row in cases(240)}
    document = report_json(listed(tmp_path, sorted(once.values())), "--all", "--kpi", "*", "--period", "2026-02")
    assert "each of 8" in findings(document, "part-of-export")[0]
    assert totals(document)["fcr_no_repeat"]["value"] is None


def test_orders_of_each_customer_once_show_no_other_order(tmp_path: Path):
    dice = random.Random(3)
    rows = [(6000 + place, BEGIN + place * 8 * HOUR, dice.randrange(70)) for place in range(240)]
    once = {row[2]: row for row in rows}
    lines = [f"{number};{at:%Y-%m-%d %H:%M};K{who};100" for number, at, who in sorted(once.values())]
    document = report_json(
        written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *lines),
        "--all",
        "--kpi",
        "*",
        "--period",
        "2026-02",
    )
    assert totals(document)["repurchase_rate"]["value"] is None
    assert totals(document)["revenue"]["value"] is not None


@pytest.mark.parametrize("gap", [1, 997])
def test_customers_who_come_once_do(tmp_path: Path, gap: int):
    """Numbers without gaps, or of a system that many use."""
    rows = [(4000 + gap * place, row[1], row[2], row[3], f"k{place}@ex.se") for place, row in enumerate(cases(120))]
    document = report_json(listed(tmp_path, rows), "--all", "--kpi", "*", "--period", "2026-02")
    assert findings(document, "part-of-export") == []
    assert totals(document)["fcr_no_repeat"]["value"] == 1


def workbook(folder: Path, sheets: dict[str, list[Case]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(HEAD.split(";"))
        for number, a, b, what, who in rows:
            sheet.append([number, a, b, "Löst", what, who])
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def later(rows: list[Case], days: int) -> list[Case]:
    return [(row[0] + 50_000, row[1] + days * 24 * HOUR, row[2] + days * 24 * HOUR, *row[3:]) for row in rows]


@pytest.mark.parametrize(
    "name", ["Tickets (gammal)", "Kopia av Tickets", "Tickets_old", "Tickets (2)", "tickets - backup"]
)
def test_an_old_copy_on_another_sheet_is_reported(tmp_path: Path, name: str):
    rows = cases(120)
    document = report_json(
        workbook(tmp_path, {"Tickets": rows, name: later(rows, -3)}), "--all", "--kpi", "*", "--period", "2026-02"
    )
    assert f"`{name}` calls itself an old copy of `Tickets`" in findings(document, "old-copies")[0]
    assert totals(document)["tickets_created"]["verdict"] is None


def test_an_old_copy_in_another_file_is_reported(tmp_path: Path):
    rows = cases(120)
    paths = listed(tmp_path, rows, "tickets"), listed(tmp_path, later(rows, 2), "tickets_backup")
    assert findings(report_json(*paths, "--period", "2026-02"), "old-copies")


@pytest.mark.parametrize(
    ("name", "days", "number"),
    [("Tickets (gammal)", -200, 50_000), ("Tickets 2", 2, 50_000), ("Norge", 2, 50_000), ("Tickets (gammal)", 0, 0)],
)
def test_an_archive_or_another_list_is_not(tmp_path: Path, name: str, days: int, number: int):
    rows = cases(120)
    other = [(row[0] - 50_000 + number, *row[1:]) for row in later(rows, days)]
    assert (
        findings(report_json(workbook(tmp_path, {"Tickets": rows, name: other}), "--period", "2026-02"), "old-copies")
        == []
    )
