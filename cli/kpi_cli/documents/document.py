"""What every answer looks like before it is drawn: a title, a few sentences, and blocks.

No width, colour or format is known here: `outputs` draws the same document for a terminal, as Markdown and so on. Cells
keep their values and units, so that an output that can hold a number gets one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from kpi_core.model.kpi import Unit


class Tone(StrEnum):
    """What a text means beside what it says; colour repeats it, a sign or a word always says it."""

    PLAIN = "plain"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    QUIET = "quiet"


@dataclass(frozen=True)
class Line:
    """A sentence or two. `sign` stands before the first line of it; `indent` sets it in under the one above."""

    text: str
    tone: Tone = Tone.PLAIN
    sign: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Status:
    """A verdict, or where a value stands: a sign, a word, and their tone."""

    sign: str
    word: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Amount:
    """A value in a KPI's unit (shares 0..1, seconds), None for none.

    Attributes:
        like: the duration whose unit of time it takes.
        is_change: whether it is a difference, which carries its sign.
        before: what stands before the number: `>` or `≥` of a value that is not reached, or a period's name.
        status: what stands behind it in a cell that has no column for a verdict.
    """

    value: float | None
    unit: "Unit"
    like: float | None = None
    is_change: bool = False
    before: str = ""
    status: Status | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Interval:
    """Two ends in a KPI's unit; None for an open one, both None for no interval."""

    low: float | None
    high: float | None
    unit: "Unit"
    like: float | None = None


@dataclass(frozen=True)
class Series:
    """Values over time, None for a gap, drawn small. `low` and `high` are what chance alone would span, if known."""

    values: tuple[float | None, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Toned:
    """A text with a tone of its own."""

    text: str
    tone: Tone


Cell: TypeAlias = str | int | Amount | Interval | Status | Series | Toned | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        priority: 0 is always shown; where there is no room the highest goes first.
        is_right: whether its cells stand at the right, as numbers do.
        folds: whether its cells may be broken over lines.
    """

    key: str
    head: str
    priority: int = 0
    is_right: bool = False
    folds: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under heads.

    Attributes:
        section: the key of a column whose value is a heading above the rows that share it.
        in_bands: whether what does not fit in width goes on below, with the first column repeated, for a table of which no column may go.
        notes: lines under it.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    section: str | None = None
    in_bands: bool = False
    notes: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Names with what they stand for, and for each the command that shows more; empty where there is none."""

    key: str
    pairs: tuple[tuple[str, str, str], ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Lines under a title; numbered ones begin with their number in brackets."""

    key: str
    title: str
    lines: tuple[Line, ...]


Block: TypeAlias = Table | Pairs | Notes


@dataclass(frozen=True, kw_only=True)
class Document:
    """An answer in words: a title of one line, sentences with the answer first, and blocks."""

    title: str
    headline: tuple[Line, ...]
    blocks: tuple[Block, ...]
