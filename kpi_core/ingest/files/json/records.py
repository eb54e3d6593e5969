"""JSON exports as rows of text: one document, several one after another, or one object a line.

A number keeps its text: as a float, an id of 18 digits is another customer's.
"""

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

import polars as pl

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.json.nested_objects import Json, JsonColumns
from kpi_core.ingest.files.json.record_list import Document, holds_objects, is_paging, lists_at, top_rows
from kpi_core.ingest.files.text.dialect import undecodable
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_START = regex(r'[\ufeff \t\r\n]*(?:\{\s*["}]|\[\s*[\[{\]])')
_BLANKS = regex(r"[\ufeff \t\r\n]*")


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """The objects of a list as rows, in their order.

    `headers` are the dotted paths of the columns `c0`, `c1`, … of `frame`, all text, null where a record has
    nothing. `lines` holds the line of the file that each record begins on, where no two share one; for the
    elements of a list it is None, and they go by their place, counted from 1.
    """

    headers: tuple[str, ...]
    frame: pl.DataFrame
    lines: pl.Series | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Documents:
    """The objects and lists at the top of a JSON export, and the lines they begin on."""

    name: str
    documents: tuple[Document, ...]
    lines: tuple[int, ...]
    _known: dict[str | None, Records | None] = field(default_factory=dict, repr=False)

    def records(self, path: str | None) -> Records | None:
        """The records of the list at `path`; None where no object has such a list of objects.

        Without a path these are the elements of the list at the top; the objects one after another; or the
        only list of objects inside one object, or inside several that are pages of it. One object with an id,
        or without such a list, is a record itself; with several such lists there is no answer.

        `comments`, `tickets[].comments` and `[].comments` join the lists of all objects. The fields of the
        object around a list become its records' `parent.…`, unless they speak of nothing but paging.

        Raises:
            ExportError: too many fields, since values stand in their names.
        """
        if path not in self._known:
            keys = [key for key in (path or "").replace("[]", "").split(".") if key]
            self._known[path] = self._inside(keys) if keys else self._at_the_top()
        return self._known[path]

    def _at_the_top(self) -> Records | None:
        rows = top_rows(self.documents)
        if rows is None:
            return None
        has_lines = rows is self.documents and len(set(self.lines)) == len(rows)
        lines = pl.Series(self.lines, dtype=pl.UInt32()) if has_lines else None
        return _records(self._columns(rows), len(rows), lines)

    def _inside(self, keys: Sequence[str]) -> Records | None:
        found = lists_at(self.documents, keys)
        rows = [row for inner in found for row in inner.items]
        if not found or (rows and not holds_objects(rows)):
            return None
        columns = self._columns(rows)
        outer = self._columns([inner.holder for inner in found])
        for path in {inner.path for inner in found}:
            outer.pop(path, None)
        if not all(is_paging(header.partition(".")[0]) for header in outer):
            places = pl.Series([place for place, inner in enumerate(found) for _ in inner.items], dtype=pl.UInt32())
            columns |= {f"parent.{header}": cells.gather(places) for header, cells in outer.items()}
        return _records(columns, len(rows))

    def _columns(self, rows: Sequence[Json]) -> dict[str, pl.Series]:
        columns = JsonColumns(self.name)
        for row in rows:
            columns.add(row)
        return columns.columns()


def is_json(start: str) -> bool:
    """Whether a text begins as a JSON object, or as a list of objects or of lists."""
    return _START.match(start) is not None


def read_documents(path: Path, name: str, encoding: str = "utf-8-sig") -> Documents:
    """All of the JSON export at `path`, called `name` in messages.

    Raises:
        ExportError: unreadable, no text in `encoding`, no JSON, or something else than objects and lists at its top.
    """
    try:
        text = path.read_bytes().decode(encoding).rstrip("\0\x1a")
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=name) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].decode(encoding, "replace").count("\n") + 1
        raise undecodable(name, line, encoding) from error
    with without_collections():
        found = tuple(_parse(text, name))
    return Documents(
        name=name, documents=tuple(document for document, _ in found), lines=tuple(line for _, line in found)
    )


@contextmanager
def without_collections() -> Iterator[None]:
    """Parsing makes no cycles; to look for them among millions of objects takes longer than to parse."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_SHOWN = 20
"""Letters shown of what is wrong."""
_FAULTS = (
    ("Unterminated string", "a text that is never closed"),
    ("Invalid control character", "a text with a line break or a tab in it"),
    ("Invalid \\", "a text with a `\\` that stands for no letter"),
    ("Expecting ','", "no comma or closing bracket before this"),
    ("Expecting ':'", "no colon before this"),
    ("Expecting property name", "no name in double quotes"),
    ("Expecting value", "no value"),
)
"""How the decoder's messages begin, and our wording for them."""


def _parse(text: str, name: str) -> Iterator[tuple[Document, int]]:
    """The objects and lists at the top of a text, each with the line it begins on."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)
    line, counted, place = 1, 0, _after_blanks(text, 0)
    while place < len(text):
        line += text.count("\n", counted, place)
        counted = place
        try:
            document, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise _broken(_fault_of(error), f"{name}:{_line_of(error)}") from error
        except RecursionError as error:
            raise ExportError("is nested too deep", where=f"{name}:{line}", hint="export it as CSV") from error
        if not isinstance(document, dict | list):
            raise _broken("neither an object nor a list", f"{name}:{line}")
        yield document, line
        place = _after_blanks(text, end)


def _after_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place


def _fault_of(error: json.JSONDecodeError) -> str:
    """What is wrong in our words, with the place in the line."""
    before, rest = error.doc[: error.pos].rstrip(), error.doc[error.pos :].lstrip()
    if not rest:
        return "the file ends in the middle of a record"
    is_last = (rest[0] in "]}" and before.endswith(",")) or error.msg.startswith("Illegal trailing comma")
    fault = "a comma with nothing after it" if is_last else next(
        (ours for theirs, ours in _FAULTS if error.msg.startswith(theirs)), "something that does not belong there"
    )  # fmt: skip
    shown = rest.splitlines()[0][:_SHOWN]
    return f"{fault}, at character {error.colno} of the line: `{shown}`"


def _line_of(error: json.JSONDecodeError) -> int:
    """The line the fault is on: where something is missing, that of what came before."""
    before = error.doc[: error.pos]
    is_missing = error.msg.startswith("Expecting ',' delimiter") or not error.doc[error.pos :].strip()
    return (before.rstrip() if is_missing else before).count("\n") + 1


def _broken(reason: str, where: str) -> UnreadableError:
    hint = "it may have been cut off or changed by hand: export it again"
    return UnreadableError(f"cannot be read as JSON: {reason}", where=where, hint=hint)


def _records(columns: dict[str, pl.Series], height: int, lines: pl.Series | None = None) -> Records:
    cells = [column.alias(f"c{place}") for place, column in enumerate(columns.values())]
    return Records(headers=tuple(columns), frame=pl.DataFrame(cells or None, height=height), lines=lines)
