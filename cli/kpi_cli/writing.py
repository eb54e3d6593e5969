"""Where an answer goes: stdout, or a file that is either wholly there or as it was before."""

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from kpi_core.errors import KpiError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def prepare_stdout() -> None:
    """Makes stdout UTF-8 with plain line ends in pipes and files; `?` replaces what cannot be shown.

    `PYTHONIOENCODING` wins.
    """
    stream = sys.stdout
    if not isinstance(stream, TextIOWrapper) or os.environ.get("PYTHONIOENCODING"):
        return
    if stream.isatty():
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends well, else it is deleted.

    A link keeps pointing where it did, a file keeps its permissions, and what is no plain file
    (`/dev/stdout`, a pipe) is written to directly.

    Raises:
        KpiError: the folder is missing or not writable, `path` is a folder, or the disk is full.
    """
    target = path.resolve()
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise KpiError("is a folder", where=path, hint="name a file to write to")
        yield path
        return
    draft = target.with_name(f".{target.stem}-{secrets.token_hex(4)}{target.suffix}")
    try:
        draft.touch(exist_ok=False)
        yield draft
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except OSError as fault:
        if fault.errno in _FULL or str(fault.filename) == str(draft):
            raise _unwritable(path, fault) from None
        raise
    finally:
        draft.unlink(missing_ok=True)


def _unwritable(path: Path, fault: OSError) -> KpiError:
    if isinstance(fault, FileNotFoundError):
        return KpiError(f"there is no folder `{path.parent}`", where=path, hint="create it first")
    return KpiError(f"cannot be written: {fault.strerror}", where=path)


@contextmanager
def atomic_text(path: Path | None) -> Iterator[TextIO]:
    """A text stream to write to: UTF-8 with plain line ends in the file `path`, see `atomic_path`.

    None and `-` are stdout.
    """
    if path is None or str(path) == "-":
        yield sys.stdout
        return
    with atomic_path(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as stream:
        yield stream
