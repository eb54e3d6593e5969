"""Any document as one page for a browser: it needs no script and no network, can be sent by mail, and prints on paper.

The document's `story` says what stands where; `kpi_cli.html` how it looks.
"""

from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.document import Document
from kpi_cli.html.page import page


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the document's story; colours are the reader's browser's to choose, light or dark."""
    target.write(page(document.story(), document.wording, document.brand))
