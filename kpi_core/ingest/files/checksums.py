"""The checksum that ties a report to its files, taken beside everything else: it needs no more than one idle core."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future
from os import fstat
from pathlib import Path
from threading import Thread

from kpi_core.errors import ExportError

PIECE = 8 * 2**20
"""Bytes at a time: few enough pieces that the thread seldom has to wait for its turn at the interpreter."""

_begun: dict[Path, Future[str]] = {}


def begin(paths: Iterable[str]) -> None:
    """Starts on the files that are known before anything else is, while one core has nothing to do.

    Archives are left alone: what is in them is hashed, file by file.
    """
    for path in map(Path, paths):
        if path.is_file() and path.suffix.lower() != ".zip":
            _begun[path] = _started(path, str(path))


def start_hashing(path: Path, name: str) -> Future[str]:
    """The SHA-256 of a file in hexadecimal, taken in a thread of its own, which may have begun already.

    The future raises an `ExportError` where the file has gone since it was read.
    """
    return _begun.pop(path, None) or _started(path, name)


def _started(path: Path, name: str) -> Future[str]:
    result: Future[str] = Future()
    Thread(target=_hash, args=(path, name, result), daemon=True).start()
    return result


def _hash(path: Path, name: str, result: Future[str]) -> None:
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            piece = memoryview(bytearray(min(PIECE, fstat(file.fileno()).st_size + 1)))
            while count := file.readinto(piece):
                digest.update(piece[:count])
    except OSError as error:
        result.set_exception(ExportError(f"has gone while it was read: {error.strerror}", where=name))
    else:
        result.set_result(digest.hexdigest())
