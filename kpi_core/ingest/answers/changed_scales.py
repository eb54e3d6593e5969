"""Marks that change their scale inside one survey: up to 5 for two months, up to 10 from then on. No one scale fits both."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from kpi_core.ingest.cells.scores.scores import BY_ANSWERS, USUAL
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

SHORTEST, LONGEST = 2, 10
"""Where a shorter scale may have ended, at the least and at the most."""
Spans = Mapping[float, tuple[datetime, datetime]]
"""When each mark was given for the first time and for the last."""
CHANCE = 1e-6
"""How likely it may be at the most that nobody went beyond the shorter scale by chance."""


def changed(given: pl.DataFrame, questions: Iterable[Question]) -> list[Finding]:
    """The findings on questions whose scale is known from their marks alone, and whose marks end lower at first or from some time on."""
    names = {question.name for question in questions if question.reading.evidence in (BY_ANSWERS, USUAL)}
    if "answered_at" not in given.columns or not names:
        return []
    found = []
    asked = pl.col("question").is_in(pl.Series(sorted(names), dtype=given.schema["question"]).implode())
    marks = (
        given.lazy().select("question", "score", "scale_low", "scale_high", at="answered_at").with_row_index("place")
    )
    marks = marks.filter(pl.col("scale_high") > SHORTEST, pl.col("at").is_not_null(), asked)
    scales = ["question", "scale_low", "scale_high"]
    span = pl.col("place").min(), pl.col("at").min().alias("first"), pl.col("at").max().alias("last")
    given_at = marks.group_by(*scales, "score").agg(span).collect(engine="streaming").sort("place")
    for (name, low, high), each in given_at.group_by(scales, maintain_order=True):
        own = marks.filter(
            pl.col(key).eq_missing(pl.lit(value)) for key, value in zip(scales, (name, low, high), strict=True)
        )
        spans = {
            score: (first, last)
            for score, first, last in each.drop_nulls("score").select("score", "first", "last").iter_rows()
        }
        for end in map(float, range(SHORTEST, LONGEST)):
            if not float(str(high)) > end or not _may_end(spans, end):
                continue
            if changed_marks := _message(own.collect(), end):
                message = Message("changed-scale", question=name, why=changed_marks, low=low, high=high, end=end)
                found.append(Finding(code="changed-scale", message=message, kpis=KPIS[str(name)], is_serious=True, consequence=Consequence.NO_VALUE))  # fmt: skip
                break
    return found


def _may_end(spans: Spans, end: float) -> bool:
    """Whether marks at `end` were given before the first above it or after the last: without them nothing ends there."""
    beyond, at = [span for score, span in spans.items() if score > end], spans.get(end)
    if not beyond or at is None:
        return False
    return at[0] < min(first for first, _ in beyond) or at[1] > max(last for _, last in beyond)


def _message(marks: pl.DataFrame, end: float) -> Message | None:
    """How the marks show that their scale ended at `end` until some time, or from some time on; None where they do not."""
    is_beyond, at = marks["score"] > end, marks["at"]
    beyond = at.filter(is_beyond)
    if beyond.is_empty():
        return None
    begins, ends = (datetime.fromisoformat(str(at)) for at in (beyond.min(), beyond.max()))
    for rest, day in ((at < begins, begins), (at > ends, ends)):
        apart = int(rest.sum())
        same = len(at) - apart
        # As if one more on either side: that all of a few marks go beyond makes no certainty of the next.
        share = (beyond.len() + 1) / (same + 2)
        if (1 - share) ** apart < CHANCE and (rest & (marks["score"] == end)).any():
            return Message(
                "marks-grew" if day is begins else "marks-shrank",
                apart=apart, day=day.date(), end=end, beyond=beyond.len(), same=same,
            )  # fmt: skip
    return None
