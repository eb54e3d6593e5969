"""Times that a file states in a column of their own, and that its dates contradict: the dates are counted, which is reported."""

from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.messages.nouns import TIME_WORDS
from kpi_core.model.columns import DAYS, MONTHS
from kpi_core.model.findings import Finding

CODE = "contradicted-times"
MOST = 0.25
"""The share of tickets with both from which they contradict each other: single ones may be reopened or corrected."""
HOUR, DAY = 3600, 86_400
NEAR = 0.1
ENDS = {"resolution_time": "resolved_at", "first_reply_time": "first_replied_at"}
STAND_INS = {"resolved_at": "closed_at"}
"""What stands in for an end that a file lacks."""
KPIS = {
    "resolution_time": ("resolution_time*", "resolved_within*"),
    "first_reply_time": ("first_reply_time*", "first_reply_within*"),
}


def contradicted_times(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """The finding on times in a column of their own that are another than from the opening to their end."""
    tickets = tables.get("tickets")
    for time, end in ENDS.items():
        if tickets is None or not {"created_at", time} <= set(tickets.columns):
            continue
        is_stand_in = end not in tickets.columns and end in STAND_INS and STAND_INS[end] in tickets.columns
        end = STAND_INS[end] if is_stand_in else end  # noqa: PLW2901
        if end not in tickets.columns or any(
            mark + name in tickets.columns for mark in (DAYS, MONTHS) for name in ("created_at", end)
        ):
            continue
        both = tickets.lazy().select(
            stated=pl.col(time).cast(pl.Int64), dated=(pl.col(end) - pl.col("created_at")).dt.total_seconds()
        )
        spans = both.filter(pl.col("dated") >= 0, pl.col("stated").is_not_null()).collect()
        if spans.is_empty():
            continue
        step = DAY if (spans["stated"] % DAY == 0).all() else HOUR
        apart = (pl.col("stated") - pl.col("dated")).abs()
        odd = spans.filter(apart > pl.max_horizontal(pl.lit(step), NEAR * pl.col("dated")))
        if odd.height <= MOST * spans.height:
            continue
        stated, dated = odd.sort("dated", "stated").row(odd.height // 2)  # whatever the order of the rows
        text = Message(
            "stated-times", count=odd.height, all=spans.height, what=TIME_WORDS[time], stated=stated / HOUR, dated=dated / HOUR,
            way=Message("closing-stands-in" if is_stand_in else "may-be-opening-hours" if stated < dated else "correct-the-column"),
        )  # fmt: skip
        yield Finding(code=CODE, message=text, kpis=KPIS[time], is_serious=True, share=odd.height / spans.height)
