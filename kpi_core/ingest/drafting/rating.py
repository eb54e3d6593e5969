"""Whether the cells of a column answer a survey question, and on what scale.

The reader of a report's questions decides what its words and numbers mean; only the ends of a scale that neither
words nor header give are taken from the numbers, and marked so.
"""

from dataclasses import replace
from typing import Any

import polars as pl

from kpi_core.ingest.cells.scores.score_cells import shapes
from kpi_core.ingest.cells.scores.scores import BY_ANSWERS, YES_OR_NO
from kpi_core.ingest.cells.scores.worded_scales import FALL_TOGETHER
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.drafting.fitting import Fit, listed
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import SAMPLE
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import BY_DRAFT, Match
from kpi_core.ingest.formats.specs import AnswerSpec
from kpi_core.ingest.questions.survey_questions import OUT_OF_PLACE, USUAL_SCALES, YES_NO, Question, find_questions
from kpi_core.messages.message import Message

_STEPS = 120
_READABLE = 0.5
_ENDS = (5.0, 7.0, 10.0, 100.0)


def fit_question(column: SeenColumn, spec: AnswerSpec, file: SeenFile, choices: ReadingChoices) -> Fit | None:
    """How the column answers the question of `spec`; None where its cells are no answers to it."""
    if not 0 < column.different <= _STEPS:
        return None
    counted = column.cells.drop_nulls().alias("text").to_frame().group_by("text").len()
    question, doubt = _settled(column, spec, file, choices, counted)
    reading = question.reading
    found = counted.hstack(question.meaning(counted["text"]).select("score", "low", "high", "offered", "bad"))
    offered = found.filter("offered", pl.col("score").is_null())["text"].to_list()
    bad = found.filter("bad")
    share = 1 - int(bad["len"].sum()) / column.filled
    given = found.filter(pl.col("score").is_not_null())
    if given.is_empty() or share < _READABLE:
        return None
    settings: dict[str, Any] = {"offered": offered} if offered else {}
    settings |= _own_words(column, spec) | (
        {"direction": spec.direction} if spec.direction and spec.question == "ces" else {}
    )
    lowest, highest = float(str(given["score"].min())), float(str(given["score"].max()))
    if reading.scale == YES_OR_NO and spec.question not in YES_NO:
        return None
    is_worded = given["text"].str.contains(r"^[^\d]").all() and reading.words
    shown = listed(column.words) if is_worded else Message("from-to", low=f"{lowest:g}", high=f"{highest:g}")
    if (
        reading.scale is not None
        and not spec.scale
        and (reading.evidence == BY_ANSWERS or (doubt and not _is_usual(question)))
    ):
        settings |= {"scale": list(reading.scale)}
    unknown = dict(bad.sort("len", "text", descending=[True, False]).select("text", "len").iter_rows())
    return Fit(share=share, shown=shown, values=given["score"], settings=settings, unknown=unknown, doubt=doubt,
               has_no_scale=bool(doubt))  # fmt: skip


def _settled(
    column: SeenColumn, spec: AnswerSpec, file: SeenFile, choices: ReadingChoices, counted: pl.DataFrame
) -> tuple[Question, Message | None]:
    """The question as a report would read it; where that leaves the scale unknown, on the likeliest, with the doubt."""
    asked = spec.model_copy(update={"headers": (column.header,), "matching": (), "where": {}})
    mapping = Mapping(name="draft", label="draft", system="draft", table="answers", answers=(asked,))
    match = Match(mapping=mapping, skip=0, headers=(column.header,), reason=BY_DRAFT)
    sample = column.cells.head(SAMPLE).alias("c0").to_frame()
    ((question, _),) = find_questions(
        FieldReader(raw=file.raw, match=match, sample=sample, choices=choices), file.scales, file.directions
    )
    settled = question.settled(counted)
    doubt = settled.reading.doubt
    if doubt is None:
        return settled, None
    if doubt.key in (OUT_OF_PLACE, FALL_TOGETHER):
        return question.understood(counted), None  # the draft lists the words, for its user to give them their marks
    highest = shaped(counted["text"]).max()
    high = next((end for end in _ENDS if isinstance(highest, float) and highest <= end), None)
    guess = USUAL_SCALES.get(spec.question) or (None if high is None else (1.0, high))
    if guess is None or guess[1] == 1:
        return settled, doubt
    return replace(question, declared=guess).settled(counted), Message("scale-is-a-guess", why=doubt)


def shaped(cells: pl.Series) -> pl.Series:
    """The bare numbers of a column."""
    return cells.alias("text").to_frame().select(**shapes(pl.col("text")))["bare"].drop_nulls()


def _is_usual(question: Question) -> bool:
    return question.reading.scale == USUAL_SCALES.get(question.name)


def _own_words(column: SeenColumn, spec: AnswerSpec) -> dict[str, Any]:
    known = {word.lower(): score for word, score in spec.words.items()}
    words = {word: known[word.lower()] for word in column.words if word.lower() in known}
    return {"words": words} if words else {}
