"""A document's rows as CSV: the JSON's values, of a report under the JSON's paths (`baseline.value`).

Never localised. A cell of text that begins with `= + - @ '`, a tab or a carriage return gets one apostrophe in
front, so that no spreadsheet runs what a customer wrote; dropping one leading apostrophe gives the text back. The same sign
gets one inside a text where a reader that splits at `;`, tabs or line ends would begin a cell with it. Signs of full width
count, and so do those behind characters without width.
"""

import csv
import re
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.document import Document
from kpi_core.patterns import regex

_UNSEEN = r'[\s"\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]*'
_SIGNS = r"[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
RISKY = rf"^(?:[\t\r\n']|{_UNSEEN}{_SIGNS})"
"""What a cell of text may not begin with as it stands, as polars reads patterns."""
RISKY_INSIDE = rf"([;\t\r\n]{_UNSEEN})({_SIGNS})"
"""Where a reader with another delimiter would begin a cell of its own."""
_AT_START = regex(re.sub(r"\\x\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", RISKY))
_INSIDE = regex(re.sub(r"\\x\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", RISKY_INSIDE))


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes header and rows."""
    rows = document.rows()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([cell(name, target) for name in rows.columns])
    writer.writerows([cell(value, target) for value in row] for row in rows.rows)


def guarded(value: object) -> object:
    """A value as a cell: nothing for None, `true` and `false`, and text that a spreadsheet would run with an apostrophe in front."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else value
    text = _INSIDE.sub(r"\1'\2", value)
    return f"'{text}" if _AT_START.match(text) else text


def cell(value: object, target: TextIO) -> object:
    """A guarded value for a stream: a terminal sees what would move its text or turn it round."""
    found = guarded(value)
    return terminal.escaped(found) if isinstance(found, str) and target.isatty() else found
