"""Whether a file is something kundpuls wrote itself: an answer saved next to the exports is none of them.

A workbook names who made it, JSON its tool. Rows have no room for such a mark and are known by their columns, which
`tests/cli/test_every_output.py` holds against what each command writes.
"""

import zipfile
from pathlib import Path

from kpi_core.ingest.files.workbooks.workbook_parts import UNREADABLE
from kpi_core.patterns import regex

HEAD = 4096
_HEADERS = (
    "kpi,definition,period.start,period.end",  # report, demo, compare
    "kpi,label,definition,subject,unit",  # report --long
    "kpi,unit,period.start,period.end,value",  # trend
    "kpi,definition,unit,currency,segment,target",  # targets
    "kpi,unit,newest,periods,target",  # targets --suggest
    "role,reason,part,table,file,row,id",  # rows
    "file,table,row,column,value,reason",  # --refused
    "definition,title,whose",  # define
    "name,label,subject,description,formula",  # kpis
    "path,can_compute,n,needs",  # kpis NAME FILES
    "name,label,system,table,evidence",  # formats
    "field,headers,read",  # formats NAME
    "file,header,field,kind,filled,how",  # inspect
    "file,row,key,column,header,written,recomputed",  # reconcile
    "column,kind,share,low,high,chance",  # drivers
    "name,rows,n,value,expected,adjusted",  # agents
    "word,forms,n,customers,dissatisfied",  # voices
    "dimension,group,is_rest,before.value",  # why
    "export,name,sha256,rows",  # ingest, store status
    "version,at,names,added",  # store log
    "store,did",  # store name, compact, forget
    "table,path,rows",  # store export
    "years,rate,from_base,from_raised",  # growth
)
"""How the rows of each command begin, as CSV. Other delimiters, and quotes, are those of an output or of a spreadsheet that saved them again."""
_BEGINNINGS = tuple(tuple(header.split(",")) for header in _HEADERS)
_DELIMITERS = regex("[,;\t|]")
_DRAWN = regex(r"(?m)^\u2500[\u2500 ]{7,}$|^[^\u2524\n]*\u2524[ \u25cf]*$")
"""The line under the heads of a table on a page for people, and a line of a chart beside its axis."""
_DOCUMENT = regex(rb'"schema_version"\s*:\s*\d+\s*,\s*"tool"\s*:\s*\{\s*"name"\s*:\s*"kundpuls"')
_CREATOR = b"<dc:creator>kundpuls</dc:creator>"
_MARK = b"\xef\xbb\xbf"


def is_own_output(path: Path) -> bool:
    """Whether a file is an answer that kundpuls wrote, as data or as a page; not where it cannot be read."""
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
    if _DOCUMENT.search(head) is not None:
        return True
    text = head.decode("utf-8", "replace")
    columns = [name.strip('" ') for name in _DELIMITERS.split(text.partition("\n")[0].rstrip("\r"))]
    return any(tuple(columns[: len(one)]) == one for one in _BEGINNINGS) or _DRAWN.search(text) is not None
