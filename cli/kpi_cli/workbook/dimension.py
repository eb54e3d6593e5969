"""A sheet for each dimension: a row for each KPI and group, bar charts of the headline KPIs beside the table."""

from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from kpi_cli.documents.phrases import group_name, headlines
from kpi_cli.documents.readout import Readout
from kpi_cli.workbook import results
from kpi_cli.workbook.charts import BAR_WIDTH, bar_chart
from kpi_cli.workbook.looks import QUIET, STRONG
from kpi_cli.workbook.sheets import Book, Head, Page

MOST_BARS = 30
"""Where a bar chart stops; its title then says how many of how many."""

_GROUP, _VALUE = 2, 3
_CHARTS = 4
_ACROSS = 2
_GAP = 0.6

Spans = Mapping[str, tuple[int, int]]


def write(book: Book, readout: Readout, dimension: str) -> None:
    """The sheet; none where nothing is split by the dimension."""
    report, wording = readout.report, readout.wording
    order = {name: index for index, name in enumerate(dict.fromkeys(one.kpi.name for one in report.results))}
    found = sorted(report.grouped(dimension), key=lambda result: order[result.kpi.name])
    if not found:
        return
    page = book.page(wording.name(dimension))
    page.title(readout.dimension_title(dimension), f"{report.title}, {readout.period_line()}", [readout.clock_line()])
    heads, rows = results.table(found, readout)
    names = [Head(text=wording.word("kpi"), width=38), Head(text=wording.name(dimension), width=26)]
    head = page.head([*names, *heads])
    spans: dict[str, tuple[int, int]] = {}
    for result, (contents, looks) in zip(found, rows, strict=True):
        first, _ = spans.get(result.kpi.name, (page.row, 0))
        spans[result.kpi.name] = (first, page.row)
        page.fill([wording.heading(result.kpi), group_name(result, wording), *contents], [QUIET, STRONG, *looks])
    page.freeze(head, columns=_GROUP)
    page.print_setup(report.title)
    _charts(page, readout, spans, head, len(names) + len(heads))


def _charts(page: Page, readout: Readout, spans: Spans, head: int, width: int) -> None:
    """Two across beside the table on the screen, on a page of their own on paper."""
    left, row, low = width + 2, head, 0.0
    places = [page.column_beyond(left, (BAR_WIDTH + _GAP) * number) for number in range(_ACROSS + 1)]
    for number, name in enumerate(headlines(spans, _CHARTS)):
        first, last = spans[name]
        title = readout.wording.label(name)
        if last - first >= MOST_BARS:
            title = f"{title} ({MOST_BARS}/{last - first + 1})"
        chart = bar_chart(page.sheet, title, _VALUE, _GROUP, first, min(last, first + MOST_BARS - 1))
        across = number % _ACROSS
        if number and not across:
            row, low = page.row_beyond(row, low + _GAP), 0.0
        page.sheet.add_chart(chart, f"{get_column_letter(places[across])}{row}")
        low = max(low, chart.height)
    table = f"A1:{get_column_letter(width)}{page.row - 1}"
    beside = f"{get_column_letter(left)}{head}:{get_column_letter(places[-1])}{page.row_beyond(row, low)}"
    page.sheet.print_area = f"{table},{beside}"
