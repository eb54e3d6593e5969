"""Files that are packed: zip archives, in one another too, and what gzip or Zstandard has packed, unpacked as streams into temporary copies."""

import gzip
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import field
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import IO

from kpi_core.errors import UnreadableError
from kpi_core.ingest.files.endings import EXPORTS_END, LEFT_BY_PROGRAMS, is_other_archive, may_hold_exports
from kpi_core.ingest.files.limits import Limits
from kpi_core.ingest.files.own_outputs import is_own_output
from kpi_core.ingest.files.spool import copying
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

_WORKBOOK_MEMBERS = {"[Content_Types].xml", "mimetype"}
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP_FAULTS = (gzip.BadGzipFile, zlib.error, EOFError)
_DEEPEST = 3
_IS_ENCRYPTED = 0x1


@dataclass(kw_only=True)
class Met:
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


def spooled(source: IO[bytes] | BufferedIOBase, suffix: str, check: Callable[[int], None] | None = None) -> Path:
    """A copy of a stream; `check` is called with how many bytes it has so far."""
    with copying(suffix) as copy:
        whole = 0
        while piece := source.read(1 << 20):
            copy.write(piece)
            whole += len(piece)
            if check is not None:
                check(whole)
    return Path(copy.name)


def is_archive(path: Path, name: str) -> bool:
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


def unpacked(path: Path, name: str, limits: Limits) -> Path:
    """The file, or a copy unpacked with gzip or Zstandard; what it is, its first bytes say.

    Raises:
        ExportError: it is damaged, or unpacks to more than a bound.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_GZIP):
        return _streamed(path, name, limits, gzip.open(path), ("gzip", _GZIP_FAULTS))
    if start == _ZSTANDARD:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return _streamed(path, name, limits, zstd.open(path), ("Zstandard", (zstd.ZstdError, EOFError)))
    return path


def _streamed(
    path: Path, name: str, limits: Limits, stream: BufferedIOBase, of_kind: tuple[str, tuple[type[Exception], ...]]
) -> Path:
    """What a stream of its bytes unpacks to; the kind it is packed in, and what is raised where it is damaged."""
    packed, (kind, faults) = path.stat().st_size, of_kind
    try:
        with stream:
            return spooled(stream, "", lambda whole: limits.check_sizes(whole, packed, name))
    except faults as error:
        raise UnreadableError(f"is damaged inside its {kind}", where=name, hint="pack or download it again") from error


@dataclass(kw_only=True)
class Archive:
    """A zip, perhaps in another: what of it is to be read.

    `packed` are the bytes of the outermost, `above` those that archives around it unpack to, `depth` how many these are.
    """

    path: Path
    name: str
    met: Met
    packed: int
    above: int = 0
    depth: int = 1

    def members(self) -> Iterator[tuple[Path, str]]:
        """The exports in it, each with what it is called; of two members of one name the second is known by its number.

        Raises:
            ExportError: there are none, or they unpack to more than a bound.
        """
        with zipfile.ZipFile(self.path) as archive:
            members = sorted(
                (one for one in archive.infolist() if _is_wanted(one)), key=lambda one: PurePosixPath(one.filename)
            )
            if not members:
                raise UnreadableError("no exports in the archive", where=self.name, hint=EXPORTS_END)
            self.met.limits.check_unpacked(members, self.name)
            self.above += sum(member.file_size for member in members)
            self.met.limits.check_sizes(self.above, self.packed, self.name)
            seen: dict[str, list[int]] = {}
            for member in members:
                same = seen.setdefault(member.filename, [])
                label = f"{self.name}/{_member_name(member)}{f' ({len(same) + 1})' if same else ''}"
                if member.CRC in same:
                    self.met.passed.append(Message("passed-twice", file=label))
                    continue
                same.append(member.CRC)
                try:
                    yield from self._member(archive, member, label)
                except UnreadableError as error:
                    self.met.leave(error, is_named=False)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> Iterator[tuple[Path, str]]:
        copy = self._unpacked(archive, member, label)
        if is_own_output(copy):
            self.met.passed.append(Message("passed-own-output", file=label))
        elif is_other_archive(member.filename):
            self.met.passed.append(Message("passed-archive", file=label))
        elif not is_archive(copy, label):
            yield copy, label
        elif self.depth == _DEEPEST:
            self.met.passed.append(Message("passed-too-deep", file=label, depth=self.depth))
        else:
            inner = Archive(
                path=copy, name=label, met=self.met, packed=self.packed, above=self.above, depth=self.depth + 1
            )
            yield from inner.members()
            self.above = inner.above

    def _unpacked(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> Path:
        if member.flag_bits & _IS_ENCRYPTED:
            hint = "unpack the archive with its password, and name the files in it"
            raise UnreadableError("is protected by a password", where=label, hint=hint)
        try:
            with archive.open(member) as source:
                return unpacked(spooled(source, PurePosixPath(member.filename).suffix), label, self.met.limits)
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
    hidden = any(part.startswith(LEFT_BY_PROGRAMS) for part in path.parts)
    return not member.is_dir() and may_hold_exports(path.name) and not hidden
