"""Any document as one JSON object a line, for streams: what was asked first, then the members of its lists.

Each line names its `type`; the rest has the shape it has in the JSON document.
"""

from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.document import Document
from kpi_cli.outputs.json import MADE_BY, dumped


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the lines."""
    for number, line in enumerate(document.lines()):
        shown = line if number else {"type": line["type"], **MADE_BY, **line}
        target.write(dumped(shown, target) + "\n")
