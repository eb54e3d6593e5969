"""What the canonical tables are made of: the kinds of their columns and the words of their categories.

Instants are naive datetimes: UTC where the export's zone is known, else its own wall clock. Durations are
whole seconds. Categories are closed enums; `null` is missing, never zero and never an empty string.
"""

from collections.abc import Sequence
from enum import Enum

import polars as pl

from kpi_core.records import dataclass

STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
QUESTIONS = (
    "csat",
    "ces",
    "nps",
    "nki_satisfaction",
    "nki_expectation",
    "nki_ideal",
    "nki_fourth",
    "resolved",
    "first_contact",
    "treatment",
    "competence",
)
DIRECTIONS = ("higher", "lower")
AUTHORS = ("customer", "agent", "bot", "note")
COSTS = ("acquisition", "support")
WAITED = ("_waited_since", "_waited_until")
"""The working columns of the instants at which a case's customer began to wait for us and no longer did: lists."""
EARLIER = ("_earlier_resolved_at", "_reopened_at")
"""The working columns of the instants at which a ticket was resolved that was opened again, and at which it was: lists."""

FOLLOWED = "_followed"
"""The working column of the instant up to which nothing became of a ticket that a later export, of everything changed since, does not have."""

GONE_AT = "_gone_at"
"""The working column of when an open ticket was first missing from an export that has the others: deleted, or merged into another."""

UNREAD = "unread:"
"""Before a column's name: the Boolean column that marks the rows in which its cell says something that could not be read."""

DAYS = "_days:"
"""Before an instant's name: the Boolean working column of whether a row's own file knows only the day of it."""

MONTHS = "_months:"
"""Before an instant's name: the Boolean working column of whether a row's own file knows only the month of it."""

RECORDS = "_records:"
"""Before what is negative where it is absent (`replies`, `states`, …): the Boolean working column of whether a row's own file has a column of it."""

CREDITED = "_credited"
"""The working column of the order, by its key, whose number a credit has; null in every other row."""

OPEN_AGAIN = "_open_again"
"""The working column of the open tickets that have a time of resolution, and nothing that says that they were reopened."""

CANCELLED = "_cancelled"
"""The working column of the tickets whose status says that they were given up: cancelled, rejected, withdrawn."""

UNANSWERED = "_unanswered"
"""The working column of the open tickets whose first reply of no time stands for none."""

INSTEAD = "instead:"
"""Before `<column>:<stand-in>`: the Boolean column that marks the rows in which something was used in place of a column."""


class Kind(Enum):
    """What a canonical column holds, and so how its cells are read."""

    KEY = "key"
    TEXT = "text"
    INSTANT = "instant"
    DURATION = "duration"
    COUNT = "count"
    NUMBER = "number"
    TRUTH = "truth"
    STATUS = "status"
    PRIORITY = "priority"
    QUESTION = "question"
    DIRECTION = "direction"
    AUTHOR = "author"
    COST = "cost"

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of a column of this kind."""
        return _DTYPES[self]

    @property
    def is_optional(self) -> bool:
        """Whether a column of this kind is read only when asked for: it never refuses a row."""
        return self in (Kind.TEXT, Kind.KEY, Kind.PRIORITY)


_DTYPES: dict[Kind, pl.DataType] = {
    Kind.KEY: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.INSTANT: pl.Datetime("ms"),
    Kind.DURATION: pl.Int32(),
    Kind.COUNT: pl.Int32(),
    Kind.NUMBER: pl.Float64(),
    Kind.TRUTH: pl.Boolean(),
    Kind.STATUS: pl.Enum(STATUSES),
    Kind.PRIORITY: pl.Enum(PRIORITIES),
    Kind.QUESTION: pl.Enum(QUESTIONS),
    Kind.DIRECTION: pl.Enum(DIRECTIONS),
    Kind.AUTHOR: pl.Enum(AUTHORS),
    Kind.COST: pl.Enum(COSTS),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a canonical table.

    `event` marks an instant at which something happened (never a due date): these date coverage and as_of.
    `required` cells refuse their row when missing.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    event: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A canonical table: its columns and the one that is its key."""

    name: str
    row: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def events(self) -> tuple[str, ...]:
        """The instants at which something happened."""
        return tuple(column.name for column in self.columns if column.event)


def instant(name: str, meaning: str, *, event: bool = True) -> Column:
    """An instant, one at which something happened unless declared otherwise."""
    return Column(name=name, kind=Kind.INSTANT, meaning=meaning, event=event)


def column(name: str, kind: Kind, meaning: str) -> Column:
    """A column that need not be filled."""
    return Column(name=name, kind=kind, meaning=meaning)


def key(name: str, meaning: str) -> Column:
    """The key of a table: a row without it is refused."""
    return Column(name=name, kind=Kind.KEY, meaning=meaning, required=True)


LONGEST = 2**31 - 1
"""The most seconds that a duration holds: 68 years."""


def whole_seconds(span: pl.Expr) -> pl.Expr:
    """A span of time in whole seconds as durations hold them: what is longer than they reach is as long as they do."""
    return span.dt.total_seconds().clip(-LONGEST, LONGEST).cast(pl.Int32)


def filled(column: pl.Series) -> pl.Series:
    """The values of a column that are not null: the column itself where all are, of which polars would make a copy."""
    return column.drop_nulls() if column.has_nulls() else column


MANY = 10_000
"""Rows from which a table of codes is worth the steps it takes, and a stream what it takes to set one up."""


def distinct(column: pl.Series) -> pl.Series:
    """The different values of a column, null not among them, in no order that means anything.

    Categories and days are codes: of few different ones in a long column they are marked in a table, which takes a third of the time of hashing them.
    """
    if column.dtype not in (pl.Categorical, pl.Date) or column.len() < MANY:
        return filled(column if column.len() < 2 else column.unique())
    codes = column.to_physical()
    low, high = codes.min(), codes.max()
    if not isinstance(low, int) or not isinstance(high, int) or high - low > column.len():
        return filled(column.unique())
    seen = pl.repeat(value=False, n=high - low + 1, dtype=pl.Boolean, eager=True).scatter(
        codes.drop_nulls() - low, values=True
    )
    found = (seen.arg_true().cast(pl.Int64) + low).cast(codes.dtype).alias(column.name)
    return found.cat.to(column.dtype) if column.dtype == pl.Categorical else found.cast(column.dtype)


def grouped(
    rows: pl.DataFrame,
    by: Sequence[str | pl.Expr],
    found: Sequence[pl.Expr] = (),
    made: Sequence[pl.Expr | pl.Series] = (),
) -> pl.DataFrame:
    """What is `found` of each group of some rows, in no order that means anything; the groups alone where that is nothing.

    `made` are columns that the rows have in addition, so that each is computed once; of many rows all goes through a stream.
    """
    if rows.height < MANY:
        return (rows.with_columns(made) if made else rows).group_by(by).agg(found)
    return rows.lazy().with_columns(made).group_by(by).agg(found).collect(engine="streaming")
