"""A desk of hundreds of tickets, as messy as they come, month by month and group by group against the reference."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from reference import Row
from test_properties import (
    MAPPINGS,
    SCALES,
    answer_view,
    differences,
    report_on,
    request,
    silent,
    ticket_view,
)

from kpi_core.model.tables import ANSWERS, TICKETS

pytestmark = pytest.mark.slow

ZONE = "Europe/Stockholm"
FIRST, DAYS = datetime(2026, 1, 25), 160
SPRING_NIGHT = datetime(2026, 3, 29, 1)
GROUPS = ["Billing", "Kundtjänst", "Søk", "Ops", "1"]
MONTHS = ["2026-03", "2026-06"]


def moment(draw: random.Random) -> datetime:
    """An instant of the desk's days; some of them in the night in which summer time begins."""
    if draw.random() < 0.03:
        return SPRING_NIGHT + timedelta(minutes=draw.choice([0, 30, 130, 160]))
    return FIRST + timedelta(minutes=draw.randrange(DAYS * 24 * 60))


def after(draw: random.Random, at: datetime, hours: float) -> datetime:
    """A time later than another, as times are: mostly soon, sometimes long after, and now and then before it."""
    found = at + timedelta(minutes=round(60 * hours * draw.lognormvariate(0, 1.2)))
    found = at - timedelta(minutes=30) if draw.random() < 0.02 else found
    return found + timedelta(hours=1) if found.date() == SPRING_NIGHT.date() and found.hour == 2 else found


def maybe(draw: random.Random, share: float, value: Any) -> Any:
    return value if draw.random() < share else None


def ticket(draw: random.Random, place: int) -> Row:
    """A ticket with every column that the export has, the consistent ones mostly so."""
    created = moment(draw)
    is_done = draw.random() < 0.8
    replied = maybe(draw, 0.9, after(draw, created, 3))
    resolved = maybe(draw, 0.97, after(draw, created, 30)) if is_done else None
    row: Row = {column.name: None for column in TICKETS.columns}
    return row | {
        "ticket_id": f"{place:04d}", "created_at": maybe(draw, 0.99, created), "first_replied_at": replied, "resolved_at": resolved,
        "updated_at": max(filter(None, (created, replied, resolved))) + timedelta(hours=1),
        "status": draw.choice(["solved", "closed"]) if is_done else draw.choice(["new", "open", "pending", "on_hold"]),
        "priority": draw.choice(["low", "normal", "high", "urgent", None]), "type": draw.choice(["Question", "Complaint", "klagomål", None]),
        "tags": maybe(draw, 0.2, "vip, complaint"), "channel": draw.choice(["mail", "chat", "phone"]), "group": maybe(draw, 0.95, draw.choice(GROUPS)),
        "agent": draw.choice(["Åsa", "Bo", "Cecilie", "Dag"]), "customer_id": maybe(draw, 0.9, f"k{draw.randrange(120)}"),
        "agent_replies": draw.choice([1, 1, 1, 2, 5]) if replied else 0, "reopens": draw.choice([0, 0, 0, 0, 1, 2]),
        "handle_time": maybe(draw, 0.8, draw.randrange(60, 7_200)), "is_merged": draw.random() < 0.02, "is_spam": draw.random() < 0.02,
        "rating": maybe(draw, 0.5, draw.choice(["5", "4", "2", "1", "Good", "Bad", "Offered", "Offered", "7"])),
    }  # fmt: skip


def earlier(row: Row) -> Row:
    """An older export's version of a ticket: still open, and updated before."""
    opened = row["updated_at"] - timedelta(days=400)
    return row | {"status": "open", "resolved_at": None, "rating": None, "group": "Ops", "updated_at": opened}


def response(draw: random.Random, place: int) -> Row:
    """A respondent of a survey; some are asked and answer nothing."""
    offered = moment(draw)
    scores = {name: maybe(draw, 0.7, draw.randint(low, high)) for name, (low, high) in SCALES.items()}
    is_silent = draw.random() < 0.3
    names = [column["from"][0] for column in MAPPINGS["answers"]["columns"].values()]  # type: ignore[attr-defined]
    row: Row = dict.fromkeys(name for name in names if name in ANSWERS.names)
    row |= {name: None if is_silent else score for name, score in scores.items()}
    return row | {
        "response_id": f"{place:04d}", "offered_at": offered, "answered_at": None if is_silent else after(draw, offered, 20),
        "group": maybe(draw, 0.95, draw.choice(GROUPS)), "agent": draw.choice(["Åsa", "Bo"]), "customer_id": f"k{draw.randrange(120)}",
    }  # fmt: skip


@pytest.fixture(scope="module")
def tickets() -> Sequence[Row]:
    draw = random.Random(20260329)
    return [ticket(draw, place) for place in range(360)]


@pytest.mark.parametrize("month", MONTHS)
def test_every_figure_of_a_messy_desk_is_the_references(tickets: Sequence[Row], month: str) -> None:
    draw = random.Random(7)
    older = [earlier(row) for row in draw.sample(list(tickets), 60)]
    report = report_on("tickets", [older, tickets], request("tickets", month), zone=ZONE)
    assert len(report.results) > 300
    view = ticket_view(tickets, report, ZONE)
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in view.tickets}) == []


@pytest.mark.parametrize("month", MONTHS)
def test_every_figure_of_a_messy_survey_is_the_references(month: str) -> None:
    draw = random.Random(20260630)
    rows = [response(draw, place) for place in range(300)]
    report = report_on("answers", [rows], request("answers", month), zone=ZONE)
    view = answer_view(rows, report, ZONE)
    assert len(report.results) > 60
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in view.answers}) == []
