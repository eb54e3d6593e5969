"""Any document as one JSON object, for programs: what made it, then its record.

`schema_version` grows only when a key goes or changes its meaning.
"""

import json
from collections.abc import Mapping
from typing import Any, TextIO

from kpi_cli import __version__, terminal
from kpi_cli.documents.document import Document

SCHEMA_VERSION = 1
MADE_BY = {"schema_version": SCHEMA_VERSION, "tool": {"name": "kundpuls", "version": __version__}}


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the object, indented, with a line end."""
    target.write(dumped({**MADE_BY, **document.record()}, target, indent=2) + "\n")


def dumped(record: Mapping[str, Any], target: TextIO, indent: int | None = None) -> str:
    """JSON text, escaped to ASCII only where the stream cannot carry it otherwise.

    On a terminal what would move its text or turn it round is escaped too.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)
    if target.isatty():
        text = "\n".join(map(terminal.escaped, text.split("\n")))
    if terminal.carries(target, text):
        return text
    return json.dumps(record, ensure_ascii=True, allow_nan=False, indent=indent)
