"""Numbers with words behind them: whether both run the same way, and what the outermost words say of the ends."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from kpi_core.ingest.cells.scores.rating_words import Scale, no_opinions, normal_word, ratings
from kpi_core.ingest.cells.scores.scales import Ends
from kpi_core.ingest.cells.scores.stated_scales import best_or_worst
from kpi_core.messages.message import Message

_STEPS = """
    star stars point points stjärna stjärnor stjerne stjerner poäng poeng tähti tähteä piste pistettä ★ ⭐ 🌟
"""
STEP_WORDS = frozenset(map(normal_word, _STEPS.split()))
"""What steps are counted in: it stands behind any number."""


BEST_LOWEST, WORST_HIGHEST = Message("best-lowest"), Message("worst-highest")
BOTH = Message("both-ends-against")
AGAINST = (BEST_LOWEST, WORST_HIGHEST, BOTH)
"""What says that numbers run against their words."""


def words_behind(cells: pl.DataFrame) -> frozenset[str]:
    """The unknown words behind numbers that name them: each of one number only, each number by one only.

    `cells` have `marked`, `label` and `is_named`.
    """
    pairs = cells.filter("is_named").drop_nulls("label").select("marked", "label").unique()
    single = pairs.filter(pl.col("label").is_first_distinct() & pl.col("label").is_last_distinct())
    alone = single.filter(pl.col("marked").is_first_distinct() & pl.col("marked").is_last_distinct())
    return frozenset(alone["label"]) | STEP_WORDS


def turned(cells: pl.DataFrame, scale: Ends | None) -> tuple[dict[str, tuple[float, float, float]], str | None]:
    """The scores of a column numbered against its words (`1 - Svært fornøyd` … `5 - Svært misfornøyd`), turned round.

    What a word says beats the number before it; what its scale says of the better way comes along. Nothing where
    numbers and words agree, or too few words are known. `cells` have `word`, `bare`, `marked` and `label`.
    """
    numbered = cells.with_columns(number=pl.coalesce("bare", "marked")).drop_nulls("number")
    labelled = numbered.drop_nulls("label")
    words = dict(zip(labelled["label"], labelled["number"], strict=True))
    entry = max(ratings().scales, key=lambda entry: len(words.keys() & entry.words().keys()))
    known = entry.words()
    pairs = sorted({(number, known[word]) for word, number in words.items() if word in known})
    ends, direction = scale, entry.direction
    if len(pairs) < 2:
        ends, direction = _ends_against(labelled), "higher"
        if ends is None or scale not in (None, ends):
            return {}, None
    elif any(step <= later for (_, step), (_, later) in pairwise(pairs)):
        return {}, None
    low, high = ends or _ends(pairs, known)
    kept = numbered.filter(pl.col("number").is_between(low, high) & ~pl.col("label").is_in(list(no_opinions())).fill_null(value=False))  # fmt: skip
    scores = {word: (low + high - number, low, high) for word, number in kept.select("word", "number").iter_rows()}
    return scores, direction


def _ends_against(labelled: pl.DataFrame) -> Ends | None:
    """The ends of numbers of which the lowest that is labelled is called the best and the highest the worst (`1 (best)` … `5 (worst)`); else None."""
    named = sorted(
        {(number, best_or_worst(label)) for label, number in labelled.select("label", "number").iter_rows() if best_or_worst(label)}
    )  # fmt: skip
    if [sign for _, sign in named] != [1, -1]:
        return None
    return named[0][0], named[1][0]


def _ends(pairs: Sequence[tuple[float, float]], known: Mapping[str, float]) -> Ends:
    """The ends of the numbers: those of the words if each number has a word of its own, else the outermost seen."""
    sums = {number + step for number, step in pairs}
    if len(sums) > 1:
        return pairs[0][0], pairs[-1][0]
    whole = sums.pop()
    return whole - max(known.values()), whole - min(known.values())


def ends_by_labels(pairs: pl.DataFrame) -> Ends | None:
    """The ends of a scale whose worst and best step are named.

    Where each number has its own step of a known scale, the ends are that scale's. Nothing where the numbers skip a step and another
    scale has two of the words at just these numbers. `pairs` are of `marked` and `label`.
    """
    numbers = dict(pairs.select("label", "marked").iter_rows())
    for entry in ratings().scales:
        known = entry.words()
        found = sorted((number, known[word]) for word, number in numbers.items() if word in known)
        if len(found) > 1 and (found[0][1], found[-1][1]) == entry.ends:
            is_whole = found[-1][0] - found[0][0] < len({number for number, _ in found})
            return (found[0][0], found[-1][0]) if is_whole or not _fits_another(numbers, entry) else None
        if len(found) > 1 and all(number == step for number, step in found):
            return entry.ends
    return None


def _fits_another(numbers: Mapping[str, float], taken: Scale) -> bool:
    """Whether a longer scale than the one taken has two of the words at just their numbers."""
    longer = [entry.words() for entry in ratings().scales if len(entry.steps) > len(taken.steps)]
    return any(sum(known.get(word) == number for word, number in numbers.items()) > 1 for known in longer)


def runs_against(pairs: pl.DataFrame, ends: Ends) -> Message | None:
    """What says that the numbers run against their words: a best word behind the lowest, or a worst one behind the highest; else nothing."""
    found, numbered = set[Message](), list(pairs.select("marked", "label").iter_rows())
    plain = {(number, best_or_worst(word)) for number, word in numbered}
    found |= {BEST_LOWEST} if (ends[0], 1) in plain else set()
    found |= {WORST_HIGHEST} if (ends[1], -1) in plain else set()
    for entry in ratings().scales if numbered else ():
        known = entry.words()
        for number, word in numbered:
            found |= {BEST_LOWEST} if (number, known.get(word)) == (ends[0], entry.high) else set()
            found |= {WORST_HIGHEST} if (number, known.get(word)) == (ends[1], entry.low) else set()
    return BOTH if len(found) > 1 else next(iter(found), None)
