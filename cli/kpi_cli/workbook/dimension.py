"""A sheet for each dimension: a row for each KPI and group, bar charts of the headline KPIs beside the table."""

from openpyxl.utils import get_column_letter

from kpi_cli.readout import Readout, group_name, headlines
from kpi_cli.workbook import results
from kpi_cli.workbook.charts import bar_chart
from kpi_cli.workbook.looks import QUIET, STRONG
from kpi_cli.workbook.sheets import Book, Head, Page

MOST_BARS = 30
"""Where a bar chart stops; its title then says how many of how many."""

_KPI, _GROUP, _VALUE = 1, 2, 3
_CHARTS = 4
_ROW_CM = 0.53
_CHART_COLUMNS = 10


def write(book: Book, readout: Readout, dimension: str) -> None:
    """The sheet; none where nothing is split by the dimension."""
    report, wording = readout.report, readout.wording
    found = report.grouped(dimension)
    if not found:
        return
    page = book.page(wording.name(dimension))
    page.title(readout.dimension_title(dimension), f"{report.title}, {readout.period_line()}", [readout.clock_line()])
    names = [Head(text=wording.word("kpi"), width=34), Head(text=wording.name(dimension), width=24)]
    head = page.head([*names, *results.heads(readout)])
    rows: dict[str, tuple[int, int]] = {}
    for result in found:
        contents, looks = results.row(result, readout)
        first, _ = rows.get(result.kpi.name, (page.row, 0))
        rows[result.kpi.name] = (first, page.row)
        page.fill([wording.label(result.kpi.name), group_name(result, wording), *contents], [QUIET, STRONG, *looks])
    page.freeze(head, columns=2)
    page.print_setup(report.title)
    _charts(page, readout, rows, head, len(names) + len(results.heads(readout)))


def _charts(page: Page, readout: Readout, rows: dict[str, tuple[int, int]], head: int, width: int) -> None:
    """Beside the table on the screen, on pages of their own on paper."""
    column, row = width + 2, head
    for name in headlines(rows, _CHARTS):
        first, last = rows[name]
        groups, shown = last - first + 1, min(last, first + MOST_BARS - 1)
        title = readout.wording.label(name)
        if shown < last:
            title = f"{title} ({MOST_BARS}/{groups})"
        chart = bar_chart(page.sheet, title, _VALUE, _GROUP, first, shown)
        page.sheet.add_chart(chart, f"{get_column_letter(column)}{row}")
        row += round(chart.height / _ROW_CM) + 2
    table = f"A1:{get_column_letter(width)}{page.row - 1}"
    page.sheet.print_area = f"{table},{get_column_letter(column)}{head}:{get_column_letter(column + _CHART_COLUMNS)}{row}"
