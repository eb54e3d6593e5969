"""Cells of several words, as a subject has them and no number of a case."""

import polars as pl

from kpi_core.ingest.cells.few import FEW

_TWO_WORDS = r"\p{L}{2,}\s+(?:\S+\s+)*?\p{L}{2,}"
_FIGURES = r"\d+"
_MOSTLY = 0.5


def are_prose(cells: pl.Series) -> bool:
    """Whether most of the cells are texts: two words or more, and not the same ones around a number (`Case no 17`)."""
    filled = cells.drop_nulls()
    if filled.is_empty():
        return False
    if len(filled) <= FEW and sum(len(cell.split()) > 1 for cell in filled.to_list()) < _MOSTLY * len(filled):
        return False
    texts = filled.filter(filled.str.contains(_TWO_WORDS))
    if len(texts) < _MOSTLY * len(filled):
        return False
    return not (texts.str.contains(_FIGURES).all() and texts.str.replace_all(_FIGURES, "#").n_unique() == 1)
