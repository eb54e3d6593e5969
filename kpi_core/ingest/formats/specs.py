"""The parts of a mapping: how a column, a question or a row is recognised and read. All of it is data."""

import re
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kpi_core.ingest.cells.durations import unit_called
from kpi_core.model.tables import QUESTIONS


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _unit(value: Any) -> Any:
    return unit_called(value) if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Words = Annotated[dict[str, Headers], Field(description="for each header the cells that fit")]
Pair = Annotated[tuple[float, float], Field(description="lowest and highest step, as [1, 5]")]


class Strict(BaseModel):
    """A part of a mapping: nothing in it that is not known, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnSpec(Strict):
    """How one canonical column is read: the headers tried in order, and what its cells mean.

    `opposite` are headers of a truth column that say it the other way round (`Internal` of what is public).
    `others` are looked at where the cell is empty; `every` joins all columns of a header that repeats; `join` makes a key of all headers, of instants their days; `extract` keeps the first group found in a cell; `empty` is
    what an empty cell means; `divide` is for numbers in hundredths. `take`, `where`, `among` and `less` pick from the
    events of a case (see `Events`): the first or last cell of those that fit `where`, how many fit, or the time from each
    that fits to the next event `among` those that count.
    """

    headers: Headers = Field(default=(), alias="from")
    opposite: Headers = ()
    time: Headers = ()
    others: Headers = Field(default=(), alias="else")
    every: bool = False
    join: bool = False
    extract: str | None = None
    unit: Annotated[
        Literal["clock", "m:ss", "d:hh:mm", "days", "hours", "minutes", "seconds", "milliseconds"] | None,
        BeforeValidator(_unit),
    ] = None
    formats: Headers = Field(default=(), alias="format")
    values: dict[str, str] = Field(default={})
    patterns: dict[str, str] = Field(default={})
    missing: Headers = ()
    empty: str | None = None
    divide: float | None = Field(default=None, gt=0)
    take: Literal["first", "last", "count", "time"] | None = None
    where: Words = Field(default={})
    among: Words = Field(default={})
    less: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _timed(self) -> "ColumnSpec":
        if self.among and self.take != "time":
            raise ValueError("`among` says which events end a time: it goes with `take: time`")
        return self

    @model_validator(mode="after")
    def _searchable(self) -> "ColumnSpec":
        for pattern in self.patterns:
            _check_pattern(pattern)
            check_cell_pattern(pattern)
        if self.extract is not None:
            _check_pattern(self.extract)
            check_cell_pattern(self.extract)
            if re.compile(self.extract).groups < 1:
                raise ValueError(f"`{self.extract}` has no group in parentheses to extract")
        return self


class RowRule(Strict):
    """Rows that are no cases by the format's own rules: an empty cell, a word or a pattern in one column.

    `lines_of` is the column that lines of an order have in common with the row of the order that counts.
    """

    headers: Headers = Field(alias="from")
    values: Headers = ()
    pattern: str | None = None
    empty: bool = False
    reason: str
    lines_of: Headers = ()

    @model_validator(mode="after")
    def _says_which(self) -> "RowRule":
        if self.empty + bool(self.values) + bool(self.pattern) != 1:
            raise ValueError("says which rows by one of `values`, `pattern` and `empty: true`")
        if self.pattern is not None:
            _check_pattern(self.pattern)
            check_cell_pattern(self.pattern)
        return self


class Events(Strict):
    """A file with one row an event: the headers of the case's number, of what orders its events, and of the state `before` each.

    `opening` are the words of an event that opens a case. A first event with a state before, or in other words, is no opening.
    """

    case: Headers
    order: Headers = ()
    before: Headers = ()
    opening: Words = Field(default={})


class Threads(Strict):
    """A file of messages that name the one they answer: the headers of a message's number and of that."""

    message: Headers
    reply_to: Headers


class Mailbox(Strict):
    """A file of letters or chats: the headers of who wrote, to whom, and about what.

    Who of two is us follows from all letters, or from `own` addresses and domains; where a column names the `customer`,
    from that. Letters with one correspondent about one subject are one `thread`, unless a column names it. `bytes_as_letters`:
    each byte beyond ASCII was written as a letter of its own (`Ã¥` for å).
    """

    sender: Headers = Field(alias="from")
    to: Headers = ()
    subject: Headers = ()
    customer: Headers = ()
    thread: Headers = ()
    own: Headers = ()
    bytes_as_letters: bool = False


class LongForm(Strict):
    """A survey with one row an answer: the headers of the response's number, of what was asked, and of what was answered."""

    response: Headers
    question: Headers
    answer: Headers


class Counts(Strict):
    """A file of sums: each row stands for as many leads as one of its columns says, of which another says how many converted.

    `start` and `end` find, in the lines above the table, the days that the sums are of.
    """

    rows: Headers
    converted: Headers = ()
    start: str | None = None
    end: str | None = None

    @model_validator(mode="after")
    def _searchable(self) -> "Counts":
        for pattern in (self.start, self.end):
            if pattern is not None:
                _check_pattern(pattern)
                if re.compile(pattern).groups != 1:
                    raise ValueError(f"`{pattern}` needs one group in parentheses: the day")
        return self


def _check_pattern(pattern: str) -> None:
    """Refuses what is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        place = "" if error.pos is None else f": see its character {error.pos + 1}"
        raise ValueError(f"`{pattern}` is no pattern{place}") from None


def check_cell_pattern(pattern: str) -> None:
    """Refuses what polars, which looks through the cells, does not know: look-around, for one."""
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.PolarsError:
        _check_pattern(pattern)
        raise ValueError(
            f"`{pattern}` is no pattern for cells: none looks ahead, back or at an earlier group"
        ) from None


class AnswerSpec(Strict):
    """One survey question: the column that answers it, its scale, its words and which way is better.

    With `where` the column answers it only in the rows that fit: one column, several questions.
    """

    question: str
    headers: Headers = Field(default=(), alias="from")
    matching: Headers = ()
    scale: Pair | None = None
    words: dict[str, float] = Field(default={})
    direction: Literal["higher", "lower"] | None = None
    offered: Headers = ()
    where: Words = Field(default={})

    @model_validator(mode="after")
    def _known(self) -> "AnswerSpec":
        if self.question not in QUESTIONS:
            raise ValueError(f"no question `{self.question}`; there are {', '.join(QUESTIONS)}")
        for pattern in self.matching:
            _check_pattern(pattern)
        return self

    @model_validator(mode="after")
    def _on_scale(self) -> "AnswerSpec":
        if self.scale is None:
            return self
        low, high = self.scale
        if low >= high:
            raise ValueError(
                f"a scale begins with its lowest step, as [1, 5], not [{low:g}, {high:g}]; `direction: lower` says that 1 is the best"
            )
        for word, score in self.words.items():
            if not low <= score <= high:
                raise ValueError(f"`{word}` is {score:g}, outside the scale {low:g} to {high:g}")
        return self


class Recognition(Strict):
    """What the format is recognised by: headers that must all be there, and further ones of which some must.

    `columns` are canonical columns of which at least one must be found: what no other kind of file has. `cells` are
    patterns that every filled cell among the first rows of a column must fit.
    """

    every: Headers = Field(default=(), alias="all")
    some: Headers = Field(default=(), alias="any")
    at_least: int = 1
    none: Headers = ()
    second_row: Headers = ()
    columns: Headers = ()
    cells: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _searchable(self) -> "Recognition":
        for pattern in self.cells.values():
            _check_pattern(pattern)
        return self
