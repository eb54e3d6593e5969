"""Many old tickets closed on one instant: a clean-up of the list, and no day's work whose times could be compared."""

from collections.abc import Iterator

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import Query

CODE = "closed-at-once"
KPIS = (
    "resolution_time*",
    "first_resolution_time*",
    "sla_resolution_rate*",
    "resolved_within_km",
    "tickets_resolved",
    "resolution_rate",
)
FEWEST, SHARE = 10, 0.02
"""Tickets resolved within one minute, and their share of a period's, from which they are a clean-up."""
ALONE = 5
"""How many times as many they are as in any minute of another day of the two periods: a list that is closed each night is no clean-up."""
FLOWS = ("net_flow", "backlog", "backlog_days")
OLD, OLD_DAYS = 10.0, 14
"""How many times as old as half of all a ticket of a clean-up of a whole day is, and how many days at least; of such there are as many times as many as on a usual day."""
MOST_DAYS, DAYS_SHARE = 3, 0.05
"""Days that a clean-up takes at most, and the share of a period's tickets from which it is one: who works through old ones takes longer."""
OLDER = 2.0
"""How many times as old half of them are as half of the others."""


def closed_at_once(engine: Engine, query: Query) -> Iterator[Finding]:
    """The finding on either period whose old tickets were closed on one instant."""
    tickets = engine.tables.get("tickets")
    if tickets is None or query.baseline is None or not {"created_at", "resolved_at"} <= tickets.available:
        return
    both = [query.period, query.baseline]
    dated = tickets.frame.lazy().select("created_at", "resolved_at", day=engine.day("tickets", "resolved_at"))
    inside = dated.filter(
        pl.any_horizontal(pl.col("day").is_between(one.start, one.end, closed="left") for one in both)
    )
    rows = inside.select(
        "day", minute=pl.col("resolved_at").dt.truncate("1m"), age=(pl.col("resolved_at") - pl.col("created_at")).dt.total_seconds(),
    ).drop_nulls().collect()  # fmt: skip
    if rows.is_empty():
        return
    counts = (
        rows.group_by("minute")
        .agg(pl.len().alias("n"), pl.col("day").first(), pl.col("age").median())
        .sort("n", descending=True)
    )
    for period in both:
        own = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))
        most = counts.filter(pl.col("day").is_between(period.start, period.end, closed="left")).head(1)
        if own.is_empty() or most.is_empty():
            continue
        minute, count, day, age = most.row(0)
        others = counts.filter(pl.col("day") != day)["n"].max() or 0
        usual = own.filter(pl.col("minute") != minute)["age"].median()
        is_old = isinstance(usual, float) and age > OLDER * usual
        if count >= max(FEWEST, SHARE * own.height) and isinstance(others, int) and count >= ALONE * others and is_old:
            days = round(age / 86_400)
            message = Message("closed-at-once", count=count, day=day, days=days, all=own.height, period=period.name)
            yield Finding(code=CODE, message=message, kpis=KPIS, consequence=Consequence.NO_VERDICT)
        elif (found := _cleared(rows, period, own.height)) is not None:
            yield Finding(code=CODE, message=found, kpis=(*KPIS, *FLOWS), consequence=Consequence.NO_VERDICT)


def _cleared(rows: pl.DataFrame, period: Period, count: int) -> Message | None:
    """The message on a few days of a period on which far more old tickets were resolved than on any usual day; None without."""
    usual = rows["age"].median()
    if not isinstance(usual, float):
        return None
    least = max(OLD * usual, OLD_DAYS * 86_400.0)
    days = rows.group_by("day").agg(
        n=(pl.col("age") > least).sum().cast(pl.Int64), ages=pl.col("age").filter(pl.col("age") > least).min()
    )
    ordinary = days["n"].median()
    many = days.filter(pl.col("n") >= max(FEWEST, OLD * (float(ordinary if isinstance(ordinary, float) else 0.0) + 1)))
    cleared = many.filter(pl.col("day").is_between(period.start, period.end, closed="left")).sort("day")
    total = int(cleared["n"].sum())
    if cleared.is_empty() or many.height > MOST_DAYS or total < max(2 * FEWEST, DAYS_SHARE * count):
        return None
    youngest = int(min(cleared["ages"].to_list()) // 86_400)
    on = cleared["day"].to_list()
    return Message("closed-in-days", count=total, on=on, days=youngest, all=count, period=period.name)
