"""A file looked at without knowing what it is: where its header stands, and what each of its columns holds.

Enough rows are read to trust the conclusions; nothing is guessed from the first ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import missing
from kpi_core.ingest.cells.prose import are_prose
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.file_read import SAMPLE, Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import check_used, open_export
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match, recognise, unknown_format
from kpi_core.ingest.headers.header_rows import header_row, normal
from kpi_core.ingest.rows.sum_rows import unlike_cases
from kpi_core.messages.message import Message
from kpi_core.model.columns import filled
from kpi_core.records import dataclass

SPREADSHEETS = "spreadsheet-"
"""How the names of the formats begin that know spreadsheets by common headers alone."""
ROWS = 100_000
"""Rows looked at."""
FEW = 60
"""Different cells up to which a column is taken for one of words."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenColumn:
    """One column: its header on one line, and its cells as clean text, null where they spell nothing."""

    place: int
    header: str
    cells: pl.Series

    @cached_property
    def filled(self) -> int:
        """Cells that say something."""
        return len(self.cells) - self.cells.null_count()

    @cached_property
    def different(self) -> int:
        """Different cells among the filled ones."""
        return filled(self.cells).n_unique()

    @property
    def variety(self) -> Message:
        """`97 different in 100 rows`."""
        return Message("different-in-rows", different=self.different, count=self.filled)

    @cached_property
    def words(self) -> dict[str, int]:
        """The cells and how often each stands there, the most frequent first; empty where they are many."""
        if self.different > FEW:
            return {}
        counted = filled(self.cells).alias("word").value_counts(name="len")
        return dict(counted.sort("len", "word", descending=[True, False]).iter_rows())

    @cached_property
    def is_unique(self) -> bool:
        """Whether every row has a cell of its own."""
        return 0 < self.different == len(self.cells)

    @cached_property
    def length(self) -> float:
        """Characters of a cell, on average."""
        mean = self.cells.str.len_chars().mean()
        return float(mean) if isinstance(mean, int | float) else 0.0

    @cached_property
    def is_email(self) -> bool:
        """Whether its cells are e-mail addresses."""
        return self._share(r"^[^@\s]+@[^@\s]+\.[^@\s]+$") > 0.8

    @cached_property
    def is_prose(self) -> bool:
        """Whether its cells are texts of several words, as a subject is and no number of a case."""
        return are_prose(self.cells)

    def _share(self, pattern: str) -> float:
        found = int(self.cells.str.contains(pattern).sum())
        return found / self.filled if self.filled else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenFile:
    """A file: its columns, and the format it is in where that is a known one.

    `rows` are those looked at, without blank ones, sums and lines below the table; `is_whole` whether the file has no others. `top` holds the cells
    of its first header row, `skip` counts the records above the first row. `scales` and `directions` are those that the user states.
    """

    raw: RawExport
    columns: tuple[SeenColumn, ...]
    rows: int
    is_whole: bool
    top: tuple[str, ...]
    known: Match | None
    skip: int = 1
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)

    def column(self, header: str) -> SeenColumn | None:
        """The first column with that header."""
        return next((column for column in self.columns if normal(column.header) == normal(header)), None)


def look(item: Input, choices: Choices) -> SeenFile:
    """The file as it shows itself.

    Raises:
        ExportError: it cannot be read, is no table, or has no row below its header.
    """
    raw = open_export(item, choices.options)
    check_used({raw.kind}, choices.options)
    narrow_scan.check_width(raw)
    return look_at(raw, choices, _known(raw))


def look_at(raw: RawExport, choices: Choices, known: Match | None, most: int = ROWS) -> SeenFile:
    """The same of a file that is open; `known` is the format whose header and columns it goes by, `most` the rows looked at.

    Raises:
        ExportError: it has no header, or no row below it.
    """
    raw = raw if known is None else raw.view(known.mapping.records) or raw
    if known is None and not raw.head:
        raise unknown_format(raw)
    place = header_row(raw.head) if known is None else max(known.skip - known.mapping.header_rows, 0)
    skip = place + 1 if known is None else known.skip
    headers = raw.head[place] if known is None else known.headers
    words = choices.cells.null_values + (known.mapping.missing if known else ())
    if most <= SAMPLE:
        frame = _cleaned(raw.sample(skip=skip, rows=most + 1), words)
    else:
        clean = missing.clean(pl.all(), words)
        frame = narrow_scan.collect(raw, raw.scan(skip=skip).head(most + 1).select(clean))
    is_whole = frame.height <= most
    frame = _without_blank_rows(frame.head(most))
    if frame.height > 1:
        unlike = unlike_cases(frame, headers).values()
        frame = frame.filter(~pl.any_horizontal(pl.lit(flags) for flags in unlike)) if unlike else frame
    if frame.is_empty():
        raise ExportError("has no row below its header", where=raw.name)
    columns = tuple(
        SeenColumn(place=at, header=" ".join(header.split()), cells=frame[f"c{at}"])
        for at, header in enumerate(headers)
        if header.strip()
    )
    return SeenFile(raw=raw, columns=_first_of_each(columns), rows=frame.height, is_whole=is_whole,
                    top=tuple(raw.head[place]), known=known, skip=skip, scales=choices.scales, directions=choices.directions)  # fmt: skip


def _cleaned(frame: pl.DataFrame, words: Sequence[str]) -> pl.DataFrame:
    """Rows with their cells clean; of few rows only the columns that are not so as they stand are touched."""
    others = [cells.name for cells in frame.iter_columns() if not missing.are_clean(cells, words)]
    return frame.with_columns(missing.clean(pl.col(others), words)) if others else frame


def _without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something. Where one column is filled throughout, as a number mostly is, all do."""
    if any(not cells.null_count() for cells in frame.iter_columns()):
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def _first_of_each(columns: Sequence[SeenColumn]) -> tuple[SeenColumn, ...]:
    """The columns without those whose header has stood before: a mapping reads the first."""
    return tuple({normal(column.header): column for column in reversed(columns)}.values())[::-1]


def _known(raw: RawExport) -> Match | None:
    """The format of its own that the file is in; None for none, or several."""
    try:
        match = recognise(raw)
    except ExportError:
        return None
    return None if match.mapping.name.startswith(SPREADSHEETS) else match
