"""Columns that give the scale of each row's mark next to it (`Max`, `Skala`: 5 here, 10 there), so that one number means different things.

Reviews are read so, row by row. Of surveys one question has one scale: where its rows are on several, nothing is computed from it.
"""

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.review_cells import HIGHEST, RATING
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

CODE = "scale-beside"
HEIGHT = (
    r"(?i)^\s*(?:(?:scale|skala|skalan|out of|ud af|av|af|of|max|maks)\.?\s*:?\s*)?/?\s*(?:[01]\s*(?:-|–|—|to|till|til)\s*)?"
    r"(\d{1,3})(?:[.,]0+)?\s*(?:-?\s*(?:gradig\w*|stegs?|trinns?|points?|stars?|stjärnor|stjerner|poäng|poeng|tähteä))?\s*$"
)
"""How a cell writes the highest step of a scale, alone or as a stretch: `5`, `1-10`, `av 5`, `5 stars`."""
_OF_SCALE = regex(
    r"(?i)^(?:(?:rating |betygs|survey )?(?:scale|skala\w*|asteikko)(?: max| high| end)?|max\w*(?:\W.*)?|maks\w*(?:\W.*)?|out of|av|of|(?:highest|best|top) (?:rating|score|mark)|högsta (?:betyg|värde|poäng)|høye?ste (?:karakter|verdi|poeng))$"
)
_HEIGHTS = (4.0, 5.0, 6.0, 7.0, 10.0, 100.0)
_FEW, _MANY = 3, 20
"""Cells that show what a column holds, and marks that show that none is beyond its scale."""
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"


def place_of_heights(reader: FieldReader, mark: Field, taken: Collection[int]) -> int | None:
    """The column that gives the highest step of each row's scale; None where there is none.

    Its cells are ends of scales, of two kinds at least, and no mark is beyond its own; where the header names no scale, some
    marks must be beyond the lowest of them.
    """
    marks = _number(reader.sample[f"c{mark.place}"], _NUMBER)
    for place, header in enumerate(reader.match.headers[: reader.raw.width]):
        if place in taken or place == mark.place:
            continue
        cells = reader.sample[f"c{place}"]
        if _number(cells.drop_nulls().head(_FEW), HEIGHT).has_nulls():
            continue
        heights = _number(cells, HEIGHT)
        kinds = set(heights.drop_nulls())
        if heights.null_count() > cells.null_count() or len(kinds) < 2 or not kinds <= set(_HEIGHTS):
            continue
        is_beyond = (marks > heights).any()
        is_apart = int((marks > min(kinds)).sum()) >= _FEW and marks.count() >= _MANY
        if not is_beyond and (is_apart or _OF_SCALE.match(header.strip())):
            return place
    return None


def heights_by_row(reader: FieldReader, fields: Sequence[Field]) -> list[Field]:
    """The highest step of each review's scale, where a column of no known name gives it; it is reported."""
    names = {found.name: found for found in fields}
    rating = names.get(RATING)
    if rating is None or HIGHEST in names or reader.mapping.table != "reviews" or not reader.mapping.fallback:
        return []
    place = place_of_heights(reader, rating, {found.place for found in fields})
    if place is None:
        return []
    header = reader.match.headers[place]
    note = Message("column-taken-as", header=header, column=HIGHEST)
    text = reader.cell(place).str.extract(HEIGHT)
    return [
        Field(
            name=HIGHEST, header=header, place=place, kind=Kind.NUMBER, text=text, notes=(note,),
            value=pl.col(text_name(HIGHEST)).cast(pl.Float64, strict=False),
        )
    ]  # fmt: skip


def several_scales(reader: FieldReader, questions: Sequence[Question], fields: Sequence[Field]) -> Iterator[Finding]:
    """The findings on the questions of a survey whose rows are on several scales, as a column next to them says."""
    taken = {found.place for found in fields}
    for question in questions:
        cells = next((found for found in fields if found.name == question.column), None)
        if cells is not None and (place := place_of_heights(reader, cells, taken)) is not None:
            message = Message(
                "scales-by-row", file=reader.raw.name, other=reader.match.headers[place], header=question.header
            )
            yield Finding(
                code=CODE, message=message, kpis=(f"{question.name}*", "nki*"), is_serious=True,
                consequence=Consequence.NO_VALUE,
            )  # fmt: skip


def _number(cells: pl.Series, pattern: str) -> pl.Series:
    return cells.str.extract(pattern).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
