"""What customers wrote beside a score: by how satisfied they were, which words go with the score beyond chance, and a few of them masked.

A word goes with a score; it need not be why. Of one customer all answers count, as one where chance is asked.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from kpi_core.analysis.privacy.condition_sides import SMALL
from kpi_core.analysis.privacy.small_groups import PRIVATE, called
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.voices.answers import BAND, DAY, TEXT, VALUE, WHO, Band, Given, check, given
from kpi_core.analysis.voices.chance import Drawn, effective, steps
from kpi_core.analysis.voices.masking import kinds, masked, parts_of_names, plain
from kpi_core.analysis.voices.words import PAIR, Lemmas, Spoken, dictionary_forms, spoken
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.comments import NAME
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import NetShare, Share
from kpi_core.model.report import KpiResult, Report
from kpi_core.stats import intervals
from kpi_core.stats.p_values import benjamini_hochberg

READ = frozenset({NAME, "agent", "customer_id", "customer_email"})
"""The columns that are read for it."""
ASKED = ("nps", "csat", "ces", "review_rating", "treatment", "competence")
"""The KPIs of which the one with the most comments is taken where none is named, the first of several alike."""
FEWEST_OF_A_WORD = SMALL
"""The answers, and the customers, that a word must be of: fewer tell of people and not of words."""
MOST_WORDS = 200
"""Words and pairs that are looked at, the most mentioned first: each further one makes all of them harder to tell from chance."""
QUOTES, FORMS, OF_A_SEGMENT = 5, 3, 3


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One band of answers: how many there are, and how many of them have a comment."""

    band: Band
    n: int
    written: int


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word, or two next to each other, with the answers whose comments have it.

    Attributes:
        term: in its dictionary form; `shown` that, or of a pair how it is mostly written; `forms` as they are written, the commonest first.
        n: comments that have it, of `customers` people, `low` of them dissatisfied.
        value: the figure of those answers, `rest` of the other comments (both in the inside unit).
        effect: the figure of all comments less that of those without it (inside unit); `bottom` and `top` its interval.
        p: how often words of as many answers come to as much by chance; `is_named` whether it is more than that, all words together.
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


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A comment as it may be shown: its band, its day, and its text with what leads to a person marked (see `masking.spelt`)."""

    band: Band
    day: date | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A group's answers: how many, with a comment, and dissatisfied; its figure, and the words that its dissatisfied and passive write most.

    `words` are None where fewer than five of them wrote something.
    """

    group: str | None
    n: int
    written: int
    low: int
    value: float
    words: tuple[tuple[str, int], ...] | None


@dataclass(frozen=True, kw_only=True)
class Voices:
    """What was written beside a KPI.

    Attributes:
        result: the KPI of the period, all answers.
        value: the figure of the answers with a comment alone; None for none.
        heard: the bands, the worst first.
        words: by what they do to the figure where they are named, then by how often they come.
        looked_at: words that came often enough to be looked at.
        languages: comments by language.
        is_lemmatised: whether words are in their dictionary forms.
        quotes: of the worst bands, the newest first; none where fewer than five people could be behind them.
        was_masked: whether what leads to a person is taken out; `taken` how often, by kind.
        is_of_few: whether the condition asks about so few people that nothing they wrote is shown.
    """

    report: Report
    result: KpiResult
    value: float | None
    heard: tuple[Heard, ...]
    words: tuple[Word, ...]
    looked_at: int
    languages: Mapping[str, int]
    is_lemmatised: bool
    quotes: tuple[Quote, ...]
    was_masked: bool
    taken: Mapping[str, int]
    segments: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)
    is_of_few: bool = False

    @property
    def kpi(self) -> Kpi:
        """The figure."""
        return self.result.kpi

    @property
    def written(self) -> int:
        """Answers with a comment."""
        return sum(one.written for one in self.heard)


def texts(request: Request) -> frozenset[str]:
    """The columns that must be read for it."""
    return frozenset({*request.texts(), *READ})


def voices(
    dataset: Dataset, request: Request, *, quotes: int = QUOTES, is_masked: bool = True, lemmas: Lemmas | None = None
) -> Voices:
    """What was written beside the one of the request's KPIs that has the most comments in its period.

    Args:
        dataset: the files, read with `texts`.
        request: its KPIs, period, condition and dimensions count.
        quotes: the most comments that are shown.
        is_masked: whether what could lead to a person is taken out of what is shown and counted.
        lemmas: what gives words their dictionary form; None for the library where it is installed.

    Raises:
        DefinitionError: no KPI can be computed, or the files hold no comments.
    """
    for kpi in request.kpis:
        check(kpi)
    private = called(dataset, PRIVATE)
    if people := [name for name in request.by if name.casefold() in private]:
        hint = "split by group, type, channel or product"
        raise DefinitionError(
            f"what was written is not split by `{people[0]}`: it would tell of people", where="--by", hint=hint
        )
    prepared = prepare(dataset, replace(request, compare="none"))
    report = report_on(prepared)
    result, answers = _chosen(prepared, report)
    is_of_few = bool(prepared.sides)
    frame = answers.frame
    written = frame.drop_nulls(TEXT)
    shown = [plain(text) for text in written[TEXT].to_list()]
    if is_masked:
        names = _names(dataset)
        shown = [masked(text, names) for text in shown]
    said = spoken(shown, lemmas or dictionary_forms())
    found, looked_at = judged(result.kpi, written, said, request.confidence)
    return Voices(
        report=report, result=result, value=_mean(written[VALUE]), heard=tuple(_heard(frame)),
        words=() if is_of_few else found, looked_at=looked_at, languages=said.languages, is_lemmatised=said.is_lemmatised,
        quotes=() if is_of_few else tuple(_quotes(written, shown, quotes)), was_masked=is_masked,
        taken=Counter(kind for text in shown for kind in kinds(text)),
        segments={} if is_of_few else {name: _segments(frame, name, written, said) for name in request.by}, is_of_few=is_of_few,
    )  # fmt: skip


def _chosen(prepared: Prepared, report: Report) -> tuple[KpiResult, Given]:
    """The KPI with the most comments, with its answers."""
    period, dimensions = report.query.period, prepared.request.by
    ranked = sorted(prepared.request.kpis, key=lambda kpi: ASKED.index(kpi.name) if kpi.name in ASKED else 0)
    found = [
        (result, given(result.kpi, prepared.engine, period, dimensions))
        for kpi in ranked
        for result in report.totals
        if result.kpi.name == kpi.name and (result.estimate.n or result.suppressed)
    ]
    best = max(found, key=lambda one: one[1].frame[TEXT].count(), default=None)
    if best is not None and best[1].frame[TEXT].count():
        return best
    if found and not any(answers.has_comments for _, answers in found):
        hint = "name the column: --column comment='What could we do better?'; `kundpuls inspect` lists the headers"
        raise DefinitionError("the files have no column of comments beside a score", hint=hint)
    if found:
        hint = "a longer --period may have some: --period all"
        raise DefinitionError(f"nobody wrote anything beside their score in {period.name}", where="--period", hint=hint)
    names = ", ".join(f"`{kpi.name}`" for kpi in ranked)
    lacking = sorted({str(need) for one in report.unavailable for need in one.needs})
    hint = f"needed: {', '.join(lacking)}" if lacking else "a longer --period may have some: --period all"
    raise DefinitionError(f"there are no answers to {names}", hint=hint)


def _names(dataset: Dataset) -> frozenset[str]:
    """The words of the names of agents that the files know."""
    columns = [frame["agent"] for frame in dataset.tables.values() if "agent" in frame.columns]
    return parts_of_names([name for one in columns for name in one.cast(pl.String).unique().drop_nulls()])


def _heard(frame: pl.DataFrame) -> Iterable[Heard]:
    counts = {band: (n, text) for band, n, text in frame.group_by(BAND).agg(pl.len(), pl.col(TEXT).count()).iter_rows()}
    for band in Band:
        n, text = counts.get(band.value, (0, 0))
        yield Heard(band=band, n=n, written=text)


def _quotes(written: pl.DataFrame, shown: Sequence[str], most: int) -> Iterable[Quote]:
    """The newest comments of the dissatisfied, then of those in between; the same one once, none of fewer than five people."""
    rows = written.select(BAND, DAY, WHO).with_columns(pl.Series("text", shown, pl.String))
    left = most
    for band in (Band.LOW, Band.MIDDLE):
        own = rows.filter(pl.col(BAND) == band.value, pl.col("text") != "").unique(
            "text", keep="first", maintain_order=True
        )
        if rows.filter(pl.col(BAND) == band.value)[WHO].n_unique() < SMALL:
            continue
        for _, day, _, text in own.head(left).iter_rows():
            yield Quote(band=band, day=day, text=text)
        left -= min(left, own.height)


def judged(kpi: Kpi, written: pl.DataFrame, said: Spoken, confidence: float) -> tuple[tuple[Word, ...], int]:
    """The words that come often enough, judged together; and how many were."""
    if written.height < 2 * FEWEST_OF_A_WORD:
        return (), 0
    values, who = written[VALUE].to_list(), written[WHO].to_list()
    is_low = (written[BAND] == Band.LOW.value).to_list()
    mentions: dict[str, list[int]] = {}
    for row, terms in enumerate(said.terms):
        for term in terms:
            mentions.setdefault(term, []).append(row)
    chance = _Chance(values, who)
    candidates = [
        (term, rows)
        for term, rows in _apart(mentions).items()
        if len(rows) >= FEWEST_OF_A_WORD
        and len({who[row] for row in rows}) >= FEWEST_OF_A_WORD
        and len(rows) < len(values)
    ]
    candidates.sort(key=lambda one: (-len(one[1]), one[0]))
    found = [
        _word(kpi, term, rows, values, who, is_low, said, chance, confidence) for term, rows in candidates[:MOST_WORDS]
    ]
    named = benjamini_hochberg([one.p for one in found], 1 - confidence)
    sure = [
        replace(one, is_named=is_named and one.bottom is not None and one.top is not None and one.bottom * one.top > 0)
        for one, is_named in zip(found, named, strict=True)
    ]
    return tuple(
        sorted(sure, key=lambda one: (not one.is_named, -abs(one.effect) if one.is_named else 0.0, -one.n, one.term))
    ), len(sure)


def _apart(mentions: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Terms of the same comments as one: a pair in the place of its words, the first by name of those that come to the same."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for term, rows in mentions.items():
        if len(rows) >= FEWEST_OF_A_WORD:
            alike.setdefault(tuple(rows), []).append(term)
    return {min(terms, key=lambda term: (PAIR not in term, term)): [*rows] for rows, terms in alike.items()}


class _Chance:
    """What words of as many people would come to if scores had nothing to do with them: each customer counts once, by their mean."""

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


def _word(
    kpi: Kpi, term: str, rows: Sequence[int], values: Sequence[float], who: Sequence[int], is_low: Sequence[bool], said: Spoken,
    chance: _Chance, confidence: float,
) -> Word:  # fmt: skip
    inside = {*rows}
    own = [values[row] for row in rows]
    others = [value for row, value in enumerate(values) if row not in inside]
    part = len(own) / len(values)
    people = [who[row] for row in rows]
    sides = (effective(Counter(people)), effective(Counter(who[row] for row in range(len(who)) if row not in inside)))
    test = _difference(kpi, own, others, sides, confidence)
    mean, rest = math.fsum(own) / len(own), math.fsum(others) / len(others)
    return Word(
        term=term, shown=said.shown(term), forms=tuple(form for form, _ in said.forms[term].most_common(FORMS)), n=len(rows), customers=len({*people}),
        low=sum(is_low[row] for row in rows), value=mean, rest=rest, effect=part * (mean - rest),
        bottom=None if test is None else part * test.low, top=None if test is None else part * test.high,
        p=chance.p_value(people),
    )  # fmt: skip


def _difference(
    kpi: Kpi, own: Sequence[float], others: Sequence[float], sides: tuple[float, float], confidence: float
) -> intervals.Test | None:
    """The difference of two sides with its interval, by the KPI's own method; the answers of one customer count as one.

    None where a mean's sides do not vary.
    """
    n1, n0 = sides
    mean1, mean0 = math.fsum(own) / len(own), math.fsum(others) / len(others)
    if isinstance(kpi.measure, Share):
        return intervals.shares(mean1 * n1, n1, mean0 * n0, n0, confidence)  # type: ignore[arg-type]
    if isinstance(kpi.measure, NetShare):
        (plus1, minus1), (plus0, minus0) = (
            (sum(v > 0 for v in side) / len(side) * n, sum(v < 0 for v in side) / len(side) * n)
            for side, n in ((own, n1), (others, n0))
        )
        return intervals.net_shares(plus1, minus1, n1, plus0, minus0, n0, confidence)  # type: ignore[arg-type]
    return intervals.means(mean1, _spread(own, others), n1, mean0, _spread(others, own), n0, confidence)  # type: ignore[arg-type]


def _spread(own: Sequence[float], others: Sequence[float]) -> float:
    """The deviation of one side; few answers alike are not sure to be, so that one answer of the usual spread is added to them."""
    everything = [*own, *others]
    return math.sqrt(((len(own) - 1) * _variance(own) + _variance(everything)) / len(own))


def _variance(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _segments(frame: pl.DataFrame, name: str, written: pl.DataFrame, said: Spoken) -> tuple[Segment, ...]:
    """The groups of a dimension, the most comments first."""
    counts: dict[str | None, Counter[str]] = {}
    speakers: dict[str | None, set[int]] = {}
    for group, band, person, terms in zip(written[name], written[BAND], written[WHO], said.terms, strict=True):
        if band != Band.HIGH.value:
            counts.setdefault(group, Counter()).update(terms)
            speakers.setdefault(group, set()).add(person)
    rows = frame.group_by(name).agg(
        pl.len().alias("n"), pl.col(TEXT).count().alias("written"), (pl.col(BAND) == Band.LOW.value).sum().alias("low"), pl.col(VALUE).mean()
    ).sort("written", "n", name, descending=[True, True, False])  # fmt: skip
    return tuple(
        Segment(group=group, n=n, written=text, low=low, value=value,
                words=_commonest(counts[group], said) if len(speakers.get(group, ())) >= SMALL else None)
        for group, n, text, low, value in rows.iter_rows()
    )  # fmt: skip


def _commonest(counts: Counter[str], said: Spoken) -> tuple[tuple[str, int], ...]:
    """The words that come most, each in two comments or more, as they are shown; none that stands in a pair that comes as often."""
    ranked = sorted(counts.items(), key=lambda one: (-one[1], PAIR not in one[0], one[0]))
    kept: list[tuple[str, int]] = []
    for term, count in ranked:
        inside = any(term in other.split(PAIR) and count == times for other, times in kept)
        if count > 1 and not inside and len(kept) < OF_A_SEGMENT:
            kept.append((term, count))
    return tuple((said.shown(term), count) for term, count in kept)


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return mean if isinstance(mean, float) else None
