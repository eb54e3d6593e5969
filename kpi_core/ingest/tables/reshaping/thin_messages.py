"""Lists of messages that do not hold what was written: one message a case, openings that are missing, times of other messages.

First replies, and how many it took, are counted from what is there; a list with the latest message of each case would make each reply
the only one.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED

CODE = "thin-messages"
CASES, ANSWERED = 20, 10
"""Conversations, and those with an agent's message, from which it is no chance."""
EACH_ONCE = 30
"""Answered conversations from which it is none that each has one reply and nothing after it."""
ALONE = 0.95
"""The share of conversations with one message from which the list holds one of each."""
AT_OPENING, BEFORE = pl.duration(hours=1), pl.duration(days=1)
"""How far from the opening of its ticket a customer's first message stands, and how long before it none does."""
SELDOM = 0.1
"""The share of conversations with their opening below which a channel has none written down, as calls have."""
LOST = 0.25
"""The share of conversations without their opening, or of messages before it, from which they are not relied on."""
_HAS, _LACKS = "has_opening", "lacks_opening"


def thin_messages(messages: pl.DataFrame, tickets: pl.DataFrame, silent: int, kpis: Sequence[str]) -> Iterator[Finding]:
    """The finding on messages that are not all there, or not at their own time.

    Args:
        messages: with the key of the ticket that each is about.
        tickets: with `created_at` where it is known.
        silent: how many of the tickets have no message.
        kpis: what messages alone supply for these tickets.
    """
    if not kpis or not {"author", "sent_at"} <= set(messages.columns):
        return
    cases = _cases(messages, tickets)
    if (alone := _one_a_case(cases)) is not None:
        text = Message("one-message-a-case", count=alone, of=cases.height)
        yield _ruined(text, (*kpis, "reply_time*"))
        return
    answered = cases.drop_nulls("agent")
    if answered.height >= EACH_ONCE and answered.select(((pl.col("n") <= 2) & (pl.col("replies") == 1)).all()).item():
        text = Message("one-reply-a-case", count=answered.height)
        yield Finding(code=CODE, message=text, kpis=tuple(kpis), is_serious=True, consequence=Consequence.NO_VERDICT)
    if "opened" not in cases.columns:
        return
    messages_counted, early = int(cases["n"].sum()), int(cases["early"].sum())
    if early >= CASES and early > LOST * messages_counted:
        yield _ruined(Message("messages-before-openings", count=early, of=messages_counted), (*kpis, "reply_time*"))
        return
    dated = _with_openings(cases)
    has, lacks = int(dated[_HAS].sum()), int(dated[_LACKS].sum())
    if has < ANSWERED or lacks < ANSWERED or lacks <= MARKED * (has + lacks):
        return
    text = Message("openings-missing", count=lacks, of=has + lacks, share=lacks / (has + lacks))
    if lacks > LOST * (has + lacks) and silent > MARKED * tickets.height:
        yield _ruined(text, (*kpis, "reply_time*"))
    else:
        yield Finding(
            code=CODE, message=text, kpis=(*kpis, "reply_time*"), is_serious=True, consequence=Consequence.NO_VERDICT
        )


def _ruined(text: Message, kpis: Sequence[str]) -> Finding:
    return Finding(code=CODE, message=text, kpis=tuple(kpis), is_serious=True, consequence=Consequence.NO_VALUE)


def _cases(messages: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """The conversations of known tickets: `n` messages, the first of a customer and of an agent, and `early` ones, long before the opening."""
    wanted = [name for name in ("created_at", "channel") if name in tickets.columns]
    known = tickets.select("ticket_id", *wanted).rename(
        {"created_at": "opened"} if wanted[:1] == ["created_at"] else {}
    )
    by = pl.col("author")
    is_known = by.is_not_null() & (by != "note") & pl.col("sent_at").is_not_null()
    if "is_public" in messages.columns:
        is_known &= pl.col("is_public").fill_null(value=True)
    rows = messages.lazy().filter(is_known).select("ticket_id", "sent_at", "author")
    rows = rows.join(known.lazy(), on="ticket_id", how="inner")
    opened = [pl.col("opened").first(), (pl.col("sent_at") < pl.col("opened") - BEFORE).sum().alias("early")]
    channel = [pl.col("channel").first()] if "channel" in wanted else []
    asked, answered = (pl.col("sent_at").filter(by == who).min().alias(who) for who in ("customer", "agent"))
    counts = rows.group_by("ticket_id").agg(
        pl.len().alias("n"),
        (by == "agent").sum().alias("replies"),
        asked,
        answered,
        *(opened if "created_at" in wanted else []),
        *channel,
    )
    return counts.collect()


def _one_a_case(cases: pl.DataFrame) -> int | None:
    """How many conversations have one message, where nearly all do and agents wrote some; None where they do not."""
    alone = int((cases["n"] == 1).sum())
    is_so = cases.height >= CASES and cases["agent"].count() >= ANSWERED and alone >= ALONE * cases.height
    return alone if is_so else None


def _with_openings(cases: pl.DataFrame) -> pl.DataFrame:
    """Answered conversations, of channels that write openings down, with whether the customer's message at the opening is there."""
    has = (pl.col("customer") - pl.col("opened")).abs() <= AT_OPENING
    first = pl.min_horizontal("customer", "agent")
    lacks = ~has.fill_null(value=False) & (first == pl.col("agent")) & (pl.col("agent") > pl.col("opened") + AT_OPENING)
    by_agent = cases.drop_nulls("agent").with_columns(
        has.fill_null(value=False).alias(_HAS), lacks.fill_null(value=False).alias(_LACKS)
    )
    if "channel" not in by_agent.columns:
        return by_agent
    return by_agent.filter((pl.col(_HAS).mean() >= SELDOM).over("channel"))
