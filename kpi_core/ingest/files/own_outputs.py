"""Whether a file is something kundpuls wrote itself: a report saved next to the exports is none of them."""

import zipfile
from pathlib import Path

from kpi_core.ingest.files.workbooks.workbook_parts import UNREADABLE
from kpi_core.patterns import regex

HEAD = 4096
_TABLES = (
    b"kpi,definition,period.start,period.end,",
    b"role,reason,part,table,file,row,id,",
    b"file,table,row,column,value,reason",
)
"""How the CSV of a report, of the rows behind a figure and of refused rows begins."""
_DOCUMENT = regex(rb'"schema_version"\s*:\s*\d+\s*,\s*"tool"\s*:\s*\{\s*"name"\s*:\s*"kundpuls"')
_CREATOR = b"<dc:creator>kundpuls</dc:creator>"
_MARK = b"\xef\xbb\xbf"


def is_own_output(path: Path) -> bool:
    """Whether a file is a report, rows behind a figure, or refused rows that kundpuls wrote; not where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).removeprefix(_MARK)
        if head.startswith(b"PK"):
            with zipfile.ZipFile(path) as book:
                if "docProps/core.xml" not in book.namelist():
                    return False
                with book.open("docProps/core.xml") as core:
                    return _CREATOR in core.read(HEAD)
    except UNREADABLE:
        return False
    return head.startswith(_TABLES) or _DOCUMENT.search(head) is not None
