"""Which files the words on the command line mean: paths, folders, patterns, zip archives and standard input.

Everything is read at least twice (a look at the head, then the scan), so what can be read only once is
first copied to a folder that goes away with the process.
"""

import difflib
import filecmp
import glob
import os
import shlex
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path, PurePath
from typing import Any

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.archives import Archive, Met, is_archive, spooled, unpacked
from kpi_core.ingest.files.checksums import start_hashing
from kpi_core.ingest.files.endings import (
    EXPORTS_END,
    LEFT_BY_PROGRAMS,
    is_delta,
    is_other_archive,
    may_hold_exports,
    store_of,
)
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.own_outputs import is_own_output
from kpi_core.ingest.files.partitions import is_partitioned, others_in, said_by
from kpi_core.ingest.files.states import OF_STORE, is_state, is_table_of_store, read_state
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

STDIN = "-"
COLUMNAR = (b"PAR1", b"ARROW1", b"\xff\xff\xff\xff")
"""How files of columns begin."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An export that was kept as columns (see `columnar.kept`).

    Attributes:
        meta: what is known of it, as plain data.
        rows: the Parquet files with its rows.
        scans: a folder in which scans of it are kept, None for none; `takes_new`: whether one that is missing is put there.
        place: its place among the exports of the store that a state is of; None of another's, which go by their names.
    """

    meta: Mapping[str, Any] = field(compare=False)
    rows: tuple[Path, ...]
    scans: Path | None = None
    takes_new: bool = False
    place: int | None = None

    @property
    def original(self) -> tuple[int, str]:
        """The bytes and the checksum of the file that it was; 0 and none where that is damaged, which opening it says."""
        match self.meta.get("original"):
            case {"size": int(size), "sha256": str(sha256)}:
                return size, sha256
        return 0, ""


@dataclass(frozen=True)
class Input:
    """One file to read: where its bytes lie, and the name to call it by in messages and reports.

    `is_named` where the user named it itself, and not a folder, pattern or archive that it is in. `kept` where it is
    not as it was given any more, but as columns; `path` is then the first file of its rows.
    """

    path: Path
    name: str
    is_named: bool = True
    kept: Kept | None = None

    @property
    def size(self) -> int:
        """Its bytes, of a kept export those of the file that it was; 0 where that is unknown, which reading it will report."""
        if self.kept is not None:
            return self.kept.original[0]
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def checksum(self) -> str:
        """The SHA-256 of the file, of a kept export of the file that it was, in hexadecimal.

        Raises:
            ExportError: it has gone.
        """
        return start_hashing(self.path, self.name).result() if self.kept is None else self.kept.original[1]

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """A block in which the file is read: what is read of a file that changes meanwhile is no figure.

        Raises:
            ExportError: it was changed or deleted, whatever else went wrong for that.
        """
        before = self._state()
        try:
            yield
        finally:
            if self._state() != before:
                hint = "start again when nothing writes to it any more"
                raise ExportError("was changed or deleted while it was read", where=self.name, hint=hint) from None

    def _state(self) -> tuple[int, ...] | None:
        """What changes when the file does: which one it is, its size and when it was written; None where it has gone. The versions of a Delta table stay as they are."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        if stat.S_ISDIR(status.st_mode):
            return () if is_delta(self.path) else _state_of_parts(self.path)
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _state_of_parts(folder: Path) -> tuple[int, ...]:
    """The sizes of the files of a table in parts and when they were written, in the order of their names."""
    states = (path.stat() for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(number for state in states for number in (state.st_size, state.st_mtime_ns))


@dataclass(frozen=True)
class Found:
    """The files to read; in words what lay among them and is passed over; what cannot be read of what was not named itself."""

    files: tuple[Input, ...]
    passed_over: tuple[Message, ...] = ()
    set_aside: tuple[UnreadableError, ...] = ()


def find_files(arguments: Sequence[str], limits: Limits = DEFAULT) -> tuple[Input, ...]:
    """The files that `arguments` mean; see `look_for`."""
    return look_for(arguments, limits).files


def look_for(arguments: Sequence[str], limits: Limits = DEFAULT) -> Found:
    """The files that `arguments` mean, in the order given, each once, by whatever paths or links it is named.

    A folder stands for the exports and archives directly in it, and is itself one where the names of folders in it are columns; a pattern for the files it matches, both sorted; a `.zip`
    for the exports in it, and in archives in it; `-` for standard input. What is packed with gzip is unpacked. What kundpuls wrote itself, pipes and devices are passed over in
    folders and patterns; only a path of its own means them.

    Raises:
        ExportError: nothing there, nothing in it, it may not be read, or it unpacks to more than a bound.
    """
    places, meant = places_meant(arguments, limits)
    found: list[Input] = []
    for place, is_named in places:
        try:
            found.extend(_inputs(place, meant, is_named=is_named))
        except OSError as error:
            meant.leave(_unreadable(place, error), is_named=is_named)
        except UnreadableError as error:
            meant.leave(error, is_named=is_named)
    return gathered(_in_order(found), meant)


def places_meant(arguments: Sequence[str], limits: Limits = DEFAULT) -> tuple[list[tuple[Path, bool]], Met]:
    """The paths that `arguments` mean, archives closed, each once and whether it is named itself; and what is passed over.

    Raises:
        ExportError: nothing is there, or it may not be read.
    """
    places: dict[object, Path] = {}
    named: set[object] = set()
    meant = Met(limits=limits)
    for argument in arguments:
        for place in _places(argument, meant.passed):
            places.setdefault(identity := _identity(place), place)
            named |= {identity} if place == Path(argument) else set()
    return [(place, identity in named) for identity, place in places.items()], meant


def gathered(found: Sequence[Input], meant: Met) -> Found:
    """What was found, with what was passed over on the way and which of it holds the same.

    Raises:
        ExportError: nothing was.
    """
    if not found:
        raise nothing_left(meant.aside, meant.passed)
    passed = (*meant.passed, *_same_bytes(found), *_unread_folders(found))
    return Found(tuple(found), passed, tuple(meant.aside))


def _unread_folders(found: Sequence[Input]) -> Iterator[Message]:
    """Columns that the names of folders say, which are not read of files without columns, in words."""
    for item in found:
        if item.kept is not None or item.path.is_dir() or not (said := said_by(item.name)):
            continue
        with item.path.open("rb") as file:
            if not file.read(8).startswith(COLUMNAR):
                yield Message("folder-unread", file=item.name, columns=[f"`{name}`" for name in said], count=len(said))


def check_states(arguments: Sequence[str]) -> None:
    """Refuses a file that is no state.

    Raises:
        ExportError: there is one, or nothing is there.
    """
    for place in (place for argument in arguments for place in _places(argument, [])):
        if not is_state(place):
            hint = "`kundpuls partial` makes states of exports, `kundpuls report` reads exports and states"
            raise ExportError("is no state", where=shown(place), hint=hint)


def nothing_left(aside: Sequence[UnreadableError], passed: Sequence[Message] = ()) -> ExportError:
    """The error for files of which none can be read: its own where it is one, else all of them."""
    if len(aside) == 1:
        return aside[0]
    return ExportError(
        "nothing to read", hint="\n".join(map(str, [*aside, *passed])) or "name a file that holds a table"
    )


def _identity(place: Path) -> object:
    """What two paths of one file have in common."""
    if str(place) != STDIN:
        try:
            status = place.stat()
        except OSError:
            return os.path.realpath(place)
        if stat.S_ISREG(status.st_mode) and status.st_ino:
            return status.st_dev, status.st_ino
    return os.path.realpath(place)


def _same_bytes(found: Sequence[Input]) -> Iterator[Message]:
    """Files that hold the same as one before them, in words: a copy without row numbers counts twice."""
    sizes = Counter(item.size for item in found)
    by_checksum = any(item.kept is not None for item in found)
    openings: dict[tuple[int, bytes], list[Input]] = {}
    for item in found:
        if item.size == 0 or sizes[item.size] == 1 or not item.path.is_file():
            continue
        # Exports of one size are many where each is small: only those that begin alike are compared whole.
        start = item.checksum().encode() if by_checksum else _beginning(item)
        before = openings.setdefault((item.size, start), [])
        twin = next((one for one in before if by_checksum or filecmp.cmp(one.path, item.path, shallow=False)), None)
        if twin is not None:
            yield Message("holds-the-same", file=item.name, other=twin.name)
        before.append(item)


def _beginning(item: Input) -> bytes:
    with item.path.open("rb") as file:
        return file.read(4096)


def files_meant(argument: str) -> Sequence[Path]:
    """The files that one argument means, archives closed; none where there are none or it is standard input."""
    try:
        return () if argument == STDIN else _places(argument, [])
    except ExportError:
        return ()


def _places(argument: str, passed: list[Message]) -> Sequence[Path]:
    path = Path(argument)
    if argument == STDIN:
        return (path,)
    if not argument.strip():
        raise ExportError("the name of a file is empty", hint="name a file or a folder; `.` is the one you are in")
    try:
        if path.is_dir() and (store := store_of(path)) is not None:
            raise ExportError(
                "is a store, and no folder of exports",
                where=path,
                hint=f"read it with --store {shlex.quote(str(store))}",
            )
        if is_delta(path):
            return (path,)
        if path.is_dir():
            return _exports_in(path, passed)
        if path.exists():
            return (path,)
        if path.is_symlink():
            raise ExportError("is a link to a file that is not there", where=shown(path), hint="name the file itself")
    except OSError as error:
        raise _unreadable(path, error) from error
    if any(mark in argument for mark in "*?["):
        return _matches(argument, passed)
    raise ExportError(f"no file or folder `{argument}`", hint=_near(path))


def _exports_in(folder: Path, passed: list[Message]) -> Sequence[Path]:
    inside = [path for path in sorted(folder.iterdir()) if not is_table_of_store(path)]
    exports = _readable(
        [path for path in inside if is_delta(path) or (_may_be_read(path) and not path.is_dir())], passed
    )
    exports += _readable(others_in(folder), passed)
    exports = [folder, *exports] if is_partitioned(folder) else exports
    for path in inside:
        if not path.is_dir() or is_delta(path) or path.name.startswith(LEFT_BY_PROGRAMS) or "=" in path.name:
            continue
        if is_partitioned(path):
            exports.append(path)
        elif store_of(path) is None and (
            others_in(path) or any(may_hold_exports(each.name) for each in path.iterdir())
        ):
            passed.append(Message("passed-folder", file=shown(path)))
    if not exports:
        raise ExportError(f"no exports in the folder `{folder}`", hint="\n".join([EXPORTS_END, *map(str, passed)]))
    return exports


def _may_be_read(path: Path) -> bool:
    """Whether a file of a folder may be an export, or is the state of a store's exports."""
    return may_hold_exports(path.name) or (path.name == OF_STORE and is_state(path))


def _matches(pattern: str, passed: list[Message]) -> Sequence[Path]:
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern and finds hidden files)
    paths = sorted(
        path
        for path in map(Path, names)
        if (is_delta(path) or not path.is_dir()) and not path.name.startswith(LEFT_BY_PROGRAMS)
    )
    matches = _readable(paths, passed)
    if not matches:
        hint = "\n".join(map(str, passed)) or "name files or a folder that are there"
        raise ExportError(f"no file matches `{pattern}`", hint=hint)
    return matches


def _readable(paths: Sequence[Path], passed: list[Message]) -> list[Path]:
    """Of files met in passing those that are to be read; in words, why the others are not."""
    kept = []
    for path in paths:
        if is_delta(path):
            kept.append(path)
        elif not path.is_file():
            passed.append(Message("passed-no-file" if path.exists() else "passed-dead-link", file=shown(path)))
        elif is_other_archive(path.name):
            passed.append(Message("passed-archive", file=shown(path)))
        elif is_own_output(path):
            passed.append(Message("passed-own-output", file=shown(path)))
        else:
            kept.append(path)
    return kept


def of_state(place: Path, name: str, meant: Met) -> Iterator[Input]:
    """The exports of a state.

    Raises:
        ExportError: it is none, or another version's.
    """
    state = read_state(place, name, meant.limits)
    meant.passed += [message for message in state.passed_over if message not in meant.passed]
    meant.aside += [one for one in state.set_aside if str(one) not in map(str, meant.aside)]
    for one in state.files:
        kept = Kept(meta=one.meta, rows=(one.rows,), scans=state.scans, place=one.place)
        yield Input(one.rows, one.name, one.is_named, kept)


def _in_order(found: Sequence[Input]) -> list[Input]:
    """The exports of states, each once, in the order of their names whichever state they are in and in which order these are named, those of
    a store after them as they were taken in; then the files.

    Of two exports of one name that hold something else the second is known by its number.
    """
    kept = {(item.name, *item.kept.original): item for item in found if item.kept is not None}
    places = {
        key: -1 if item.kept is None or item.kept.place is None else item.kept.place for key, item in kept.items()
    }
    names = Counter[str]()
    ordered = list[Input]()
    for key in sorted(kept, key=lambda key: (places[key], PurePath(key[0]), key)):
        names[key[0]] += 1
        number = names[key[0]]
        ordered.append(kept[key] if number == 1 else replace(kept[key], name=f"{key[0]} ({number})"))
    return [*ordered, *(item for item in found if item.kept is None)]


def shown(place: Path | str) -> str:
    r"""A path in words that can be written anywhere: bytes that are no UTF-8 stand as `\xe5`."""
    return os.fsencode(place).decode("utf-8", "backslashreplace")


def _near(path: Path) -> str | None:
    if path.name in ("FILES", "FILE"):
        return f"{path.name} stands for your exports, as in `kundpuls report tickets.csv survey.csv`"
    try:
        neighbours = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder `{path.parent}`"
    near = difflib.get_close_matches(path.name, neighbours, n=1)
    return f"did you mean `{path.with_name(near[0])}`?" if near else "name a file or a folder that is there"


def _unreadable(place: Path, error: OSError) -> UnreadableError:
    return UnreadableError(f"cannot be read: {error.strerror or error}", where=place)


def _inputs(place: Path, meant: Met, *, is_named: bool) -> Iterator[Input]:
    if place.is_dir():
        yield Input(place, shown(place), is_named)
        return
    if str(place) == STDIN:
        if sys.stdin is None:
            raise ExportError(
                "standard input is closed", hint="name a file, or send one: kundpuls report - < tickets.csv"
            )
        place, name = spooled(sys.stdin.buffer, ""), "standard input"
    elif not stat.S_ISREG(place.stat().st_mode) or shown(place) != str(place):
        # What can be read but once, or has a name that not every reader takes.
        name = shown(place)
        with place.open("rb") as pipe:
            place = spooled(pipe, "")
    else:
        name = str(place)
    if is_own_output(place):
        raise ExportError(
            "was written by kundpuls: it is no export", where=name, hint="name the exports it was made of"
        )
    if is_state(place):
        yield from of_state(place, name, meant)
    elif is_archive(place, name):
        archive = Archive(path=place, name=name, met=meant, packed=place.stat().st_size)
        yield from (Input(copy, label, is_named=False) for copy, label in archive.members())
    else:
        yield Input(unpacked(place, name, meant.limits), name, is_named)
