"""What of a definition only the data and the targets settle: which way effort points, and when a value is final."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from kpi_core.facts import Facts, Rules
from kpi_core.kpi import Better, Kpi

ANSWERING_TIME = timedelta(days=28)
"""How long after it was offered a survey may still be answered."""
OF_OFFERED = ("csat", "nps_of_asked")
OF_DUE_TIMES = ("sla_resolution_rate", "sla_resolution_rate_vendor")


def settled(kpis: Sequence[Kpi], facts: Mapping[str, Facts], rules: Rules) -> list[Kpi]:
    """The KPIs as they hold for this data: effort pointed as its answers are, and each with its time to mature."""
    better = _effort(facts)
    matures = _maturities(facts, rules)
    found = [replace(kpi, better=better) if kpi.name == "ces" else kpi for kpi in kpis]
    return [replace(kpi, matures_after=matures[kpi.name]) if kpi.name in matures else kpi for kpi in found]


def _effort(facts: Mapping[str, Facts]) -> Better:
    if "answers" not in facts:
        return Better.HIGHER
    used = facts["answers"].frame.filter((pl.col("question") == "ces") & pl.col("on_scale"))
    ways = used["direction"].drop_nulls().cast(pl.String).unique().to_list()
    return Better.LOWER if ways == ["lower"] else Better.HIGHER


def _maturities(facts: Mapping[str, Facts], rules: Rules) -> dict[str, timedelta]:
    """Service levels mature after the longest target, what rests on offered surveys after the time to answer."""
    found: dict[str, timedelta] = {}
    if rules.first_reply_targets:
        found["first_reply_within"] = timedelta(seconds=max(rules.first_reply_targets.values()))
    if rules.resolution_targets:
        found |= dict.fromkeys(OF_DUE_TIMES, timedelta(seconds=max(rules.resolution_targets.values())))
    elif "tickets" in facts and {"due_at", "created_at"} <= facts["tickets"].available:
        longest = (
            facts["tickets"].frame.select((pl.col("due_at") - pl.col("created_at")).quantile(0.99, "lower")).item()
        )
        if isinstance(longest, timedelta) and longest > timedelta(0):
            found |= dict.fromkeys(OF_DUE_TIMES, longest)
    if "answers" in facts and "has_offers" in facts["answers"].available:
        found |= dict.fromkeys(OF_OFFERED, ANSWERING_TIME)
    return found
