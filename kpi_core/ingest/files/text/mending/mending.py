"""Delimited text in which rows do not fit the header, a quote is none of a cell's, or the header stands again in another order: read row by row.

Most files show no sign of it and are left to the fast reader, which cuts what is beyond the header, takes a quote for one of a cell and knows one header.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.files.text.dialect import Dialect, after_lines, field_limit
from kpi_core.ingest.files.text.mending import torn_rows
from kpi_core.ingest.files.text.mending.loose_quotes import is_suspect, records
from kpi_core.ingest.files.text.mending.turned_headers import in_order, own_order
from kpi_core.ingest.headers.header_rows import header_row, normal
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

MOST = 64 << 20
"""Bytes up to which a text is read row by row."""
TORN = 0.05
"""The share of rows that may be refused because they do not fit the header; where there are more the file is."""
SHOWN = 5
_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class Mending:
    """A text read row by row: all its records, header included, and the notes. `torn` are by place the rows that are refused, as written."""

    rows: list[list[str]]
    torn: dict[int, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Head:
    """What is known of a text from its beginning: its first records, the lines of its sample, and whether that is all."""

    records: Sequence[Sequence[str]]
    sample: str
    name: str
    size: int
    path: Path

    @property
    def header(self) -> Sequence[str]:
        """The fields of the likeliest header."""
        return self.records[header_row(self.records)]


def has_wide_rows(head: Head) -> bool:
    """Whether a row of the first records has a filled field beyond the header's."""
    top = header_row(head.records)
    width = len(head.records[top])
    return any(any(map(str.strip, row[width:])) for row in head.records[top + 1 :])


def mend(head: Head, dialect: Dialect, text_path: Callable[[], Path]) -> Mending | None:
    """The text read row by row; None where nothing in it asks for that.

    Raises:
        ExportError: a quote that is never closed before what look like rows, or too many rows that do not fit the header.
    """
    if head.size > MOST or len(head.records) < 2 or len(head.header) < 2:
        return None
    quotes = _has_quotes(head.path)
    is_odd = quotes and is_suspect(head.path.read_bytes(), dialect.delimiter, len(head.header))
    if not is_odd and not _has_uneven_rows(head, dialect, has_quotes=quotes) and not _has_turned_header(head, dialect):
        return None
    try:
        text = text_path().read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:  # which the scan says, with the line
        return None
    return _mended(after_lines(text, dialect.skip_lines), head, dialect)


def _mended(text: str, head: Head, dialect: Dialect) -> Mending | None:
    found = records(text, dialect.delimiter, len(head.header))
    if found.unclosed is not None:
        hint = 'Close the quote, or double it if it belongs to the text (`""`)'
        where = f"{head.name}:{found.unclosed + dialect.skip_lines}"
        raise ExportError(
            "a quote opens a cell and is not closed before what look like other rows", where=where, hint=hint
        )
    top = header_row(found.cells[:_TEXT])
    header, body = found.cells[top], found.cells[top + 1 :]
    lines = [line + dialect.skip_lines for line in found.lines[top + 1 :]]
    body, turned = _in_one_order(header, body)
    done = torn_rows.mended(header, body, dialect.delimiter)
    if not (found.literal or turned or done.torn or done.read):
        return None
    torn = sorted(done.torn)
    if len(torn) > TORN * sum(any(row) for row in body):
        raise _refused(head.name, lines[torn[0]], len(body[torn[0]]), len(header), len(torn))
    above = found.cells[: top + 1]
    if done.rule == torn_rows.INDEX:
        above = [["", *row] for row in above]
    first = top + 1
    findings = [
        *_of_quotes(head.name, [line + dialect.skip_lines for line in found.literal]),
        *_of_turned(head.name, [lines[at] for at in turned]),
        *_of_read(head.name, header, done, [lines[at] for at in sorted(done.read)]),
        *_of_torn(head.name, [lines[at] for at in torn]),
    ]
    kept = {at: dialect.delimiter.join(body[at])[:_TEXT] for at in torn}
    rows = [*above, *([] if at in kept else row for at, row in enumerate(done.rows))]
    return Mending(
        rows=_even(rows, above), torn={first + at: cells for at, cells in kept.items()}, findings=tuple(findings)
    )


def _even(rows: Sequence[list[str]], above: Sequence[list[str]]) -> list[list[str]]:
    """The rows with as many fields each: as many as are filled in some."""
    width = max([len(above[-1]), *(_reach(row) for row in rows)])
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _reach(row: Sequence[str]) -> int:
    return next((at + 1 for at in range(len(row) - 1, -1, -1) if row[at]), 0)


def _in_one_order(header: Sequence[str], rows: Sequence[list[str]]) -> tuple[list[list[str]], list[int]]:
    """The rows in the order of the first header, and the places of headers in another one, which are then the first again."""
    known = {normal(name) for name in header if name.strip()}
    done, turned, order = [], [], None
    for at, row in enumerate(rows):
        if row and normal(row[0]) in known:
            if list(map(normal, row[: len(header)])) == list(map(normal, header)):
                order = None
            elif (own := own_order(header, row)) is not None:
                order = own
                turned.append(at)
                done.append(list(header))
                continue
        done.append(row if order is None or not row else in_order(row, order))
    return done, turned


def frame_in_one_order(
    name: str, frame: pl.DataFrame, head: Sequence[Sequence[str]]
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """The rows of a sheet (text columns `c0` …) in the order of its first header, where it stands again in another one; the finding on it."""
    top = header_row(head) if head else 0
    header = head[top] if head else ()
    known = [normal(cell) for cell in header if cell.strip()]
    if len(known) < 2:
        return frame, ()
    first = pl.col(frame.columns[0]).str.strip_chars().str.to_lowercase()
    again = frame.select(first.is_in(known).fill_null(value=False)).to_series().arg_true().to_list()
    starts = [at for at in again if at > top]
    if not any(own_order(header, [cell or "" for cell in frame.row(at)]) for at in starts):
        return frame, ()
    rows = [[cell or "" for cell in row] for row in frame.slice(top + 1).iter_rows()]
    ordered, turned = _in_one_order(header, rows)
    below = pl.DataFrame([[cell or None for cell in row] for row in ordered], schema=frame.schema, orient="row")
    messages = _of_turned(name, [top + 2 + at for at in turned])
    return pl.concat([frame.head(top + 1), below]), tuple(messages)


def _has_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in piece for piece in _pieces(file))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(1 << 20), b"")


def _has_uneven_rows(head: Head, dialect: Dialect, *, has_quotes: bool) -> bool:
    """Whether a row of the sample has more filled fields than the header, or so many fewer that it may have lost a delimiter."""
    width, delimiter = len(head.header), dialect.delimiter
    lines = after_lines(dialect.rewritten(head.sample), dialect.skip_lines).split("\n")
    rows: Iterator[Sequence[str]]
    if has_quotes:
        with field_limit(len(head.sample) + 1):
            rows = iter(list(csv.reader(io.StringIO("\n".join(lines), newline="\n"), delimiter=delimiter)))
    else:
        uneven = (line for line in lines if line and line.count(delimiter) != width - 1)
        rows = (line.split(delimiter) for line in uneven)
    least = torn_rows.WHOLE * width
    return any(len(row) > width or least <= len(row) < width for row in rows)


def _has_turned_header(head: Head, dialect: Dialect) -> bool:
    """Whether a line has the names of the header in another order."""
    header = head.header
    longest = max(header, key=len).encode(dialect.encoding if dialect.encoding != "utf-8-sig" else "utf-8", "ignore")
    if len(longest) < 2:
        return False
    known = {normal(name) for name in header if name.strip()}
    content = head.path.read_bytes()
    at, tries = content.find(longest), 0
    while at >= 0 and tries < _TRIES:
        start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
        end = len(content) if end < 0 else end
        line = content[start:end].decode(dialect.encoding, "ignore").rstrip("\r").replace('"', "")
        cells = line.split(dialect.delimiter)
        # Names of columns are words of cells too: few lines begin with one.
        if normal(cells[0]) in known and own_order(header, cells) is not None:
            return True
        at, tries = content.find(longest, end), tries + 1
    return False


_TRIES = 10_000


def _refused(name: str, line: int, fields: int, width: int, count: int) -> ExportError:
    more = f", and so in {count:,} rows" if count > 1 else ""
    hint = "A cell that holds the delimiter must be in quotes: export again with text and numbers quoted"
    return ExportError(f"{fields} fields where the header has {width}{more}", where=f"{name}:{line}", hint=hint)


def _of_quotes(name: str, lines: Sequence[int]) -> Iterator[Finding]:
    if lines:
        yield Finding(
            code="loose-quotes", message=Message("loose-quotes", file=name, count=len(lines), lines=_listed(lines))
        )


def _of_turned(name: str, lines: Sequence[int]) -> Iterator[Finding]:
    if lines:
        yield Finding(
            code="turned-headers", message=Message("turned-headers", file=name, count=len(lines), lines=_listed(lines))
        )


def _of_read(name: str, header: Sequence[str], done: torn_rows.Mended, lines: Sequence[int]) -> Iterator[Finding]:
    """By which rule rows with more fields than the header were read."""
    if not lines or done.column is None:
        return
    column = header[done.column].strip() if done.column < len(header) else ""
    match done.rule:
        case torn_rows.NUMBERS | torn_rows.DECIMALS:
            message = Message("mended-numbers", file=name, count=len(lines), column=column, lines=_listed(lines))
        case torn_rows.WORDS:
            message = Message("mended-words", file=name, count=len(lines), column=column, lines=_listed(lines))
        case torn_rows.INDEX:
            message = Message("mended-index", file=name)
        case _:
            message = Message("unnamed-last-field", file=name)
    yield Finding(code="mended-rows", message=message)


def _of_torn(name: str, lines: Sequence[int]) -> Iterator[Finding]:
    if lines:
        message = Message("torn-rows", file=name, count=len(lines), lines=_listed(lines))
        yield Finding(code="torn-rows", message=message, is_serious=True)


def _listed(lines: Sequence[int]) -> tuple[str, ...]:
    """Lines by number, the first of them."""
    return tuple(map(str, lines)) if len(lines) <= SHOWN else (*map(str, lines[:SHOWN]), "…")
