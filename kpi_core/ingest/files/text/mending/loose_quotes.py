"""Records of a text in which quotes are not always those of cells: an inch mark, a quotation that a cell opens with, a cell cut before its quote.

A quote is one of a cell where the cell ends with another before a delimiter or the end of a line. A cell that begins with a quote and does not end so
on its line is text where the line without it has the fields of the header and the next line stands by itself; else it goes on over lines.
"""

import re
from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache

from kpi_core.ingest.files.text.mending.columns_seen import DATE, NUMBER, kind
from kpi_core.records import dataclass


@dataclass(kw_only=True)
class Records:
    """The records of a text, as cells, each with the line it begins on; `literal` are the lines with a quote that is text."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    literal: list[int] = field(default_factory=list)
    unclosed: int | None = None


@lru_cache(maxsize=8)
def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell in quotes of its own with what ends it, or else all up to the next delimiter."""
    end = re.escape(delimiter)
    return re.compile(rf'"((?:[^"]|"")*)"(?={end}|$)|([^{end}]*)')


def records(text: str, delimiter: str, width: int) -> Records:
    """The records of `text`, whose lines end in line feeds; `width` is the number of fields of the header.

    `unclosed` is the line of a quote that neither a cell nor a line explains: what follows it is not read.
    """
    found, lines, at = Records(), text.split("\n"), 0
    if lines and not lines[-1]:
        lines.pop()
    while at < len(lines):
        line = lines[at].removesuffix("\r")
        if '"' not in line:
            cells, taken = (line.split(delimiter) if line else []), 1
        elif (whole := _split(line, delimiter)) is not None:
            cells, taken = whole[0], 1
            if whole[1]:
                found.literal.append(at + 1)
        elif _stands(lines, at, delimiter, width):
            cells, taken = _split(line, delimiter, is_literal=True)[0], 1  # type: ignore[index]
            found.literal.append(at + 1)
        else:
            spanning = _over_lines(lines, at, delimiter, width, found.cells[-1] if found.cells else [])
            if spanning is None:
                found.unclosed = at + 1
                return found
            cells, taken = spanning
        found.cells.append(cells)
        found.lines.append(at + 1)
        at += taken
    return found


def _split(line: str, delimiter: str, *, is_literal: bool = False) -> tuple[list[str], bool] | None:
    """The cells of one line, and whether a quote among them is text; None where a cell begins with a quote and does not end with one.

    With `is_literal` such a cell is text too.
    """
    cells, at, odd, cell = [], 0, False, _cell(delimiter)
    while True:
        hit = cell.match(line, at)
        quoted, bare = hit.groups() if hit else (None, "")
        if quoted is not None:
            cells.append(quoted.replace('""', '"'))
        else:
            if bare.startswith('"') and not is_literal:
                return None
            odd = odd or '"' in bare
            cells.append(bare)
        at = hit.end() if hit else len(line)
        if at >= len(line):
            return cells, odd
        at += 1


def _stands(lines: Sequence[str], at: int, delimiter: str, width: int) -> bool:
    """Whether a line has the fields of the header, or more, if its quotes are text, and the next line is a row like it: dates and numbers below such."""
    own = _split(lines[at].removesuffix("\r"), delimiter, is_literal=True)
    if own is None or len(own[0]) < width:
        return False
    following = next((line for line in lines[at + 1 :] if line.strip()), None)
    if following is None:
        return True
    # In a line with more fields than the header nothing behind the quote is where it belongs.
    loose = next(at for at, cell in enumerate(own[0]) if '"' in cell)
    return _is_like(following, own[0] if len(own[0]) == width else own[0][:loose], delimiter, width)


def _is_like(line: str, row: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a line by itself has the fields of the header, with dates and numbers where a row has them."""
    own = _split(line.removesuffix("\r"), delimiter, is_literal=True)
    if own is None or len(own[0]) < width:
        return False
    kinds = [(kind(cell), kind(its)) for cell, its in zip(row, own[0], strict=False)]
    telling = [mine == its for mine, its in kinds if mine in (NUMBER, DATE) and its]
    return bool(telling) and all(telling)


def _over_lines(
    lines: Sequence[str], at: int, delimiter: str, width: int, row: Sequence[str]
) -> tuple[list[str], int] | None:
    """The cells of a record that goes on over lines, and how many; None where it does not end, or lines in it are like the `row` before it."""
    text, inner = [lines[at].removesuffix("\r")], 0
    for taken, each in enumerate(lines[at + 1 :], start=2):
        line = each.removesuffix("\r")
        text.append(line)
        inner += _is_like(line, row, delimiter, width)
        if line.count('"') % 2 == 0:
            continue
        whole = _split("\n".join(text), delimiter)
        if whole is not None and not whole[1]:
            return None if inner > 1 else (whole[0], taken)
        if inner > 1:
            return None
    return None


def is_suspect(content: bytes, delimiter: str, width: int) -> bool:
    """Whether a line has a quote without another that no cell over several lines explains, so that it may be none of a cell.

    A cell over lines explains its quotes where none of its lines has as many delimiters as a row of `width` fields.
    """
    if not _has_odd_line(content):
        return False
    end = delimiter.encode()

    def left(cell: re.Match[bytes]) -> bytes:
        _, *more = cell[0].split(b"\n")
        return cell[0] if any(line.count(end) >= width - 1 for line in more) else b""

    return _has_odd_line(_whole_cell(delimiter).sub(left, content))


@lru_cache(maxsize=8)
def _whole_cell(delimiter: str) -> re.Pattern[bytes]:
    """A cell in quotes, from the beginning of a line or a delimiter to another or the end of a line.

    It begins with the quote and looks at what is before it after: so the text is searched for quotes and not tried at each letter.
    """
    end = re.escape(delimiter).encode()
    begins = rb'"(?:(?<=^")|(?<=' + end + rb'"))'
    return re.compile(begins + rb'[^"]*+(?:""[^"]*+)*+"(?=' + end + rb"|\r?$)", re.MULTILINE)


def _has_odd_line(content: bytes) -> bool:
    return b'"' in content.translate(None, _OTHER_BYTES).replace(b'""', b"")


_OTHER_BYTES = bytes(byte for byte in range(256) if byte not in b'"\n')
"""All but quotes and the ends of lines."""
