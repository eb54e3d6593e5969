"""A cell of a document in Excel's own terms: what it holds, and how it looks."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache

from kpi_cli.documents.blocks import Amount, Cell, Column, Tone
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text, tone
from kpi_cli.workbook import looks
from kpi_cli.workbook.looks import BAD, COUNT, GOOD, MUTED, Look, Number
from kpi_cli.workbook.sheets import Content

INSTANT = "yyyy-mm-dd hh:mm"
DAY = "yyyy-mm-dd"
COLORS = {Tone.GOOD: GOOD, Tone.BAD: BAD, Tone.WARNING: BAD, Tone.QUIET: MUTED}
_BOLD = frozenset({Tone.STRONG, Tone.GOOD, Tone.BAD, Tone.WARNING})


def content(cell: Cell, wording: Wording) -> Content:
    """What the cell holds: a number with the format that shows it, a day, or text."""
    match cell:
        case None | "":
            return None
        case Amount(before=""):
            if cell.is_change:
                number = looks.change(cell.value, cell.unit, wording, cell.like)
            else:
                number = looks.value(cell.value, cell.unit, wording, cell.like)
            return number if cell.status is None else looks.signed(number, cell.status.sign)
        case datetime():
            return Number(value=(cell.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / looks.DAY, number_format=INSTANT)  # fmt: skip
        case date() | int():
            return cell
        case float():
            return Number(value=cell, number_format="General")
        case _:
            return text(cell, wording)


def look(cell: Cell, column: Column) -> Look:
    """How the cell looks: by its own tone, else by its column's; text is broken over lines where its column folds."""
    own = tone(cell)
    how = column.tone if own is Tone.PLAIN or cell is None else own
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return _look(how, number_format=DAY)
    if isinstance(cell, int | float | Amount) or (cell is None and column.is_right):
        return _look(how, is_right=True, number_format=COUNT.number_format)
    return _look(how, is_right=column.is_right, wraps=column.folds and not column.is_right)


@cache
def _look(how: Tone, *, is_right: bool = False, wraps: bool = False, number_format: str = "General") -> Look:
    """One of the few looks there are: as many cells as a sheet has, they share them."""
    return replace(toned(how), is_right=is_right, wraps=wraps, number_format=number_format)


def toned(how: Tone) -> Look:
    """Letters in the tone's colour, bold where it says something."""
    plain = Look()
    return replace(plain, color=COLORS.get(how, plain.color), is_bold=how in _BOLD)
