"""Tables as a screen reader reads them: a caption, heads with their scope, and a region of its own to scroll in."""

from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from kpi_cli.documents.blocks import Cell, Column, Table
from kpi_cli.documents.wording import Wording
from kpi_cli.html import cells
from kpi_cli.html.elements import element
from kpi_cli.layout import text

WIDE = 8
"""Columns beyond which they stand closer together."""


def table(block: Table, wording: Wording) -> Iterator[Element]:
    """The table and the lines under it; rows that share a section stand under its name."""
    section = next((place for place, one in enumerate(block.columns) if one.key == block.section), None)
    places = [place for place in range(len(block.columns)) if place != section]
    columns = [block.columns[place] for place in places]
    heads = [_head(column) for column in columns]
    bodies = []
    for name, rows in groupby(block.rows, key=lambda row: None if section is None else text(row[section], wording)):
        shown = [_row(tuple(row[place] for place in places), columns, wording, block.names) for row in rows]
        if name:
            title = element("th", name, scope="rowgroup", class_="section", colspan=str(len(columns)))
            shown.insert(0, element("tr", title))
        bodies.append(element("tbody", *shown))
    caption = element("caption", block.title) if block.title else None
    drawn = element(
        "table",
        caption,
        element("thead", element("tr", *heads)),
        *bodies,
        class_="wide" if len(columns) > WIDE else None,
    )
    named = block.title or (columns[0].head if columns else "") or wording.word("all_rows")
    yield element("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=named)
    for line in block.notes:
        sign, words = cells.line(line)
        yield element("p", *((sign, " ") if sign is not None else ()), words, class_="small")


def _head(column: Column) -> Element:
    """The head of a column; an empty cell where it has none."""
    named = "right" if column.is_right else None
    return element("th", column.head, scope="col", class_=named) if column.head else element("td", class_=named)


def _row(row: tuple[Cell, ...], columns: list[Column], wording: Wording, names: int) -> Element:
    """A row; what it is called is a head, but where that is empty."""
    made = []
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        drawn = cells.cell(value, wording, column.tone)
        named = "right" if column.is_right else "folds" if column.folds else None
        is_name = place == 0 and names > 0 and drawn != ""
        made.append(element("th" if is_name else "td", drawn, scope="row" if is_name else None, class_=named))
    return element("tr", *made)
