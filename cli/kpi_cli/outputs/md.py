"""Any document as GitHub Markdown, for an issue, a wiki or a mail: headings, tables and lists.

Text from the data is escaped, so that it neither breaks a table nor becomes markup.
"""

from collections.abc import Iterable, Iterator
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.blocks import Cell, Chart, Line, Notes, Page, Pairs, Table
from kpi_cli.documents.chart_table import as_table
from kpi_cli.documents.document import Document
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text
from kpi_core.patterns import regex

_MARKUP = regex(r"([\\`*_\[\]<>|~#&])")


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the document's page."""
    target.writelines(
        (line if terminal.carries(target, line) else terminal.carried(line, target)) + "\n"
        for line in _lines(document.page(), document.wording)
    )


def escaped(words: str) -> str:
    """Text as it reads, on one line, with Markdown's and HTML's own characters made harmless."""
    return _MARKUP.sub(r"\\\1", terminal.clean(words)).replace(r"\&", "&amp;").replace(r"\<", "&lt;")


def _lines(page: Page, wording: Wording) -> Iterator[str]:
    yield from _title(page.title, level=1)
    for line in page.headline:
        yield from (f"**{_line(line)}**", "")
    for block in page.blocks:
        match block:
            case Table():
                yield from _table(block, wording)
            case Pairs():
                yield from _title(block.title)
                yield from (_pair(*pair) for pair in block.pairs)
                yield ""
            case Notes():
                yield from _title(block.title)
                yield from (f"- {_line(line)}" for line in block.lines)
                yield ""
            case Chart(across=None):
                yield from _table(as_table(block), wording)


def _title(title: str, level: int = 2) -> Iterator[str]:
    if title:
        yield from (f"{'#' * level} {escaped(title)}", "")


def _line(line: Line) -> str:
    return escaped(f"{line.sign} {line.text}".strip())


def _pair(name: str, words: str, command: str) -> str:
    return f"- **{escaped(name)}**: {escaped(words)}" + (f" (`{terminal.clean(command)}`)" if command else "")


def _table(block: Table, wording: Wording) -> Iterator[str]:
    """The table, a heading and a table of its own for each section."""
    yield from _title(block.title)
    section = next((place for place, one in enumerate(block.columns) if one.key == block.section), None)
    places = [place for place in range(len(block.columns)) if place != section]
    columns = [block.columns[place] for place in places]

    def head() -> Iterator[str]:
        yield _row(escaped(column.head) for column in columns)
        yield _row("---:" if column.is_right else "---" for column in columns)

    before: Cell = None
    for number, cells in enumerate(block.rows):
        if section is not None and cells[section] != before:
            before = cells[section]
            if number:
                yield ""
            yield from _title(text(before, wording))
            yield from head()
        elif not number:
            yield from head()
        yield _row(escaped(text(cells[place], wording)) for place in places)
    yield ""
    for line in block.notes:
        yield from (f"- {_line(line)}", "")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
