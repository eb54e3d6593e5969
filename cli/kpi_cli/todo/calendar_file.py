"""Tasks as an iCalendar file (RFC 5545): escaped, folded at 75 octets, lines that end in CR LF."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from kpi_core.records import dataclass

LONGEST = 75
"""Octets of a line; what is longer goes on in the next, which begins with a blank."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, kw_only=True)
class Task:
    """A VTODO: `stamp` is when it was last put down, `completed` when it was done; `sequence` grows with every change of that."""

    uid: str
    summary: str
    description: str
    due: date
    stamp: datetime
    category: str
    owner: str = ""
    completed: datetime | None = None
    sequence: int = 0


def calendar(tasks: Iterable[Task], name: str) -> str:
    """The file that holds the tasks; `name` is what a calendar shows it as."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kundpuls//targets//EN", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{escaped(name)}",
        *(line for task in tasks for line in _lines(task)), "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _lines(task: Task) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield f"UID:{task.uid}"
    yield f"DTSTAMP:{_instant(task.stamp)}"
    yield f"SUMMARY:{escaped(task.summary)}"
    yield f"DESCRIPTION:{escaped(task.description)}"
    yield f"DUE;VALUE=DATE:{task.due:%Y%m%d}"
    yield f"CATEGORIES:{escaped(task.category)}"
    if task.owner:
        yield f"CONTACT:{escaped(task.owner)}"
    yield f"SEQUENCE:{task.sequence}"
    if task.completed is not None:
        yield f"COMPLETED:{_instant(task.completed)}"
        yield "PERCENT-COMPLETE:100"
    yield f"STATUS:{'COMPLETED' if task.completed is not None else 'NEEDS-ACTION'}"
    yield "END:VTODO"


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11): control characters but the tab have no place in it."""
    plain = "".join(one for one in text.replace("\r\n", "\n") if one in "\t\n" or (ord(one) >= 32 and ord(one) != 127))
    return plain.translate(_ESCAPED)


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets (RFC 5545, 3.1), never within a character."""
    pieces, piece, room = [], "", LONGEST
    for one in line:
        size = len(one.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST - 1
        piece += one
        room -= size
    return "\r\n ".join([*pieces, piece])


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
