"""The scale of reviews that do not say theirs: what all files of one kind show together; ratings that stand for none apart."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.columns import UNREAD
from kpi_core.ingest.export import FileRead
from kpi_core.ingest.scales import ABOVE, BELOW, ENOUGH, SMALL, Counts, NumericScale
from kpi_core.plurals import some
from kpi_core.report import Finding

KPIS = ("review_rating", "review_rating_5", "review_stars_*")
UNREAD_RATING = f"{UNREAD}rating"
FEW = 0.05
"""The share of ratings above five under which they are slips, and no sign of a scale of ten."""


def with_scales(reviews: pl.DataFrame, reads: Sequence[FileRead]) -> tuple[pl.DataFrame, list[Finding]]:
    """Reviews with the scale of each, and what must be said of it.

    A rating of 0, or a code far from all others, is no rating. Ratings whose scale nothing shows cannot be read.
    `reads` are the files that `_file` numbers.
    """
    if "rating" not in reviews.columns:
        return reviews, []
    written = pl.col("scale_high") if "scale_high" in reviews.columns else pl.lit(None, pl.Float64)
    reviews = reviews.with_columns(scale_high=written)
    kinds = [(read.mapping.name, read.headers) for read in reads]
    numbers = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
    kind = pl.col("_file").replace_strict(
        {place: numbers[one] for place, one in enumerate(kinds)}, return_dtype=pl.UInt16
    )
    is_bare = pl.col("scale_high").is_null() & pl.col("rating").is_not_null()
    counted = reviews.filter(is_bare).group_by(kind.alias("kind"), "rating").len()
    findings: list[Finding] = []
    beyond = reviews.select((pl.col("rating") > pl.col("scale_high")).fill_null(value=False)).to_series()
    unread = pl.Series([False]).new_from_index(0, reviews.height) | beyond
    for (place,), ratings in counted.group_by("kind", maintain_order=True):
        counts = dict(ratings.select("rating", "len").iter_rows())
        told = scale_of_reviews(counts)
        own = is_bare & (kind == place)
        is_none = own & pl.col("rating").is_in(list(told.codes))
        if told.ends is None:
            unread |= reviews.select(own & ~is_none).to_series()
        name = next(read.name for read, one in zip(reads, kinds, strict=True) if numbers[one] == place)
        findings += _said(told, counts, name)
        high = None if told.ends is None else told.ends[1]
        reviews = reviews.with_columns(
            rating=pl.when(~is_none).then("rating"),
            scale_high=pl.when(own & ~is_none).then(pl.lit(high, pl.Float64)).otherwise("scale_high"),
        )
    if unread.any():
        reviews = reviews.with_columns(rating=pl.when(~unread).then("rating")).with_columns(unread.alias(UNREAD_RATING))
    if beyond.any():
        text = f"{some(int(beyond.sum()), 'rating', 'lies')} beyond the scale that the review names: left out"
        findings.append(Finding(code="unread-answers", text=text, kpis=KPIS))
    return reviews, findings


def scale_of_reviews(counts: Counts) -> NumericScale:
    """The scale of bare ratings: five, ten or a hundred, where the ratings themselves show which."""
    small = {number: count for number, count in counts.items() if 0 < number <= SMALL}
    large = {number: count for number, count in counts.items() if number > SMALL and number not in ABOVE}
    far = sum(count for number, count in counts.items() if number in ABOVE)
    codes = frozenset(number for number in counts if number in BELOW or number == 0)
    given, top = sum(small.values()), max(small, default=0.0)
    if large or (not small and far):
        if max(counts) > 100 or sum(large.values()) + far < given:
            return NumericScale(doubt=f"most are at most {top:g}, yet there is {max(counts):g}")
        return NumericScale(ends=(0.0, 100.0), codes=codes - {0.0})
    codes |= frozenset(number for number in counts if number in ABOVE)
    if 2 * sum(counts[code] for code in codes) >= sum(counts.values()) and ABOVE & codes:
        return NumericScale(doubt="most may stand for no rating")
    past = {number: count for number, count in small.items() if number > 5}
    if not past:
        return NumericScale(ends=(1.0, 5.0), codes=codes)
    if set(past) <= {8.0, 9.0} and given - sum(past.values()) >= ENOUGH and 5.0 in small:
        return NumericScale(ends=(1.0, 5.0), codes=codes | frozenset(past))
    if top > 10 or sum(past.values()) < FEW * given:
        return NumericScale(
            doubt=f"most are at most {max(set(small) - set(past), default=top):g}, yet there is {top:g}"
        )
    return NumericScale(ends=(1.0, 10.0), codes=codes)


def _said(told: NumericScale, counts: Mapping[float, int], name: str) -> list[Finding]:
    found = []
    if told.ends is None:
        text = f"cannot tell the scale of the ratings in {name}: {told.doubt}; left out: put it in a column `Scale`, or pass --null-value for a number that is no rating"
        return [Finding(code="unknown-scale", text=text, kpis=KPIS, is_serious=True)]
    rated = sum(count for number, count in counts.items() if number not in told.codes)
    if rated:
        text = f"{some(rated, 'review', 'does')} not say the scale: taken from the highest rating, as {told.ends[0]:g}–{told.ends[1]:g}"
        found.append(Finding(code="assumed-scale", text=text, kpis=KPIS))
    if told.codes:
        listed = ", ".join(f"`{number:g}` ({counts[number]})" for number in sorted(told.codes))
        text = f"{listed} among the ratings in {name} stands for no rating: left out"
        found.append(Finding(code="no-opinion", text=text, kpis=KPIS))
    return found
