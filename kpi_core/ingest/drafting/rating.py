"""Whether the cells of a column answer a survey question, and on what scale.

The reader of a report's questions decides what its words and numbers mean; only the ends of a scale that neither
words nor header tell are taken from the numbers, and said to be.
"""

from typing import Any

import polars as pl

from kpi_core.ingest.answers import YES_NO, find_questions
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.drafting.fitting import Fit, listed
from kpi_core.ingest.export import SAMPLE
from kpi_core.ingest.fields import FieldReader, ReadingChoices
from kpi_core.ingest.mapping import Mapping
from kpi_core.ingest.recognise import Match
from kpi_core.ingest.scores import ScoreReading, no_score, parse_score
from kpi_core.ingest.specs import AnswerSpec

_STEPS = 120
_READABLE = 0.5
_ENOUGH = 30


def fit_question(column: SeenColumn, spec: AnswerSpec, file: SeenFile, choices: ReadingChoices) -> Fit | None:
    """How the column answers the question of `spec`; None where its cells are no answers to it."""
    if not 0 < column.different <= _STEPS:
        return None
    reading, direction = _reading(column, spec, file, choices)
    score, low, high = parse_score(pl.col("word"), reading)
    counted = column.cells.drop_nulls().alias("word").to_frame().group_by("word").len()
    found = counted.with_columns(score=score, low=low, high=high, silent=no_score(pl.col("word")))
    words = found.filter("silent", pl.col("score").is_null())["word"].to_list()
    offered = [word for word in column.words if word.lower() in {one.lower() for one in spec.offered}]
    bad = found.filter(pl.col("score").is_null() & ~pl.col("word").is_in([*words, *offered]))
    share = 1 - int(bad["len"].sum()) / column.filled
    given = found.filter(pl.col("score").is_not_null())
    if given.is_empty() or share < _READABLE:
        return None
    told: dict[str, Any] = {"offered": offered} if offered else {}
    told |= _own_words(column, spec) | ({"direction": direction} if direction and spec.question == "ces" else {})
    lowest, highest = float(str(given["score"].min())), float(str(given["score"].max()))
    scale, doubt = _scale(given, lowest, highest, spec.question)
    if scale is None or (scale == (0.0, 1.0) and spec.question not in YES_NO):
        return None
    worded = given["low"].null_count() == 0 and reading.words
    shown = listed(column.words) if worded else f"{lowest:g} to {highest:g}"
    if given["high"].null_count():
        told |= {"scale": list(scale)}
    unknown = dict(bad.sort("len", "word", descending=[True, False]).select("word", "len").iter_rows())
    return Fit(share=share, shown=shown, values=given["score"], told=told, unknown=unknown, doubt=doubt)


def _reading(
    column: SeenColumn, spec: AnswerSpec, file: SeenFile, choices: ReadingChoices
) -> tuple[ScoreReading, str | None]:
    """How a report would read the column, and the direction that the spec itself says."""
    asked = spec.model_copy(update={"headers": (column.header,), "matching": (), "where": {}})
    mapping = Mapping(name="draft", label="draft", system="draft", table="answers", answers=(asked,))
    match = Match(mapping=mapping, skip=0, headers=(column.header,), reason="")
    sample = column.cells.head(SAMPLE).alias("c0").to_frame()
    ((question, _),) = find_questions(FieldReader(raw=file.raw, match=match, sample=sample, choices=choices), {}, {})
    return question.reread(column.cells.drop_nulls().unique()).reading, spec.direction


def _own_words(column: SeenColumn, spec: AnswerSpec) -> dict[str, Any]:
    known = {word.lower(): score for word, score in spec.words.items()}
    words = {word: known[word.lower()] for word in column.words if word.lower() in known}
    return {"words": words} if words else {}


def _scale(given: pl.DataFrame, lowest: float, highest: float, question: str) -> tuple[tuple[float, float] | None, str]:
    """The scale's ends and what makes them doubtful; None where the numbers are on no scale of answers."""
    if not given["high"].null_count():
        few = question == "nps" and highest <= 5 and int(given["len"].sum()) >= _ENOUGH
        doubt = f"nobody gave more than {highest:g}: was it asked from 0 to 10?" if few else ""
        return (float(str(given["low"].min())), float(str(given["high"].max()))), doubt
    high = next((end for end in (5.0, 7.0, 10.0, 100.0) if highest <= end), None)
    if high is None or lowest < 0:
        return None, ""
    low = 0.0 if lowest < 1 else 1.0
    if highest < high:
        return (low, high), f"the highest seen is {highest:g}, so the end of the scale is a guess"
    return (low, high), "0 may stand for no answer" if low == 0 and high < 10 else ""
