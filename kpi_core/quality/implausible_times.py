"""Times that cannot be true, or that stand for nothing, and what they would do to a KPI at face value.

The facts have left them out already; each is compared with the export's own cells once more to say what that changed.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.facts import TIMES, Facts
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import TIME_WORDS
from kpi_core.model.columns import UNANSWERED
from kpi_core.quality.defects import Cost, Defect

BY_CLOCK = {
    "first_reply_time": ("first_replied_at",),
    "first_resolution_time": ("first_resolved_at",),
    "resolution_time": ("resolved_at", "closed_at"),
}
"""The instants that end a time by the clock, the best evidence first."""

ZEROS = ("first_reply_time", "first_reply_time_business", "first_resolution_time", "first_resolution_time_business",
         "resolution_time", "resolution_time_business")  # fmt: skip


def wrong_times(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Zeros, negative times, instants out of order and missing ones; `tickets` as read, `facts` derived from them."""
    for look in (_zeros, _true_zeros, _untracked, _negative, _closed_early, _replied_late, _undated, _open_again):
        yield from look(tickets, facts)


def _compared(tickets: pl.DataFrame, facts: Facts, name: str, written: pl.Expr) -> pl.DataFrame:
    """Each ticket's time as `written` by the export and as `known` by the facts; `awaits`: it may have an agent's first reply."""
    is_automatic = pl.lit(value=False)
    if "is_auto_replied" in facts.available and "first_any_replied_at" not in facts.available:
        is_automatic = pl.col("is_auto_replied").fill_null(value=False)
    known = facts.frame.select("ticket_id", known=name, awaits=pl.col("awaits_reply") & ~is_automatic)
    return known.join(tickets.select("ticket_id", written=written), on="ticket_id", how="left", maintain_order="left")


def _median(values: pl.Expr) -> pl.Expr:
    return values.cast(pl.Float64).median()


def _zeros(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Zeros that stand for nothing having happened."""
    for name in (name for name in ZEROS if name in tickets.columns and name in facts.available):
        both = _compared(tickets, facts, name, pl.col(name))
        missing = (pl.col("written") == 0) & pl.col("known").is_null()
        if name.startswith("first_reply"):
            missing = missing & pl.col("awaits")
        zeroed = pl.when(missing).then(0).otherwise("known")
        count, value, otherwise = both.select(
            missing.sum(), _median(pl.col("known")).alias("v"), _median(zeroed).alias("o")
        ).row(0)
        if count:
            message = Message(
                "zero-without-reply" if name.startswith("first_reply") else "zero-without-resolution",
                count=count, time=TIME_WORDS[name],
            )  # fmt: skip
            cost = Cost(kpi=BY_NAME[name], value=value, otherwise=otherwise, if_so=Message("if-zeros"))
            yield Defect(code="zero-is-missing", message=message, count=count, cost=cost)


def _true_zeros(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Zeros in business hours of what did happen, outside opening hours."""
    for name in (
        name for name in ZEROS if name.endswith("_business") and name in facts.available and name in tickets.columns
    ):
        known = pl.col(name)
        count, value, otherwise = facts.frame.select(
            (known == 0).sum(), _median(known).alias("v"), _median(known.filter(known != 0)).alias("o")
        ).row(0)
        if count:
            message = Message(
                "zero-is-true" if _is_confirmed(tickets, name) else "zero-taken-as-true",
                count=count, time=TIME_WORDS[name],
            )  # fmt: skip
            cost = Cost(kpi=BY_NAME[name], value=value, otherwise=otherwise, if_so=Message("if-without-them"))
            yield Defect(code="zero-is-true", message=message, count=count, cost=cost)


def _untracked(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """A handle time of zero on every ticket."""
    if "handle_time" not in tickets.columns or "handle_time" in facts.available:
        return
    count = int(tickets.select((pl.col("handle_time") == 0).sum()).item())
    if count:
        yield Defect(
            code="not-tracked",
            message=Message("not-tracked", count=count),
            count=count,
        )


def _is_confirmed(tickets: pl.DataFrame, name: str) -> bool:
    """Whether another column says that a time of zero did pass."""
    others = {"first_replied_at", "agent_replies", UNANSWERED} if name.startswith("first_reply") else {"resolved_at"}
    return bool(others & set(tickets.columns))


def _negative(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Times that end before they begin: left out, with what the mean would be if they were not."""
    for name in TIMES:
        count = facts.counts.get(f"negative {name}", 0)
        if not count:
            continue
        both = _compared(tickets, facts, name, _written(tickets, name))
        kept = pl.when(pl.col("written") < 0).then("written").otherwise("known")
        value, otherwise = both.select(pl.col("known").mean(), kept.mean().alias("o")).row(0)
        ended = next((until for until in BY_CLOCK.get(name, ()) if until in tickets.columns), None)
        cost = Cost(
            kpi=BY_NAME.get(f"{name}_mean", BY_NAME[name]),
            value=value,
            otherwise=otherwise,
            if_so=Message("if-with-them"),
        )
        yield Defect(
            code="negative-time",
            message=_ended_early(name, ended, count),
            count=count,
            cost=cost,
        )


def _ended_early(name: str, ended: str | None, count: int) -> Message:
    """That so many tickets have a negative time, by the instant that ends it where there is one."""
    match ended:
        case "first_replied_at":
            return Message("replied-before-opened", count=count)
        case "first_resolved_at":
            return Message("first-resolved-before-opened", count=count)
        case "resolved_at":
            return Message("resolved-before-opened", count=count)
        case "closed_at":
            return Message("closed-before-opened", count=count)
        case _:
            return Message("time-is-negative", count=count, time=TIME_WORDS[name])


def _written(tickets: pl.DataFrame, name: str) -> pl.Expr:
    """A time at face value: from its two instants, else the export's own column."""
    parts = [pl.col(name).cast(pl.Int64)] if name in tickets.columns else []
    ends = [pl.col(until) for until in BY_CLOCK.get(name, ()) if until in tickets.columns]
    if ends and "created_at" in tickets.columns:
        parts.insert(0, (pl.coalesce(ends) - pl.col("created_at")).dt.total_seconds())
    return pl.coalesce(parts) if parts else pl.lit(None, pl.Int64)


def _closed_early(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Closings before the opening, where the resolution is dated apart; where it is not, its time says so already."""
    if not {"created_at", "closed_at", "resolved_at"} <= set(tickets.columns):
        return
    early = (pl.col("closed_at") < pl.col("created_at")) & pl.col("resolved_at").is_not_null()
    count = int(tickets.select(early.sum()).item())
    if not count:
        return
    cost = None
    if "resolution_time" in facts.available:
        span = pl.when(early).then((pl.col("closed_at") - pl.col("created_at")).dt.total_seconds())
        both = _compared(tickets, facts, "resolution_time", span)
        value, otherwise = both.select(pl.col("known").mean(), pl.coalesce("written", "known").mean().alias("o")).row(0)
        cost = Cost(kpi=BY_NAME["resolution_time_mean"], value=value, otherwise=otherwise, if_so=Message("if-ended-by-closing"))  # fmt: skip
    message = Message("closed-before-created", count=count)
    yield Defect(code="closed-before-created", message=message, count=count, cost=cost)


def _replied_late(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """First replies after the resolution: they answered nobody who still waited."""
    if not {"first_replied_at", "resolved_at"} <= set(tickets.columns):
        return
    late = pl.col("resolved_at") < pl.col("first_replied_at")
    count = int(tickets.select(late.sum()).item())
    if not count:
        return
    cost = None
    if "first_reply_time" in facts.available:
        both = _compared(tickets, facts, "first_reply_time", late.fill_null(value=False))
        value, otherwise = both.select(
            _median(pl.col("known")), _median(pl.col("known").filter(~pl.col("written"))).alias("o")
        ).row(0)
        cost = Cost(kpi=BY_NAME["first_reply_time"], value=value, otherwise=otherwise, if_so=Message("if-without-them"))
    message = Message("resolved-before-reply", count=count)
    yield Defect(code="resolved-before-reply", message=message, count=count, cost=cost)


def _undated(_: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    count = facts.counts.get("resolved without a time", 0)
    if count:
        resolved = int(facts.frame["is_resolved"].sum())
        cost = Cost(kpi=BY_NAME["tickets_resolved"], value=resolved, otherwise=resolved - count, if_so=Message("if-dated-by-month"))  # fmt: skip
        message = Message("resolved-undated", count=count)
        yield Defect(code="resolved-undated", message=message, count=count, cost=cost)


def _open_again(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Open tickets that carry a resolution time: solved once, reopened since."""
    if "resolved_at" not in tickets.columns or "is_resolved" not in facts.available:
        return
    dated = tickets.select("ticket_id", dated=pl.col("resolved_at").is_not_null())
    both = facts.frame.select("ticket_id", "is_resolved").join(dated, on="ticket_id", how="left", maintain_order="left")
    count, still = both.select(
        (pl.col("dated") & ~pl.col("is_resolved")).sum(), (~pl.col("is_resolved")).sum().alias("open")
    ).row(0)
    if count:
        message = Message("open-with-resolution", count=count)
        cost = Cost(kpi=BY_NAME["backlog"], value=still, otherwise=still - count, if_so=Message("if-resolved"))
        yield Defect(code="open-again", message=message, count=count, cost=cost)
