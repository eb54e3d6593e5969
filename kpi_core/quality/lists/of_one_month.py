"""Tickets that were all opened in one to three whole calendar months, while what was done to them goes on after it: an export by the day of opening.

Those that were opened before it and are still open are in no backlog of such a list, and who came back after it is not in it. Nor are they in one
of the newest tickets that stops where exports do, and was sorted again by number or by time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED, WITHHELD, Query
from kpi_core.quality.coverage.ticket_flow import Flow, flow_of

CODE = "created-filter"
TICKETS, EDGE, MONTHS = 40, 3, 3
"""The rows that are enough, how near (in days) to both ends of the months the first and the last of them are, and how many months are a filter."""
EXPECTED = 8.0
"""Openings to be expected after the last, of which none is no chance."""
FOLLOWED = timedelta(days=7)
"""How long a customer is waited for who comes back."""


def of_one_month(tickets: Facts | None, query: Query, clock: Clock, cap: int = 0) -> Iterator[Finding]:
    """The findings on tickets that were chosen by the month of their opening, or by being the newest.

    Args:
        tickets: with their facts.
        query: with the period.
        clock: the report's.
        cap: the rows of the list, where exports stop at so many; else 0.
    """
    flow = None if tickets is None or clock.as_of is None else flow_of(tickets, clock.as_of)
    if flow is None or not flow.is_abrupt:
        return
    by_month = _is_chosen(flow, clock)
    if not by_month and not (cap and _goes_to_the_end(flow)):
        return
    until, since = clock.end_of(query.period), query.period.start
    if until is None or since is None:
        return
    days = {"first": _day(flow.first, clock), "last": _day(flow.last, clock)}
    if flow.lacks_older(until):
        count = round(flow.older_open(until))
        message = Message("cap-without-older", rows=cap, first=days["first"], count=count)
        if by_month:
            message = Message("month-without-older", **days, count=count)
        yield Finding(code=CODE, message=message, kpis=("backlog*",), is_serious=True, consequence=Consequence.NO_VALUE)
    if not by_month:
        return
    at = pl.col("created") + pl.duration(seconds="age")
    ends = flow.rows.filter(at >= clock.instant(since), at < until).select(at > flow.last - FOLLOWED).to_series()
    share = ends.mean() if len(ends) else 0.0
    if isinstance(share, float) and share >= MARKED:
        message = Message("month-without-later", **days, share=share)
        consequence = Consequence.NO_VALUE if share > WITHHELD else Consequence.NO_VERDICT
        yield Finding(
            code=CODE, message=message, kpis=("fcr_no_repeat*",), is_serious=True, share=share, consequence=consequence
        )


def _is_chosen(flow: Flow, clock: Clock) -> bool:
    """Whether all tickets were opened in whole months, from the first days to the last, and more would have come before the newest event."""
    if flow.rows.height < TICKETS:
        return False
    days = flow.rows.select(clock.day("created").alias("day"))["day"]
    first, last = days[0], days[-1]
    end = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months > MONTHS or first.day > EDGE or end - last > timedelta(days=EDGE):
        return False
    return _later(flow) >= EXPECTED


def _later(flow: Flow) -> float:
    """How many openings are to be expected from the last one to the newest event."""
    newest = flow.rows["newest"].max()
    if not isinstance(newest, datetime):
        return 0.0
    a_second = flow.rows.height / max((flow.last - flow.first).total_seconds(), 1.0)
    return float((newest - flow.rows["created"][-1]).total_seconds() * a_second)


def _goes_to_the_end(flow: Flow) -> bool:
    """Whether tickets are opened about as long as anything is done to them: the newest are there."""
    newest = flow.rows["newest"].max()
    return isinstance(newest, datetime) and newest - flow.rows["created"][-1] <= timedelta(days=EDGE)


def _day(instant: datetime, clock: Clock) -> str:
    local = pl.DataFrame({"at": [instant]}).select(clock.day("at")).item()
    return f"{local:%Y-%m-%d}"
