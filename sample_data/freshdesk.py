"""Freshdesk's ticket export: its rows, and the XML workbook it names `.xls`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from clock import after_open_time, open_seconds
from desk import Snapshot, on_scale

HEADER_LINE = (
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
    "Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),"
    "Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results,"
    "Association type,Product,Every response status,Full name,Contact ID,Company Name"
)
HEADER = HEADER_LINE.split(",")
NUMBERS = frozenset({"Ticket ID", "Agent interactions", "Customer interactions"})
PRIORITIES = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Urgent"}
TYPES = {
    "question": "Question",
    "fault": "Problem",
    "complaint": "Complaint",
    "order": "Order",
    "invoice": "Billing",
    "return": "Return",
}
WAITING = {"customer": "Waiting on Customer", "supplier": "Waiting on Nordlyset AS", "us": "Pending"}
RATINGS = (
    "Extremely dissatisfied",
    "Mostly dissatisfied",
    "Slightly dissatisfied",
    "Neither satisfied nor dissatisfied",
    "Slightly satisfied",
    "Mostly satisfied",
    "Extremely satisfied",
)
REPLY_TARGETS = {"low": 16, "normal": 8, "high": 4, "urgent": 1}
RESOLUTION_TARGETS = {"low": 80, "normal": 40, "high": 24, "urgent": 8}


def rows(snapshots: Iterable[Snapshot]) -> list[list[str]]:
    """The 29 columns of a Freshdesk ticket export; hour columns hold opening time as HH:MM:SS."""
    return [_row(snapshot) for snapshot in snapshots]


def _row(snapshot: Snapshot) -> list[str]:
    case, customer = snapshot.case, snapshot.case.customer
    opened, replied = case.opened_at, snapshot.first_replied_at
    resolved = None if case.is_lost and snapshot.is_solved else snapshot.solved_at
    closed = None if case.is_lost else snapshot.closed_at
    due = after_open_time(opened, 3600 * RESOLUTION_TARGETS[case.priority])
    resolution_sla = _sla(resolved is not None and resolved <= due) if snapshot.is_solved and resolved else ""
    has_group = bool(replied) or snapshot.is_solved or case.waits_for != "us"
    return [
        str(case.number),
        case.subject,
        status(snapshot),
        PRIORITIES[case.priority],
        case.channel,
        TYPES[case.kind],
        case.agent if has_group else "",
        case.team.name if has_group else "No Group",
        _second(opened),
        _second(due),
        _second(resolved),
        _second(closed),
        _second(snapshot.updated_at),
        _second(replied),
        f"00:{len(snapshot.replies) * 7:02d}" if case.team.name == "Billing" else "00:00",
        _hours(open_seconds(opened, replied) if replied else 0),
        _hours(open_seconds(opened, resolved) if resolved else 0),
        str(len(snapshot.replies)),
        str(len(snapshot.messages)),
        resolution_sla,
        _sla(open_seconds(opened, replied) <= 3600 * REPLY_TARGETS[case.priority]) if replied else "",
        ",".join(case.tags),
        rating(snapshot),
        "",
        case.product or "No Product",
        "",
        customer.name,
        customer.email,
        customer.organisation,
    ]


def status(snapshot: Snapshot) -> str:
    """The status label; without a reply everything is Open."""
    if snapshot.is_solved:
        return "Closed" if snapshot.closed_at else "Resolved"
    if not snapshot.replies or snapshot.reopens:
        return "Open"
    return WAITING[snapshot.case.waits_for]


def rating(snapshot: Snapshot) -> str:
    """The survey's word for how the customer feels, or nothing."""
    return RATINGS[on_scale(snapshot.case.mood, 0, 6)] if snapshot.is_rated else ""


def spreadsheetml(rows: Sequence[Sequence[str]]) -> str:
    """SpreadsheetML 2003, header and rows, with the elements and the blank lines of Freshdesk's own template."""
    columns, names, company = HEADER[:26], HEADER[26:28], HEADER[28]
    blank, deep = " " * 8 + "\n", " " * 10 + "\n"
    head = (
        "".join(f"{blank}{' ' * 12}{_cell(column)}" for column in columns)
        + blank * 2
        + "".join(f"{deep}{' ' * 12}{_cell(name)}" for name in names)
        + f"{deep}{blank * 2}{deep}{' ' * 12}{_cell(company)}{deep}{blank}"
    )
    types = ["Number" if column in NUMBERS else "String" for column in HEADER]
    body = "".join(
        "</ss:Row><ss:Row>\n"
        + "".join(f"  \n    \n    {_cell(text, kind)}" for text, kind in zip(row, types, strict=True))
        + "  \n"
        for row in rows
    )
    return f"{_XML_HEAD}{head}      {body}{_XML_TAIL}"


def _cell(text: str, kind: str = "String") -> str:
    return f'<ss:Cell><ss:Data ss:Type="{kind}">{escape(text)}</ss:Data></ss:Cell>\n'


_XML_HEAD = """<?xml version="1.0"?>
<ss:Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
  xmlns:o="urn:schemas-microsoft-com:office:office"
  xmlns:x="urn:schemas-microsoft-com:office:excel"
  xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
  xmlns:html="http://www.w3.org/TR/REC-html40">
  <ss:Worksheet ss:Name="Sheet1">
    <ss:Table>
      <ss:Row>
"""
_XML_TAIL = """</ss:Row>    </ss:Table>
  </ss:Worksheet>
</ss:Workbook>"""


def _second(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _hours(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def _sla(met: bool) -> str:
    return "Within SLA" if met else "SLA Violated"
