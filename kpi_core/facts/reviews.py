"""Reviews with their facts: stars on whatever scale, the same out of five, and how long an answer took on either clock."""

import polars as pl

from kpi_core.facts.build import Builder, Facts, Rules
from kpi_core.facts.clock.business_time import business_times
from kpi_core.model.columns import RECORDS, whole_seconds

STARS = 5
USUAL = (5, 10, 100)
"""The scales that reviews are given on."""

STATED_LOW = "_scale_low"
"""The lowest rating of a review's scale, where that is known."""

ASSUMED = "scale taken from the highest rating"
BEFORE = "answered before they were written"
IN_BUSINESS_HOURS = (("review_reply_time_business", "reviewed_at", "replied_at"),)


def derive_reviews(frame: pl.DataFrame, rules: Rules, wanted: frozenset[str] | None = None) -> Facts:
    """Reviews with `rating_of_5`, `stars` (1 to 5), `on_scale` (on the commonest scale), `scale_low` and `review_reply_time`.

    A review without a scale is taken to be on the first usual one that holds all such reviews; how many is counted.
    `review_reply_time_business` is there where there is a calendar and `wanted` names it (None: all).
    """
    build = Builder(frame)
    counts = {}
    if build.has("rating"):
        counts[ASSUMED] = _scales(build)
        build.add(rating_of_5=pl.col("rating") / pl.col("scale_high") * STARS)
        build.add(stars=_nearest_star())
        used = build.frame.drop_nulls("rating").group_by("scale_high").len()
        commonest = used.sort("len", "scale_high", descending=True, nulls_last=True)["scale_high"].head(1)
        build.add(on_scale=pl.col("scale_high").eq_missing(commonest.item() if len(commonest) else None))
    if "replied_at" in build.mapped:
        # A column of answers that holds none says that nobody has answered.
        build.available.add("replied_at")
    build.add(is_answer_in_order=build.own(RECORDS + "replies"))
    if build.has("reviewed_at", "replied_at"):
        took = whole_seconds(pl.col("replied_at") - pl.col("reviewed_at"))
        counts[BEFORE] = int(build.frame.select((took < 0).sum()).item())
        build.add(
            review_reply_time=pl.when(took >= 0).then(took),
            is_answer_in_order=pl.col("is_answer_in_order") & (took >= 0).fill_null(value=True),
        )
        if wanted is None or "review_reply_time_business" in wanted:
            _in_business_hours(build, rules)
    return Facts(frame=build.frame, available=frozenset(build.available), counts={k: v for k, v in counts.items() if v})


def _nearest_star() -> pl.Expr:
    """A rating as stars of five, halves rounded up.

    Twice the stars are a whole number over the scale, so that no rounding of a quotient decides a half.
    """
    rating, high = pl.col("rating"), pl.col("scale_high")
    return ((2 * STARS * rating + high) / (2 * high)).floor().clip(1, STARS)


def _in_business_hours(build: Builder, rules: Rules) -> None:
    business_times(build, rules, IN_BUSINESS_HOURS)
    if build.has("review_reply_time_business"):
        took = pl.col("review_reply_time_business")
        build.add(review_reply_time_business=pl.when(took >= 0).then(took))


def _scales(build: Builder) -> int:
    """Fills in the scales that are not written; how many."""
    written = pl.col("scale_high") if build.has("scale_high") else pl.lit(None, pl.Float64)
    bare = build.frame.filter(written.is_null() & pl.col("rating").is_not_null())
    highest = bare["rating"].max()
    usual = next((scale for scale in USUAL if isinstance(highest, float) and highest <= scale), None)
    build.add(scale_high=pl.coalesce(written, pl.lit(usual, pl.Float64)))
    _lowest(build)
    return 0 if usual is None else bare.height


def _lowest(build: Builder) -> None:
    """The lowest rating of each scale: the one stated, else 1, or 0 of a hundred; half a star where one was given."""
    stated = pl.col(STATED_LOW) if STATED_LOW in build.frame.columns else pl.lit(None, pl.Float64)
    usual = pl.when(pl.col("scale_high") < USUAL[-1]).then(1.0).when(pl.col("scale_high") >= USUAL[-1]).then(0.0)
    build.add(scale_low=pl.coalesce(stated, usual))
    build.add(scale_low=pl.min_horizontal("scale_low", pl.when(pl.col("scale_low").is_not_null()).then("rating")))
