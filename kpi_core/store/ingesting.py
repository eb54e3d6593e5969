"""Exports into a store: kept as they are written, read with what is there already, and committed all in one step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from shutil import rmtree

import polars as pl

from kpi_core.errors import ExportError, KpiError, UnreadableError
from kpi_core.ingest import dataset
from kpi_core.ingest.exports import Dataset
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.columnar.kept import keep
from kpi_core.ingest.files.inputs import Input, look_for, nothing_left
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import CUTTING, ReadOptions
from kpi_core.messages.message import Message
from kpi_core.model.report import made_now
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass
from kpi_core.store.customers import CASE, WHOSE
from kpi_core.store.erasing import left_of
from kpi_core.store.exports import Evidence, StoredExport, id_of, in_order, inputs_of, rows_of, stored
from kpi_core.store.folder import Forgotten, writing
from kpi_core.store.suppressing import who_is_back
from kpi_core.store.versions import ROWS, Versions


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What an ingest did: the version that there is now, the exports that it added, and those that were there already, by the name of the file.

    `passed_over` is what lay among the files and is no export, `aside` why files of folders are not taken in.
    """

    version: int
    exports: int
    added: tuple[StoredExport, ...] = ()
    known: Mapping[str, StoredExport] = field(default_factory=dict)
    passed_over: tuple[Message, ...] = ()
    aside: tuple[KpiError, ...] = ()


def ingest(
    place: Path,
    arguments: Sequence[str],
    choices: Choices,
    *,
    taken: date | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Ingested:
    """Takes exports into the store in a folder, which becomes one if it is empty; what is there already stays as it is.

    Everything is committed in one step, or nothing is. The store is read with the new exports before, so that what a report would
    refuse never gets into it.

    Args:
        place: the folder.
        arguments: files, folders, patterns, archives, `-`.
        choices: how files are read.
        taken: when the exports were made, where their rows do not say so.
        progress: called with the name of each file before it is read.

    Raises:
        ExportError: a file cannot be read or recognised, alone or with those that are there.
        StoreError: the folder is no store, or another command writes to it.
    """
    meant = look_for(arguments, choices.options.limits)
    with writing(place, makes=True) as store:
        versions = Versions(folder=store.exports)
        versions.sweep()
        run = _Run(
            versions=versions, choices=choices, there=stored(versions, versions.exports()), notes=store.forgotten
        )
        try:
            for item in meant.files:
                progress(item.name)
                run.take(item)
            run.check()
            added = tuple(run.dated(each, taken) for each in run.new.values())
            for export in added:
                export.write(versions)
            version = versions.add([one.id for one in added], at=made_now()) if added else versions.newest
        except BaseException:
            run.undo()
            raise
    aside = (*meant.set_aside, *run.aside)
    passed = tuple(message for message in meant.passed_over if message.key != "holds-the-same")  # it is known
    if not added and not run.known:
        raise nothing_left([one for one in aside if isinstance(one, UnreadableError)], passed)
    return Ingested(
        version=version, exports=len(run.there) + len(added), added=added, known=run.known, passed_over=passed, aside=aside,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Run:
    """An ingest under way: the exports that are `there`, those that are `new` by id, the files that are `known`, and the `notes` of who was forgotten."""

    versions: Versions
    choices: Choices
    there: tuple[StoredExport, ...]
    new: dict[str, StoredExport] = field(default_factory=dict)
    items: dict[str, Input] = field(default_factory=dict)
    known: dict[str, StoredExport] = field(default_factory=dict)
    aside: list[KpiError] = field(default_factory=list)
    notes: tuple[Forgotten, ...] = ()
    newest: dict[Path, datetime] = field(default_factory=dict)

    def take(self, item: Input) -> None:
        """Keeps a file as columns, unless the store has it."""
        options = self.choices.options
        checksum = item.checksum()
        export = id_of(checksum, {name: getattr(options, name) for name in CUTTING})
        there = next((one for one in (*self.there, *self.new.values()) if one.id == export), None)
        if there is not None:
            self.known[item.name] = there
            return
        self.versions.of(export).mkdir(parents=True, exist_ok=True)
        self.items[export] = item
        named = replace(item, name=self._free(item.name))
        try:
            with item.unchanged():
                kept = keep(open_export(named, options), self.versions.of(export) / ROWS)
        except UnreadableError as error:
            if item.is_named:
                raise
            self._leave(export, error)
            return
        self.new[export] = StoredExport(
            id=export, name=named.name, sha256=checksum, size=item.size, rows=0, kept=kept,
            taken=_written(item.path), evidence="file",
        )  # fmt: skip

    def check(self) -> None:
        """Reads all that the store would hold, as a report would; what is no list of anything, in a folder, is left out.

        Raises:
            KpiError: it cannot be read.
        """
        if not self.new:
            return
        if self.notes:
            self._leave_out()
        found = self._read(frozenset(), keeps_scans=True)
        rows = rows_of(found.reads)
        for export, kept in self.new.items():
            self.new[export] = replace(kept, rows=rows.get(self.versions.of(export) / ROWS, 0))
        for read in found.reads:
            events = [name for name in TABLES[read.mapping.table].events if name in read.used.columns]
            happened = read.used.select(pl.max_horizontal(pl.col(events).max())).item() if events else None
            if happened is not None and happened < datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
                self.newest[read.raw.path] = max(happened, self.newest.get(read.raw.path, happened))

    def _read(self, texts: frozenset[str], *, keeps_scans: bool) -> Dataset:
        """All that the store would hold; of folders, what is no list of anything is left out by then.

        Raises:
            KpiError: it cannot be read.
        """
        unread: dict[Input, KpiError] = {}
        whole = in_order((*self.there, *self.new.values()))
        inputs = inputs_of(self.versions, whole, keeps_scans=keeps_scans)
        choices = replace(self.choices, options=ReadOptions(limits=self.choices.options.limits), stored=tuple(inputs))
        found = dataset.read_exports([], choices, texts, lambda _: None, unread)
        for item, error in unread.items():
            export = inputs[item].id if item in inputs else ""
            if export in self.new and 0 < self.new[export].left_out >= self.new[export].rows:
                self.new[export] = replace(
                    self.new[export], kept={}
                )  # all of it was about customers who were forgotten
                continue
            if export not in self.new or self.items[export].is_named or not isinstance(error, UnreadableError):
                raise error
            self._leave(export, error)
        return found

    def _leave_out(self) -> None:
        """Empties the rows of customers who were forgotten in the new exports.

        Raises:
            KpiError: the exports cannot be read.
        """
        places = {self.versions.of(export) / ROWS: export for export in self.new}
        found = self._read(frozenset((*WHOSE, CASE)), keeps_scans=False)
        reads = [read for read in found.reads if read.raw.path in places]
        rows_before = rows_of(reads)
        erasure = who_is_back(self.notes, [one.name for one in self.new.values()], places, reads)
        for rows, export in places.items():
            if erasure is None or export not in self.new:
                continue
            draft = rows.with_suffix(".left")
            left = left_of(self.new[export], self.versions, draft, erasure, reads)
            draft.replace(rows)
            self.new[export] = replace(left.export, left_out=left.gone, rows=rows_before.get(rows, 0))

    def dated(self, export: StoredExport, taken: date | None) -> StoredExport:
        """An export with when it was taken: as given, else its newest event, else when its file was written."""
        evidence: Evidence = "given"
        if taken is None:
            newest = self.newest.get(self.versions.of(export.id) / ROWS)
            return export if newest is None else replace(export, taken=newest, evidence="newest event")
        at = taken if isinstance(taken, datetime) else datetime.combine(taken, time(23, 59, 59))
        return replace(export, taken=at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at, evidence=evidence)

    def undo(self) -> None:
        """Deletes what was written and is not committed."""
        committed = set(self.versions.exports())
        for export in self.items.keys() - committed:
            self._delete(export)

    def _leave(self, export: str, error: KpiError) -> None:
        self.new.pop(export, None)
        self.aside.append(error)
        self._delete(export)

    def _delete(self, export: str) -> None:
        for folder in (self.versions.of(export), self.versions.scans_of(export)):
            rmtree(folder, ignore_errors=True)

    def _free(self, name: str) -> str:
        """A name that no other export in the store has: of two called `tickets.csv`, the second is `tickets.csv (2)`."""
        taken = {one.name for one in (*self.there, *self.new.values())}
        numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
        return name if name not in taken else next(one for one in numbered if one not in taken)


def _written(path: Path) -> datetime:
    """When a file was last written, UTC."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None, microsecond=0)
    except OSError as error:
        raise ExportError("has gone while it was read", where=path) from error
