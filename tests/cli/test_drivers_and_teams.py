"""What a report's page and workbook show of drivers and of teams: only where there is something, and of single people only as allowed."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from invoked import piped, sample
from openpyxl import load_workbook
from test_agents_command import CONSENT

pytestmark = pytest.mark.usefixtures("scanned_once")

FILES = tuple(map(sample, ("freshdesk_tickets.xls", "freshdesk_tickets.csv", "messages_2026.csv", "surveymonkey_responses.csv")))  # fmt: skip
QUARTER = ("--period", "2026-Q3", "--zone", "Europe/Stockholm")
KPIS = ("--kpi", "csat", "--kpi", "resolution_rate_cohort")


def made(folder: Path, *arguments: object) -> Path:
    asked = ("report", *FILES, *QUARTER, *KPIS, *arguments, "-o", folder / "a.xlsx", "-o", folder / "a.html")
    ended = piped(*asked)
    assert ended.code == 0, ended.err
    return folder / "a.xlsx"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("report"), "--by", "group")


def column(sheet, head: str) -> list[object]:
    (top,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == head][:1]
    below = (sheet.cell(row, top.column).value for row in range(top.row + 1, sheet.max_row))
    found = []
    for value in below:
        if value is None:
            break
        found.append(value)
    return found


def test_the_drivers_are_those_of_the_command(report: Path) -> None:
    answer = json.loads(piped("drivers", "csat", *FILES, *QUARTER, "--format", "json").out)
    shares = [one["share"] for one in answer["drivers"]]
    assert column(load_workbook(report)["Drivers"], "Share of variation") == pytest.approx(shares)
    page = report.with_suffix(".html").read_text(encoding="utf-8")
    assert "What Customer satisfaction (CSAT) goes with" in page


def test_what_customers_rate_is_drawn_by_two_numbers(report: Path) -> None:
    with ZipFile(report) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    (drawn,) = [chart for chart in charts if "<scatterChart>" in chart]
    answer = json.loads(piped("drivers", "csat", *FILES, *QUARTER, "--format", "json").out)
    rated = [one for one in answer["drivers"] if one["performance"] is not None]
    assert drawn.count('<showSerName val="1" />') == len(rated) >= 2
    assert drawn.count("<ser>") == len(rated) + 1  # and what chance comes to
    page = report.with_suffix(".html").read_text(encoding="utf-8")
    assert 'id="rated-title"' in page


def test_the_teams_are_those_of_the_command(report: Path) -> None:
    answer = json.loads(piped("agents", *FILES, *QUARTER, "--format", "json").out)
    sheet = load_workbook(report)["Teams"]
    assert column(sheet, "Group") == [one["name"] for one in answer["units"]]
    assert column(sheet, "Expected") == pytest.approx([one["expected"] for one in answer["units"]])
    assert len(sheet._charts) == 1
    assert "Load, or some groups?" in report.with_suffix(".html").read_text(encoding="utf-8")


def test_a_month_that_has_nothing_to_see_has_no_sheet(tmp_path: Path) -> None:
    assert piped("demo", "--period", "2026-09", "-o", tmp_path / "a.xlsx").code == 0
    assert "Teams" not in load_workbook(tmp_path / "a.xlsx").sheetnames


@pytest.mark.parametrize(("by", "sheet"), [("agent", "Agents"), ("group", "Teams")])
def test_single_agents_stand_there_where_both_the_file_and_the_question_ask_for_them(tmp_path: Path, by: str, sheet: str) -> None:  # fmt: skip
    (tmp_path / "kundpuls.yaml").write_text(CONSENT, encoding="utf-8")
    names = load_workbook(made(tmp_path, "--by", by, "--config", tmp_path / "kundpuls.yaml")).sheetnames
    assert {"Agents", "Teams"} & set(names) == {sheet}


def test_without_a_purpose_no_single_agent_stands_there(tmp_path: Path) -> None:
    assert "Agents" not in load_workbook(made(tmp_path, "--by", "agent")).sheetnames
