"""Which files the words on the command line mean: paths, folders, patterns, zip archives and standard input.

Everything is read at least twice (a look at the head, then the scan), so what can be read only once is
first copied to a folder that goes away with the process.
"""

import difflib
import glob
import gzip
import os
import stat
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from kpi_core.errors import ExportError
from kpi_core.ingest.limits import DEFAULT, Limits
from kpi_core.ingest.spool import copying

EXPORT_SUFFIXES = (
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".xls",
    ".xlsx",
    ".xlsb",
    ".xlsm",
    ".ods",
    ".json",
    ".ndjson",
    ".jsonl",
)
STDIN = "-"
_KINDS = f"Exports end in {', '.join(EXPORT_SUFFIXES[:-1])} or {EXPORT_SUFFIXES[-1]}"
_WORKBOOK_MEMBERS = {"[Content_Types].xml", "mimetype"}
_GZIP = b"\x1f\x8b"
_LEFT_BY_PROGRAMS = (".", "~$", "__MACOSX")


@dataclass(frozen=True)
class Input:
    """One file to read: where its bytes lie, and the name to call it by in messages and reports."""

    path: Path
    name: str

    @property
    def size(self) -> int:
        """Its bytes; 0 where that cannot be told, which reading it will say."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

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
        """What changes when the file does: which one it is, its size and when it was written; None where it has gone."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def find_files(arguments: Sequence[str], limits: Limits = DEFAULT) -> tuple[Input, ...]:
    """The files that `arguments` mean, in the order given, each once.

    A folder stands for the exports directly in it, a pattern for the files it matches, both sorted; a `.zip`
    for the exports in it; `-` for standard input. What is packed with gzip is unpacked.

    Raises:
        ExportError: nothing there, nothing in it, it may not be read, or it unpacks to more than a bound.
    """
    places: dict[str, Path] = {}
    for argument in arguments:
        for place in _places(argument):
            places.setdefault(os.path.realpath(place), place)
    found: list[Input] = []
    for place in places.values():
        try:
            found.extend(_inputs(place, limits))
        except OSError as error:
            raise _unreadable(place, error) from error
    return tuple(found)


def files_meant(argument: str) -> Sequence[Path]:
    """The files that one argument means, archives closed; none where there are none or it is standard input."""
    try:
        return () if argument == STDIN else _places(argument)
    except ExportError:
        return ()


def _places(argument: str) -> Sequence[Path]:
    path = Path(argument)
    if argument == STDIN:
        return (path,)
    try:
        if path.is_dir():
            return _exports_in(path)
        if path.exists():
            return (path,)
    except OSError as error:
        raise _unreadable(path, error) from error
    if any(mark in argument for mark in "*?["):
        return _matches(argument)
    raise ExportError(f"no file or folder `{argument}`", hint=_near(path))


def _exports_in(folder: Path) -> Sequence[Path]:
    exports = sorted(path for path in folder.iterdir() if _is_export(path.name) and not path.is_dir())
    if not exports:
        raise ExportError(f"no exports in the folder `{folder}`", hint=_KINDS)
    return exports


def _matches(pattern: str) -> Sequence[Path]:
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern and finds hidden files)
    matches = sorted(path for path in map(Path, names) if not path.is_dir())
    if not matches:
        raise ExportError(f"no file matches `{pattern}`")
    return matches


def _is_export(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith(EXPORT_SUFFIXES) and not name.startswith(_LEFT_BY_PROGRAMS)


def _near(path: Path) -> str | None:
    try:
        neighbours = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder `{path.parent}`"
    near = difflib.get_close_matches(path.name, neighbours, n=1)
    return f"did you mean `{path.with_name(near[0])}`?" if near else None


def _unreadable(place: Path, error: OSError) -> ExportError:
    return ExportError(f"cannot be read: {error.strerror or error}", where=place)


def _inputs(place: Path, limits: Limits) -> Iterator[Input]:
    if str(place) == STDIN:
        if sys.stdin is None:
            raise ExportError(
                "standard input is closed", hint="name a file, or send one: kundpuls report - < tickets.csv"
            )
        place, name = _spool(sys.stdin.buffer, ""), "standard input"
    elif not stat.S_ISREG(place.stat().st_mode):
        name = str(place)
        with place.open("rb") as pipe:
            place = _spool(pipe, "")
    else:
        name = str(place)
    if _is_archive(place, name):
        yield from _members(place, name, limits)
    else:
        yield Input(_unzipped(place, name, limits), name)


def _spool(source: IO[bytes] | gzip.GzipFile, suffix: str, check: Callable[[int], None] | None = None) -> Path:
    """A copy of a stream; `check` is told how many bytes it has so far."""
    with copying(suffix) as copy:
        whole = 0
        while piece := source.read(1 << 20):
            copy.write(piece)
            whole += len(piece)
            if check is not None:
                check(whole)
    return Path(copy.name)


def _is_archive(path: Path, name: str) -> bool:
    """Whether it is a zip of files rather than a workbook, which is a zip as well."""
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    try:
        if is_zip:
            with zipfile.ZipFile(path) as archive:
                return _WORKBOOK_MEMBERS.isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        is_zip = False
    if not is_zip and name.lower().endswith(".zip"):
        raise ExportError("is not a zip archive, or is damaged", where=name)
    return False


def _unzipped(path: Path, name: str, limits: Limits) -> Path:
    """The file, or a copy unpacked with gzip; what it is, its first bytes say."""
    with path.open("rb") as file:
        if file.read(2) != _GZIP:
            return path
    packed = path.stat().st_size
    try:
        with gzip.open(path) as source:
            return _spool(source, "", lambda whole: limits.check_sizes(whole, packed, name))
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ExportError("is damaged inside its gzip", where=name) from error


def _members(path: Path, name: str, limits: Limits) -> Iterator[Input]:
    with zipfile.ZipFile(path) as archive:
        # By their entries: two members may have one name.
        wanted = [member for member in archive.infolist() if _is_wanted(PurePosixPath(member.filename))]
        members = sorted(wanted, key=lambda member: member.filename)
        if not members:
            raise ExportError("no exports in the archive", where=name, hint=_KINDS)
        limits.check_unpacked(members, name)
        for member in members:
            shown = f"{name}/{member.filename}"
            try:
                with archive.open(member) as source:
                    copy = _spool(source, PurePosixPath(member.filename).suffix)
                yield Input(_unzipped(copy, shown, limits), shown)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise ExportError("is damaged inside the archive", where=shown) from error
            except (RuntimeError, NotImplementedError) as error:
                hint = "unpack the archive and name the files in it"
                raise ExportError(f"cannot be unpacked: {error}", where=shown, hint=hint) from error


def _is_wanted(member: PurePosixPath) -> bool:
    return _is_export(member.name) and not any(part.startswith(_LEFT_BY_PROGRAMS) for part in member.parts)
