"""A report in which next to nothing could be computed says so first, with what was read, what was not, and the way on."""

import json
from pathlib import Path

import pytest
from invoked import piped
from openpyxl import load_workbook
from small_reports import findings, report_json, totals, written

OPENED = ["Case number,Opened,Zork,Blub,Plum,Glim", *(f"{n},2026-01-{1 + n % 28:02d},a,b,c,d" for n in range(60))]
SPENT = ["Cost ID,Date,Amount,Kind", *(f"{n},2026-01-{n:02d},10,support" for n in range(1, 29))]
SMALL = ["Ticket ID,Created at,Status", *(f"{n},2026-01-{1 + n % 28:02d} 0{n % 10}:00,Open" for n in range(60))]


def mapped(folder: Path) -> Path:
    path = folder / "m.yaml"
    path.write_text(
        "name: odd\nlabel: Odd\nsystem: odd\ntable: tickets\ncolumns:\n  ticket_id: Case number\n  created_at: Opened\n"
    )
    return path


def test_few_kpis_from_columns_that_mean_nothing_are_hardly_a_report(tmp_path: Path):
    path = written(tmp_path, "odd", *OPENED)
    document = report_json(path, "--mapping", mapped(tmp_path), "--period", "2026-01")
    first = document["findings"][0]
    assert (first["code"], first["serious"]) == ("hardly-understood", True)
    assert first["text"].startswith("only ")
    assert "2 of 6 columns are used, not `Zork`, `Blub`, `Plum`, `Glim`" in first["text"]
    assert f"`kundpuls map {path}`" in first["text"]
    assert totals(document)["tickets_created"]["value"] == 60


def test_nothing_computed_says_so_even_where_every_column_is_understood(tmp_path: Path):
    [text] = findings(report_json(written(tmp_path, "costs", *SPENT)), "hardly-understood")
    assert text.startswith("no KPI could be computed")
    assert "4 of 4 columns are used" in text
    assert "kundpuls map" not in text


def test_a_small_file_that_is_understood_whole_is_a_report(tmp_path: Path):
    assert findings(report_json(written(tmp_path, "small", *SMALL), "--period", "2026-01"), "hardly-understood") == []


OWN = "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage"


@pytest.mark.parametrize(
    "asked", [["How likely are you to recommend us?"], ["How satisfied are you with our support?", "Any comments?"]]
)
def test_the_columns_of_a_survey_tool_itself_are_no_strange_ones(tmp_path: Path, asked: list[str]):
    """Seventeen of them next to one question."""
    ids = ",".join(f"Q{place}" for place, _ in enumerate(asked))
    rows = [
        f"2026-01-{1 + n % 28:02d} 10:00:00,2026-01-{1 + n % 28:02d} 10:01:00,0,,100,60,1,2026-01-{1 + n % 28:02d} 10:01:00,R_{n},,,,,,,anonymous,EN,{(5, 4, 10, 3)[n % 4]}{',' * (len(asked) - 1)}"
        for n in range(60)
    ]
    path = written(tmp_path, "qualtrics", f"{OWN},{ids}", f"{OWN},{','.join(asked)}", f"{OWN},{ids}", *rows)
    assert findings(report_json(path, "--period", "2026-01"), "hardly-understood") == []


def test_figures_that_are_withheld_leave_hardly_a_report(tmp_path: Path):
    lines = [line if place < 20 else line.replace("2026-01-", "in week ") for place, line in enumerate(SMALL)]
    [text] = findings(report_json(written(tmp_path, "refused", *lines), "--period", "2026-01"), "hardly-understood")
    assert text.startswith("no KPI could be computed")


def test_a_period_without_rows_says_that_it_has_none(tmp_path: Path):
    reviews = ["Review ID,Date,Rating", *(f"{n},2026-0{1 + 2 * (n % 2)}-{1 + n % 28:02d},5" for n in range(60))]
    [text] = findings(report_json(written(tmp_path, "reviews", *reviews), "--period", "2026-02"), "hardly-understood")
    assert text.endswith("no row counts in 2026-02: ask for another --period, or --period all")


@pytest.mark.parametrize(("name", "marks"), [("table", ""), ("md", "**")])
def test_the_sentence_is_the_first_below_the_title(tmp_path: Path, name: str, marks: str):
    ended = piped("report", written(tmp_path, "costs", *SPENT), "--format", name)
    lines = [line for line in ended.out.splitlines() if line]
    assert lines[1].startswith(f"{marks}! no KPI could be computed")
    assert ended.out.count("no KPI could be computed") == 1


def test_a_workbook_has_it_at_the_top_of_its_first_sheet(tmp_path: Path):
    assert piped("report", written(tmp_path, "costs", *SPENT), "-o", tmp_path / "r.xlsx").code == 0
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    top = [str(cell.value) for row in sheet.iter_rows(max_row=5) for cell in row if cell.value]
    assert "!" in top
    assert any(text.startswith("no KPI could be computed") for text in top)


def test_the_quality_gate_fails_on_it(tmp_path: Path):
    ended = piped("report", written(tmp_path, "costs", *SPENT), "--fail-on", "quality", "--format", "json")
    assert ended.code == 4
    assert "`hardly-understood`" in ended.err
    assert json.loads(ended.out)["results"] == []
