"""Which way a question about effort points: told by the answers themselves, where nothing else tells it."""

import polars as pl

from kpi_core.tables import Kind

ENOUGH = 30
"""Answers needed before effort is held against satisfaction."""
SATISFACTION = ("csat", "nps")
PLENTY = 5000
"""Answers that are enough: those with the lowest ids, which are hashes, whatever order the files came in."""


def settle_direction(answers: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Lets satisfaction tell which way an effort question points, where nothing else did.

    Of the respondents who answered both, effort that rises with satisfaction is ease. Without enough of them, or
    without a clear relation, the answers are left out and the reason returned.
    """
    given = answers.select("question", "direction", "response_id", "score").filter(
        pl.col("score").is_not_null() & pl.col("question").is_in(["ces", *SATISFACTION])
    )
    is_ces = pl.col("question") == "ces"
    effort = given.filter(is_ces).select("direction", "response_id", "score")
    others = given.filter(~is_ces).select("response_id", "score")
    untold = effort.filter(pl.col("direction").is_null())
    if untold.is_empty():
        return answers, _contradiction(effort, others)
    relation, n = _with_satisfaction(untold, others)
    if relation is None:
        text = "the effort question does not say whether higher is easier, nor do its answers: left out; pass --direction ces=higher or lower"
        return answers.filter(~is_ces | pl.col("direction").is_not_null()), text
    told = "higher" if relation > 0 else "lower"
    way = pl.lit(told, Kind.DIRECTION.dtype)  # a bare word would turn the column into text and back
    filled = pl.when(is_ces & pl.col("direction").is_null()).then(way).otherwise("direction")
    rises = "rise" if relation > 0 else "fall"
    text = f"effort read as {told} is better: its scores {rises} with satisfaction (rank correlation {relation:+.2f}, n = {n})"
    return answers.with_columns(filled.alias("direction")), text


def _with_satisfaction(effort: pl.DataFrame, others: pl.DataFrame) -> tuple[float | None, int]:
    """Rank correlation of effort with the same respondents' satisfaction; None where too few or too weak to tell."""
    some = effort.select("response_id", "score").bottom_k(PLENTY, by="response_id")
    own = others.filter(pl.col("response_id").is_in(some["response_id"].implode()))
    means = own.group_by("response_id").agg(pl.col("score").mean())
    both = some.join(means, on="response_id", suffix="_other").select("score", "score_other").drop_nulls()
    if both.height < ENOUGH:
        return None, both.height
    relation = both.select(pl.corr("score", "score_other", method="spearman")).item()
    is_clear = relation is not None and abs(relation) > 2 / both.height**0.5
    return (relation if is_clear else None), both.height


def _contradiction(effort: pl.DataFrame, others: pl.DataFrame) -> str | None:
    """The warning that a stated direction of effort runs against satisfaction; None where it does not."""
    for way, wrong in (("lower", 1), ("higher", -1)):
        relation, n = _with_satisfaction(effort.filter(pl.col("direction") == way), others)
        if relation is not None and relation * wrong > 0:
            move = "rises" if relation > 0 else "falls"
            seen = f"it {move} with satisfaction (rank correlation {relation:+.2f}, n = {n})"
            return f"effort is read as {way} is better, yet {seen}: check --direction ces"
    return None
