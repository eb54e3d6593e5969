"""Words that are steps of a column's scale by what they share with its words, and have no known place on it."""

from collections.abc import Collection, Iterator

import polars as pl

_SHORT = 3
"""Words up to which a cell is a mark; a longer one is a remark, unless several write the same."""
_REMARK = 8
_STEM = 4
"""Letters from which one word may be part of another: `Jättemissnöjd`."""


def unplaced(bad: pl.DataFrame, known: Collection[str], often: float) -> pl.DataFrame:
    """Of cells that cannot be read (`word`, `len`) those that speak as the `known` cells of the column do, commonest first.

    So do short ones that are given more often than `often`.
    """
    stems = {token for word in known for token in _tokens(word)}
    akin = [
        _is_akin(word, count, stems) or (1 < count > often and _is_short(word))
        for word, count in bad.select("word", "len").iter_rows()
    ]
    return bad.filter(pl.Series(akin, dtype=pl.Boolean)).sort("len", "word", descending=[True, False])


def _is_akin(word: str, count: int, stems: Collection[str]) -> bool:
    tokens = list(_tokens(word))
    if len(word.split()) > (_SHORT if count == 1 else _REMARK):
        return False
    return any(token == stem or (len(stem) >= _STEM and token.endswith(stem)) for token in tokens for stem in stems)


def _is_short(word: str) -> bool:
    return len(word.split()) <= _SHORT and all(token.isalpha() for token in word.split())


def _tokens(word: str) -> Iterator[str]:
    return (token for token in word.split() if len(token) > 2 and token.isalpha())
