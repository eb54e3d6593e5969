"""The workbook, opened again: types, formats, safety, print set-up and reproducible bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from effort import calls
from invoked import piped
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sample_report import HANDLE, HOSTILE, OCTOBER, TOTALS, drawn, sample_report, split

from kpi_cli.documents.report import ReportDocument
from kpi_cli.documents.wording import Wording
from kpi_cli.workbook.looks import change, value
from kpi_cli.workbook.sheets import CELL_LIMIT, Book
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Unit
from kpi_core.model.report import KpiResult, Report

pytestmark = pytest.mark.usefixtures("scanned_once")


def opened(folder: Path, report: Report | None = None, lang: str = "en") -> Workbook:
    drawn("xlsx", report or sample_report(), folder / "report.xlsx", Wording(lang))
    return load_workbook(folder / "report.xlsx")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return opened(tmp_path_factory.mktemp("book"))


def cells(sheet: Worksheet, head: int, key: int, name: object) -> dict[str, object]:
    [row] = [row for row in sheet.iter_rows(min_row=head + 1) if row[key].value == name][:1]
    return {cell.value: found for cell, found in zip(sheet[head], row, strict=False) if cell.value}


def test_the_sheets_stand_in_reading_order(workbook):
    assert [sheet.title for sheet in workbook if sheet.sheet_state == "visible"] == [
        "Summary", "KPIs", "Trend", "Group", "Group, all KPIs", "Agent", "Agent, all KPIs", "Data quality", "Definitions", "Notes",
    ]  # fmt: skip
    assert workbook.sheetnames[-1] == "Chart data"


@pytest.mark.parametrize(
    ("label", "values", "number_format"),
    [
        ("Tickets created", 713, "#,##0"),
        ("Tickets per agent", 59.4, "0.00"),
        ("Customer satisfaction (CSAT)", 0.81, "0.0%"),
        ("Net promoter score (NPS)", 24.0, "+0;-0;0"),
        ("First reply time (median)", timedelta(hours=3, minutes=24), '[h]" h "mm" min"'),
        ("Handle time (mean)", timedelta(minutes=7, seconds=17), '[m]" min "ss" s"'),
    ],
)
def test_values_have_excels_own_types(workbook, label, values, number_format):
    cell = cells(workbook["KPIs"], 6, 1, label)["Value"]
    assert cell.value == values if isinstance(values, timedelta) else cell.value == pytest.approx(values)
    assert cell.number_format == number_format


@pytest.mark.parametrize(
    ("label", "values", "number_format"),
    [
        ("Tickets created", 45, "+#,##0;-#,##0;#,##0"),
        ("Reopen rate", 2.4, '+0.0" pts";-0.0" pts";0.0" pts"'),
        ("First reply time (median)", -1.0, '+#,##0.0" h";-#,##0.0" h";#,##0.0" h"'),
        ("Handle time (mean)", 4 / 60, '+#,##0.0" min";-#,##0.0" min";#,##0.0" min"'),
    ],
)
def test_changes_are_numbers_with_a_sign(workbook, label, values, number_format):
    cell = cells(workbook["KPIs"], 6, 1, label)["Change on Sep 2026"]
    assert cell.value == pytest.approx(values)
    assert cell.number_format == number_format


def test_no_duration_is_below_zero_where_excel_shows_only_hashes():
    below = value(-1800.0, Unit.SECONDS, Wording("en"))
    assert "[h]" not in below.number_format
    assert below.value == -0.5
    assert "[h]" not in change(-1800.0, Unit.SECONDS, Wording("en")).number_format


def test_a_verdict_has_a_sign_a_word_and_a_colour(workbook):
    better = cells(workbook["KPIs"], 6, 1, "First reply time (median)")["Verdict"]
    worse = cells(workbook["KPIs"], 6, 1, "Reopen rate")["Verdict"]
    assert (better.value, worse.value) == ("✓ better", "✗ worse")
    assert better.font.color.rgb != worse.font.color.rgb


@pytest.mark.parametrize(
    ("name", "frozen", "titles"),
    [
        ("KPIs", "C7", "$6:$6"),
        ("Trend", "B6", None),
        ("Group", "B6", None),
        ("Group, all KPIs", "C5", "$4:$4"),
        ("Definitions", "B5", "$4:$4"),
    ],
)
def test_heads_stay_in_sight_and_on_paper(workbook, name, frozen, titles):
    sheet = workbook[name]
    assert sheet.freeze_panes == frozen
    assert sheet.print_title_rows == titles
    assert sheet.auto_filter.ref.startswith(f"A{int(frozen[1:]) - 1}:")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_no_head_stands_over_charts_or_over_several_tables(workbook):
    assert [sheet.title for sheet in workbook if sheet.print_title_rows is None] == [
        "Summary", "Trend", "Group", "Agent", "Data quality", "Chart data",
    ]  # fmt: skip


def test_intervals_of_bars_are_inside_of_the_scale(tmp_path):
    """The scale that a program finds by itself is that of the bars."""
    book = opened(tmp_path)
    checked = 0
    for chart in book["Group"]._charts:
        (bars,) = chart.series
        if bars.errBars is None:
            continue
        values, above = (_cells(book, reference) for reference in (bars.val.numRef.f, bars.errBars.plus.numRef.f))
        highest = max((value or 0) + (more or 0) for value, more in zip(values, above, strict=True))
        axis = chart.y_axis
        assert axis.scaling.max - axis.majorUnit * 1.001 < highest <= axis.scaling.max * (1 + 1e-9)
        assert 2 < (axis.scaling.max - axis.scaling.min) / axis.majorUnit < 8
        assert "%" not in axis.number_format or axis.scaling.max <= 1
        checked += 1
    assert checked > 2


def _cells(book, reference):
    sheet, cells = reference.rsplit("!", 1)
    values = [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]
    return [one / timedelta(days=1) if isinstance(one, timedelta) else one for one in values]


def test_every_name_of_a_trend_is_as_long_as_its_column(workbook):
    sheet = workbook["Trend"]
    assert sheet.column_dimensions["A"].width > max(len(str(cell.value)) for cell in sheet["A"][5:] if cell.value)


def test_a_trend_over_several_sheets_of_paper_names_its_periods_on_each(workbook):
    assert workbook["Trend"].print_title_cols == "$A:$A"


def test_trend_and_groups_have_native_charts(tmp_path):
    opened(tmp_path)
    with ZipFile(tmp_path / "report.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert sum("<lineChart>" in chart for chart in charts) == 6 + 6  # small ones on the cards
    assert sum("<barChart>" in chart for chart in charts) == 4 + 2
    assert all("<errBars>" in chart for chart in charts if "<barChart>" in chart)
    assert all('<plotVisOnly val="0"' in chart for chart in charts)


def test_a_chart_covers_the_rows_of_its_own_kpi_only(tmp_path):
    book = opened(tmp_path)
    data = book["Chart data"]
    found = []
    for chart in book["Agent"]._charts:
        sheet, cells = chart.series[0].val.numRef.f.split("!")
        assert sheet == "'Chart data'"
        found.append([cell.value for (cell,) in data[cells.replace("$", "")]])
    totals = [one for one in sample_report().results if "agent" in one.group and not one.suppressed]
    created = [one.estimate.value for one in totals if one.kpi.name == "tickets_created"]
    assert sorted(created) in [sorted(values) for values in found]
    assert len(found) == 2


def test_text_that_looks_like_a_formula_stays_text(workbook):
    found = [
        cell
        for row in workbook["Group, all KPIs"].iter_rows()
        for cell in row
        if str(cell.value).startswith("=HYPERLINK")
    ]
    assert len(found) == 7
    assert {(cell.data_type, cell.quotePrefix) for cell in found} == {("s", True)}
    (written,) = [cell for row in workbook["Data quality"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert written.data_type == "s"
    kinds = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert not kinds & {"f", "e"}


@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", "=1", "+1", "-1", "@SUM(A1)", "1e5", "2026-10-01", "12:30"])
def test_text_is_never_anything_else(tmp_path, text):
    results = split("group", (text,))
    sheet = opened(tmp_path, sample_report(results=tuple(results)))["Group, all KPIs"]
    assert (sheet["B5"].value, sheet["B5"].data_type) == (text, "s")


def test_control_characters_do_not_stop_the_workbook(workbook):
    assert HOSTILE not in {cell.value for row in workbook["Group, all KPIs"].iter_rows() for cell in row}
    shown = {cell.value for row in workbook["Group, all KPIs"].iter_rows() for cell in row}
    assert '=HYPERLINK("http://evil")[red][31m|' in shown


def test_a_text_too_long_for_a_cell_is_cut_and_reported_so(tmp_path):
    longest = replace(TOTALS[0], notes=("x" * 40_000,))
    book = opened(tmp_path, sample_report(results=(longest,)))
    assert cells(book["KPIs"], 6, 1, "Tickets created")["Notes"].value == "1"
    notes = cells(book["Notes"], 4, 0, 1)["Notes"].value
    assert len(notes) == CELL_LIMIT
    assert notes.endswith("[cut: 40,000 characters]")
    shown = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(text.endswith(("holds it whole.", "holds them whole.")) for text in shown)


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        (["a/b\\c?d*e[f]:g"], ["a b c d e f  g"]),
        (["Team", "TEAM"], ["Team", "TEAM (2)"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["'quoted'", "", "History"], ["quoted", "-", "History (2)"]),
    ],
)
def test_sheet_names_are_legal_and_unique(names, sheets):
    book = Book(Wording("en"))
    for name in names:
        book.page(name)
    assert book.workbook.sheetnames == sheets


@pytest.mark.parametrize("x", [float("nan"), float("inf"), None])
def test_no_number_is_an_empty_cell(tmp_path, x):
    result = KpiResult(kpi=HANDLE, period=OCTOBER, group={}, estimate=Estimate(value=x, n=0, low=x, high=x))
    found = cells(opened(tmp_path, sample_report(results=(result,)))["KPIs"], 6, 1, "Handle time (mean)")
    assert (found["Value"].value, found["n"].value) == (None, 0)


def test_a_small_group_says_so_and_has_no_number(workbook):
    rows = [row for row in workbook["Agent, all KPIs"].iter_rows(values_only=True) if row[1] == "Kim Holm"]
    assert [row[2:] for row in rows] == [("hidden", *[None] * (len(row) - 3)) for row in rows]
    assert len(rows) == 2


def test_the_trend_has_kpis_down_and_periods_across(workbook):
    heads = [cell.value for cell in workbook["Trend"][5] if cell.value]
    assert heads == ["KPI", *(f"{month} 2026" for month in ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"])]
    assert cells(workbook["Trend"], 5, 0, "Tickets created")["Oct 2026"].value == 713


def test_the_first_sheet_is_one_page_of_sentences_and_cards(workbook):
    sheet = workbook["Summary"]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    shown = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    page = ReportDocument(sample_report(), Wording("en")).page()
    assert page.headline[0].text in shown
    assert 713 in shown
    assert len(sheet._charts) == 6


def test_the_same_report_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for target in (first, second):
        drawn("xlsx", sample_report(), target, Wording("en"))
    assert first.read_bytes() == second.read_bytes()
    with ZipFile(first) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_workbook_is_dated_by_the_report(tmp_path):
    made = datetime(2026, 11, 2, 8, 30, 15, 250, tzinfo=UTC)
    properties = opened(tmp_path, sample_report(generated_at=made)).properties
    assert properties.created == properties.modified == datetime(2026, 11, 2, 8, 30, 15)


def test_ten_sheets_cost_as_much_as_their_rows(tmp_path):
    dimensions = ("group", "channel", "priority", "type", "product")

    def written(count):
        groups = tuple(f"Group {number}" for number in range(count))
        results = tuple(result for name in dimensions for result in split(name, groups))
        wide = sample_report(results=(*TOTALS, *results), query=replace(sample_report().query, by=dimensions))
        return calls(lambda: drawn("xlsx", wide, tmp_path / "wide.xlsx", Wording("en")))

    written(1)
    assert written(20) < 2.2 * written(10)
    assert len(load_workbook(tmp_path / "wide.xlsx", read_only=True).sheetnames) == 17


def test_rows_that_a_format_leaves_out_are_not_called_refused(tmp_path: Path) -> None:
    rows = [
        "1,2026-09-01,A,100,paid",
        "2,2026-09-02,B,200,cancelled",
        "3,2026-09-03,C,50,cancelled",
        ",2026-09-04,D,10,paid",
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["Order ID,Order date,Customer ID,Amount,Status", *rows, ""]), encoding="utf-8")
    ended = piped("report", path, "--period", "all", "--kpi", "revenue", "-o", tmp_path / "out.xlsx")
    assert ended.code == 0, ended.err
    sheet = load_workbook(tmp_path / "out.xlsx")["Data quality"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [line for line in lines if "Rows refused" in line]
    (file,) = [line for line in lines if "orders" in line and "spreadsheet-orders" in line]
    assert [file[head.index(name)] for name in ("Rows read", "Rows used", "Rows refused", "Left out")] == [4, 1, 1, 2]


def test_what_is_not_printed_is_reported_on_the_paper(tmp_path):
    groups = tuple(f"Group {number}" for number in range(80))
    book = opened(tmp_path, sample_report(results=(*TOTALS, *split("group", groups))))
    sheet = book["Group, all KPIs"]
    last = int(sheet.print_area.rsplit("$", 1)[1])
    assert last < sheet.max_row
    assert f"rows 1 to {last} of {sheet.max_row}" in sheet.oddFooter.center.text
    assert book["KPIs"].oddFooter.center.text is None


def test_refused_rows_stand_under_what_is_known_of_the_files_and_can_be_filtered(workbook):
    sheet = workbook["Data quality"]
    (head,) = [
        row[0].row for row in sheet.iter_rows() if [cell.value for cell in row[:3]] == ["File", "Reason", "Table"]
    ]
    assert sheet.auto_filter.ref == f"A{head}:F{sheet.max_row}"
    assert sheet.page_setup.fitToHeight == 1
    assert sheet.cell(head - 1, 1).value.startswith("The first ")


def chart_descriptions(path: Path) -> list[str]:
    """What each chart of a workbook shows in words, sheet by sheet."""
    with ZipFile(path) as archive:
        drawings = sorted(name for name in archive.namelist() if name.startswith("xl/drawings/drawing"))
        frames = [
            one
            for name in drawings
            for one in ET.fromstring(archive.read(name)).iter()
            if one.tag.endswith("}graphicFrame")
        ]
    return [one.get("descr", "") for frame in frames for one in frame.iter() if one.tag.endswith("}cNvPr")]


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_every_chart_says_what_it_shows_to_those_who_do_not_see_it(tmp_path, lang):
    hostile = ('<"Team" & co>', "=HYPERLINK(1)")
    charts = opened(tmp_path, sample_report(results=(*TOTALS, *split("group", hostile))), lang)
    found = chart_descriptions(tmp_path / "report.xlsx")
    assert len(found) == sum(len(sheet._charts) for sheet in charts) > 8
    assert all(found)
    assert any(hostile[0] in messages for messages in found)
    if lang == "en":
        assert "Tickets created over 8 periods, from 604 to 713." in found
        assert any(
            shown.startswith("Tickets created, Mar 2026 to Oct 2026: from 604 to 713; lowest ") for shown in found
        )
