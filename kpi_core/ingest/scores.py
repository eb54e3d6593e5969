"""Ratings in words or numbers, on whatever scale: every cell becomes a score with its scale, or is refused.

`Very satisfied`, `Mycket nöjd`, `10 Svært fornøyd`, `4`, `4.0` are scores; `Vet ikke` and `Offered` are
none; a word nobody knows is unreadable, never guessed from a part of it.
"""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from pydantic import BaseModel, ConfigDict

from kpi_core import yaml
from kpi_core.errors import MappingError
from kpi_core.resources import configs

NUMBER = r"^\s*(-?\d+(?:[.,]\d+)?)"


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
    number seen where it is None. `direction` is set where the words themselves say it.
    """

    words: dict[str, tuple[float, float, float]]
    scale: tuple[float, float] | None
    direction: str | None = None


def sniff_scores(
    sample: pl.Series, *, scale: tuple[float, float] | None, words: dict[str, float], yes_no: bool = False
) -> ScoreReading:
    """Chooses the scale of words that a column uses.

    Args:
        sample: cells as text.
        scale: the scale the mapping declares for numbers, and for its own words.
        words: the mapping's own words and their scores; they go before the shipped ones.
        yes_no: whether the question is answered yes or no.
    """
    seen = {cell.strip().lower() for cell in sample.drop_nulls().to_list()}
    own = {word.lower(): score for word, score in words.items()}
    reading: dict[str, tuple[float, float, float]] = {}
    direction = None
    for candidate in _candidates(_worded(seen - set(own))):
        known = candidate.words()
        if not any(word in reading for word in known):
            reading.update({word: (score, candidate.low, candidate.high) for word, score in known.items()})
            direction = direction or candidate.direction
    if own:
        low, high = scale or (min(own.values()), max(own.values()))
        reading.update({word: (score, low, high) for word, score in own.items()})
    if yes_no and scale is None:
        scale = (0.0, 1.0)
    return ScoreReading(words=reading, scale=scale, direction=direction)


def _worded(cells: set[str]) -> set[str]:
    """The cells that neither begin with a number nor are known to be no score."""
    silent = {word.lower() for word in ratings().not_a_score}
    return {cell for cell in cells if cell and not cell[0].isdigit() and cell not in silent}


def _candidates(words: set[str]) -> list[Scale]:
    """The scales that speak of the words: the shortest that has them all, else those that have two or more."""
    hits = [(scale, len(words & set(scale.words()))) for scale in ratings().scales]
    whole = [scale for scale, count in hits if count and count == len(words)]
    if whole:
        return [min(whole, key=lambda scale: len(scale.steps))]
    several = sorted((entry for entry in hits if entry[1] > 1), key=lambda entry: -entry[1])
    return [scale for scale, _ in several]


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
