"""How each column of a file was understood: which field it feeds, what its words mean, what it ranges over.

Taken from the file itself once more, so that a reader can compare it with the sheet before trusting a number.
"""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from kpi_core.ingest.cells.durations import SHAPES, UNITS, Shape, sniff_duration, unit_from_header
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields import words as categories
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.money.credit_rows import CREDIT
from kpi_core.ingest.file_read import SAMPLE, FileRead
from kpi_core.ingest.findings.cell_findings import HOURS_AND_MINUTES
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.ingest.rows.marked_rows import is_marked_by
from kpi_core.messages.message import Message
from kpi_core.model.columns import CANCELLED
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass

Extreme = datetime | float | int
CATEGORIES = frozenset({Kind.TRUTH, *categories.CATEGORIES})
RANGED = frozenset({Kind.INSTANT, Kind.DURATION, Kind.COUNT, Kind.NUMBER})
SCORE = "score:"
EMPTY = "(empty)"
"""Stands for an empty cell where that means something."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of a column, as written, what it was read as (None: nobody knows it) and how often it occurs."""

    text: str
    meaning: str | None
    count: int


@dataclass(frozen=True, kw_only=True)
class ColumnReading:
    """One column that is read.

    `filled` cells hold a value after reading, missing words and refused cells apart. `lowest` and `highest` are set
    for instants (as written, not yet UTC), durations (seconds) and numbers; `different` for keys and texts; `words`
    for categories, the commonest first. `how` is what reading had to decide: day first, minutes.
    """

    header: str
    field: str
    kind: str
    filled: int
    how: tuple[Message, ...] = ()
    lowest: Extreme | None = None
    highest: Extreme | None = None
    different: int | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionReading:
    """One survey question of a file.

    `scales` are those its answers are on, `direction` which way is better (None: unknown), `words` the answers
    given in words with their scores; empty where all are numbers.
    """

    question: str
    header: str
    answers: int
    scales: tuple[tuple[float, float], ...]
    direction: str | None
    words: tuple[Word, ...] = ()


def columns(read: FileRead) -> tuple[ColumnReading, ...]:
    """The columns of a file that are read, in the order of the mapping; survey questions apart."""
    # What was only a step on the way to another column is gone by now.
    fields = [field for field in own_fields(read) if field.name in read.narrow.frame.columns]
    if not fields:
        return ()
    facts = read.narrow.frame.select(expression for field in fields for expression in _facts(field)).row(0, named=True)
    return tuple(_column(read, field, facts) for field in fields)


def own_fields(read: FileRead) -> list[Field]:
    """The fields of the file's own table, and headers that a KPI of a user's own reads under their own name.

    Survey questions are apart, and so are headers that only go by another table's words.
    """
    names = TABLES[read.mapping.table].names
    foreign = {name for table in TABLES.values() for name in table.names}.difference(names)
    return [field for field in read.narrow.fields if field.name not in foreign and not field.name.startswith(SCORE)]


def _facts(field: Field) -> list[pl.Expr]:
    value, name = pl.col(field.name), field.name
    if field.kind in RANGED:
        return [
            value.count().alias(f"filled {name}"),
            value.min().alias(f"low {name}"),
            value.max().alias(f"high {name}"),
        ]
    different = value.drop_nulls().n_unique().alias(f"different {name}")
    return [value.count().alias(f"filled {name}"), different]


def _column(read: FileRead, field: Field, facts: Mapping[str, Extreme | None]) -> ColumnReading:
    name = field.name
    different = facts.get(f"different {name}") if field.kind not in CATEGORIES else None
    filled = facts[f"filled {name}"]
    return ColumnReading(
        header=field.header, field=name, kind=field.kind.value, filled=filled if isinstance(filled, int) else 0,
        how=_how(read, field), lowest=facts.get(f"low {name}"), highest=facts.get(f"high {name}"),
        different=different if isinstance(different, int) else None,
        words=words(read, field) if field.kind in CATEGORIES else (),
    )  # fmt: skip


def _how(read: FileRead, field: Field) -> tuple[Message, ...]:
    """What reading had to decide; empty where there was no choice."""
    if field.kind is Kind.INSTANT:
        readings = [how for note in field.notes if isinstance(how := note.values.get("how", note), Message)]
        return (*readings, *([Message("each-with-its-zone")] if field.is_utc else []))
    return (_duration_words(read, field),) if field.kind is Kind.DURATION else ()


def _duration_words(read: FileRead, field: Field) -> Message:
    lazy = read.narrow.texts().head(SAMPLE).select(pl.col(field.text_name).alias("cell"))
    seen = narrow_scan.collect(read.raw, lazy)["cell"].drop_nulls()
    spec = read.mapping.columns.get(field.name, ColumnSpec())
    reading = sniff_duration(
        seen, column=field.header, unit=spec.unit or unit_from_header(field.header), decimal=read.decimal
    )
    clock = (
        "d:hh:mm"
        if reading.is_of_days
        else "m:ss"
        if reading.is_short or (field.clock and field.clock.key != HOURS_AND_MINUTES)
        else "h:mm:ss"
    )
    shapes = [clock if shape is Shape.CLOCK else UNITS.get(reading.unit, reading.unit.value) if shape is Shape.NUMBER else SHAPES.get(shape, shape.value)
              for shape in reading.shapes]  # fmt: skip
    return Message("one-of-shapes", shapes=shapes)


def words(read: FileRead, field: Field) -> tuple[Word, ...]:
    """The words of a category as the file writes them, each with its meaning, the commonest first."""
    written = pl.col(written_name(field)).fill_null(EMPTY) if field.distinguishes_empty else pl.col(written_name(field))
    truths = [
        pl.when(condition).then(pl.lit(name.removeprefix("is_")))
        for name, condition in field.says.items()
        if name != CANCELLED
    ]
    meaning = pl.coalesce(*truths, pl.col(field.value_name).cast(pl.String)).alias("meaning")
    lazy = texts(read, field).select(written.alias("word"), meaning).filter(pl.col("word").is_not_null())
    counts = narrow_scan.collect(read.raw, lazy.group_by("word", "meaning").len())
    ranked = counts.sort("len", "word", descending=[True, False])
    return tuple(Word(text=word, meaning=meaning, count=count) for word, meaning, count in ranked.iter_rows())


def written_name(field: Field) -> str:
    """The column that holds a field's words as the file writes them; as put together where several cells make one."""
    cells = set(field.text.meta.root_names())
    return cells.pop() if len(cells) == 1 else field.text_name


def texts(read: FileRead, field: Field) -> pl.LazyFrame:
    """The file's rows once more (see `NarrowScan.texts`) with their numbers, those that say something of the field."""
    rows = read.narrow.texts(row_index=narrow_scan.ROW)
    if read.narrow.left_out:
        rows = rows.join(read.narrow.frame.select(narrow_scan.ROW).lazy(), on=narrow_scan.ROW, how="semi")
    return rows if field.only is None else rows.filter(field.only)


def questions(read: FileRead, answers: pl.DataFrame | None) -> tuple[QuestionReading, ...]:
    """The survey questions of a file; what only all answers together show is taken from `answers`."""
    return tuple(_question(read, question, answers) for question in read.questions)


def _question(read: FileRead, question: Question, answers: pl.DataFrame | None) -> QuestionReading:
    name = question.name
    given = read.used.filter(pl.col(f"{SCORE}{name}").is_not_null())
    ends = given.select(low=f"low:{name}", high=f"high:{name}").drop_nulls().unique().sort("low", "high")
    direction = question.direction
    if answers is not None and (ends.is_empty() or direction is None):
        whole = answers.filter((pl.col("question") == name) & pl.col("score").is_not_null())
        scales = whole.select(low="scale_low", high="scale_high").drop_nulls().unique().sort("low", "high")
        ends = scales if ends.is_empty() else ends
        direction = direction or next(iter(whole["direction"].drop_nulls().cast(pl.String)), None)
    return QuestionReading(question=name, header=question.header, answers=given.height, scales=tuple(ends.iter_rows()),
                           direction=direction, words=_answer_words(read, question))  # fmt: skip


def _answer_words(read: FileRead, question: Question) -> tuple[Word, ...]:
    """The answers given in words, best first, with their scores; what is no score comes last."""
    lazy = read.narrow.texts().select(word=text_name(question.column)).drop_nulls().group_by("word").len()
    counts = narrow_scan.collect(read.raw, lazy)
    meaning = question.meaning(counts["word"]).select("score")
    ranked = counts.hstack(meaning).sort("score", "len", "word", descending=[True, True, False], nulls_last=True)
    if not ranked["word"].str.contains(r"^\s*[^\d\s]").any():
        return ()
    return tuple(
        Word(text=word, meaning=None if score is None else f"{score:g}", count=count)
        for word, count, score in ranked.iter_rows()
    )


def ignored(read: FileRead) -> tuple[str, ...]:
    """The headers that feed nothing; of headers that repeat only the first is read."""
    heads = {question.header for question in read.questions} | {field.header for field in own_fields(read)}
    used = heads | {part for head in heads - set(read.headers) for part in head.split(" + ")}
    used |= {name.removeprefix(CREDIT) for name in read.narrow.frame.columns if name.startswith(CREDIT)}
    used |= {header for header in read.headers for reason in read.narrow.left_out if is_marked_by(reason, header)}
    left, seen = [], set()
    for header in read.headers:
        if header and (header not in used or header in seen):
            left.append(header)
        seen.add(header)
    return tuple(left)
