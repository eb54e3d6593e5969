"""The trend sheet: periods down, KPIs across, and line charts of the headline ones under the table."""

from dataclasses import replace

from openpyxl.utils import get_column_letter

from kpi_cli.documents.phrases import headlines
from kpi_cli.documents.readout import Readout
from kpi_cli.workbook.charts import HEIGHT, WIDTH, line_chart
from kpi_cli.workbook.looks import COUNT, STRONG, TEXT, Look, value
from kpi_cli.workbook.sheets import Book, Content, Head, Page
from kpi_core.model.report import KpiResult

_FIXED = 2
_ACROSS = 3
_PER_SHEET_WIDTH = 16
_DATE = replace(TEXT, number_format="yyyy-mm-dd", wraps=False)


def write(book: Book, readout: Readout) -> None:
    """The table and its charts; no sheet where no KPI has a trend."""
    report, wording = readout.report, readout.wording
    shown = [result for result in report.totals if any(estimate.value is not None for estimate in result.trend)]
    if not shown:
        return
    page = book.page(wording.word("sheet_trend"))
    young = f". {wording.word('not_final_line')}" if any(result.final is not None for result in shown) else ""
    page.title(wording.word("sheet_trend"), report.title, [f"{readout.clock_line()}{young}"])
    heads = [Head(text=wording.word("period"), width=18), Head(text=wording.word("from"), width=12)]
    labels = [Head(text=wording.heading(result.kpi), width=13.5, is_right=True) for result in shown]
    head = page.head([*heads, *labels])
    _rows(page, readout, shown)
    page.freeze(head, columns=1)
    page.print_setup(report.title)
    page.sheet.page_setup.fitToWidth = -(-len(heads + labels) // _PER_SHEET_WIDTH)
    page.sheet.print_title_cols = "A:A"  # every sheet of paper says which period a row is
    _charts(page, readout, shown, head + 1)


def _rows(page: Page, readout: Readout, shown: list[KpiResult]) -> None:
    longest = {
        result.kpi.name: max((estimate.value for estimate in result.trend if estimate.value is not None), default=0.0)
        for result in shown
    }
    looks: list[Look] = [STRONG, _DATE, *[COUNT] * len(shown)]
    for index, period in enumerate(readout.report.query.trend):
        cells: list[Content] = [
            value(_final(result, index), result.kpi.unit, longest[result.kpi.name]) for result in shown
        ]
        page.fill([readout.wording.period(period, short=True), period.start, *cells], looks)


def _final(result: KpiResult, index: int) -> float | None:
    """A value of the trend; none where it is not final yet."""
    return result.trend[index].value if result.final is None or index < result.final else None


def _charts(page: Page, readout: Readout, shown: list[KpiResult], first: int) -> None:
    chosen = headlines(result.kpi.name for result in shown)
    last = first + len(readout.report.query.trend) - 1
    places = [page.column_beyond(1, (WIDTH + 0.3) * number) for number in range(_ACROSS)]
    columns = {result.kpi.name: index for index, result in enumerate(shown, start=_FIXED + 1)}
    for number, name in enumerate(chosen):
        chart = line_chart(page.sheet, readout.wording.label(name), columns[name], first, last)
        down, across = divmod(number, _ACROSS)
        row = page.row_beyond(page.row + 1, (HEIGHT + 0.3) * down)
        page.sheet.add_chart(chart, f"{get_column_letter(places[across])}{row}")
