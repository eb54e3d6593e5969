"""A desk whose tickets are opened again now and then, every event of it known; and exports of it as they were taken at the time."""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

BEGIN = datetime(2025, 1, 1)
HEADERS = ("Ticket ID", "Status", "Created at", "Resolved at", "Updated at", "Group")


@dataclass(frozen=True)
class State:
    """What is known of a ticket at one moment; `resolved` is null while it is open."""

    number: int
    created: datetime
    resolved: datetime | None
    updated: datetime
    group: str
    reopens: int


@dataclass(frozen=True)
class Ticket:
    """A ticket with its events: each instant, and whether it was resolved then (else opened)."""

    number: int
    group: str
    events: tuple[tuple[datetime, bool], ...]

    def state(self, at: datetime) -> State | None:
        """Its state at a moment; None before it is opened."""
        seen = [event for event in self.events if event[0] <= at]
        if not seen:
            return None
        (last, is_done), first = seen[-1], seen[0][0]
        opened = sum(not done for _, done in seen)
        return State(self.number, first, last if is_done else None, last, self.group, opened - 1)


@dataclass(frozen=True)
class Desk:
    """All tickets of a desk."""

    tickets: tuple[Ticket, ...]

    def states(self, at: datetime) -> list[State]:
        """What an export of everything holds at a moment."""
        return [state for ticket in self.tickets if (state := ticket.state(at)) is not None]

    def backlog(self, at: datetime) -> int:
        """How many tickets are open at a moment."""
        return sum(state.resolved is None for state in self.states(at))

    def export(self, path: Path, at: datetime, has: Callable[[State], bool] = lambda _: True) -> Path:
        """Writes the export of a moment, of the tickets that its filter has."""
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(HEADERS)
            for state in filter(has, self.states(at)):
                status = "Open" if state.resolved is None else "Resolved"
                dates = (
                    f"{day:%Y-%m-%d %H:%M:%S}" if day else "" for day in (state.created, state.resolved, state.updated)
                )
                rows.writerow([state.number, status, *dates, state.group])
        return path


def desk_over_time(seed: int, days: int = 365, a_day: int = 12, again: float = 0.12) -> Desk:
    """A desk with some tickets each day, fewer at weekends, of which a share is opened `again` after each resolution."""
    dice = random.Random(seed)
    tickets: list[Ticket] = []
    for place in range(days):
        day = BEGIN + timedelta(days=place)
        usual = a_day if day.weekday() < 5 else a_day // 4
        for _ in range(max(0, round(dice.gauss(usual, usual**0.5)))):
            at = day + timedelta(minutes=dice.randint(480, 1020))
            events = [(at, False)]
            while True:
                at += timedelta(minutes=round(60 * dice.lognormvariate(3.2, 1.3)))
                events.append((at, True))
                if dice.random() >= again:
                    break
                at += timedelta(minutes=round(60 * dice.lognormvariate(3.5, 1.2)))
                events.append((at, False))
            tickets.append(Ticket(len(tickets) + 1, dice.choice("ABC"), tuple(events)))
    return Desk(tuple(tickets))


def month_ends(months: int) -> list[datetime]:
    """The first instants after each of the months from the beginning on."""
    return [datetime(BEGIN.year + month // 12, month % 12 + 1, 1) for month in range(1, months + 1)]
