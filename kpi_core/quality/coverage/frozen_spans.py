"""Exports of each week, fortnight, half month or day, put together: no ticket was resolved after the end of the one it was opened in.

A list taken every Thursday lacks what was done to its tickets on the Friday. Months of a list are compared with each other (`snapshots`); where all
spans end alike none is longer than the others, and what is missing shows where they end: nothing that was still open then was ever resolved.
"""

from collections.abc import Iterator
from math import sqrt

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock, on_clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED
from kpi_core.quality.coverage.snapshots import OF_CLOSED_ONES, OF_OPEN_ONES, SNAPSHOTS
from kpi_core.quality.coverage.ticket_flow import Flow
from kpi_core.records import dataclass

HOUR, DAY, STRAYS = 3_600_000, 24, 2
"""Milliseconds of an hour, hours of a day, and resolutions that may come after an end (a mistyped date)."""
LONGEST = 16 * DAY * 3_600
"""Seconds that no resolution takes longer than, but the strays: mostly some do, and that is quickly seen."""
EXPECTED, PER_STRAY = 8.0, 20
"""Resolutions to be expected after the ends, of which none is no chance: one file in 3 000 by that alone; and how many more for each stray."""
STEEP = 4.0
"""How many standard errors more of the quarter of tickets opened latest in their spans is open, than of the half opened first: one file in 30 000."""
CYCLES = {DAY: "day", 7 * DAY: "week", 14 * DAY: "fortnight"}
PARTS = {"half-month": (1, 16), "ten-days": (1, 11, 21)}
"""The hours of spans that repeat, and the days of the month on which others begin."""
OF_FIRST_REPLIES = ("first_reply_time*", "sla_first_reply_rate*")
"""What also lacks what came after the end of so short a span."""
FEWEST = 40
"""Tickets, below which nothing is reported."""


@dataclass(frozen=True, eq=False)
class _Span:
    """How often exports were taken: the hours (since 1970, local) at which each ends, and the resolutions to be expected after them."""

    name: str
    ends: pl.Series
    expected: float


def frozen_spans(flow: Flow, clock: Clock) -> Iterator[Finding]:
    """The findings on tickets of which nothing is known after the end of the span they were opened in."""
    if (found := _found(flow, clock)) is None:
        return
    span, count = found
    doubt = span.name == "day"  # what is not done today may be handed on to others
    text = Message("frozen-spans", each=_often(span.name), expected=round(span.expected), count=count)
    gravest = Consequence.NO_VERDICT if doubt else Consequence.NO_VALUE
    share = span.expected / (span.expected + flow.resolved)
    of_closed = (*OF_CLOSED_ONES, *OF_FIRST_REPLIES)
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


def _often(name: str) -> Message:
    match name:
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


def _found(flow: Flow, clock: Clock) -> tuple[_Span, int] | None:
    """The spans whose ends no ticket outlasts, and how many of theirs stay open; None where some ticket does, or none would."""
    longest = flow.rows["age"].top_k(STRAYS + 1).to_list()
    if flow.rows.height < FEWEST or len(longest) <= STRAYS or min(longest) > LONGEST:
        return None
    at = on_clock(pl.col("created"), clock.zone)
    hours = flow.rows.select(
        "is_open",
        begun=at.dt.cast_time_unit("ms").to_physical() // HOUR,
        done=(at + pl.duration(seconds="age")).dt.cast_time_unit("ms").to_physical() // HOUR,
    )
    waiting = _waiting(hours)
    for span in _without_any(waiting):
        if (count := _left_open(hours, span.ends)) is not None:
            return span, count
    return None


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
    by_phase = inside.with_columns(phase=phase).sort("phase")["is_open"]
    late, early = (part.to_list() for part in (by_phase.tail(len(by_phase) // 4), by_phase.head(len(by_phase) // 2)))
    if not late:
        return None
    share = (sum(late) + sum(early)) / (len(late) + len(early))
    error = sqrt(share * (1 - share) * (1 / len(late) + 1 / len(early)))
    more = sum(late) / len(late) - sum(early) / len(early)
    return int(inside["is_open"].sum()) if error and more >= STEEP * error else None
