"""One customer written in several ways: `1007`, `1007.0` and `1 007`, `K-1007` and `k-1007`, `Anna <a@x.se>`, `mailto:a@x.se` and `a@x.se`.

What a spreadsheet, a mail program or a telephone puts around a number or an address is no part of it. A column is rewritten only where its
sample shows such a form. Zeros before a number stay: another list may show that they mean nothing.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.unassigned import SPELT

_PLAIN, _ADDRESS = r"^[1-9][0-9]*$", r"^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+$"
"""Numbers and addresses that are in one form already: nearly all are, which is found before the other patterns are compiled."""
_AS_TEXT = r"^(?:=\"|'|’)([^\"']+)\"?$"
"""`="1007"`, `'1007`: a number that stays a text in a spreadsheet."""
_MAIL = r"<[^<>\s]+@[^<>\s]+>"
_LINKED = r"^(?i)mailto:"
_COUNTED = r"^\d{1,3}(?:[,.]\d{3}|[\s\u00a0\u202f]\d{3})+$"
"""A number with marks of thousands."""
_FRACTION = r"^(\d+)[.,]0{1,2}$"
_LETTERED = r"^\p{L}{1,6}(?:[-_./ ]\d+|\d{3,})$"
"""Letters before a number: the same in capitals or not. Ids that mix both throughout are left as they are."""
_CALLED = r"^(?:\+\s?[1-9][\d\s\u00a0()/.-]{6,}|00\s?[1-9][\d\s\u00a0()/.-]{9,})\d$"
"""A telephone number with its country."""


def in_one_form(found: Field, seen: pl.Series) -> Field:
    """The field with one form for each customer of its column, as far as the sample shows several.

    Args:
        found: a column of customers, its value the clean text.
        seen: the cells of the sample that say something.
    """
    value, shown = found.value, _shown(seen)
    for pattern, form in _FORMS:
        if shown[pattern]:
            value = form(value)
            seen = seen.to_frame("cell").select_seq(form(pl.col("cell")))["cell"]
            shown = _shown(seen)
    if shown[SPELT]:
        # An address and a name are the same however they are spelt; a number need not be.
        low = value.str.to_lowercase().str.replace_all(r"\s+", " ")
        value = pl.when(value.str.contains(SPELT)).then(low).otherwise(value)
    return replace(found, value=value)


def _shown(seen: pl.Series) -> dict[str, bool]:
    """By pattern whether a cell has it: mostly none does, and all are asked at once."""
    patterns = (*(pattern for pattern, _ in _FORMS), SPELT)
    if seen.str.contains(_PLAIN).all():
        return dict.fromkeys(patterns, False)
    if seen.str.contains(_ADDRESS).all():
        return {**dict.fromkeys(patterns, False), SPELT: True}
    cell = pl.col("cell")
    return seen.to_frame("cell").select_seq(
        cell.str.contains(pattern).any().alias(pattern) for pattern in patterns
    ).row(0, named=True)  # fmt: skip


def _digits(cell: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(cell.str.contains(pattern)).then(cell.str.replace_all(r"\D", "")).otherwise(cell)


def _telephone(cell: pl.Expr) -> pl.Expr:
    plain = cell.str.replace(r"\(0\)", "").str.replace_all(r"\D", "").str.replace("^0+", "")
    return pl.when(cell.str.contains(_CALLED)).then(plain).otherwise(cell)


_UNSEEN = r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
"""Letters that nobody sees."""
_CALLED_SO = r"(?i)^(?:#|nr\.?|no\.?|(?:customer|client|kund|kunde|asiakas|ärende|case|sak)\s*(?:nummer|number|nr\.?|no\.?|id)?)\s*[#:]?\s*(\d+)$"
"""A number behind what is numbered."""
_BRACKETED = r"^[(\[]\s*(\d+)\s*[)\]]$"
"""A number in brackets."""
_ENDED = r"^(\S+@[^\s;,]+)[;,]+$"
"""An address with the mark behind it that parts it from others."""
_FORMS: tuple[tuple[str, Callable[[pl.Expr], pl.Expr]], ...] = (
    (_UNSEEN, lambda cell: cell.str.replace_all(_UNSEEN, "")),
    (_BRACKETED, lambda cell: cell.str.replace(_BRACKETED, "$1")),
    (_CALLED_SO, lambda cell: cell.str.replace(_CALLED_SO, "$1")),
    (_ENDED, lambda cell: cell.str.replace(_ENDED, "$1")),
    (_AS_TEXT, lambda cell: cell.str.replace(_AS_TEXT, "$1")),
    (_MAIL, lambda cell: cell.str.replace(r"^.*<([^<>\s]+@[^<>\s]+)>.*$", "$1")),
    (_LINKED, lambda cell: cell.str.replace(_LINKED, "")),
    (_CALLED, _telephone),
    (_COUNTED, lambda cell: _digits(cell, _COUNTED)),
    (_FRACTION, lambda cell: cell.str.replace(_FRACTION, "$1")),
    (_LETTERED, lambda cell: pl.when(cell.str.contains(_LETTERED)).then(cell.str.to_lowercase()).otherwise(cell)),
)
"""By what the sample must show, how it is written in one form."""
