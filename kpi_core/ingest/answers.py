"""Survey answers: score columns of a file, wide or inside a ticket export, to one row an answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.field import Field, text_name
from kpi_core.ingest.fields import FieldReader
from kpi_core.ingest.header_rows import scale_in
from kpi_core.ingest.narrow import MASK, NarrowScan
from kpi_core.ingest.scores import ScoreReading, no_score, parse_score, sniff_scores
from kpi_core.ingest.specs import AnswerSpec
from kpi_core.tables import ANSWERS, Kind

KNOWN_SCALES = {
    "nps": (0.0, 10.0),
    "nki_satisfaction": (1.0, 10.0),
    "nki_expectation": (1.0, 10.0),
    "nki_ideal": (1.0, 10.0),
    "nki_fourth": (1.0, 10.0),
}
FIRST = "_first"
"""The column that marks the first answer of each response."""
YES_NO = ("resolved", "first_contact")
EASE = r"easy|ease|effortless|lätt|enkel|lett\b|smidig|helppo|nemt"
EFFORT = r"effort|ansträngning|innsats|indsats|vaiva|difficult|svårt|vanskelig"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One survey question found in a file: where, on what scale, and which way is better (None: not told).

    `offered` are the words of a cell that was asked and not answered, `own` those the mapping gives scores.
    """

    name: str
    header: str
    place: int
    reading: ScoreReading
    direction: str | None
    offered: tuple[str, ...] = ()
    own: Mapping[str, float] = field(default_factory=dict)

    def reread(self, words: pl.Series) -> "Question":
        """The question with its scale told by every word of the column, where a sample may have missed some."""
        reading = sniff_scores(words, scale=self.reading.scale, words=self.own, yes_no=self.name in YES_NO,
                               direction=self.direction)  # fmt: skip
        return replace(self, reading=reading, direction=self.direction or reading.direction)

    @property
    def column(self) -> str:
        """The column of its scores."""
        return f"score:{self.name}"


def find_questions(
    reader: FieldReader, scales: Mapping[str, tuple[float, float]], directions: Mapping[str, str]
) -> list[tuple[Question, Field]]:
    """The questions of the mapping that the file asks, each with the field of its cells as written.

    Headers named outright are taken before any that a pattern finds; no column answers two questions.
    """
    places = {spec.question: reader.match.question(spec.headers) for spec in reader.mapping.answers}
    for spec in reader.mapping.answers:
        if places[spec.question] is None:
            taken = {place for place in places.values() if place is not None}
            places[spec.question] = reader.match.matching(spec.matching, taken)
    return [
        _question(reader, spec, place, scales.get(spec.question), directions.get(spec.question))
        for spec in reader.mapping.answers
        if (place := places[spec.question]) is not None and (not spec.where or reader.fits(spec.where) is not None)
    ]


def _question(
    reader: FieldReader, spec: AnswerSpec, place: int, scale: tuple[float, float] | None, direction: str | None
) -> tuple[Question, Field]:
    header = reader.match.headers[place]
    text = asked = reader.cell(place)
    only = None
    if spec.where and (fits := reader.fits(spec.where)) is not None:
        asked, only = pl.when(fits[0]).then(text), fits[1]
    scale = scale or spec.scale or scale_in(header) or KNOWN_SCALES.get(spec.question)
    reading = sniff_scores(reader.seen(asked), scale=scale, words=spec.words, yes_no=spec.question in YES_NO,
                           direction=direction or spec.direction)  # fmt: skip
    direction = direction or spec.direction or reading.direction or _direction_in(spec.question, header)
    question = Question(name=spec.question, header=header, place=place, reading=reading, direction=direction,
                        offered=tuple(word.lower() for word in spec.offered), own=spec.words)  # fmt: skip
    # Scores are read from the distinct words once the scan is done; the bit of an unreadable one is kept free here.
    return question, Field(name=question.column, header=header, place=place, kind=Kind.TEXT, text=text,
                           value=pl.col(text_name(question.column)), unreadable=pl.lit(value=False), only=only)  # fmt: skip


def read_scores(
    scan: NarrowScan, questions: Sequence[Question], *, refuses: bool
) -> tuple[NarrowScan, list[Question], dict[str, dict[str, int]]]:
    """Turns the words of score columns into scores with their scales; unreadable words come back with counts.

    Adds `score:`, `low:`, `high:` (and `offered:`) for each question, and tells each its scale by all its words. An
    unreadable word refuses its row where `refuses`, else only its answer.
    """
    frame, unread, told = scan.frame, {}, []
    bits = {field.name: place for place, field in enumerate(scan.refusing)}
    for asked in questions:
        words = frame.select(word=pl.col(asked.column).unique().drop_nulls())
        words = words.with_columns(text=pl.col("word").cast(pl.String))
        question = asked.reread(words["text"])
        told.append(question)
        meaning = _meaning(question, words)
        read = frame.select(word=question.column).join(meaning, on="word", how="left", maintain_order="left")
        if meaning["bad"].any():
            counts = read.filter("bad").group_by("word").len().with_columns(pl.col("word").cast(pl.String))
            unread[question.column] = dict(counts.sort("len", "word", descending=[True, False]).iter_rows())
            if refuses:
                bit = read["bad"].fill_null(value=False).cast(pl.UInt64) * (1 << bits[question.column])
                frame = frame.with_columns(pl.Series(MASK, frame[MASK] | bit))
        columns = {question.column: "score", f"low:{question.name}": "low", f"high:{question.name}": "high"}
        frame = frame.with_columns(read[column].alias(name) for name, column in columns.items())
        if question.offered:
            frame = frame.with_columns(read["offered"].fill_null(value=False).alias(f"offered:{question.name}"))
    return replace(scan, frame=frame), told, unread


def _meaning(question: Question, words: pl.DataFrame) -> pl.DataFrame:
    """Each word of a column with its score, its scale's ends, whether it was an offer, and whether nobody knows it."""
    cell = pl.col("text")
    score, low, high = parse_score(cell, question.reading)
    is_offered = score.is_not_null() | cell.str.to_lowercase().is_in(list(question.offered))
    is_bad = ~is_offered & ~no_score(cell)
    return words.select("word", score=score, low=low, high=high, offered=is_offered, bad=is_bad)


def _direction_in(question: str, header: str) -> str | None:
    if question != "ces":
        return "higher"
    if re.search(EASE, header, re.IGNORECASE):
        return "higher"
    return "lower" if re.search(EFFORT, header, re.IGNORECASE) else None


def is_of_question(name: str) -> bool:
    """Whether a working column holds something of one question; a header with a colon of its own does not."""
    return re.match(r"(score|low|high|offered):", name) is not None


@dataclass(frozen=True, kw_only=True, eq=False)
class Unfolded:
    """A survey with one row an answer: those given, and apart from them the questions that were only asked."""

    given: pl.DataFrame
    asked: pl.DataFrame


def to_answers(
    frame: pl.DataFrame, questions: Sequence[Question], where: str, *, is_embedded: bool = False
) -> Unfolded:
    """One row an answer (or an offer without one) from a wide frame; a response is known by its source and number.

    There is at least one question. `frame` has `score:<question>` (and low/high/offered) beside response-level columns named as in `answers`;
    `is_embedded` where its rows are tickets with ratings inside.
    """
    shared = [
        name for name in frame.columns if name in ANSWERS.names or not (is_of_question(name) or name.startswith("_"))
    ]
    given: list[pl.DataFrame] = []
    asked: list[pl.DataFrame] = []
    for place, question in enumerate(questions):
        has_score = pl.col(question.column).is_not_null()
        # Told here, where a response is still one row: whether this is the first of its answers.
        earlier = [pl.col(other.column).is_null() for other in questions[:place]]
        columns = [
            *shared,
            *_answer_columns(question, frame),
            pl.all_horizontal(has_score, *earlier).alias(FIRST),
            pl.lit(is_embedded).alias("_embedded"),
        ]
        rows = frame.lazy().filter(has_score).select(columns).collect()
        scale = _scale_told(rows, question, where)
        given.append(_with_scale(rows, scale))
        if (is_offered := _is_offered(question, frame)) is not None:
            offers = frame.lazy().filter(~has_score & is_offered).select(columns).collect()
            asked.append(_with_scale(offers, scale))
    whole = pl.concat(given, how="diagonal_relaxed")
    return Unfolded(given=whole, asked=pl.concat([whole.clear(), *asked], how="diagonal_relaxed"))


def _is_offered(question: Question, frame: pl.DataFrame) -> pl.Expr | None:
    """Whether a row was asked a question; None where the file does not tell."""
    if question.offered:
        return pl.col(f"offered:{question.name}").fill_null(value=False)
    return pl.col("offered_at").is_not_null() if "offered_at" in frame.columns else None


def _answer_columns(question: Question, frame: pl.DataFrame) -> list[pl.Expr]:
    name, offered = question.name, _is_offered(question, frame)
    return [
        pl.lit(name).cast(Kind.QUESTION.dtype).alias("question"),
        pl.col(question.column).alias("score"),
        pl.col(f"low:{name}").alias("scale_low"),
        pl.col(f"high:{name}").alias("scale_high"),
        pl.lit(question.direction).cast(Kind.DIRECTION.dtype).alias("direction"),
        (pl.lit(None, pl.Boolean) if offered is None else offered).alias("is_offered"),
    ]


def _scale_told(given: pl.DataFrame, question: Question, where: str) -> tuple[float, float] | None:
    """The scale's ends as the highest score tells them, where neither words, header nor mapping did."""
    open_ended = given.filter(pl.col("scale_high").is_null())["score"]
    return None if open_ended.is_empty() else _told_by_scores(open_ended, question, where)


def _with_scale(answers: pl.DataFrame, scale: tuple[float, float] | None) -> pl.DataFrame:
    if scale is None:
        return answers
    return answers.with_columns(pl.col("scale_low").fill_null(scale[0]), pl.col("scale_high").fill_null(scale[1]))


def _told_by_scores(scores: pl.Series, question: Question, where: str) -> tuple[float, float]:
    lowest, highest = float(str(scores.min())), float(str(scores.max()))
    for low, high in ((1.0, 5.0), (1.0, 7.0), (1.0, 10.0), (0.0, 100.0)):
        if highest <= high:
            if high == 5.0 and highest < 5:
                break
            return (min(low, lowest // 1), high)
    message = f"cannot tell the scale of `{question.header}`: its answers lie between {lowest:g} and {highest:g}"
    raise ExportError(message, where=where, hint=f"pass --scale {question.name}=1-5, or whatever it was")
