"""Fields with their values: typed, and marked where a cell says something that cannot be read."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells import numbers
from kpi_core.ingest.cells.few import different
from kpi_core.ingest.fields.field import Field
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind

_NUMBERED = r"^[a-z]?\d\s*[-–—:.)]\s*"
"""The number before a word for a priority."""


def unread(found: Field) -> pl.Expr:
    """Whether a cell says something and could not be read."""
    return pl.col(found.text_name).is_not_null() & pl.col(found.value_name).is_null()


def parsed(found: Field, value: pl.Expr) -> Field:
    """The field with a value, without which a filled cell refuses its row."""
    return replace(found, value=value, unreadable=unread(found))


def truth(found: Field, seen: pl.Series) -> Field:
    """A truth. A column of ticks has one wherever something is so: a blank says that it is not."""
    words = {word.lower() for word in different(seen)}
    if words and words <= {*numbers.TICKS}:
        found = replace(found, text=found.text.fill_null("false"), distinguishes_empty=True)
    return worded(found, numbers.parse_truth(pl.col(found.text_name)))


def counted_once(found: Field) -> Field:
    """A count of what is ticked or dated: one where a cell says something, none where it is blank; more is not known."""
    text = pl.col(found.text_name)
    filled = replace(found, text=found.text.fill_null("0"), distinguishes_empty=True)
    note = Message("column-read", header=found.header, how=Message("once-at-least"))
    value = pl.when(text == "0").then(0).when(text.is_not_null()).then(1).cast(pl.Int32)
    return replace(filled, value=value, notes=(*found.notes, note))


def worded(found: Field, value: pl.Expr) -> Field:
    """The field with the meaning of its words, of which those without one are counted."""
    return replace(found, value=value, unknown=unread(found))


def meaning(text: pl.Expr, words: Mapping[str, str], kind: Kind) -> pl.Expr:
    """What clean words mean; of a priority also without the number before it (`1 - Kritisk`, `P2: High`)."""
    word = text.str.to_lowercase()
    spelt = [word, word.str.replace(_NUMBERED, "")] if kind is Kind.PRIORITY else [word]
    return pl.coalesce(one.replace_strict(words, default=None, return_dtype=kind.dtype) for one in spelt)
