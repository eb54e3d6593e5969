"""Temporary copies of what can be read only once or must be read in other characters; they go away with the process."""

import atexit
import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from kpi_core.errors import ExportError

PREFIX = "kundpuls-spool-"
"""How the name of the folder begins; a later run knows by it what a killed one has left."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@cache
def spool_folder() -> Path:
    """The folder for this process's temporary copies; removed when the process ends.

    Raises:
        ExportError: there is no folder for temporary files.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        hint = "name a folder that can be written to in TMPDIR"
        raise ExportError(f"no temporary copies can be made: {error.strerror or error}", hint=hint) from error
    atexit.register(folder.cleanup)
    return Path(folder.name)


def new_folder() -> Path:
    """A new folder in it."""
    return Path(tempfile.mkdtemp(dir=spool_folder()))


@contextmanager
def copying(suffix: str) -> Iterator[IO[bytes]]:
    """A new file in that folder to write a copy to; its path is its `name`.

    Raises:
        ExportError: there is no room for it.
    """
    folder = spool_folder()
    try:
        with tempfile.NamedTemporaryFile("wb", dir=folder, suffix=suffix, delete=False) as copy:
            yield copy
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        hint = "name a folder with more room in TMPDIR"
        raise ExportError("no room for a temporary copy", where=folder.parent, hint=hint) from error
