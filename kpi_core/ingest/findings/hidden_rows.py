"""Rows of a sheet that are hidden, by a filter or by hand, and count all the same: who looks at the sheet sees fewer."""

from collections.abc import Iterator, Sequence

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import HIDDEN_ROWS, Finding

NOTE = "hidden-rows"
"""The key of what a workbook says of its rows."""
FEW = 0.01
"""The share of a sheet's rows that may be hidden without a word next to the figures."""


def hidden_rows(reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on sheets of which more than a few rows are hidden."""
    return [finding for read in reads for finding in _of(read)]


def _of(read: FileRead) -> Iterator[Finding]:
    for note in read.notes:
        if isinstance(note, Message) and note.key == NOTE:
            count, rows = note.values["count"], read.narrow.frame.height
            if isinstance(count, int) and count > FEW * rows:
                yield Finding(code=HIDDEN_ROWS, message=Message("hidden-rows-count", file=read.name, count=count))
