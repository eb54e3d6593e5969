"""Groups and channels that join a file, or leave it, with all their tickets at once: what is compared is another desk, and not its month."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from statistics import stdev, variance
from typing import NamedTuple

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import fed_by
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query

CODE = "joined-groups"
JOINED = ("group-joins", "group-joins-unclear", "group-takes-over", "channel-joins", "channel-joins-unclear", "channel-takes-over")  # fmt: skip
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
MOVED, ERRORS, ALONE, WEEKS = 0.5, 2.5, 3.0, 12
"""The share of its tickets that the others have fewer of since, from which they were theirs (teams that are cut anew, or renamed), in how many
standard errors of what chance does (where one of many is looked at, more), and the weeks that show that."""


SWAPPED = 0.1
"""What another group has on one side of the edge for one ticket on the other, below which it ends where the one begins, or the other way round."""


class Whose(StrEnum):
    """Whose the tickets of a group were before it joined, or are since it left: the others', nobody's, or not to be told from how many they have."""

    OTHERS = "others"
    NOBODYS = "nobody"
    UNKNOWN = "unknown"


class Joined(NamedTuple):
    """A group of a column with the day from which it is there (or after which it is not), its share of the tickets, whether it joins, whose they are else, and the
    tickets a day that the others had before and have since.
    """

    column: str
    name: str
    day: date
    share: float
    joins: bool
    whose: Whose
    before: float
    after: float

    @property
    def is_new(self) -> bool:
        """Whether its tickets may be nobody's else, so that two desks are compared."""
        return self.whose is not Whose.OTHERS


def joined_groups(
    engine: Engine, query: Query, kpis: Sequence[Kpi], is_unnamed: Callable[[str, str], bool]
) -> Iterator[Finding]:
    """The findings on groups and channels that are in one of the two periods wholly and in the other only in part, or not.

    Their own comparison is not made, nor is that of all tickets where nobody else had theirs before. `is_unnamed` are groups (of a column)
    of one person.
    """
    seen = set[tuple[date, float, bool]]()
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if fed_by(kpi) & {"tickets", "answers"}))
    for one in _found(engine, (query.period, query.baseline)):
        same = (one.day, one.share, one.joins)
        if same in seen:  # a channel that one group had to itself
            continue
        seen.add(same)
        yield Finding(
            code=CODE, message=_message(one, is_unnamed(one.column, one.name)), kpis=names, is_serious=one.is_new,
            consequence=Consequence.NO_VERDICT, group=one.name,
            by="" if one.is_new else one.column, apart=one.column if one.is_new else "",
        )  # fmt: skip


def joined_within(
    engine: Engine, query: Query, kpis: Sequence[Kpi], is_unnamed: Callable[[str, str], bool]
) -> Iterator[Finding]:
    """The notes on groups and channels that are in a part of the trend alone, unless others had their tickets before or have them since."""
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if fed_by(kpi) & {"tickets", "answers"}))
    seen = set[tuple[date, float, bool]]()
    for one in _found(engine, (query.period, *query.trend)):
        same = (one.day, one.share, one.joins)
        if not one.is_new or same in seen:
            continue
        seen.add(same)
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
        edge = None
        if since + EDGE < begun <= until - WEEK and begun - first >= BEFORE:
            edge = _edge(column, days, name, begun, until, last, joins=True)
        elif since + WEEK <= ended + timedelta(days=1) < until - EDGE and ended - begun >= BEFORE and _is_gone(days, name, begun, ended):  # fmt: skip
            edge = _edge(column, days, name, ended + timedelta(days=1), until, last, joins=False)
        if edge is not None:
            yield edge


def _is_gone(days: pl.DataFrame, name: str, begun: date, ended: date) -> bool:
    """Whether chance would hardly leave a group without a ticket on all the days after its last on which others have some.

    How many it would have goes by the weekdays of its last `WEEKS` weeks, and how much these differ by their sums: negative binomial.
    """
    rows, others = days.filter(pl.col("name") == name), days.filter(pl.col("name").ne_missing(name))
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
    column: str, days: pl.DataFrame, name: str, day: date, until: date, last: date, *, joins: bool
) -> Joined | None:
    """What there is to say of a group that begins or has ended.

    None where it has not about as many tickets a day at that edge as it has elsewhere; `day` is the first with it, or without.
    """
    rows, others = days.filter(pl.col("name") == name), days.filter(pl.col("name").ne_missing(name))
    near = (day, day + WEEK) if joins else (day - WEEK, day)
    far = (day, max(until, day + WEEK)) if joins else (day - BEFORE, day)
    at_once, usual = _a_day(rows, *near), _a_day(rows, *far)
    around = _around(others, day, min(day + BEFORE, last + timedelta(days=1)))
    before, after = sum(one.before for one in around), sum(one.after for one in around)
    whole = usual + (after if joins else before)
    if not usual or at_once < ABRUPT * usual or usual < SHARE * whole:
        return None
    shown, whose = day if joins else day - timedelta(days=1), _whose(around, usual, joins=joins)
    return Joined(column, name, shown, usual / whole, joins, whose, before, after)


class Around(NamedTuple):
    """Tickets a day of another group around the edge: in the four weeks before it, by the weekdays of those after it, after it, and
    in each of up to `WEEKS` weeks before it; `error` is how many standard deviations of a week one error of before and after is.
    """

    before: float
    after: float
    weeks: tuple[float, ...]
    error: float


def _around(others: pl.DataFrame, day: date, end: date) -> list[Around]:
    """The others around `day`, of which `end` is the first day that is not looked at any more."""
    first = others["day"].min()
    if not isinstance(first, date) or end <= day:
        return []
    count, after = min((day - first).days // 7, WEEKS), (end - day).days
    weekdays = [(day + timedelta(days=place)).isoweekday() for place in range(after)]
    weight = pl.col("day").dt.weekday().replace_strict({one: weekdays.count(one) for one in range(1, 8)}, return_dtype=pl.Int64)  # fmt: skip

    def rate(rows: pl.Expr, since: date, until: date) -> pl.Expr:
        return rows.filter(pl.col("day").is_between(since, until, closed="left")).sum()

    tickets = pl.col("len").cast(pl.Float64)
    found = others.group_by("name").agg(
        (rate(tickets * weight, day - BEFORE, day) / (BEFORE / WEEK) / after).alias("before"),
        (rate(tickets, day, end) / after).alias("after"),
        *((rate(tickets, day - (back + 1) * WEEK, day - back * WEEK) / 7).alias(f"week {back}") for back in range(count)),
    )  # fmt: skip
    error = math.sqrt(WEEK / BEFORE + 7 / after)
    return [
        Around(before=before, after=after, weeks=(*weeks,), error=error)
        for before, after, *weeks in found.sort("name").drop("name").iter_rows()
    ]


def _whose(around: Sequence[Around], usual: float, *, joins: bool) -> Whose:
    """Whose the tickets of a group were before it joined, or are since it left, of which it had `usual` a day.

    The others' where those that begin as it ends (end as it begins) have as many, where one of them has so many more (fewer) beside the rest as chance hardly
    brings, or all of them together. Nobody's where they have clearly not as many. All is compared with how weeks vary before.
    """
    sign, least = -1.0 if joins else 1.0, MOVED * usual
    swapped = [one for one in around if (one.after < SWAPPED * one.before if joins else one.before < SWAPPED * one.after)]  # fmt: skip
    if least <= sum(one.after + one.before for one in swapped) <= usual / MOVED:
        return Whose.OTHERS
    gain, error = _gain(around, [])
    gain *= sign
    if gain >= max(least, ERRORS * error):
        return Whose.OTHERS
    is_clear = gain < least and usual - gain >= ERRORS * error
    kept = [one for one in around if one.after and one.before]
    for one in kept if len(kept) > 1 else ():
        moved, chance = _gain([one], [other for other in kept if other is not one])
        if sign * moved >= max(least, ALONE * chance):
            return Whose.UNKNOWN if is_clear else Whose.OTHERS
    return Whose.NOBODYS if is_clear else Whose.UNKNOWN


def _gain(some: Sequence[Around], rest: Sequence[Around]) -> tuple[float, float]:
    """How many more tickets a day some groups have since than before, and its standard error by their weeks before.

    Where there is a rest, a busy month of all is taken off: what they would have where they had grown as it has.
    """
    before, after = sum(one.before for one in some), sum(one.after for one in some)
    error = some[0].error if some else 0.0
    weeks = [sum(week) for week in zip(*(one.weeks for one in some), strict=True)]
    of_rest = [sum(week) for week in zip(*(one.weeks for one in rest), strict=True)]
    base, now = sum(one.before for one in rest), sum(one.after for one in rest)
    if base and now and all(of_rest):
        before *= now / base
        share = sum(weeks) / sum(of_rest)
        weeks = [own - share * other for own, other in zip(weeks, of_rest, strict=True)]
    return after - before, (stdev(weeks) if len(weeks) > 1 else 0.0) * error


def _a_day(days: pl.DataFrame, since: date, until: date) -> float:
    """Tickets a day from one day to before another."""
    return int(days.filter(pl.col("day").is_between(since, until, closed="left"))["len"].sum()) / max(
        (until - since).days, 1
    )


def _message(one: Joined, is_unnamed: bool) -> Message:
    """That a group or channel is there from a day on, or until then, and what the others have."""
    if one.column == CHANNEL:
        return _of_channel(one, Message("a-channel") if is_unnamed else one.name)
    return _of_group(one, Message("a-group") if is_unnamed else one.name)


def _of_group(one: Joined, name: Message | str) -> Message:
    day, share, before, after = one.day, one.share, one.before, one.after
    match one.whose, one.joins:
        case Whose.OTHERS, True:
            return Message("group-takes-over", group=name, day=day, share=share)
        case Whose.OTHERS, False:
            return Message("group-hands-over", group=name, day=day, share=share)
        case Whose.NOBODYS, True:
            return Message("group-joins", group=name, day=day, share=share, before=before, after=after)
        case Whose.NOBODYS, False:
            return Message("group-leaves", group=name, day=day, share=share, before=before, after=after)
        case _, True:
            return Message("group-joins-unclear", group=name, day=day, share=share, before=before, after=after)
    return Message("group-leaves-unclear", group=name, day=day, share=share, before=before, after=after)


def _of_channel(one: Joined, name: Message | str) -> Message:
    day, share, before, after = one.day, one.share, one.before, one.after
    match one.whose, one.joins:
        case Whose.OTHERS, True:
            return Message("channel-takes-over", channel=name, day=day, share=share)
        case Whose.OTHERS, False:
            return Message("channel-hands-over", channel=name, day=day, share=share)
        case Whose.NOBODYS, True:
            return Message("channel-joins", channel=name, day=day, share=share, before=before, after=after)
        case Whose.NOBODYS, False:
            return Message("channel-ends", channel=name, day=day, share=share, before=before, after=after)
        case _, True:
            return Message("channel-joins-unclear", channel=name, day=day, share=share, before=before, after=after)
    return Message("channel-ends-unclear", channel=name, day=day, share=share, before=before, after=after)


def _over_time(one: Joined, is_unnamed: bool) -> Message:
    """The same of a trend, which compares nothing."""
    day, share, before, after = one.day, one.share, one.before, one.after
    if one.column == CHANNEL:
        name = Message("a-channel") if is_unnamed else one.name
        if one.joins:
            return Message("channel-begins-within", channel=name, day=day, share=share, before=before, after=after)
        return Message("channel-ends-within", channel=name, day=day, share=share, before=before, after=after)
    name = Message("a-group") if is_unnamed else one.name
    if one.joins:
        return Message("group-begins-within", group=name, day=day, share=share, before=before, after=after)
    return Message("group-ends-within", group=name, day=day, share=share, before=before, after=after)
