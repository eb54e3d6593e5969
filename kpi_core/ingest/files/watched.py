"""How far the reading of a large file has come, for whoever shows it while it lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import polars as pl

Seen: TypeAlias = Callable[[str, int, int], None]
"""Is told the name of a file, how many of its rows are read, and about how many it has."""
LARGE = 64 << 20
"""Bytes of a file from which its reading lasts long enough to be looked at."""
_SAMPLED = 1 << 20
_watchers: list[Seen] = []


@contextmanager
def watching(seen: Seen) -> Iterator[None]:
    """A block in which the reading of large files is told, batch by batch, from whichever thread reads."""
    _watchers.append(seen)
    try:
        yield
    finally:
        _watchers.remove(seen)


def watched(rows: pl.LazyFrame, name: str, path: Path, size: int) -> pl.LazyFrame:
    """The rows of a file, of which those who watch are told while they are read; of a small one, and where nobody does, as they are."""
    if size < LARGE or not _watchers:
        return rows
    seen, whole, read, telling = tuple(_watchers), _rows_in(path, size), 0, Lock()

    def count(batch: pl.DataFrame) -> pl.DataFrame:
        nonlocal read
        with telling:
            read += batch.height
            for one in seen:
                one(name, read, max(whole, read))
        return batch

    return rows.map_batches(count, streamable=True)


def all_read(name: str, rows: int, size: int) -> None:
    """Tells those who watch that a large file has no more rows than these."""
    if size >= LARGE:
        for one in tuple(_watchers):
            one(name, rows, rows)


def _rows_in(path: Path, size: int) -> int:
    """About how many lines a text has, by those of its first mebibyte."""
    with path.open("rb") as file:
        start = file.read(_SAMPLED)
    return round(size * start.count(b"\n") / max(len(start), 1))
