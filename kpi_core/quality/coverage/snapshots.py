"""Files, or months of a file, that end before the rest: taken then, so that what became of their open tickets is unknown.

Exports of each week, fortnight, half month or day, put together, all end alike: no ticket was resolved after the end of the one it was opened in.
What is missing shows where they end: nothing that was still open then was ever resolved.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt

import polars as pl

from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock, literal, on_clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import MARKED, WITHHELD
from kpi_core.quality.coverage.ticket_flow import Flow, curve, left_at
from kpi_core.records import dataclass

SNAPSHOTS = "snapshots"
UNSEEN = 3.0
"""Resolutions to be expected after the last thing known of files' tickets, beyond one a file: of so many none is no chance."""
DOUBTED = 2.5
"""How many of these raise a doubt about files: of so many none is chance one time in twelve, and a desk of a ticket a day has no more of them. Of 40 desks whose
files of four months were taken at once one had as many, of 40 whose files were taken month by month 39."""
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
OF_REOPENINGS = ("reopen*", "fcr_no_reopen*", "fcr_one_touch*")
"""Those that lack what was opened again later."""

HOUR, DAY, STRAYS = 3_600_000, 24, 2
"""Milliseconds of an hour, hours of a day, and resolutions that may come after an end (a mistyped date)."""
LONGEST, OF_CYCLES = 62 * DAY * 3_600, 16 * DAY * 3_600
"""Seconds that no resolution takes longer than, but the strays, where exports were taken now and then, or at even times: mostly some do, and that is quickly seen."""
DEEP, WINDOW, MOST_CUTS = 6.0, 1.5, 24
"""Tickets that wait in the mean, of which there is seldom none at a time (by chance one time in 400); how many times as long as tickets take in the middle those opened before
such a time are looked at; and how many such times there are at most."""
EXPECTED, PER_STRAY = 8.0, 20
"""Resolutions to be expected after the ends, of which none is no chance: one file in 3 000 by that alone; and how many more for each stray."""
STEEP = 4.0
"""How many standard errors more of the quarter of tickets opened latest in their spans is open, than of the half opened first: one file in 30 000."""
DAILY = "day"
CYCLES = {DAY: DAILY, 7 * DAY: "week", 14 * DAY: "fortnight"}
PARTS = {"half-month": (1, 16), "ten-days": (1, 11, 21)}
"""The hours of spans that repeat, and the days of the month on which others begin."""
OF_FIRST_REPLIES = ("first_reply_time*", "sla_first_reply_rate*")
"""What also lacks what came after the end of so short a span."""
FEWEST = 40
"""Tickets, below which nothing is reported."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A file (its place) or month of opening whose tickets end early: when, how many of them are open, and how many would not be."""

    group: int | str
    at: datetime
    open: int
    unseen: float


def snapshots(
    flow: Flow, files: Sequence[str], clock: Clock, periods: Sequence[Period] = (), rated: Sequence[str] = ()
) -> Iterator[Finding]:
    """The finding on tickets whose later fate is not in the files.

    Args:
        flow: the tickets over time.
        files: the names of those they are from.
        clock: the report's.
        periods: those of the report, of which it is measured how many resolutions they lack.
        rated: the KPIs of ratings inside the tickets, which lack those that were given later.
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
        if len(files) > 1 and (doubtful := list(_ended(flow, pl.col("file"), until, DOUBTED))):
            text = _taken_before(doubtful, files, until, clock, is_sure=False)
            yield Finding(
                code=SNAPSHOTS, message=text, kpis=OF_OPEN_ONES, is_serious=True, consequence=Consequence.NO_VERDICT
            )
        return
    text = _taken_before(ended, files, until, clock, is_sure=True)
    yield Finding(code=SNAPSHOTS, message=text, kpis=OF_OPEN_ONES, is_serious=True, consequence=Consequence.NO_VALUE)
    group = pl.col("file") if by_file else clock.day("created").dt.strftime("%Y-%m")
    shares = {period.name: _missed(flow, ended, group, period, clock) for period in periods}
    short = {name: share for name, share in shares.items() if share >= MARKED}
    later = Message("snapshots-later")
    if short:
        later = Message("snapshots-lack", missing=shares_of(short))
    is_lost = any(shares[period.name] > WITHHELD for period in periods[:1])
    yield Finding(
        code=SNAPSHOTS, message=later, kpis=(*OF_CLOSED_ONES, *OF_REOPENINGS, *rated), is_serious=bool(short), share=max(short.values(), default=None),
        consequence=Consequence.NO_VALUE if is_lost else Consequence.NO_VERDICT,
    )  # fmt: skip


def _taken_before(
    ended: Sequence[Ended], files: Sequence[str], until: datetime, clock: Clock, *, is_sure: bool
) -> Message:
    """That nothing is known of some files, or months, after they were taken, or may have been."""
    named = [Message("known-until", what=_called(one.group, files), day=_day(one.at, clock)) for one in ended]
    groups, day = first_of(named, NAMED), _day(until, clock)
    count, unseen = sum(one.open for one in ended), round(sum(one.unseen for one in ended))
    if is_sure:
        return Message("snapshots", groups=groups, until=day, count=count, unseen=unseen)
    return Message("snapshots-maybe", groups=groups, until=day, count=count, unseen=unseen)


def shares_of(missing: Mapping[str, float]) -> list[Message]:
    """What share of the resolutions of some periods is missing, in words; of the periods of a long trend those that miss most."""
    most = sorted(missing, key=lambda name: -missing[name])[:NAMED]
    return [Message("share-resolved-in", share=share, period=name) for name, share in missing.items() if name in most]


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


def _ended(flow: Flow, group: pl.Expr, as_of: datetime, least: float | None = None) -> Iterator[Ended]:
    """The groups of tickets of which too many are still open, for what is known of the others of their age: by `least` resolutions, or so many that it is no chance."""
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
    unseen = (1 - now / then).fill_nan(0.0)
    enough = UNSEEN + known.height if least is None else least
    if unseen.sum() < enough:  # which a group's own tickets only lessen
        return
    compared = still.with_columns(unseen=unseen, then=spans["then"], now=spans["now"])
    compared = pl.concat(
        [_by_its_own(own, rows.filter(pl.col("group") == name)) for (name,), own in compared.group_by("group")]
    )
    ended = compared.group_by("group").agg(pl.col("newest").first(), pl.len(), pl.col("unseen").sum())
    if ended["unseen"].sum() < enough:
        return
    fewest = 1 if least is None else 0.5
    for name, at, count, unseen in ended.filter(pl.col("unseen") >= fewest).sort("newest", "group").iter_rows():
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


@dataclass(frozen=True, eq=False)
class _Span:
    """How often exports were taken: the hours (since 1970, local) at which each ends, and the resolutions to be expected after them."""

    name: str
    ends: pl.Series
    expected: float


def frozen_spans(flow: Flow, clock: Clock, *, is_even: bool) -> Iterator[Finding]:
    """The findings on tickets of which nothing is known after the end of the span they were opened in.

    Args:
        flow: the tickets over time.
        clock: the report's.
        is_even: whether the spans are weeks, fortnights or parts of a month, else days, or of any length.
    """
    if (found := _found(flow, clock, is_even=is_even)) is None:
        return
    span, count = found
    doubt = span.name == DAILY  # what is not done today may be handed on to others
    text = Message("frozen-spans", each=_often(span), expected=round(span.expected), count=count)
    gravest = Consequence.NO_VERDICT if doubt else Consequence.NO_VALUE
    share = span.expected / (span.expected + flow.resolved)
    of_closed = (*OF_CLOSED_ONES, *OF_FIRST_REPLIES, *OF_REOPENINGS)
    follows = gravest if share >= MARKED else Consequence.NO_VERDICT
    both = (
        [((*OF_OPEN_ONES, *of_closed), gravest)]
        if follows is gravest
        else [(OF_OPEN_ONES, gravest), (of_closed, follows)]
    )
    for kpis, consequence in both:
        yield Finding(
            code=SNAPSHOTS, message=text, kpis=kpis, is_serious=True, share=share, consequence=consequence
        )  # fmt: skip


def _often(span: _Span) -> Message:
    match span.name:
        case "times":
            days = pl.from_epoch(span.ends // DAY, time_unit="d").dt.to_string("%Y-%m-%d").to_list()
            return Message("each-on-days", days=first_of(days, NAMED))
        case "day":
            return Message("each-day")
        case "week":
            return Message("each-week")
        case "fortnight":
            return Message("each-fortnight")
        case "half-month":
            return Message("each-half-month")
        case _:
            return Message("each-ten-days")


def _found(flow: Flow, clock: Clock, *, is_even: bool) -> tuple[_Span, int] | None:
    """The spans whose ends no ticket outlasts, and how many of theirs stay open; None where some ticket does, or none would."""
    longest = flow.rows["age"].top_k(STRAYS + 1).to_list()
    if flow.rows.height < FEWEST or len(longest) <= STRAYS or min(longest) > LONGEST:
        return None
    at = on_clock(pl.col("created"), clock.zone)
    hours = flow.rows.select(
        is_open=pl.col("is_open").fill_null(value=False),  # in an unknown state: neither
        begun=at.dt.cast_time_unit("ms").to_physical() // HOUR,
        done=(at + pl.duration(seconds="age")).dt.cast_time_unit("ms").to_physical() // HOUR,
    )
    waiting = _waiting(hours)
    for span in _without_any(waiting) if min(longest) <= OF_CYCLES else ():
        if (count := _left_open(hours, span.ends)) is not None:
            return (span, count) if (span.name != DAILY) is is_even else None
    return None if is_even else _now_and_then(hours, waiting)


def _now_and_then(hours: pl.DataFrame, waiting: pl.DataFrame) -> tuple[_Span, int] | None:
    """The times at which nothing waits that is resolved later, and how many tickets opened before them stay open; None where these are no more than of others."""
    longest = hours.select((pl.col("done") - pl.col("begun")).max()).item() or 0
    settled = waiting.filter(pl.col("at") < waiting["at"][-1] - longest)  # later tickets may be open for being young
    if settled.is_empty():
        return None
    usual = float(settled["n"].mean() or 0.0)  # type: ignore[arg-type]
    full = settled.filter(pl.col("n") >= usual / 2)["at"]
    if usual < DEEP or full.is_empty():
        return None
    empty = settled.filter(pl.col("n") == 0, pl.col("at").is_between(full[0], full[-1]))["at"]
    ends = empty.filter((empty.shift(-1) - empty).fill_null(2) > 1)
    if not 0 < len(ends) <= MOST_CUTS:
        return None
    middle = hours.select((pl.col("done") - pl.col("begun")).median()).item()
    window = max(int(WINDOW * (middle or 0)), DAY)
    waited = hours.sort("begun").join_asof(
        ends.rename("end").to_frame().sort("end"), left_on="begun", right_on="end", strategy="forward"
    )
    known = waited.filter(pl.col("begun") <= settled["at"][-1])
    is_late = (pl.col("end") - pl.col("begun") <= window).fill_null(value=False)
    late, others = (known.filter(part)["is_open"].to_list() for part in (is_late, ~is_late))
    if not _more(late, others):
        return None
    return _Span("times", ends, usual * len(ends)), sum(late)


def _waiting(hours: pl.DataFrame) -> pl.DataFrame:
    """By hour (`at`), from the first opening to the last, how many tickets are open that are resolved later (`n`)."""
    known = hours.drop_nulls("done")
    steps = pl.concat(
        [
            known.select(at=pl.col("begun") + 1, step=pl.lit(1, pl.Int64)),
            known.select(at=pl.col("done") + 1, step=pl.lit(-1, pl.Int64)),
        ]
    )
    first, last = hours.select(pl.col("begun").min(), pl.col("begun").max().alias("last")).row(0)
    every = pl.select(at=pl.int_range(first, last + 1, dtype=pl.Int64))
    by_hour = steps.group_by("at").agg(pl.col("step").sum())
    return every.join(by_hour, on="at", how="left", maintain_order="left").select(
        "at", n=pl.col("step").fill_null(0).cum_sum()
    )


def _without_any(waiting: pl.DataFrame) -> Iterator[_Span]:
    """The spans at whose ends hardly a ticket waits that is resolved later, though as many wait at that time of other days."""
    usual = waiting.group_by(time=pl.col("at") % DAY).agg(pl.col("n").mean().alias("usual"))
    everywhere = float(waiting["n"].mean() or 0.0)  # type: ignore[arg-type]
    for cycle, name in CYCLES.items():
        ends = waiting.group_by(place=pl.col("at") % cycle).agg(pl.col("n").sum(), pl.len())
        ends = ends.with_columns(time=pl.col("place") % DAY).join(usual, on="time")
        compared = pl.lit(everywhere) if cycle == DAY else pl.col("usual")
        best = ends.with_columns(expected=compared * pl.col("len")).filter(_is_none("n", "expected"))
        if not best.is_empty():
            place, expected = (
                best.sort("expected", "place", descending=[True, False]).select("place", "expected").row(0)
            )
            yield _Span(name, waiting.filter(pl.col("at") % cycle == place)["at"], expected)
    midnights = waiting.filter(pl.col("at") % DAY == 0)
    day = pl.from_epoch(pl.col("at") // DAY, time_unit="d").dt.day()
    for name, days in PARTS.items():
        own = midnights.filter(day.is_in(days))
        expected = float(midnights["n"].mean() or 0.0) * own.height  # type: ignore[arg-type]
        if not own.select(n=pl.col("n").sum(), expected=pl.lit(expected)).filter(_is_none("n", "expected")).is_empty():
            yield _Span(name, own["at"], expected)


def _is_none(seen: str, expected: str) -> pl.Expr:
    few = (pl.col(seen) == 0) | ((pl.col(seen) <= STRAYS) & (pl.col(seen) * PER_STRAY <= pl.col(expected)))
    return few & (pl.col(expected) >= EXPECTED)


def _left_open(hours: pl.DataFrame, ends: pl.Series) -> int | None:
    """How many tickets of whole spans are open; None where those opened late in one are so no more often than those opened early."""
    bounds = ends.sort()
    if len(bounds) < 2:
        return None
    place = bounds.search_sorted(hours["begun"] + 1, side="left")
    inside = hours.with_columns(place=place).filter(pl.col("place").is_between(1, len(bounds) - 1))
    begin, end = bounds.gather(inside["place"] - 1), bounds.gather(inside["place"])
    phase = (inside["begun"] - begin) / (end - begin)
    by_phase = inside.with_columns(phase=phase).sort("phase")["is_open"].drop_nulls()
    late, early = (part.to_list() for part in (by_phase.tail(len(by_phase) // 4), by_phase.head(len(by_phase) // 2)))
    return int(inside["is_open"].sum()) if _more(late, early) else None


def _more(late: Sequence[bool], early: Sequence[bool]) -> bool:
    """Whether more of some tickets are open than of others, by more than chance."""
    if not late or not early:
        return False
    share = (sum(late) + sum(early)) / (len(late) + len(early))
    error = sqrt(share * (1 - share) * (1 / len(late) + 1 / len(early)))
    return error > 0 and sum(late) / len(late) - sum(early) / len(early) >= STEEP * error
