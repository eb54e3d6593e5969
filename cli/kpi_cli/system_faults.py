"""Ordinary faults of the system in a user's words: a full disk, a closed stream, a file that has gone, no memory."""

import errno
import os
from pathlib import Path

from kpi_core.errors import KpiError
from kpi_core.patterns import regex

_ROOM = "free some room, or write to another disk"
_FILES = "raise the limit (`ulimit -n`), or read fewer files at a time"
_MEMORY = "read fewer files at a time, or close other programs"

_EXPLAINED = {
    errno.ENOSPC: ("there is no room left on the disk", _ROOM),
    errno.EDQUOT: ("the disk quota is used up", _ROOM),
    errno.EFBIG: ("the file would be larger than the system allows", "write to another disk, or raise `ulimit -f`"),
    errno.EMFILE: ("too many files are open", _FILES),
    errno.ENFILE: ("too many files are open", _FILES),
    errno.ENOMEM: ("there is not enough memory", _MEMORY),
    errno.ENAMETOOLONG: ("the name is too long", "use a shorter one"),
    errno.EACCES: ("permission denied", "check who may read and write it"),
    errno.EPERM: ("permission denied", "check who may read and write it"),
    errno.EROFS: ("the disk is read-only", "write to another place"),
    errno.ENOENT: ("is not there any more", "it was moved or deleted during the run: start again"),
    errno.ESTALE: ("is not there any more", "it was moved or deleted during the run: start again"),
    errno.EIO: ("the disk reports an input/output error", "copy the file to another disk"),
    errno.EBADF: ("the stream is closed", "name a file: -o FILE"),
}
_PANIC = regex(r"\bOs \{ code: (\d+)|\(os error (\d+)\)")
MEMORY = ("there is not enough memory", _MEMORY)


def is_ordinary(error: BaseException) -> bool:
    """Whether an exception is the system's fault and not the program's."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, ImportError):
        return os.strerror(errno.EMFILE) in str(error)
    return isinstance(error, OSError) or (is_panic(error) and _code_in(error) is not None)


def is_panic(error: BaseException) -> bool:
    """Whether a library that is not written in Python gave up; its exceptions are no `Exception`."""
    return type(error).__name__ == "PanicException"


def _code_in(error: BaseException) -> int | None:
    """The system's error number in the words of a panic."""
    found = _PANIC.search(str(error))
    return int(found[1] or found[2]) if found else None


def explained(error: BaseException, where: str | Path | None = None) -> KpiError:
    """The fault as an error with its place and the way out.

    Args:
        error: one that `is_ordinary`.
        where: its place, if not the file that the system names.
    """
    if isinstance(error, ImportError):
        error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    if is_panic(error) and (code := _code_in(error)) is not None:
        error = OSError(code, os.strerror(code))
    if not isinstance(error, OSError):
        return KpiError(MEMORY[0], where=where, hint=MEMORY[1])
    where = where or _name(error)
    if known := _EXPLAINED.get(error.errno or 0):
        return KpiError(known[0], where=where, hint=known[1])
    return KpiError(error.strerror or str(error) or type(error).__name__, where=where)


def _name(error: OSError) -> str | None:
    named = error.filename
    if isinstance(named, bytes):
        return os.fsdecode(named)
    return named if isinstance(named, str) and named else None
