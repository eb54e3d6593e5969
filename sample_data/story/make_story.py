"""Writes the planted story: `python sample_data/story/make_story.py [FOLDER]`, by default next to this script.

Half a year of an invented help desk and its survey, in which four things are known to happen in the fourth month, and one is known
to mean nothing. README.md next to this script has the story; the tests ask every command whether it finds it. The same bytes
come out of every run on every system.
"""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20_260_401
BEGIN, END = datetime(2026, 1, 1), datetime(2026, 7, 15)
CHANGE = datetime(2026, 4, 1)
"""The first day of the fourth month."""
A_DAY = 24
"""Tickets on a working day; a quarter of that on Saturdays and Sundays."""

TYPES = ("Invoice", "Delivery", "Fault", "Return")
MIX_BEFORE, MIX_AFTER = (30, 40, 20, 10), (27, 33, 16, 24)
"""How many of a hundred tickets are of each type: from April on Return more than doubles, for a product was called back."""
SATISFIED = {"Invoice": 0.86, "Delivery": 0.86, "Fault": 0.82, "Return": 0.66}
"""The share of satisfied answers of each type, which for all but Invoice is the same in every month."""
INVOICE_SINCE = 0.58
"""The same of Invoice from April on, when the new team answers it."""
TEAMS = {"Invoice": "Central", "Delivery": "Central", "Fault": "Technical", "Return": "Central"}
NEW_TEAM = "West"
REPLY_HOURS, RESOLVE_HOURS = 3.0, 20.0
"""Medians of the first reply and of the resolution, both from the opening."""
SLOWER = 2.5
"""How many times as long the first reply of the new team takes; its cases are resolved as fast as before."""
CHAT_BEFORE, CHAT_SINCE = 0.10, 0.35
"""The share of tickets that come by chat, which a campaign raises from April on: the non-story, for it changes neither waiting nor satisfaction."""
ANSWERS = 0.45
"""The share of resolved tickets whose customer answers the survey."""

HEADER = (
    "Ticket number",
    "Created",
    "First reply",
    "Resolved",
    "Status",
    "Priority",
    "Type",
    "Team",
    "Channel",
    "Customer ID",
)
SURVEY_HEADER = ("Response ID", "Ticket number", "Customer ID", "Answered at", "CSAT", "Comment")

GOOD = (
    "Quick and friendly help, thank you",
    "Great service",
    "All sorted the same day",
    "Very helpful agent",
    "Easy to deal with",
)
BAD = (
    "Nobody could help me",
    "I had to explain everything twice",
    "Not what I expected",
    "Still not solved",
    "Poor service",
)
OF_INVOICES = ("The invoice was wrong again", "Wrong invoice and a long wait", "Waited days for a corrected invoice")


@dataclass(frozen=True)
class Ticket:
    """One case as both files have it."""

    number: int
    customer: int
    created: datetime
    replied: datetime
    resolved: datetime
    priority: str
    kind: str
    team: str
    channel: str


def tickets(chance: Random) -> Iterator[Ticket]:
    """Every case in the order in which they come in."""
    day, number = BEGIN, 10_000
    while day < END:
        usual = A_DAY if day.weekday() < 5 else A_DAY // 4
        for _ in range(max(1, round(chance.gauss(usual, usual**0.5)))):
            number += 1
            yield _ticket(number, day, chance)
        day += timedelta(days=1)


def _ticket(number: int, day: datetime, chance: Random) -> Ticket:
    is_since = day >= CHANGE
    kind = chance.choices(TYPES, MIX_AFTER if is_since else MIX_BEFORE)[0]
    team = NEW_TEAM if is_since and kind == "Invoice" else TEAMS[kind]
    created = day + timedelta(minutes=chance.randrange(8 * 60, 20 * 60))
    slower = SLOWER if team == NEW_TEAM else 1.0
    replied = created + timedelta(hours=REPLY_HOURS * slower * chance.lognormvariate(0.0, 0.6))
    resolved = max(
        replied + timedelta(minutes=10), created + timedelta(hours=RESOLVE_HOURS * chance.lognormvariate(0.0, 0.7))
    )
    return Ticket(
        number=number, customer=chance.randrange(1, 3000), created=created, replied=replied, resolved=resolved,
        priority=chance.choices(("Normal", "High", "Low"), (7, 2, 1))[0], kind=kind, team=team,
        channel="Chat" if chance.random() < (CHAT_SINCE if is_since else CHAT_BEFORE) else chance.choice(("Email", "Email", "Phone")),
    )  # fmt: skip


def answer(ticket: Ticket, chance: Random) -> tuple[datetime, int, str] | None:
    """When the customer answered, with which mark of five and in which words; None of who did not."""
    if chance.random() >= ANSWERS:
        return None
    satisfied = INVOICE_SINCE if ticket.team == NEW_TEAM else SATISFIED[ticket.kind]
    is_good = chance.random() < satisfied
    mark = chance.choice((4, 5, 5)) if is_good else chance.choice((1, 2, 3))
    words = ""
    if chance.random() < 0.4:
        words = chance.choice(
            GOOD if is_good else OF_INVOICES if ticket.team == NEW_TEAM and chance.random() < 0.7 else BAD
        )
    return ticket.resolved + timedelta(hours=chance.uniform(1, 40)), mark, words


def make_story(folder: Path, seed: int = SEED) -> None:
    """Writes `tickets.csv` and `survey.csv` into a folder, which must exist."""
    chance = Random(seed)
    seen = [ticket for ticket in tickets(chance) if ticket.created < END]
    rows = [
        (one.number, _at(one.created), _until_end(one.replied), _until_end(one.resolved), "Open" if one.resolved >= END else "Resolved",
         one.priority, one.kind, one.team, one.channel, f"K{one.customer}")
        for one in seen
    ]  # fmt: skip
    comments = [
        (ticket, given)
        for ticket in seen
        if ticket.resolved < END and (given := answer(ticket, chance)) and given[0] < END
    ]
    answers = [
        (place, one.number, f"K{one.customer}", _at(at), mark, words)
        for place, (one, (at, mark, words)) in enumerate(comments, 1)
    ]
    _write(folder / "tickets.csv", HEADER, rows)
    _write(folder / "survey.csv", SURVEY_HEADER, answers)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _until_end(moment: datetime) -> str:
    """A moment, empty where it is after the export was taken."""
    return _at(moment) if moment < END else ""


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([header, *rows])
    path.write_text(target.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make_story(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
