"""Why the first of the headlines moved."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Sheet
from kpi_cli.documents.story import without_commands
from kpi_cli.documents.why import WhyDocument

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument


def sheets(document: "ReportDocument") -> Iterator[Sheet]:
    """The answer with its segments; no sheet where nothing moved, or nobody looked."""
    if document.behind is None or document.behind.why is None:
        return
    page, report = WhyDocument(document.behind.why, document.wording).page(), document.report
    first, *rest = [f"{line.sign} {line.text}".strip() for line in page.headline]
    blocks = tuple(block for block in map(without_commands, page.blocks) if block is not None)
    blocks = tuple(replace(block, title="") if number == 0 else block for number, block in enumerate(blocks))
    name = document.wording.word("sheet_why")
    yield Sheet(name=name, title=page.title, lead=first, asides=tuple(rest), blocks=blocks, footer=report.title)
