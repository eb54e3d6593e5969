"""Opens an export: what a file is, its first bytes say; its name may lie (an `.xls` is as often XML or HTML).

Text is scanned where it lies, lazily; workbooks are read whole, since their formats allow nothing else.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.columnar.tables import kind_of, open_table
from kpi_core.ingest.files.endings import is_delta
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.json.records import is_json, read_documents
from kpi_core.ingest.files.not_tables import check_is_table, is_spreadsheetml
from kpi_core.ingest.files.partitions import is_partitioned
from kpi_core.ingest.files.raw_export import CUTTING, HEAD_RECORDS, Kind, RawExport, ReadOptions
from kpi_core.ingest.files.text.composed_letters import with_whole_letters
from kpi_core.ingest.files.text.dialect import (
    SAMPLE_BYTES,
    Dialect,
    Sample,
    after_lines,
    detect_in,
    first_records,
    read_sample,
)
from kpi_core.ingest.files.text.long_lines import check_lines
from kpi_core.ingest.files.text.mending.mending import MOST, Head, Mending, frame_in_one_order, has_wide_rows, mend

if TYPE_CHECKING:
    from kpi_core.ingest.files.workbooks.workbook import Sheet

_WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


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
        raise ExportError("--encoding: the files say themselves how they are written", hint="leave it out")


def open_export(item: Input, options: ReadOptions = ReadOptions()) -> RawExport:
    """The export at `item`, looked at but, if it is text, not read.

    Raises:
        ExportError: a folder, empty, not a table (HTML, JSON, binary), damaged, at odds with `options`, or too wide.
    """
    if item.kept is not None:
        from kpi_core.ingest.files.columnar.kept import kept

        export = kept(item.kept.meta, item.kept.rows, item.kept.scans, takes_new=item.kept.takes_new)
        _check_same(export, options)
        return replace(export, name=item.name)
    export = _opened(item, options)
    options.limits.check_columns(export.width, item.name)
    return replace(
        export.without_sides(), options=options,
        _other_sheets=lambda sheet: open_export(replace(item, name=f"{item.name}/{sheet}"), replace(options, sheet=sheet)),
    )  # fmt: skip


def _check_same(export: RawExport, options: ReadOptions) -> None:
    """Refuses options of reading a file that a kept export was not read with: its rows are cut already.

    Raises:
        ExportError: there is such an option.
    """
    for name in CUTTING:
        given, taken = getattr(options, name), getattr(export.options, name)
        if given and given != taken:
            option = f"--{name.replace('_', '-')}"
            read = f"{option} {taken}" if taken else f"without {option}"
            raise ExportError(
                f"was kept as it is read {read}, which {option} {given} cannot change",
                where=export.name,
                hint=f"leave {option} out, or take the file into the state or the store anew, with {option} {given}",
            )


def _opened(item: Input, options: ReadOptions) -> RawExport:
    if is_delta(item.path):
        return open_table(item, "delta", options)
    if is_partitioned(item.path):
        return open_table(item, "parquet", options)
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
    if (kind := kind_of(sample.content, item.name)) is not None:
        return open_table(item, kind, options)
    return _of_text(item, sample, options)


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
