"""Zendesk's account export, with the columns a real one had been reduced to and the requester's address.

Times are cut to whole minutes before anything is computed, so each duration equals the difference of its columns.
"""

from collections.abc import Iterable
from datetime import datetime

from clock import minutes, open_seconds, to_minute
from desk import Case, Snapshot, on_scale

HEADER_LINE = (
    "Id,Requester id,Requester email,Group,Status,Priority,Via,Created at,Updated at,Assigned at,"
    "Initially assigned at,Solved at,Resolution time,Satisfaction Score,Reopens,Replies,"
    "First reply time in minutes within business hours,First resolution time in minutes,"
    "First resolution time in minutes within business hours,Full resolution time in minutes,"
    "Full resolution time in minutes within business hours,Requester wait time in minutes,"
    "Requester wait time in minutes within business hours,Manual Tagging of Categories [list]"
)
HEADER = HEADER_LINE.split(",")
UNSET = "1900-01-01 00:00:00"
FIRST_REQUESTER = 20417300551001
WAITING = {"customer": "Pending", "supplier": "Hold", "us": "Open"}
CATEGORIES = {"fault": "Faults", "order": "Orders", "return": "Returns", "complaint": "Complaints"}
ONE_TO_FIVE_FROM = datetime(2026, 7, 1)


def rows(snapshots: Iterable[Snapshot]) -> list[list[str]]:
    """The columns an account export was reduced to; times are whole minutes, `Resolution time` whole hours."""
    return [_row(snapshot) for snapshot in snapshots]


def _row(snapshot: Snapshot) -> list[str]:
    case, opened = snapshot.case, to_minute(snapshot.case.opened_at)
    replied = to_minute(snapshot.first_replied_at) if snapshot.first_replied_at else None
    first = to_minute(snapshot.solved[0]) if snapshot.solved else None
    last = to_minute(snapshot.solved[-1]) if snapshot.is_solved else None
    assigned = opened + (replied - opened) / 2 if replied else None
    until = last or snapshot.updated_at
    return [
        str(case.number),
        str(FIRST_REQUESTER + 37 * case.customer.number),
        case.customer.email,
        case.team.name,
        status(snapshot),
        case.priority.capitalize(),
        case.channel,
        _second(opened),
        _second(to_minute(snapshot.updated_at)),
        _second(to_minute(assigned)) if assigned else unset(case),
        _second(to_minute(assigned)) if assigned else unset(case),
        _second(last) if last else unset(case),
        str((minutes(opened, last) + 30) // 60) if last else "",
        score(snapshot),
        str(snapshot.reopens),
        str(len(snapshot.replies)),
        str(open_seconds(opened, replied) // 60) if replied else "",
        str(minutes(opened, first)) if first else "",
        str(open_seconds(opened, first) // 60) if first else "",
        str(minutes(opened, last)) if last else "",
        str(open_seconds(opened, last) // 60) if last else "",
        str(int(minutes(opened, until) * case.our_share)),
        str(int(open_seconds(opened, until) // 60 * case.our_share)),
        CATEGORIES.get(case.kind, "-") if case.our_share < 0.6 else "-",
    ]


def status(snapshot: Snapshot) -> str:
    """The status label; New until an agent has replied."""
    if snapshot.is_solved:
        return "Closed" if snapshot.closed_at else "Solved"
    if not snapshot.replies:
        return "New"
    return "Open" if snapshot.reopens else WAITING[snapshot.case.waits_for]


def unset(case: Case) -> str:
    """How this row spells a missing date: the export does it in two ways."""
    return UNSET if case.number % 5 < 2 else ""


def score(snapshot: Snapshot) -> str:
    """Good or Bad for resolutions before July 2026, 1 to 5 since then, Offered while nobody has answered."""
    solved_at = snapshot.solved_at
    if not snapshot.is_solved or solved_at is None or not snapshot.case.is_asked:
        return ""
    if not snapshot.is_rated:
        return "Offered"
    if solved_at >= ONE_TO_FIVE_FROM:
        return str(on_scale(snapshot.case.mood, 1, 5))
    return "Good" if snapshot.case.mood >= 5 else "Bad"


def _second(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else ""
