"""Any export as rows of text: `c0`, `c1`, … by position, nothing typed, renamed or dropped.

The rows of a workbook are at hand; those of a text are scanned where it lies, and those of an export that was kept in its columns.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.waiting_spans import Waits
from kpi_core.ingest.files.checksums import start_hashing
from kpi_core.ingest.files.endings import way_back
from kpi_core.ingest.files.json.paging import Paging, paging_of
from kpi_core.ingest.files.json.records import Documents
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.side_tables import SideTable, side_tables
from kpi_core.ingest.files.text.broken_lines import find_fault
from kpi_core.ingest.files.text.composed_letters import with_whole_letters
from kpi_core.ingest.files.text.dialect import (
    Dialect,
    after_lines,
    first_columns,
    read_sample,
)
from kpi_core.ingest.files.text.encodings import UTF8
from kpi_core.ingest.files.text.transcoding import transcoded
from kpi_core.ingest.files.workbooks.sheets import Stacked
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass
from kpi_core.threads import at_once

Kind = Literal["csv", "workbook", "spreadsheetml", "json", "parquet", "arrow", "delta"]
HEAD_RECORDS = 200
_EXCESS, _NUMBER = ("excess_field", "second_excess_field"), "_number"
ROW = "row"
"""The column of lazily scanned columns that holds the number of each row."""
SMALL_TEXT = 1 << 16
"""Bytes of a text up to which its rows are read once: several looks ask for all of them."""
_CELL = 10
"""Bytes of a cell in a text, its delimiter among them."""
_ENDING = 8192
"""Bytes at the end of a text in which its last lines are looked for."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What the user settles about reading a file. `skip_lines` physical lines stand before the table."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    skip_lines: int = 0
    limits: Limits = DEFAULT


CUTTING = ("encoding", "delimiter", "sheet", "skip_lines")
"""The options by which a file is cut into rows."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """What is known of the file of which an export was kept, and is asked again.

    Attributes:
        size: its bytes.
        sha256: its checksum in hexadecimal.
        sampled: the records in the first mebibyte of a text; null of what is no text.
        ending: the last characters of a text (see `RawExport.ending`); null of what is no text.
    """

    size: int
    sha256: str
    sampled: int | None = None
    ending: str | None = None


@dataclass(frozen=True, kw_only=True)
class Scans:
    """Where scans of a kept export are kept too, so that none is made twice (see `fields.kept_scans`).

    Attributes:
        folder: where they are.
        of: what the export is known by there, and how it was cut into rows.
        takes_new: whether one that is missing is put there.
    """

    folder: Path
    of: str
    takes_new: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class RawExport:
    """An export as rows of text.

    `head` holds the first records, at most 200, header rows included, each filled with '' to `width`, the
    number of columns. `dialect` belongs to text, `sheet` and `sheets` to the other kinds. `folded` rows have gone
    into others, by reason; `waits` are the spans of time in which the case of each row waited for us. `notes` say what
    was guessed or put right in reading it; `is_1904` whether its numbers of days count from 1904, `stack`
    which sheets it was put together from, `sides` the tables next to its list, whose cells are blank in its rows;
    `lacks_openings` whether it is a log of changes in which no case is opened. `torn` are, by number, the rows that do not fit
    the header, as written: their cells are blank, as are those of the rows that were `forgotten` in a store; `findings` say what was put right in rows, and what could not be; `remarks` are the
    filled cells of each row of small sheets that are no lists. `options` are those it was opened with; `original` is the file that it was kept of, `scans` are those that were made of it as it stands.
    """

    name: str
    path: Path
    kind: Kind
    head: tuple[tuple[str, ...], ...]
    width: int
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    dialect: Dialect | None = None
    notes: tuple[Message, ...] = ()
    is_1904: bool = False
    _skipped: int = 0
    _lines_to: tuple[int, ...] = field(default=(), repr=False)
    _frame: pl.DataFrame | None = field(default=None, repr=False)
    _numbers: pl.Series | None = field(default=None, repr=False)
    _documents: Documents | None = field(default=None, repr=False)
    folded: Mapping[Text, int] = field(default_factory=dict)
    waits: Waits | None = field(default=None, repr=False)
    stack: Stacked | None = field(default=None, repr=False)
    sides: tuple[SideTable, ...] = ()
    lacks_openings: bool = False
    torn: Mapping[int, str] = field(default_factory=dict, repr=False)
    forgotten: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[tuple[str, ...], ...] = ()
    options: ReadOptions = ReadOptions()
    original: Original | None = None
    scans: Scans | None = None
    _columns: pl.LazyFrame | None = field(default=None, repr=False)
    _above: int = 0
    _cells: int = 0
    _blanked: tuple[str, ...] = field(default=(), repr=False)
    _other_sheets: Callable[[str], "RawExport"] | None = field(default=None, repr=False)

    @property
    def paging(self) -> Paging:
        """What a document of pages says of the whole that they are parts of."""
        return Paging() if self._documents is None else paging_of(self._documents.documents)

    @property
    def parts(self) -> tuple[str, ...]:
        """The sheets that its rows are from, in the order that their numbers go by (see `sheets.SHEET_ROWS`)."""
        return tuple(self.stack.read) if self.stack else ()

    @property
    def is_frame(self) -> bool:
        """Whether its rows are at hand, not scanned."""
        return self._frame is not None

    @property
    def size(self) -> int:
        """The bytes of the file as it was given, 0 where it has gone, which reading it says; of packed columns as many as a text of their cells may have."""
        if self._cells:
            return self._cells * _CELL
        if self.original is not None:
            return self.original.size
        return self.path.stat().st_size if self.path.exists() else 0

    def replaced(self, frame: pl.DataFrame, numbers: pl.Series) -> "RawExport":
        """The export as other rows (text columns `c0` …) with their own row numbers."""
        return replace(self, _frame=frame, _numbers=numbers, _columns=None, scans=None, width=frame.width, _blanked=())

    def without_sides(self) -> "RawExport":
        """The export with the cells of tables next to its list blank, their headers too."""
        sides = () if self.kind == "json" else side_tables(self.head)
        if not sides:
            return self
        places = {place for side in sides for place in side.places}
        head = tuple(tuple("" if at in places else cell for at, cell in enumerate(row)) for row in self.head)
        names = tuple(f"c{place}" for place in sorted(places))
        frame = None if self._frame is None else self._frame.with_columns(_blank(names))
        return replace(self, head=head, sides=sides, _frame=frame, _blanked=names if frame is None else ())

    def apart(self, known: Collection[int]) -> tuple["RawExport", ...]:
        """The export, or its sheets that are to be read each by its own headers, where these differ in a column that is `known`."""
        names = () if self.stack is None else self.stack.apart(known)
        if self.stack is None or not names:
            return (self,)
        together = [name for name in self.stack.read if name not in names]
        first = self._of_sheets(together, self.name)
        left = (
            replace(first.stack, unread=self.stack.unread, templates=self.stack.templates, hidden=self.stack.hidden)
            if first.stack
            else None
        )
        return replace(first, stack=left), *(self._of_sheets([name], f"{self.name}/{name}") for name in names)

    def without_sheets(self, names: Collection[str | None]) -> "RawExport":
        """The export with nothing to say of some sheets that are not among its rows."""
        if self.stack is None or not names:
            return self
        left = {name: rows for name, rows in self.stack.unread.items() if name not in names}
        return replace(self, stack=replace(self.stack, unread=left))

    def other_sheet(self, name: str) -> "RawExport":
        """A sheet of the workbook that is not among its rows, as an export of its own.

        Raises:
            ExportError: it cannot be read.
        """
        if self._other_sheets is None:
            raise ExportError(f"no sheet `{name}` in the workbook", where=self.name)
        return self._other_sheets(name)

    def _of_sheets(self, names: Collection[str], name: str) -> "RawExport":
        """Some of its sheets alone."""
        if self.stack is None or self._frame is None:
            return self
        stack, rows = self.stack.part(names)
        shared = frozenset.intersection(*stack.lacking.values())
        kept = [at - self._skipped for at in rows if at >= self._skipped]
        frame = self._frame[kept].with_row_index("_at")
        header = pl.col("_at") == stack.below - 1 - (self._skipped if stack.below > 1 else 0)
        frame = frame.with_columns(
            pl.when(~header).then(f"c{place}").alias(f"c{place}") for place in sorted(shared)
        ).drop("_at")
        numbers = pl.Series(stack.numbers[len(rows) - len(kept) :], dtype=pl.UInt32)
        head = tuple(tuple(cell or "" for cell in row) for row in frame.head(HEAD_RECORDS).iter_rows())
        others = [one for one in self.stack.read if one not in stack.read]
        return replace(
            self.replaced(frame, numbers), name=name, head=head, sheet=next(iter(stack.read)), stack=stack,
            sheets=tuple(one for one in self.sheets if one not in others), notes=self.notes if name == self.name else (),
        )  # fmt: skip

    def view(self, records: str | None) -> "RawExport | None":
        """The export as the list of records at a path inside it; None where it has none. Only JSON has paths."""
        if self._documents is None:
            return self if records is None else None
        found = self._documents.records(records)
        if found is None or not found.headers:
            return None
        names = pl.DataFrame([found.headers], schema=found.frame.schema, orient="row")
        numbers = (
            pl.int_range(1, found.frame.height + 1, dtype=pl.UInt32, eager=True) if found.lines is None else found.lines
        )
        rows = with_whole_letters(pl.concat([names, found.frame]))
        head = tuple(tuple(cell or "" for cell in row) for row in rows.head(HEAD_RECORDS).iter_rows())
        above = pl.Series([0], dtype=pl.UInt32)
        return replace(self.replaced(rows, pl.concat([above, numbers])), head=head)

    def scan(self, *, skip: int, row_index: str | None = None) -> pl.LazyFrame:
        """The rows after the first `skip` records, as text columns `c0` … with null for empty cells.

        `row_index` names a column (UInt32), put first, with the row's number in a spreadsheet program: 1 for the first
        line of the file, header and preamble counted. A blank line is a row of nulls. Collecting raises a
        `PolarsError` where the text breaks off being a table: see `explain_scan_failure`.

        Raises:
            ExportError: a text that is not UTF-8 turns out not to be in its encoding either.
        """
        if skip > HEAD_RECORDS:
            raise ValueError(f"header rows are looked for in the first {HEAD_RECORDS} records")
        first = self._skipped + skip + 1
        if self._columns is not None:
            return self._scan_columns(self._columns, skip, row_index)
        if self._frame is None:
            if self.size <= SMALL_TEXT and (whole := self._whole(skip, first)) is not None:
                return _numbered(whole, row_index).lazy()
            return _with_row_dtype(self._scan_text(skip, row_index, first), row_index)
        if row_index is not None and self._numbers is not None:
            numbered = self._frame.with_columns(self._numbers.alias(row_index)).select(row_index, *self._frame.columns)
            return numbered.lazy().slice(skip)
        lazy = self._frame.lazy().slice(skip)
        return lazy if row_index is None else _with_row_dtype(lazy.with_row_index(row_index, first), row_index)

    def small(self, *, skip: int, row_index: str | None = None) -> pl.DataFrame | None:
        """All rows of a small text, as `scan` gives them; None of another file, and where it breaks off being a table."""
        if self._frame is not None or self._columns is not None or self.dialect is None or self.size > SMALL_TEXT:
            return None
        whole = self._whole(skip, self._skipped + skip + 1)
        return None if whole is None else _numbered(whole, row_index)

    def sample(self, *, skip: int, rows: int, place: int | None = None) -> pl.DataFrame:
        """The first rows after `skip` records, as `scan` gives them: at most `rows`, of text those in its first mebibyte.

        With a `place` its column alone: of thousands of rows, making frames of the others takes longer than cutting the text.
        """
        if self._frame is not None or self._columns is not None or self.dialect is None:
            if self._columns is not None and self.original and self.original.sampled is not None:
                rows = min(rows, max(self.original.sampled - skip, 0))
            first = self.scan(skip=skip).head(rows)
            return self.collected(first if place is None else first.select(f"c{place}"))
        found = read_sample(self.path, self.name)
        text = after_lines(self.dialect.rewritten(found.text(self.dialect.encoding)), self.dialect.skip_lines)
        places = tuple(range(self.width)) if place is None else (place,)
        columns = first_columns(text, self.dialect.delimiter, places, limit=skip + rows, is_whole=found.is_whole)
        cells = {
            f"c{at}": pl.Series([cell or None for cell in column[skip:]], dtype=pl.String)
            for at, column in zip(places, columns, strict=True)
        }
        blanked = _blank([name for name in self._blanked if name in cells])
        return pl.DataFrame(cells).with_columns(blanked) if blanked else pl.DataFrame(cells)

    def collected(self, rows: pl.LazyFrame) -> pl.DataFrame:
        """Runs a scan of its rows.

        Raises:
            ExportError: the file breaks off being a table; names the line.
        """
        try:
            return rows.collect()
        except pl.exceptions.PolarsError as error:
            raise explain_scan_failure(self) from error

    @cached_property
    def hashing(self) -> Future[str]:
        """The SHA-256 of the file as it was given, taken in a thread that starts on first use."""
        if self.original is not None:
            return at_once(lambda known: known.sha256, self.original)
        return start_hashing(self.path, self.name)

    def checksum(self) -> str:
        """The SHA-256 of the file in hexadecimal.

        Raises:
            ExportError: the file has gone since it was read.
        """
        return self.hashing.result()

    @cached_property
    def ending(self) -> str | None:
        """The end of a text as it was given, up to 8192 bytes of it; None of what is no text, or has gone."""
        if self.original is not None:
            return self.original.ending
        if self.dialect is None or not self.path.exists():
            return None
        with self.path.open("rb") as stream:
            end = self.dialect.length or self.size
            begin = max(end - _ENDING, 0) // 2 * 2
            stream.seek(begin)
            return stream.read(end - begin).decode(self.dialect.encoding, "replace")

    @cached_property
    def text_path(self) -> Path:
        """A UTF-8 text file: the export itself, or for another encoding a temporary copy made on first use."""
        if self.dialect is None:
            raise ValueError(f"{self.name} is not a text file")
        if self.dialect.encoding in UTF8 and not self.dialect.is_rewritten:
            return self.path
        return transcoded(self.path, self.name, self.dialect)

    @cached_property
    def _read(self) -> dict[int, pl.DataFrame | None]:
        """The rows of a small text after so many records, numbered (`_number`); None where it breaks off being a table."""
        return {}

    def _whole(self, skip: int, first: int) -> pl.DataFrame | None:
        """The same, read once."""
        with suppress(pl.exceptions.PolarsError):
            if self._read.setdefault(skip) is None:
                self._read[skip] = _with_row_dtype(self._scan_text(skip, _NUMBER, first), _NUMBER).collect()
        return self._read[skip]

    def _scan_columns(self, columns: pl.LazyFrame, skip: int, row_index: str | None) -> pl.LazyFrame:
        """The rows of columns; the header of those that have names is none of them, and put above them where it is asked for."""
        rows = columns.slice(max(skip - self._above, 0))
        if skip < self._above:
            above = pl.DataFrame(self.head[skip : self._above], schema=self._names, orient="row")
            above = above.with_columns(pl.col(pl.String).replace("", None)).with_row_index(ROW, skip + 1)
            rows = pl.concat([above.lazy().with_columns(pl.col(ROW).cast(pl.UInt32)), rows])
        number = [] if row_index is None else [pl.col(ROW).alias(row_index)]
        return rows.select(*number, *self._names).with_columns(_blank(self._blanked))

    @property
    def _names(self) -> dict[str, pl.DataType]:
        """The columns of its rows."""
        return {f"c{place}": pl.String() for place in range(self.width)}

    def _scan_text(self, skip: int, row_index: str | None, first: int) -> pl.LazyFrame:
        """The lazy scan, made to fail on a record with more fields than `width`.

        polars checks for these only if all columns are read; a projection cuts them off in silence. So two
        more columns are scanned, and a filter that cannot cast any text in them raises.
        """
        lazy = pl.scan_csv(
            self.text_path,
            separator=self.dialect.delimiter if self.dialect else ",",
            has_header=False,
            infer_schema=False,
            schema={**self._names, **dict.fromkeys(_EXCESS, pl.String())},
            skip_lines=self._lines_to[min(skip, len(self._lines_to) - 1)],
            row_index_name=row_index,
            row_index_offset=first,
            null_values="",
            missing_columns="insert",
            extra_columns="ignore",
            truncate_ragged_lines=True,
            raise_if_empty=False,
            glob=False,
        )
        is_within = (pl.col(name).cast(pl.Enum([])).is_null() for name in _EXCESS)
        return lazy.filter(pl.all_horizontal(is_within)).drop(_EXCESS).with_columns(_blank(self._blanked))


def _numbered(rows: pl.DataFrame, row_index: str | None) -> pl.DataFrame:
    """Rows with their number (`_number`), under another name and first, or without it."""
    cells = rows.clone()
    number = cells.drop_in_place(_NUMBER)
    return cells if row_index is None else cells.insert_column(0, number.alias(row_index))


def _with_row_dtype(lazy: pl.LazyFrame, row_index: str | None) -> pl.LazyFrame:
    """Row numbers as UInt32 where polars is built for larger indexes."""
    if row_index is None or pl.get_index_type() == pl.UInt32:
        return lazy
    return lazy.with_columns(pl.col(row_index).cast(pl.UInt32))


def _blank(names: Collection[str]) -> list[pl.Expr]:
    return [pl.lit(None, pl.String).alias(name) for name in names]


def explain_scan_failure(export: RawExport) -> ExportError:
    """What stopped the scan of a text export, with its line; reads the file again, slowly."""
    if export.original is not None:
        return ExportError(
            "its rows were kept, and can no longer be read", where=export.name, hint=way_back(export.path)
        )
    fault = find_fault(export.text_path, export.dialect, export.width) if export.dialect else None
    if fault is None:
        hint = "open it in a spreadsheet, save it as CSV UTF-8 and try again"
        return ExportError("its text cannot be read as a table", where=export.name, hint=hint)
    return ExportError(fault.message, where=f"{export.name}:{fault.line}", hint=fault.hint)
