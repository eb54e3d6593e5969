"""Few cells, as the sample of a small file has them: going through them takes less time than a question to polars."""

from collections.abc import Callable

import polars as pl

FEW = 200
"""Cells up to which that is so."""


def any_holds(cells: pl.Series, text: str) -> bool:
    """Whether a text stands in one of some cells; nulls allowed."""
    if len(cells) <= FEW:
        return any(text in cell for cell in cells.to_list() if cell)
    return bool(cells.str.contains(text, literal=True).any())


def all_are(cells: pl.Series, fits: Callable[[str], object]) -> bool | None:
    """Whether each of few cells fits, nulls apart; None where they are not few, and polars is to be asked."""
    return all(fits(cell) for cell in cells.to_list() if cell is not None) if len(cells) <= FEW else None


def different(cells: pl.Series) -> set[str]:
    """The different cells, null not among them."""
    found = cells if len(cells) <= FEW else cells.unique()
    return {cell for cell in found.to_list() if cell is not None}
