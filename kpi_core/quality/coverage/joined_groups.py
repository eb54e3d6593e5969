"""Groups and channels that join a file, or leave it, with all their tickets at once: what is compared is another desk, and not its month."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from statistics import stdev, variance
from typing import NamedTuple

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.quality.coverage.gaps import fed_by

CODE = "joined-groups"
JOINED = ("group-joins", "group-takes-over", "channel-joins", "channel-takes-over")
"""What is said of those that joined."""
GROUP, CHANNEL = COLUMNS = "group", "channel"
"""What says where a ticket came in; who has it, and what it is about, may change from one day to the next."""
FEW, SHARE = 20, 0.1
"""Tickets of a group in the two periods, and their share of a day's, from which it matters."""
EDGE, WEEK, BEFORE = timedelta(days=3), timedelta(days=7), timedelta(days=28)
"""How near to the edge of the periods a group may set in or end, the least that it is there, and the weeks around that edge that are looked at."""
BY_CHANCE = 0.001
"""How likely a group may have no ticket for so long, by its weeks before, and still be called gone."""
ABRUPT = 0.5
"""How full its first week is, compared with its later ones, of a group that joins; a new one begins with few."""
MOVED, ERRORS, WEEKS = 0.5, 2.5, 12
"""The share of its tickets that the others have fewer of since, from which they were theirs (teams that are cut anew, or renamed), in how many
standard errors of what chance does, and the weeks that show that."""


class Joined(NamedTuple):
    """A group of a column with the day from which it is there (or after which it is not), its share of the tickets, and whether it joins; `is_new` work, or the others' before."""

    column: str
    name: str
    day: date
    share: float
    joins: bool
    is_new: bool


def joined_groups(
    engine: Engine, query: Query, kpis: Sequence[Kpi], is_unnamed: Callable[[str, str], bool]
) -> Iterator[Finding]:
    """The findings on groups and channels that are in one of the two periods wholly and in the other only in part, or not.

    Their own comparison is not made, nor is that of all tickets where nobody else had theirs before. `is_unnamed` are groups (of a column)
    of one person.
    """
    told = set[tuple[date, float, bool]]()
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if fed_by(kpi) & {"tickets", "answers"}))
    for one in _found(engine, (query.period, query.baseline)):
        same = (one.day, one.share, one.joins)
        if same in told:  # a channel that one group had to itself
            continue
        told.add(same)
        yield Finding(
            code=CODE, message=_message(one, is_unnamed(one.column, one.name)), kpis=names, is_serious=one.is_new,
            consequence=Consequence.NO_VERDICT, group=one.name,
            by="" if one.is_new else one.column, apart=one.column if one.is_new else "",
        )  # fmt: skip


def joined_within(
    engine: Engine, query: Query, kpis: Sequence[Kpi], is_unnamed: Callable[[str, str], bool]
) -> Iterator[Finding]:
    """The notes on groups and channels that are in a part of the trend alone, though nobody else had their tickets before or has them since."""
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if fed_by(kpi) & {"tickets", "answers"}))
    told = set[tuple[date, float, bool]]()
    for one in _found(engine, (query.period, *query.trend)):
        same = (one.day, one.share, one.joins)
        if not one.is_new or same in told:
            continue
        told.add(same)
        yield Finding(code=CODE, message=_over_time(one, is_unnamed(one.column, one.name)), kpis=names, is_serious=True)


def _found(engine: Engine, within: Sequence[Period | None]) -> Iterator[Joined]:
    """Those that are there in a part of some periods alone."""
    tickets = engine.tables.get("tickets")
    periods = [one for one in within if one is not None and one.start and one.end]
    if tickets is None or len({*periods}) < 2 or "created_at" not in tickets.frame.columns:
        return
    since = min(one.start for one in periods if one.start)
    until = max(one.end for one in periods if one.end)
    for column in COLUMNS:
        if column in tickets.frame.columns:
            days = (
                tickets.frame.lazy()
                .select(day=engine.day("tickets", "created_at"), name=pl.col(column))
                .drop_nulls("day").group_by("day", "name").len().cast({"name": pl.String}).collect(engine="streaming")
            )  # fmt: skip
            yield from of_column(column, days, since, until)


def of_column(column: str, days: pl.DataFrame, since: date, until: date) -> Iterator[Joined]:
    """Those of one column; `days` has the tickets (`len`) of each `name` by the `day` they came."""
    first, last = days["day"].min(), days["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    until = min(until, last + timedelta(days=1))
    inside = pl.col("len").filter(pl.col("day").is_between(since, until, closed="left")).sum()
    own = days.drop_nulls("name").group_by("name").agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last"), inside.alias("inside"))  # fmt: skip
    for name, begun, ended in own.filter(pl.col("inside") >= FEW).sort("name").drop("inside").iter_rows():
        rows, others = days.filter(pl.col("name") == name), days.filter(pl.col("name").ne_missing(name))
        edge = None
        if since + EDGE < begun <= until - WEEK and begun - first >= BEFORE:
            edge = _edge(rows, others, begun, until, joins=True)
        elif since + WEEK <= ended + timedelta(days=1) < until - EDGE and ended - begun >= BEFORE and _is_gone(rows, others, begun, ended):  # fmt: skip
            edge = _edge(rows, others, ended + timedelta(days=1), until, joins=False)
        if edge is not None:
            yield Joined(column, name, *edge)


def _is_gone(rows: pl.DataFrame, others: pl.DataFrame, begun: date, ended: date) -> bool:
    """Whether chance would hardly leave a group without a ticket on all the days after its last on which others have some.

    How many it would have goes by the weekdays of its last `WEEKS` weeks, and how much these differ by their sums: negative binomial.
    """
    weeks = min(((ended - begun).days + 1) // 7, WEEKS)
    begun = ended - weeks * WEEK + timedelta(days=1)
    near = rows.filter(pl.col("day") >= begun)
    counts = dict(near.group_by(pl.col("day").dt.weekday()).agg(pl.col("len").sum()).iter_rows())
    usual = sum(counts.get(day.isoweekday(), 0) / weeks for day in others.filter(pl.col("day") > ended)["day"].unique())
    sums = [_a_day(near, begun + week * WEEK, begun + (week + 1) * WEEK) * 7 for week in range(weeks)]
    level = sum(sums) / weeks
    spread = max((variance(sums) - level) / level**2, 0.0)
    none = (1 + spread * usual) ** (-1 / spread) if spread else math.exp(-usual)
    return none < BY_CHANCE


def _edge(
    rows: pl.DataFrame, others: pl.DataFrame, day: date, until: date, *, joins: bool
) -> tuple[date, float, bool, bool] | None:
    """The first or the last day of a group, its share, whether it joins and whether its tickets are new (or nobody's since).

    None where it has not about as many tickets a day at that edge as it has elsewhere; `day` is the first with it, or without.
    """
    near = (day, day + WEEK) if joins else (day - WEEK, day)
    far = (day, max(until, day + WEEK)) if joins else (day - BEFORE, day)
    at_once, usual = _a_day(rows, *near), _a_day(rows, *far)
    end = min(day + BEFORE, max(until, day + WEEK))
    before, after = _a_day(others, day - BEFORE, day), _a_day(others, day, end)
    lost = before - after if joins else after - before
    whole = usual + (after if joins else before)
    if not usual or at_once < ABRUPT * usual or usual < SHARE * whole:
        return None
    is_moved = lost >= max(MOVED * usual, ERRORS * _error(others, day, end))
    return day if joins else day - timedelta(days=1), usual / whole, joins, not is_moved


def _error(others: pl.DataFrame, day: date, end: date) -> float:
    """One standard error of how the others' tickets a day to `end` differ from those of four weeks before `day`, by how their weeks vary before."""
    weeks = [_a_day(others, day - (back + 1) * WEEK, day - back * WEEK) for back in range(WEEKS)]
    return stdev(weeks) * math.sqrt(WEEK / BEFORE + WEEK / (end - day))


def _a_day(days: pl.DataFrame, since: date, until: date) -> float:
    """Tickets a day from one day to before another."""
    return int(days.filter(pl.col("day").is_between(since, until, closed="left"))["len"].sum()) / max(
        (until - since).days, 1
    )


def _message(one: Joined, is_unnamed: bool) -> Message:
    """That a group or channel is there from a day on, or until then."""
    day, share = one.day, one.share
    if one.column == CHANNEL:
        return _message_of_channel(one, Message("a-channel") if is_unnamed else one.name)
    name = Message("a-group") if is_unnamed else one.name
    if one.joins:
        if one.is_new:
            return Message("group-joins", group=name, day=day, share=share)
        return Message("group-takes-over", group=name, day=day, share=share)
    if one.is_new:
        return Message("group-leaves", group=name, day=day, share=share)
    return Message("group-hands-over", group=name, day=day, share=share)


def _message_of_channel(one: Joined, name: Message | str) -> Message:
    day, share = one.day, one.share
    if one.joins:
        if one.is_new:
            return Message("channel-joins", channel=name, day=day, share=share)
        return Message("channel-takes-over", channel=name, day=day, share=share)
    if one.is_new:
        return Message("channel-ends", channel=name, day=day, share=share)
    return Message("channel-hands-over", channel=name, day=day, share=share)


def _over_time(one: Joined, is_unnamed: bool) -> Message:
    """The same of a trend, which compares nothing."""
    day, share = one.day, one.share
    if one.column == CHANNEL:
        name = Message("a-channel") if is_unnamed else one.name
        if one.joins:
            return Message("channel-begins-within", channel=name, day=day, share=share)
        return Message("channel-ends-within", channel=name, day=day, share=share)
    name = Message("a-group") if is_unnamed else one.name
    if one.joins:
        return Message("group-begins-within", group=name, day=day, share=share)
    return Message("group-ends-within", group=name, day=day, share=share)
