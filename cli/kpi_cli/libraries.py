"""What libraries are told before they are imported: how to hold memory, and how many threads to work with."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

FEW = 2 << 20
"""Bytes of all files up to which threads wait for each other longer than they work."""
COMPRESSED, TIMES = (".xlsx", ".xlsm", ".ods", ".zip", ".gz"), 20
"""Files that hold so many times as much as they take."""


def prepare(arguments: Sequence[str]) -> None:
    """Settles the environment of a run with these arguments; what the user has set there stands.

    The allocator polars brings gives large columns an arena of their own that forgets them at once: one arena for all
    that keeps what is free for a second asks the system for half the pages. Of small files polars makes frames of a few rows,
    over which its threads are woken for nothing: a third of the processor's time. No plugin of pydantic's is wanted, and looking for
    any opens what every installed package says of itself.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,oversize_threshold:0,dirty_decay_ms:1000,muzzy_decay_ms:0")
    if _are_small(arguments):
        os.environ.setdefault("POLARS_MAX_THREADS", "1")


def _are_small(arguments: Sequence[str]) -> bool:
    """Whether the arguments name files, and these hold little together."""
    sizes = [size for each in arguments if (size := _size(each)) is not None]
    return bool(sizes) and "-" not in arguments and sum(sizes) <= FEW


def _size(argument: str) -> int | None:
    """The bytes that an argument names; None where it names no file. A folder in a folder is not looked into: it counts as large."""
    try:
        found = Path(argument).stat()
        if not stat.S_ISDIR(found.st_mode):
            return found.st_size * (TIMES if argument.lower().endswith(COMPRESSED) else 1)
        with os.scandir(argument) as entries:
            return sum(FEW + 1 if entry.is_dir() else _size(entry.path) or 0 for entry in entries)
    except (OSError, ValueError):
        return None
