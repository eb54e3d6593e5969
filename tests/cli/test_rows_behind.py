"""The sheet of rows: formulas count the headline figures anew, and say what the report says, computed by another program."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from invoked import piped
from openpyxl.worksheet.worksheet import Worksheet

from kpi_cli.documents.sheets.names import legal
from kpi_core.analysis.rows import recount as counting

OFFICE = shutil.which("soffice")
SHEETS = {"en": "Rows behind", "sv": "Underlag", "nb": "Grunnlag"}
PERSONAL = ("@", "customer", "agent", "comment")


def written(path: Path, *more: str) -> Path:
    """The workbook of the demo of September, made at an instant that is given."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOURCE_DATE_EPOCH", "1790000000")
        assert piped("demo", "--period", "2026-09", *more, "-o", path).code == 0
    return path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("rows") / "demo.xlsx")


@pytest.fixture(scope="module")
def book(demo: Path) -> openpyxl.Workbook:
    """The demo with its formulas."""
    return openpyxl.load_workbook(demo)


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo by group, by language."""
    folder = tmp_path_factory.mktemp("grouped")
    return {lang: written(folder / f"{lang}.xlsx", "--by", "group", "--lang", lang) for lang in SHEETS}


def block(sheet: Worksheet) -> dict[str, list[object]]:
    """By name of a figure's column the five cells above its rows."""
    (head,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "File"]
    assert isinstance(head, int)
    return {
        str(cell.value): [sheet.cell(head - back, cell.column).value for back in range(6, 1, -1)]
        for cell in sheet[head]
        if str(cell.value).endswith("_rows")
    }


def test_formulas_stand_where_the_figures_are_and_carry_their_values(demo: Path, book: openpyxl.Workbook) -> None:
    formulas = block(book[SHEETS["en"]])
    values = block(openpyxl.load_workbook(demo, data_only=True)[SHEETS["en"]])
    assert formulas["csat_rows"][:2] == ["=csat", "=SUM(csat_rows)/COUNT(csat_rows)"]
    assert formulas["nps_rows"][1] == "=100*(COUNTIF(nps_rows,1)-COUNTIF(nps_rows,-1))/COUNT(nps_rows)"
    assert formulas["ces_rows"][1] == "=AVERAGE(ces_rows)"
    assert formulas["first_reply_time_rows"][1] == "=MEDIAN(first_reply_time_rows)"
    assert formulas["tickets_created_rows"][1] == "=COUNT(tickets_created_rows)"
    assert len(values) == 12
    assert {cells[4] for cells in values.values()} == {"✓ yes"}
    assert all(cells[2] == cells[3] for cells in values.values())


def test_names_lead_to_the_figures_and_to_their_rows(book: openpyxl.Workbook) -> None:
    kpis = book["KPIs"]
    for name, rows in (("csat", "Value"), ("csat_change", "Change on Aug 2026"), ("csat_n", "n")):
        ((sheet, cell),) = book.defined_names[name].destinations
        assert (sheet, kpis[cell.replace("$", "")].row) == ("KPIs", _row(kpis, "Customer satisfaction (CSAT)"))
        (head,) = [one.column_letter for one in kpis[6] if one.value == rows]
        assert cell.split("$")[1] == head
    ((sheet, cells),) = book.defined_names["csat_rows"].destinations
    rows = [one.value for (one,) in book[sheet][cells.replace("$", "")] if one.value is not None]
    assert len(rows) == kpis[book.defined_names["csat_n"].attr_text.split("!")[1].replace("$", "")].value


def _row(sheet: Worksheet, label: str) -> int:
    (row,) = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == label]
    return row


def test_rows_name_no_person_and_say_nothing_of_a_customer(book: openpyxl.Workbook) -> None:
    sheet = book[SHEETS["en"]]
    (head,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "File"]
    heads = [str(cell.value) for cell in sheet[head]]
    assert heads[:6] == ["File", "Row", "Number", "Created", "Resolved", "Answered"]
    assert all(name.endswith("_rows") for name in heads[6:])
    texts = {cell.value for row in sheet.iter_rows(min_row=head + 1) for cell in row if isinstance(cell.value, str)}
    assert all(text.startswith(("freshdesk", "surveymonkey", "messages")) or text.isdigit() for text in texts)


def test_the_same_report_gives_the_same_rows_byte_by_byte(tmp_path: Path, demo: Path) -> None:
    assert written(tmp_path / "again.xlsx").read_bytes() == demo.read_bytes()


def test_too_many_rows_leave_none_and_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 150)
    assert piped("demo", "--period", "2026-09", "-o", tmp_path / "few.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "few.xlsx")[SHEETS["en"]]
    text = [str(row[0].value) for row in sheet.iter_rows()]
    assert any("`kundpuls rows tickets_created FILES` lists them" in line for line in text)
    assert sum("are more than the 150 that are listed here" in line for line in text) == 9
    assert {*block(sheet)} == {"csat_rows", "nps_rows", "ces_rows"}


@pytest.mark.parametrize(("name", "as_a_name"), [("csat", "csat"), ("kpi1", "kpi1_"), ("r2c3", "r2c3_"), ("c", "c_"), ("2nd line", "_2nd_line"), ("år", "_r")])  # fmt: skip
def test_a_name_is_none_of_a_cell(name: str, as_a_name: str) -> None:
    assert legal(name) == as_a_name


@pytest.mark.skipif(OFFICE is None, reason="no office program is here that computes")
def test_another_program_computes_the_same(tmp_path: Path, grouped: dict[str, Path]) -> None:
    """Without the values that we wrote: loading and saving drops them. One row is changed, so that one figure no longer agrees."""
    rows = {lang: _changed(grouped[lang], tmp_path / f"bare-{lang}.xlsx") for lang in SHEETS}
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    bare = [str(tmp_path / f"bare-{lang}.xlsx") for lang in SHEETS]
    out = tmp_path / "computed"
    asked = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *bare]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    for lang, (first, last) in rows.items():
        computed = openpyxl.load_workbook(out / f"bare-{lang}.xlsx", data_only=True)[SHEETS[lang]]
        ours = openpyxl.load_workbook(grouped[lang], data_only=True)[SHEETS[lang]]
        assert last - first > 100
        _compare(ours, computed, first)


def _changed(path: Path, bare: Path) -> tuple[int, int]:
    """Writes a workbook with another mark in one row; from where to where the rows of that figure stand."""
    book = openpyxl.load_workbook(path)
    ((sheet, cells),) = book.defined_names["nps_rows"].destinations
    changed = next(cell for (cell,) in book[sheet][cells.replace("$", "")] if cell.value == 1)
    changed.value = -1
    book.save(bare)
    first, last = (int(cells.split("$")[part].rstrip(":")) for part in (2, 4))
    return first, last


def _compare(written: Worksheet, computed: Worksheet, first: int) -> None:
    places = [cell.column for cell in written[first - 1] if str(cell.value).endswith("_rows")]
    assert len(places) == 12
    for column in places:
        head = written.cell(first - 1, column).value
        for row in range(first - 7, first - 2):
            ours, theirs = written.cell(row, column).value, computed.cell(row, column).value
            if head == "nps_rows" and row in (first - 6, first - 3):
                assert ours != theirs, "a changed row changes the figure"
            elif isinstance(ours, str):
                assert theirs == ours
            else:
                assert _number(theirs) == pytest.approx(_number(ours), abs=1e-9), f"{head} in row {row}"


def _number(values: object) -> float:
    """What a cell holds, in days where it is a time."""
    return values if isinstance(values, int | float) else values.total_seconds() / 86_400  # type: ignore[attr-defined]


# Groups


def lines(book: openpyxl.Workbook) -> list[dict[str, object]]:
    sheet = book[SHEETS["en"]]
    (head,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "File"]
    heads = [str(cell.value) for cell in sheet[head]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=head + 1, values_only=True)]


def test_figures_of_groups_can_be_counted_from_the_rows(grouped: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(grouped["en"], data_only=True)
    rows, table = lines(book), book["Group, all KPIs"]
    (head,) = [row[0].row for row in table.iter_rows() if row[0].value == "KPI"]
    columns = [cell.value for cell in table[head]]
    value = columns.index("Value")
    found = {(row[0], row[1]): row for row in table.iter_rows(min_row=head + 1, values_only=True)}
    groups = {one["Group"] for one in rows} - {None}
    assert len(groups) > 2
    compared = 0
    for group in groups:
        marks = [one["csat_rows"] for one in rows if one["Group"] == group and one["csat_rows"] is not None]
        opened = [one for one in rows if one["Group"] == group and one["tickets_created_rows"] is not None]
        assert found["Tickets created", group][value] == len(opened)
        csat = found.get(("Customer satisfaction (CSAT)", group))
        if csat is not None and marks:
            compared += 1
            assert csat[value] == pytest.approx(sum(marks) / len(marks))  # type: ignore[arg-type]
    assert compared > 1
    ((sheet, cells),) = book.defined_names["by_group_rows"].destinations
    assert {cell.value for (cell,) in book[sheet][cells.replace("$", "")]} == {one["Group"] for one in rows}


def test_agents_are_in_no_row_and_hidden_groups_have_no_name(tmp_path: Path) -> None:
    path = written(tmp_path / "grouped.xlsx", "--by", "agent", "--by", "group", "--min-n", "12")
    book = openpyxl.load_workbook(path, data_only=True)
    rows, table = lines(book), book["Group, all KPIs"]
    assert "Agent" not in rows[0]
    hidden = {row[1] for row in table.iter_rows(min_row=7, values_only=True) if any("hidden" in str(cell) or "fewer" in str(cell) for cell in row)}  # fmt: skip
    assert hidden
    assert not hidden & {one["Group"] for one in rows}
    assert "…" in {one["Group"] for one in rows}


@pytest.mark.parametrize(("lang", "minutes"), [("en", "half a minute"), ("sv", "halv minut"), ("nb", "halvt minutt")])
def test_it_says_which_rows_are_not_there_and_how_times_are_rounded(
    grouped: dict[str, Path], lang: str, minutes: str
) -> None:
    sheet = openpyxl.load_workbook(grouped[lang], read_only=True)[SHEETS[lang]]
    above = " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=12))
    for words in (minutes, "by_group_rows", "2026", "…"):
        assert words in above, words
