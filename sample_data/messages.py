"""The message log that goes with the Freshdesk export: who wrote what line of a case when, in a plain table.

Calls leave no messages, and what was written before a case was imported stayed in the old system.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from clock import is_open, to_minute
from company import SEED
from desk import Snapshot

HEADER = ("Message ID", "Ticket ID", "Sent at", "Author type", "Public")
FIRST_NUMBER = 60_001
CALLS = "Phone"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message; `is_note` marks what only colleagues can read."""

    ticket: int
    sent_at: datetime
    author: str
    is_note: bool = False


def messages(snapshots: Iterable[Snapshot], until: datetime) -> list[Message]:
    """All messages of the cases up to a moment, in the order in which they were sent."""
    rng = Random(f"{SEED}:messages")
    found = [message for snapshot in snapshots for message in _of_case(rng, snapshot) if message.sent_at <= until]
    return sorted(found, key=lambda message: (message.sent_at, message.ticket, message.author))


def _of_case(rng: Random, snapshot: Snapshot) -> Iterator[Message]:
    """At night and at weekends a bot says that the mail has come; now and then an agent leaves a note for the others."""
    case = snapshot.case
    has_note, delay = rng.random() < 0.15, timedelta(seconds=rng.randint(20, 150))
    if case.channel == CALLS:
        return
    for sent_at in snapshot.messages:
        yield Message(ticket=case.number, sent_at=to_minute(sent_at), author="Customer")
    if case.channel == "Email" and not is_open(case.opened_at):
        yield Message(ticket=case.number, sent_at=to_minute(case.opened_at + delay), author="Bot")
    replies = [reply for reply in snapshot.replies if reply >= case.opened_at]
    for sent_at in replies:
        yield Message(ticket=case.number, sent_at=to_minute(sent_at), author="Agent")
    if has_note and replies:
        yield Message(
            ticket=case.number,
            sent_at=to_minute(case.opened_at + (replies[0] - case.opened_at) / 2),
            author="Agent",
            is_note=True,
        )


def rows(sent: Iterable[Message]) -> list[list[str]]:
    """One row a message, numbered as they were sent."""
    return [
        [str(number), str(one.ticket), f"{one.sent_at:%Y-%m-%d %H:%M}", one.author, "no" if one.is_note else "yes"]
        for number, one in enumerate(sent, start=FIRST_NUMBER)
    ]
