"""Groups that join a file, or leave it, with all their tickets at once: what is compared is another desk, and not its month."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from statistics import stdev
from typing import NamedTuple

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Query
from kpi_core.quality.coverage.gaps import fed_by

CODE, GROUP = "joined-groups", "group"
FEW, SHARE = 20, 0.1
"""Tickets of a group in the two periods, and their share of a day's, from which it matters."""
EDGE, WEEK, BEFORE = timedelta(days=3), timedelta(days=7), timedelta(days=28)
"""How near to the edge of the periods a group may set in, and how long a file goes on without it."""
ABRUPT = 0.5
"""How full its first week is, compared with its later ones, of a group that joins; a new one begins with few."""
MOVED, WEEKS = 0.5, 12
"""The share of its tickets that the others have fewer of since, from which they were theirs (teams that are cut anew, or renamed), and the weeks that show what is chance."""


class Joined(NamedTuple):
    """A group with the day from which it is there (or after which it is not), its tickets a day, and whether it joins; `is_new` work, or the others' before."""

    name: str
    day: date
    share: float
    joins: bool
    is_new: bool


def joined_groups(
    engine: Engine, query: Query, kpis: Sequence[Kpi], is_unnamed: Callable[[str], bool]
) -> Iterator[Finding]:
    """The finding on groups that are in one of the two periods wholly and in the other only in part, or not.

    Their own comparison is not made, nor is that of all tickets where nobody else had theirs before. `is_unnamed` are groups of one person.
    """
    for one in _found(engine, query):
        text = _message(one, is_unnamed(one.name))
        names = tuple(dict.fromkeys(kpi.name for kpi in kpis if fed_by(kpi) & {"tickets", "answers"}))
        yield Finding(
            code=CODE, message=text, kpis=names, is_serious=one.is_new, consequence=Consequence.NO_VERDICT, group=one.name,
            by="" if one.is_new else GROUP, apart=GROUP if one.is_new else "",
        )  # fmt: skip


def _found(engine: Engine, query: Query) -> Iterator[Joined]:
    tickets = engine.tables.get("tickets")
    periods = [one for one in (query.period, query.baseline) if one is not None and one.start and one.end]
    if tickets is None or len(periods) < 2 or not {GROUP, "created_at"} <= set(tickets.frame.columns):
        return
    days = (
        tickets.frame.lazy()
        .select(day=engine.day("tickets", "created_at"), name=pl.col(GROUP))
        .drop_nulls("day").group_by("day", "name").len().cast({"name": pl.String}).collect(engine="streaming")
    )  # fmt: skip
    if days.is_empty():
        return
    first, last = days["day"].min(), days["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    since = min(one.start for one in periods if one.start)
    until = min(max(one.end for one in periods if one.end), last + timedelta(days=1))
    own = days.drop_nulls("name").group_by("name").agg(first=pl.col("day").min(), last=pl.col("day").max()).sort("name")
    for name, begun, ended in own.iter_rows():
        rows = days.filter(pl.col("name") == name)
        inside = int(rows.filter(pl.col("day").is_between(since, until, closed="left"))["len"].sum())
        if inside < FEW:
            continue
        others = days.filter(pl.col("name").ne_missing(name))
        if since + EDGE < begun <= until - WEEK and begun - first >= BEFORE:
            yield from _joined(name, rows, others, begun, until, joins=True)
        if since + WEEK <= ended + timedelta(days=1) < until - EDGE and last - ended > WEEK and ended - begun >= BEFORE:
            yield from _joined(name, rows, others, ended + timedelta(days=1), until, joins=False)


def _joined(
    name: str, rows: pl.DataFrame, others: pl.DataFrame, day: date, until: date, *, joins: bool
) -> Iterator[Joined]:
    """The group, where it sets in or ends with about as many tickets a day as it has elsewhere; `day` is the first with it, or without."""
    near = (day, day + WEEK) if joins else (day - WEEK, day)
    far = (day, max(until, day + WEEK)) if joins else (day - BEFORE, day)
    at_once, usual = _a_day(rows, *near), _a_day(rows, *far)
    before, after = _a_day(others, day - BEFORE, day), _a_day(others, day, min(day + BEFORE, max(until, day + WEEK)))
    lost = before - after if joins else after - before
    is_beyond = lost > _error(others, day)
    whole = usual + (after if joins else before)
    if not usual or at_once < ABRUPT * usual or usual < SHARE * whole:
        return
    edge = day if joins else day - timedelta(days=1)
    yield Joined(name=name, day=edge, share=usual / whole, joins=joins, is_new=lost < MOVED * usual or not is_beyond)


def _error(others: pl.DataFrame, day: date) -> float:
    """One standard error of how four weeks of the others differ from the next four, in tickets a day, by how their weeks vary before."""
    weeks = [_a_day(others, day - (back + 1) * WEEK, day - back * WEEK) for back in range(WEEKS)]
    return stdev(weeks) * math.sqrt(2 / (BEFORE / WEEK))


def _a_day(days: pl.DataFrame, since: date, until: date) -> float:
    """Tickets a day from one day to before another."""
    return int(days.filter(pl.col("day").is_between(since, until, closed="left"))["len"].sum()) / max(
        (until - since).days, 1
    )


def _message(one: Joined, is_unnamed: bool) -> Message:
    """That a group is there from a day on, or until then."""
    name = Message("a-group") if is_unnamed else one.name
    if one.joins:
        if one.is_new:
            return Message("group-joins", group=name, day=one.day, share=one.share)
        return Message("group-takes-over", group=name, day=one.day, share=one.share)
    if one.is_new:
        return Message("group-leaves", group=name, day=one.day, share=one.share)
    return Message("group-hands-over", group=name, day=one.day, share=one.share)
