"""Files, or months of a file, that end before the rest: taken then, so that what became of their open tickets is unknown."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import polars as pl

from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock, literal
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import MARKED, WITHHELD
from kpi_core.quality.coverage.ticket_flow import Flow, curve, left_at
from kpi_core.records import dataclass

SNAPSHOTS = "snapshots"
UNSEEN = 3.0
"""Resolutions to be expected after the last thing known of files' tickets, beyond one a file: of so many none is no chance."""
LEAST = timedelta(days=1)
"""How long before all others a file's tickets end."""
NAMED = 3
OF_OPEN_ONES = (
    "backlog*", "net_flow*", "resolution_rate", "resolution_rate_cohort", "resolution_rate_of_answered",
    "successful_resolution_rate*", "complaint_resolution_rate*", "resolved_within*", "resolution_time_km*",
    "resolution_time_business_km*",
)  # fmt: skip
"""The KPIs that count tickets as open of which it is unknown whether they still are."""
OF_CLOSED_ONES = (
    "tickets_resolved", "resolution_time*", "first_resolution_time*", "first_reply_within*", "first_reply_time_km*",
    "sla_resolution_rate*",
)  # fmt: skip
"""Those that lack what was done to them later."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A file (its place) or month of opening whose tickets end early: when, how many of them are open, and how many would not be."""

    group: int | str
    at: datetime
    open: int
    unseen: float


def snapshots(flow: Flow, files: Sequence[str], clock: Clock, periods: Sequence[Period] = ()) -> Iterator[Finding]:
    """The finding on tickets whose later fate is not in the files.

    Args:
        flow: the tickets over time.
        files: the names of those they are from.
        clock: the report's.
        periods: those of the report, of which it is measured how many resolutions they lack.
    """
    newest = flow.rows["newest"].max()
    if clock.as_of is None or not isinstance(newest, datetime):
        return
    # Tickets are compared with tickets: a survey that goes on for longer says nothing of when they were exported.
    until = min(clock.as_of, newest)
    by_file = list(_ended(flow, pl.col("file"), until)) if len(files) > 1 else []
    by_month = [] if by_file else list(_ended(flow, clock.day("created").dt.strftime("%Y-%m"), until))
    ended = by_file or by_month
    if not ended:
        return
    named = [Message("known-until", what=_called(one.group, files), day=_day(one.at, clock)) for one in ended]
    count, unseen = sum(one.open for one in ended), sum(one.unseen for one in ended)
    text = Message(
        "snapshots", groups=first_of(named, NAMED), until=_day(until, clock), count=count, unseen=round(unseen)
    )
    yield Finding(code=SNAPSHOTS, message=text, kpis=OF_OPEN_ONES, is_serious=True, consequence=Consequence.NO_VALUE)
    group = pl.col("file") if by_file else clock.day("created").dt.strftime("%Y-%m")
    shares = {period.name: _missed(flow, ended, group, period, clock) for period in periods}
    short = {name: share for name, share in shares.items() if share >= MARKED}
    later = Message("snapshots-later")
    if short:
        missing = [Message("share-resolved-in", share=share, period=name) for name, share in short.items()]
        later = Message("snapshots-lack", missing=missing)
    is_lost = any(shares[period.name] > WITHHELD for period in periods[:1])
    yield Finding(
        code=SNAPSHOTS, message=later, kpis=OF_CLOSED_ONES, is_serious=bool(short), share=max(short.values(), default=None),
        consequence=Consequence.NO_VALUE if is_lost else Consequence.NO_VERDICT,
    )  # fmt: skip


def _missed(flow: Flow, ended: Sequence[Ended], group: pl.Expr, period: Period, clock: Clock) -> float:
    """The share of a period's resolutions that came after a file was taken, by how long tickets take that are as old."""
    until = clock.end_of(period)
    if period.start is None or until is None:
        return 0.0
    since, rows = clock.instant(period.start), flow.rows.with_columns(group.alias("group"))
    unseen = 0.0
    for one in ended:
        if one.at >= until:
            continue
        still = rows.filter("is_open", pl.col("group") == one.group)
        then, begun, done = (
            flow.still_open(
                still.select((pl.lit(at, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()
            )
            for at in (one.at, max(one.at, since), until)
        )
        unseen += float(((begun - done) / then).fill_nan(0.0).sum())
    at = pl.col("created") + pl.duration(seconds="age")
    seen = rows.select(((at >= since) & (at < until)).sum()).item()
    return unseen / (unseen + seen) if unseen else 0.0


def _called(group: int | str, files: Sequence[str]) -> Message | str:
    return files[group] if isinstance(group, int) else Message("tickets-of-month", month=group)


def _ended(flow: Flow, group: pl.Expr, as_of: datetime) -> Iterator[Ended]:
    """The groups of tickets of which too many are still open, for what is known of the others of their age."""
    rows = flow.rows.with_columns(group.alias("group"))
    known = rows.group_by("group").agg(pl.col("newest").max())
    last = known.filter(known["newest"] < as_of - LEAST)
    if last.is_empty():
        return
    still = rows.filter("is_open").drop("newest").join(last, on="group")
    if still.is_empty():
        return
    spans = still.select(
        then=(pl.col("newest") - pl.col("created")).dt.total_seconds(),
        now=(literal(as_of) - pl.col("created")).dt.total_seconds(),
    )
    then, now = flow.still_open(spans["then"]), flow.still_open(spans["now"])
    compared = still.with_columns(unseen=pl.lit(1 - now / then).fill_nan(0.0), then=spans["then"], now=spans["now"])
    enough = UNSEEN + known.height
    if compared["unseen"].sum() < enough:  # which a group's own tickets only lessen
        return
    compared = pl.concat(
        [_by_its_own(own, rows.filter(pl.col("group") == name)) for (name,), own in compared.group_by("group")]
    )
    ended = compared.group_by("group").agg(pl.col("newest").first(), pl.len(), pl.col("unseen").sum())
    if ended["unseen"].sum() < enough:
        return
    for name, at, count, unseen in ended.filter(pl.col("unseen") >= 1).sort("newest", "group").iter_rows():
        yield Ended(group=name, at=at, open=count, unseen=unseen)


def _by_its_own(still: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The open tickets of a group with no more `unseen` resolutions than the group's own, up to when it ends, let expect.

    A desk that has become quicker leaves fewer to come than all of its history says, and those that are never resolved are no
    resolutions to come. Of a file that was taken early the young tickets are open, and its older ones show that they would not stay so.
    """
    ages, left = curve(rows, rows["newest"].max())  # type: ignore[arg-type]
    then, now = (left_at(still[when], ages, left) for when in ("then", "now"))
    own = pl.lit(1 - now / then).fill_nan(0.0)
    return still.with_columns(unseen=pl.min_horizontal("unseen", own))


def _day(instant: datetime, clock: Clock) -> str:
    local = pl.DataFrame({"at": [instant]}).select(clock.day("at")).item()
    return f"{local:%Y-%m-%d}"
