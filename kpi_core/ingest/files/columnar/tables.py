"""Files and folders of typed columns as exports: Parquet, Arrow (Feather), tables in parts, Delta tables. Their rows are scanned where they lie, lazily."""

import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.columnar.as_text import as_text
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.partitions import parts_of, said_by
from kpi_core.ingest.files.raw_export import HEAD_RECORDS, ROW, Kind, RawExport, ReadOptions
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message

_LISTED = 4
_STREAM = b"\xff\xff\xff\xff"
_MAGIC: Mapping[bytes, Kind] = {b"PAR1": "parquet", b"ARROW1": "arrow", _STREAM: "arrow"}
_OTHERS = {
    b"FEA1": ("is Feather of the first version", "write it again as Parquet, or as Feather of the second version"),
    b"PARE": ("is Parquet that is encrypted", "write it again without encryption"),
    b"ORC": ("is an ORC file", "export it as Parquet or CSV"),
    b"Obj\x01": ("is an Avro file", "export it as Parquet or CSV"),
    b"SQLite format 3\0": ("is a SQLite database", "export its table as Parquet or CSV"),
}
"""How files begin that hold columns and are not read, with the way out."""


def kind_of(content: bytes, name: str) -> Kind | None:
    """Which kind of columns a file begins as; None where it is none.

    Raises:
        UnreadableError: it is of a kind that is not read.
    """
    for start, (message, hint) in _OTHERS.items():
        if content.startswith(start):
            raise UnreadableError(message, where=name, hint=hint)
    return next((kind for start, kind in _MAGIC.items() if content.startswith(start)), None)


def open_table(item: Input, kind: Kind, options: ReadOptions) -> RawExport:
    """The export at `item`, its headers and first rows looked at.

    Raises:
        ExportError: damaged, without columns, at odds with `options`, or with more columns or cells than are bound.
    """
    if options.skip_lines:
        raise ExportError(
            "--skip-lines: its columns have names, and no lines stand above them", where=item.name, hint="leave it out"
        )
    # Zones that polars does not know must not keep it from looking: their instants are known all the same.
    os.environ.setdefault("POLARS_IGNORE_TIMEZONE_PARSE_ERROR", "1")
    try:
        rows = _scan(item, kind)
        width, height = len(rows.collect_schema()), int(rows.select(pl.len()).collect().item())
        options.limits.check_columns(width, item.name)
        options.limits.check_columnar(width * height, _bytes(item.path), item.name)
        columns, left = as_text(rows)
        cells = {f"c{place}": each.cell for place, each in enumerate(columns)}
        first = rows.head(HEAD_RECORDS - 1).select(**cells).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        hint = "write it again, or export it as CSV"
        raise UnreadableError(
            f"is damaged, or {_NAMES[kind]} of a kind that is not read", where=item.name, hint=hint
        ) from error
    if not columns:
        raise UnreadableError("has no column that can be read", where=item.name, hint="export it as CSV")
    headers = tuple(each.header for each in columns)
    listed = [f"`{header}`" for header in left]
    return RawExport(
        name=item.name, path=item.path, kind=kind, width=len(columns),
        head=(headers, *(tuple(cell or "" for cell in row) for row in first.iter_rows())),
        notes=(Message("columns-nested", count=len(left), headers=first_of(listed, _LISTED)),) if left else (),
        _columns=rows.select(**cells).with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.UInt32)), _above=1, _cells=width * height,
    )  # fmt: skip


_NAMES = {"parquet": "Parquet", "arrow": "Arrow", "delta": "a Delta table"}


def _bytes(path: Path) -> int:
    """Those of a file, or of all files of a folder."""
    return (
        path.stat().st_size if path.is_file() else sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    )


def _scan(item: Input, kind: Kind) -> pl.LazyFrame:
    """The rows as they are typed, with the columns that the names of folders say."""
    if kind == "delta":
        return _scan_delta(item)
    if not item.path.is_dir():
        return _with_said(_scan_file(item.path), item.name)
    parts = (_with_said(_scan_file(path), str(path)) for path in parts_of(item.path))
    return pl.concat(parts, how="diagonal_relaxed")


def _scan_file(path: Path) -> pl.LazyFrame:
    with path.open("rb") as file:
        start = file.read(8)
    if kind_of(start, str(path)) == "parquet":
        return pl.scan_parquet(path, glob=False, hive_partitioning=False)
    return pl.read_ipc_stream(path).lazy() if start.startswith(_STREAM) else pl.scan_ipc(path, glob=False)


def _with_said(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """The rows with the columns that the names of the folders above their file say; its own go before them."""
    own = rows.collect_schema().names()
    said = {key: pl.lit(value, pl.String) for key, value in said_by(name).items() if key not in own}
    return rows.with_columns(**said) if said else rows


def _scan_delta(item: Input) -> pl.LazyFrame:
    """The rows of the newest version of a Delta table.

    Raises:
        ExportError: what reads such tables is not installed.
        UnreadableError: it is damaged, or of a kind that is not read.
    """
    try:
        from deltalake.exceptions import DeltaError
    except ImportError as error:
        hint = "pip install 'kundpuls[store]', or export the table as Parquet"
        raise ExportError("is a Delta table, for which `deltalake` is missing", where=item.name, hint=hint) from error
    try:
        return pl.scan_delta(str(item.path.resolve()))
    except (DeltaError, ValueError) as error:
        hint = "write it again, or export it as Parquet"
        raise UnreadableError(
            "is damaged, or a Delta table of a kind that is not read", where=item.name, hint=hint
        ) from error
