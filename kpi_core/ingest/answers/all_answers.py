"""The answers of all surveys and of the ratings inside tickets as one table."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.answers.changed_scales import changed
from kpi_core.ingest.answers.unfolding import Unfolded
from kpi_core.ingest.questions.effort_direction import is_name_alone, settle_direction
from kpi_core.ingest.questions.survey_questions import UNREAD_SCORE, Question
from kpi_core.ingest.tables.linking import EARLIEST, NEWEST, WORST, one_per_ticket
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.threads import pool


def gathered(
    surveys: Sequence[Unfolded], questions: Sequence[Question], rating: str = NEWEST
) -> tuple[pl.DataFrame, list[Finding]]:
    """One table of answers to all `questions`, with what was only asked behind what was given; and the findings on it.

    `rating` is which of several answers to one question about one ticket counts.
    """
    given = pl.concat(_in_words([survey.given for survey in surveys]), how="diagonal_relaxed")
    is_named = all(is_name_alone(question.header) for question in questions if question.name == "ces")
    with pool(1, given.height) as background:
        scales = background.submit(changed, given, questions)
        effort = settle_direction(given, is_named=is_named)
        counted, dropped = one_per_ticket(effort.on(given), rating)
    findings = scales.result()
    if effort.note:
        findings.append(
            Finding(
                code="effort-direction",
                message=effort.note,
                kpis=("ces", "ces_easy_rate"),
                is_serious=effort.is_lacking or effort.is_assumed,
            )
        )
    if dropped:
        findings.append(Finding(code="answers-per-ticket", message=_which(rating, dropped)))
    asked = [effort.on(survey.asked) for survey in surveys]
    answers = pl.concat(_in_words([counted, *asked]), how="diagonal_relaxed")
    if UNREAD_SCORE in answers.columns:
        answers = answers.with_columns(pl.col(UNREAD_SCORE).fill_null(value=False))
    return answers, findings


def _which(rating: str, dropped: int) -> Message:
    """The finding on the answers that do not count."""
    if rating == WORST:
        return Message("answers-per-ticket-worst", count=dropped)
    if rating == EARLIEST:
        return Message("answers-per-ticket-first", count=dropped)
    return Message("answers-per-ticket", count=dropped)


def _in_words(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """The frames with a column that is of known words in one and of any in another (`priority`) of any in all."""
    any_word = {name for frame in frames for name, dtype in frame.schema.items() if dtype == pl.Categorical}
    return [
        frame.with_columns(
            pl.col(name).cast(pl.String).cast(pl.Categorical())
            for name, dtype in frame.schema.items()
            if name in any_word and dtype == pl.Enum
        )
        for frame in frames
    ]
