"""Ratings in words or numbers, on whatever scale: every cell becomes a score with its scale, or is refused.

`Very satisfied`, `Mycket nöjd`, `10 Svært fornøyd`, `4`, `4.0` are scores; `Vet ikke` and `Offered` are
none; a word nobody knows is unreadable, never guessed from a part of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import polars as pl
from pydantic import BaseModel, ConfigDict

from kpi_core import yaml
from kpi_core.errors import MappingError
from kpi_core.resources import configs

NUMBER = r"^\s*(-?\d+(?:[.,]\d+)?)"
_NUMBERED = re.compile(r"(\d+(?:[.,]\d+)?)\s*[-–=.:)]?\s*(\D.*)?")


class Scale(BaseModel):
    """A known set of rating words, worst to best."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    steps: tuple[str, ...]
    low: float = 1
    direction: str | None = None

    @property
    def high(self) -> float:
        """The best step."""
        return self.low + len(self.steps) - 1

    def words(self) -> dict[str, float]:
        """Each spelling, in lower case, and its step."""
        return {
            word.strip().lower(): self.low + place for place, step in enumerate(self.steps) for word in step.split("|")
        }


class Ratings(BaseModel):
    """The file of rating words: scales, and the words that are no score."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scales: tuple[Scale, ...]
    not_a_score: tuple[str, ...]


@lru_cache(maxsize=1)
def ratings() -> Ratings:
    """The rating words shipped with the tool."""
    return yaml.validate(yaml.load(configs() / "values" / "ratings.yaml", MappingError), Ratings, MappingError)


@dataclass(frozen=True, kw_only=True)
class ScoreReading:
    """How a rating column is read.

    `words` give score and scale by lower-case word; numbers are on `scale`, or on one told later by the highest
    number seen where it is None. `direction` is set where the words themselves say it. `others` are longer scales that
    have the words too: the shortest is taken.
    """

    words: dict[str, tuple[float, float, float]]
    scale: tuple[float, float] | None
    direction: str | None = None
    others: tuple[str, ...] = ()


def sniff_scores(
    sample: pl.Series, *, scale: tuple[float, float] | None, words: Mapping[str, float], yes_no: bool = False,
    direction: str | None = None,
) -> ScoreReading:  # fmt: skip
    """Chooses the scale of words that a column uses.

    Args:
        sample: cells as text.
        scale: the scale the mapping declares for numbers, and for its own words.
        words: the mapping's own words and their scores; they go before the shipped ones.
        yes_no: whether the question is answered yes or no.
        direction: which way of the numbers is known to be better. Where it is `lower`, numbers that run against their
            words stay as they are; else they are turned round.
    """
    seen = {cell.strip().lower() for cell in sample.drop_nulls().to_list()}
    own = {word.lower(): score for word, score in words.items()}
    reading, better = _turned(seen, scale) if direction != "lower" else ({}, None)
    candidates, others = _candidates(_worded(seen - set(own)), scale)
    for candidate in candidates:
        known = candidate.words()
        if not any(word in reading for word in known):
            reading.update({word: (score, candidate.low, candidate.high) for word, score in known.items()})
            better = better or candidate.direction
    if own:
        low, high = scale or (min(own.values()), max(own.values()))
        reading.update({word: (score, low, high) for word, score in own.items()})
    if yes_no and scale is None:
        scale = (0.0, 1.0)
    return ScoreReading(words=reading, scale=scale, direction=better, others=others)


def _worded(cells: set[str]) -> set[str]:
    """The cells that neither begin with a number nor are known to be no score."""
    silent = {word.lower() for word in ratings().not_a_score}
    return {cell for cell in cells if cell and not cell[0].isdigit() and cell not in silent}


def _turned(
    cells: set[str], scale: tuple[float, float] | None
) -> tuple[dict[str, tuple[float, float, float]], str | None]:
    """The scores of a column numbered against its words (`1 - Svært fornøyd` … `5 - Svært misfornøyd`), turned round.

    What a word says beats the number before it; what its scale says of the better way comes along. Nothing where
    numbers and words agree, or too few words are known.
    """
    numbered = {cell: found for cell in cells if (found := _NUMBERED.fullmatch(cell))}
    numbers = {cell: float(found[1].replace(",", ".")) for cell, found in numbered.items()}
    words = {found[2]: numbers[cell] for cell, found in numbered.items() if found[2]}
    entry = max(ratings().scales, key=lambda entry: len(set(words) & set(entry.words())))
    known = entry.words()
    pairs = sorted({(number, known[word]) for word, number in words.items() if word in known})
    if len(pairs) < 2 or any(step <= later for (_, step), (_, later) in pairwise(pairs)):
        return {}, None
    low, high = scale or _ends(pairs, known)
    silent = {word.lower() for word in ratings().not_a_score}
    kept = {cell: n for cell, n in numbers.items() if low <= n <= high and numbered[cell][2] not in silent}
    return {cell: (low + high - number, low, high) for cell, number in kept.items()}, entry.direction


def _ends(pairs: Sequence[tuple[float, float]], known: Mapping[str, float]) -> tuple[float, float]:
    """The ends of the numbers: those of the words if each number has a word of its own, else the outermost seen."""
    sums = {number + step for number, step in pairs}
    if len(sums) > 1:
        return pairs[0][0], pairs[-1][0]
    whole = sums.pop()
    return whole - max(known.values()), whole - min(known.values())


def _candidates(words: set[str], scale: tuple[float, float] | None) -> tuple[list[Scale], tuple[str, ...]]:
    """The scales that speak of the words, and the names of others that could.

    A scale that has all the words: the one of the declared length, else the shortest. Without any, those that have two
    words or more; without those either, each known word goes by the scale of the declared length, else the shortest.
    """
    hits = [(entry, len(words & set(entry.words()))) for entry in ratings().scales]
    whole = sorted(
        (entry for entry, count in hits if count and count == len(words)), key=lambda entry: len(entry.steps)
    )
    declared = [entry for entry in whole if (entry.low, entry.high) == scale]
    if declared:
        return declared[:1], ()
    if whole:
        return whole[:1], tuple(entry.name for entry in whole[1:] if _differ(whole[0], entry, words))
    several = sorted((entry for entry in hits if entry[1] > 1), key=lambda entry: -entry[1])
    return ([entry for entry, _ in several], ()) if several else _one_by_one(words, scale)


def _one_by_one(words: set[str], scale: tuple[float, float] | None) -> tuple[list[Scale], tuple[str, ...]]:
    """The scale of each known word, and the names of others that give it another score.

    Nothing where most of the words are ones that nobody knows: those are remarks, not ratings.
    """
    chosen: dict[str, Scale] = {}
    others: dict[str, None] = {}
    known = 0
    for word in sorted(words):
        having = [entry for entry in ratings().scales if word in entry.words()]
        having.sort(key=lambda entry: ((entry.low, entry.high) != scale, len(entry.steps)))
        known += bool(having)
        chosen |= {entry.name: entry for entry in having[:1]}
        if having and (having[0].low, having[0].high) != scale:
            others |= {entry.name: None for entry in having[1:] if _differ(having[0], entry, {word})}
    return (list(chosen.values()), tuple(others)) if 2 * known >= len(words) else ([], ())


def _differ(one: Scale, other: Scale, words: set[str]) -> bool:
    """Whether two scales give the words other scores."""
    first, second = one.words(), other.words()
    return any(first[word] != second[word] for word in words)


def no_score(cell: pl.Expr) -> pl.Expr:
    """Whether a cell says that there is no score: `Vet ikke`, `98 Vet ikke`, `Not relevant`."""
    silent = [word.lower() for word in ratings().not_a_score]
    return cell.str.replace(r"^\s*\d+\s*[-–.:]?\s+", "").str.to_lowercase().str.strip_chars().is_in(silent)


def parse_score(cell: pl.Expr, reading: ScoreReading) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Score and the two ends of its scale (Float64); nulls where the cell holds none or cannot be read.

    A number outside a declared scale is unreadable. The ends are null where only the data can tell them.
    """
    number = pl.coalesce(
        cell.cast(pl.Float64, strict=False),
        cell.str.extract(NUMBER).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False),
    )
    number = pl.when(~no_score(cell)).then(number)
    low, high = pl.lit(None, pl.Float64), pl.lit(None, pl.Float64)
    if reading.scale is not None:
        ends = reading.scale
        number = pl.when(number.is_between(*ends)).then(number)
        low, high = pl.lit(ends[0]), pl.lit(ends[1])
    if not reading.words:
        return number, low, high
    word = cell.str.to_lowercase().str.strip_chars()
    parts = [
        word.replace_strict(
            {key: value[place] for key, value in reading.words.items()}, default=None, return_dtype=pl.Float64
        )
        for place in range(3)
    ]
    score = pl.coalesce(parts[0], number)
    return score, pl.coalesce(parts[1], low), pl.coalesce(parts[2], high)
