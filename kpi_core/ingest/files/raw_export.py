"""Any export as rows of text: `c0`, `c1`, … by position, nothing typed, renamed or dropped.

What a file is, its first bytes say; its name may lie (an `.xls` is as often XML or HTML). Text is scanned
where it lies, lazily; workbooks are read whole, since their formats allow nothing else.
"""

from collections.abc import Collection, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.cells.waiting_spans import Waits
from kpi_core.ingest.files.checksums import start_hashing
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.json.paging import Paging, paging_of
from kpi_core.ingest.files.json.records import Documents, is_json, read_documents
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.not_tables import check_is_table, is_spreadsheetml
from kpi_core.ingest.files.side_tables import SideTable, side_tables
from kpi_core.ingest.files.text.broken_lines import find_fault
from kpi_core.ingest.files.text.composed_letters import with_whole_letters
from kpi_core.ingest.files.text.dialect import (
    SAMPLE_BYTES,
    Dialect,
    Sample,
    after_lines,
    detect_in,
    first_columns,
    first_records,
    read_sample,
)
from kpi_core.ingest.files.text.encodings import UTF8
from kpi_core.ingest.files.text.long_lines import check_lines
from kpi_core.ingest.files.text.mending.mending import MOST, Head, Mending, frame_in_one_order, has_wide_rows, mend
from kpi_core.ingest.files.text.transcoding import transcoded
from kpi_core.ingest.files.workbooks.sheets import Stacked
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.ingest.files.workbooks.workbook import Sheet

Kind = Literal["csv", "workbook", "spreadsheetml", "json"]
HEAD_RECORDS = 200
_WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_EXCESS, _NUMBER = ("excess_field", "second_excess_field"), "_number"
KEPT = 1 << 16
"""Bytes of a text up to which its rows are kept once they are read: several looks ask for all of them."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What the user settles about reading a file. `skip_lines` physical lines stand before the table."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    skip_lines: int = 0
    limits: Limits = DEFAULT


@dataclass(frozen=True, kw_only=True, eq=False)
class RawExport:
    """An export as rows of text.

    `head` holds the first records, at most 200, header rows included, each filled with '' to `width`, the
    number of columns. `dialect` belongs to text, `sheet` and `sheets` to the other kinds. `folded` rows have gone
    into others, by reason; `waits` are the spans of time in which the case of each row waited for us. `notes` say what
    was guessed or put right in reading it; `is_1904` whether its numbers of days count from 1904, `stack`
    which sheets it was put together from, `sides` the tables next to its list, whose cells are blank in its rows;
    `lacks_openings` whether it is a log of changes in which no case is opened. `torn` are, by number, the rows that do not fit
    the header, as written: their cells are blank; `findings` say what was put right in rows, and what could not be; `remarks` are the
    filled cells of each row of small sheets that are no lists.
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
    findings: tuple[Finding, ...] = ()
    remarks: tuple[tuple[str, ...], ...] = ()
    _blanked: tuple[str, ...] = field(default=(), repr=False)

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
        """Whether its rows are at hand, not scanned from a text."""
        return self._frame is not None

    @property
    def size(self) -> int:
        """The bytes of the file as it was given; 0 where it has gone, which reading it says."""
        return self.path.stat().st_size if self.path.exists() else 0

    def replaced(self, frame: pl.DataFrame, numbers: pl.Series) -> "RawExport":
        """The export as other rows (text columns `c0` …) with their own row numbers."""
        return replace(self, _frame=frame, _numbers=numbers, width=frame.width, _blanked=())

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
        if self._frame is None:
            if self.size <= KEPT and (kept := self._whole(skip, first)) is not None:
                return (kept.drop(_NUMBER) if row_index is None else kept.rename({_NUMBER: row_index})).lazy()
            return _with_row_dtype(self._scan_text(skip, row_index, first), row_index)
        if row_index is not None and self._numbers is not None:
            numbered = self._frame.with_columns(self._numbers.alias(row_index)).select(row_index, *self._frame.columns)
            return numbered.lazy().slice(skip)
        lazy = self._frame.lazy().slice(skip)
        return lazy if row_index is None else _with_row_dtype(lazy.with_row_index(row_index, first), row_index)

    def sample(self, *, skip: int, rows: int, place: int | None = None) -> pl.DataFrame:
        """The first rows after `skip` records, as `scan` gives them: at most `rows`, of text those in its first mebibyte.

        With a `place` its column alone: of thousands of rows, making frames of the others takes longer than cutting the text.
        """
        if self._frame is not None or self.dialect is None:
            first = self.scan(skip=skip).head(rows)
            return (first if place is None else first.select(f"c{place}")).collect()
        found = read_sample(self.path, self.name)
        text = after_lines(self.dialect.rewritten(found.text(self.dialect.encoding)), self.dialect.skip_lines)
        places = tuple(range(self.width)) if place is None else (place,)
        columns = first_columns(text, self.dialect.delimiter, places, limit=skip + rows, is_whole=found.is_whole)
        cells = {
            f"c{at}": pl.Series([cell or None for cell in column[skip:]], dtype=pl.String)
            for at, column in zip(places, columns, strict=True)
        }
        return pl.DataFrame(cells).with_columns(_blank([name for name in self._blanked if name in cells]))

    @cached_property
    def hashing(self) -> Future[str]:
        """The SHA-256 of the file as it was given, taken in a thread that starts on first use."""
        return start_hashing(self.path, self.name)

    def checksum(self) -> str:
        """The SHA-256 of the file in hexadecimal.

        Raises:
            ExportError: the file has gone since it was read.
        """
        return self.hashing.result()

    @cached_property
    def text_path(self) -> Path:
        """A UTF-8 text file: the export itself, or for another encoding a temporary copy made on first use."""
        if self.dialect is None:
            raise ValueError(f"{self.name} is not a text file")
        if self.dialect.encoding in UTF8 and not self.dialect.is_rewritten:
            return self.path
        return transcoded(self.path, self.name, self.dialect)

    @cached_property
    def _kept(self) -> dict[int, pl.DataFrame | None]:
        """The rows of a small text after so many records, numbered (`_number`); None where it breaks off being a table."""
        return {}

    def _whole(self, skip: int, first: int) -> pl.DataFrame | None:
        """The same, read once."""
        with suppress(pl.exceptions.PolarsError):
            if self._kept.setdefault(skip) is None:
                self._kept[skip] = _with_row_dtype(self._scan_text(skip, _NUMBER, first), _NUMBER).collect()
        return self._kept[skip]

    def _scan_text(self, skip: int, row_index: str | None, first: int) -> pl.LazyFrame:
        """The lazy scan, made to fail on a record with more fields than `width`.

        polars checks for these only if all columns are read; a projection cuts them off in silence. So two
        more columns are scanned, and a filter that cannot cast any text in them raises.
        """
        columns = [f"c{place}" for place in range(self.width)]
        lazy = pl.scan_csv(
            self.text_path,
            separator=self.dialect.delimiter if self.dialect else ",",
            has_header=False,
            infer_schema=False,
            schema={name: pl.String() for name in (*columns, *_EXCESS)},
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


def _with_row_dtype(lazy: pl.LazyFrame, row_index: str | None) -> pl.LazyFrame:
    """Row numbers as UInt32 where polars is built for larger indexes."""
    if row_index is None or pl.get_index_type() == pl.UInt32:
        return lazy
    return lazy.with_columns(pl.col(row_index).cast(pl.UInt32))


def _blank(names: Collection[str]) -> list[pl.Expr]:
    return [pl.lit(None, pl.String).alias(name) for name in names]


def check_used(kinds: Collection[Kind], options: ReadOptions) -> None:
    """Refuses an option that means nothing to any of the files.

    Raises:
        ExportError: there is such an option.
    """
    is_text, has_sheets = "csv" in kinds, not {"workbook", "spreadsheetml"}.isdisjoint(kinds)
    if options.sheet is not None and not has_sheets:
        raise ExportError("--sheet: none of the files is a workbook", hint="leave it out")
    if options.delimiter is not None and not is_text:
        raise ExportError("--delimiter: none of the files is delimited text", hint="leave it out")
    if options.encoding is not None and not is_text and "json" not in kinds:
        raise ExportError("--encoding: workbooks say themselves how they are written", hint="leave it out")


def open_export(item: Input, options: ReadOptions = ReadOptions()) -> RawExport:
    """The export at `item`, looked at but, if it is text, not read.

    Raises:
        ExportError: a folder, empty, not a table (HTML, JSON, binary), damaged, at odds with `options`, or too wide.
    """
    export = _opened(item, options)
    options.limits.check_columns(export.width, item.name)
    return export.without_sides()


def _opened(item: Input, options: ReadOptions) -> RawExport:
    sample = read_sample(item.path, item.name)
    if not sample.content.strip():
        raise UnreadableError("is empty", where=item.name, hint="export it again")
    if sample.content.startswith(_WORKBOOK_MAGIC):
        from kpi_core.ingest.files.workbooks.workbook import read_workbook

        return _of_sheet(item, "workbook", read_workbook(item.path, item.name, options.sheet, options.limits), options)
    if is_spreadsheetml(sample.content):
        from kpi_core.ingest.files.workbooks.spreadsheetml import read_spreadsheetml

        return _of_sheet(
            item, "spreadsheetml", read_spreadsheetml(item.path, item.name, options.sheet, options.limits), options
        )
    return _of_text(item, sample, options)


def explain_scan_failure(export: RawExport) -> ExportError:
    """What stopped the scan of a text export, with its line; reads the file again, slowly."""
    fault = find_fault(export.text_path, export.dialect, export.width) if export.dialect else None
    if fault is None:
        hint = "open it in a spreadsheet, save it as CSV UTF-8 and try again"
        return ExportError("its text cannot be read as a table", where=export.name, hint=hint)
    return ExportError(fault.message, where=f"{export.name}:{fault.line}", hint=fault.hint)


def _of_sheet(item: Input, kind: Kind, sheet: "Sheet", options: ReadOptions) -> RawExport:
    frame = with_whole_letters(sheet.frame.slice(options.skip_lines))
    stack = sheet.stack
    numbers = pl.Series(stack.numbers if stack else [], dtype=pl.UInt32)
    if frame.is_empty():
        raise ExportError(f"is empty after its first {_first(options.skip_lines, 'row')}", where=item.name)
    head = tuple(tuple(cell or "" for cell in row) for row in frame.head(HEAD_RECORDS).iter_rows())
    frame, findings = frame_in_one_order(item.name, frame, head)
    return RawExport(
        name=item.name,
        path=item.path,
        kind=kind,
        findings=findings,
        head=tuple(tuple(cell or "" for cell in row) for row in frame.head(HEAD_RECORDS).iter_rows()),
        width=frame.width,
        sheet=sheet.name,
        sheets=sheet.sheets,
        notes=sheet.notes,
        is_1904=sheet.is_1904,
        stack=None if stack is None or stack.is_all_read else stack,
        remarks=() if stack is None else stack.remarks,
        _skipped=options.skip_lines,
        _frame=frame,
        _numbers=numbers.slice(options.skip_lines) if stack and len(stack.read) > 1 else None,
    )


def _of_text(item: Input, sample: Sample, options: ReadOptions) -> RawExport:
    dialect = detect_in(sample, encoding=options.encoding, delimiter=options.delimiter, skip_lines=options.skip_lines)
    text = sample.text(dialect.encoding)
    is_document = is_json(text)
    if not is_document and not (sample.is_whole and len(sample.content) <= options.limits.cell):
        check_lines(item.path, item.name, options.limits)
    if is_document:
        documents = read_documents(item.path, item.name, dialect.encoding)
        whole = RawExport(name=item.name, path=item.path, kind="json", head=(), width=0, _documents=documents,
                          notes=(dialect.note,) if dialect.note else ())  # fmt: skip
        return whole.view(None) or whole
    check_is_table(text, item.name)
    table = after_lines(dialect.rewritten(text), dialect.skip_lines)
    records = first_records(table, dialect.delimiter, limit=HEAD_RECORDS, is_whole=sample.is_whole)
    width = max((len(cells) for cells, _ in records), default=0)
    if width == 0:
        raise _no_records(item.name, dialect, is_whole=sample.is_whole)
    export = RawExport(
        name=item.name,
        path=item.path,
        kind="csv",
        head=tuple((*cells, *[""] * (width - len(cells))) for cells, _ in records),
        width=width,
        dialect=dialect,
        notes=(dialect.note,) if dialect.note else (),
        _skipped=dialect.skip_lines,
        _lines_to=tuple(dialect.skip_lines + lines for lines in (0, *(lines for _, lines in records))),
    )
    head = Head(records=[cells for cells, _ in records], sample=text, name=item.name, size=export.size, path=item.path)
    if mending := mend(head, dialect, lambda: export.text_path):
        return _row_by_row(export, mending)
    if export.size > MOST and has_wide_rows(head):
        return replace(export, width=len(head.header), head=tuple(row[: len(head.header)] for row in export.head))
    return export


def _row_by_row(export: RawExport, mending: Mending) -> RawExport:
    """A text as the rows that were read of it one by one."""
    width, above = len(mending.rows[0]), export._skipped + 1
    frame = pl.DataFrame(
        [[cell or None for cell in row] for row in mending.rows],
        schema={f"c{place}": pl.String() for place in range(width)}, orient="row",
    )  # fmt: skip
    return replace(
        export, head=tuple(tuple(row) for row in mending.rows[:HEAD_RECORDS]), width=width, _frame=frame,
        torn={at + above: cells for at, cells in mending.torn.items()}, findings=mending.findings,
    )  # fmt: skip


def _first(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def _no_records(name: str, dialect: Dialect, *, is_whole: bool) -> ExportError:
    if is_whole:
        after = f" after its first {_first(dialect.skip_lines, 'line')}" if dialect.skip_lines else ""
        return UnreadableError(f"is empty{after}", where=name, hint="export it again")
    hint = "look for a quote that is never closed; if it is not a table, there is nothing to read"
    return ExportError(f"no row ends in its first {SAMPLE_BYTES >> 20} MiB", where=name, hint=hint)
