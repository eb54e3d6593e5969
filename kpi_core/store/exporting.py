"""The canonical tables of a store as Parquet files, for other tools: DuckDB, Power BI, a notebook."""

import os
from pathlib import Path

import polars as pl

from kpi_core.errors import StoreError
from kpi_core.ingest import dataset
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.endings import store_of
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

MADE_BY = "kundpuls"
"""The key in a file's own words by which it is known as one that may be written anew."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A table that was written: its name, its file and its rows."""

    table: str
    path: Path
    rows: int


def export(folder: Path, choices: Choices) -> tuple[Exported, ...]:
    """Writes each canonical table of the stored exports as `<table>.parquet`; of rows with one key the one that counts.

    Raises:
        StoreError: a file of that name is none that was written here.
        KpiError: the exports cannot be read.
    """
    names = frozenset(name for table in TABLES.values() for name in table.names)
    if (
        store := next((one for one in (folder.absolute(), *folder.absolute().parents) if store_of(one) == one), None)
    ) is not None:
        hint = "name another folder: what is in the store itself is to be forgotten with a customer"
        raise StoreError(f"is in the store {store.name}", where=folder, hint=hint)
    tables = dataset.read_exports([], choices, names).tables
    folder.mkdir(parents=True, exist_ok=True)
    filled = {name: frame for name, frame in tables.items() if frame.height}
    places = {name: folder / f"{name}.parquet" for name in filled}
    for place in places.values():
        _check(place)
    for name, frame in filled.items():
        known = [column for column in frame.columns if not column.startswith("_")]
        draft = folder / f".{name}.{os.getpid()}"
        try:
            frame.select(known).write_parquet(draft, metadata={MADE_BY: "store"})
            draft.replace(places[name])
        finally:
            draft.unlink(missing_ok=True)
    return tuple(Exported(table=name, path=places[name], rows=frame.height) for name, frame in filled.items())


def _check(place: Path) -> None:
    """Refuses to write over a file that is somebody else's."""
    if not place.exists():
        return
    try:
        is_ours = MADE_BY in pl.read_parquet_metadata(place)
    except (OSError, pl.exceptions.PolarsError):
        is_ours = False
    if not is_ours:
        raise StoreError(
            "is there already, and was not written by `store export`", where=place, hint="name another folder"
        )
