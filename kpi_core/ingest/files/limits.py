"""The bounds of what is read: beyond them a file is more likely broken, or made to do harm, than an export.

Each is met with an error that names it, before the memory is taken; whoever has such an export raises it.
"""

import re
from collections.abc import Iterable
from dataclasses import fields
from zipfile import ZipInfo

from kpi_core.errors import ExportError
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_SIZE = regex(r"(\d+)\s*(k|m|g|t)?(?:i?b)?", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
_SMALL = 64 << 20
"""The size up to which an archive may be packed as tightly as it likes."""
_SMALLEST_CELL = 1 << 16
"""The lowest bound of a cell: looking for shorter ones would mean a look at every few bytes."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds.

    Attributes:
        unpacked: bytes that an archive or a workbook may unpack to.
        ratio: how many times larger it may become.
        cells: filled cells of one sheet.
        cell: bytes of one cell, and of one line without an end.
        columns: columns of one table.
    """

    unpacked: int = 4 << 30
    ratio: int = 200
    cells: int = 30_000_000
    cell: int = 16 << 20
    columns: int = 1 << 14

    def check_unpacked(self, members: Iterable[ZipInfo], name: str) -> None:
        """Refuses an archive that unpacks to too much.

        Raises:
            ExportError: with the bound.
        """
        known = list(members)
        whole, packed = sum(member.file_size for member in known), sum(member.compress_size for member in known)
        self.check_sizes(whole, packed, name)

    def check_sizes(self, whole: int, packed: int, name: str) -> None:
        """The same of what was unpacked so far and what it was packed in."""
        if whole > self.unpacked:
            raise _beyond(f"unpacks to more than {shown(self.unpacked)}", "unpacked", "16GB", name)
        if whole > _SMALL and whole > self.ratio * packed:
            message = f"unpacks to {shown(whole)}, more than {self.ratio} times its size"
            raise _beyond(message, "ratio", "2000", name)

    def check_cells(self, cells: int, name: str) -> None:
        """Refuses a sheet with too many filled cells.

        Raises:
            ExportError: with the bound.
        """
        if cells > self.cells:
            raise _beyond(f"has more than {self.cells:,} filled cells", "cells", "100000000", name)

    def check_columnar(self, cells: int, packed: int, name: str) -> None:
        """Refuses packed columns with more cells than a sheet may have, of which there are more a byte than an archive may hold bytes.

        Raises:
            ExportError: with the bound.
        """
        if cells > self.cells and cells > self.ratio * packed:
            raise _beyond(f"has {cells:,} cells, more than {self.ratio} for each of its bytes", "ratio", "2000", name)

    def check_columns(self, columns: int, name: str) -> None:
        """Refuses a table with too many columns.

        Raises:
            ExportError: with the bound.
        """
        if columns > self.columns:
            raise _beyond(f"has {columns:,} columns, more than {self.columns:,}", "columns", "50000", name)

    def long_cell(self, name: str) -> ExportError:
        """The error for a cell that is too long."""
        return _beyond(f"has a cell or line of more than {shown(self.cell)}", "cell", "256MB", name)


DEFAULT = Limits()
NAMES = tuple(bound.name for bound in fields(Limits))


def limit(text: str) -> tuple[str, int]:
    """A bound and its value as people write it: `unpacked=8GB`, `cells=50000000`.

    Raises:
        ValueError: no such bound, no size, or one that is not looked for.
    """
    name, _, value = text.partition("=")
    found = _SIZE.fullmatch(value.strip().replace("_", ""))
    if name.strip() not in NAMES or found is None or int(found[1]) < 1:
        raise ValueError(f"`{text}` is no bound, write one of {', '.join(NAMES)} as in unpacked=8GB or columns=20000")
    size = int(found[1]) << (10 * _POWERS.get((found[2] or "").lower(), 0))
    if name.strip() == "cell" and size < _SMALLEST_CELL:
        raise ValueError(f"`{text}` is no bound of a cell, the lowest is {shown(_SMALLEST_CELL)}")
    return name.strip(), size


def shown(size: int) -> str:
    """A number of bytes as people read it: `4 GB`, `16 MB`."""
    for unit, power in (("GB", 30), ("MB", 20), ("KB", 10)):
        if size >= 1 << power:
            return f"{size / (1 << power):.3g} {unit}"
    return f"{size} bytes"


def _beyond(message: str, bound: str, example: str, name: str) -> ExportError:
    hint = f"if it is what you expect, raise the bound with --bound {bound}={example}"
    return ExportError(message, where=name, hint=hint)
