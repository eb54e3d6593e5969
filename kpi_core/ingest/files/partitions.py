"""Folders whose names are a column of the files in them, as data lakes write tables: `Group=Tech/0.parquet`, `year=2026/month=01/…`.

Such a folder is one table. What its names say is read of files of columns alone; of others it is reported that it is not.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from urllib.parse import unquote

from kpi_core.ingest.files.endings import LEFT_BY_PROGRAMS, is_delta, may_hold_exports

_NAME = re.compile(r"([^=]+)=(.*)", re.DOTALL)
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What stands for an empty cell."""
_MAGIC = (b"PAR1", b"ARROW1")
_MARKS = ("_", *LEFT_BY_PROGRAMS)
"""How the names of files begin that the programs leave beside those of a table: `_SUCCESS`, `_metadata`."""


def said_by(name: str) -> dict[str, str | None]:
    """The columns that the names of the folders right above a file (or of it, if it is a folder) say, the outermost first; None for an empty cell."""
    place = PurePath(name)
    found: list[tuple[str, str | None]] = []
    for each in ([place.name] if "=" in place.name and not place.suffix else []) + [up.name for up in place.parents]:
        match = _NAME.fullmatch(each)
        if match is None:
            break
        value = unquote(match[2])
        found.append((unquote(match[1]), None if value in (_NOTHING, "") else value))
    return dict(reversed(found))


def is_partitioned(folder: Path) -> bool:
    """Whether a folder is a table in parts: folders in it are named by a column, and hold files of columns."""
    return next(_columnar(folder), None) is not None


def parts_of(folder: Path) -> list[Path]:
    """The files of columns of such a table, in the order of their names."""
    return sorted(_columnar(folder))


def others_in(folder: Path) -> list[Path]:
    """The exports in folders that are named by a column which are no files of columns."""
    return sorted(path for path in _files(folder) if may_hold_exports(path.name) and not _is_columnar(path))


def _columnar(folder: Path) -> Iterator[Path]:
    return (path for path in _files(folder) if _is_columnar(path))


def _files(folder: Path, *, is_inside: bool = False) -> Iterator[Path]:
    """The files in folders that are named by a column, at any depth."""
    if not folder.is_dir() or is_delta(folder):
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_MARKS):
            continue
        if path.is_dir():
            if _NAME.fullmatch(path.name):
                yield from _files(path, is_inside=True)
        elif is_inside and path.is_file():
            yield path


def _is_columnar(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8).startswith(_MAGIC)
