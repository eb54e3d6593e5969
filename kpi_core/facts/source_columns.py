"""What facts are made from: the columns of the files whose unread cells, or whose absence, change a KPI."""

from collections.abc import Iterable, Mapping

BY_TIME = "resolution"
"""What is unread of a ticket that a time of resolution alone would say is resolved."""
IS_RESOLVED = ("is_resolved", BY_TIME)
RESOLUTION = (*IS_RESOLVED, "created_at", "resolved_at")
FIRST_REPLY = ("created_at", "first_replied_at", "is_outbound", "is_auto_replied", "author")
RESTS_ON: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "tickets": {
        "is_resolved": IS_RESOLVED,
        "resolved_at": (*IS_RESOLVED, "resolved_at"),
        "first_resolved_at": (*IS_RESOLVED, "first_resolved_at"),
        "resolution_time": (*RESOLUTION, "resolution_time"),
        "resolution_time_business": (*RESOLUTION, "resolution_time_business"),
        "first_resolution_time": (*IS_RESOLVED, "created_at", "first_resolved_at", "first_resolution_time"),
        "first_resolution_time_business": (
            *(*IS_RESOLVED, "created_at", "first_resolved_at"),
            "first_resolution_time_business",
        ),
        "resolved_age": (*IS_RESOLVED, "resolved_at"),
        "first_replied_at": FIRST_REPLY[1:],
        "first_reply_time": (*FIRST_REPLY, "first_reply_time"),
        "first_reply_time_business": (*FIRST_REPLY, "first_reply_time_business"),
        "first_reply_time_any": (*FIRST_REPLY, "first_any_replied_at"),
        "first_reply_time_any_business": (*FIRST_REPLY, "first_reply_time_business", "first_any_replied_at"),
        "awaits_reply": ("is_outbound", "author"),
        "is_auto_replied": ("is_auto_replied", "author", "first_any_replied_at"),
        "agent_replies": ("agent_replies", "author"),
        "is_first_reply_judged": ("sla_first_reply_met", *IS_RESOLVED, *FIRST_REPLY[1:]),
        "is_first_reply_awaited": ("sla_first_reply_met", *IS_RESOLVED, *FIRST_REPLY[1:]),
        "age": ("created_at",),
        "is_past_due": ("due_at",),
        "due_at": ("due_at", "priority"),
        "first_reply_target": ("priority",),
        "first_reply_limit": ("priority",),
        "resolution_limit": ("priority",),
        "repeat_after": ("customer_id", "created_at"),
        "was_reopened": ("reopens",),
        "is_rated_bad": ("is_rated_bad", "answered"),
        "is_confirmed": ("is_confirmed", "answered"),
        "is_surveyed": ("answered",),
    },
    "answers": {
        "is_first_answer": ("given",),
        "rescaled": ("score",),
        "was_asked": ("is_offered", "score"),
        "is_response": ("is_offered", "given"),
        "is_answered_response": ("is_offered", "given"),
        "offered_at": ("offered_at", "answered_at"),
    },
    "messages": {
        "is_turn": ("author", "is_public"),
        "reply_time": ("author", "is_public", "reply_time"),
        "reply_time_business": ("author", "is_public", "reply_time_business"),
        "asked_at": ("author", "is_public"),
    },
    "customers": {"since": ("acquired_at", "is_lost"), "gone_at": ("lost_at", "is_lost"), "lost_at": ("lost_at", "is_lost")},
    "orders": {
        "value": ("amount", "is_refunded"),
        "is_kept": ("is_refunded",),
        "buyer": ("customer_id", "amount", "order_state"),
        "is_order": ("amount", "order_state"),
    },
    "leads": {"is_converted": ("is_converted",)},
    "costs": {"acquisition_cost": ("kind",), "support_cost": ("kind",)},
}  # fmt: skip
"""By table the facts that rest on other columns than one of their own name, and on which."""

OF_ALL_ROWS: Mapping[str, tuple[str, ...]] = {
    "tickets": ("is_merged", "is_spam"),
    "messages": ("is_merged", "is_spam"),
    "answers": ("is_merged", "is_spam"),
}
"""What decides of every row whether it counts at all."""


def rests_on(table: str, facts: Iterable[str]) -> tuple[str, ...]:
    """The columns that some facts of a table are made from, with those that decide which of its rows count."""
    known = RESTS_ON.get(table, {})
    found = (column for fact in facts for column in known.get(fact, (fact,)))
    return tuple(dict.fromkeys((*found, *OF_ALL_ROWS.get(table, ()))))
