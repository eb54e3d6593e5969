"""Questions with a column for each option (`How satisfied are you? - Very satisfied`), of which a row fills the one that was chosen."""

import re

import polars as pl

from kpi_core.ingest.fields import FieldReader
from kpi_core.ingest.numbers import TICKS
from kpi_core.ingest.rating_words import known_words, normal_word

BETWEEN = " - "
"""What stands between a question and its option."""
TICKED = ("1", "true", "yes", "selected", *TICKS)
"""What is written under an option that was chosen, instead of its name."""
UNTICKED = ("0", "false", "no")
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
