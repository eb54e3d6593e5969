"""Nordic files by others: statistics in two encodings, and a course's support log without ids or dates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from kpi_core.ingest.cells.numbers import parse_number, sniff_decimal
from kpi_core.ingest.files.inputs import find_files
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport

STATISTICS = "datasets/nordic_format_ssb"
LOG = "exports/norwegian/support_uke_24.xlsx"


def opened(path: Path) -> RawExport:
    (item,) = find_files([str(path)])
    return open_export(item)


def test_the_same_statistics_in_latin_1_and_utf_8_are_one_table(folder: Path) -> None:
    latin, utf = (opened(folder / STATISTICS / f"omsetning_{encoding}.csv") for encoding in ("latin1", "utf8"))
    assert latin.dialect is not None
    assert utf.dialect is not None
    assert (latin.dialect.encoding, utf.dialect.encoding) == ("cp1252", "utf-8")
    assert latin.dialect.delimiter == utf.dialect.delimiter == ";"
    assert latin.head == utf.head
    rows = [raw.scan(skip=3).collect() for raw in (latin, utf)]
    assert rows[0].equals(rows[1])
    assert rows[0].height == 21


def test_decimal_commas_and_leading_zeros_of_statistics(folder: Path) -> None:
    raw = opened(folder / STATISTICS / "valg2023.csv")
    assert raw.dialect is not None
    assert raw.dialect.delimiter == ";"
    rows = raw.scan(skip=1).collect()
    commas = [name for name in rows.columns if rows[name].str.contains(r"^\d+,\d+$").any()]
    codes = [name for name in rows.columns if rows[name].str.contains(r"^0\d+$").any()]
    assert commas
    assert codes
    for name in commas:
        cells = rows[name].drop_nulls()
        read = pl.DataFrame({"cell": cells}).select(parse_number(pl.col("cell"), sniff_decimal(cells, column=name)))
        assert read["cell"].null_count() == 0


def test_a_support_log_without_ids_or_dates_is_recognised_by_its_headers(refusal: Callable[..., str]) -> None:
    messages = refusal(LOG)
    assert "no known export format" in messages
    assert all(f"`{header}`" in messages for header in ("Ukedag", "Klokkeslett", "Varighet", "Tilfredshet"))


def test_a_support_log_named_as_tickets_says_what_it_lacks(report: Callable[..., Any]) -> None:
    log = report(LOG, "--mapping", "spreadsheet-tickets")
    assert log.source()["rows_used"] == 217
    assert log["handle_time"]["value"] > 0
    assert "created_at" in " ".join(log.lacking["first_reply_time"])
    assert "status or resolved_at" in log.lacking["tickets_resolved"]
