"""Letters written as a base and a mark (`a` + `¨`, as macOS names files) as the one letter that they are: they look alike, and differ."""

import re
import unicodedata

import polars as pl

MARKS = "[\u0300-\u036f]"
"""The marks that letters are put together with."""


def is_decomposed(text: str) -> bool:
    """Whether a text has letters that are put together."""
    return not text.isascii() and re.search(MARKS, text) is not None


def composed(text: str) -> str:
    """The text with whole letters."""
    return unicodedata.normalize("NFC", text)


def with_whole_letters(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of text with whole letters; the frame itself where no letter is put together."""
    hit = cells.select(pl.col(pl.String).str.contains(MARKS).any()).row(0, named=True) if cells.height else {}
    names = [name for name, is_hit in hit.items() if is_hit]
    return cells.with_columns(pl.col(names).str.normalize("NFC")) if names else cells
