"""Rows that do not fit the header of their text: read by a rule that reads them all, else refused and counted, never cut."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from invoked import piped
from reported import Reported, reported

from kpi_core.ingest.files.text.mending.torn_rows import mended

ORDERS = ["Order ID", "Order date", "Customer ID", "Total"]


def read(folder: Path, text: str) -> Reported:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    return reported(folder / "a.csv")


def orders(totals: Sequence[str], tail: str = "") -> str:
    head = ",".join(ORDERS) + (",Currency" if tail else "")
    rows = [f"{1000 + at},2026-03-{1 + at % 28:02d},{at + 1},{total}{tail}" for at, total in enumerate(totals)]
    return "\n".join([head, *rows]) + "\n"


def test_thousands_without_quotes_are_read_as_one_number_and_reported(tmp_path: Path) -> None:
    totals = ["900.50", "1,234.50", "2,053.00", "20.00", "845.10", "1,007.25"] * 5
    found = read(tmp_path, orders(totals))
    assert found.value("revenue") == pytest.approx(5 * (900.5 + 1234.5 + 2053 + 20 + 845.1 + 1007.25))
    assert "numbers of `Total` in 15 rows" in found.finding_text("mended-rows")


@pytest.mark.parametrize("tail", ["", ",SEK"])
def test_decimals_after_a_comma_are_read_where_each_row_has_them(tmp_path: Path, tail: str) -> None:
    found = read(tmp_path, orders(["560,76", "12,40", "99,05", "140,10"] * 6, tail))
    assert [one["value"] for one in found.document["results"] if one["kpi"] == "revenue"] == [pytest.approx(6 * 812.31)]


def test_a_wide_row_after_many_that_fit_is_read_as_an_early_one_is(tmp_path: Path) -> None:
    found = read(tmp_path, orders(["10.50", *["820.00"] * 300, "1,100.00"]))
    assert found.value("revenue") == pytest.approx(10.5 + 300 * 820 + 1100)


def test_a_text_with_the_delimiter_before_figures_is_read_as_one_text() -> None:
    header = ["id", "created", "subject", "replies", "rating"]
    rows = [[str(at), "2026-03-01", f"words number {at} of", "2", "4"] for at in range(30)]
    rows[3:3] = [["77", "2026-03-02", "screen", " black", "3", "5"]]
    done = mended(header, rows, ";")
    assert done.rows[3] == ["77", "2026-03-02", "screen; black", "3", "5"]
    assert not done.torn


def test_what_may_be_a_further_column_or_a_piece_of_a_text_is_torn() -> None:
    header = ["id", "created", "subject", "replies", "rating"]
    rows = [[str(at), "2026-03-01", f"words number {at} of", "2", "4"] for at in range(30)]
    rows[3:3] = [["77", "2026-03-02", "screen", "2", "3", "5"]]
    assert mended(header, rows, ";").torn == [3]


def test_trailing_blank_fields_do_no_harm() -> None:
    rows = [["1", "2026-03-01", "x", "", ""], ["2", "2026-03-02", "y", ""], ["3", "2026-03-02", "z"]]
    done = mended(["id", "created", "status"], rows, ",")
    assert (done.torn, done.read, done.rule) == ([], [], "")


def test_a_field_lost_amid_a_row_tears_it_and_one_lost_at_its_end_does_not() -> None:
    header = ["id", "created", "status", "hours", "resolved"]
    rows = [[str(at), "2026-03-01", "solved", "3", "2026-03-02"] for at in range(30)]
    slid, short = ["98", "2026-03-01", "3", "2026-03-02"], ["99", "2026-03-01", "solved", "3"]
    assert mended(header, [*rows, slid, short], ",").torn == [30]


def test_a_running_number_before_the_first_header_moves_no_cell(tmp_path: Path) -> None:
    rows = [f"{at},{500 + at},2026-03-{1 + at:02d},solved,2026-03-{2 + at:02d}" for at in range(20)]
    found = read(tmp_path, "Ticket ID,Created,Status,Resolved\n" + "\n".join(rows) + "\n")
    assert found.value("tickets_resolved") == 20
    assert "running number" in found.finding_text("mended-rows")


def test_few_torn_rows_are_refused_counted_and_listed(tmp_path: Path) -> None:
    lines = orders(["820.00"] * 60).splitlines()
    lines[8] += ",17,extra"
    found = read(tmp_path, "\n".join(lines) + "\n")
    assert found.value("revenue") == pytest.approx(59 * 820)
    assert found.refused == [{"fields do not fit the header": 1}]
    assert "(line 9)" in found.finding_text("torn-rows")


def test_many_torn_rows_refuse_the_file_with_a_line(tmp_path: Path) -> None:
    lines = orders(["820.00"] * 60).splitlines()
    lines[8:20] = [f"{line},17,extra" for line in lines[8:20]]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ended = piped("report", tmp_path / "a.csv", "--period", "all")
    assert ended.code == 3
    assert "a.csv:9: 6 fields where the header has 4, and so in 12 rows" in ended.err
