"""The checksum that ties a report to its files, taken beside the counting: it needs no more than one idle core."""

import hashlib
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from kpi_core.errors import ExportError


def start_hashing(path: Path, name: str) -> Future[str]:
    """The SHA-256 of a file in hexadecimal, taken in a thread of its own.

    The future raises an `ExportError` where the file has gone since it was read.
    """
    result: Future[str] = Future()
    Thread(target=_hash, args=(path, name, result), daemon=True).start()
    return result


def _hash(path: Path, name: str, result: Future[str]) -> None:
    try:
        with path.open("rb") as file:
            result.set_result(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        result.set_exception(ExportError(f"has gone while it was read: {error.strerror}", where=name))
