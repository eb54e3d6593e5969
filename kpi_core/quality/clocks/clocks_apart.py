"""Messages and tickets by clocks that are some hours apart, one in UTC and one in local time: no time from the one to the other is known.

The message by which a customer opened a ticket shows it: it is as old as the ticket, or always the same hours older or younger. Where no customer's
message does, many first replies before their tickets do, all by no more hours than zones are apart.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core.ingest.tables.cases import OPENING
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "clocks-apart"
FEWEST = 10
MOST = 0.5
"""The share of tickets that a customer's message must open some whole hours away."""
AT_ONCE = 0.1
"""The share that one may open at the very time: then clocks are alike."""
BEFORE = 0.2
"""The share of first replies before their tickets from which that is no slip of single ones."""
STEP, NEAR = 30, 2
"""Zones are half hours apart; and how many minutes a message may be off."""
FARTHEST = 14 * 60
LOOKED_AT = 20_000
"""How many tickets show it."""
KPIS = ("first_reply*", "automated_first_reply_rate", "sla_first_reply_rate")


def clocks_apart(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """The finding on messages whose clock is not that of the tickets."""
    tickets, messages = tables.get("tickets"), tables.get("messages")
    if tickets is None or messages is None or "created_at" not in tickets.columns or OPENING in tickets.columns:
        return
    if not {"ticket_id", "sent_at", "author"} <= set(messages.columns):
        return
    if {"first_replied_at", "first_reply_time"} & set(tickets.columns):
        return  # no time from a ticket to a message is counted
    opened = tickets.select("ticket_id", "created_at").drop_nulls().head(LOOKED_AT)
    both = messages.select("ticket_id", "sent_at", "author").join(opened, on="ticket_id")
    firsts = (
        both.with_columns(pl.col("author").cast(pl.String))
        .sort("sent_at")
        .group_by("ticket_id", "author")
        .agg(pl.col("sent_at", "created_at").first())
    )
    minutes = (pl.col("sent_at") - pl.col("created_at")).dt.total_seconds() / 60
    waits = firsts.select("author", minutes=minutes)
    message = _by_customers(waits.filter(author="customer")["minutes"]) or _by_replies(
        waits.filter(author="agent")["minutes"]
    )
    if message is not None:
        yield Finding(code=CODE, message=message, kpis=KPIS, is_serious=True, consequence=Consequence.NO_VALUE)


def _by_customers(waits: pl.Series) -> Message | None:
    """That customers' first messages are some whole hours older, or younger, than their tickets; minutes from the ticket to the message."""
    if len(waits) < FEWEST:
        return None
    steps = (waits / STEP).round() * STEP
    fits = ((waits - steps).abs() <= NEAR) & (steps.abs() <= FARTHEST)
    at_once, apart = int((fits & (steps == 0)).sum()), fits & (steps != 0)
    commonest = steps.filter(apart).value_counts(sort=True).head(2)
    if commonest.is_empty():
        return None
    first, last = (commonest[commonest.columns[0]].min(), commonest[commonest.columns[0]].max())
    # In summer a zone may be one hour farther from UTC than in winter.
    is_one_zone = isinstance(first, float) and isinstance(last, float) and last - first <= 60
    agreeing = int(commonest["count"].sum()) if is_one_zone else int(commonest["count"].max())  # type: ignore[arg-type]
    if agreeing < MOST * len(waits) or at_once > AT_ONCE * len(waits):
        return None
    hours = float(commonest[commonest.columns[0]][0]) / 60
    if hours < 0:
        return Message("opened-hours-later", count=agreeing, all=len(waits), hours=abs(hours))
    return Message("opened-hours-earlier", count=agreeing, all=len(waits), hours=hours)


def _by_replies(waits: pl.Series) -> Message | None:
    """That many first replies are before their tickets, all by no more than zones are apart; minutes from the ticket to the reply."""
    if len(waits) < FEWEST:
        return None
    early = waits.filter(waits < 0)
    least = early.min()
    if len(early) < BEFORE * len(waits) or not isinstance(least, float) or least < -FARTHEST:
        return None
    return Message("replied-hours-before", count=len(early), all=len(waits), hours=-least / 60)
