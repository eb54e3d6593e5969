"""Files that are no tables, whatever their names say, and what to do about them."""

import re

from kpi_core.errors import UnreadableError
from kpi_core.patterns import regex

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
"""Of the elements of a workbook in the XML of Excel 2003."""
_CONTROLS = regex(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_HTML = regex(r"<(!doctype\s+html|html|head|meta|body|table|style|div)\b", re.IGNORECASE)


def check_is_table(text: str, name: str) -> None:
    """Looks at the beginning of a text.

    Raises:
        UnreadableError: it is binary, a web page or XML; with what to do about it.
    """
    start = text[:2048].lstrip("\ufeff \t\r\n")
    controls = len(_CONTROLS.findall(text[:65536].encode("utf-8")))
    if controls > 0.02 * min(len(text), 65536) or start.startswith("%PDF-"):
        raise UnreadableError("is not a text file or a workbook", where=name, hint="export it as CSV or .xlsx")
    if _HTML.match(start) or (start.startswith("<?xml") and _HTML.search(start)):
        hint = "open it in Excel or LibreOffice and save it as CSV UTF-8 or .xlsx"
        raise UnreadableError("is a web page (an HTML table), whatever its name says", where=name, hint=hint)
    if start.startswith("<?xml"):
        raise UnreadableError("is XML, but not a spreadsheet", where=name, hint="export it as CSV or .xlsx")


def is_spreadsheetml(content: bytes) -> bool:
    """Whether a file begins as a workbook in the XML of Excel 2003 does, whatever its encoding and its name."""
    start = content[:4096].replace(b"\0", b"")
    return b"<" in start[:8] and NAMESPACE.encode() in start
