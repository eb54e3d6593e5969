"""Marks that change their scale inside one survey: up to 5 for two months, up to 10 from then on. No one scale fits both."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from kpi_core.ingest.cells.scores.scores import BY_ANSWERS, USUAL
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.model.findings import Consequence, Finding

SHORTEST, LONGEST = 2, 10
"""Where a shorter scale may have ended, at the least and at the most."""
CHANCE = 1e-6
"""How likely it may be at the most that nobody went beyond the shorter scale by chance."""


def changed(given: pl.DataFrame, questions: Iterable[Question]) -> list[Finding]:
    """What must be said of questions whose scale only their marks tell, and whose marks end lower at first or from some time on."""
    names = {question.name for question in questions if question.reading.evidence in (BY_ANSWERS, USUAL)}
    if "answered_at" not in given.columns or not names:
        return []
    found = []
    marks = given.lazy().select("question", "score", "scale_low", "scale_high", at="answered_at")
    asked = pl.col("question").cast(pl.String).is_in(list(names))
    marks = marks.filter(pl.col("scale_high") > SHORTEST).drop_nulls("at").filter(asked)
    for (name, low, high), own in marks.collect().group_by("question", "scale_low", "scale_high", maintain_order=True):
        for end in map(float, range(SHORTEST, LONGEST)):
            if float(str(high)) > end and (said := _said(own, end)):
                text = (
                    f"the marks of {name} change their scale: {said}; read as {low:g}–{high:g} throughout they would be wrong, so there is no"
                    f" value; put the answers before and after that day in two files, each with its scale in the header, as `({low:g}-{end:g})` and"
                    f" `({low:g}-{high:g})`, or pass --scale {name}={low:g}-{high:g} where it was one"
                )
                found.append(Finding(code="changed-scale", message=text, kpis=KPIS[str(name)], is_serious=True, consequence=Consequence.NO_VALUE))  # fmt: skip
                break
    return found


def _said(marks: pl.DataFrame, end: float) -> str:
    """How the marks tell that their scale ended at `end` until some time, or from some time on; empty where they do not."""
    is_beyond, at = marks["score"] > end, marks["at"]
    beyond = at.filter(is_beyond)
    if beyond.is_empty():
        return ""
    begins, ends = (datetime.fromisoformat(str(at)) for at in (beyond.min(), beyond.max()))
    for rest, when in ((at < begins, ("before", "since", begins)), (at > ends, ("after", "until", ends))):
        apart = int(rest.sum())
        same = len(at) - apart
        # As if one more on either side: that all of a few marks go beyond makes no certainty of the next.
        share = (beyond.len() + 1) / (same + 2)
        if (1 - share) ** apart < CHANCE and (rest & (marks["score"] == end)).any():
            day = f"{when[2]:%-d %b %Y}"
            return f"none of the {apart:,} {when[0]} {day} is above {end:g}, and {beyond.len():,} of the {same:,} {when[1]} then are"
    return ""
