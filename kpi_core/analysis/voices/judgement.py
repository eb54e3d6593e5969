"""Which words go with a score: each with its effect and interval, tested against what chance brings, all of them together."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.privacy.condition_sides import SMALL
from kpi_core.analysis.voices.answers import BAND, VALUE, WHO, Band
from kpi_core.analysis.voices.chance import Drawn, effective, steps
from kpi_core.analysis.voices.words import PAIR, Spoken
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import NetShare, Share
from kpi_core.records import dataclass
from kpi_core.stats import intervals
from kpi_core.stats.p_values import benjamini_hochberg

FEWEST_OF_A_WORD = SMALL
"""The answers, and the customers, that a word must be of: fewer are about people and not about words."""
MOST_WORDS = 200
"""Words and pairs that are looked at, the most mentioned first: each further one makes all of them harder to separate from chance."""
FORMS = 3
"""Spellings of a word that are kept."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word, or two next to each other, with the answers whose comments have it.

    Attributes:
        term: in its dictionary form; `shown` that, or of a pair how it is mostly written; `forms` as they are written, the commonest first.
        n: comments that have it, of `customers` people, `low` of them dissatisfied.
        value: the figure of those answers, `rest` of the other comments (both in the inside unit).
        effect: the figure of all comments less that of those without it (inside unit); `bottom` and `top` its interval.
        p: how often words of as many answers differ as much by chance; `is_named` whether it is more than that, all words together.
    """

    term: str
    shown: str
    forms: tuple[str, ...]
    n: int
    customers: int
    low: int
    value: float
    rest: float
    effect: float
    bottom: float | None
    top: float | None
    p: float
    is_named: bool = False


def judged(kpi: Kpi, written: pl.DataFrame, spoken: Spoken, confidence: float) -> tuple[tuple[Word, ...], int]:
    """The words that come often enough, judged together; and how many were."""
    if written.height < 2 * FEWEST_OF_A_WORD:
        return (), 0
    values, who = written[VALUE].to_list(), written[WHO].to_list()
    is_low = (written[BAND] == Band.LOW.value).to_list()
    mentions: dict[str, list[int]] = {}
    for row, terms in enumerate(spoken.terms):
        for term in terms:
            mentions.setdefault(term, []).append(row)
    candidates = [
        (term, rows)
        for term, rows in _apart(mentions).items()
        if len(rows) >= FEWEST_OF_A_WORD
        and len({who[row] for row in rows}) >= FEWEST_OF_A_WORD
        and len(rows) < len(values)
    ]
    candidates.sort(key=lambda one: (-len(one[1]), one[0]))
    judge = _Judge(kpi=kpi, values=values, who=who, is_low=is_low, spoken=spoken, confidence=confidence)
    found = [judge.word(term, rows) for term, rows in candidates[:MOST_WORDS]]
    named = benjamini_hochberg([one.p for one in found], 1 - confidence)
    sure = [
        replace(one, is_named=is_named and one.bottom is not None and one.top is not None and one.bottom * one.top > 0)
        for one, is_named in zip(found, named, strict=True)
    ]
    return tuple(
        sorted(sure, key=lambda one: (not one.is_named, -abs(one.effect) if one.is_named else 0.0, -one.n, one.term))
    ), len(sure)


def _apart(mentions: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Terms of the same comments as one: a pair in the place of its words, the first by name of those that are the same."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for term, rows in mentions.items():
        if len(rows) >= FEWEST_OF_A_WORD:
            alike.setdefault(tuple(rows), []).append(term)
    return {min(terms, key=lambda term: (PAIR not in term, term)): [*rows] for rows, terms in alike.items()}


class _Chance:
    """How words of as many people would score if scores had nothing to do with them: each customer counts once, by their mean."""

    def __init__(self, values: Sequence[float], who: Sequence[int]) -> None:
        sums: dict[int, list[float]] = {}
        for value, person in zip(values, who, strict=True):
            sums.setdefault(person, []).append(value)
        means = [math.fsum(own) / len(own) for own in sums.values()]
        low, high = min(values), max(values)
        self._steps = dict(zip(sums, steps([*means, low, high]), strict=False))
        self._drawn = Drawn(counts=Counter(self._steps.values()))

    def p_value(self, people: Iterable[int]) -> float:
        own = {*people}
        return self._drawn.p_value(len(own), sum(self._steps[one] for one in own))


@dataclass(frozen=True, kw_only=True)
class _Side:
    """Some answers: how many, their sums, how many above and below 0, and how many they are worth where those of one customer are as one."""

    n: int
    total: float
    squares: float
    plus: int
    minus: int
    effective: float

    @property
    def mean(self) -> float:
        return self.total / self.n

    def less(self, part: "_Side", effective: float) -> "_Side":
        """What is left without a part of them, which is worth `effective`."""
        return _Side(
            n=self.n - part.n, total=self.total - part.total, squares=self.squares - part.squares, plus=self.plus - part.plus,
            minus=self.minus - part.minus, effective=effective,
        )  # fmt: skip

    @property
    def variance(self) -> float:
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1)) if self.n > 1 else 0.0


def _side(values: Sequence[float], who: Iterable[int]) -> _Side:
    return _Side(
        n=len(values), total=math.fsum(values), squares=math.fsum(value * value for value in values),
        plus=sum(value > 0 for value in values), minus=sum(value < 0 for value in values), effective=effective(Counter(who)),
    )  # fmt: skip


@dataclass(kw_only=True, eq=False)
class _Judge:
    """Judges words against all comments (`whole`), of which it knows the value, the customer and whether it is a dissatisfied one's."""

    kpi: Kpi
    values: Sequence[float]
    who: Sequence[int]
    is_low: Sequence[bool]
    spoken: Spoken
    confidence: float

    def __post_init__(self) -> None:
        self._whole = _side(self.values, self.who)
        self._answers = Counter(self.who)
        self._squares = sum(m * m for m in self._answers.values())
        self._chance = _Chance(self.values, self.who)

    def word(self, term: str, rows: Sequence[int]) -> Word:
        """The judgement of one term, by the rows that have it."""
        people = Counter(self.who[row] for row in rows)
        own = _side([self.values[row] for row in rows], (self.who[row] for row in rows))
        # Σ m² of the others: only customers of both sides have fewer answers there.
        squares = self._squares + sum(
            (self._answers[one] - m) ** 2 - self._answers[one] ** 2 for one, m in people.items()
        )
        left = self._whole.n - own.n
        rest = self._whole.less(own, left * left / squares)
        part = own.n / self._whole.n
        bottom, top = self._bounds(part, own, rest)
        return Word(
            term=term, shown=self.spoken.shown(term), forms=tuple(form for form, _ in self.spoken.forms[term].most_common(FORMS)), n=own.n,
            customers=len(people), low=sum(self.is_low[row] for row in rows), value=own.mean, rest=rest.mean,
            effect=part * (own.mean - rest.mean), bottom=bottom, top=top, p=self._chance.p_value(people),
        )  # fmt: skip

    def _bounds(self, part: float, own: _Side, rest: _Side) -> intervals.Bounds:
        """The bounds of an effect, `part` times the difference of two sides: both vary (MOVER, Zou & Donner 2008).

        Others would write the word more often, or less. It has no other sign than the difference where that is sure.
        """
        test = _difference(self.kpi, own, rest, self._whole, self.confidence)
        if test is None:
            return None, None
        by = own.mean - rest.mean
        fewest, most = intervals.wilson(part * self._whole.effective, self._whole.effective, self.confidence)  # type: ignore[arg-type]
        inwards, outwards = abs(by) * (part - fewest), abs(by) * (most - part)
        low = part * by - math.hypot(part * (by - test.low), inwards if by > 0 else outwards)
        high = part * by + math.hypot(part * (test.high - by), outwards if by > 0 else inwards)
        return (max(low, fewest * test.low) if test.low > 0 else low), (
            min(high, fewest * test.high) if test.high < 0 else high
        )


def _difference(kpi: Kpi, own: _Side, rest: _Side, whole: _Side, confidence: float) -> intervals.Test | None:
    """The difference of two sides with its interval, by the KPI's own method; None where a mean's sides do not vary."""
    n1, n0 = own.effective, rest.effective
    if isinstance(kpi.measure, Share):
        return intervals.shares(own.mean * n1, n1, rest.mean * n0, n0, confidence)  # type: ignore[arg-type]
    if isinstance(kpi.measure, NetShare):
        (plus1, minus1), (plus0, minus0) = (
            (one.plus / one.n * one.effective, one.minus / one.n * one.effective) for one in (own, rest)
        )
        return intervals.net_shares(plus1, minus1, n1, plus0, minus0, n0, confidence)  # type: ignore[arg-type]
    # Few answers alike are not sure to be: one answer of the usual spread is added to each side.
    spread1, spread0 = (math.sqrt(((one.n - 1) * one.variance + whole.variance) / one.n) for one in (own, rest))
    return intervals.means(own.mean, spread1, n1, rest.mean, spread0, n0, confidence)  # type: ignore[arg-type]
