"""Which files the words on the command line mean: paths, folders, patterns, zip archives and standard input.

Everything is read at least twice (a look at the head, then the scan), so what can be read only once is
first copied to a folder that goes away with the process.
"""

import difflib
import filecmp
import glob
import gzip
import os
import stat
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import IO

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.own_outputs import is_own_output
from kpi_core.ingest.files.spool import copying
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

EXPORT_SUFFIXES = (
    ".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".xlsb", ".xlsm", ".ods", ".json", ".ndjson", ".jsonl",
)  # fmt: skip
STDIN = "-"
_KINDS = f"Exports end in {', '.join(EXPORT_SUFFIXES[:-1])} or {EXPORT_SUFFIXES[-1]}"
_WORKBOOK_MEMBERS = {"[Content_Types].xml", "mimetype"}
_GZIP = b"\x1f\x8b"
_LEFT_BY_PROGRAMS = (".", "~$", "__MACOSX")
_ZIP = ".zip"
_OTHER_ARCHIVES = (".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".bz2", ".xz", ".zst")
_DEEPEST = 3
_IS_ENCRYPTED = 0x1


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An export that was kept as columns: what was said of it, as plain data, and the Parquet files with its rows (see `columnar.kept`)."""

    meta: Mapping[str, object] = field(compare=False)
    rows: tuple[Path, ...]


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
        """Its bytes; 0 where that is unknown, which reading it will report."""
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

    A folder stands for the exports and archives directly in it, a pattern for the files it matches, both sorted; a `.zip`
    for the exports in it, and in archives in it; `-` for standard input. What is packed with gzip is unpacked. What kundpuls wrote itself, pipes and devices are passed over in
    folders and patterns; only a path of its own means them.

    Raises:
        ExportError: nothing there, nothing in it, it may not be read, or it unpacks to more than a bound.
    """
    places: dict[object, Path] = {}
    named: set[object] = set()
    meant = _Meant(limits=limits)
    for argument in arguments:
        for place in _places(argument, meant.passed):
            places.setdefault(identity := _identity(place), place)
            named |= {identity} if place == Path(argument) else set()
    found: list[Input] = []
    for identity, place in places.items():
        try:
            found.extend(_inputs(place, meant, is_named=identity in named))
        except OSError as error:
            meant.leave(_unreadable(place, error), is_named=identity in named)
        except UnreadableError as error:
            meant.leave(error, is_named=identity in named)
    if not found:
        raise nothing_left(meant.aside, meant.passed)
    return Found(tuple(found), (*meant.passed, *_same_bytes(found)), tuple(meant.aside))


def nothing_left(aside: Sequence[UnreadableError], passed: Sequence[Message] = ()) -> ExportError:
    """The error for files of which none can be read: its own where it is one, else all of them."""
    if len(aside) == 1:
        return aside[0]
    return ExportError(
        "nothing to read", hint="\n".join(map(str, [*aside, *passed])) or "name a file that holds a table"
    )


@dataclass(kw_only=True)
class _Meant:
    """What was met on the way to the files: what is passed over, what cannot be read, and how much was unpacked."""

    limits: Limits
    passed: list[Message] = field(default_factory=list)
    aside: list[UnreadableError] = field(default_factory=list)

    def leave(self, error: UnreadableError, *, is_named: bool) -> None:
        """Sets something aside that cannot be read, unless it was named itself.

        Raises:
            UnreadableError: it was.
        """
        if is_named:
            raise error
        self.aside.append(error)


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
    openings: dict[tuple[int, bytes], list[Input]] = {}
    for item in found:
        if item.size == 0 or sizes[item.size] == 1:
            continue
        # Exports of one size are many where each is small: only those that begin alike are compared whole.
        with item.path.open("rb") as file:
            before = openings.setdefault((item.size, file.read(4096)), [])
        twin = next((other for other in before if filecmp.cmp(other.path, item.path, shallow=False)), None)
        if twin is not None:
            yield Message("holds-the-same", file=item.name, other=twin.name)
        before.append(item)


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
        if path.is_dir():
            return _exports_in(path, passed)
        if path.exists():
            return (path,)
    except OSError as error:
        raise _unreadable(path, error) from error
    if any(mark in argument for mark in "*?["):
        return _matches(argument, passed)
    raise ExportError(f"no file or folder `{argument}`", hint=_near(path))


def _exports_in(folder: Path, passed: list[Message]) -> Sequence[Path]:
    exports = _readable(
        sorted(path for path in folder.iterdir() if _may_hold_exports(path.name) and not path.is_dir()), passed
    )
    if not exports:
        raise ExportError(f"no exports in the folder `{folder}`", hint="\n".join([_KINDS, *map(str, passed)]))
    return exports


def _matches(pattern: str, passed: list[Message]) -> Sequence[Path]:
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern and finds hidden files)
    paths = sorted(
        path for path in map(Path, names) if not path.is_dir() and not path.name.startswith(_LEFT_BY_PROGRAMS)
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
        if not path.is_file():
            passed.append(Message("passed-no-file" if path.exists() else "passed-dead-link", file=shown(path)))
        elif _is_other_archive(path.name):
            passed.append(Message("passed-archive", file=shown(path)))
        elif is_own_output(path):
            passed.append(Message("passed-own-output", file=shown(path)))
        else:
            kept.append(path)
    return kept


def shown(place: Path | str) -> str:
    r"""A path in words that can be written anywhere: bytes that are no UTF-8 stand as `\xe5`."""
    return os.fsencode(place).decode("utf-8", "backslashreplace")


def _is_export(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith(EXPORT_SUFFIXES) and not name.startswith(_LEFT_BY_PROGRAMS)


def _may_hold_exports(name: str) -> bool:
    """Whether a file among others is an export, an archive, or packed in a way that must be reported as unread."""
    is_archive = name.lower().endswith(_ZIP) or _is_other_archive(name)
    return _is_export(name) or (is_archive and not name.startswith(_LEFT_BY_PROGRAMS))


def _is_other_archive(name: str) -> bool:
    return name.lower().endswith(_OTHER_ARCHIVES)


def _near(path: Path) -> str | None:
    try:
        neighbours = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder `{path.parent}`"
    near = difflib.get_close_matches(path.name, neighbours, n=1)
    return f"did you mean `{path.with_name(near[0])}`?" if near else "name a file or a folder that is there"


def _unreadable(place: Path, error: OSError) -> UnreadableError:
    return UnreadableError(f"cannot be read: {error.strerror or error}", where=place)


def _inputs(place: Path, meant: _Meant, *, is_named: bool) -> Iterator[Input]:
    if str(place) == STDIN:
        if sys.stdin is None:
            raise ExportError(
                "standard input is closed", hint="name a file, or send one: kundpuls report - < tickets.csv"
            )
        place, name = _spool(sys.stdin.buffer, ""), "standard input"
    elif not stat.S_ISREG(place.stat().st_mode) or shown(place) != str(place):
        # What can be read but once, or has a name that not every reader takes.
        name = shown(place)
        with place.open("rb") as pipe:
            place = _spool(pipe, "")
    else:
        name = str(place)
    if is_own_output(place):
        raise ExportError(
            "was written by kundpuls: it is no export", where=name, hint="name the exports it was made of"
        )
    if _is_archive(place, name):
        yield from _Archive(path=place, name=name, meant=meant, packed=place.stat().st_size).inputs()
    else:
        yield Input(_unzipped(place, name, meant.limits), name, is_named)


def _spool(source: IO[bytes] | gzip.GzipFile, suffix: str, check: Callable[[int], None] | None = None) -> Path:
    """A copy of a stream; `check` is called with how many bytes it has so far."""
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
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        is_zip = False
    if not is_zip and name.lower().endswith(".zip"):
        raise UnreadableError("is not a zip archive, or is damaged", where=name, hint="pack or download it again")
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
        raise UnreadableError("is damaged inside its gzip", where=name, hint="pack or download it again") from error


@dataclass(kw_only=True)
class _Archive:
    """A zip, perhaps in another: what of it is to be read.

    `packed` are the bytes of the outermost, `above` those that archives around it unpack to, `depth` how many these are.
    """

    path: Path
    name: str
    meant: _Meant
    packed: int
    above: int = 0
    depth: int = 1

    def inputs(self) -> Iterator[Input]:
        """The exports in it; of two members of one name the second is known by its number.

        Raises:
            ExportError: there are none, or they unpack to more than a bound.
        """
        with zipfile.ZipFile(self.path) as archive:
            members = sorted((one for one in archive.infolist() if _is_wanted(one)), key=lambda one: one.filename)
            if not members:
                raise UnreadableError("no exports in the archive", where=self.name, hint=_KINDS)
            self.meant.limits.check_unpacked(members, self.name)
            self.above += sum(member.file_size for member in members)
            self.meant.limits.check_sizes(self.above, self.packed, self.name)
            seen: dict[str, list[int]] = {}
            for member in members:
                same = seen.setdefault(member.filename, [])
                label = f"{self.name}/{_member_name(member)}{f' ({len(same) + 1})' if same else ''}"
                if member.CRC in same:
                    self.meant.passed.append(Message("passed-twice", file=label))
                    continue
                same.append(member.CRC)
                try:
                    yield from self._member(archive, member, label)
                except UnreadableError as error:
                    self.meant.leave(error, is_named=False)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> Iterator[Input]:
        copy = self._unpacked(archive, member, label)
        if is_own_output(copy):
            self.meant.passed.append(Message("passed-own-output", file=label))
        elif _is_other_archive(member.filename):
            self.meant.passed.append(Message("passed-archive", file=label))
        elif not _is_archive(copy, label):
            yield Input(copy, label, is_named=False)
        elif self.depth == _DEEPEST:
            self.meant.passed.append(Message("passed-too-deep", file=label, depth=self.depth))
        else:
            inner = _Archive(
                path=copy, name=label, meant=self.meant, packed=self.packed, above=self.above, depth=self.depth + 1
            )
            yield from inner.inputs()
            self.above = inner.above

    def _unpacked(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> Path:
        if member.flag_bits & _IS_ENCRYPTED:
            hint = "unpack the archive with its password, and name the files in it"
            raise UnreadableError("is protected by a password", where=label, hint=hint)
        try:
            with archive.open(member) as source:
                return _unzipped(_spool(source, PurePosixPath(member.filename).suffix), label, self.meant.limits)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            hint = "pack or download the archive again"
            raise UnreadableError("is damaged inside the archive", where=label, hint=hint) from error
        except (RuntimeError, NotImplementedError) as error:
            hint = "unpack the archive and name the files in it"
            raise UnreadableError("is packed in a way that is not read", where=label, hint=hint) from error


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name of a member; one that is not marked as UTF-8 may be it all the same, and is code page 437 else."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    hidden = any(part.startswith(_LEFT_BY_PROGRAMS) for part in path.parts)
    return not member.is_dir() and _may_hold_exports(path.name) and not hidden
