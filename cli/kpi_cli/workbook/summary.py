"""The first sheet: every KPI of the period on one page."""

from kpi_cli.documents.phrases import local
from kpi_cli.documents.readout import Readout
from kpi_cli.workbook import results
from kpi_cli.workbook.looks import QUIET, STRONG
from kpi_cli.workbook.sheets import Book, Head


def write(book: Book, readout: Readout) -> None:
    """Title block, then a row a KPI in the catalogue's order."""
    report, wording = readout.report, readout.wording
    page = book.page(wording.word("sheet_summary"))
    made = wording.word("generated_line", instant=wording.instant(local(report.generated_at, report.query)))
    sources = f"{readout.rows_line()}. " if report.sources else ""
    promised = ", ".join(line for line in (readout.clock_line(), made, readout.promise_line()) if line)
    page.title(
        report.title,
        readout.period_line(),
        [*filter(None, [readout.warning()]), f"{sources}{promised}", readout.family()],
    )
    heads, rows = results.table(report.totals, readout)
    names = [Head(text=wording.word("subject"), width=20), Head(text=wording.word("kpi"), width=38)]
    head = page.head([*names, *heads])
    for result, (contents, looks) in zip(report.totals, rows, strict=True):
        called = [wording.name(result.kpi.subject), wording.heading(result.kpi)]
        page.fill([*called, *contents], [QUIET, STRONG, *looks])
    page.freeze(head, columns=2)
    page.print_setup(report.title)
