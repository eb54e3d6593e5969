"""The slow look for the line that stopped a scan.

The fast reader says what is wrong but not where; a person who has to mend a file of a million lines needs
the line. Only run after a failure.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from kpi_core.ingest.files.text.dialect import Dialect, field_limit
from kpi_core.records import dataclass

LONGEST_CELL = 1 << 24


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a text export, and the physical line it begins on."""

    line: int
    message: str
    hint: str


def find_fault(path: Path, dialect: Dialect, width: int) -> Fault | None:
    """The first fault of the UTF-8 text at `path` that a scan cannot read over; None if it has none.

    `width` is the number of fields a record may have; empty ones beyond it do no harm.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file, field_limit(LONGEST_CELL):
        lines = _Lines(file)
        for _ in range(dialect.skip_lines):
            next(lines, None)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        while True:
            lines.begin_record()
            try:
                record = next(reader, None)
            except csv.Error:
                return _fault_of_quoting(lines)
            if record is None:
                return None
            if fault := _fault_of_record(record, lines, width):
                return fault


class _Lines:
    """Lines of a file, remembering those of the record being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._read = 0
        self.first = 1
        self.record: list[str] = []
        self.is_at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.is_at_end = True
            raise StopIteration
        self._read += 1
        self.record.append(line)
        return line

    def begin_record(self) -> None:
        self.first = self._read + 1
        self.record = []

    @property
    def last(self) -> int:
        return self._read


def _fault_of_quoting(lines: _Lines) -> Fault:
    latest = lines.record[-1]
    if lines.is_at_end or sum(map(len, lines.record)) > LONGEST_CELL:
        hint = 'Close the quote, or double it if it belongs to the text (`""`)'
        return Fault(line=lines.first, message="a quote that is never closed", hint=hint)
    if "\r" in latest.removesuffix("\n").removesuffix("\r"):
        hint = "save it again with the line ends of Windows or Unix"
        return Fault(line=lines.last, message="a line that ends in a carriage return alone", hint=hint)
    hint = 'Quote the whole cell, and double the quotes inside it (`""`)'
    return Fault(line=lines.last, message="text after a closing quote", hint=hint)


def _fault_of_record(record: list[str], lines: _Lines, width: int) -> Fault | None:
    for line, text in enumerate(lines.record, start=lines.first):
        if not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text):
            hint = "name the encoding it was saved in with --encoding, such as cp1252 or latin-1"
            return Fault(line=line, message="bytes that are not utf-8 text", hint=hint)
    if any(record[width:]):
        hint = "A cell that holds the delimiter must be in quotes: export again with text quoted"
        message = f"{len(record)} fields where the rows before have at most {width}"
        return Fault(line=lines.first, message=message, hint=hint)
    if sum(text.count('"') for text in lines.record) % 2:
        hint = 'Quote the whole cell, and double the quotes inside it (`""`)'
        return Fault(line=lines.first, message="a quote inside a cell that is not quoted", hint=hint)
    return None
