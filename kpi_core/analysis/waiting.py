"""Tickets that still wait for a first reply: where many do, the times of the others are no fair sample."""

import polars as pl

from kpi_core.engine.cells import TOTAL
from kpi_core.engine.compute import Engine
from kpi_core.periods import Period

WAITING = 0.03
"""The share of tickets that may wait for a reply beyond that of the baseline."""


def still_waiting(
    engine: Engine, period: Period, baseline: Period, dimension: str
) -> dict[str | None, tuple[float, float]]:
    """The share of each group's tickets that wait for a first reply, of the period and of the baseline."""
    frame = engine.tables["tickets"].frame
    names = ("awaits_reply", "tells_replies", "first_reply_time", "is_resolved")
    if not {*names, *([dimension] if dimension != TOTAL else [])} <= set(frame.columns):
        return {}
    group = pl.lit(None, pl.String) if dimension == TOTAL else pl.col(dimension)
    within = [
        pl.col("day").is_between(side.start, side.end, closed="left").fill_null(value=False)
        for side in (period, baseline)
    ]
    waits = pl.col("first_reply_time").is_null() & ~pl.col("is_resolved").fill_null(value=True)
    rows = frame.lazy().select(*names, day=engine.day("tickets", "created_at"), group=group)
    rows = rows.filter(pl.col("awaits_reply") & pl.col("tells_replies") & (within[0] | within[1]))
    shares = [waits.filter(side).mean().fill_null(0.0) for side in within]
    found = rows.group_by("group").agg(shares[0].alias("now"), shares[1].alias("then")).collect()
    return {name: (now, then) for name, now, then in found.cast({"group": pl.String}).iter_rows()}
