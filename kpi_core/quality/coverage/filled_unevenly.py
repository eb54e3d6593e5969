"""Columns that are filled in more rows of one period than of the other: who is in a figure then depends on when it was written down."""

import math
from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import leaves, needs
from kpi_core.engine.state_cache import home
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Query

CODE = "filled-unevenly"
WRITTEN = frozenset(
    {
        ("tickets", "handle_time"), ("tickets", "requester_wait_time"), ("tickets", "agent_replies"), ("tickets", "reopens"),
        ("tickets", "agent_stations"), ("tickets", "customer_id"),
    }
)  # fmt: skip
"""What somebody or something writes down of each row, so that a blank says that nobody did; first replies have a guard of their own."""
UNLIKE, SURE = 0.05, 3.0
"""How much the shares of filled rows may differ, and how many standard errors show that they do."""
FEWEST = 20
"""Rows of either period, below which nothing is reported."""


def filled_unevenly(engine: Engine, query: Query, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """What is not compared because a column it needs is filled in clearly more rows of one period than of the other."""
    if query.baseline is None:
        return
    touched: dict[tuple[str, str, str], dict[str, None]] = {}
    for kpi in kpis:
        homes = {home(leaf) for leaf in leaves(kpi)}
        for table, column in needs(kpi) & WRITTEN:
            for dated_by in sorted(date for name, date in homes if name == table):
                touched.setdefault((table, dated_by, column), {})[kpi.name] = None
    for (table, dated_by, column), names in sorted(touched.items()):
        facts = engine.tables.get(table)
        if facts is None or not {dated_by, column} <= set(facts.frame.columns):
            continue
        rows = facts.frame.lazy().select(day=engine.day(table, dated_by), filled=pl.col(column).is_not_null())
        sides = [
            pl.col("filled").filter(pl.col("day").is_between(side.start, side.end, closed="left"))
            for side in (query.period, query.baseline)
        ]
        counts = rows.select(
            count.alias(f"{place} {what}")
            for place, side in enumerate(sides)
            for what, count in (("rows", side.len()), ("filled", side.sum()))
        )
        n1, filled1, n0, filled0 = counts.collect().row(0)
        if (shares := _unlike((filled1, n1), (filled0, n0))) is not None:
            text = Message(
                "filled-unevenly", column=column, table=called(table), now=shares[0], then=shares[1],
                period=query.period.name, baseline=query.baseline.name,
            )  # fmt: skip
            yield Finding(code=CODE, message=text, kpis=tuple(names), consequence=Consequence.NO_VERDICT)


def _unlike(now: tuple[int, int], then: tuple[int, int]) -> tuple[float, float] | None:
    """The shares of filled rows of all, where they differ by more than chance and by enough."""
    (filled1, n1), (filled0, n0) = now, then
    if min(n1, n0) < FEWEST:
        return None
    new, old = filled1 / n1, filled0 / n0
    pooled = (new * n1 + old * n0) / (n1 + n0)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    return (new, old) if abs(new - old) > max(UNLIKE, SURE * error) else None
