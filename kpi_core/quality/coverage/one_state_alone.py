"""Files of open tickets only, or of resolved ones only.

Next to others that have both, their months are no months like the others'. Alone, resolved tickets show it by how long they take: how
likely is it that none is open at the end.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp

import polars as pl

from kpi_core.engine.plan import fed_by
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import ROW_CAPS, Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.quality.coverage.ticket_flow import LEAST_RESOLVED, Flow, curve, left_at

CODE = "one-state-beside"
FEW = 20
"""Tickets of a file, below which that all are open or none says nothing."""
EXPECTED = 8.0
"""Resolved (or open) tickets to be expected in it by what became of the others', of which none is no chance."""
ENOUGH, SOME = 100, 50
"""Tickets from which their own times convict a file, or raise a doubt."""
UNLIKELY, DOUBTFUL = 0.02, 0.35
"""The chance of no open ticket below which the file has resolved ones only, or may have."""
MENTIONED = 0.5
"""The chance of no open ticket below which it is mentioned that a list is of resolved ones: of 40 lists of 130 tickets that lack open ones, few pass without a word
where tickets take days, and half where they take hours, of which the lack is one ticket."""
SELDOM_EMPTY = 0.5
"""The share of days with nothing left open at some time, past which an end without open tickets is one of most."""
EMPTY = 0.1
"""The share of days with nothing left open at some time, from which an end without open tickets is a day like others."""
AT_RISK, RECENT = 0.05, 3
"""The chance of a ticket of being open from which it counts as one of the last, and how many of those there are at least."""
SLOW = timedelta(days=1)
"""How long tickets take in the middle, from which some are open at any time."""


def files_of_one_state(flow: Flow, files: Sequence[str], kpis: Sequence[Kpi], clock: Clock) -> Iterator[Finding]:
    """The finding on a file whose tickets are all open, or all resolved, where those of the others let expect some of either."""
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if "tickets" in fed_by(kpi)))
    for (place,), own in flow.rows.group_by("file", maintain_order=True):
        open_ = own["is_open"]
        is_of_open = bool(open_.all())
        if own.height < FEW or not (is_of_open or not open_.any()):
            continue
        others = flow.rows.filter(pl.col("file") != place)
        if others["age"].count() < LEAST_RESOLVED or clock.as_of is None:
            continue
        ages, left = curve(others, clock.as_of)
        waited = own.select((pl.lit(clock.as_of, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()
        still = left_at(waited, ages, left)
        never = float(left[-1]) if len(left) else 0.0
        # Those that are never resolved may have been tidied away.
        expected = float((1 - still).sum() if is_of_open else ((still - never) / max(1 - never, 1e-9)).sum())
        if expected < EXPECTED or not isinstance(place, int):
            continue
        file, count = files[place], own.height
        text = (
            Message("file-of-open", file=file, count=count, expected=round(expected))
            if is_of_open
            else Message("file-of-resolved", file=file, count=count, expected=round(expected))
        )
        days = own.select(clock.day("created").min().alias("first"), clock.day("created").max().alias("last")).row(0)
        yield Finding(
            code=CODE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT, days=(days,)
        )  # fmt: skip
        if is_of_open:
            yield Finding(
                code=CODE, message=text, kpis=OF_RESOLUTIONS, is_serious=True, consequence=Consequence.NO_VALUE, days=(days,)
            )  # fmt: skip


OF_RESOLUTIONS = (
    "tickets_resolved", "net_flow", "resolution_rate", "resolution_rate_cohort", "successful_resolution_rate",
    "complaint_resolution_rate", "resolved_within*", "sla_resolution_rate*",
)  # fmt: skip
"""What a file of open tickets gives too few resolved ones for."""


def is_resolved_alone(flow: Flow, as_of: datetime) -> bool:
    """Whether none of many tickets is open by no chance: those of the last days would not all have been resolved."""
    if flow.rows.height < ENOUGH or flow.resolved < SOME:
        return False
    return _chance_of_none(flow, as_of) <= UNLIKELY and _empty_days(flow) <= EMPTY


def may_be_resolved_alone(flow: Flow, as_of: datetime) -> bool:
    """Whether there is a doubt: tickets take days, some were open on nearly every day, and at the end none is."""
    if flow.resolved < SOME or not _is_slow(flow) or _chance_of_none(flow, as_of) > DOUBTFUL:
        return False
    return int((flow.outlasting(_waited(flow, as_of)) >= AT_RISK).sum()) >= RECENT


def is_worth_mention(flow: Flow, as_of: datetime) -> bool:
    """Whether it is as likely as not that a ticket would be open, by how long they take, where none is."""
    if flow.resolved < ENOUGH or _chance_of_none(flow, as_of) > MENTIONED or _empty_days(flow) > SELDOM_EMPTY:
        return False
    return int((flow.outlasting(_waited(flow, as_of)) >= AT_RISK).sum()) >= 2


def is_cut_among_resolved(flow: Flow, count: int) -> bool:
    """Whether a file of resolved tickets has as many rows as exports stop at, so that open ones may come after the last."""
    return count in ROW_CAPS and flow.resolved >= SOME and _is_slow(flow)


def _is_slow(flow: Flow) -> bool:
    middle = flow.rows["age"].median()
    return isinstance(middle, float) and middle >= SLOW.total_seconds() and _empty_days(flow) <= EMPTY


def _chance_of_none(flow: Flow, as_of: datetime) -> float:
    """The chance that each ticket is resolved by an instant, if it takes as long as the others do."""
    resolved = (1 - flow.outlasting(_waited(flow, as_of))).clip(lower_bound=1 / (flow.rows.height + 1))
    return exp(float(resolved.log().sum()))


def _waited(flow: Flow, as_of: datetime) -> pl.Series:
    """The seconds from the opening of each ticket up to an instant."""
    return flow.rows.select((pl.lit(as_of, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()


def _empty_days(flow: Flow) -> float:
    """The share of the days on which something is opened or resolved, up to the last opening, that have no ticket open at some time."""
    opened = flow.rows.select(at="created", step=pl.lit(1, pl.Int64))
    done = flow.rows.drop_nulls("age").select(
        at=pl.col("created") + pl.duration(seconds="age"), step=pl.lit(-1, pl.Int64)
    )
    events = pl.concat([opened, done]).sort("at", "step", descending=[False, True])
    days = events.with_columns(left=pl.col("step").cum_sum(), day=pl.col("at").dt.date()).filter(
        pl.col("at") <= flow.last
    )
    lowest = days.group_by("day").agg(pl.col("left").min())["left"]
    return int((lowest <= 0).sum()) / max(len(lowest), 1)
