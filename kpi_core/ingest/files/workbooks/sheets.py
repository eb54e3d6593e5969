"""Sheets of one workbook that are one table: the same headers, a sheet a month.

Their rows are put below each other before anything is recognised in them, each column under its own header. A row keeps
its sheet: its number holds the place of the sheet above `SHEET_ROWS`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import polars as pl

from kpi_core.ingest.headers.header_rows import header_row, normal
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

SHEET_ROWS = 1 << 20
"""Rows that a sheet may have: row 3 of the second sheet read is row `SHEET_ROWS + 3` of its file."""
_HEAD = 200
_ALIKE = 0.75
_FEWEST = 2
_FULL = 0.5
_EXAMPLES = 2
_REMARKS, _FEW_CELLS = 60, 4
"""Rows of a sheet that holds remarks at most, and filled cells of each."""
_TEMPLATE = regex(
    r"(?:mall|template|exempel|example|eksempel|mal|malli|esimerkki|vorlage|beispiel)(?:en|et|s|blad|rad|ark|flik|fane)?"
)
"""What a sheet is called that only shows how to fill in the others."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """One sheet's rows of cells, '' for none."""

    name: str
    rows: Sequence[Sequence[Any]]

    def header(self) -> tuple[int, list[str]]:
        """The place of its header, and the header as it is compared."""
        head = [[str(cell) for cell in row] for row in self.rows[:_HEAD]]
        place = header_row(head) if head else 0
        return place, [normal(cell) for cell in head[place]] if head else []


@dataclass(frozen=True, kw_only=True, eq=False)
class Stacked:
    """Sheets as one: the rows with their numbers; of the sheets `read`, in order, how many rows each has below its header.

    `unread` are the others that look like data, with their rows; `templates` those with one example row of the same headers, `hidden` hidden ones,
    and whether their headers are the same.
    `lacking` are by sheet the columns of the whole that it does not have, `below` the rows above the first that is not a header,
    `remarks` the filled cells of each row of small sheets that are no lists.
    """

    rows: list[list[Any]]
    numbers: list[int]
    read: Mapping[str, int]
    unread: Mapping[str, int]
    templates: tuple[str, ...] = ()
    hidden: Mapping[str, bool] = field(default_factory=dict)
    lacking: Mapping[str, frozenset[int]] = field(default_factory=dict)
    below: int = 1
    remarks: tuple[tuple[str, ...], ...] = ()

    def notes(self, messages: Mapping[str, Sequence[Message]]) -> tuple[Message, ...]:
        """The notes on the sheets read, each behind its name where there are several."""
        several = len(self.read) > 1
        return tuple(
            Message("of-sheet", sheet=name, what=note) if several else note
            for name in self.read
            for note in messages[name]
        )

    def pooled(self) -> Message | None:
        """Which sheets were read as one; None for one alone."""
        if len(self.read) < 2:
            return None
        differ = len(set(self.lacking.values())) > 1
        return Message(
            "sheets-nearly-alike" if differ else "sheets-alike", count=len(self.read), sheets=with_rows(self.read)
        )

    def apart(self, known: Collection[int]) -> tuple[str, ...]:
        """The sheets that stand by themselves, because they may have another word for a column that is `known`.

        A sheet without a column has no other word for it where it has no column of its own. The most sheets of one header stay together.
        """
        groups: dict[frozenset[int], list[str]] = {}
        for name in self.read:
            groups.setdefault(self.lacking.get(name, frozenset()), []).append(name)
        differ = [(one, other) for one in groups for other in groups if one - other and other - one]
        if not any((one | other) & set(known) for one, other in differ):
            return ()
        most = max(groups.values(), key=len)
        return tuple(name for names in groups.values() if names is not most for name in names)

    def part(self, names: Collection[str]) -> tuple["Stacked", list[int]]:
        """Some of its sheets alone, and which of its rows these are, the header first; what they lack has an empty header."""
        order = [place for place, name in enumerate(self.read) if name in names]
        kept = [at for at, number in enumerate(self.numbers) if (number - 1) // SHEET_ROWS in order]
        head = [] if 0 in order else [self.below - 1]
        moved = {old: new for new, old in enumerate(order)}
        numbers = [
            SHEET_ROWS * moved[(number - 1) // SHEET_ROWS] + (number - 1) % SHEET_ROWS + 1
            for number in (self.numbers[at] for at in kept)
        ]
        own = [name for name in self.read if name in names]
        part = replace(
            self, rows=[], numbers=[*(0 for _ in head), *numbers], read={name: self.read[name] for name in own}, unread={}, templates=(), hidden={},
            lacking={name: self.lacking.get(name, frozenset()) for name in own}, below=1 if head else self.below,
        )  # fmt: skip
        return part, [*head, *kept]

    @property
    def is_all_read(self) -> bool:
        """Whether no sheet looks like data but the one that was read."""
        return len(self.read) == 1 and not self.unread and not self.templates and not self.hidden

    @property
    def hides_rows(self) -> bool:
        """Whether a hidden sheet has the headers of what was read."""
        return any(self.hidden.values())

    def concealed(self) -> Message | None:
        """Which hidden sheets look like data; None for none."""
        listed = [
            Message("sheet-of-same-headers", sheet=name) if alike else f"`{name}`"
            for name, alike in self.hidden.items()
        ]
        return Message("sheets-hidden", sheets=listed, count=len(listed)) if listed else None

    def patterns(self) -> Message | None:
        """Which sheets hold an example alone; None for none."""
        return Message("sheets-templates", sheets=self.templates, count=len(self.templates)) if self.templates else None

    def left(self) -> Message | None:
        """Which sheets look like data and were not read; None for none."""
        if not self.unread:
            return None
        return Message("sheets-unread", count=len(self.unread), sheets=with_rows(self.unread))


def with_rows(sheets: Mapping[str, int]) -> list[Message]:
    """Sheets by name, each with how many rows it has."""
    return [Message("sheet-rows", sheet=name, count=rows) for name, rows in sheets.items()]


def stacked(tables: Sequence[Table], chosen: int, hidden: Sequence[Table] = ()) -> Stacked:
    """The sheet at `chosen` and all that have its headers, one below the other in the order of the workbook.

    `hidden` are sheets of which it is only reported that they are there.
    """
    found = [(table, *table.header()) for table in tables]
    wanted = found[chosen][2]
    alike = [one for place, one in enumerate(found) if place == chosen or _is_alike(wanted, one[2])]
    unread = {
        table.name: _filled(table.rows[below + 1 :])
        for table, below, header in found
        if (table, below, header) not in alike and _is_data(table, below, header)
    }
    templates = [one for one in alike if one is not found[chosen] and _is_template(*one)]
    alike = [one for one in alike if one not in templates]
    (first, top, header), *others = alike
    rows, numbers = [list(row) for row in first.rows], list(range(1, len(first.rows) + 1))
    read, own = {first.name: _filled(first.rows[top + 1 :])}, {first.name: header}
    for place, (other, below, theirs) in enumerate(others, start=1):
        for at in [at for at, word in enumerate(theirs) if word and word not in header]:
            rows[top] += [""] * (len(header) - len(rows[top])) + [other.rows[below][at]]
            header = [*header, theirs[at]]
        places = _places(header, theirs)
        for at, row in enumerate(other.rows[below + 1 :], start=below + 2):
            rows.append([row[here] if here is not None and here < len(row) else "" for here in places])
            numbers.append(SHEET_ROWS * place + at)
        read[other.name], own[other.name] = _filled(other.rows[below + 1 :]), theirs
    concealed = {table.name: _is_alike(wanted, header) for table in hidden for below, header in [table.header()]
                 if _is_alike(wanted, header) or _is_data(table, below, header)}  # fmt: skip
    lacking = {
        name: frozenset(at for at, word in enumerate(header) if word and word not in theirs)
        for name, theirs in own.items()
    }
    remarks = [row for table in (*tables, *hidden) if table.name not in read for row in _remarks(table)]
    return Stacked(
        rows=rows, numbers=numbers, read=read, unread=unread, hidden=concealed, lacking=lacking, below=top + 1,
        templates=tuple(table.name for table, *_ in templates), remarks=tuple(remarks),
    )  # fmt: skip


def _filled(rows: Sequence[Sequence[Any]]) -> int:
    return sum(any(cell != "" for cell in row) for row in rows)


def _remarks(table: Table) -> list[tuple[str, ...]]:
    """The rows of a small sheet of a few cells each, as words that may speak of a list on another sheet."""
    filled = [
        [f"{cell:g}" if isinstance(cell, float) else str(cell).strip() for cell in row]
        for row in table.rows[: _REMARKS + 1]
    ]
    rows = [tuple(filter(None, row)) for row in filled if any(row)]
    return [] if len(table.rows) > _REMARKS or any(len(cells) > _FEW_CELLS for cells in rows) else rows


def _is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    mine, theirs = {word for word in one if word}, {word for word in other if word}
    shared = len(mine & theirs)
    return shared >= _FEWEST and shared >= _ALIKE * max(len(mine), len(theirs))


def _places(header: Sequence[str], theirs: Sequence[str]) -> list[int | None]:
    """For each column where the other sheet has it; of a header that repeats the first is the first."""
    left: dict[str, list[int]] = {}
    for place, word in enumerate(theirs):
        left.setdefault(word, []).append(place)
    return [left[word].pop(0) if word and left.get(word) else None for word in header]


def _is_data(table: Table, below: int, header: Sequence[str]) -> bool:
    """Whether rows stand below the header that fill half of its columns or more."""
    width = sum(map(bool, header))
    full = [row for row in table.rows[below + 1 :] if sum(cell != "" for cell in row) >= _FULL * width]
    return width >= _FEWEST and len(full) >= _FEWEST


def _is_template(table: Table, below: int, _: Sequence[str]) -> bool:
    """Whether a sheet is called an example, and holds one."""
    is_called_so = any(_TEMPLATE.fullmatch(word) for word in re.split(r"[\W\d_]+", table.name.casefold()))
    return is_called_so and _filled(table.rows[below + 1 :]) <= _EXAMPLES


def with_sheets(frame: pl.DataFrame, sheets: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Rows (`file`, `row`) with their sheet behind the file's name and their number in it, where a file has several."""
    parts = pl.DataFrame(
        [(name, place, f"{name}/{sheet}") for name, read in sheets.items() if len(read) > 1 for place, sheet in enumerate(read)],
        schema={"file": pl.String(), "_sheet": pl.Int64(), "_named": pl.String()}, orient="row",
    )  # fmt: skip
    if parts.is_empty() or frame.is_empty():
        return frame
    place = (pl.col("row").cast(pl.Int64) - 1) // SHEET_ROWS
    joined = frame.with_columns(_sheet=place).join(parts, on=["file", "_sheet"], how="left", maintain_order="left")
    row = pl.when(pl.col("_named").is_null()).then(pl.col("row")).otherwise(pl.col("row") - place * SHEET_ROWS)
    return joined.with_columns(file=pl.coalesce("_named", "file"), row=row.cast(frame.schema["row"])).select(
        frame.columns
    )
