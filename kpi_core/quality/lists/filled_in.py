"""Blank cells that were filled in before a list came here: one date for all that is open, the cell above, the opening, a 0 for no answer and no amount.

Each is detected only where nothing is left blank. What looks like real data is reported and not compared; nothing is corrected.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "filled-in"
ROWS, SEVERAL, SHARE = 60, 10, 0.05
"""Rows of a list, cells that are filled in, and their share, from which it is no chance."""
MOSTLY = 0.8
SOON, RARER = pl.duration(minutes=5), 3
"""How soon after its opening a ticket is hardly ever resolved where many were at no time at all, and how many times as rarely."""
LONGER, FEWEST = 4, 5
"""How many times as long first replies at the very end took as the others, and how many they are."""
NOUGHTS, TIMES = 0.2, 3
"""The share of answers that are 0 on 0–10, and how many times as many they are as those of 1, 2 or 3."""
WORDS = 6
"""Different values that answers in words may have (`Nej` is 0, too)."""
FREE = 0.1
"""The share of orders without an amount from which their mean is none of what is bought."""
OF_ENDS = (
    "tickets_resolved", "net_flow", "backlog*", "resolution_*", "first_resolution_time*", "resolved_within*", "successful_resolution_rate",
    "complaint_resolution_rate", "fcr_no_*", "sla_resolution_rate*",
)  # fmt: skip
OF_REPLIES = ("first_reply*", "sla_first_reply_rate*")


def filled_in(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """The findings on rows that count whose cells were filled in."""
    if (tickets := tables.get("tickets")) is not None and tickets.height >= ROWS and "created_at" in tickets.columns:
        yield from _ends(tickets)
        yield from _replies(tickets)
    if (answers := tables.get("answers")) is not None and {"question", "score"} <= set(answers.columns):
        yield from _noughts(answers)
    if (orders := tables.get("orders")) is not None and "amount" in orders.columns and orders.height >= ROWS:
        yield from _free(orders)


def _doubt(message: Message, kpis: tuple[str, ...], consequence: Consequence = Consequence.NO_VERDICT) -> Finding:
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=consequence)


def _ends(tickets: pl.DataFrame) -> Iterator[Finding]:
    """Findings on the ends of tickets that all have one, in a list without statuses."""
    end = next((name for name in ("resolved_at", "closed_at") if name in tickets.columns), None)
    if end is None or tickets[end].null_count() or ("status" in tickets.columns and tickets["status"].count()):
        return
    early = tickets.filter(pl.col(end) < pl.col("created_at"))[end]
    if len(early) >= FEWEST:
        at, count = early.value_counts(sort=True).row(0)
        of = int((tickets[end] == at).sum())
        if count >= MOSTLY * len(early) and of >= SEVERAL:
            yield _doubt(Message("ends-of-one-instant", count=of, at=at, early=count), OF_ENDS, Consequence.NO_VALUE)
            return
    took = pl.col(end) - pl.col("created_at")
    none, soon = tickets.select(
        none=(took == pl.duration()).sum(), soon=((took > pl.duration()) & (took <= SOON)).sum()
    ).row(0)
    if max(SEVERAL, SHARE * tickets.height) <= none <= tickets.height / 2 and RARER * soon <= none:
        yield _doubt(Message("ends-at-openings", count=none, of=tickets.height), OF_ENDS)
    if (count := _from_above(tickets[end])) is not None:
        yield _doubt(Message("ends-from-above", count=count, of=tickets.height), OF_ENDS)


def _replies(tickets: pl.DataFrame) -> Iterator[Finding]:
    """Findings on first replies, where each resolved ticket has one."""
    if not {"first_replied_at", "resolved_at"} <= set(tickets.columns):
        return
    is_ended, is_replied = pl.col("resolved_at").is_not_null(), pl.col("first_replied_at").is_not_null()
    if tickets.select((is_ended & ~is_replied).any()).item():  # mostly so
        return
    ended = tickets.select("created_at", "first_replied_at", "resolved_at").filter(is_ended)
    if ended.height < ROWS:
        return
    if (count := _from_above(ended["first_replied_at"])) is not None:
        yield _doubt(Message("replies-from-above", count=count, of=ended.height), OF_REPLIES)
        return
    is_end = ended["first_replied_at"] == ended["resolved_at"]
    count = int(is_end.sum())
    if not FEWEST <= count <= ended.height / 2:
        return
    took = (ended["first_replied_at"] - ended["created_at"]).dt.total_seconds()
    at_end, others = took.filter(is_end).median(), took.filter(~is_end).median()
    if isinstance(at_end, int | float) and isinstance(others, int | float) and at_end > LONGER * max(others, 60):
        yield _doubt(Message("replies-at-ends", count=count, of=ended.height), OF_REPLIES)


def _from_above(column: pl.Series) -> int | None:
    """How many cells say what the one above them says, where hardly any others say the same and it is many instants; None where they are few."""
    repeats = len(column) - column.n_unique()
    if repeats < max(SEVERAL, SHARE * len(column)):
        return None
    above = (column == column.shift(1)).fill_null(value=False)
    count = int(above.sum())
    is_so = (
        count >= max(SEVERAL, SHARE * len(column)) and count >= 0.9 * repeats and column.dt.time().n_unique() > SEVERAL
    )
    return count if is_so and column.filter(above).n_unique() > count / 3 else None


def _noughts(answers: pl.DataFrame) -> Iterator[Finding]:
    """The finding on NPS answers with many times as many 0 as 1 to 3."""
    scores = answers.lazy().filter(pl.col("question") == "nps", pl.col("score").is_not_null()).select("score")
    given = scores.collect()["score"]
    if len(given) < ROWS or given.n_unique() <= WORDS:
        return
    nought, most = int((given == 0).sum()), max(int((given == score).sum()) for score in (1, 2, 3))
    if nought >= NOUGHTS * len(given) and nought >= TIMES * most:
        yield _doubt(Message("noughts-for-blanks", count=nought, of=len(given), share=nought / len(given)), ("nps*",))


def _free(orders: pl.DataFrame) -> Iterator[Finding]:
    """The finding on orders with an amount of 0."""
    free = int((orders["amount"] == 0).sum())
    if free >= SEVERAL and free > SHARE * orders.height:
        message = Message("orders-for-nothing", count=free, of=orders.height, share=free / orders.height)
        yield Finding(code=CODE, message=message, kpis=("aov*",), is_serious=free > FREE * orders.height)
