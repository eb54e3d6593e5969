"""Surveys with one row a response as answers: one row for each question answered, or only asked."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.words import ANSWERED
from kpi_core.ingest.questions.survey_questions import FIRST, UNREAD_GIVEN, UNREAD_SCORE, Question, is_of_question
from kpi_core.model.columns import MONTHS
from kpi_core.model.tables import ANSWERS, Kind
from kpi_core.records import dataclass

UNLISTED = "_unlisted"
"""The column that marks answers to no invitation of a list of who was asked."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Unfolded:
    """A survey with one row an answer: those given, and apart from them the questions that were only asked."""

    given: pl.DataFrame
    asked: pl.DataFrame


OF_EACH = frozenset({"question", "score", "scale_low", "scale_high", "direction", "is_offered"})
"""What each answer has of its own, whatever a header of the file is called."""


def to_answers(frame: pl.DataFrame, questions: Sequence[Question], *, is_embedded: bool = False) -> Unfolded:
    """One row an answer (or an offer without one) from a wide frame; a response is known by its source and number.

    There is at least one question. `frame` has `score:<question>` and what goes with it next to response-level columns named
    as in `answers`; `is_embedded` where its rows are tickets with ratings inside. An answer that cannot be read has a
    row without a score, marked `unread:score`.
    """
    shared = [
        name
        for name in frame.columns
        if name not in OF_EACH
        and (name.removeprefix(MONTHS) in ANSWERS.names or not (is_of_question(name) or name.startswith("_")))
    ]
    given: list[pl.DataFrame] = []
    asked: list[pl.DataFrame] = []
    for place, question in enumerate(questions):
        has_score, is_unread = pl.col(question.column).is_not_null(), pl.col(question.unread).fill_null(value=False)
        # Decided here, where a response is still one row: whether this is the first of its answers.
        earlier = [pl.col(other.column).is_null() for other in questions[:place]]
        columns = [
            *shared,
            *_answer_columns(question, frame),
            pl.all_horizontal(has_score, *earlier).alias(FIRST),
            pl.lit(is_embedded).alias("_embedded"),
        ]
        given.append(frame.lazy().filter(has_score).select(columns).collect())
        is_offered = _is_offered(question, frame)
        if frame[question.unread].any():
            marks = [
                pl.lit(value=True).alias(UNREAD_SCORE),
                (~pl.col(question.number)).alias(UNREAD_GIVEN),
            ]
            unread = frame.lazy().filter(is_unread).select(columns + marks)
            known = pl.lit(None, pl.Boolean) if is_offered is None else pl.lit(value=True)
            asked.append(unread.with_columns(is_offered=known).collect())
        if is_offered is not None:
            asked.append(frame.lazy().filter(~has_score & ~is_unread & is_offered).select(columns).collect())
    whole = pl.concat(given, how="diagonal_relaxed")
    return Unfolded(given=whole, asked=pl.concat([whole.clear(), *asked], how="diagonal_relaxed"))


def asked_alone(frame: pl.DataFrame, questions: Sequence[Question]) -> Unfolded:
    """What was asked and not answered, one row a question: those of a list of who was asked (`frame`)."""
    shared = [
        name for name in frame.columns if name not in OF_EACH and (name in ANSWERS.names or not name.startswith("_"))
    ]
    scale = (pl.lit(None, pl.Float64).alias(name) for name in ("score", "scale_low", "scale_high"))
    rows = frame.select(*shared, *scale, pl.lit(value=False).alias(FIRST), pl.lit(value=False).alias("_embedded"))
    asked = [
        rows.with_columns(
            pl.lit(question.name).cast(Kind.QUESTION.dtype).alias("question"),
            pl.lit(question.direction, Kind.DIRECTION.dtype).alias("direction"), is_offered=pl.lit(value=True),
        )
        for question in questions
    ]  # fmt: skip
    whole = pl.concat(asked)
    return Unfolded(given=whole.clear(), asked=whole)


def _is_offered(question: Question, frame: pl.DataFrame) -> pl.Expr | None:
    """Whether a row was asked a question; None where the file does not say."""
    if question.offered:
        return pl.col(f"offered:{question.name}").fill_null(value=False)
    marks = [pl.col(name).is_not_null() for name in ("offered_at", ANSWERED) if name in frame.columns]
    if marks and UNLISTED in frame.columns:
        return pl.when(~pl.col(UNLISTED)).then(pl.any_horizontal(marks))
    return pl.any_horizontal(marks) if marks else None


def _answer_columns(question: Question, frame: pl.DataFrame) -> list[pl.Expr]:
    name, offered = question.name, _is_offered(question, frame)
    return [
        pl.lit(name).cast(Kind.QUESTION.dtype).alias("question"),
        pl.col(question.column).alias("score"),
        pl.col(f"low:{name}").alias("scale_low"),
        pl.col(f"high:{name}").alias("scale_high"),
        pl.col(f"way:{name}").alias("direction"),
        (pl.lit(None, pl.Boolean) if offered is None else offered).alias("is_offered"),
    ]
