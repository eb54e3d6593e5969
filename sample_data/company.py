"""The invented company behind the sample exports: its customers, its three desks, their teams and words.

Fjällbo sells heating for holiday cabins. Everything here is made up; addresses lie in the domains reserved
for examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

COMPANY = "Fjällbo"
SEED = 20260401

_FIRST_NAMES = (
    "Anna Erik Maja Lars Ingrid Oskar Elin Johan Sara Nils Karin Björn Åsa Göran Hanna Mikael Sigrid Håkon Solveig Ola "
    "Kari Magnus Liv Tor Astrid Jens Freja Mads Emma Viktor Linnea Axel Tuva Anders Birgitta Kåre Marit Pål Øyvind Lena"
)
_LAST_NAMES = (
    "Lindqvist Berg Sjöberg Nyström Hansen Olsen Dahl Åkesson Holm Lund Ström Eklund Fors Hagen Solberg Bakke Moen "
    "Nordin Wallin Öberg Sandvik Kvist Haugen Myhre Lövgren Ek Björk Aas Rønning Tveit Falk Vik Strand Norberg Hedman"
)
ORGANISATIONS = ("Kiruna Stugby", "Fjordhytter", "Vasa Fritid", "Åre Uthyrning", "Nordkyst Bygg", "Mora Camping")
DOMAINS = ("example.com", "example.se", "example.no")
PRODUCTS = ("Stugvärme 2", "Takfläkt Mini", "Brasa Pro", "Fjärrkoll")
CUSTOMERS = 900

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "question": ("How do I pair {} with the app?", "Fråga om {}", "Spørsmål om {}, garanti & service"),
    "fault": ('{} stops with the message "E-14"', "{} startar inte efter strömavbrott", "{} virker ikke"),
    "complaint": ("Klagomål: tredje gången {} går sönder", "Not happy with the repair of {}"),
    "order": ("Where is my {}?", "Beställning av {}, leveranstid", "Endre leveringsadresse for {}"),
    "invoice": ("Faktura & kvitto för {}", "Charged twice for {}", "Feil beløp på faktura <{}>"),
    "return": ("Retur av {}", "Return of {} within 30 days", "Bytte av {}"),
}
TAGS: Mapping[str, tuple[str, ...]] = {
    "question": ("how-to", "app"),
    "fault": ("warranty", "winter", "spare-part"),
    "complaint": ("complaint", "escalated"),
    "order": ("delivery", "dealer"),
    "invoice": ("invoice", "refund"),
    "return": ("return", "refund"),
}
PRIORITIES: Mapping[str, int] = {"low": 38, "normal": 40, "high": 16, "urgent": 6}


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Someone who writes to any of the desks; the e-mail address is what the desks share."""

    number: int
    name: str
    email: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class Team:
    """A group of agents: its share of the desk's cases, its case mix and its usual pace in opening hours."""

    name: str
    share: int
    agents: tuple[str, ...]
    kinds: Mapping[str, int]
    reply_hours: float
    work_hours: float
    goodwill: float = 0.0
    september_pace: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One case system: how many cases it took, how it numbers and closes them, whom it asks for a rating."""

    name: str
    cases: int
    first_number: int
    teams: tuple[Team, ...]
    channels: Mapping[str, int]
    closes_after: timedelta
    closed_share: float
    asked_share: float
    rated_share: float
    backdated_share: float = 0.0
    lost_share: float = 0.0


FRESHDESK = Desk(
    name="freshdesk",
    cases=800,
    first_number=41207,
    closes_after=timedelta(hours=48),
    closed_share=0.24,
    asked_share=1.0,
    rated_share=0.125,
    backdated_share=0.008,
    lost_share=0.011,
    channels={"Email": 50, "Portal": 22, "Phone": 14, "Feedback Widget": 10, "Outbound Email": 4},
    teams=(
        Team(
            name="Technical Support",
            share=34,
            agents=("Sofia Lindgren", "Henrik Aune", "Petra Väisänen", "Jonas Ekström"),
            kinds={"fault": 60, "question": 30, "complaint": 10},
            reply_hours=4.5,
            work_hours=15,
            goodwill=-0.2,
            september_pace=0.35,
        ),
        Team(
            name="Orders & Delivery",
            share=28,
            agents=("Camilla Ness", "Gustav Hedlund", "Ylva Sjögren"),
            kinds={"order": 72, "question": 20, "complaint": 8},
            reply_hours=2.0,
            work_hours=6,
            goodwill=0.3,
        ),
        Team(
            name="Billing",
            share=17,
            agents=("Tomas Brandt", "Aino Salmi", "Kristin Lie"),
            kinds={"invoice": 85, "question": 15},
            reply_hours=3.0,
            work_hours=8,
        ),
        Team(
            name="Returns",
            share=14,
            agents=("Rikard Östlund", "Mette Krogh"),
            kinds={"return": 70, "complaint": 30},
            reply_hours=5.0,
            work_hours=20,
            goodwill=-0.6,
        ),
        Team(
            name="Dealers",
            share=7,
            agents=("Eirik Bøe", "Malin Åström"),
            kinds={"order": 50, "invoice": 30, "question": 20},
            reply_hours=1.2,
            work_hours=9,
            goodwill=0.5,
        ),
    ),
)

ZENDESK = Desk(
    name="zendesk",
    cases=1500,
    first_number=120411,
    closes_after=timedelta(days=10),
    closed_share=1.0,
    asked_share=0.48,
    rated_share=0.27,
    channels={"Mail": 66, "Web form": 20, "Chat": 9, "Closed Ticket": 5},
    teams=(
        Team(
            name="Support",
            share=60,
            agents=("Ida Molin", "Sindre Voll", "Pia Rask"),
            kinds={"fault": 45, "question": 45, "complaint": 10},
            reply_hours=3.5,
            work_hours=11,
        ),
        Team(
            name="Customer Care",
            share=28,
            agents=("Nora Heie", "Love Sandell"),
            kinds={"order": 55, "return": 35, "complaint": 10},
            reply_hours=2.2,
            work_hours=8,
            goodwill=0.3,
        ),
        Team(
            name="Onboarding",
            share=12,
            agents=("Vera Blom",),
            kinds={"question": 90, "invoice": 10},
            reply_hours=1.5,
            work_hours=16,
            goodwill=0.4,
        ),
    ),
)

SPREADSHEET = Desk(
    name="arenden",
    cases=480,
    first_number=3101,
    closes_after=timedelta(days=7),
    closed_share=0.5,
    asked_share=1.0,
    rated_share=0.3,
    channels={"E-post": 45, "Telefon": 35, "Chatt": 8, "Webbformulär": 12},
    teams=(
        Team(
            name="Kundtjänst",
            share=62,
            agents=("Åke Sörman", "Birgit Löfgren", "Örjan Hägg"),
            kinds={"question": 40, "order": 35, "invoice": 25},
            reply_hours=2.5,
            work_hours=9,
        ),
        Team(
            name="Reklamationer",
            share=38,
            agents=("Märta Åberg", "Sven-Göran Krååk"),
            kinds={"complaint": 45, "return": 30, "fault": 25},
            reply_hours=6.0,
            work_hours=30,
            goodwill=-0.5,
        ),
    ),
)


def customers() -> tuple[Customer, ...]:
    """The people all desks draw from, every one with an address of their own."""
    rng = Random(f"{SEED}:customers")
    first_names, last_names = _FIRST_NAMES.split(), _LAST_NAMES.split()
    people: dict[str, Customer] = {}
    while len(people) < CUSTOMERS:
        first, last = rng.choice(first_names), rng.choice(last_names)
        email = f"{_plain(first)}.{_plain(last)}@{rng.choice(DOMAINS)}"
        organisation = rng.choice(ORGANISATIONS) if rng.random() < 0.22 else ""
        people.setdefault(
            email, Customer(number=len(people), name=f"{first} {last}", email=email, organisation=organisation)
        )
    return tuple(people.values())


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("åäöøæ", "aaooa"))
