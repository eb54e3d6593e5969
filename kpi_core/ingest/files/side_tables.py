"""Small tables next to a list: a summary, a legend, a pivot, apart from it by a blank column.

They are another table: read as columns of the rows, they give rows what they do not say. A block of columns is taken for
one where it ends before the list does and its first column names something else in each row.
"""

from collections.abc import Iterator, Sequence

from kpi_core.ingest.headers.header_rows import FIGURES, header_row
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

MOST = 0.5
"""The share of the rows of a list that a table next to it has at most, unless it is a summary: words or steps, each with a number."""
_FEWEST = 4
"""Rows of a list next to which a smaller table can be recognised."""
_FEWEST_ROWS = 2
"""Rows of a table, its header among them."""
_AS_LONG = 11
"""Rows up to which a summary that is exactly as long as the list is no column of it: the steps of a scale are no more."""
_LISTED = 4
_LABEL = regex(r"^(?:\D{1,40}|\d{1,2}(?:\s?\D{0,20})?)$")
"""What a row of a summary is called: words, or a step of a scale."""
_NUMBER = regex(r"^[-+−]?[\d\s.,]*\d[\d\s.,]*\s?%?$")
_FIGURES = regex(FIGURES)
_CLOCK = regex(r"\d[:.]\d\d")
_DAY = regex(r"^\s*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\b")


@dataclass(frozen=True, kw_only=True)
class SideTable:
    """A table next to the list: the places of its columns, its first row of words, how many rows it has below it, and the filled cells of each.

    `is_as_long`: it has a row next to each of the list's, so that its columns may be the list's own.
    """

    places: range
    headers: tuple[str, ...]
    rows: int
    is_as_long: bool = False
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def message(self) -> Message:
        """Its headers, and how many rows it has."""
        listed = [f"`{' '.join(header.split())}`" for header in self.headers]
        return Message("table-of-rows", headers=first_of(listed, _LISTED), count=self.rows)


def side_tables(head: Sequence[Sequence[str]]) -> tuple[SideTable, ...]:
    """The tables next to the list in the first records of a file, header included; none where it has no blank column.

    The list is the block of columns with the most filled cells.
    """
    if len(head) <= _FEWEST or not head[0]:
        return ()
    top = header_row(head)
    rows = [[cell.strip() for cell in row] for row in head[top:]]
    blocks = list(_blocks(rows))
    if len(blocks) < 2:
        return ()
    filled = {block: [at for at, row in enumerate(rows) if any(row[block.start : block.stop])] for block in blocks}
    main = max(blocks, key=lambda block: sum(bool(cell) for row in rows for cell in row[block.start : block.stop]))
    last = len(filled[main]) - 1
    if last < _FEWEST:
        return ()
    found = (_side(rows, block, filled[block], last) for block in blocks if block != main)
    return tuple(one for one in found if one is not None)


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[range]:
    """The runs of columns between columns that are blank throughout."""
    start = None
    width = len(rows[0])
    for place in range(width + 1):
        is_blank = place == width or not any(row[place] for row in rows)
        if is_blank and start is not None:
            yield range(start, place)
            start = None
        elif not is_blank and start is None:
            start = place


def _side(rows: Sequence[Sequence[str]], block: range, filled: Sequence[int], last: int) -> SideTable | None:
    """A block of columns as a table of its own; None where it may hold what the `last` rows of the list say."""
    parts = _runs(filled)
    if not parts or any(len(part) < _FEWEST_ROWS for part in parts):
        return None
    tables = [[rows[at][block.start : block.stop] for at in part] for part in parts]
    header = tables[0][0]
    names = [[row[0] for row in (table if at else table[1:])] for at, table in enumerate(tables)]
    if any(_FIGURES.match(cell) for cell in header if cell) or any(len(set(own)) < len(own) for own in names):
        return None
    all_names = [name for own in names for name in own]
    if any(_CLOCK.search(name) for name in all_names):
        return None
    is_summary = all(map(_LABEL.match, all_names)) and any(_counts(tables[0][1:], at) for at in range(1, len(block)))
    is_days = len(block) == 1 and any(map(_DAY.match, all_names))
    is_short = len(all_names) <= MOST * last and not is_days
    is_as_long = not is_short and len(filled) == last + 1
    if not is_short and (not is_summary or (is_as_long and last > _AS_LONG)):
        return None
    headers = tuple(cell for cell in header if cell)
    cells = tuple(tuple(cell for cell in row if cell) for table in tables for row in table)
    return SideTable(places=block, headers=headers, rows=len(all_names), is_as_long=is_as_long, cells=cells)


def _runs(filled: Sequence[int]) -> list[list[int]]:
    """Places as runs without a gap."""
    runs: list[list[int]] = []
    for at in filled:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _counts(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether each row has a number in a column."""
    return all(_NUMBER.match(row[place]) for row in rows)
