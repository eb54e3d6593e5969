"""The account of refused rows: how many for which reason, and the cells as they were written."""

import polars as pl

from kpi_core.ingest.narrow import MASK, ROW, NarrowScan, collect
from kpi_core.report import REFUSED_SCHEMA

SHOWN = 1000
"""Refused rows whose text is kept for listing."""


def refused_counts(narrow: NarrowScan, blank_rows: int) -> dict[str, int]:
    """Refused rows by reason; a row is counted under the first of its faults."""
    counts: dict[str, int] = {}
    masks = narrow.frame.filter(pl.col(MASK) != 0)[MASK]
    if blank_rows:
        counts["blank row"] = blank_rows
    lacking = 0
    for place, name in enumerate(narrow.required, start=len(narrow.refusing)):
        missing = (masks & (1 << place)) != 0
        if found := int(missing.sum()) - blank_rows:
            counts[f"no {_header(narrow, name)}"] = found
        lacking |= 1 << place
    rest = masks.filter((masks & lacking) == 0)
    for place, field in enumerate(narrow.refusing):
        hit = (rest & (1 << place)) != 0
        if found := int(hit.sum()):
            counts[f"unreadable {field.header}"] = found
        rest = rest.filter(~hit)
    return counts


def _header(narrow: NarrowScan, name: str) -> str:
    return next((field.header for field in narrow.fields if field.name == name), name)


def blank_rows(narrow: NarrowScan) -> pl.Series:
    """The spreadsheet row numbers of refused rows that hold nothing at all."""
    rows = narrow.frame.filter(pl.col(MASK) >= (1 << len(narrow.refusing)))[ROW]
    if not narrow.required or rows.is_empty():
        return pl.Series(ROW, [], pl.UInt32)
    lazy = narrow.raw.scan(skip=narrow.skip, row_index=ROW).with_columns(pl.col(ROW).cast(pl.UInt32))
    cells = pl.all().exclude(ROW).str.strip_chars()
    empty = lazy.filter(pl.all_horizontal(cells.is_null() | (cells == "")))
    blank = collect(narrow.raw, empty.select(ROW))[ROW]
    return blank.filter(blank.is_in(rows.implode()))


def refused_rows(narrow: NarrowScan, table: str, blank: pl.Series, limit: int | None = SHOWN) -> pl.DataFrame:
    """The first refused rows as written (see `REFUSED_SCHEMA`), one line a faulty cell."""
    bad = narrow.frame.filter(pl.col(MASK) != 0).select(ROW, MASK)
    bad = bad if limit is None else bad.head(limit)
    if bad.is_empty():
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    texts = (
        narrow.texts(row_index=ROW)
        .with_columns(pl.col(ROW).cast(pl.UInt32))
        .filter(pl.col(ROW).is_in(bad[ROW].implode()))
        .select(ROW, *(pl.col(field.text_name).alias(f"{place}") for place, field in enumerate(narrow.refusing)))
    )
    found = bad.join(collect(narrow.raw, texts), on=ROW, how="left", maintain_order="left")
    gone = set(blank.to_list())
    lines = [line for row in found.iter_rows(named=True) for line in _faults(narrow, row, blank=row[ROW] in gone)]
    return pl.DataFrame([(narrow.raw.name, table, *line) for line in lines], schema=REFUSED_SCHEMA, orient="row")


def listed(narrow: NarrowScan, table: str, rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """The first of some rows as refused for a reason that no single cell has (see `REFUSED_SCHEMA`)."""
    places = rows[ROW].head(SHOWN).to_list()
    lines = [(narrow.raw.name, table, place, None, None, reason) for place in places]
    return pl.DataFrame(lines, schema=REFUSED_SCHEMA, orient="row")


def _faults(narrow: NarrowScan, row: dict[str, object], *, blank: bool) -> list[tuple[object, ...]]:
    number, mask = row[ROW], int(str(row[MASK]))
    if blank:
        return [(number, None, None, "blank row")]
    lines: list[tuple[object, ...]] = [
        (number, field.header, row[f"{place}"], "unreadable")
        for place, field in enumerate(narrow.refusing)
        if mask & (1 << place)
    ]
    lines += [
        (number, _header(narrow, name), None, "missing")
        for place, name in enumerate(narrow.required, start=len(narrow.refusing))
        if mask & (1 << place)
    ]
    return lines
