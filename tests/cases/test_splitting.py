"""The same rows in other files: split by rows, months, members of an archive or sheets, in any order, with rows and columns that say nothing.

Whatever the rows are cut into, the figures stay.
"""

import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from reported import CASES, Reported, reported

START = datetime(2026, 1, 5, 8)
FEW = few(4)
TICKETS = "Ticket ID,Created at,Resolved at,Status,Group,Customer ID"
LOG = "Case,At,State"
LINES = "Order ID,Order date,Customer ID,Product,Amount"
ANSWERS = "Response ID,Answered at,How likely are you to recommend us? (0-10)"
Rows = list[list[str]]


def _instant(hours: int) -> str:
    return f"{START + timedelta(hours=hours):%Y-%m-%d %H:%M}"


@st.composite
def tickets(draw: st.DrawFn) -> Rows:
    """Tickets over some months, each row a ticket of its own."""
    rows = []
    for number in range(1, draw(st.integers(4, 14)) + 1):
        opened, took = draw(st.integers(0, 1500)), draw(st.one_of(st.none(), st.integers(1, 400)))
        solved = "" if took is None else _instant(opened + took)
        status = "Open" if took is None else "Solved"
        rows.append([str(number), _instant(opened), solved, status, draw(st.sampled_from("AB")), f"c{number % 3}"])
    return rows


@st.composite
def events(draw: st.DrawFn) -> Rows:
    """A log of cases with different instants throughout."""
    hours = draw(st.lists(st.integers(0, 1500), min_size=5, max_size=14, unique=True))
    return [
        [f"A{draw(st.integers(1, 4))}", _instant(hour), draw(st.sampled_from(("Logged", "Assigned", "Closed")))]
        for hour in sorted(hours)
    ]


@st.composite
def lines(draw: st.DrawFn) -> Rows:
    """Orders of one to three lines."""
    rows: Rows = [["O0", _instant(0)[:10], "c0", "Soap", "10"], ["O0", _instant(0)[:10], "c0", "Towel", "25"]]
    for number in range(1, draw(st.integers(2, 6))):
        day = _instant(draw(st.integers(0, 1500)))[:10]
        for product in draw(st.lists(st.sampled_from(("Soap", "Towel", "Brush")), min_size=1, max_size=3, unique=True)):
            rows.append([f"O{number}", day, f"c{number % 2}", product, str(draw(st.integers(1, 90)))])
    return rows


@st.composite
def answers(draw: st.DrawFn) -> Rows:
    """Answers from 0 to 10, both ends among them."""
    scores = [0, 10, *draw(st.lists(st.integers(0, 10), min_size=3, max_size=12))]
    return [[f"r{place}", _instant(place * 100), str(score)] for place, score in enumerate(scores)]


KINDS = {
    "tickets": (TICKETS, tickets(), ()),
    "events": (LOG, events(), ("--mapping", CASES / "event-log.yaml")),
    "lines": (LINES, lines(), ()),
    "answers": (ANSWERS, answers(), ()),
}


def _text(header: str, rows: Rows) -> str:
    return "\n".join([header, *(",".join(row) for row in rows), ""])


def _files(folder: Path, header: str, parts: Sequence[Rows]) -> list[Path]:
    paths = [folder / f"part {place}.csv" for place in range(len(parts))]
    for path, rows in zip(paths, parts, strict=True):
        path.write_text(_text(header, rows), encoding="utf-8")
    return paths


def _zipped(folder: Path, header: str, parts: Sequence[Rows]) -> list[Path]:
    with zipfile.ZipFile(folder / "parts.zip", "w") as archive:
        for place, rows in enumerate(parts):
            archive.writestr(f"part {place}.csv", _text(header, rows))
    return [folder / "parts.zip"]


def _sheets(folder: Path, header: str, parts: Sequence[Rows]) -> list[Path]:
    book = Workbook()
    book.remove(book.worksheets[0])
    for place, rows in enumerate(parts):
        sheet = book.create_sheet(f"part {place}")
        for row in [header.split(","), *rows]:
            sheet.append(row)
    book.save(folder / "parts.xlsx")
    return [folder / "parts.xlsx"]


def same(found: Reported, whole: Reported) -> None:
    """The figures of two reports are the same but for the last digits of a sum."""
    assert found.values.keys() == whole.values.keys()
    for kpi, numbers in whole.values.items():
        for one, other in zip(found.values[kpi], numbers, strict=True):
            assert one == (other if other is None else pytest.approx(other, rel=1e-9, abs=1e-9)), kpi


def _cut(rows: Rows, places: Sequence[int]) -> list[Rows]:
    """The rows dealt to as many parts as there are different places, in order within each; no part is empty."""
    dealt: dict[int, Rows] = {}
    for row, place in zip(rows, places, strict=True):
        dealt.setdefault(place, []).append(row)
    return [dealt[place] for place in sorted(dealt)]


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_rows_cut_into_files_members_and_sheets_give_the_same_figures(kind: str, data: st.DataObject) -> None:
    header, rows, more = KINDS[kind]
    table = data.draw(rows)
    places = data.draw(st.lists(st.integers(0, 2), min_size=len(table), max_size=len(table)))
    with TemporaryDirectory() as name:
        folder = Path(name)
        whole = reported(*_files(folder, header, [table]), *more)
        for cut in (_files, _zipped, _sheets):
            same(reported(*cut(folder, header, _cut(table, places)), *more), whole)


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_a_file_a_month_in_any_order_gives_the_same_figures(kind: str, data: st.DataObject) -> None:
    header, rows, more = KINDS[kind]
    table = data.draw(rows)
    parts = _cut(table, [int(row[1][5:7]) for row in table])
    with TemporaryDirectory() as name:
        folder = Path(name)
        whole = reported(*_files(folder, header, [table]), *more)
        paths = _files(folder, header, parts)
        same(reported(*data.draw(st.permutations(paths)), *more), whole)


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_rows_and_columns_that_say_nothing_change_nothing(kind: str, data: st.DataObject) -> None:
    """A sum below, blank rows between, blank columns behind, the header once more in the middle."""
    header, rows, more = KINDS[kind]
    table = data.draw(rows)
    width = header.count(",") + 1
    word = data.draw(st.sampled_from(("Summa", "Totalt", "Total", "Yhteensä", "I alt")))
    noise = [[word, *[""] * (width - 2), str(len(table))], [""] * width, header.split(",")]
    noisy = list(table)
    for row in data.draw(st.lists(st.sampled_from(noise[1:]), max_size=3)):
        noisy.insert(data.draw(st.integers(1, len(noisy))), row)
    noisy.append(noise[0])
    with TemporaryDirectory() as name:
        folder = Path(name)
        whole = reported(*_files(folder, header, [table]), *more)
        wide = [[*row, "", ""] for row in noisy]
        same(reported(*_files(folder, f"{header},,", [wide]), *more), whole)


@FEW
@given(table=tickets(), data=st.data())
def test_columns_that_one_part_lacks_are_unknown_of_its_rows(table: Rows, data: st.DataObject) -> None:
    """What both parts know is that of the whole; what one of them knows is that of this one."""
    places = [0, *data.draw(st.lists(st.integers(0, 1), min_size=len(table) - 2, max_size=len(table) - 2)), 1]
    result, silent = _cut(table, places)
    kept = [place for place in range(len(TICKETS.split(","))) if place not in (2, 3)]
    rows = [[row[place] for place in kept] for row in silent]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (part,) = _files(folder, TICKETS, [result])
        other, whole = folder / "other.csv", folder / "whole.csv"
        other.write_text(_text(",".join(TICKETS.split(",")[place] for place in kept), rows), encoding="utf-8")
        whole.write_text(_text(TICKETS, table), encoding="utf-8")
        end = ("--as-of", "2026-06-01", "--mapping", "spreadsheet-tickets")
        found, alone, all_of_them = (reported(*files, *end) for files in ((part, other), (part,), (whole,)))
        assert found.value("tickets_created") == all_of_them.value("tickets_created")
        for kpi in ("net_flow", "backlog", "resolution_rate", "resolution_time"):
            assert found.values.get(kpi, ())[:2] == alone.values.get(kpi, ())[:2], kpi
