"""Made-up desks for asking why: nine months of tickets and their ratings, with a change planted in the last one or none."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import kpi_core
from kpi_core.ingest.dataset import Dataset

FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 9, 30)
LATE = datetime(2026, 9, 1)
HEAD = (
    "Ticket ID;Status;Type;Group;Source;Priority;Agent;Created time;Initial response time;Resolved time;Survey results"
)
TYPES = {"Billing": 0.25, "Delivery": 0.33, "Technical": 0.3, "Account": 0.12}


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One ticket; `rating` is whether its customer was satisfied, None where nobody asked."""

    type: str
    group: str
    source: str
    agent: str
    opened: datetime
    minutes: int
    rating: bool | None

    @property
    def is_late(self) -> bool:
        return self.opened >= LATE


@dataclass(kw_only=True)
class Desk:
    """What a desk's tickets are drawn from."""

    seed: int = 1
    a_day: int = 40
    good: Callable[[str, bool], float] = lambda _type, _late: 0.8
    wait: Callable[[str, bool], float] = lambda _type, _late: 120.0
    types: Callable[[bool], dict[str, float]] = lambda _late: TYPES
    agents: Sequence[str] = ("Ann", "Bo", "Cy", "Di")
    tickets: list[Ticket] = field(default_factory=list)

    def filled(self) -> "Desk":
        draw = random.Random(self.seed)
        day = FIRST
        while day <= LAST:
            late = day >= LATE
            usual = self.a_day if day.weekday() < 5 else self.a_day // 4
            for _ in range(draw.randrange(usual // 2, usual)):
                names = self.types(late)
                kind = draw.choices(list(names), list(names.values()))[0]
                opened = day + timedelta(minutes=draw.randrange(480, 1000))
                self.tickets.append(
                    Ticket(
                        type=kind, group=draw.choice(["North", "South", "West"]), agent=draw.choice(self.agents),
                        source=draw.choices(["Email", "Phone", "Chat"], [0.5, 0.3, 0.2])[0], opened=opened,
                        minutes=1 + round(draw.expovariate(1 / self.wait(kind, late))),
                        rating=draw.random() < self.good(kind, late) if draw.random() < 0.6 else None,
                    )
                )  # fmt: skip
            day += timedelta(days=1)
        return self

    def read(self, folder: Path) -> Dataset:
        """The tickets as a help desk would export them, read."""
        lines = [HEAD]
        for number, one in enumerate(self.tickets, 1):
            replied = one.opened + timedelta(minutes=one.minutes)
            word = "" if one.rating is None else "Extremely Happy" if one.rating else "Extremely Unhappy"
            lines.append(
                f"{number};Closed;{one.type};{one.group};{one.source};Low;{one.agent};{one.opened:%Y-%m-%d %H:%M};"
                f"{replied:%Y-%m-%d %H:%M};{replied + timedelta(hours=2):%Y-%m-%d %H:%M};{word}"
            )
        path = folder / f"tickets{self.seed}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return kpi_core.read([path])
