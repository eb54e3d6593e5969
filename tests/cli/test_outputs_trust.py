"""Rows that were not understood, and what stood in for what, are shown at the row itself in every output."""

import csv
import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sample_report import drawn, sample_report

from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.analysis.notes.consequences import with_consequences
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import KpiResult, Report, Substitution, Trust

UNREAD = Trust(unread=12, of=40, reasons={"unknown status": 12})
STAND_IN = Substitution(column="resolved_at", stand_in="closed_at", rows=2, of=5)


def doubted(trust: Trust | None = UNREAD) -> Report:
    """The sample report with its first total understood in part."""
    report = sample_report()
    first, *rest = report.results
    marked = replace(first, trust=trust, substitutions=(STAND_IN,))
    return replace(report, results=tuple(with_consequences([marked, *rest], ())))


def written(name: str, report: Report, lang: str = "en") -> str:
    stream = io.StringIO()
    drawn(name, report, stream, Wording(lang))
    return stream.getvalue()


def test_json_names_the_rows_and_the_reasons():
    first = json.loads(written("json", doubted()))["results"][0]
    assert first["trust"] == {
        "share": 0.7,
        "unread": 12,
        "of": 40,
        "refused": 0,
        "read": 0,
        "marked": True,
        "reasons": {"unknown status": 12},
    }
    assert first["substitutions"] == [{"column": "resolved_at", "stand_in": "closed_at", "rows": 2, "of": 5}]


def test_csv_has_the_same_in_columns_of_their_own():
    first = next(csv.DictReader(io.StringIO(written("csv", doubted()))))
    assert [first[f"trust.{name}"] for name in ("share", "unread", "of", "marked")] == ["0.7", "12", "40", "true"]
    assert first["trust.reasons"] == "12 unknown status"
    assert first["substitutions"] == "closed_at for resolved_at (2 of 5)"


@pytest.mark.parametrize("name", ["table", "md"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_marks_the_value_and_says_why_below(name, lang):
    output = written(name, doubted(), lang)
    mark = {"en": "! 30% not read", "sv": "! 30 % ej lästa", "nb": "! 30 % ikke lest"}[lang]
    assert mark in output.replace("\u00a0", " ")
    assert mark not in written(name, doubted(Trust(unread=2, of=40)), lang).replace("\u00a0", " ")
    note = {"en": "12 of 40 rows (30.0%)", "sv": "12 av 40 rader", "nb": "12 av 40 rader"}[lang]
    assert note in " ".join(output.split())


def test_a_workbook_marks_the_row(tmp_path):
    drawn("xlsx", doubted(), tmp_path / "r.xlsx", Wording("en"))
    sheet = load_workbook(tmp_path / "r.xlsx")["KPIs"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "Understood" in cells
    assert "70.0% (!)" in cells


def test_past_half_there_is_no_value_in_any_output():
    first = json.loads(written("json", doubted(Trust(unread=21, of=40, reasons={"unknown status": 21}))))["results"][0]
    assert [first[name] for name in ("value", "low", "high", "change", "verdict", "baseline")] == [None] * 6
    assert "no value: most of its rows were not understood" in first["notes"]


def judged(consequence: Consequence) -> KpiResult:
    """The first total with a change, under a finding that names it by a pattern."""
    one = next(result for result in sample_report().results if result.change is not None and not result.group)
    finding = Finding(
        code="where", message=Message("nobody-leaves"), kpis=(f"{one.kpi.name[:4]}*",), consequence=consequence
    )
    return with_consequences([one], [finding])[0]


def test_a_finding_may_leave_a_kpi_uncompared_or_without_a_value():
    noted, uncompared, withheld = (judged(each) for each in Consequence)
    assert noted.change is not None
    assert (uncompared.change, uncompared.verdict, uncompared.estimate.value is None) == (None, None, False)
    assert "not compared: the files do not say when customers leave: all who came count" in [
        *map(str, uncompared.notes)
    ]
    assert (withheld.estimate.value, withheld.estimate.low, withheld.baseline) == (None, None, None)
    assert "no value: the files do not say when customers leave: all who came count" in [*map(str, withheld.notes)]
