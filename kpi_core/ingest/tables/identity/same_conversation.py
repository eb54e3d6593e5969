"""Conversations of one number in several files that are not one: their numbers restart, though those of their messages do not."""

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import CASE

SHARED, ALIKE = 3, 5
"""Conversations that two files have in common from which whose they are decides, and from which their order alone does."""
MOST, NEARLY_ALL = 0.5, 0.9


def shared(messages: pl.DataFrame, unit: str, at: str) -> pl.DataFrame:
    """The first messages of the conversations of one number in two files or sheets (`unit`), side by side, where most are in both.

    All messages of the one (`_b`) come after those of the other.
    """
    known = messages.drop_nulls([CASE, at])
    spans = known.group_by(unit).agg(low=pl.col(at).min(), high=pl.col(at).max(), cases=pl.col(CASE).n_unique())
    begun = pl.col("author").first() == "customer" if "author" in known.columns else pl.lit(value=False)
    firsts = known.sort(at, maintain_order=True).group_by(CASE, unit, maintain_order=True).agg(
        pl.col("_file", ROW).first(), first=pl.col(at).first(), begun=begun
    ).join(spans, on=unit)  # fmt: skip
    pairs = firsts.join(firsts, on=CASE, suffix="_b").filter(pl.col("high") < pl.col("low_b"))
    fewest = pl.min_horizontal("cases", "cases_b")
    return pairs.filter(pl.len().over(unit, f"{unit}_b") >= pl.max_horizontal(SHARED, (fewest * MOST).floor() + 1))


def series(pairs: pl.DataFrame, whose: pl.DataFrame, unit: str) -> pl.DataFrame:
    """By file or sheet of some pairs (see `shared`) the numbering it belongs to (`series`); empty where there is but one.

    One begins in a file whose conversations are not those of an earlier one, and goes on in those after it. They are not where
    they are other customers', or about something else (`whose`: how far they agree in that, as `who`); where neither is known, a customer
    begins nearly all of them anew, in the order in which they began before: what goes on does so in any order.
    """
    both = [unit, f"{unit}_b"]
    found = pairs.sort("first", "first_b").group_by(both, maintain_order=True).agg(
        pl.len(), begun=pl.col("begun_b").mean(), ordered=(pl.col("first_b").diff().drop_nulls() > pl.duration()).mean()
    ).join(whose, on=both, how="left")  # fmt: skip
    by_order = (pl.col("len") >= ALIKE) & (pl.col("begun") >= NEARLY_ALL) & (pl.col("ordered") >= NEARLY_ALL)
    is_other = (
        pl.when(pl.col("who").is_not_null()).then(pl.col("who") < MOST).otherwise(by_order).fill_null(value=False)
    )
    later = found.filter(is_other)[f"{unit}_b"].unique()
    begins = pl.concat([pairs.select(unit, "low"), pairs.select(pl.col(f"{unit}_b").alias(unit), low="low_b")]).unique()
    units_of = begins.sort("low", unit).select(unit, series=pl.col(unit).is_in(later.implode()).cum_sum())
    return units_of if len(later) else units_of.clear()
