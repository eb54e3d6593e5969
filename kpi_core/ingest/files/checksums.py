"""The checksum that ties a report to its files, taken in the background of everything else: it needs no more than one idle core."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future
from os import fstat
from pathlib import Path

from kpi_core.errors import ExportError
from kpi_core.threads import at_once, in_background

PIECE = 8 * 2**20
"""Bytes at a time: few enough pieces that the thread seldom has to wait for its turn at the interpreter."""

SMALL = 2**20
"""Bytes up to which a checksum takes less time than a thread."""

_begun: dict[Path, Future[str]] = {}


def begin(paths: Iterable[str]) -> None:
    """Starts on the files that are known before anything else is, while one core has nothing to do.

    Archives are left alone: what is in them is hashed, file by file. So are small files, which nobody waits for.
    """
    for path in map(Path, paths):
        if path.is_file() and path.suffix.lower() != ".zip" and path.stat().st_size > SMALL:
            _begun[path] = in_background(_hashed, path, str(path))


def start_hashing(path: Path, name: str) -> Future[str]:
    """The SHA-256 of a file in hexadecimal; of a large one taken in a thread of its own, which may have begun already.

    The future raises an `ExportError` where the file has gone since it was read.
    """
    is_small = path.is_file() and path.stat().st_size <= SMALL
    return _begun.pop(path, None) or (at_once if is_small else in_background)(_hashed, path, name)


def _hashed(path: Path, name: str) -> str:
    """The checksum of a file; of a folder that of the names and the bytes of all files in it."""
    digest = hashlib.sha256()
    try:
        if not path.is_dir():
            _add(path, digest)
        for each in sorted(one for one in path.rglob("*") if one.is_file()):
            digest.update(f"{each.relative_to(path).as_posix()}\0{each.stat().st_size}\0".encode())
            _add(each, digest)
    except OSError as error:
        raise ExportError(f"has gone while it was read: {error.strerror}", where=name) from error
    return digest.hexdigest()


def _add(path: Path, digest: "hashlib._Hash") -> None:
    """Goes on with the bytes of a file."""
    with path.open("rb", buffering=0) as file:
        piece = memoryview(bytearray(min(PIECE, fstat(file.fileno()).st_size + 1)))
        while count := file.readinto(piece):
            digest.update(piece[:count])
