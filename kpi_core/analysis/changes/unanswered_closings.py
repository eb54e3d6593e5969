"""Tickets closed without a reply: where more of them are than before, or fewer, figures of first replies and of resolutions are of other tickets."""

from polars import col

from kpi_core.analysis.changes.change import Changes
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.measures import Part, Share

OF_RESOLUTIONS = ("resolution_time*", "first_resolution_time*")
SURE, WORTH = 0.001, 0.05
"""How sure a change of their share must be, and how large, to be worth a word: it is noted with the verdicts and in no family of theirs."""
NEEDS = frozenset({"first_reply_time", "is_resolved", "awaits_reply", "records_replies"})
CLOSED = Part(
    Share(col("first_reply_time").is_null(), col("is_resolved") & col("awaits_reply") & col("records_replies")),
    "tickets",
    "resolved_at",
)
"""Those resolved without a reply, among the resolved ones that wait for one and of which the files record it."""


def unanswered_closings(changes: Changes) -> list[Finding]:
    """The note where clearly more or fewer of the period's resolved tickets than of the baseline's had no reply."""
    tickets = changes.engine.tables.get("tickets")
    if tickets is None or not set(tickets.frame.columns) >= NEEDS or "first_reply_time" not in tickets.available:
        return []
    found = changes.of_share(CLOSED)
    if found is None:
        return []
    now, then, tested = found
    is_more = now > then
    if abs(now - then) < WORTH or (tested.difference > 0) is not is_more or tested.p >= SURE:
        return []
    period, baseline = changes.period.name, changes.baseline.name
    text = Message(
        "closed-without-reply-first" if is_more else "closed-without-reply-first-before",
        now=now, period=period, then=then, baseline=baseline,
    )  # fmt: skip
    sooner = Message("closed-without-reply-sooner", now=now, period=period, then=then, baseline=baseline)
    return [
        Finding(code="closed-unanswered", message=text, kpis=("first_reply_*", "sla_first_reply_rate"), share=now),
        Finding(
            code="closed-unanswered", message=sooner, kpis=OF_RESOLUTIONS, share=now, consequence=Consequence.NO_VERDICT
        ),
    ]
