"""Any document as an Excel workbook: real numbers, dates and durations, native charts, ready to print and to filter; or a user's own workbook filled in.

Text from the data is stored as text, never as a formula. The same report gives the same bytes.
"""

from pathlib import Path

from kpi_cli import terminal
from kpi_cli.documents.blocks import Line, Notes
from kpi_cli.documents.document import Document
from kpi_cli.workbook import package, template
from kpi_cli.workbook.chart_data import ChartData
from kpi_cli.workbook.drawing import Drawing
from kpi_cli.workbook.sheets import Book


def write(document: Document, target: Path, color: terminal.Color) -> None:
    """Writes the document's sheets to a path.

    Raises:
        KpiError: there are more rows than a sheet holds, or a template cannot be filled in.
    """
    if document.template is not None:
        template.fill(document.template, target, document.filling())
        return
    book = Book(document.wording, document.brand.name)
    data = ChartData(book)
    drawings = [Drawing(book, sheet, data) for sheet in document.sheets()]
    for drawing in drawings:
        drawing.draw()
    if book.cuts:
        cut_line = document.wording.word("text_cut_line", count=book.cuts)
        drawings[-1].block(Notes(key="cuts", title="Excel", lines=(Line(cut_line),)))
    data.close()
    package.save(book.workbook, target, document.made_at, book.additions)
