"""What is said of answers that are left out: those that cannot be read, and numbers that stand for no answer."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.config.plurals import some
from kpi_core.ingest.cells.scores.score_cells import shapes
from kpi_core.ingest.questions.survey_questions import WHOLE_STEPS, Question
from kpi_core.model.findings import Finding

KPIS: Mapping[str, tuple[str, ...]] = {
    "csat": ("csat", "csat_*", "successful_resolution_rate"),
    "ces": ("ces", "ces_*"),
    "nps": ("nps", "nps_*"),
    **dict.fromkeys(("nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth"), ("nki", "nki_*")),
    "resolved": ("confirmed_*",),
    "first_contact": ("fcr_survey",),
    "treatment": ("treatment", "treatment_*"),
    "competence": ("competence", "competence_*"),
}
"""The KPIs that rest on each question."""
SHOWN = 3
"""Words that are shown of those that cannot be read."""


def left_out(frames: Sequence[pl.DataFrame], questions: Sequence[Question]) -> list[Finding]:
    """What must be said of the answers of wide frames, in which no row repeats another, that are in no figure."""
    return [finding for question in questions for finding in _of(frames, question)]


def _of(frames: Sequence[pl.DataFrame], question: Question) -> list[Finding]:
    reading, kpis = question.reading, KPIS[question.name]
    parts = [
        frame.lazy().select(text=pl.col(question.word).cast(pl.String), bad=question.unread).drop_nulls("text")
        for frame in frames
        if question.word in frame.columns
    ]
    if not parts or reading.doubt:
        return []
    counted = pl.concat(parts).group_by("text", "bad").len().collect()
    bad, codes, found = counted.filter("bad"), counted.filter(~pl.col("bad")), []
    if codes.height:
        where = "" if reading.scale is None else f" on the scale {reading.scale[0]:g}–{reading.scale[1]:g}"
        text = f"{_listed(codes)} in `{question.header}` stands for no answer{where}: left out"
        found.append(Finding(code="no-opinion", message=text, kpis=kpis))
    if bad.height:
        total = int(bad["len"].sum())
        read = sum(frame[question.column].count() for frame in frames if question.column in frame.columns)
        share = 1 - total / (total + read)
        verb = "is" if total == 1 else "are"
        text = f"{some(total, 'answer')} to `{question.header}` cannot be read and {verb} left out: {_listed(bad)}{_scale_of(bad, question)}"
        found.append(Finding(code="unread-answers", message=text, kpis=kpis, share=share))
    return found


def _scale_of(bad: pl.DataFrame, question: Question) -> str:
    """The scale that numbers among the cells lie outside of, or between the steps of; empty where there are none."""
    reading = question.reading
    if reading.scale is None or not bad.select(**shapes(pl.col("text")))["bare"].count():
        return ""
    steps = " in whole steps" if question.name in WHOLE_STEPS else ""
    return f"; the scale is {reading.scale[0]:g}–{reading.scale[1]:g}{steps}, {reading.evidence}".removesuffix(", ")


def _listed(cells: pl.DataFrame) -> str:
    """Cells with how often each occurs, the commonest first."""
    ranked = cells.sort("len", "text", descending=[True, False])
    told = [f"`{text}` ({count})" for text, count in ranked.select("text", "len").head(SHOWN).iter_rows()]
    more = ranked.height - SHOWN
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")
