"""An export kept as columns: its rows as text in a Parquet file, and what else is known of it as plain data.

What files mean is settled over all of them, so that nothing is kept as already understood: of kept exports a report says
to the letter what it says of their files.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.files.columnar.documents import as_rows, of_rows
from kpi_core.ingest.files.columnar.plain_data import plain, restored
from kpi_core.ingest.files.endings import way_back
from kpi_core.ingest.files.raw_export import CUTTING, ROW, Original, RawExport, ReadOptions, Scans, explain_scan_failure
from kpi_core.ingest.files.text.dialect import after_lines, first_columns, read_sample
from kpi_core.ingest.files.workbooks.sheets import Stacked
from kpi_core.records import dataclass

FORMAT = 1
"""The version of what is kept, which is raised where an older one would be read wrongly."""
PART = "part"
"""The column that says what part of a file a row is of: 0 the export itself, from 1 on the sheets next to it; of JSON the document."""
_SAID = (
    "name", "kind", "head", "width", "sheet", "sheets", "dialect", "notes", "is_1904", "sides", "torn", "findings", "remarks",
    "_skipped", "_cells",
)  # fmt: skip
"""What is kept of an export as it stands."""


def keep(raw: RawExport, rows: Path) -> dict[str, object]:
    """Writes the rows of an export, as it was opened, to a Parquet file, and gives what else is known of it, for JSON.

    The file has the columns `part` and `row` (UInt32), and `c0` … of text, null for empty cells. The rows of a text are written as they
    are scanned, never all at hand. Of JSON a row is a record of a list, or an object, as JSON (`c0`), its `row` the line that its document begins on.

    Raises:
        ExportError: a text breaks off being a table; names the line.
    """
    others = _other_sheets(raw)
    parts, documents = [raw, *others.values()], raw._documents
    if documents is None:
        rows_of = [
            each.scan(skip=0, row_index=ROW).with_columns(pl.lit(place, pl.UInt32).alias(PART))
            for place, each in enumerate(parts)
        ]
        whole = rows_of[0] if len(rows_of) == 1 else pl.concat(rows_of, how="diagonal")
    else:
        whole = as_rows(documents, PART, ROW).lazy()
    cells = [name for name in whole.collect_schema().names() if name not in (PART, ROW)]
    try:
        whole.select(PART, ROW, *cells).sink_parquet(rows, compression="zstd", statistics=False)
    except pl.exceptions.PolarsError as error:
        raise explain_scan_failure(raw) from error
    lists = [] if documents is None else [isinstance(one, list) for one in documents.documents]
    return {
        "format": FORMAT,
        "original": plain(_original(raw)),
        "options": {name: getattr(raw.options, name) for name in CUTTING},
        "parts": [plain(_said(each)) for each in parts],
        "sheets": list(others),
        "lists": [place for place, is_list in enumerate(lists) if is_list],
    }


def kept(
    meta: Mapping[str, Any], rows: Path | Sequence[Path], scans: Path | None = None, *, takes_new: bool = False
) -> RawExport:
    """The export that was kept: a text is scanned lazily, everything else read whole, as its file would be.

    Several files of rows are what one would be that holds them one after another. `scans` is a folder of scans that were made of it,
    which new ones are put into where it `takes_new`.

    Raises:
        ExportError: another version has kept it, or it is damaged.
    """
    paths = [rows] if isinstance(rows, Path) else [*rows]
    where = str(paths[0])
    if meta.get("format") != FORMAT:
        hint = "update kundpuls, or take the file into the state or the store anew"
        raise ExportError("was kept by another version of kundpuls", where=where, hint=hint)
    try:
        return _Kept(paths=paths, meta=meta, scans=scans, takes_new=takes_new).export()
    except (pl.exceptions.PolarsError, OSError, LookupError, TypeError, ValueError) as error:
        raise ExportError("was kept, and can no longer be read", where=where, hint=way_back(paths[0])) from error


def _other_sheets(raw: RawExport) -> dict[str, RawExport]:
    """The sheets of a workbook next to those that are its rows, as far as they can be read."""
    found = {}
    for name in () if raw.stack is None else raw.stack.unread:
        with suppress(ExportError):
            found[name] = raw.other_sheet(name)
    return found


def _said(raw: RawExport) -> dict[str, object]:
    """What is known of an export but its rows."""
    shown = raw if raw._documents is None else replace(raw, head=(), width=0)
    stack = None if raw.stack is None else replace(raw.stack, rows=[], numbers=[])
    return {**{name: getattr(shown, name) for name in _SAID}, "stack": stack, "is_frame": raw.is_frame}


def _original(raw: RawExport) -> Original:
    """What is asked of the file itself."""
    if raw.original is not None:
        return raw.original
    sampled = None
    if raw.kind == "csv" and raw.dialect is not None:
        sample = read_sample(raw.path, raw.name)
        text = after_lines(raw.dialect.rewritten(sample.text(raw.dialect.encoding)), raw.dialect.skip_lines)
        records = first_columns(text, raw.dialect.delimiter, (0,), limit=len(text) + 1, is_whole=sample.is_whole)
        sampled = len(records[0])
    return Original(size=raw.path.stat().st_size, sha256=raw.checksum(), sampled=sampled, ending=raw.ending)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """What was kept of a file: where its rows are, and what else is known of it."""

    paths: list[Path]
    meta: Mapping[str, Any]
    scans: Path | None
    takes_new: bool

    def export(self) -> RawExport:
        """The export, which knows its other sheets."""
        return (
            self._documents() if self._said(0)["kind"] == "json" else replace(self._part(0), _other_sheets=self._sheet)
        )

    def _said(self, place: int) -> dict[str, Any]:
        """What is known of a part, as the fields of an export."""
        said = {**restored(self.meta["parts"][place])}
        options = ReadOptions(**{name: self.meta["options"][name] for name in CUTTING})
        return {**said, "path": self.paths[0], "original": restored(self.meta["original"]), "options": options}

    def _part(self, place: int) -> RawExport:
        said = self._said(place)
        is_frame = said.pop("is_frame")
        rows = pl.scan_parquet(self.paths, glob=False)
        if len(self.meta["parts"]) > 1:  # else its first rows are looked at without reading the others
            rows = rows.filter(pl.col(PART) == place)
        rows = rows.select(ROW, *(f"c{at}" for at in range(said["width"])))
        if not is_frame:
            return RawExport(**said, _columns=rows, scans=self._scans(place))
        frame = rows.collect()
        stack: Stacked | None = said.pop("stack")
        if stack is not None:
            above = range(1, said["_skipped"] + 1)
            stack = replace(stack, rows=[], numbers=[*above, *frame[ROW]])
        return RawExport(**said, stack=stack, _frame=frame.drop(ROW), _numbers=frame[ROW], scans=self._scans(place))

    def _scans(self, place: int) -> Scans | None:
        """Where scans of a part are kept, under what it is: its file, how that was cut, and how many rows are left of it."""
        rows = (
            pl.scan_parquet(self.paths, glob=False).select(pl.len()).collect().item()
        )  # a file that is no Parquet is found out here
        if self.scans is None:
            return None
        parts = [FORMAT, self.meta["original"], self.meta["options"], self.meta["parts"][place], place, rows]
        known = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
        return Scans(folder=self.scans, of=known, takes_new=self.takes_new)

    def _documents(self) -> RawExport:
        said = self._said(0)
        del said["is_frame"]
        rows = pl.read_parquet(self.paths, glob=False)
        documents = of_rows(rows, PART, ROW, said["name"], frozenset(self.meta["lists"]))
        whole = RawExport(**said, _documents=documents)
        return whole.view(None) or whole

    def _sheet(self, name: str) -> RawExport:
        if name not in self.meta["sheets"]:
            raise ExportError(f"no sheet `{name}` was kept", where=self._said(0)["name"], hint=way_back(self.paths[0]))
        return self._part(self.meta["sheets"].index(name) + 1)
