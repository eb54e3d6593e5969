"""A header that stands again with its columns in another order, as where two exports were put below each other: the rows under it are its own."""

from collections.abc import Sequence

from kpi_core.ingest.headers.header_rows import normal

FEWEST = 2
"""Columns from which a row of their names is a header."""


def own_order(header: Sequence[str], row: Sequence[str]) -> tuple[int, ...] | None:
    """For each column of a header its place in a row that is the same header in another order; None where the row is none.

    A column that one of the two lacks is -1 there; a row that lacks some and has others is a header of another table.
    """
    names, own = list(map(normal, header)), list(map(normal, row))
    known, filled = {name for name in names if name}, [name for name in own if name]
    if len(filled) < FEWEST or len(set(filled)) < len(filled) or len(known) < len([name for name in names if name]):
        return None
    if own[: len(names)] == names[: len(own)] or not (set(filled) <= known or known <= set(filled)):
        return None
    if 2 * len(set(filled) & known) <= len(known):
        return None
    return tuple(own.index(name) if name and name in own else -1 for name in names)


def in_order(row: Sequence[str], order: Sequence[int]) -> list[str]:
    """The cells of a row under another header in the order of the first."""
    return [row[at] if 0 <= at < len(row) else "" for at in order]
