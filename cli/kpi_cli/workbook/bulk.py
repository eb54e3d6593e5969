"""Many rows of plain cells, written as the file holds them: the library takes half a minute for what is a second's work."""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from kpi_cli.workbook.looks import Look, Number
from kpi_cli.workbook.sheets import Content, Page


def fill(page: Page, rows: Iterable[Sequence[Content]], looks: Sequence[Look]) -> None:
    """Puts rows below what is there, each cell in the look of its column or in the format of its number; what is empty has no cell."""
    letters = [get_column_letter(place) for place in range(1, len(looks) + 1)]
    written = [_row(page, number, row, looks, letters) for number, row in enumerate(rows, start=page.row)]
    page.row += len(written)
    page.book.additions.rows[page.sheet.title] = "".join(written)


def _row(page: Page, number: int, row: Sequence[Content], looks: Sequence[Look], letters: Sequence[str]) -> str:
    return f'<row r="{number}">{"".join(_cells(page, number, row, looks, letters))}</row>'


def _cells(
    page: Page, number: int, row: Sequence[Content], looks: Sequence[Look], letters: Sequence[str]
) -> Iterator[str]:
    for value, look, letter in zip(row, looks, letters, strict=True):
        match value:
            case None | Number(value=None):
                continue
            case Number():
                style = page.style(look, value.number_format)
                yield f'<c r="{letter}{number}" s="{style}"><v>{value.value!r}</v></c>'
            case int() | float():
                yield f'<c r="{letter}{number}" s="{page.style(look)}"><v>{value!r}</v></c>'
            case str():
                text = escape(page.book.text(value))
                yield f'<c r="{letter}{number}" s="{page.style(look)}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            case _:
                raise TypeError(f"{type(value).__name__} is no plain cell")
