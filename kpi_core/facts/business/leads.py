"""Leads with their facts: whether each became a customer, by a word or by a day."""

import polars as pl

from kpi_core.facts.build import Builder, Facts
from kpi_core.facts.business.customers import never_says_no, not_unread, where_recorded
from kpi_core.facts.impossible import precedes

CONVERTED_EARLY = "converted before it came in"


def derive_leads(frame: pl.DataFrame) -> Facts:
    """Leads with `is_converted`: by a day on which it happened, else by the word of the file."""
    build = Builder(frame)
    parts: list[pl.Expr] = []
    counts: dict[str, int] = {}
    if "converted_at" in build.mapped:
        parts.append(pl.when(pl.col("converted_at").is_not_null()).then(pl.lit(value=True)))
    if build.has("is_converted"):
        parts.append(pl.col("is_converted"))
    if "converted_at" in build.mapped or (parts and never_says_no(build, "is_converted")):
        parts.append(where_recorded(build, "conversions", not_unread(build, "is_converted")))
    if parts:
        early = build.frame.select(precedes(build, "converted_at", "created_at").alias("early"))["early"]
        counts[CONVERTED_EARLY] = int(early.sum())
        build.add(is_converted=pl.when(~early).then(pl.coalesce(parts)))
    return Facts(frame=build.frame, available=frozenset(build.available), counts={k: v for k, v in counts.items() if v})
