"""Unfinished tickets, promises and months that are not final, in every form that a report is written in."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from invoked import on_terminal, piped
from openpyxl import load_workbook

LINES = """Ticket ID,Created,First reply at,Resolved at,Status,Priority,Group,Type
{rows}
"""
PROMISES = ("--sla", "resolution=3d", "--sla", "resolution:group=Billing=1d", "--sla", "first_reply:urgent=2h")
ASKED = (
    "--kpi",
    "resolution_time_km",
    "--kpi",
    "resolution_rate_cohort",
    "--kpi",
    "sla_resolution_rate",
    "--kpi",
    "tickets_created",
)


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four a day from January to 3 April: two done in 5 h, one in 100 h, and one in ten not at all."""
    rows, number = [], 0
    for month, days in ((1, 31), (2, 28), (3, 31), (4, 3)):
        for day in range(1, days + 1):
            for hour in (9, 10, 11, 12):
                number += 1
                later = min(day + 4, days) if hour == 12 else day
                ended = f"2026-{month:02}-{later:02} {hour + 5}:00"
                is_open = number % 10 == 0
                rows.append(
                    f"{number},2026-{month:02}-{day:02} {hour:02}:00,2026-{month:02}-{day:02} {hour + 1}:00,"
                    f"{'' if is_open else ended},{'Open' if is_open else 'Solved'},"
                    f"{'Urgent' if hour == 9 else 'Low'},{'Billing' if hour == 10 else 'Sales'},Question"
                )
    path = tmp_path_factory.mktemp("desk") / "tickets.csv"
    path.write_text(LINES.format(rows="\n".join(rows)), encoding="utf-8")
    return path


def result(tickets: Path, kpi: str, *more: str) -> dict:
    ended = piped("report", tickets, "--period", "2026-03", "--format", "json", *PROMISES, *more, "--kpi", kpi)
    assert ended.code == 0, ended.err
    return next(one for one in json.loads(ended.out)["results"] if not one["group"])


@pytest.fixture
def whole_text(tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The whole report as one text, whatever it is written in."""
    return lambda form: _whole_text(tickets, form, tmp_path, monkeypatch)


def _whole_text(tickets: Path, form: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    asked = ("report", tickets, "--period", "2026-03", *PROMISES, *ASKED)
    if form == "80":
        return " ".join(on_terminal(monkeypatch, 80, *asked, "--notes").split())
    if form == "xlsx":
        assert piped(*asked, "-o", folder / "report.xlsx").code == 0
        book = load_workbook(folder / "report.xlsx")
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
        )
    return piped(*asked, "--format", form, "--notes").out


FORMS = ("80", "table", "md", "xlsx")


@pytest.mark.parametrize("form", FORMS)
def test_what_the_finished_alone_say_stands_next_to_the_curve(
    tickets: Path, whole_text: Callable[[str], str], form: str
) -> None:
    found = result(tickets, "resolution_time_km")["naive"]
    outcome = whole_text(form).replace("\\", "").replace("\xa0", " ")
    assert f"the {found['n']} resolved alone give 5 h" in outcome
    assert f"{found['unfinished']} not resolved, for as long as they have waited" in outcome
    assert f"{found['opened_before']} opened before the period" in outcome


@pytest.mark.parametrize("form", FORMS)
def test_a_month_that_is_not_final_says_so_and_names_the_newest_that_is(
    tickets: Path, whole_text: Callable[[str], str], form: str
) -> None:
    found = result(tickets, "resolution_rate_cohort")
    outcome = whole_text(form).replace("\\", "").replace("\xa0", " ")
    assert (found["final"], found["verdict"], found["change"]) == (False, None, None)
    share = f"{found['newest_final']['value'] * 100:.1f}%"
    assert "not final before 2026-04-08" in outcome
    assert "not compared with the baseline until it is final" in outcome
    assert f"the newest final period is February 2026: {share} (" in outcome
    assert f"n {found['newest_final']['n']}" in outcome
    assert "final 8 Apr" in outcome or form == "xlsx"


def test_a_month_that_is_not_final_is_in_csv_and_json_by_its_parts(tickets: Path) -> None:
    ended = piped("report", tickets, "--period", "2026-03", "--format", "csv", *ASKED)
    row = next(row for row in csv.DictReader(io.StringIO(ended.out)) if row["kpi"] == "resolution_rate_cohort")
    assert (row["final"], row["newest_final.period.start"], row["verdict"], row["change"]) == (
        "false",
        "2026-02-01",
        "",
        "",
    )
    found = result(tickets, "resolution_rate_cohort")
    assert float(row["newest_final.value"]) == found["newest_final"]["value"]
    assert [point["final"] for point in found["trend"]] == [True, True, False]


@pytest.mark.parametrize("form", FORMS)
def test_promises_and_how_they_were_kept_are_reported(
    tickets: Path, whole_text: Callable[[str], str], form: str
) -> None:
    found = result(tickets, "sla_resolution_rate")["judged"]
    outcome = whole_text(form).replace("\\", "").replace("\xa0", " ")
    assert "promised: first reply urgent 2 h; resolution 3 d, group Billing 24 h" in outcome
    assert f"met {found['met']}, breached {found['breached']}, open and not yet judged {found['pending']}" in outcome


def test_a_project_file_promises_by_priority_group_and_type(tickets: Path, tmp_path: Path) -> None:
    text = "defaults:\n  sla:\n    first_reply:\n      urgent: 2h\n    resolution:\n      otherwise: 3d\n      group: {Billing: 1d}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    line = ("report", tickets, "--period", "2026-03", "--format", "json", *ASKED)
    by_file, by_flag = (
        json.loads(piped(*line, *more).out) for more in (("--config", tmp_path / "mine.yaml"), PROMISES)
    )
    assert by_file["query"]["sla"] == by_flag["query"]["sla"]
    assert by_file["results"] == by_flag["results"]


def test_a_value_that_is_not_final_fails_no_gate(tickets: Path) -> None:
    line = (
        "report",
        tickets,
        "--period",
        "2026-03",
        "--kpi",
        "resolution_rate_cohort",
        "--target",
        "resolution_rate_cohort=99%",
    )
    for gate in ("target", "target-point"):
        assert piped(*line, "--fail-on", gate).code == 0
        assert piped(*line[:2], "--period", "2026-02", *line[4:], "--fail-on", gate).code == 5


def test_rows_of_a_curve_in_open_time_are_listed_with_the_calendar(tickets: Path) -> None:
    ended = piped(
        "rows", "resolution_time_business_km", tickets, "--period", "2026-03", "--calendar", "se", "--limit", 1
    )
    assert ended.code == 0, ended.err
    assert "Resolution time, business hours, open tickets counted (median), March 2026" in ended.out


def test_the_calendar_stands_in_the_header_of_a_curve_in_open_time(tickets: Path) -> None:
    ended = piped("report", tickets, "--period", "2026-03", "--calendar", "se", "--kpi", "resolution_time_business_km")
    assert "opening hours: Sweden, office hours" in ended.out
