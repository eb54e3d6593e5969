"""How a sheet lies on paper: A4 across, as wide as it takes, and no more of a long list than somebody would print."""

from openpyxl.utils import get_column_letter

from kpi_cli.workbook.sheets import Page

COLUMNS_A_PAGE = 16
"""Columns that fit across a sheet of paper."""
PAPER_WIDTH, PAPER_HEIGHT = 26.5, 16.5
"""Centimetres of a page across, without its edges."""
FEW_OF_A_TAIL = 6
"""Rows of a long list under a full paper that say what it is."""
ROWS_ABOVE_CHARTS = 40
"""Rows that fit a paper which is as wide as the charts under them."""
RUNS_OVER, MOST_FITTED = 0.5, 3
"""The part of a page that a sheet may run over to be fitted on those before it, and up to how many of them."""


def across(width: int) -> int:
    """How many papers stand side by side for so many columns."""
    return -(-width // COLUMNS_A_PAGE)


def limit(page: Page, width: int, papers: int, *, papers_across: int | None = None) -> None:
    """Prints no more than so many papers of a sheet, and says at the foot of them where the rest is.

    `papers_across` are the papers side by side, where that is not by the columns.
    """
    _cut(page, width, page.row_beyond(1, papers * _height(page, papers_across or across(width))) - 2)


def limit_tail(page: Page, width: int, start: int) -> None:
    """Prints of a long list that begins in row `start` what fits under the rest, a few rows of it at least."""
    height = _height(page, across(width))
    papers = next(
        papers for papers in range(1, page.row + 1) if start < page.row_beyond(1, height * (papers + RUNS_OVER))
    )
    _cut(page, width, max(page.row_beyond(1, height * papers) - 2, start + FEW_OF_A_TAIL))
    page.sheet.page_setup.fitToHeight = papers


def _cut(page: Page, width: int, last: int) -> None:
    if last < page.row:
        page.sheet.print_area = f"A1:{get_column_letter(width)}{last}"
        page.say_at_foot(page.book.wording.word("paper_cut", rows=last, count=page.row - 1))


def fit(page: Page, width: int) -> None:
    """Fits what runs over by a few rows on the papers before."""
    height = _height(page, across(width))
    for papers in range(1, MOST_FITTED + 1):
        if page.row_beyond(1, height * papers) <= page.row < page.row_beyond(1, height * (papers + RUNS_OVER)):
            page.sheet.page_setup.fitToHeight = papers


def is_on_one(page: Page) -> bool:
    """Whether what is on the sheet so far fits one paper from top to bottom, with charts to come that make it smaller."""
    return page.row <= ROWS_ABOVE_CHARTS


def _height(page: Page, papers_across: int) -> float:
    """Centimetres of the sheet that one paper holds, of a sheet that is made as wide as the paper."""
    return PAPER_HEIGHT * max(page.column_widths / (PAPER_WIDTH * papers_across), 1.0)
