"""The first sheet: the answer on one page."""

from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Sheet
from kpi_cli.documents.front import front

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument


def sheet(document: "ReportDocument") -> Sheet:
    """The headline, the cards, and how far the data can be trusted."""
    report, word = document.report, document.wording.word
    return Sheet(name=word("sheet_summary"), title=report.title, front=front(document), footer=report.title)
