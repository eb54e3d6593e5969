"""Where an answer goes: stdout, or a file that is either wholly there or as it was before."""

import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from kpi_cli import streams
from kpi_cli.leftovers import DRAFT, sweep_drafts
from kpi_cli.system_faults import explained
from kpi_core.errors import KpiError
from kpi_core.ingest.files.endings import is_of_store
from kpi_core.records import dataclass


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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """What a command learns of its files: `guard` is asked before one is written, `say` hears of it afterwards."""

    guard: Callable[[Path], None]
    say: Callable[[Path], None]


_runs: list[_Run] = []
_written: list[dict[Path, _Run | None]] = []
"""What was written within `never_twice`, and in which run."""


@contextmanager
def announcing(say: Callable[[Path], None], guard: Callable[[Path], None]) -> Iterator[None]:
    """A block in which `guard` is asked about every file before it is written, and `say` is given it afterwards."""
    _runs.append(_Run(guard=guard, say=say))
    try:
        yield
    finally:
        _runs.pop()


@contextmanager
def never_twice() -> Iterator[None]:
    """A block in which no file is written by two runs of `announcing`: the second would take the place of the first."""
    _written.append({})
    try:
        yield
    finally:
        _written.pop()


def check(path: Path | None) -> None:
    """Whether a file can be written at `path`, asked before anything is read; None and `-` are stdout.

    Raises:
        KpiError: the folder is missing or not writable, `path` is a folder or protected, or its name is too long.
    """
    if path is None or is_stdout(path):
        return
    _check_no_store(path)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        folder = path.resolve().parent
        if not folder.is_dir():
            raise KpiError(f"there is no folder `{path.parent}`", where=path, hint="create it first") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise explained(PermissionError(errno.EACCES, ""), path) from None
    except NotADirectoryError:
        raise KpiError(f"`{path.parent}` is not a folder", where=path, hint="name a file in a folder") from None
    except OSError as fault:
        raise explained(fault, path) from None
    else:
        if stat.S_ISDIR(mode):
            raise KpiError("is a folder", where=path, hint="name a file to write to")
        if not os.access(path, os.W_OK) or (stat.S_ISREG(mode) and not os.access(path.resolve().parent, os.W_OK)):
            raise explained(PermissionError(errno.EACCES, ""), path)


def _check_no_store(path: Path) -> None:
    """Refuses a file that a store is made of: another in its place would be the end of the store."""
    if is_of_store(path):
        raise KpiError("is a file of a store", where=path, hint="name another file")


def is_stdout(path: Path | None) -> bool:
    """Whether the answer goes to stdout: no file is named, or `-`."""
    return path is None or str(path) == "-"


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A path next to `path` to write to; it takes the place of `path` when the block ends well, else it is deleted.

    A link keeps pointing where it did, a file keeps its permissions, and what is no plain file
    (`/dev/stdout`, a pipe) is written to directly.

    Raises:
        KpiError: the folder is missing or not writable, `path` is a folder, or the disk is full.
    """
    check(path)
    run = _runs[-1] if _runs else None
    if run is not None:
        run.guard(path)
    target = path.resolve()
    for known in _written:
        if known.get(target, run) is not run:
            raise KpiError(
                "was written by another job of this run", where=path, hint="name another file in one of them"
            )
    if path.exists() and not path.is_file():
        with _refusals_of(path):
            yield path
        return
    sweep_drafts(target.parent)
    draft = target.with_name(f"{DRAFT}{os.urandom(4).hex()}{target.suffix}")
    streams.unfinished.add(draft)
    try:
        with _refusals_of(path, draft):
            draft.touch(exist_ok=False)
            yield draft
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        streams.unfinished.discard(draft)
    for known in _written:
        known[target] = run
    if run is not None:
        run.say(path)


@contextmanager
def _refusals_of(path: Path, draft: Path | None = None) -> Iterator[None]:
    """What the system refuses while `path` is written, in a user's words; a reader that had enough is none of it."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as fault:
        if fault.filename is None or str(fault.filename) in (str(path), str(draft)):
            raise explained(fault, path) from None
        raise


@contextmanager
def atomic_text(path: Path | None) -> Iterator[TextIO]:
    """A text stream to write to: UTF-8 with plain line ends in the file `path`, see `atomic_path`.

    None and `-` are stdout.
    """
    if path is None or is_stdout(path):
        with answering():
            yield sys.stdout
        return
    with atomic_path(path) as draft, draft.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        yield stream


@contextmanager
def answering() -> Iterator[None]:
    """A block that writes to stdout, and what the system refuses of it."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as fault:
        if fault.filename is not None:
            raise
        raise explained(fault, "standard output") from None
