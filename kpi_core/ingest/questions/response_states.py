"""Responses that were asked for and not answered, and those that were not answered to their end, by what a list says of each."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import MASK, NarrowScan
from kpi_core.ingest.fields.words import ANSWERED, FINISHED
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

SLIPS = 0.05
"""The share of unanswered responses that may hold marks by a slip of the hand."""
MARKED = "unanswered-marks"
ZEROS = 5
"""Rows without a time whose zeros are no chance."""
FILLED = 3
"""Unanswered responses that all hold one mark, from which it was filled in and nobody gave it."""


def with_states(scan: NarrowScan, questions: Sequence[Question], name: str) -> tuple[NarrowScan, list[Finding]]:
    """A survey whose column of what was answered (read as `is_answered`) is settled by its marks; and the findings on that.

    A blank there says no. A row that says no and holds marks was answered where such rows are slips; where all of them hold the same mark,
    that was filled in and is none; else the column says something else (whether the customer got a reply, say) and is not used.
    """
    if not questions:
        return scan, []
    if ANSWERED not in scan.frame.columns:
        scan, found = _without_zeros(scan, questions, name)
        return scan, [*found, *_unfinished(scan, questions, name)]
    frame = scan.frame
    header = next(field.header for field in scan.fields if field.name == ANSWERED)
    is_no, is_marked = ~frame[ANSWERED].fill_null(value=False), _marked(frame, questions)
    silent, count = int(is_no.sum()), int((is_no & is_marked).sum())
    kpis = _kpis(questions)
    if _is_filled(frame, is_no, questions):
        message = Message("unanswered-filled", file=name, marked=count, count=silent, header=header)
        frame = frame.with_columns(blank for question in questions for blank in _blanks(question, frame, is_no))
        found = [Finding(code=MARKED, message=message, kpis=kpis, is_serious=True)]
    elif count > SLIPS * silent:
        message = Message("unanswered-says-otherwise", file=name, marked=count, count=silent, header=header)
        return replace(scan, frame=frame.drop(ANSWERED)), [
            Finding(code=MARKED, message=message, kpis=("response_rate",))
        ]
    else:
        message = Message("unanswered-marks", file=name, marked=count, count=silent, header=header)
        found = [Finding(code=MARKED, message=message, kpis=kpis)] if count else []
    scan = replace(scan, frame=frame.with_columns(~is_no | _marked(frame, questions)))
    return scan, [*found, *_unfinished(scan, questions, name)]


def _without_zeros(scan: NarrowScan, questions: Sequence[Question], name: str) -> tuple[NarrowScan, list[Finding]]:
    """A survey without the zeros that stand in all rows without a time of the answer: they were filled in, and nobody gave them."""
    if "answered_at" not in scan.frame.columns:
        return scan, []
    undated = scan.frame["answered_at"].is_null()
    zeros = [scan.frame.filter(undated)[question.column].drop_nulls() for question in questions]
    if (
        undated.sum() < ZEROS
        or not all((own == 0).all() for own in zeros)
        or not _is_filled(scan.frame, undated, questions)
    ):
        return scan, []
    message = Message("undated-zeros", file=name, rows=int(undated.sum()))
    frame = scan.frame.with_columns(blank for question in questions for blank in _blanks(question, scan.frame, undated))
    return replace(scan, frame=frame), [Finding(code=MARKED, message=message, kpis=_kpis(questions), is_serious=True)]


def _unfinished(scan: NarrowScan, questions: Sequence[Question], name: str) -> list[Finding]:
    """The finding on responses that were not finished: an answer that was given counts, and the questions behind it have none."""
    if FINISHED not in scan.frame.columns:
        return []
    used = scan.frame.filter(pl.col(MASK) == 0)
    count = int((_marked(used, questions) & ~used[FINISHED].fill_null(value=True)).sum())
    if not count:
        return []
    header = next(field.header for field in scan.fields if field.name == FINISHED)
    message = Message("unfinished-responses", file=name, unfinished=count, count=used.height, header=header)
    return [
        Finding(
            code="unfinished-responses", message=message, kpis=("answers_received", "response_rate", *_kpis(questions))
        )
    ]


def _kpis(questions: Sequence[Question]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kpi for question in questions for kpi in KPIS[question.name]))


def _marked(frame: pl.DataFrame, questions: Sequence[Question]) -> pl.Series:
    """Whether a row holds a mark of any question, if only one that cannot be read."""
    given = [pl.col(question.column).is_not_null() | pl.col(question.unread) for question in questions]
    return frame.select(marked=pl.any_horizontal(given).fill_null(value=False))["marked"]


def _is_filled(frame: pl.DataFrame, is_no: pl.Series, questions: Sequence[Question]) -> bool:
    """Whether all rows that say no hold one and the same mark of each question, and the others do not."""
    no, yes = frame.filter(is_no), frame.filter(~is_no)
    asked = [question.column for question in questions]
    return (
        no.height >= FILLED
        and all(no[column].n_unique() == 1 for column in asked)
        and any(no[column].count() and yes[column].n_unique() > 1 for column in asked)
    )


def _blanks(question: Question, frame: pl.DataFrame, is_no: pl.Series) -> list[pl.Expr]:
    """The columns of a question without what stands in some rows."""
    columns = [name for name in (question.column, question.word) if name in frame.columns]
    flags = [name for name in (question.unread, question.number, f"offered:{question.name}") if name in frame.columns]
    return [
        *(pl.when(~is_no).then(pl.col(name)).alias(name) for name in columns),
        *((pl.col(name) & ~is_no).alias(name) for name in flags),
    ]
