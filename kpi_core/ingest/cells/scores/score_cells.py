"""What a rating cell says by its shape: a bare number, a number with its label, `4 out of 5`, a row of stars.

Anything else that begins with a number is none: a date, a time of day, a span, a percentage.
"""

from functools import lru_cache

import polars as pl

from kpi_core.ingest.cells.scores.rating_words import normal_words
from kpi_core.records import dataclass

_DIGITS = r"-?[0-9]{1,6}(?:[.,][0-9]+)?"
_BARE = rf"^({_DIGITS})$"
_LABELLED = (
    r"^(-?(?:0|[1-9][0-9]{0,3})(?:[.,][0-9]+)?) *(?:[-–—=:.)] *)?[(\[]? *([^0-9 .,:;/)(\[\]%'\x22-][^0-9]*?)[)\]]?$"
)
_CODE_LAST = r"^(\p{L}[^\d]{1,60}?)\s*(?:\s[-–—=]\s*|[:(\[]\s*)((?:0|[1-9][0-9]{0,2})(?:[.,]0)?)\s*[)\]]?$"
"""A label with its number behind it: `Very satisfied (5)`, `Extremely likely - 10`."""
_NAMED = r"^-?[0-9.,]+ *[-–—=:.)(\[]"
_LONGEST_LABEL = 60
_STEPS = r"(?:stars?|points?|stjärnor|stjerner|stjernor|poäng|poeng|point|tähteä|pistettä)"
_OF = rf"^((?:0|[1-9][0-9]{{0,2}})(?:[.,][0-9]+)?)(?: *{_STEPS})? *(?:/|of|out of|av|af|ud af|fra|von) *([1-9][0-9]{{0,2}})(?:[.,]0+)?(?: *{_STEPS})?$"
LEAD = r"(?i)^(?:rated|rating|stars|score|scored|gave|given|betyg|betygsatt|omdöme|fick|gav|gir|ga|vurdering|vurdert|karakter|bedømt|bedømmelse|arvosana)(?: til| to| as| med)?\s*:?\s+([0-9])"
"""Words before a mark that only say that it is one: `Rated 4 out of 5 stars`."""
_FULL, _EMPTY = "[⭐★🌟]", "[☆✩]"
_STARS = rf"^(?:{_FULL}+½?|½)?{_EMPTY}*$"
_LONGEST = 10
"""Stars in a row."""
_ASTERISKS = rf"^\*{{1,{_LONGEST}}}$"
_AMOUNTS = """
    am pm a.m. p.m. h hr hrs hour hours min mins minute minutes s sec secs second seconds d day days week weeks month months year years
    t tim timme timmar time timer minut minuter minutter minutt sek sekund sekunder dag dagar dager dage vecka veckor uke uker uge uger
    månad månader måned måneder år tunti tuntia minuutti minuuttia päivä päivää viikko viikkoa kl % pct percent procent prosent
    prosenttia kr sek nok dkk eur usd gbp € $ £ st stk pcs
"""
_DRAWN_SO = "[\ufe0e\ufe0f ]"
AMOUNTS = frozenset(_AMOUNTS.split())
"""What makes a number an amount of something, and no mark."""
FEW_CELLS = 100
"""Different cells of which it is kept what they say."""


def shapes(cell: pl.Expr) -> dict[str, pl.Expr]:
    """What a cell (clean text) says by its shape; nulls where it does not say it.

    `bare`: the number alone. `marked` with `label` (as words are compared): a number and what stands behind it, `is_named` where a
    sign between them shows that it is its name. `part` with
    `whole`: `4/5`. `stars` with `room`: how many stars, and of how many where empty ones are drawn. `asterisks`: how many, where there is nothing else;
    whether they are stars is decided by the whole column (`are_stars`).
    """
    text = _plain(cell)
    low = text.str.to_lowercase()
    labelled, of = low.str.extract_groups(_LABELLED), low.str.extract_groups(_OF)
    label = normal_words(labelled.struct[1])
    drawn = text.str.replace_all(_DRAWN_SO, "")
    return _shapes(
        _Parts(
            text=text,
            low=low,
            drawn=drawn,
            marked=labelled.struct[0],
            label=label,
            part=of.struct[0],
            whole=of.struct[1],
        )
    )


def shaped(cells: pl.Series) -> pl.DataFrame:
    """The cells as `text`, as `word` as words are compared, and what each says by its shape, each part of it taken apart once.

    Several questions are asked of the few different cells of a column: what they say is kept for the next.
    """
    if len(cells) > FEW_CELLS:
        return _shaped(cells)
    return _known(tuple(cells.cast(pl.String).to_list()))


@lru_cache(maxsize=16)
def _known(cells: tuple[str | None, ...]) -> pl.DataFrame:
    return _shaped(pl.Series(cells, dtype=pl.String))


def _shaped(cells: pl.Series) -> pl.DataFrame:
    # One after the other in this thread: of few cells that is done before a second thread is awake.
    frame = cells.cast(pl.String).alias("text").to_frame()
    frame = frame.with_columns_seq(_plain(pl.col("text")).alias("_text"))
    frame = frame.with_columns_seq(pl.col("_text").str.to_lowercase().alias("_low"))
    low = pl.col("_low")
    frame = frame.with_columns_seq(_labelled=low.str.extract_groups(_LABELLED), _of=low.str.extract_groups(_OF))
    labelled, of = pl.col("_labelled").struct, pl.col("_of").struct
    frame = frame.select_seq(
        "text", "_text", "_low", normal_words(pl.col("text")).alias("word"), pl.col("_text").str.replace_all(_DRAWN_SO, "").alias("_drawn"),
        labelled[0].alias("_marked"), normal_words(labelled[1]).alias("_label"), of[0].alias("_part"), of[1].alias("_whole"),
    )  # fmt: skip
    return frame.select_seq("text", "word", **_shapes(_IN_STEPS))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parts:
    """A cell without blanks around it, in lower case and without what says how a picture is drawn; a number with its label,
    and one of how many.
    """

    text: pl.Expr
    low: pl.Expr
    drawn: pl.Expr
    marked: pl.Expr
    label: pl.Expr
    part: pl.Expr
    whole: pl.Expr


_IN_STEPS = _Parts(
    **{name: pl.col(f"_{name}") for name in ("text", "low", "drawn", "marked", "label", "part", "whole")}
)


def _plain(cell: pl.Expr) -> pl.Expr:
    plain = cell.str.strip_chars().str.replace_all("\u2212", "-").str.replace(LEAD, "$1")
    return plain.str.replace(_CODE_LAST, "$2 - $1")


def _shapes(parts: _Parts) -> dict[str, pl.Expr]:
    label, drawn = parts.label, parts.drawn
    is_label = (
        label.is_not_null()
        & (label.str.len_chars().is_between(2, _LONGEST_LABEL))
        & ~label.is_in(list(AMOUNTS))
        & parts.part.is_null()
    )
    is_stars = drawn.str.contains(_STARS) & (drawn != "") & (drawn.str.len_chars() <= _LONGEST)
    full, empty = drawn.str.count_matches(_FULL), drawn.str.count_matches(_EMPTY)
    halves = drawn.str.count_matches("½")
    return {
        "bare": _number(parts.text.str.extract(_BARE)),
        "marked": pl.when(is_label).then(_number(parts.marked)),
        "label": pl.when(is_label).then(label),
        "is_named": is_label & parts.low.str.contains(_NAMED),
        "part": _number(parts.part),
        "whole": _number(parts.whole),
        "stars": pl.when(is_stars).then(full + 0.5 * halves),
        "room": pl.when(is_stars & (empty > 0)).then((full + halves + empty).cast(pl.Float64)),
        "asterisks": pl.when(drawn.str.contains(_ASTERISKS)).then(drawn.str.len_chars().cast(pl.Float64)),
    }


def are_stars(shapes_seen: pl.DataFrame) -> bool:
    """Whether the asterisks of a column are stars: there are rows of different length, and no number.

    One alone may mark what is left out, and rows that are all alike may hide what they stand for. `shapes_seen` has the `shapes` of the cells.
    """
    return shapes_seen["asterisks"].drop_nulls().n_unique() > 1 and not shapes_seen["bare"].count()


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
