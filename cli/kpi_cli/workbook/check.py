"""A sheet of rows with the figures above that formulas count from them, so that a reader can check these without us."""

from collections.abc import Mapping
from dataclasses import replace

from openpyxl.utils import get_column_letter

from kpi_cli.documents.blocks import Amount, Cell, Check, Checked, Sheet, Table
from kpi_cli.workbook import bulk, paper
from kpi_cli.workbook.cells import content
from kpi_cli.workbook.looks import COUNT, Look, Number
from kpi_cli.workbook.sheets import Content, Head, Page
from kpi_core.model.kpi import Unit

LABEL = Look(is_bold=True)
VERDICT = Look(is_bold=True, is_right=True)
LABELS = ("behind_printed", "behind_counted", "behind_n", "behind_n_counted", "behind_agrees")
"""What stands above the rows, line by line."""
EXACT_TIME = "[h]:mm:ss"
CELL, TEXT = Look(is_right=True, is_ruled=False, is_listed=True), Look(is_ruled=False, is_listed=True)
DAY = 86_400


class CheckSheet:
    """The sheet on its way into a workbook: titles, figures, rows."""

    def __init__(self, page: Page) -> None:
        self.page, self.wording = page, page.book.wording

    def draw(self, sheet: Sheet, check: Check) -> None:
        """Fills the sheet. On paper it is one, with the figures and the first of the rows."""
        page, table = self.page, check.table
        page.widths([column.width or 12.0 for column in table.columns])
        page.title(sheet.title, sheet.lead, sheet.asides)
        page.print_setup(sheet.footer or sheet.title)
        if not check.figures:
            return
        places = {column.key: place for place, column in enumerate(table.columns, start=1)}
        self._figures(check, places)
        own = dict.fromkeys(key for figure in check.figures for key in figure.columns)
        heads = [f"{column.key}_rows" if column.key in own else column.head for column in table.columns]
        head = page.head(
            [Head(text=text, is_right=column.is_right) for text, column in zip(heads, table.columns, strict=True)]
        )
        for key in (*check.groups, *own):
            letter = get_column_letter(places[key])
            page.book.define(f"{key}_rows", page.sheet, f"${letter}${head + 1}:${letter}${head + len(table.rows)}")
        self._rows(table)
        page.freeze(head, table.names)
        paper.limit(page, len(places), sheet.paper or 1, papers_across=1)

    def _figures(self, check: Check, places: Mapping[str, int]) -> None:
        """The names of the figures, and below them what is printed, the total of the rows, and whether the two agree."""
        page = self.page
        names = {places[figure.columns[0]]: figure.label for figure in check.figures}
        page.head([Head(text=names.get(place, ""), is_right=True) for place in range(1, len(places) + 1)])
        first = page.row
        for step, key in enumerate(LABELS):
            page.row = first + step
            for place in range(1, len(places) + 1):
                page.put(place, self.wording.word(key) if place == 1 else None, LABEL)
            page.sheet.row_dimensions[page.row].height = 16
        for figure in check.figures:
            place = places[figure.columns[0]]
            self._figure(figure, place, first, sum(row[place - 1] is not None for row in check.table.rows))
        page.row = first + len(LABELS) + 1

    def _figure(self, figure: Checked, place: int, first: int, rows: int) -> None:
        """The lines of one figure in its column, whose cells are filled in so many `rows`."""
        page, word, letter = self.page, self.wording.word, get_column_letter(place)
        printed = content(figure.printed, self.wording)
        assert isinstance(printed, Number)
        look = Look(is_right=True, number_format=printed.number_format)
        shown, counted = float(printed.value or 0.0), _exact(figure.value) or 0.0
        page.row = first
        page.compute(place, figure.name, shown, look)
        page.row += 1
        is_cut = "[h]" in printed.number_format  # to the minute, which is not the total of the rows
        page.compute(place, figure.formula, counted, replace(look, number_format=EXACT_TIME) if is_cut else look)
        agree, agrees = (
            f"ABS({letter}{first}-{letter}{first + 1})<={figure.off_by:.9f}",
            abs(shown - counted) <= figure.off_by,
        )
        if figure.n is not None:
            page.row += 1
            page.put(place, figure.n, COUNT)
            page.row += 1
            page.compute(place, f"COUNT({figure.columns[0]}_rows)", rows, COUNT)
            agree, agrees = f"AND({agree},{letter}{first + 2}={letter}{first + 3})", agrees and figure.n == rows
        page.row = first + len(LABELS) - 1
        yes, no = f"✓ {word('yes')}", f"✗ {word('no')}"
        page.compute(place, f'IF({agree},"{yes}","{no}")', yes if agrees else no, VERDICT)

    def _rows(self, table: Table) -> None:
        """The rows."""
        looks = [CELL if column.is_right else TEXT for column in table.columns]
        bulk.fill(self.page, ([self._content(cell) for cell in row] for row in table.rows), looks)

    def _content(self, cell: Cell) -> Content:
        """What the cell holds; a time to the second."""
        if isinstance(cell, Amount) and cell.unit is Unit.SECONDS:
            return Number(value=_exact(cell), number_format=EXACT_TIME)
        return content(cell, self.wording)


def _exact(amount: Amount) -> float | None:
    """The value in what a cell holds, to the second: days for times, points for NPS."""
    if amount.value is None:
        return None
    return amount.value / DAY if amount.unit is Unit.SECONDS else amount.unit.outside(amount.value)
