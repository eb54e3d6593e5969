"""A team's own Swedish case list, as Excel saves it: semicolons, decimal commas, Windows code page."""

from collections.abc import Sequence

from clock import minutes, to_minute
from desk import Snapshot, on_scale

HEADER_LINE = (
    "Ärendenummer;Skapad;Första svar;Löst;Status;Prioritet;Typ;Kanal;Grupp;Handläggare;Kund;Svarstid (timmar);"
    "Lösningstid (timmar);Antal svar;Återöppnad;Nöjdhet (1-5)"
)
HEADER = HEADER_LINE.split(";")
PRIORITIES = {"low": "Låg", "normal": "Normal", "high": "Hög", "urgent": "Brådskande"}
WAITING = {"customer": "Väntar på svar", "supplier": "Parkerat", "us": "Öppen"}
TYPES = {
    "question": "Fråga",
    "fault": "Fel på vara",
    "complaint": "Reklamation",
    "order": "Beställning",
    "invoice": "Faktura",
    "return": "Återköp",
}
UNREADABLE_DATES = ("2026-06-31 10:15", "i förrgår", "14 mars kl. tolv")


def rows(snapshots: Sequence[Snapshot], undated: Sequence[int], unnumbered: Sequence[int]) -> list[list[str]]:
    """A team's own Excel list; the rows at `undated` and `unnumbered` are spoilt so that no reader can use them."""
    listed = [_row(snapshot) for snapshot in snapshots]
    for place, text in zip(undated, UNREADABLE_DATES, strict=True):
        listed[place][1] = text
    for place in unnumbered:
        listed[place][0] = ""
    return listed


def _row(snapshot: Snapshot) -> list[str]:
    case, replied = snapshot.case, snapshot.first_replied_at
    solved = snapshot.solved_at if snapshot.is_solved else None
    return [
        f"F-{case.number}",
        f"{case.opened_at:%Y-%m-%d %H:%M}",
        f"{replied:%Y-%m-%d %H:%M}" if replied else "",
        f"{solved:%Y-%m-%d %H:%M}" if solved else "",
        status(snapshot),
        PRIORITIES[case.priority],
        TYPES[case.kind],
        case.channel,
        case.team.name,
        case.agent,
        case.customer.email,
        _decimal(minutes(to_minute(case.opened_at), to_minute(replied)) / 60) if replied else "",
        _decimal(minutes(to_minute(case.opened_at), to_minute(solved)) / 60) if solved else "",
        str(len(snapshot.replies)),
        str(snapshot.reopens),
        rating(snapshot),
    ]


def status(snapshot: Snapshot) -> str:
    """The Swedish status word; Ny until an agent has replied."""
    if snapshot.is_solved:
        return "Stängt" if snapshot.closed_at else "Löst"
    if not snapshot.replies:
        return "Ny"
    return "Öppen" if snapshot.reopens else WAITING[snapshot.case.waits_for]


def rating(snapshot: Snapshot) -> str:
    """The customer's rating, 1 to 5, or nothing."""
    return str(on_scale(snapshot.case.mood, 1, 5)) if snapshot.is_rated else ""


def _decimal(hours: float) -> str:
    """As Excel shows it with Swedish settings: decimal comma, thousands set apart by a no-break space."""
    return f"{hours:,.2f}".replace(",", "\u00a0").replace(".", ",")
