"""A sheet at the end of a workbook for the values that charts are drawn from and no table says as they need them."""

from kpi_cli.documents.blocks import Table
from kpi_cli.workbook.cells import content, look
from kpi_cli.workbook.sheets import Book, Head, Page
from kpi_core.records import dataclass


@dataclass(frozen=True)
class Stand:
    """Where a table stands: its page, its columns by key (from 1), its head, and how many rows it has."""

    page: Page
    columns: dict[str, int]
    head: int
    rows: int

    def column(self, key: str) -> int:
        """The column of that key."""
        return self.columns[key]

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last of its rows."""
        return self.head + 1, self.head + self.rows


class ChartData:
    """The sheet, made when a first chart needs it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._page: Page | None = None

    def stand(self, table: Table) -> Stand:
        """Writes a table below the others; where it stands."""
        if self._page is None:
            name = self.book.wording.word("sheet_chart_data")
            self._page = self.book.page(name)
            self._page.title(name, "")
        page = self._page
        widths = [18.0, *([13.5] * (len(table.columns) - 1))]
        if len(widths) > len(page.columns):
            page.widths(widths)
        if table.title:
            page.section(table.title)
        head = page.head([Head(text=column.head, is_right=column.is_right) for column in table.columns])
        for row in table.rows:
            page.fill(
                [content(cell, self.book.wording) for cell in row],
                [look(cell, column) for cell, column in zip(row, table.columns, strict=True)],
            )
        page.row += 1
        return Stand(page, {one.key: place for place, one in enumerate(table.columns, start=1)}, head, len(table.rows))

    def close(self) -> None:
        """Puts the sheet behind all others, out of sight: it says nothing that they do not, and is not to be printed."""
        if self._page is not None:
            sheet, book = self._page.sheet, self.book.workbook
            sheet.sheet_state = "hidden"
            book.move_sheet(sheet, offset=len(book.sheetnames) - 1 - book.sheetnames.index(sheet.title))
