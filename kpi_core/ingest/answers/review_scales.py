"""The scale of reviews that do not say theirs: what all files of one kind show together; ratings that stand for none apart."""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.cells.scores.scales import ABOVE, BELOW, ENOUGH, SMALL, Counts, Ends, NumericScale, codes_outside
from kpi_core.ingest.cells.scores.scales_apart import heights
from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.ingest.fields.review_cells import RATING
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.questions.survey_questions import BY_DIRECTION_OPTION, BY_HEADER, BY_SCALE_OPTION
from kpi_core.messages.message import Message
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import Consequence, Finding
from kpi_core.records import dataclass

KPIS = ("review_rating", "review_rating_5", "review_stars_*")
LOWEST = "_scale_low"
UNREAD_RATING = f"{UNREAD}rating"
DIE = 6.0
"""The sides of a die, on which Norwegian and Danish papers rate: a highest rating of six is no scale of ten that nobody went beyond."""
_THROWS = ("terning", "tärning")
FEW = 0.05
"""The share of ratings above five under which they are slips, and no sign of a scale of ten."""


_SITES = {
    5.0: {"google", "trustpilot", "facebook", "tripadvisor", "yelp", "apple", "appstore", "reco", "yotpo", "amazon", "glassdoor", "capterra", "g2"},
    10.0: {"booking", "hotels", "hostelworld", "prisjakt", "prisguiden", "pricerunner"},
}  # fmt: skip
"""Sites of reviews by the highest mark that they give."""
_FIVE, _FEWEST = 5.0, 3


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """The files of one format and the same headers: where the first is, and what is stated of their scale, by whom."""

    name: str
    header: str
    ends: Ends | None
    by: Message
    way: str | None
    way_by: Message
    doubt: Message | None


def with_scales(
    reviews: pl.DataFrame, reads: Sequence[FileRead], scale: Ends | None = None, direction: str | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Reviews with the scale of each, and the findings on it.

    It is what the cell or a column of its own names, else what `scale` says, or the header, else what the ratings show. A rating of 0,
    or a code far from all others, is no rating. Ratings whose scale nothing shows, and those outside it, cannot be read. `reads` are the
    files that `_file` numbers. Where the lowest is stated to be the best, ratings are turned round.
    """
    if "rating" not in reviews.columns:
        return reviews, []
    written = pl.col("scale_high") if "scale_high" in reviews.columns else pl.lit(None, pl.Float64)
    reviews = reviews.with_columns(pl.lit(None, pl.Float64).alias(LOWEST), scale_high=written)
    kinds = _kinds(reviews, reads, scale)
    numbers = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
    kind = pl.col("_file").replace_strict(
        {place: numbers[one] for place, one in enumerate(kinds)}, return_dtype=pl.UInt16
    )
    reviews, findings = (
        _by_site(reviews) if all(_kind(read, scale, None).ends is None for read in reads) else (reviews, [])
    )
    is_bare = pl.col("scale_high").is_null() & pl.col("rating").is_not_null()
    counted = reviews.filter(is_bare).group_by(kind.alias("kind"), "rating").len()
    if counted.is_empty() and (scale or direction):
        option = "--scale" if scale else "--direction"
        findings.append(Finding(code="unused-scale", message=Message("idle-rating-option", option=option), kpis=KPIS))
    beyond = reviews.select((pl.col("rating") > pl.col("scale_high")).fill_null(value=False)).to_series()
    unread = pl.Series([False]).new_from_index(0, reviews.height) | beyond
    for (place,), ratings in counted.group_by("kind", maintain_order=True):
        counts = dict(ratings.sort("rating").select("rating", "len").iter_rows())
        of = _kind(
            next(read for read, one in zip(reads, kinds, strict=True) if numbers[one] == place), scale, direction
        )
        found_scale = _scale_of(counts, of)
        own = is_bare & (kind == place)
        is_none = own & pl.col("rating").is_in(list(found_scale.codes))
        is_outside = own if found_scale.ends is None else own & ~pl.col("rating").is_between(*_reach(found_scale.ends))
        unread |= reviews.select(is_outside & ~is_none).to_series()
        findings += _findings(found_scale, counts, of)
        low, high = found_scale.ends or (None, None)
        turned = pl.col("rating") if low is None or high is None or of.way != "lower" else low + high - pl.col("rating")
        reviews = reviews.with_columns(
            rating=pl.when(own & ~is_none).then(turned).when(~is_none).then("rating"),
            scale_high=pl.when(own & ~is_none).then(pl.lit(high, pl.Float64)).otherwise("scale_high"),
            **{LOWEST: pl.when(own & ~is_none).then(pl.lit(low, pl.Float64)).otherwise(LOWEST)},
        )
    if unread.any():
        reviews = reviews.with_columns(rating=pl.when(~unread).then("rating")).with_columns(unread.alias(UNREAD_RATING))
    if beyond.any():
        message = Message("ratings-beyond-named", count=int(beyond.sum()))
        findings.append(Finding(code="unread-answers", message=message, kpis=KPIS))
    return reviews, findings


def _kinds(
    reviews: pl.DataFrame, reads: Sequence[FileRead], scale: Ends | None
) -> list[tuple[str, tuple[str, ...], float | None]]:
    """For each file its format, its headers, and where its ratings end if they end lower than chance would leave them compared with the others'."""
    kinds = [(read.mapping.name, read.headers, None) for read in reads]
    found: list[tuple[str, tuple[str, ...], float | None]] = [*kinds]
    bare = reviews.filter(pl.col("scale_high").is_null()).group_by("_file", "rating").len().drop_nulls()
    for kind in dict.fromkeys(kinds):
        places = [place for place, one in enumerate(kinds) if one == kind]
        if len(places) < 2 or _kind(reads[places[0]], scale, None).ends is not None:
            continue
        ratings = [dict(bare.filter(pl.col("_file") == place).select("rating", "len").iter_rows()) for place in places]
        for place, end in zip(places, heights(ratings), strict=True):
            found[place] = (*kind[:2], end)
    return found


def _by_site(reviews: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Reviews of several sites that rate on different scales, each with its site's where that is known; in doubt without a value.

    Sites are kept apart where ratings of one go up to 5 and of another beyond.
    """
    if "platform" not in reviews.columns:
        return reviews, []
    site = pl.col("platform").cast(pl.String)
    bare = reviews.filter(pl.col("scale_high").is_null()).select("rating", site=site).drop_nulls()
    tops = bare.group_by("site").agg(top=pl.col("rating").max(), count=pl.len()).sort("site")
    groups = dict(tops.select("site", "top").iter_rows())
    if len(groups) < 2 or not min(groups.values()) <= _FIVE < max(groups.values()) <= SMALL:
        return reviews, []
    known = {name: end for name in groups if (end := _site_end(name)) and groups[name] <= end}
    if known.keys() == groups.keys():
        listed = [f"`{name}` 1–{end:g}" for name, end in known.items()]
        own = pl.col("scale_high").is_null() & site.is_in(list(known))
        ends = site.replace_strict(known, default=None, return_dtype=pl.Float64)
        reviews = reviews.with_columns(
            scale_high=pl.when(own).then(ends).otherwise("scale_high"),
            **{LOWEST: pl.when(own).then(1.0).otherwise(LOWEST)},
        )
        return reviews, [Finding(code="assumed-scale", message=Message("scales-of-sites", sites=listed), kpis=KPIS)]
    if tops.filter(top=_FIVE).filter(pl.col("count") >= _FEWEST).is_empty():
        return reviews, []  # Few and bad ratings reach no end.
    low, high = next(name for name, top in groups.items() if top == _FIVE), max(groups, key=groups.__getitem__)
    message = Message("sites-apart", one=low, one_top=groups[low], other=high, other_top=groups[high])
    doubt = Finding(code="unknown-scale", message=message, kpis=KPIS, is_serious=True, consequence=Consequence.NO_VALUE)
    return reviews, [doubt]


def _site_end(name: str) -> float | None:
    """The highest mark that a site of reviews gives; None for an unknown one."""
    words = set(re.findall(r"[^\W_]+", name.casefold()))
    return next((end for end, sites in _SITES.items() if words & sites), None)


def _kind(read: FileRead, scale: Ends | None, direction: str | None) -> _Kind:
    """What is stated of the scale of a file's ratings."""
    header = next((found.header for found in read.narrow.fields if found.name == RATING), RATING)
    says = stated(header)
    ends = says.ends or ((1.0, says.highest) if says.highest else None)
    ends = ends or ((1.0, DIE) if header.lower().startswith(_THROWS) else None)
    doubt = says.doubt if not (direction if says.ends else scale) else None
    return _Kind(
        name=read.name, header=header, ends=scale or ends, by=BY_SCALE_OPTION if scale else BY_HEADER,
        way=direction or says.way, way_by=BY_DIRECTION_OPTION if direction else BY_HEADER, doubt=doubt,
    )  # fmt: skip


def _scale_of(counts: Counts, of: _Kind) -> NumericScale:
    """The scale of bare ratings: the one stated, unless they contradict a header that states it, else the one they show."""
    if of.doubt:
        return NumericScale(doubt=of.doubt)
    if of.ends is None:
        return scale_of_reviews(counts)
    codes = codes_outside(counts, of.ends) | (frozenset({0.0} & counts.keys()) if of.ends[0] > 0 else frozenset())
    low, high = _reach(of.ends)
    given = {number: count for number, count in counts.items() if number not in codes}
    beyond = sum(count for number, count in given.items() if not low <= number <= high)
    if of.by == BY_HEADER and beyond > FEW * sum(given.values()):
        count = sum(given.values())
        return NumericScale(
            doubt=Message("header-against-ratings", low=of.ends[0], high=of.ends[1], beyond=beyond, count=count)
        )
    return NumericScale(ends=of.ends, codes=codes)


def _reach(ends: Ends) -> Ends:
    """From where to where ratings lie: half a star is one below a scale from 1."""
    return ends[0] - 0.5 if ends[0] == 1 else ends[0], ends[1]


def scale_of_reviews(counts: Counts) -> NumericScale:
    """The scale of bare ratings: five, ten or a hundred, where the ratings themselves show which."""
    small = {number: count for number, count in counts.items() if 0 < number <= SMALL}
    large = {number: count for number, count in counts.items() if number > SMALL and number not in ABOVE}
    far = sum(count for number, count in counts.items() if number in ABOVE)
    codes = frozenset(number for number in counts if number in BELOW or number == 0)
    given, top = sum(small.values()), max(small, default=0.0)
    if large or (not small and far):
        if max(counts) > 100 or sum(large.values()) + far < given:
            return NumericScale(doubt=Message("scale-one-beyond", most=top, highest=max(counts)))
        return NumericScale(ends=(0.0, 100.0), codes=codes - {0.0})
    codes |= frozenset(number for number in counts if number in ABOVE)
    if 2 * sum(counts[code] for code in codes) >= sum(counts.values()) and ABOVE & codes:
        return NumericScale(doubt=Message("mostly-no-rating"))
    past = {number: count for number, count in small.items() if number > 5}
    if not past:
        return NumericScale(ends=(1.0, 5.0), codes=codes)
    if top == DIE and sum(past.values()) >= FEW * given:
        return NumericScale(ends=(1.0, DIE), codes=codes)
    if set(past) <= {8.0, 9.0} and given - sum(past.values()) >= ENOUGH and 5.0 in small:
        return NumericScale(ends=(1.0, 5.0), codes=codes | frozenset(past))
    if top > 10 or sum(past.values()) < FEW * given:
        return NumericScale(
            doubt=Message("scale-one-beyond", most=max(set(small) - set(past), default=top), highest=top)
        )
    return NumericScale(ends=(1.0, 10.0), codes=codes)


def _findings(scale: NumericScale, counts: Counts, of: _Kind) -> list[Finding]:
    found = []
    if scale.ends is None:
        message = Message("unknown-scale-of-ratings", file=of.name, why=scale.doubt or "", way=_way_out(of))
        return [Finding(code="unknown-scale", message=message, kpis=KPIS, is_serious=True)]
    rated = sum(count for number, count in counts.items() if number not in scale.codes)
    low, high = scale.ends
    if rated and of.ends:
        message = Message("reviews-on-scale", count=rated, low=low, high=high, by=of.by)
        found.append(Finding(code="assumed-scale", message=message, kpis=KPIS))
    elif rated:
        top = max(number for number in counts if number not in scale.codes)
        message = Message("reviews-without-scale", count=rated, top=top, low=low, high=high)
        found.append(Finding(code="assumed-scale", message=message, kpis=KPIS))
    if of.way == "lower":
        message = Message("turned-ratings", header=of.header, by=of.way_by)
        found.append(Finding(code="turned-scale", message=message, kpis=KPIS))
    if scale.codes:
        listed = [f"`{number:g}` ({counts[number]})" for number in sorted(scale.codes)]
        message = Message("no-ratings", numbers=listed, file=of.name, count=len(listed))
        found.append(Finding(code="no-opinion", message=message, kpis=KPIS))
    if outside := {
        number: count
        for number, count in counts.items()
        if number not in scale.codes and not _reach(scale.ends)[0] <= number <= high
    }:
        listed = [f"`{number:g}` ({count})" for number, count in outside.items()]
        message = Message("ratings-outside", count=sum(outside.values()), low=low, high=high, numbers=listed)
        found.append(Finding(code="unread-answers", message=message, kpis=KPIS))
    return found


def _way_out(of: _Kind) -> Message:
    """How the user says what the scale is."""
    if of.doubt and of.ends:
        return Message("say-rating-direction")
    return Message("say-rating-scale")
