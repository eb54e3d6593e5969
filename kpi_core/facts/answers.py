"""Answers with their facts: where a score lies in its scale, the main question, the first answer of a response."""

import polars as pl

from kpi_core.facts.build import Builder, Facts
from kpi_core.tables import Kind


def derive_answers(frame: pl.DataFrame) -> Facts:
    """Answers with their facts: position in the scale, main question, first answer of a response."""
    build = Builder(frame)
    if "answered_at" not in frame.columns:
        build.frame = build.frame.with_columns(answered_at=pl.lit(None, Kind.INSTANT.dtype))
    dates = [pl.col(name) for name in ("offered_at", "answered_at") if name in build.frame.columns]
    levels = pl.col("scale_high") - pl.col("scale_low") + 1
    build.frame = build.frame.with_columns(offered_at=pl.coalesce(dates), levels=levels)
    offered = build.frame.filter(pl.col("is_offered"))
    build.add(
        top=pl.col("scale_high") - pl.when(levels >= 4).then(1).otherwise(0),
        rescaled=(pl.col("score") - pl.col("scale_low")) / (pl.col("scale_high") - pl.col("scale_low")) * 100,
        is_first_answer=pl.col("score").is_not_null()
        & pl.when(pl.col("score").is_not_null()).then("response_id").is_first_distinct(),
    )
    if offered.height:
        main = offered["question"].mode().sort()[0]
        build.add(is_main=pl.col("question") == pl.lit(main, Kind.QUESTION.dtype), has_offers=pl.lit(value=True))
    for question in build.frame.filter(pl.col("score").is_not_null())["question"].unique().cast(pl.String).to_list():
        build.available.add(f"question:{question}")
    return Facts(frame=_one_scale(build.frame), available=frozenset(build.available), counts={})


def _one_scale(frame: pl.DataFrame) -> pl.DataFrame:
    """`on_scale`: whether an answer is on its question's most used scale and direction; raw means use only those."""
    scale = ["question", "scale_low", "scale_high", "direction"]
    used = (
        frame.filter(pl.col("score").is_not_null())
        .group_by(scale)
        .len()
        .sort("len", *scale[1:], descending=True, nulls_last=True)
    )
    main = (
        used.unique("question", keep="first", maintain_order=True).drop("len").with_columns(on_scale=pl.lit(value=True))
    )
    joined = frame.join(main, on=scale, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("on_scale").fill_null(value=False))
