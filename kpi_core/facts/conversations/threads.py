"""What tickets learn from the messages written in them: when they were first answered, by whom, and how often.

A reply is a public message of an agent that answers something: one that follows a message of the customer, or the
opening of the ticket where the files do not hold what opened it. An opening by an agent is no reply.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from kpi_core.facts.conversations.turns import has_authors, spoken, with_turns
from kpi_core.model.columns import INSTEAD, RECORDS, UNREAD
from kpi_core.model.tables import Kind

CHANNEL = "_channel"
"""The working column of the channel that a message itself names, its ticket's apart."""
CHANNELS = "_channels"
"""The working column of how many channels a case's customer wrote by."""
DATES = "_dates_replies"
"""The working column of whether a ticket's own file dates first replies."""
MESSAGED = "_has_messages"
"""The working column of whether the files hold any message of a ticket."""
AT_ONCE = f"{INSTEAD}first_any_replied_at:the minute of the opening"
"""The working column of the tickets that were answered automatically in the minute of their opening, by messages without seconds."""
HEARD_LATE = "_heard_late"
"""The working column of whether a ticket was opened before the first message of the files, so that they do not hold all of its own."""
OWN_REPLIES = "_own_replies"
"""The working column of whether a ticket's first reply comes from its own file."""
DIFFERS = "_reply_differs"
"""The working column of whether a ticket's own first reply and that of its messages are apart; null where one of them is missing."""
CLOSE = timedelta(minutes=1)
ENOUGH = 3
"""Messages on whole minutes from which their file has no seconds."""
OF_REPLIES = frozenset(
    {
        "first_reply_time", "first_reply_time_business", "first_reply_time_any", "first_reply_time_any_business",
        "first_replied_at", "is_auto_replied", "awaits_reply", "agent_replies", "customer_replies", "channels",
    }
)  # fmt: skip
"""The facts of tickets that messages may supply."""

Tables = Mapping[str, pl.DataFrame]


def with_threads(tables: Tables, wanted: frozenset[str] | None = None, as_of: datetime | None = None) -> Tables:
    """The tables, each with what the messages say of it, as far as they were written by `as_of`.

    To be asked before rows are left out by any condition: who answered a message may not meet it. Tables without
    messages, or whose messages do not say who wrote them, are returned as they are. `wanted` names the facts that are
    needed: what tickets learn is found only then (None: all).
    """
    messages = tables.get("messages")
    if messages is None or not has_authors(messages):
        return tables
    linked = dict(tables) | {"messages": with_turns(messages, as_of)}
    if "tickets" in tables and (wanted is None or wanted & OF_REPLIES):
        dialogue = spoken(messages, as_of)
        linked["tickets"] = with_replies(tables["tickets"], dialogue)
        if UNREAD + "author" in messages.columns:
            linked["tickets"] = _with_unread(linked["tickets"], messages)
        if wanted is None or "channels" in wanted:
            linked["tickets"] = _with_channels(linked["tickets"], dialogue)
    return linked


def _with_unread(tickets: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Tickets with a mark where it is unknown who wrote one of their messages."""
    unread = messages.filter(pl.col(UNREAD + "author").fill_null(value=False) & pl.col("author").is_null())
    about = unread["ticket_id"].drop_nulls().unique()
    return tickets.with_columns(pl.col("ticket_id").is_in(about.implode()).alias(UNREAD + "author"))


def with_replies(tickets: pl.DataFrame, dialogue: pl.DataFrame) -> pl.DataFrame:
    """Tickets with what their messages (`dialogue`: see `spoken`) show and their own export does not.

    Counts of messages, whether an agent opened it, and, where a bot is among the writers, when anyone first answered
    (`first_any_replied_at`) and whether that was automatic. When an agent first answered in tickets that do not say it
    themselves; `records_replies` is false in those of files without it that have no messages: what is unknown is not unanswered.
    """
    from_messages = _of_tickets(dialogue, tickets)
    if HEARD_LATE in tickets.columns:
        from_messages = from_messages.join(tickets.filter(HEARD_LATE).select("ticket_id"), on="ticket_id", how="anti")
    joined = tickets.join(from_messages, on="ticket_id", how="left", maintain_order="left")
    joined = _by_messages(joined)
    filled = joined.with_columns(
        _own(joined, name) for name in ("agent_replies", "customer_replies", "is_outbound")
    ).with_columns(**_first_replies(joined))
    if (dialogue["author"] == "bot").any() and not _is_filled(tickets, "is_auto_replied"):
        is_earlier = (pl.col("messages_any") < pl.col("messages_first")) | pl.col("messages_at_once")
        is_automatic = pl.col("messages_first").is_null() | is_earlier
        filled = filled.with_columns(
            first_any_replied_at="messages_any",
            **{MESSAGED: pl.col("messages_agent_replies").is_not_null()},
            is_auto_replied=pl.when(pl.col("messages_any").is_not_null()).then(is_automatic),
        )
        if filled["messages_at_once"].any():
            filled = filled.with_columns(pl.col("messages_at_once").fill_null(value=False).alias(AT_ONCE))
    return filled.drop(name for name in filled.columns if name.startswith("messages_"))


def _of_tickets(dialogue: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """What the messages of each ticket show, for tickets that have any.

    Of messages without seconds one in the minute of the opening is no earlier than that: a reply there took no time, and an automatic one
    came before anybody's (`messages_at_once`). An automatic message at the opening answers it where the files hold no customers' messages,
    which would be what it answers; where they hold some, it is a greeting in a ticket without any.
    """
    created = "created_at" if "created_at" in tickets.columns else pl.lit(None, Kind.INSTANT.dtype).alias("created_at")
    by_customer, by_agent, by_bot = (pl.col("author") == name for name in ("customer", "agent", "bot"))
    at = pl.col("sent_at")
    file = ["_file"] if "_file" in dialogue.columns else []
    dated = dialogue.select("ticket_id", "sent_at", "author", *file).join(
        tickets.select("ticket_id", created), on="ticket_id"
    )
    is_whole = (at.dt.truncate("1m") == at).all() & (pl.len() >= ENOUGH)
    is_coarse = is_whole.over(file) if file else is_whole
    is_at_once = is_coarse & (at.dt.truncate("1m") == pl.col("created_at").dt.truncate("1m")).fill_null(value=False)
    dated = dated.with_columns(
        _at_once=is_at_once, sent_at=pl.when(is_at_once).then(pl.max_horizontal(at, "created_at")).otherwise(at)
    )
    asked = pl.when(by_customer).then(at).min().over("ticket_id")
    follows = ((at >= asked).fill_null(value=False) | (at > pl.col("created_at")).fill_null(value=False)) & ~by_customer
    if not (dialogue["author"] == "customer").any():
        follows |= by_bot & (at >= pl.col("created_at")).fill_null(value=False)
    marked = dated.with_columns(_asked=asked, _replies=follows)
    replied = pl.col("_replies") & by_agent
    return marked.group_by("ticket_id").agg(
        messages_agent_replies=replied.sum().cast(pl.Int32),
        messages_customer_replies=by_customer.sum().cast(pl.Int32),
        messages_first=pl.when(replied).then(at).min(),
        messages_any=pl.when("_replies").then(at).min(),
        messages_at_once=(pl.col("_replies") & by_bot & pl.col("_at_once")).any(),
        messages_is_outbound=(
            by_agent & (at <= pl.col("created_at")) & (at < pl.col("_asked")).fill_null(value=True)
        ).any(),
    )


def _first_replies(joined: pl.DataFrame) -> dict[str, pl.Expr]:
    """The columns of agents' first replies: that of the ticket's own file, else what the messages show; and whether the two are a minute apart."""
    is_own = pl.lit(value="first_replied_at" in joined.columns)
    if DATES in joined.columns:
        is_own = pl.col(DATES)
    is_recorded = (
        pl.col(RECORDS + "replies")
        if RECORDS + "replies" in joined.columns
        else is_own | _has(joined, "first_reply_time")
    )
    own = pl.col("first_replied_at") if "first_replied_at" in joined.columns else pl.lit(None, Kind.INSTANT.dtype)
    from_messages = pl.when(~_has_reply(joined)).then("messages_first")
    return {
        "first_replied_at": pl.coalesce(own, from_messages),
        "records_replies": is_recorded | pl.col("messages_agent_replies").is_not_null(),
        DATES: is_own,
        OWN_REPLIES: is_own | _has_reply(joined),
        DIFFERS: (own - pl.col("messages_first")).abs() > CLOSE,
    }


def _has(joined: pl.DataFrame, name: str) -> pl.Expr:
    """Whether a ticket has a column, filled."""
    return pl.col(name).is_not_null() if name in joined.columns else pl.lit(value=False)


def _has_reply(joined: pl.DataFrame) -> pl.Expr:
    """Whether a ticket's own file says when an agent first replied, or after how long; a time of nothing is none."""
    took = pl.col("first_reply_time") > 0 if "first_reply_time" in joined.columns else pl.lit(value=False)
    return _has(joined, "first_replied_at") | took.fill_null(value=False)


def _by_messages(joined: pl.DataFrame) -> pl.DataFrame:
    """The tickets with a mark for each of their columns that is taken from messages."""
    columns = [("agent_replies", "messages_agent_replies"), ("is_outbound", "messages_is_outbound")]
    marks = [
        (~_has(joined, column) & pl.col(found).is_not_null()).alias(f"{INSTEAD}{column}:messages")
        for column, found in columns
    ]
    marks.append(
        (~_has_reply(joined) & pl.col("messages_first").is_not_null()).alias(f"{INSTEAD}first_replied_at:messages")
    )
    marked = joined.select(marks)
    return joined.hstack([mark for mark in marked if mark.any()])


def _own(joined: pl.DataFrame, name: str) -> pl.Expr:
    """What the ticket itself says, else what its messages show."""
    from_messages = pl.col(f"messages_{name}").alias(name)
    return pl.coalesce(name, from_messages).alias(name) if name in joined.columns else from_messages


def separates_automatic_replies(tickets: pl.DataFrame) -> bool:
    """Whether agents' first replies are distinguished from automatic ones: by the export itself, or taken from messages."""
    if "first_any_replied_at" not in tickets.columns:
        return True
    return OWN_REPLIES in tickets.columns and not tickets[OWN_REPLIES].any()


def _is_filled(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and bool(frame[name].is_not_null().any())


def _with_channels(tickets: pl.DataFrame, dialogue: pl.DataFrame) -> pl.DataFrame:
    """Tickets with the number of channels their customer wrote by, where messages name any."""
    if CHANNEL not in dialogue.columns or not dialogue[CHANNEL].is_not_null().any():
        return tickets
    used = dialogue.filter((pl.col("author") == "customer") & pl.col(CHANNEL).is_not_null())
    counts = used.select("ticket_id", CHANNEL).unique().group_by("ticket_id").len(CHANNELS)
    return tickets.join(counts, on="ticket_id", how="left", maintain_order="left")
