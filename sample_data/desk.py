"""A simulated desk: cases with their whole life, and what an export taken at a given moment shows of them.

Only +, -, *, / and table look-ups on random numbers are used: the mathematical library's log and exp differ
between systems in the last digit, and the files must not.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from clock import after_open_time, is_open
from company import PRIORITIES, PRODUCTS, SEED, SUBJECTS, TAGS, Customer, Desk, Team

Instants = tuple[datetime, ...]

FIRST_DAY, LAST_DAY = date(2026, 4, 1), date(2026, 9, 30)

WEEKDAYS = (1.30, 1.10, 1.0, 1.0, 0.9, 0.32, 0.28)
HOURS = (1, 1, 1, 1, 1, 2, 5, 12, 28, 40, 42, 36, 28, 36, 38, 34, 28, 18, 14, 14, 16, 13, 8, 3)
MONTHS = {4: 1.0, 5: 1.1, 6: 1.15, 7: 0.8, 8: 1.25, 9: 1.35}
HOLIDAYS = frozenset(date(2026, *day) for day in ((4, 3), (4, 6), (5, 1), (5, 14), (6, 19)))
STAFFING = {4: 1.0, 5: 1.0, 6: 1.1, 7: 2.5, 8: 1.3, 9: 1.0}
DETOURS = {"us": 0.8, "customer": 1.3, "supplier": 3.5}
URGENCY = {"low": 1.5, "normal": 1.0, "high": 0.5, "urgent": 0.2}
# Evenly spaced quantiles of a long-tailed distribution with median 1.
SPREAD = (0.03, 0.1, 0.2, 0.32, 0.46, 0.62, 0.8, 1.0, 1.25, 1.6, 2.1, 2.9, 4.3, 7.0, 15.0)
WAITING_HOURS = (6, 24, 48, 96, 168, 336)
WAITING_COST = (0.0, 0.5, 1.1, 1.8, 2.5, 3.3, 4.2)
FRIDAY = 4
SKILL = (0.5, 0.0, -0.5, 0.2)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case from beginning to end; a backdated one was imported, its first reply older than itself.

    `mood` is how the customer feels in the end, 0 (worst) to 10; `our_share` the part of the time that lay with us.
    """

    number: int
    opened_at: datetime
    customer: Customer
    team: Team
    agent: str
    channel: str
    kind: str
    priority: str
    product: str
    subject: str
    tags: tuple[str, ...]
    replied_at: Instants
    wrote_at: Instants
    solved_at: Instants
    reopened_at: Instants
    closes_after: timedelta | None
    waits_for: str
    our_share: float
    mood: float
    is_asked: bool
    is_rated: bool
    is_lost: bool


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What an export taken at one moment knows of a case; a rating is known a day after the resolution."""

    case: Case
    replies: Instants
    messages: Instants
    solved: Instants
    reopens: int
    closed_at: datetime | None
    updated_at: datetime
    is_rated: bool

    @property
    def is_solved(self) -> bool:
        """The last thing that happened to it was a resolution."""
        return len(self.solved) > self.reopens

    @property
    def first_replied_at(self) -> datetime | None:
        """The first reply by an agent."""
        return self.replies[0] if self.replies else None

    @property
    def solved_at(self) -> datetime | None:
        """The last resolution, also of a case reopened since."""
        return self.solved[-1] if self.solved else None


def simulate(desk: Desk, people: tuple[Customer, ...]) -> list[Case]:
    """All cases the desk took in the six months, oldest first."""
    rng = Random(f"{SEED}:{desk.name}")
    cases: list[Case] = []
    number = desk.first_number
    for opened_at in _arrivals(rng, desk.cases):
        number += rng.randint(1, 4)
        customer = _customer(rng, people, cases)
        cases.append(_case(rng, desk, number, opened_at, customer))
    return cases


def seen(case: Case, at: datetime) -> Snapshot:
    """The case as an export taken at `at` shows it; a weekly reminder moves the last update of answered open ones."""
    replies, messages = _until(at, case.replied_at), _until(at, case.wrote_at)
    solved, reopened = _until(at, case.solved_at), _until(at, case.reopened_at)
    is_solved = len(solved) > len(reopened)
    closed_at = solved[-1] + case.closes_after if is_solved and case.closes_after else None
    closed = _until(at, (closed_at,)) if closed_at else ()
    rated = _until(at, (solved[-1] + timedelta(days=1),)) if is_solved and case.is_rated else ()
    reminded = (_last_friday(at),) if replies and not is_solved else ()
    return Snapshot(
        case=case,
        replies=replies,
        messages=messages,
        solved=solved,
        reopens=len(reopened),
        closed_at=closed[0] if closed else None,
        updated_at=max(case.opened_at, *replies, *messages, *solved, *reopened, *closed, *rated, *reminded),
        is_rated=bool(rated),
    )


def _last_friday(at: datetime) -> datetime:
    """The latest Friday 10:00 not after `at`."""
    friday = at.replace(hour=10, minute=0, second=0) - timedelta(days=(at.weekday() - FRIDAY) % 7)
    return friday if friday <= at else friday - timedelta(weeks=1)


def _until(at: datetime, instants: Instants) -> Instants:
    return tuple(instant for instant in instants if instant <= at)


def _arrivals(rng: Random, count: int) -> list[datetime]:
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    weights = [WEEKDAYS[day.weekday()] * MONTHS[day.month] * (0.3 if day in HOLIDAYS else 1.0) for day in days]
    drawn = rng.choices(days, weights, k=count)
    hours = rng.choices(range(24), HOURS, k=count)
    return sorted(
        datetime.combine(day, time(hour)) + timedelta(seconds=rng.randrange(3600))
        for day, hour in zip(drawn, hours, strict=True)
    )


def _customer(rng: Random, people: tuple[Customer, ...], cases: list[Case]) -> Customer:
    """Mostly anyone, some more often than others; one in twelve wrote lately and comes back."""
    if cases and rng.random() < 0.08:
        return rng.choice(cases[-25:]).customer
    return people[int(rng.random() * (0.35 + 0.65 * rng.random()) * len(people))]


def _case(rng: Random, desk: Desk, number: int, opened_at: datetime, customer: Customer) -> Case:
    team = rng.choices(desk.teams, [team.share for team in desk.teams])[0]
    seat = rng.randrange(len(team.agents))
    kind, priority, product = _drawn(rng, team.kinds), _drawn(rng, PRIORITIES), rng.choice(PRODUCTS)
    waits_for = rng.choice(("us", "us", "customer", "customer", "supplier"))
    replied, solved, reopened = _life(rng, team, opened_at, URGENCY[priority], DETOURS[waits_for])
    if replied and rng.random() < desk.backdated_share:
        replied = (opened_at - timedelta(seconds=rng.randint(4 * 86400, 30 * 86400)), *replied[1:])
    wrote = (opened_at, *_between(opened_at, solved[0], rng.choice((0, 0, 1, 1, 2, 4))), *reopened)
    return Case(
        number=number,
        opened_at=opened_at,
        customer=customer,
        team=team,
        agent=team.agents[seat],
        channel=_drawn(rng, desk.channels),
        kind=kind,
        priority=priority,
        product=product if rng.random() < 0.72 else "",
        subject=rng.choice(SUBJECTS[kind]).format(product),
        tags=tuple(tag for tag in TAGS[kind] if rng.random() < 0.4),
        replied_at=replied,
        wrote_at=wrote,
        solved_at=solved,
        reopened_at=reopened,
        closes_after=desk.closes_after if rng.random() < desk.closed_share else None,
        waits_for=waits_for,
        our_share=0.25 + 0.7 * rng.random(),
        mood=_mood(rng, team.goodwill + SKILL[seat], opened_at, replied, solved),
        is_asked=rng.random() < desk.asked_share,
        is_rated=rng.random() < desk.rated_share,
        is_lost=rng.random() < desk.lost_share,
    )


def _life(
    rng: Random, team: Team, opened_at: datetime, urgency: float, detour: float
) -> tuple[Instants, Instants, Instants]:
    """Replies, resolutions and reopenings, each oldest first; one in twenty is resolved without a reply."""
    pace = STAFFING[opened_at.month] * (team.september_pace if opened_at.month == 9 else 1.0)
    work = 3600 * team.work_hours * pace * detour * (0.5 + urgency / 2)
    if rng.random() < 0.05:
        return (), (after_open_time(opened_at, work * _spread(rng)),), ()
    if not is_open(opened_at) and rng.random() < 0.3:
        first = opened_at + timedelta(seconds=rng.randint(240, 3000))
        quick = rng.random() < 0.4
    else:
        first, quick = after_open_time(opened_at, 3600 * team.reply_hours * pace * urgency * _spread(rng)), False
    solved = first + timedelta(seconds=rng.randint(60, 900)) if quick else after_open_time(first, work * _spread(rng))
    replies = (first, *_between(first, solved, 0 if quick else rng.choice((0, 0, 0, 1, 1, 2, 3, 5))))
    if rng.random() >= 0.09 * min(pace, 1.6):
        return replies, (solved,), ()
    reopened = solved + timedelta(seconds=rng.randint(3 * 3600, 45 * 3600))
    again = after_open_time(reopened, max(900.0, 0.8 * work * _spread(rng)))
    return (*replies, again), (solved, again), (reopened,)


def _between(start: datetime, end: datetime, count: int) -> Instants:
    step = max(int((end - start).total_seconds()), 0) // (count + 1)
    return tuple(start + timedelta(seconds=step * n) for n in range(1, count + 1))


def _mood(rng: Random, goodwill: float, opened_at: datetime, replied: Instants, solved: Instants) -> float:
    waited = (solved[-1] - opened_at).total_seconds() / 3600
    cost = WAITING_COST[bisect_right(WAITING_HOURS, waited)] + 1.5 * (len(solved) - 1) + (0.0 if replied else 0.8)
    noise = rng.random() + rng.random() + rng.random() + rng.random() - 2  # `sum` rounds differently before 3.12
    return min(max(9.9 + goodwill - cost + 3.6 * noise, 0.0), 10.0)


def _spread(rng: Random) -> float:
    place = rng.random() * (len(SPREAD) - 1)
    step = int(place)
    return SPREAD[step] + (SPREAD[step + 1] - SPREAD[step]) * (place - step)


def _drawn(rng: Random, weights: Mapping[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def on_scale(mood: float, low: int, high: int) -> int:
    """The mood 0..10 as a step of the scale `low`..`high`."""
    return int(low + (high - low) * mood / 10 + 0.5)
