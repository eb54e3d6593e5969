"""One export in a store: what is known of it, and how it is read again."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kpi_core.errors import StoreError
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.inputs import Input, Kept
from kpi_core.model.findings import BLANK, FORGOTTEN
from kpi_core.records import dataclass
from kpi_core.store.versions import ROWS, SAID, Versions

Evidence = Literal["given", "newest event", "file"]
"""What says when an export was taken: the user, the newest event in it, or when its file was written."""


@dataclass(frozen=True, kw_only=True)
class StoredExport:
    """An export that was ingested.

    `id` is a hash of its bytes and of how they were cut into rows, `name` what it is called in reports, `rows` how many its tables have, blank lines aside,
    `taken` when it was exported, by its own clock, as far as `evidence` says; `kept` is what `columnar.keep` says of it, empty where all of it was about
    customers who were forgotten, so that there is nothing to read; `left_out` are the rows of forgotten customers that it came with.
    """

    id: str
    name: str
    sha256: str
    size: int
    rows: int
    taken: datetime
    evidence: Evidence
    kept: Mapping[str, Any]
    left_out: int = 0

    def input(self, versions: Versions, *, keeps_scans: bool = True) -> Input:
        """The export as one of the files to read, scans of which are kept for the next time."""
        rows = versions.of(self.id) / ROWS
        scans = versions.scans_of(self.id) if keeps_scans else None
        kept = Kept(meta=self.kept, rows=(rows,), scans=scans, takes_new=keeps_scans)
        return Input(rows, self.name, is_named=False, kept=kept)

    def write(self, versions: Versions) -> None:
        """Writes what is known of it next to its rows."""
        said = {one.name: getattr(self, one.name) for one in fields(self)} | {"taken": self.taken.isoformat()}
        frame = pl.DataFrame({"said": [json.dumps(said, ensure_ascii=False)]})
        frame.write_parquet(versions.of(self.id) / SAID, statistics=False)


def inputs_of(
    versions: Versions, exports: Iterable[StoredExport], *, keeps_scans: bool = True
) -> dict[Input, StoredExport]:
    """The exports in which there is something to read, by the files that they are then."""
    return {one.input(versions, keeps_scans=keeps_scans): one for one in exports if one.kept}


def rows_of(reads: Iterable[FileRead]) -> dict[Path, int]:
    """How many rows the tables of each export have, used or refused, by the file of its rows; a blank line is no row."""
    found = Counter[Path]()
    for read in reads:
        source = read.source()
        found[read.raw.path] += source.rows_read - sum(
            source.rows_refused.get(reason, 0) for reason in (BLANK, FORGOTTEN)
        )
    return dict(found)


def id_of(checksum: str, cut: Mapping[str, object]) -> str:
    """The id of an export: of the same bytes, cut in the same way, it is the same."""
    said = json.dumps([checksum, sorted((name, value) for name, value in cut.items() if value)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def stored(versions: Versions, ids: Iterable[str]) -> tuple[StoredExport, ...]:
    """The exports of these ids, which stand as they were ingested, in the order in which they are read.

    Raises:
        StoreError: one is damaged, or has gone.
    """
    return in_order(_read(versions, export) for export in ids)


def in_order(ingested: Iterable[StoredExport]) -> tuple[StoredExport, ...]:
    """Exports in the order in which they are read: that in which they were taken, and of one instant the later ingested last, which wins as the later file does."""
    return tuple(sorted(ingested, key=lambda one: one.taken))


def _read(versions: Versions, export: str) -> StoredExport:
    place: Path = versions.of(export) / SAID
    try:
        said = json.loads(pl.read_parquet(place, glob=False)["said"][0])
        return StoredExport(**{**said, "taken": datetime.fromisoformat(said["taken"])})
    except (OSError, pl.exceptions.PolarsError, LookupError, TypeError, ValueError) as error:
        hint = "restore the store from a copy, or ingest the files into a new one"
        raise StoreError("is damaged, or has gone", where=place, hint=hint) from error
