"""One canonical column of one file: what it is read from and how, as expressions over the raw rows."""

from collections.abc import Mapping
from dataclasses import field, replace

import polars as pl

from kpi_core.ingest.fields.words import CATEGORIES
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Kind
from kpi_core.records import dataclass

MEASURES = (Kind.DURATION, Kind.COUNT, Kind.NUMBER)
"""What tickets are measured by, apart from what they are, when they came and what became of them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """One canonical column of one file.

    Reading goes in steps, each a column of its own that the next one names: `text` is the cell as clean text, null
    where it spells nothing; `value` is typed, null where missing or unreadable. `unreadable` is true where the cell
    says something that cannot be read and so refuses the row; `unknown` where a word is not known but harms nothing.
    Both are computed from the columns `text_name` and `value_name`. `quick` is the value by cheaper means: right wherever it
    is not null, which a sample shows to be everywhere the cell says something. `only` says in which raw rows the cell is about the
    field at all; `zone` is the time zone that its header names, which holds for cells that name none, `zones` are those whose clocks
    the offsets of its cells follow; `is_day` that no
    cell of the sample names a time of day, `is_month` that some name no day; `is_composed` that its text is put together from several cells, `distinguishes_empty`
    that an empty cell means something too. `nobody` says where a cell names no customer though it is filled, `cut` where it is a number that a spreadsheet has cut off; `says` what
    truths of its row else the cell gives, by their columns; `about` is a cell of it that says how long something took
    approximately, `clock` what has its clocks read as minutes and seconds; `findings` are those on the column; `units` are those that stand next to some of
    its amounts.
    """

    name: str
    header: str
    place: int
    kind: Kind
    text: pl.Expr
    value: pl.Expr
    unreadable: pl.Expr | None = None
    unknown: pl.Expr | None = None
    quick: pl.Expr | None = None
    only: pl.Expr | None = None
    notes: tuple[Message, ...] = ()
    is_utc: bool = False
    is_day: bool = False
    is_month: bool = False
    zone: str | None = None
    zones: tuple[str, ...] = ()
    is_composed: bool = False
    distinguishes_empty: bool = False
    nobody: pl.Expr | None = None
    cut: pl.Expr | None = None
    says: Mapping[str, pl.Expr] = field(default_factory=dict)
    about: str = ""
    clock: Message | None = None
    findings: tuple[Finding, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def is_worded(self) -> bool:
        """Whether its cells are words of which there are few: read once a word, not once a cell."""
        return self.kind in (Kind.TEXT, Kind.TRUTH, *CATEGORIES) and not self.is_composed

    @property
    def spares_rows(self) -> bool:
        """Whether a cell that says something unreadable leaves its row among those that count: a measure, or a later event, among others."""
        return self.unknown is not None and self.kind in (*MEASURES, Kind.INSTANT)

    @property
    def hastened(self) -> "Field":
        """The field read by its cheaper means, where it has any."""
        return self if self.quick is None else replace(self, value=self.quick)

    @property
    def expressions(self) -> tuple[pl.Expr | None, ...]:
        """All that says how it is read."""
        read = (self.text, self.value, self.unreadable, self.unknown, self.quick, self.only, self.nobody, self.cut)
        return (*read, *self.says.values())

    @property
    def text_name(self) -> str:
        """The column that holds the clean text."""
        return text_name(self.name)

    @property
    def value_name(self) -> str:
        """The column that holds the typed value."""
        return value_name(self.name)


def text_name(name: str) -> str:
    """The working column of a field's clean text."""
    return f"text {name}"


def value_name(name: str) -> str:
    """The working column of a field's typed value."""
    return f"value {name}"
