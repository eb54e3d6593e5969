"""The way out where nobody in a store is called what was named: how customers are called there."""

import difflib
from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.store.customers import WHOSE, cells_of, places_of

ALIKE = 0.8
"""How alike a spelling must be to be meant, by difflib's ratio."""
SHOWN = 3
"""Customers that are named."""


def way_to(named: str, reads: Sequence[FileRead]) -> str:
    """How somebody could be named, in words: as the customers whose rows hold these words, as one spelt nearly so, else in general."""
    named = named.strip().lower()
    beside = sorted(set().union(*(_beside(named, read) for read in reads)))
    if beside:
        shown = ", ".join(f"`{one}`" for one in beside[:SHOWN])
        others = f" and {len(beside) - SHOWN} more" if len(beside) > SHOWN else ""
        return f"several people may have one name: name an e-mail address or a number; rows with these words are of {shown}{others}"
    known = {cell for read in reads for column in cells_of(read).select(WHOSE) for cell in column.drop_nulls().unique()}
    near = difflib.get_close_matches(named, sorted(known), n=1, cutoff=ALIKE)
    if near:
        return f"did you mean `{near[0]}`?"
    columns = sorted({header for read in reads for header in places_of(read).whose})
    stand = f", as they stand in {', '.join(f'`{one}`' for one in columns)}" if columns else ""
    return f"name an e-mail address (`anna@example.com`) or a customer's number{stand}"


def _beside(named: str, read: FileRead) -> set[str]:
    """What the customers are called in whose rows a cell holds these words and nothing else."""
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW)
    cells = pl.all().exclude(ROW).str.strip_chars().str.to_lowercase()
    holds = collect(read.raw, rows.filter(pl.any_horizontal(cells == named)).select(ROW))[ROW]
    if holds.is_empty():
        return set()
    theirs = cells_of(read, row_index=ROW).filter(pl.col(ROW).is_in(holds.implode())).select(WHOSE)
    return {cell for column in theirs for cell in column.drop_nulls()}
