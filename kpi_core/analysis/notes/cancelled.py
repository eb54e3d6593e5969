"""Tickets that ended without being resolved: cancelled, rejected or withdrawn by the word of their status."""

from collections.abc import Iterator

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.columns import CANCELLED
from kpi_core.model.findings import Finding

CODE = "cancelled-tickets"
TOUCHED = (
    *("tickets_resolved", "net_flow", "resolution_*", "resolved_within*", "successful_resolution_rate*", "complaint_resolution_rate"),
    *("fcr_*", "sla_resolution_rate*"),
)  # fmt: skip


def cancelled(tickets: Facts) -> Iterator[Finding]:
    """How many of the resolved tickets were given up: they count as resolved, since their status is a closed one."""
    if CANCELLED not in tickets.frame.columns or "is_resolved" not in tickets.available:
        return
    resolved = tickets.frame.filter("is_resolved")
    count = int(resolved[CANCELLED].sum())
    if count:
        text = Message("cancelled-count-as-resolved", count=count, resolved=resolved.height)
        yield Finding(code=CODE, message=text, kpis=TOUCHED, share=count / resolved.height)
