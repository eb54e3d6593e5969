"""What a rating cell says by its shape: a bare number, a number with its label, `4 out of 5`, a row of stars.

Anything else that begins with a number is none: a date, a time of day, a span, a percentage.
"""

import polars as pl

from kpi_core.ingest.rating_words import normal_words

_DIGITS = r"-?[0-9]{1,6}(?:[.,][0-9]+)?"
_BARE = rf"^({_DIGITS})$"
_LABELLED = (
    r"^(-?(?:0|[1-9][0-9]{0,3})(?:[.,][0-9]+)?) *(?:[-–—=:.)] *)?[(\[]? *([^0-9 .,:;/)(\[\]%'\x22-][^0-9]*?)[)\]]?$"
)
_NAMED = r"^-?[0-9.,]+ *[-–—=:.)(\[]"
_LONGEST_LABEL = 60
_OF = r"^((?:0|[1-9][0-9]{0,2})(?:[.,][0-9]+)?) *(?:/|of|out of|av|af|fra|von) *([1-9][0-9]{0,2})(?: *(?:stars?|points?|stjärnor|stjerner|poäng|poeng|point|tähteä|pistettä))?$"
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
AMOUNTS = frozenset(_AMOUNTS.split())
"""What makes a number an amount of something, and no mark."""


def shapes(cell: pl.Expr) -> dict[str, pl.Expr]:
    """What a cell (clean text) says by its shape; nulls where it does not say it.

    `bare`: the number alone. `marked` with `label` (as words are compared): a number and what stands behind it, `is_named` where a
    sign between them shows that it is its name. `part` with
    `whole`: `4/5`. `stars` with `room`: how many stars, and of how many where empty ones are drawn. `asterisks`: how many, where there is nothing else;
    whether they are stars is told by the whole column (`are_stars`).
    """
    text = cell.str.strip_chars().str.replace_all("\u2212", "-")
    low = text.str.to_lowercase()
    labelled, of = low.str.extract_groups(_LABELLED), low.str.extract_groups(_OF)
    label = normal_words(labelled.struct[1])
    is_part = of.struct[0].is_not_null()
    is_label = (
        label.is_not_null()
        & (label.str.len_chars().is_between(2, _LONGEST_LABEL))
        & ~label.is_in(list(AMOUNTS))
        & ~is_part
    )
    drawn = text.str.replace_all("[\ufe0e\ufe0f ]", "")
    is_stars = drawn.str.contains(_STARS) & (drawn != "") & (drawn.str.len_chars() <= _LONGEST)
    full, empty = drawn.str.count_matches(_FULL), drawn.str.count_matches(_EMPTY)
    halves = drawn.str.count_matches("½")
    return {
        "bare": _number(text.str.extract(_BARE)),
        "marked": pl.when(is_label).then(_number(labelled.struct[0])),
        "label": pl.when(is_label).then(label),
        "is_named": is_label & low.str.contains(_NAMED),
        "part": _number(of.struct[0]),
        "whole": _number(of.struct[1]),
        "stars": pl.when(is_stars).then(full + 0.5 * halves),
        "room": pl.when(is_stars & (empty > 0)).then((full + halves + empty).cast(pl.Float64)),
        "asterisks": pl.when(drawn.str.contains(_ASTERISKS)).then(drawn.str.len_chars().cast(pl.Float64)),
    }


def are_stars(told: pl.DataFrame) -> bool:
    """Whether the asterisks of a column are stars: there are rows of different length, and no number.

    One alone may mark what is left out, and rows that are all alike may hide what they stand for. `told` has the `shapes` of the cells.
    """
    return told["asterisks"].drop_nulls().n_unique() > 1 and not told["bare"].count()


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
