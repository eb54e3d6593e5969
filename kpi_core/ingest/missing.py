"""The spellings of nothing: what exports write where there is no value.

An empty cell, a dash, `N/A`, a spreadsheet's error: all become null before anything else reads the cell.
Words that mean nothing in one system only (`No Group`, `Unoffered`) belong to that system's mapping.
"""

import re
from collections.abc import Sequence

import polars as pl

MISSING_WORDS: frozenset[str] = frozenset(
    {
        *("", "-", "--", "–", "—", "?", "."),
        *("n/a", "na", "n.a.", "null", "(null)", "<null>", "none", "(none)", "nil", "nan", "nat", "\\n"),
        *("(blank)", "(empty)", "undefined"),
        *("#n/a", "#name?", "#ref!", "#value!", "#div/0!", "#null!", "#num!"),
        *("#saknas!", "#i/t", "#puuttuu!", "#namn?", "#navn?", "#värdefel!", "#verdi!"),
    }
)


def clean(cell: pl.Expr, extra: Sequence[str] = ()) -> pl.Expr:
    """The cell without white space at its ends (no-break spaces included), null where it says nothing.

    Args:
        cell: text.
        extra: further words that mean nothing in this column.

    Case does not matter. One anchored pattern costs what a lookup of the words as listed would, without folding
    the case of a million cells.
    """
    words = sorted({word.strip().lower() for word in (*MISSING_WORDS, *extra)})
    nothing = "(?i)^(?:" + "|".join(re.escape(word) for word in words) + ")$"
    text = cell.str.strip_chars()
    return pl.when(~text.str.contains(nothing)).then(text)
