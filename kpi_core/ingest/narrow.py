"""One narrow scan of one file: the typed columns a report needs, and a bit mask of what could not be read.

A row costs some thirty bytes here whatever the export holds. Counts of refusals come from the mask; the text
of refused cells is fetched by a second look at just those rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.fields import Field
from kpi_core.ingest.files import RawExport, explain_scan_failure
from kpi_core.report import REFUSED_SCHEMA
from kpi_core.tables import Kind

ROW = "_row"
MASK = "_mask"
UNKNOWN = "_unknown"
SHOWN = 1000
"""Refused rows whose text is kept for listing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NarrowScan:
    """A file's fields and the rows they were read from; `frame` is null-masked rows included."""

    raw: RawExport
    skip: int
    fields: tuple[Field, ...]
    required: tuple[str, ...]
    cleaned: Mapping[str, pl.Expr]
    frame: pl.DataFrame

    def texts(self, *, row_index: str | None = None) -> pl.LazyFrame:
        """The file once more, with each field's clean text and typed value as working columns."""
        return steps(self.raw.scan(skip=self.skip, row_index=row_index), self.cleaned, self.fields)

    @property
    def refusing(self) -> tuple[Field, ...]:
        """The fields whose unreadable cells refuse a row, in the mask's bit order."""
        return _refusing(self.fields)


def _refusing(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.unreadable is not None)


def _doubtful(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.unknown is not None)


def steps(rows: pl.LazyFrame, cleaned: Mapping[str, pl.Expr], fields: Sequence[Field]) -> pl.LazyFrame:
    """Raw rows with clean cells, then texts, then values: each step computed once, whatever uses it after."""
    return (
        rows.with_columns(**cleaned)
        .with_columns(field.text.alias(field.text_name) for field in fields)
        .with_columns(field.value.alias(field.value_name) for field in fields)
    )


def collect(raw: RawExport, rows: pl.LazyFrame) -> pl.DataFrame:
    """Runs a scan of the file.

    Raises:
        ExportError: the file breaks off being a table; names the line.
    """
    try:
        return rows.collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise explain_scan_failure(raw, error) from error


def scan(
    raw: RawExport, skip: int, fields: Sequence[Field], required: Sequence[str], cleaned: Mapping[str, pl.Expr],
    extra: Mapping[str, pl.Expr],
) -> NarrowScan:  # fmt: skip
    """Reads the file once.

    Args:
        raw: the file.
        skip: records before the first data row.
        fields: what to read; text becomes categorical, keys 64-bit hashes.
        required: fields whose missing cells refuse the row.
        cleaned: the clean cells that the fields are made of.
        extra: further expressions over the working columns, kept as they are.

    Raises:
        ExportError: the file breaks off being a table; names the line.
    """
    refusing = _refusing(fields)
    bits = [_bit(place, field.unreadable) for place, field in enumerate(refusing) if field.unreadable is not None]
    by_name = {field.name: field for field in fields}
    lacking = [
        _bit(len(refusing) + place, pl.col(by_name[name].text_name).is_null())
        for place, name in enumerate(required)
        if name in by_name
    ]
    mask = pl.sum_horizontal([pl.lit(0, pl.UInt64), *bits, *lacking]).cast(pl.UInt64)
    doubts = [_bit(place, field.unknown) for place, field in enumerate(_doubtful(fields)) if field.unknown is not None]
    unknown = pl.sum_horizontal([pl.lit(0, pl.UInt64), *doubts]).cast(pl.UInt16)
    lazy = steps(raw.scan(skip=skip, row_index=ROW), cleaned, fields).select(
        pl.col(ROW).cast(pl.UInt32), mask.alias(MASK), unknown.alias(UNKNOWN), *(_column(field) for field in fields),
        *(expression.alias(name) for name, expression in extra.items()),
    )  # fmt: skip
    frame = collect(raw, lazy)
    return NarrowScan(raw=raw, skip=skip, fields=tuple(fields), required=tuple(required), cleaned=cleaned, frame=frame)


def _bit(place: int, condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=False).cast(pl.UInt64) * (1 << place)


def _column(field: Field) -> pl.Expr:
    value = pl.col(field.value_name)
    if field.kind is Kind.KEY:
        return pl.when(value.is_not_null()).then(value.hash(seed=7)).alias(field.name)
    if field.kind is Kind.TEXT:
        return value.cast(pl.Categorical).alias(field.name)
    return value.cast(field.kind.dtype).alias(field.name)


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


def unknown_words(narrow: NarrowScan) -> dict[str, dict[str, int]]:
    """Words of categories that nobody knows, by field, with how often they occur."""
    words: dict[str, dict[str, int]] = {}
    seen = narrow.frame[UNKNOWN].unique()
    for place, field in enumerate(_doubtful(narrow.fields)):
        if field.unknown is None or not ((seen & (1 << place)) != 0).any():
            continue
        lazy = narrow.texts().filter(field.unknown).group_by(pl.col(field.text_name).alias("word")).len()
        counts = collect(narrow.raw, lazy).sort("len", "word", descending=[True, False])
        words[field.name] = dict(counts.iter_rows())
    return words


def check_width(raw: RawExport) -> None:
    """Refuses a file that is no table at all.

    Raises:
        ExportError: fewer than two columns.
    """
    if raw.width < 2:
        hint = "pass --delimiter if the columns are split by something else than , ; | or tab"
        raise ExportError("only one column: no table", where=raw.name, hint=hint)
