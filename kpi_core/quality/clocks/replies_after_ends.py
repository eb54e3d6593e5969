"""First replies after the resolution of their own case: single ones were reopened, many are a column in another order, or under another's header."""

from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.columns import DAYS, MONTHS
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED

CODE = "replied-after-end"
SEVERAL = 3
"""Tickets from which these are no chance."""
LOST = 0.25
"""Their share from which the column is taken for one of other tickets: of one in another order about half of the rows show it."""
NEARLY_ALL, ENOUGH = 0.9, 10
"""The share of tickets with both times, and how many those are, from which the two headers may be exchanged."""
AT_ONCE = pl.duration(minutes=1)
"""How long after the end a reply may be written down that ended the case."""
DAY = pl.duration(days=1)
OF_REPLIES = ("first_reply*", "automated_first_reply_rate")
OF_ENDS = (
    "resolution_*", "first_resolution_time*", "resolved_within*", "tickets_resolved", "net_flow", "backlog*", "sla_*", "complaint_resolution_rate",
    "successful_resolution_rate", "requester_wait_time*",
)  # fmt: skip


def replies_after_ends(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """The finding on tickets whose first reply came after their resolution and that nobody reopened."""
    tickets = tables.get("tickets")
    end = next((name for name in ("resolved_at", "closed_at") if tickets is not None and name in tickets.columns), None)
    if tickets is None or end is None or "first_replied_at" not in tickets.columns:
        return
    if any(MONTHS + name in tickets.columns for name in ("first_replied_at", end)):
        return
    is_day = pl.col(DAYS + end).fill_null(value=False) if DAYS + end in tickets.columns else pl.lit(value=False)
    until = pl.col(end) + pl.when(is_day).then(DAY).otherwise(AT_ONCE)
    known = pl.col("first_replied_at").is_not_null() & pl.col(end).is_not_null()
    known &= (pl.col("reopens").fill_null(0) == 0) if "reopens" in tickets.columns else pl.lit(value=True)
    late, of = tickets.select(late=(known & (pl.col("first_replied_at") > until)).sum(), of=known.sum()).row(0)
    if late < SEVERAL or late <= MARKED * of:
        return
    share = late / of
    if share >= NEARLY_ALL and of >= ENOUGH:
        text = Message("replies-and-ends-turned", count=late, of=of)
        yield Finding(
            code=CODE, message=text, kpis=(*OF_REPLIES, *OF_ENDS), is_serious=True, consequence=Consequence.NO_VALUE
        )
        return
    text = Message("replies-after-ends", count=late, of=of, share=share)
    consequence = Consequence.NO_VALUE if share > LOST else Consequence.NO_VERDICT
    yield Finding(code=CODE, message=text, kpis=OF_REPLIES, is_serious=True, share=share, consequence=consequence)
