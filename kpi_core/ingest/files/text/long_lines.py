"""A text with a line or a quoted cell longer than any export has: found before a reader makes room for it.

Lines are looked for here and there, which costs nothing; quotes are counted through the file where it is large.
"""

from pathlib import Path
from typing import IO

from kpi_core.ingest.files.limits import Limits

_LOOK = 1 << 16
_LARGE = 16
"""The size of a file, in cells as long as may be, up to which reading one such cell does no harm."""


def check_lines(path: Path, name: str, limits: Limits) -> None:
    """Refuses a file with a line longer than a cell may be, or with a quoted cell that goes on over as much.

    A line so long covers two of the places looked at, half a cell's length apart, with everything between them.

    Raises:
        ExportError: with the bound.
    """
    step = limits.cell // 2
    with path.open("rb") as file:
        size = file.seek(0, 2)
        for place in range(0, size, step):
            file.seek(place)
            if not _ends(file.read(min(_LOOK, step))) and not _ends_soon(
                file, limits.cell - _begun(file, place, limits.cell)
            ):
                raise limits.long_cell(name)
        if size > _LARGE * limits.cell and _has_long_quote(file, limits.cell):
            raise limits.long_cell(name)


def _has_long_quote(file: IO[bytes], within: int) -> bool:
    """Whether a quote that opens a cell is followed by half as many bytes as a cell may have without another."""
    file.seek(0)
    is_open, last = False, b"\n"
    while piece := file.read(within // 2):
        quotes = piece.count(b'"')
        if is_open and not quotes and len(piece) == within // 2:
            return True
        if quotes:
            place = piece.rfind(b'"')
            before = piece[place - 1 : place] if place else last
            # A quote amid a cell, such as that of an inch, opens none.
            is_open = (is_open + quotes) % 2 == 1 and before in b',;|\t\n\r "'
        last = piece[-1:]
    return False


def _ends(piece: bytes) -> bool:
    return b"\n" in piece or b"\r" in piece


def _begun(file: IO[bytes], place: int, within: int) -> int:
    """How many bytes of the line at a place stand before it, at most `within`; the file is then at the place again."""
    start = max(0, place - within)
    file.seek(start)
    before = file.read(place - start)
    return len(before) - 1 - max(before.rfind(b"\n"), before.rfind(b"\r"))


def _ends_soon(file: IO[bytes], within: int) -> bool:
    """Whether the line, or the file, ends within so many bytes from here."""
    left = within
    while left > 0:
        piece = file.read(min(left, 1 << 20))
        if not piece or _ends(piece):
            return True
        left -= len(piece)
    return False
