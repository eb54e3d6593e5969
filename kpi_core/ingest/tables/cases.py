"""Links messages and cases: each message knows its case, and what the case's ticket knows.

Where no file of tickets is given, cases are made of the conversations in which a customer has written. When such a
case was opened is known, its state is not.
"""

from datetime import datetime, timedelta

import polars as pl

from kpi_core.facts.conversations.threads import CHANNEL, HEARD_LATE
from kpi_core.facts.conversations.turns import has_authors, spoken
from kpi_core.ingest.file_read import BARE_CASE, CASE
from kpi_core.ingest.tables.linking import completed_by_ticket, dimensions, noise
from kpi_core.ingest.tables.reshaping.thin_messages import thin_messages
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.report import MARKED

BARE = "_ticket_number"
"""The working column of a message's case as written, whatever its source."""
OPENING = "_opening"
"""The working column, in tickets made of messages, of the message that opened the case."""
NEAR = timedelta(days=1)
"""How far from the opening of a ticket its first message may be."""
AT_OPENING = timedelta(hours=1)
"""How far from the opening of a ticket the customer's message that opened it may be."""
FEW = 0.5
"""The share of conversations without a ticket from which it is serious."""


def with_cases(
    messages: pl.DataFrame | None, tickets: pl.DataFrame | None
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, list[Finding]]:
    """Messages that know their case, the tickets (made of messages where there are none), and what to say of it."""
    if messages is None or "ticket_id" not in messages.columns:
        return messages, tickets, []
    channel = pl.col("channel") if "channel" in messages.columns else pl.lit(None, pl.Categorical)
    messages = messages.with_columns(channel.alias(CHANNEL))
    if tickets is not None:
        keyed = _keyed_by_opening(_keyed(messages, tickets), tickets)
        threads = keyed["ticket_id"].drop_nulls().unique()
        silent = int((~tickets["ticket_id"].is_in(threads.implode())).sum())
        found = [*_match(threads, silent, tickets), *_of_several(messages["ticket_id"], keyed["ticket_id"], tickets)]
        found += thin_messages(keyed, tickets, silent, _of_replies(tickets))
        tickets, late = _heard_late(keyed, tickets)
        return _with_ticket_facts(keyed, tickets), tickets, [*found, *late]
    keyed = messages.with_columns(pl.col("ticket_id").alias(BARE), ticket_id=CASE)
    made = _made(keyed)
    if made is None:
        return keyed, None, []
    message = Message("made-tickets", count=made.height)
    return _with_ticket_facts(keyed, made), made, [Finding(code="made-tickets", message=message)]


def _keyed(messages: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Messages by their ticket's key: of the ticket of their own source, else of the only one with their number.

    A file that finds some of its cases in its own source is of that help desk, and looks for none elsewhere.
    """
    asked = messages.select(_number="ticket_id").unique()
    alike = tickets.select("_number", _found="ticket_id").join(asked, on="_number", how="semi")
    numbered = messages.join(
        alike.unique("_number", keep="none"), left_on="ticket_id", right_on="_number", how="left", maintain_order="left"
    )
    own_files = messages.filter(pl.col(CASE).is_in(alike["_found"].implode()))["_file"].unique()
    has_own = pl.col("_file").is_in(own_files.implode())
    return numbered.with_columns(ticket_id=pl.when(has_own).then(CASE).otherwise(pl.coalesce("_found", CASE))).drop(
        "_found"
    )


def _keyed_by_opening(messages: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Messages of cases whose numbers begin anew, by the one ticket of their number that was opened when they begin."""
    if BARE_CASE not in messages.columns or "sent_at" not in messages.columns or "created_at" not in tickets.columns:
        return messages
    begun = messages.drop_nulls(BARE_CASE).group_by(CASE).agg(pl.col("sent_at").min(), pl.col(BARE_CASE).first())
    alike = begun.join(
        tickets.select("created_at", "_number", _opened="ticket_id"), left_on=BARE_CASE, right_on="_number"
    )
    near = alike.filter((pl.col("sent_at") - pl.col("created_at")).abs() <= NEAR).unique(CASE, keep="none")
    keyed = messages.join(near.select(CASE, "_opened"), on=CASE, how="left", maintain_order="left")
    return keyed.with_columns(ticket_id=pl.coalesce("_opened", "ticket_id")).drop("_opened")


def _with_ticket_facts(messages: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Messages with what their ticket knows and they do not: its group, agent, customer and any column asked for."""
    wanted = [*dimensions(tickets), *noise(tickets), *(["customer_id"] if "customer_id" in tickets.columns else [])]
    known = tickets.select("ticket_id", *wanted).join(messages.select("ticket_id").unique(), on="ticket_id", how="semi")
    joined = messages.join(known, on="ticket_id", how="left", suffix="_ticket", maintain_order="left")
    return completed_by_ticket(joined, wanted)


def _match(threads: pl.Series, silent: int, tickets: pl.DataFrame) -> list[Finding]:
    """How many conversations found their ticket; `silent` is how many tickets have no message."""
    if threads.is_empty():
        return []
    found = int(threads.is_in(tickets["ticket_id"].implode()).sum())
    notes = [Message("conversations-matched", found=found, count=len(threads))]
    if found < len(threads):
        notes.append(Message("other-conversations-count"))
    share = found / len(threads)
    lacks_replies = share < 1 - MARKED and silent > MARKED * tickets.height
    notes += [Message("tickets-without-message", count=silent)] if lacks_replies else []
    kpis = _of_replies(tickets) if lacks_replies else ()
    message = Message("said-together", parts=notes)
    return [Finding(code="conversations", message=message, share=share, is_serious=share < FEW, kpis=kpis)]


def _heard_late(messages: pl.DataFrame, tickets: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets with a mark on those that were opened before the files' first message, and the findings on them.

    Their first messages are in none of the files, unless the first that is there is the customer's at the opening; or anybody's a day from
    it, where the files hold nothing that customers wrote.
    """
    begun = messages["sent_at"].min() if has_authors(messages) else None
    if not isinstance(begun, datetime) or "created_at" not in tickets.columns:
        return tickets, []
    early = tickets.filter(pl.col("created_at") < begun).select("ticket_id", "created_at")
    dialogue = spoken(messages.join(early.select("ticket_id"), on="ticket_id", how="semi"))
    firsts = dialogue.unique("ticket_id", keep="first", maintain_order=True).join(early, on="ticket_id")
    is_customers = pl.col("author") == "customer"
    holds_customers = bool((messages["author"] == "customer").any())
    waited = (pl.col("sent_at") - pl.col("created_at")).abs()
    opens = is_customers & (waited <= AT_OPENING) if holds_customers else waited <= NEAR
    late = firsts.filter(~opens)
    if late.is_empty():
        return tickets, []
    message = Message("cut-messages", count=late.height, at=begun)
    marked = tickets.with_columns(pl.col("ticket_id").is_in(late["ticket_id"].implode()).alias(HEARD_LATE))
    return marked, [
        Finding(code="cut-messages", message=message, kpis=_of_replies(tickets), share=late.height / tickets.height)
    ]


def _of_replies(tickets: pl.DataFrame) -> tuple[str, ...]:
    """The KPIs of tickets that messages alone supply."""
    own = {name for name in tickets.columns if not name.startswith("_")}
    return (
        *(() if own & {"first_replied_at", "first_reply_time"} else ("first_reply*",)),
        *(() if "is_auto_replied" in own else ("automated_first_reply_rate", "first_reply_time_any*")),
        *(() if "agent_replies" in own else ("fcr_one_touch*",)),
        *(() if {"channel", "customer_id"} <= own else ("channels_per_case",)),
    )


def _of_several(numbers: pl.Series, keys: pl.Series, tickets: pl.DataFrame) -> list[Finding]:
    """The conversations of a number that several tickets have, none of which is known to be theirs.

    Args:
        numbers: of each message the number of its ticket as written.
        keys: the key it was given.
        tickets: the tickets.
    """
    shared = tickets["_number"].filter(tickets["_number"].is_duplicated())
    lost = pl.DataFrame({"number": numbers, "key": keys}).drop_nulls().unique()
    lost = lost.filter(
        pl.col("number").is_in(shared.unique().implode()) & ~pl.col("key").is_in(tickets["ticket_id"].implode())
    )
    if lost.is_empty():
        return []
    message = Message("conversations-of-several", count=lost.height)
    return [
        Finding(code="conversations", message=message, kpis=("reply_time*", *_of_replies(tickets)), is_serious=True)
    ]


def _made(messages: pl.DataFrame) -> pl.DataFrame | None:
    """A ticket for each conversation in which a customer has written; None where there is none, or it is unknown.

    Opened by the first public message of a customer or an agent, by its channel and with what its row says; it lies with
    the agent who wrote last.
    """
    if not has_authors(messages):
        return None
    dialogue = spoken(messages).filter(pl.col("author") != "bot")
    customers = dialogue.filter(pl.col("author") == "customer")
    dialogue = dialogue.join(customers.select("ticket_id").unique(), on="ticket_id", how="semi", maintain_order="left")
    if dialogue.is_empty():
        return None
    made = dialogue.unique("ticket_id", keep="first", maintain_order=True).select(
        "ticket_id", *(name for name in dimensions(messages) if name != "agent"),
        _number=BARE, created_at="sent_at", _dates_replies=pl.lit(value=False), **{OPENING: "message_id"},
    )  # fmt: skip
    agents = dialogue.filter(pl.col("author") == "agent")
    for name, rows in (("agent", agents.reverse()), ("customer_id", customers)):
        if name in messages.columns:
            who = rows.drop_nulls(name).unique("ticket_id", keep="first", maintain_order=True)
            made = made.join(who.select("ticket_id", name), on="ticket_id", how="left", maintain_order="left")
    return made
