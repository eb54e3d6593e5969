"""Which way a question about effort points: told by the answers themselves, where nothing else tells it."""

import polars as pl

from kpi_core.tables import Kind

ENOUGH = 30
"""Answers needed before effort is held against satisfaction."""
PLENTY = 5000
"""Answers that are enough: those with the lowest ids, which are hashes, whatever order the files came in."""


def settle_direction(answers: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Lets satisfaction tell which way an effort question points, where nothing else did.

    Of the respondents who answered both, effort that rises with satisfaction is ease. Without enough of them, or
    without a clear relation, the answers are left out and the reason returned.
    """
    given = answers.select("question", "direction", "response_id", "score").drop_nulls("score")
    untold = given.filter((pl.col("question") == "ces") & pl.col("direction").is_null())
    if untold.is_empty():
        return answers, _contradiction(answers)
    relation, n = _with_satisfaction(untold, answers)
    is_ces = pl.col("question") == "ces"
    if relation is None:
        text = "the effort question does not say whether higher is easier, nor do its answers: left out; pass --direction ces=higher or lower"
        return answers.filter(~is_ces | pl.col("direction").is_not_null()), text
    told = "higher" if relation > 0 else "lower"
    filled = pl.when(is_ces).then(pl.col("direction").fill_null(told)).otherwise("direction")
    rises = "rise" if relation > 0 else "fall"
    text = f"effort read as {told} is better: its scores {rises} with satisfaction (rank correlation {relation:+.2f}, n = {n})"
    return answers.with_columns(filled.cast(Kind.DIRECTION.dtype).alias("direction")), text


def _with_satisfaction(effort: pl.DataFrame, answers: pl.DataFrame) -> tuple[float | None, int]:
    """Rank correlation of effort with the same respondents' satisfaction; None where too few or too weak to tell."""
    some = effort.select("response_id", "score").bottom_k(PLENTY, by="response_id")
    given = answers.select("question", "response_id", "score").drop_nulls("score")
    others = given.filter(pl.col("question").is_in(["csat", "nps"])).join(some, on="response_id", how="semi")
    means = others.group_by("response_id").agg(pl.col("score").mean())
    both = some.join(means, on="response_id", suffix="_other").select("score", "score_other").drop_nulls()
    if both.height < ENOUGH:
        return None, both.height
    relation = both.select(pl.corr("score", "score_other", method="spearman")).item()
    is_clear = relation is not None and abs(relation) > 2 / both.height**0.5
    return (relation if is_clear else None), both.height


def _contradiction(answers: pl.DataFrame) -> str | None:
    """The warning that a stated direction of effort runs against satisfaction; None where it does not."""
    for way, wrong in (("lower", 1), ("higher", -1)):
        is_so = (pl.col("question") == "ces") & (pl.col("direction") == way) & pl.col("score").is_not_null()
        relation, n = _with_satisfaction(answers.filter(is_so), answers)
        if relation is not None and relation * wrong > 0:
            move = "rises" if relation > 0 else "falls"
            seen = f"it {move} with satisfaction (rank correlation {relation:+.2f}, n = {n})"
            return f"effort is read as {way} is better, yet {seen}: check --direction ces"
    return None
