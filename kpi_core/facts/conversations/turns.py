"""Conversations walked through in order: who wrote when, where a customer's turn begins, and which reply ends it.

Nothing here depends on the order of a file: messages of one instant stand in the order customer, agent, bot, since
what is written at the instant of a question answers it, and then by their number.
"""

from datetime import datetime

import polars as pl

from kpi_core.model.columns import whole_seconds
from kpi_core.model.tables import Kind

AT = "_at"
NOTE = "note"
NEEDED = frozenset({"ticket_id", "sent_at", "author"})
"""What messages must have for a conversation to be followed."""


def has_authors(messages: pl.DataFrame) -> bool:
    """Whether messages say whose they are, of which case and from when."""
    return set(messages.columns) >= NEEDED and bool(messages["author"].is_not_null().any())


def spoken(messages: pl.DataFrame, as_of: datetime | None = None) -> pl.DataFrame:
    """The public messages up to `as_of` whose case, time and author are known, case by case, oldest first."""
    is_usable = pl.all_horizontal(pl.col(name).is_not_null() for name in NEEDED) & (pl.col("author") != NOTE)
    if "is_public" in messages.columns:
        is_usable = is_usable & pl.col("is_public").fill_null(value=True)
    if as_of is not None:
        is_usable = is_usable & (pl.col("sent_at") <= as_of)
    return messages.filter(is_usable).sort("ticket_id", "sent_at", pl.col("author").to_physical(), "message_id")


def with_turns(messages: pl.DataFrame, as_of: datetime | None = None) -> pl.DataFrame:
    """Messages with the customers' turns, each on the row of its first message; their authors must be known (see `has_authors`).

    `is_turn` marks them. A turn begins `asked_at` and ends `replied_at`, at the next public message of an agent, after
    `reply_time` seconds (null: not answered); its `agent` is who replied. Bots and internal notes end no turn. Where
    the files hold nothing a customer wrote in a case, its turns are the replies for which the export itself gives a time.
    """
    rows = messages.with_row_index(AT)
    dialogue = spoken(rows, as_of).filter(pl.col("author") != "bot")
    turns = pl.concat([_turns(dialogue), _written(dialogue)], how="diagonal")
    joined = rows.drop("asked_at", "reply_time", "reply_time_business", strict=False)
    joined = joined.join(turns, on=AT, how="left", suffix="_of_turn", maintain_order="left").drop(AT)
    joined = joined.with_columns(pl.col("is_turn").fill_null(value=False))
    both = [name for name in ("agent", "group") if f"{name}_of_turn" in joined.columns]
    first = {"agent": ("agent_of_turn", "agent"), "group": ("group", "group_of_turn")}
    return joined.with_columns(pl.coalesce(first[name]).alias(name) for name in both).drop(
        f"{name}_of_turn" for name in both
    )


def _turns(dialogue: pl.DataFrame) -> pl.DataFrame:
    """The turns of the cases in which a customer has written."""
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    follows = (pl.col("ticket_id") == pl.col("ticket_id").shift(1)).fill_null(value=False)
    is_further = follows & (pl.col("author").shift(1) == "customer")
    marked = dialogue.with_columns(
        _is_turn=(pl.col("author") == "customer") & ~is_further,
        _reply=pl.when(pl.col("author") == "agent").then(place).fill_null(strategy="backward"),
    )
    begun = marked.filter("_is_turn")
    who = [name for name in ("agent", "group") if name in dialogue.columns]
    replies = dialogue.select("ticket_id", "sent_at", *who).select(pl.all().gather(begun["_reply"]))
    own = (replies["ticket_id"] == begun["ticket_id"]).fill_null(value=False)
    replied = replies.select(
        pl.when(own).then("sent_at").alias("replied_at"), *(pl.when(own).then(name).alias(name) for name in who)
    )
    turns = begun.select(AT, asked_at="sent_at", is_turn=pl.lit(value=True)).hstack(replied)
    return turns.with_columns(reply_time=whole_seconds(pl.col("replied_at") - pl.col("asked_at")))


def _written(dialogue: pl.DataFrame) -> pl.DataFrame:
    """The replies whose time the export itself gives, in cases of which no customer's message is in the files."""
    heard = dialogue.filter(pl.col("author") == "customer").select("ticket_id").unique()
    replies = dialogue.filter(pl.col("author") == "agent").join(
        heard, on="ticket_id", how="anti", maintain_order="left"
    )
    asked = [pl.col("asked_at")] if "asked_at" in replies.columns else []
    if "reply_time" in replies.columns:
        asked.append(pl.col("sent_at") - pl.duration(seconds="reply_time"))
    if not asked:
        return pl.DataFrame(schema={AT: pl.UInt32()})
    business = "reply_time_business" if "reply_time_business" in replies.columns else pl.lit(None, pl.Int32)
    timed = replies.with_columns(asked_at=pl.coalesce(asked).cast(Kind.INSTANT.dtype)).filter(
        pl.col("asked_at").is_not_null()
    )
    return timed.select(
        AT, "asked_at", is_turn=pl.lit(value=True), is_written=pl.lit(value=True), replied_at="sent_at",
        reply_time=whole_seconds(pl.col("sent_at") - pl.col("asked_at")), reply_time_business=business,
    )  # fmt: skip
