"""`report --template`: the named cells of a user's own workbook are filled, and everything else stays byte by byte as it was."""

import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from invoked import piped, sample
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table, TableStyleInfo

from kpi_cli.workbook.cell_text import with_cells
from kpi_cli.workbook.template import _computed_on_opening as computed_on_opening
from kpi_core.errors import KpiError

pytestmark = [
    pytest.mark.usefixtures("scanned_once"),
    pytest.mark.filterwarnings("ignore:Sparkline Group extension"),  # of the library that looks into what was filled
]

ASKED = ("report", sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv"), "--period", "2026-09", "--zone", "Europe/Stockholm")  # fmt: skip
NAMES = {
    "csat": "$B$3", "CSAT_n": "$C$3", "csat_verdict": "$F$30", "first_reply_time": "$B$4", "nps": "$B$5", "nki": "$B$6", "period": "$B$1",
    "csat_trend": "$B$9:$G$9", "trend_periods": "$B$8:$G$8", "mine": "$A$1",
}  # fmt: skip
SPARKLINES = b'<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"><x14:sparklineGroups xmlns:x14="urn:x14"/></ext></extLst>'
OTHERS = {"xl/slicers/slicer1.xml": b"<slicers/>", "xl/drawings/shape1.xml": b"<shape/>", "customXml/item1.xml": b"<mine/>"}  # fmt: skip


def form(path: Path, names: Mapping[str, str] = NAMES, more: Mapping[str, bytes] = OTHERS) -> Path:
    """A workbook of a user's own, with what its library would lose."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Board's report"
    sheet["A1"], sheet["B1"], sheet["B3"], sheet["B6"], sheet["D3"] = "Ours", "August", 0.5, 77, "=B3*10"
    sheet["B3"].number_format, sheet["B3"].font = "0.0%", Font(bold=True)
    for name, cells in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"'Board''s report'!{cells}")
    book.save(path.with_suffix(".bare"))
    with ZipFile(path.with_suffix(".bare")) as bare, ZipFile(path, "w", ZIP_DEFLATED) as whole:
        for member in bare.infolist():
            data = bare.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</worksheet>", SPARKLINES + b"</worksheet>")
                data = data.replace(b"<f>B3*10</f><v />", b"<f>B3*10</f><v>5</v>")
            whole.writestr(member, data)
        for name, data in more.items():
            whole.writestr(name, data)
    return path


def filled(folder: Path, *arguments: object, **settings: Mapping[str, str]) -> Path:
    ended = piped(*ASKED, *arguments, "--template", form(folder / "form.xlsx", **settings), "-o", folder / "out.xlsx")
    assert ended.code == 0, ended.err
    return folder / "out.xlsx"


def test_named_cells_have_what_the_report_says(tmp_path: Path) -> None:
    answer = {one["kpi"]: one for one in json.loads(piped(*ASKED, "--format", "json").out)["results"]}
    sheet = load_workbook(filled(tmp_path)).worksheets[0]
    assert sheet["B1"].value == "September 2026"
    assert sheet["B3"].value == pytest.approx(answer["csat"]["value"])
    assert sheet["C3"].value == answer["csat"]["n"]
    assert sheet["B4"].value == pytest.approx(answer["first_reply_time"]["value"] / 86_400)
    assert sheet["B5"].value == pytest.approx(answer["nps"]["value"])
    trend = [one["value"] for one in answer["csat"]["trend"]][-6:]
    assert [cell.value for cell in sheet[9][1:7]] == pytest.approx(trend)
    assert sheet["G8"].value == "Sep 2026"
    assert sheet["F30"].value is not None
    assert (sheet["B3"].number_format, sheet["B3"].font.b) == ("0.0%", True)
    assert (sheet["A1"].value, sheet["D3"].value) == ("Ours", "=B3*10")


def test_what_the_report_has_not_leaves_no_older_number(tmp_path: Path) -> None:
    assert load_workbook(filled(tmp_path)).worksheets[0]["B6"].value is None


def test_everything_else_stays_as_it_was(tmp_path: Path) -> None:
    path = filled(tmp_path, names={"csat": "$B$3"})
    with ZipFile(tmp_path / "form.xlsx") as before, ZipFile(path) as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}
        sheet, was = (one.read("xl/worksheets/sheet1.xml") for one in (after, before))
    start = was.index(b'<c r="B3"')
    end = was.index(b"</c>", start)
    ours = sheet[start : sheet.index(b"</c>", start)]
    assert was.replace(was[start:end], ours).replace(b"<v>5</v>", b"") == sheet
    assert SPARKLINES in sheet


def test_formulas_are_computed_on_opening_and_say_nothing_old(tmp_path: Path) -> None:
    path = filled(tmp_path)
    assert load_workbook(path).calculation.fullCalcOnLoad is True
    assert load_workbook(path, data_only=True).worksheets[0]["D3"].value is None


@pytest.mark.parametrize(
    ("workbook", "expected"),
    [
        (b'<w><calcPr calcId="1" fullCalcOnLoad="0"/></w>', b'<w><calcPr calcId="1" fullCalcOnLoad="1"/></w>'),
        (b"<w><sheets></sheets><pivotCaches/></w>", b'<w><sheets></sheets><calcPr fullCalcOnLoad="1"/><pivotCaches/></w>'),
        (b"<x:w><x:sheets></x:sheets><x:definedNames></x:definedNames></x:w>",
         b'<x:w><x:sheets></x:sheets><x:definedNames></x:definedNames><x:calcPr fullCalcOnLoad="1"/></x:w>'),
    ],
)  # fmt: skip
def test_every_workbook_is_set_to_compute(workbook: bytes, expected: bytes) -> None:
    assert computed_on_opening(workbook) == expected


def test_the_same_report_fills_in_the_same_bytes(tmp_path: Path) -> None:
    first = filled(tmp_path).read_bytes()
    assert piped(*ASKED, "--template", tmp_path / "form.xlsx", "-o", tmp_path / "again.xlsx").code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == first


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"more": {"xl/vbaProject.bin": b"x"}}, "macros"),
        ({"more": {"_xmlsignatures/sig1.xml": b"x"}}, "signed"),
        ({"names": {"mine": "$A$1"}}, "no cell with the name of a KPI"),
        ({"names": {"csat": "$D$3"}}, "holds a formula"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_with_the_reason(tmp_path: Path, settings: Mapping, message: str) -> None:
    ended = piped(*ASKED, "--template", form(tmp_path / "form.xlsx", **settings), "-o", tmp_path / "out.xlsx")
    assert ended.code == 3
    assert message in ended.err
    assert "form.xlsx" in ended.err
    assert not (tmp_path / "out.xlsx").exists()


def test_what_is_asked_for_in_vain_is_reported_before_files_are_read(tmp_path: Path) -> None:
    own = form(tmp_path / "form.xlsx")
    (tmp_path / "form.xlsm").write_bytes(own.read_bytes())
    for arguments, messages in (
        (("--template", own), "a new workbook"),
        (("--template", tmp_path / "none.xlsx", "-o", tmp_path / "out.xlsx"), "is no file"),
        (("--template", tmp_path / "form.xlsm", "-o", tmp_path / "out.xlsx"), "is no .xlsx"),
        (("--template", own, "-o", own), "would overwrite a file that is read"),
    ):
        ended = piped("report", "none.csv", *arguments)
        assert ended.code == 2
        assert messages in ended.err


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(b"no workbook")
    ended = piped(*ASKED, "--template", tmp_path / "form.xlsx", "-o", tmp_path / "out.xlsx")
    assert (ended.code, "cannot be read as a workbook" in ended.err) == (3, True)


def test_a_table_of_kpis_is_filled_row_by_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("KPI", "Owner", "Value", "Change", "n"), ("csat", "Kim", 0.1, 0.1, 9), ("nki", "Lo", 77, 1, 1), ("ours", "We", 5, 6, 7), ("Sum", None, None, None, "=SUM(E2:E4)")):  # fmt: skip
        sheet.append(row)
    table = Table(displayName="Kpis", ref="A1:E5", totalsRowCount=1)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2")
    sheet.add_table(table)
    book.save(tmp_path / "form.xlsx")
    ended = piped(*ASKED, "--template", tmp_path / "form.xlsx", "-o", tmp_path / "out.xlsx")
    assert ended.code == 0, ended.err
    answer = {one["kpi"]: one for one in json.loads(piped(*ASKED, "--format", "json").out)["results"]}
    filled = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in filled.iter_rows()]
    assert rows[1][:3] == ["csat", "Kim", pytest.approx(answer["csat"]["value"])]
    assert rows[1][4] == answer["csat"]["n"]
    assert rows[2] == ["nki", "Lo", None, None, None]
    assert rows[3] == ["ours", "We", 5, 6, 7]
    assert rows[4][4] == "=SUM(E2:E4)"
    assert filled.tables["Kpis"].ref == "A1:E5"


# The text of a sheet


@pytest.mark.parametrize(
    ("sheet", "cells", "expected"),
    [
        ("<s><sheetData/></s>", {(1, 1): 1}, '<s><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></s>'),
        ('<s><sheetData><row r="2"/></sheetData></s>', {(2, 2): None, (2, 1): "a"},
         '<s><sheetData><row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">a</t></is></c><c r="B2"/></row></sheetData></s>'),
        ('<s><sheetData><row r="1"><c r="A1"/><c r="C1" s="4"><v>7</v></c></row><row r="5"><c r="A5"/></row></sheetData></s>',
         {(1, 2): 2, (1, 3): 0.5, (1, 4): 4, (3, 1): 3, (6, 1): 6},
         ('<s><sheetData><row r="1"><c r="A1"/><c r="B1"><v>2</v></c><c r="C1" s="4"><v>0.5</v></c><c r="D1"><v>4</v></c></row>'
         '<row r="3"><c r="A3"><v>3</v></c></row><row r="5"><c r="A5"/></row><row r="6"><c r="A6"><v>6</v></c></row></sheetData></s>')),
        ('<x:s xmlns:x="u"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c/></x:row></x:sheetData></x:s>', {(1, 2): 2},
         '<x:s xmlns:x="u"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c r="B1"><x:v>2</x:v></x:c></x:row></x:sheetData></x:s>'),
        ('<s><sheetData><row r="1"><c r="A1" t="str"><f>B1</f><v>old</v></c></row></sheetData></s>', {},
         '<s><sheetData><row r="1"><c r="A1" t="str"><f>B1</f></c></row></sheetData></s>'),
        ("<s><sheetData/></s>", {(1, 1): "<a> & b"},
         '<s><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">&lt;a&gt; &amp; b</t></is></c></row></sheetData></s>'),
    ],
)  # fmt: skip
def test_cells_are_replaced_and_added_in_their_order(sheet: str, cells: Mapping, expected: str) -> None:
    assert with_cells(sheet.encode(), cells, "form").decode() == expected


@pytest.mark.parametrize("sheet", ["<s><sheetData></s>", "<chartsheet/>"])
def test_what_is_no_sheet_is_reported_so(sheet: str) -> None:
    with pytest.raises(KpiError):
        with_cells(sheet.encode(), {(1, 1): 1}, "form")
