"""What a store holds, which versions it has, and the names that versions are given."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from kpi_core.errors import StoreError
from kpi_core.records import dataclass
from kpi_core.store.exports import StoredExport, stored
from kpi_core.store.folder import Forgotten, Store, found, writing
from kpi_core.store.reading import version_asked
from kpi_core.store.versions import Versions


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """A version: its number, when it was written, what it is called, and the exports that it brought."""

    number: int
    at: datetime
    names: tuple[str, ...]
    added: tuple[StoredExport, ...]


@dataclass(frozen=True, kw_only=True)
class Status:
    """A store, or a version of it: its exports in the order they are read, and the bytes of its folder."""

    place: Path
    version: int
    exports: tuple[StoredExport, ...]
    names: Mapping[str, int]
    forgotten: tuple[Forgotten, ...]
    size: int


def status(place: Path, version: str | None = None, ingested: date | None = None) -> Status:
    """What is in a store.

    Raises:
        StoreError: there is no such store or version.
    """
    store = found(place)
    versions = Versions(folder=store.exports)
    number = version_asked(store, versions, version, ingested)
    return Status(
        place=place, version=versions.newest if number is None else number, names=store.names, forgotten=store.forgotten,
        exports=stored(versions, versions.exports(number)), size=size_of(place),
    )  # fmt: skip


def log(place: Path) -> tuple[LogEntry, ...]:
    """The versions of a store, the newest first.

    Raises:
        StoreError: there is no store.
    """
    store = found(place)
    versions = Versions(folder=store.exports)
    known = {one.id: one for one in stored(versions, versions.exports())}
    return tuple(
        LogEntry(number=one.number, at=one.at, names=_names(store, one.number), added=tuple(known[export] for export in one.added))
        for one in reversed(versions.log())
    )  # fmt: skip


def name(place: Path, version: str, called: str) -> int:
    """Gives a version a name, and returns its number. `newest` is the one that there is now.

    Raises:
        StoreError: there is no such version, or the name is taken or would be read as something else.
    """
    with writing(place) as store:
        versions = Versions(folder=store.exports)
        number = versions.newest if version == "newest" else version_asked(store, versions, version)
        if number is None or not versions.log():
            raise StoreError("the store has no version yet", where=place, hint="ingest something first")
        if called.isdecimal() or called == "newest" or not called.strip():
            raise StoreError(f"`{called}` is no name for a version", where=place, hint="write words, as board-2026-q1")
        if store.names.get(called, number) != number:
            hint = f"`--as-of-version {called}` shows it; give this one another name"
            raise StoreError(f"version {store.names[called]} is called `{called}` already", where=place, hint=hint)
        store.marked(names={**store.names, called: number})
    return number


def compact(place: Path) -> int:
    """Deletes what killed commands left, and scans, which are made again; writes what the commits come to as one file. Gives the bytes freed.

    Raises:
        StoreError: there is no store, or another command writes to it.
    """
    before = size_of(place)
    with writing(place) as store:
        versions = Versions(folder=store.exports)
        versions.sweep(scans_kept=0)
        after = size_of(place)
        versions.checkpoint()
    return max(before - after, 0)


def size_of(folder: Path) -> int:
    """The bytes of the files in a folder."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def _names(store: Store, number: int) -> tuple[str, ...]:
    return tuple(sorted(called for called, version in store.names.items() if version == number))
