"""Lists of costs in several versions, added up: a corrected month, the year so far in a list for each month."""

from pathlib import Path

import openpyxl
import pytest
from reported import Reported, reported

HEADER = "Månad;Kostnadsslag;Belopp"


def costs(folder: Path, *files: list[str], header: str = HEADER, period: str = "2026-03") -> Reported:
    """The cost of a ticket, of which there are 10 in each of the first months of 2026."""
    tickets = [f"{at};2026-{1 + at % 3:02}-{1 + at // 3:02} 08:00;Open" for at in range(30)]
    paths = [folder / "t.csv", *(folder / f"costs-{at}.csv" for at in range(len(files)))]
    for path, (first, rows) in zip(paths, [("Ticket ID;Created at;Status", tickets), *((header, each) for each in files)], strict=True):  # fmt: skip
        path.write_text("\n".join([first, *rows]), encoding="utf-8")
    return reported(*paths, "--kpi", "cost_per_ticket", "--kpi", "cac", period=period)


@pytest.mark.parametrize("days", ["{}", "{}-01", "{}-28"])
def test_a_corrected_month_has_no_value_and_the_others_count_once(tmp_path: Path, days: str) -> None:
    first = [f"{days.format('2026-02')};Support;1100", f"{days.format('2026-03')};Support;1200"]
    files = [first, [first[0], first[1].replace("1200", "1250")]]
    found = costs(tmp_path, *files)
    assert found.value("cost_per_ticket") is None
    assert "1,200, 1,250" in found.finding_text("cost-versions")
    assert costs(tmp_path, *files, period="2026-02").value("cost_per_ticket") == 110
    assert costs(tmp_path, *files, period="2026-Q1").value("cost_per_ticket") is None


def test_of_lists_of_the_year_so_far_the_longest_holds(tmp_path: Path) -> None:
    files = [
        ["2026-01;Support;1000"],
        ["2026-01;Support;1000", "2026-02;Support;1000"],
        ["2026-01;Support;1050", "2026-02;Support;1000", "2026-03;Support;1200"],
    ]
    for month, cost in (("2026-01", 105), ("2026-02", 100), ("2026-03", 120)):
        found = costs(tmp_path, *files, period=month)
        assert found.value("cost_per_ticket") == cost
        assert "goes on longest" in found.finding_text("repeated-keys")


@pytest.mark.parametrize("kind", ["Löner", "Licenser"])
def test_other_kinds_of_cost_and_other_teams_are_added_up(tmp_path: Path, kind: str) -> None:
    wages = ["2026-03;Support;1000;SE"]
    assert costs(tmp_path, wages, ["2026-03;Support;500;NO"], header=f"{HEADER};Land").value("cost_per_ticket") == 150
    header = f"{HEADER};Konto"
    found = costs(tmp_path, ["2026-03;Support;1000;Hyra"], [f"2026-03;Support;500;{kind}"], header=header)
    assert found.value("cost_per_ticket") == 150


def test_a_comment_makes_no_other_cost(tmp_path: Path) -> None:
    header = f"{HEADER};Kommentar"
    found = costs(tmp_path, ["2026-03;Support;1000;"], ["2026-03;Support;1000;attesterad"], header=header)
    assert found.value("cost_per_ticket") == 100


def test_what_is_in_doubt_of_support_touches_no_acquisition(tmp_path: Path) -> None:
    found = costs(tmp_path, ["2026-03;Support;1000"], ["2026-03;Support;1100", "2026-03;Marketing;90"])
    assert found.value("cost_per_ticket") is None
    assert all(each["kpis"] == ["cost_per_ticket*"] for each in found.document["findings"] if each["code"] == "cost-versions")  # fmt: skip


def test_postings_of_one_month_are_all_spent(tmp_path: Path) -> None:
    postings = ["2026-03-02;Support;100", "2026-03-09;Support;300"]
    assert costs(tmp_path, postings, ["2026-03-02;Support;70"]).value("cost_per_ticket") == 47


def test_sheets_of_a_workbook_are_versions_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, amount in (("v1", 1200), ("v2", 1250)):
        sheet = book.create_sheet(name)
        for row in (HEADER.split(";"), ["2026-02", "Support", 1100], ["2026-03", "Support", amount]):
            sheet.append(row)
    book.save(tmp_path / "costs.xlsx")
    (tmp_path / "t.csv").write_text("Ticket ID;Created at;Status\n1;2026-03-01 08:00;Open\n2;2026-02-01 08:00;Open\n")
    files = (tmp_path / "costs.xlsx", tmp_path / "t.csv", "--kpi", "cost_per_ticket")
    assert reported(*files, period="2026-03").value("cost_per_ticket") is None
    assert reported(*files, period="2026-02").value("cost_per_ticket") == 1100


MONTHS = [f"2026-{month:02}" for month in range(1, 7)]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Månad;Supportkostnad", "{};{}"),
        ("Månad;Kostnadsslag;Belopp", "{};Support;{}"),
        ("Month;Support cost;Comment", "{}-01;{};"),
    ],
)
def test_a_month_that_stands_again_counts_once(tmp_path: Path, header: str, line: str) -> None:
    rows = [line.format(month, 1000 + at) for at, month in enumerate(MONTHS)]
    found = costs(tmp_path, [*rows, rows[2]], header=header)
    assert found.value("cost_per_ticket") == 100.2
    assert "2026-03 stands again" in found.finding_text("month-twice")
    assert {"another row of one cost": 1} in found.refused


def test_a_month_with_two_amounts_is_added_up_and_said(tmp_path: Path) -> None:
    rows = [f"{month};Support;1000" for month in MONTHS]
    found = costs(tmp_path, [*rows, "2026-03;Support;500"])
    assert found.value("cost_per_ticket") == 150
    assert "different amounts, which are added up" in found.finding_text("month-twice")


@pytest.mark.parametrize(
    "rows",
    [
        [f"{month};Support;1000" for month in MONTHS for _ in range(2)],
        [f"{month};Support;1000" for month in MONTHS[:3]] + ["2026-03;Support;1000"],
        [f"{month}-{day};Support;100" for month in MONTHS for day in ("05", "05", "20")],
    ],
    ids=["two of every month", "too few to show a habit", "postings"],
)
def test_a_list_that_has_no_habit_of_one_row_a_month_keeps_them(tmp_path: Path, rows: list[str]) -> None:
    found = costs(tmp_path, rows)
    assert "month-twice" not in found.codes
    assert found.value("cost_per_ticket") == {12: 200, 4: 200, 18: 30}[len(rows)]
