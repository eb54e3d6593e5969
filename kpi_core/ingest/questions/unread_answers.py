"""The findings on answers that are left out: those that cannot be read, and numbers that stand for no answer."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.ingest.cells.scores.score_cells import shapes
from kpi_core.ingest.questions.survey_questions import WHOLE_STEPS, Question
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
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
    """The findings on the answers of wide frames, in which no row repeats another, that are in no figure."""
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
        listed, header = _listed(codes), question.header
        if reading.scale is None:
            message = Message("no-opinions", cells=listed, header=header, count=codes.height)
        else:
            low, high = reading.scale
            message = Message(
                "no-opinions-on-scale", cells=listed, header=header, count=codes.height, low=low, high=high
            )
        found.append(Finding(code="no-opinion", message=message, kpis=kpis))
    if bad.height:
        total = int(bad["len"].sum())
        read = sum(frame[question.column].count() for frame in frames if question.column in frame.columns)
        share = 1 - total / (total + read)
        message = Message("unread-answers", count=total, header=question.header, cells=_listed(bad))
        found.append(Finding(code="unread-answers", message=_on_scale(message, bad, question), kpis=kpis, share=share))
    return found


def _on_scale(message: Message, bad: pl.DataFrame, question: Question) -> Message:
    """The message with the scale that numbers among the cells lie outside of, or between the steps of; as it is where there are none."""
    reading = question.reading
    if reading.scale is None or not bad.select(**shapes(pl.col("text")))["bare"].count():
        return message
    low, high = reading.scale
    is_whole = question.name in WHOLE_STEPS
    scale = Message("scale-in-whole-steps" if is_whole else "scale-from-to", low=low, high=high)
    if reading.evidence is None:
        return Message("said-together", parts=[message, scale])
    return Message("said-together", parts=[message, Message("scale-as-known", scale=scale, evidence=reading.evidence)])


def _listed(cells: pl.DataFrame) -> Message:
    """Cells with how often each occurs, the commonest first."""
    ranked = cells.sort("len", "text", descending=[True, False])
    listed = [f"`{text}` ({count})" for text, count in ranked.select("text", "len").head(SHOWN).iter_rows()]
    return first_of(listed, SHOWN, ranked.height)
