"""What customers wrote next to a score: by how satisfied they were, which words go with the score beyond chance, and a few of them masked.

A word goes with a score; it need not be why. Of one customer all answers count, as one where chance is asked.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date

import polars as pl

from kpi_core.analysis.privacy.condition_sides import SMALL
from kpi_core.analysis.privacy.small_groups import PRIVATE, called
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.voices.answers import BAND, DAY, TEXT, VALUE, WHO, Band, Given, check, given
from kpi_core.analysis.voices.judgement import Word, judged
from kpi_core.analysis.voices.masking import kinds, masked, parts_of_names, plain
from kpi_core.analysis.voices.words import PAIR, Lemmas, Spoken, dictionary_forms, spoken
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.comments import NAME
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import KpiResult, Report
from kpi_core.records import dataclass

READ = frozenset({NAME, "agent", "customer_id", "customer_email"})
"""The columns that are read for it."""
ASKED = ("nps", "csat", "ces", "review_rating", "treatment", "competence")
"""The KPIs of which the one with the most comments is taken where none is named, the first of several alike."""
QUOTES, OF_A_SEGMENT = 5, 3


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One band of answers: how many there are, and how many of them have a comment."""

    band: Band
    n: int
    written: int


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
    """The comments on a KPI.

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
    """The comments on the one of the request's KPIs that has the most comments in its period.

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
            f"what was written is not split by `{people[0]}`: it would give people away", where="--by", hint=hint
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
    vocabulary = spoken(shown, lemmas or dictionary_forms())
    found, looked_at = judged(result.kpi, written, vocabulary, request.confidence)
    return Voices(
        report=report, result=result, value=_mean(written[VALUE]), heard=tuple(_heard(frame)),
        words=() if is_of_few else found, looked_at=looked_at, languages=vocabulary.languages, is_lemmatised=vocabulary.is_lemmatised,
        quotes=() if is_of_few else tuple(_quotes(written, shown, quotes)), was_masked=is_masked,
        taken=Counter(kind for text in shown for kind in kinds(text)),
        segments={} if is_of_few else {name: _segments(frame, name, written, vocabulary) for name in request.by}, is_of_few=is_of_few,
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
        hint = (
            "name the column: --column comment='What could we do better?'; `kundpuls inspect FILES` lists the headers"
        )
        raise DefinitionError("the files have no column of comments next to a score", hint=hint)
    if found:
        hint = "a longer --period may have some: --period all"
        raise DefinitionError(
            f"nobody wrote anything next to their score in {period.name}", where="--period", hint=hint
        )
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


def _segments(frame: pl.DataFrame, name: str, written: pl.DataFrame, vocabulary: Spoken) -> tuple[Segment, ...]:
    """The groups of a dimension, the most comments first."""
    counts: dict[str | None, Counter[str]] = {}
    speakers: dict[str | None, set[int]] = {}
    for group, band, person, terms in zip(written[name], written[BAND], written[WHO], vocabulary.terms, strict=True):
        if band != Band.HIGH.value:
            counts.setdefault(group, Counter()).update(terms)
            speakers.setdefault(group, set()).add(person)
    rows = frame.group_by(name).agg(
        pl.len().alias("n"), pl.col(TEXT).count().alias("written"), (pl.col(BAND) == Band.LOW.value).sum().alias("low"), pl.col(VALUE).mean()
    ).sort("written", "n", name, descending=[True, True, False])  # fmt: skip
    return tuple(
        Segment(group=group, n=n, written=text, low=low, value=value,
                words=_commonest(counts[group], vocabulary) if len(speakers.get(group, ())) >= SMALL else None)
        for group, n, text, low, value in rows.iter_rows()
    )  # fmt: skip


def _commonest(counts: Counter[str], vocabulary: Spoken) -> tuple[tuple[str, int], ...]:
    """The words that come most, each in two comments or more, as they are shown; none that stands in a pair that comes as often."""
    ranked = sorted(counts.items(), key=lambda one: (-one[1], PAIR not in one[0], one[0]))
    kept: list[tuple[str, int]] = []
    for term, count in ranked:
        inside = any(term in other.split(PAIR) and count == times for other, times in kept)
        if count > 1 and not inside and len(kept) < OF_A_SEGMENT:
            kept.append((term, count))
    return tuple((vocabulary.shown(term), count) for term, count in kept)


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return mean if isinstance(mean, float) else None
