"""The versions of a store: a Delta table with a partition for each export, to which each ingest adds in one commit.

    exports-1/_delta_log/…               the commits
    exports-1/export=<id>/rows.parquet   the export as `columnar.keep` writes it: part, row, c0, c1, …
    exports-1/export=<id>/said.parquet   one row, one text (`said`): what else is known of it, as JSON
    exports-1/_scans/<id>/…              scans of it, for the next report (see `columnar.kept_scans`): no part of the table

Files are written by us and committed as they are, without statistics: the log holds no word of any cell. Nothing is removed from
the table, so that a version is the exports that were there by then, and any Delta reader can read it.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from kpi_core.records import dataclass
from kpi_core.store.folder import library, log_damaged

if TYPE_CHECKING:
    from deltalake import DeltaTable, Field

ROWS, SAID = "rows.parquet", "said.parquet"
_PARTITION = "export"
_COLUMNS = {"export": "string", "said": "string", "part": "long", "row": "long"}
_PREFIX = f"{_PARTITION}="
_SCANS = "_scans"
"""What begins with a line is no part of a table, say its readers."""
_SETTINGS = {
    "delta.enableExpiredLogCleanup": "false",  # old versions are what a store is for
    "delta.dataSkippingNumIndexedCols": "0",  # smallest and largest texts are cells of customers
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One commit that brought exports: its number among those, from 1, its number in the table, when, and which (`added`)."""

    number: int
    commit: int
    at: datetime
    added: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Versions:
    """The Delta table in a folder, which need not be there yet."""

    folder: Path

    @property
    def newest(self) -> int:
        """The newest version; 0 where nothing was ever added."""
        return len(self.log())

    @property
    def is_there(self) -> bool:
        """Whether there is a table."""
        return (self.folder / "_delta_log").is_dir() and library("deltalake").DeltaTable.is_deltatable(str(self.folder))

    def log(self) -> tuple[Version, ...]:
        """Every version, the oldest first; commits that only made the table wider are none."""
        if not self.is_there:
            return ()
        with self._log_read():
            entries = [one for one in self._table().history() if "exports" in one]
        return tuple(
            Version(
                number=number, commit=one["version"], at=datetime.fromisoformat(one["at"]), added=tuple(one["exports"])
            )
            for number, one in enumerate(sorted(entries, key=lambda one: int(one["version"])), start=1)
        )

    def exports(self, version: int | None = None) -> tuple[str, ...]:
        """The ids of the exports in a version, the newest where none is given, in the order in which they were ingested."""
        if not self.is_there:
            return ()
        log = self.log()[:version]
        commit = None if version is None else log[-1].commit
        with self._log_read():
            there = {Path(uri).parent.name.removeprefix(_PREFIX) for uri in self._table(commit).file_uris()}
        return tuple(export for one in log for export in one.added if export in there)

    def of(self, export: str) -> Path:
        """Where the files of an export lie."""
        return self.folder / f"{_PREFIX}{export}"

    def scans_of(self, export: str) -> Path:
        """The folder for scans of an export, which is there where it can be."""
        folder = self.folder / _SCANS / export
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sweep(self, *, scans_kept: int = 8) -> None:
        """Deletes what a killed ingest wrote and never committed, and the scans of each export but the newest few."""
        known = set(self.exports())
        for left in (*self.folder.glob(f"{_PREFIX}*"), *self.folder.glob(f"{_SCANS}/*")):
            if left.name.removeprefix(_PREFIX) not in known:
                rmtree(left)
        for scans in self.folder.glob(f"{_SCANS}/*"):
            by_age = sorted((file for file in scans.iterdir()), key=lambda file: file.stat().st_mtime, reverse=True)
            for file in by_age[2 * scans_kept :]:
                file.unlink(missing_ok=True)

    def add(self, exports: Sequence[str], *, at: datetime) -> int:
        """Commits exports whose files are there, all in one step, and gives the version that has them."""
        from deltalake.transaction import AddAction, CommitProperties, PostCommitHookProperties

        for export in exports:
            _write_through(self.of(export))
        self._widen(max(_width(self.of(export) / ROWS) for export in exports))
        table = self._table()
        now = int(time.time() * 1000)
        actions: list[Any] = [
            AddAction(path=f"{_PREFIX}{export}/{name}", size=(self.of(export) / name).stat().st_size,
                      partition_values={_PARTITION: export}, modification_time=now, data_change=True, stats="{}")
            for export in exports for name in (ROWS, SAID)
        ]  # fmt: skip
        table.create_write_transaction(
            actions, mode="append", schema=table.schema(), partition_by=[_PARTITION],
            commit_properties=CommitProperties(custom_metadata={"at": at.astimezone(UTC).isoformat(), "exports": [*exports]}),
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )  # fmt: skip
        return self.newest

    def checkpoint(self) -> None:
        """Writes what the commits come to as one file, from which a long log is read faster."""
        if self.is_there:
            self._table().create_checkpoint()

    def _widen(self, width: int) -> None:
        """Makes the table, or gives it the columns that it lacks of `width` columns of text."""
        deltalake = library("deltalake")
        fields = [*(_field(name, kind) for name, kind in _COLUMNS.items()), *_texts(range(width))]
        if not self.is_there:
            schema = deltalake.Schema(fields)
            deltalake.DeltaTable.create(self.folder, schema, partition_by=[_PARTITION], configuration=_SETTINGS)
            return
        table = self._table()
        if lacking := _texts(range(len(table.schema().fields) - len(_COLUMNS), width)):
            table.alter.add_columns(lacking)

    @contextmanager
    def _log_read(self) -> Iterator[None]:
        """A block in which the log is read.

        Raises:
            StoreError: it is damaged.
        """
        try:
            yield
        except BaseException as error:
            if (fault := log_damaged(error, self.folder)) is None:
                raise
            raise fault from error

    def _table(self, version: int | None = None) -> "DeltaTable":
        table: DeltaTable = library("deltalake").DeltaTable(self.folder, version=version)
        return table


def _texts(places: Iterable[int]) -> "list[Field]":
    return [_field(f"c{place}", "string") for place in places]


def _field(name: str, kind: str) -> "Field":
    from deltalake.schema import Field, PrimitiveType

    return Field(name, PrimitiveType(kind))


def _width(rows: Path) -> int:
    """How many columns of text a file of rows has."""
    import polars as pl

    return sum(name not in _COLUMNS for name in pl.scan_parquet(rows, glob=False).collect_schema().names())


def _write_through(folder: Path) -> None:
    """Has the system put files on the disk, before a commit says that they are there."""
    for file in folder.iterdir():
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
