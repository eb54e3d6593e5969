"""Any document as a few plain lines, for a chat or the body of a mail: the answer first, a line for each row, forty at most.

No columns that only stand under one another in a fixed width, no markup, no colour.
"""

from collections.abc import Iterator
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.blocks import Cell, Chart, Line, Notes, Page, Pairs, Series, Table
from kpi_cli.documents.document import Document
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text

MOST = 40
"""Lines at most; what is left out is counted in the last."""
MOST_BARE = 4
"""Cells of a row that are understood without their heads."""
BULLET = "•"


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the document's page."""
    lines = list(_spaced(_lines(document.page(), document.wording)))
    if len(lines) > MOST:
        left = len([line for line in lines[MOST - 1 :] if line])
        lines = [*lines[: MOST - 1], document.wording.word("text_more", count=left)]
    target.writelines(
        (line if terminal.carries(target, line) else terminal.carried(line, target)) + "\n" for line in lines
    )


def _lines(page: Page, wording: Wording) -> Iterator[str]:
    """The lines, an empty one before each block."""
    yield terminal.clean(page.title)
    yield ""
    yield from map(_line, page.headline)
    for block in page.blocks:
        yield ""
        match block:
            case Table():
                yield from _table(block, wording)
            case Pairs():
                yield from _title(block.title)
                yield from (terminal.clean(f"{name}: {words or command}") for name, words, command in block.pairs)
            case Notes():
                yield from _title(block.title)
                yield from map(_line, block.lines)
            case Chart(across=None):
                yield from _title(block.title)


def _spaced(lines: Iterator[str]) -> Iterator[str]:
    """The lines without empty ones at the end and without two in a row."""
    is_due = False
    for line in lines:
        if line:
            yield from [""] if is_due else []
            yield line
        is_due = not line


def _title(title: str) -> Iterator[str]:
    if title:
        yield terminal.clean(title)


def _line(line: Line) -> str:
    return terminal.clean(f"{line.sign} {line.text}".strip())


def _table(block: Table, wording: Wording) -> Iterator[str]:
    """A line for each row: what it is, then what is always shown of it."""
    yield from _title(block.title)
    section = next((place for place, one in enumerate(block.columns) if one.key == block.section), None)
    places = [place for place in range(len(block.columns)) if place != section]
    names, rest = places[: block.names], places[block.names :]
    shown = [place for place in rest if block.columns[place].priority == 0]
    is_wide = len(shown) > MOST_BARE
    before: Cell = None
    for cells in block.rows:
        if section is not None and cells[section] != before:
            before = cells[section]
            yield terminal.clean(text(before, wording))
        name = " ".join(text(cells[place], wording) for place in names)
        cells_shown = [
            f"{block.columns[place].head} {words}" if is_wide else words
            for place in shown
            if not isinstance(cells[place], Series) and (words := text(cells[place], wording).strip())
        ]
        yield terminal.clean(f"{BULLET} {name}: {', '.join(cells_shown)}" if cells_shown else f"{BULLET} {name}")
    yield from map(_line, block.notes)
