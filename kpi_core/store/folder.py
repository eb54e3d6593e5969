"""The folder of a store: what marks it as one, where its parts lie, and who may write.

    kundpuls-store.json   the mark: the version of the layout, which table is in force, names of versions, what was forgotten
    exports-1/            the Delta table of exports (see `versions`); the next one after something was forgotten
    write.lock            held by whoever writes

Everything that decides what the store holds is written by one step of the system: a commit of the table, or the mark in place of another.
"""

import errno
import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any

from kpi_core.errors import StoreError
from kpi_core.ingest.files.endings import STORE, STORE_LOCK, STORE_TABLE
from kpi_core.records import dataclass

MARK = STORE
LOCK = STORE_LOCK
LAYOUT = 1
"""The version of the layout, raised where an older kundpuls would read a store wrongly."""
PATIENCE = 60.0
"""Seconds that a command waits for another one to finish writing."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:[/\\]")
"""How an address begins, which no path does: `C:` has one letter."""
_NO_PATH = re.compile(r"%[0-9A-Fa-f]{2}|[#?]" + (r"|\\" if os.sep == "/" else ""))
"""What deltalake takes for a part of an address, so that it would find no versions there, or another folder."""
_OF_SYSTEM = re.compile(r"\(os error (\d+)\)")
_OF_DELTA = ("_internal", "deltalake", "pyo3_runtime")
"""Where the errors of deltalake come from, and the panics of what it is written in, which are no `Exception`."""
_OF_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """That a customer was forgotten, and not who: `marks` are salted hashes of their addresses and numbers, `cases` of those of their cases in the `forms` (see `suppressing`)."""

    at: str
    rows: int
    salt: str
    marks: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @classmethod
    def said(cls, at: str, rows: int, salt: str, **hashes: Sequence[str]) -> "Forgotten":
        """A note as the mark has it."""
        return cls(
            at=at, rows=rows, salt=salt, **{name: tuple(hashes.get(name, ())) for name in ("marks", "cases", "forms")}
        )


@dataclass(frozen=True, kw_only=True)
class Store:
    """A store: its folder, the table in force, versions by the names they were given, and what was forgotten."""

    place: Path
    table: str = "exports-1"
    names: Mapping[str, int] = field(default_factory=dict)
    forgotten: tuple[Forgotten, ...] = ()

    @property
    def exports(self) -> Path:
        """The folder of the table in force."""
        return self.place / self.table

    @property
    def next_table(self) -> str:
        """The name of the table that may take its place."""
        return f"exports-{int(self.table.removeprefix('exports-')) + 1}"

    def sweep(self) -> None:
        """Deletes drafts of the mark, and tables that are not in force."""
        for left in self.place.iterdir():
            if left.name.startswith(f"{MARK}."):
                left.unlink(missing_ok=True)
            elif STORE_TABLE.fullmatch(left.name) and left.name != self.table:
                rmtree(left)

    def marked(self, **changes: Any) -> "Store":
        """The store with some of what its mark says changed, on the disk too."""
        changed = replace(self, **changes)
        changed.write_mark()
        return changed

    def write_mark(self) -> None:
        """Writes the mark in one step."""
        said = {
            "store": "kundpuls", "layout": LAYOUT, "table": self.table, "names": dict(self.names),
            "forgotten": [vars(one) for one in self.forgotten],
        }  # fmt: skip
        draft = self.place / f"{MARK}.{os.getpid()}"
        try:
            with draft.open("w", encoding="utf-8") as file:
                json.dump(said, file, indent=1, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.place / MARK)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise


def found(place: Path) -> Store:
    """The store in a folder.

    Raises:
        StoreError: there is none, it is of a later version, or damaged.
    """
    _check_is_path(place)
    way = f"`kundpuls ingest FILES --store {shlex.quote(str(place))}` makes one"
    if not place.is_dir():
        what = "is a file, and no store" if place.exists() else "there is no store here"
        raise StoreError(what, where=place, hint="name a folder" if place.exists() else way)
    mark = place / MARK
    try:
        said = json.loads(mark.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = f"name the folder that holds `{MARK}`" if any(place.iterdir()) else way
        raise StoreError("is a folder, and no store", where=place, hint=hint) from None
    except ValueError as error:
        raise _damaged(mark) from error
    layout = said.get("layout") if isinstance(said, dict) else None
    if isinstance(layout, int) and layout > LAYOUT:
        raise StoreError("is a store of a later kundpuls", where=place, hint="update kundpuls: pip install -U kundpuls")
    try:
        if layout != LAYOUT or not STORE_TABLE.fullmatch(said["table"]):
            raise _damaged(mark)
        forgotten = tuple(Forgotten.said(**one) for one in said["forgotten"])
        names = {str(name): int(version) for name, version in said["names"].items()}
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise _damaged(mark) from error
    return Store(place=place, table=said["table"], names=names, forgotten=forgotten)


@contextmanager
def writing(place: Path, *, makes: bool = False) -> Iterator[Store]:
    """A block in which nobody else writes to a store; gives it as it is by then, rid of what a killed command left.

    Where it `makes` one, a folder that is empty or not there yet becomes a store.

    Raises:
        StoreError: there is no store, or something else in its place; another command goes on writing.
        OSError: the disk is full, or takes nothing for another reason.
    """
    filelock = library("filelock")
    if makes:
        _check_free(place)
        place.mkdir(parents=True, exist_ok=True)
    else:
        found(place)
    try:
        with filelock.FileLock(place / LOCK, timeout=PATIENCE):
            if makes and not (place / MARK).exists():
                Store(place=place).write_mark()
            store = found(place)
            store.sweep()
            yield store
    except filelock.Timeout:
        hint = "try again when it has finished"
        raise StoreError("another command is writing to the store", where=place, hint=hint) from None
    except Exception as error:
        if (code := _code_of_disk(error)) is None:
            raise
        raise OSError(code, os.strerror(code), str(place)) from error


def _code_of_disk(error: BaseException | None) -> int | None:
    """The system's number for a disk that takes no more, in the words of a library that is not written in Python; None for any other error."""
    while error is not None:
        found = _OF_SYSTEM.search(str(error))
        if found and int(found[1]) in _OF_DISK:
            return int(found[1])
        error = error.__cause__
    return None


def log_damaged(error: BaseException, table: Path) -> StoreError | None:
    """The error of a log that cannot be read; None where something else went wrong, such as too many open files."""
    if type(error).__module__ not in _OF_DELTA or _OF_SYSTEM.search(str(error)):
        return None
    hint = "start again: a customer may have been forgotten meanwhile\nrestore the store from a copy"
    return StoreError("the log of versions is damaged, or has gone", where=table / "_delta_log", hint=hint)


def library(name: str) -> Any:
    """A library that only a store needs.

    Raises:
        StoreError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        hint = "pip install 'kundpuls[store]'"
        raise StoreError(f"a store needs `{name}`, which is not installed", hint=hint) from None


def _check_is_path(place: Path) -> None:
    """Refuses the address of an object store, which would be made a folder of that name, and a path that the log of versions cannot be kept under."""
    if _ADDRESS.match(str(place)):
        hint = "name a folder; one that the system mounts will do"
        raise StoreError("is an address, and a store is a folder", where=place, hint=hint)
    for path in (place.absolute(), place.resolve()):
        if (taken := _NO_PATH.search(str(path))) is not None:
            hint = "name a folder without it, and in none that has it"
            raise StoreError(f"no store can be kept under a path with `{taken[0]}`", where=place, hint=hint)


def _check_free(place: Path) -> None:
    """Refuses a folder that holds something else than a store."""
    _check_is_path(place)
    if (place / MARK).exists() or not place.exists():
        return
    if not place.is_dir():
        found(place)
    others = sorted(one.name for one in place.iterdir() if one.name != LOCK and not one.name.startswith(MARK))
    if others:
        hint = "name an empty folder, or one that is not there yet"
        raise StoreError(f"is no store, and holds `{others[0]}`", where=place, hint=hint)


def _damaged(mark: Path) -> StoreError:
    return StoreError("does not say what the store holds", where=mark, hint="restore the folder from a copy of it")
