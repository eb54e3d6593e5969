"""Questions with several columns, of which a row fills one: a column for each option (`How satisfied are you? - Very satisfied`), or for each language."""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.cells.numbers import TICKS
from kpi_core.ingest.cells.scores.rating_words import known_words, normal_word
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.headers.lookalike_questions import asks

BETWEEN = " - "
"""What stands between a question and its option."""
TICKED = ("1", "true", "yes", "selected", *TICKS)
"""What is written under an option that was chosen, instead of its name."""
UNTICKED = ("0", "false", "no")
FEWEST = 3
"""Rows that each of several wordings must have."""
KNOWN = 0.5
"""The share of options that must be marks: the others may stand for no answer."""


def chosen(reader: FieldReader, place: int) -> pl.Expr | None:
    """The option that was chosen, by the columns of all options of the question at a place; None where it is no such question.

    Each column holds its own option, or a tick, and nothing else; no row has two of them.
    """
    question, mark, _ = reader.match.headers[place].rpartition(BETWEEN)
    if not mark:
        return None
    options = {
        at: header.removeprefix(question + BETWEEN)
        for at, header in enumerate(reader.match.headers)
        if header.startswith(question + BETWEEN)
    }
    marks = [
        word for word in map(normal_word, options.values()) if word in known_words() or re.match(r"\d{1,2}\b", word)
    ]
    if len(marks) < 2 or len(marks) < KNOWN * len(options):
        return None
    picked = [_picked(reader, at, option) for at, option in options.items()]
    if any(one is None for one in picked):
        return None
    cells = [one for one in picked if one is not None]
    wanted = {name: reader.cleaned[name] for one in cells for name in one.meta.root_names()}
    counts = (
        reader.sample.lazy()
        .with_columns(**wanted)
        .select(pl.sum_horizontal(one.is_not_null() for one in cells))
        .collect()
    )
    return pl.coalesce(cells) if (counts.to_series() <= 1).all() else None


def _picked(reader: FieldReader, place: int, option: str) -> pl.Expr | None:
    """The option where its column says that it was chosen; None for a column that holds something else."""
    cell = reader.cell(place)
    words = reader.seen(cell).str.to_lowercase().unique().to_list()
    named = normal_word(option)
    if any(normal_word(word) != named and word not in (*TICKED, *UNTICKED) for word in words):
        return None
    return pl.when(cell.is_not_null() & ~cell.str.to_lowercase().is_in(UNTICKED)).then(pl.lit(option))


def translations(reader: FieldReader, place: int, patterns: Sequence[str]) -> list[int]:
    """The columns that ask the question at a place in other words of its patterns, in another language say: no row answers two of them."""
    match = reader.match
    wordings = [
        (at, found)
        for named in (match.headers, match.labels)
        for at, header in enumerate(named)
        if (found := _matched_words(header, patterns))
    ]
    own = next((words for at, words in wordings if at == place), None)
    same, seen = [place], {own}
    for at, words in wordings:
        if own is not None and at not in same and words not in seen and _are_apart(reader, (*same, at)):
            same.append(at)
            seen.add(words)
    return same[1:]


def _matched_words(header: str, patterns: Sequence[str]) -> str | None:
    """The words of a header by which a pattern finds it."""
    return next((found.casefold() for pattern in patterns if (found := asks(pattern, header))), None)


def _are_apart(reader: FieldReader, places: Sequence[int]) -> bool:
    """Whether several rows of the sample fill each of some columns, and none fills two."""
    cells = [reader.cell(place).is_not_null() for place in places]
    wanted = {name: reader.cleaned[name] for cell in cells for name in cell.meta.root_names()}
    counts = (
        reader.sample.lazy()
        .with_columns(**wanted)
        .select(*(cell.sum().alias(f"n{at}") for at, cell in enumerate(cells)), most=pl.sum_horizontal(cells).max())
        .collect()
        .row(0)
    )
    *filled, most = counts
    return bool(most == 1 and min(filled) >= FEWEST)
