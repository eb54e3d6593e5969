"""The rating words shipped with the tool: scales of words and pictures, and the words that are no score."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

import polars as pl
from pydantic import BaseModel, ConfigDict

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.patterns import regex

_APOSTROPHES = "[’‘`´]"
_SILENT = '[\\s\u00a0/.,!;:"…\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]+'
"""What does not distinguish words: blanks, punctuation, and how a picture is to be drawn."""
_SAME = regex(_SILENT)


def normal_words(cell: pl.Expr) -> pl.Expr:
    """Cells as rating words are compared: in lower case, without punctuation."""
    plain = cell.str.to_lowercase().str.replace_all(_APOSTROPHES, "'")
    return plain.str.replace_all(_SILENT, " ").str.strip_chars()


@lru_cache(maxsize=4096)
def normal_word(word: str) -> str:
    """The same of one word."""
    return _SAME.sub(" ", re.sub(_APOSTROPHES, "'", word.lower())).strip()


class Scale(BaseModel):
    """A known set of rating words, worst to best; its steps are 1 apart unless `high` says where they end, or `marks` what each is.

    Where `only_with` names words, a column without any of them is not on this scale; where `is_whole`, one that leaves out a step.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    steps: tuple[str, ...]
    low: float = 1
    high: float = 0
    marks: tuple[float, ...] = ()
    direction: str | None = None
    only_with: str = ""
    is_whole: bool = False

    def model_post_init(self, _: object) -> None:
        """Fills in the best step."""
        if not self.high:
            object.__setattr__(self, "high", self.low + len(self.steps) - 1)

    @property
    def ends(self) -> tuple[float, float]:
        """The worst and the best step."""
        return self.low, self.high

    def ordered(self) -> tuple[frozenset[str], ...]:
        """The words of each step, worst to best."""
        return tuple(frozenset(map(normal_word, step.split("|"))) for step in self.steps)

    def may_have(self, words: Collection[str]) -> bool:
        """Whether a column of these words, as words are compared, may be on this scale."""
        if self.is_whole and not all(step.intersection(words) for step in self.ordered()):
            return False
        return not self.only_with or any(normal_word(word) in words for word in self.only_with.split("|"))

    def words(self) -> Mapping[str, float]:
        """Each spelling, as words are compared, and its step."""
        return _words(self)


@lru_cache
def _words(scale: Scale) -> Mapping[str, float]:
    apart = (scale.high - scale.low) / (len(scale.steps) - 1)
    marks = scale.marks or tuple(scale.low + place * apart for place in range(len(scale.steps)))
    found: dict[str, float] = {}
    for mark, step in zip(marks, scale.steps, strict=True):
        found |= dict.fromkeys(map(normal_word, step.split("|")), mark)
    return found


class Ratings(BaseModel):
    """The file of rating words: scales, and the words that are no score."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scales: tuple[Scale, ...]
    not_a_score: tuple[str, ...]


@lru_cache(maxsize=1)
def ratings() -> Ratings:
    """The rating words shipped with the tool."""
    return yaml.validate(yaml.load(configs() / "values" / "ratings.yaml", MappingError), Ratings, MappingError)


@lru_cache(maxsize=1)
def no_opinions() -> frozenset[str]:
    """The words that are no score, as words are compared."""
    return frozenset(map(normal_word, ratings().not_a_score))


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of every scale, as words are compared."""
    return frozenset(word for scale in ratings().scales for word in scale.words())
