"""Cells that name several agents at once (`Kim, Lee`, each on a line of its own): each would be an agent of its own next to Kim and Lee."""

from collections.abc import Mapping

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "several-agents"
_APART = r"\s*(?:[,;/&+|\r\n]|\s(?:och|og|and|ja|und)\s)\s*"


def several_agents(tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """The finding on tickets whose agent is several, each of whom is the agent of other tickets alone."""
    tickets = tables.get("tickets")
    if tickets is None or "agent" not in tickets.columns:
        return []
    counted = tickets.lazy().select("agent").drop_nulls().group_by("agent").len().collect(engine="streaming")
    counts = counted.with_columns(pl.col("agent").cast(pl.String))
    names = {name.strip().casefold() for name in counts["agent"]}
    split = counts.with_columns(parts=pl.col("agent").str.replace_all(_APART, "\x1f").str.split("\x1f"))
    joint = split.filter(
        (pl.col("parts").list.len() > 1)
        & pl.col("parts").list.eval(pl.element().str.to_lowercase().str.strip_chars().is_in(list(names))).list.all()
    ).sort("len", "agent", descending=[True, False])
    if joint.is_empty():
        return []
    rows = int(joint["len"].sum())
    text = Message("several-agents", count=rows, example=" ⏎ ".join(joint["agent"][0].splitlines()))
    return [
        Finding(
            code=CODE, message=text, kpis=("tickets_per_agent*",), is_serious=True, consequence=Consequence.NO_VALUE
        ),
        Finding(
            code=CODE,
            message=Message("several-agents-split", finding=text),
            kpis=("*",),
            is_serious=True,
            consequence=Consequence.NO_VERDICT,
            by="agent",
        ),
    ]
