"""Rows with more fields than the header, or with fewer so that cells slide: a delimiter stands in a cell that is not quoted, or one is missing.

Where all such rows are read by one rule, they are read by it: the two halves of a number of one column, or the words of one column. Any other is torn: which
of its cells belongs to which header is unknown.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from kpi_core.ingest.files.text.mending.columns_seen import DATE, FEWEST, WORD, Column, columns_seen, kind
from kpi_core.ingest.headers.vocabulary import speaks_of
from kpi_core.patterns import regex
from kpi_core.records import dataclass

ENOUGH = 0.9
"""The share of the wide rows that a rule reads where it is their rule; what it does not read is torn."""
LOOKED_AT = 500
"""Wide rows by which a rule is found."""
WHOLE = 0.6
"""The share of the header's fields from which a shorter row may be one that lost a delimiter: shorter ones are notes and sums."""
DATED = ("date", "time", "open", "closed", "resolved", "updated")
_LEFT = regex(r"[^\s\d]{0,4}[-+−]?(\d+)$")
_THOUSANDS, _GROUP = regex(r"\d{3}(?:\.\d+)?(?:\s?[^\W\d_]{1,3}|\s?[%€$£])?$"), regex(r"\d{3}$")
_DECIMALS = regex(r"(\d{1,2})(?:\s?[^\W\d_]{1,3}|\s?[%€$£])?$")
_STEPS = frozenset({"0", "5", "00", "25", "50", "75"})
_LEAST = 20
NUMBERS, DECIMALS, WORDS, INDEX, UNNAMED = "thousands", "decimals", "words", "index", "unnamed"


@dataclass(kw_only=True)
class Mended:
    """The rows as read, each as wide as the header or no wider. `torn` are the places of those that are refused; `rule` and `column` say how others were read."""

    rows: list[list[str]]
    torn: list[int] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    rule: str = ""
    column: int | None = None
    first: tuple[int, int] | None = None


def mended(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str) -> Mended:
    """The rows below a header with those that do not fit it read or torn."""
    width = len(header)
    done = Mended(rows=[list(row) for row in rows])
    filled = [at for at, row in enumerate(rows) if _reach(row)]
    lengths = [len(rows[at]) for at in filled]
    spare = max(0, min((length for length in lengths if length >= width), default=width) - width)
    if any(_reach(rows[at]) == width + spare for at in filled if len(rows[at]) == width + spare):
        spare = 0
    wide = [at for at in filled if len(rows[at]) > width + spare]
    normal = [rows[at] for at in filled if width <= len(rows[at]) <= width + spare]
    columns = columns_seen(normal, width, are_few=len(normal) < len(wide))
    if wide and not _is_harmless([rows[at] for at in wide], width, columns):
        cells = {at: list(rows[at][: len(rows[at]) - spare]) for at in wide}
        _read_wide(done, header, cells, columns, delimiter, has_normal=len(normal) >= FEWEST)
    if len(normal) >= _LEAST:
        short = [at for at in filled if FEWEST <= len(rows[at]) < width and len(rows[at]) >= WHOLE * width]
        done.torn += [at for at in short if _slides(rows[at], columns)]
    return done


def _reach(row: Sequence[str]) -> int:
    """How many fields of a row there are up to its last filled one."""
    return next((at + 1 for at in range(len(row) - 1, -1, -1) if row[at].strip()), 0)


def _is_harmless(rows: Sequence[Sequence[str]], width: int, columns: Sequence[Column]) -> bool:
    """Whether what the rows have beyond the header is blank, and the rest is where it belongs."""
    return all(_reach(row) <= width and all(map(Column.holds, columns, row)) for row in rows)


def _read_wide(
    done: Mended,
    header: Sequence[str],
    wide: dict[int, list[str]],
    columns: Sequence[Column],
    delimiter: str,
    *,
    has_normal: bool,
) -> None:
    rule = _rule(header, list(wide.values())[:LOOKED_AT], columns, delimiter, has_normal=has_normal)
    if rule is None:
        done.torn += list(wide)
        return
    done.rule, done.column = rule
    if done.rule in (INDEX, UNNAMED):
        done.read = list(wide)
        return
    for at, cells in wide.items():
        whole = _merged(cells, len(header), *rule, columns, delimiter)
        if whole is None:
            done.torn.append(at)
        else:
            done.rows[at] = whole
            done.read.append(at)


def _rule(
    header: Sequence[str], wide: Sequence[list[str]], columns: Sequence[Column], delimiter: str, *, has_normal: bool
) -> tuple[str, int] | None:
    """How the wide rows are to be read, and in which column; None where nothing or more than one thing reads them."""
    width = len(header)
    numbers = [
        (way, at) for at, name in enumerate(header) for way in (NUMBERS, DECIMALS)
        if delimiter == "," and not speaks_of(name, "id") and columns[at].is_number and _reads(wide, width, way, at, columns)
        and (way == NUMBERS or _are_decimals(wide, width, at))
    ]  # fmt: skip
    if numbers and {way for way, _ in numbers} == {NUMBERS, DECIMALS} and len(numbers) == 2:
        numbers = _without_zeros(wide, numbers)
    least = (
        width - 1 if all(all(map(Column.holds, columns, cells)) for cells in wide) else 0
    )  # What is beyond may be a further column.
    words = [
        (WORDS, at) for at in range(least, width)
        if _may_be_words(wide, at, columns, is_last=at == width - 1, has_normal=has_normal) and _reads(wide, width, WORDS, at, columns)
    ]  # fmt: skip
    if len(numbers) == 1 and (not words or _is_plain(wide, width, *numbers[0])):
        return numbers[0]
    if numbers:
        return None
    if len(words) == 1 or (words and _same_figures(wide, width, words, columns)):
        return words[-1]
    return None if words or has_normal else _shift(header, wide)


def _reads(wide: Sequence[list[str]], width: int, way: str, at: int, columns: Sequence[Column]) -> bool:
    read = sum(_merged(cells, width, way, at, columns) is not None for cells in wide)
    return read >= ENOUGH * len(wide) and read > 0


def _merged(
    cells: list[str], width: int, way: str, at: int, columns: Sequence[Column], delimiter: str = ","
) -> list[str] | None:
    """The fields of a row with those from `at` on put together; None where the rest does not fit the header then, or they are no number."""
    beyond = len(cells) - width
    parts = cells[at : at + beyond + 1]
    if len(parts) <= beyond or not parts[0].strip():
        return None
    others = [*cells[:at], None, *cells[at + beyond + 1 :]]
    if not all(cell is None or column.holds(cell) for cell, column in zip(others, columns, strict=False)):
        return None
    whole = delimiter.join(parts)
    if way == NUMBERS:
        left = _LEFT.match(parts[0])
        if (
            not left
            or len(left[1]) > len("999")
            or not _THOUSANDS.match(parts[-1])
            or not all(map(_GROUP.match, parts[1:-1]))
        ):
            return None
        whole = "".join(parts)
    elif (way == WORDS and kind(parts[0]) != WORD) or (
        way == DECIMALS and (beyond != 1 or not _LEFT.match(parts[0]) or not _DECIMALS.match(parts[1]))
    ):
        return None
    return [*cells[:at], whole, *cells[at + beyond + 1 :]]


def _are_decimals(wide: Sequence[list[str]], width: int, at: int) -> bool:
    """Whether second halves are written as the decimals of one column are: with two each, or without a zero at the end."""
    ends = [cells[at + len(cells) - width] for cells in wide]
    tails = [hit[1] for end in ends if (hit := _DECIMALS.match(end))]
    return len({len(tail) for tail in tails}) == 1 or not any(tail.endswith("0") for tail in tails)


def _without_zeros(wide: Sequence[list[str]], numbers: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of thousands in one column and decimals in the one before, the first where a part of three figures begins with a zero."""
    thousands = next(at for way, at in numbers if way == NUMBERS)
    if any(re.match(r"0\d\d", part) for cells in wide for part in cells[thousands + 1 : thousands + 2]):
        return [(NUMBERS, thousands)]
    return numbers


def _is_plain(wide: Sequence[list[str]], width: int, way: str, at: int) -> bool:
    """Whether the second halves are so alike that they are no piece of a text: thousands, two decimals each, or halves and quarters."""
    if way == NUMBERS:
        return True
    tails = {hit[1] for cells in wide if (hit := _DECIMALS.match(cells[at + len(cells) - width]))}
    return tails <= _STEPS or {len(tail) for tail in tails} == {2}


def _may_be_words(
    wide: Sequence[list[str]], at: int, columns: Sequence[Column], *, is_last: bool, has_normal: bool
) -> bool:
    """Whether a delimiter may be one of a column's words; where no row fits the header, only in the last, if words are all beyond it."""
    if has_normal and columns[at].is_known:
        return columns[at].is_worded
    return is_last and all(kind(cell) == WORD for cells in wide for cell in cells[at:] if cell.strip())


def _same_figures(
    wide: Sequence[list[str]], width: int, words: Sequence[tuple[str, int]], columns: Sequence[Column]
) -> bool:
    """Whether all ways to read the rows differ in free texts alone, by which nothing is counted."""
    free = {at for at, column in enumerate(columns) if column.is_worded and not column.words}
    for cells in wide:
        ways = [_merged(cells, width, *each, columns) for each in words]
        if len({tuple(cell for at, cell in enumerate(way) if at not in free) for way in ways if way is not None}) > 1:
            return False
    return all(at in free for _, at in words)


def _shift(header: Sequence[str], wide: Sequence[list[str]]) -> tuple[str, int] | None:
    """Where every row has one field more: whether the header lacks a name for a running number before the others, or for the last field; decided by dates."""
    if any(len(cells) != len(header) + 1 for cells in wide):
        return None
    dated = [at for at, name in enumerate(header) if speaks_of(name, *DATED)]
    own = Counter(kind(cells[at]) == DATE for cells in wide for at in dated)
    shifted = Counter(kind(cells[at + 1]) == DATE for cells in wide for at in dated)
    first = [cells[0].strip() for cells in wide]
    if own[True] == 0 and shifted[True] > shifted[False]:
        runs = all(each.isdigit() for each in first) and [int(each) for each in first] == list(
            range(int(first[0]), int(first[0]) + len(first))
        )
        return (INDEX, 0) if runs and int(first[0]) in (0, 1) else None
    return (UNNAMED, len(header)) if own[True] > own[False] and shifted[True] <= own[True] // 2 else None


def _slides(row: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether a row with too few fields has cells of another kind than their columns, and would fit with some left out at one place."""
    if all(column.holds(cell, in_kind=True) for cell, column in zip(row, columns, strict=False)):
        return False
    lacking = len(columns) - len(row)
    places = [[*row[:at], *[""] * lacking, *row[at:]] for at in range(len(row))]
    return any(
        all(column.holds(cell, in_kind=True) for cell, column in zip(each, columns, strict=True)) for each in places
    )
