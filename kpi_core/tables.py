"""The canonical tables: what every export becomes, whatever help desk or survey tool wrote it.

Instants are naive datetimes: UTC where the export's zone is known, else its own wall clock. Durations are
whole seconds. Categories are closed enums; `null` is missing, never zero and never an empty string.
"""

from dataclasses import dataclass
from enum import Enum

import polars as pl

STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
QUESTIONS = (
    "csat",
    "ces",
    "nps",
    "nki_satisfaction",
    "nki_expectation",
    "nki_ideal",
    "resolved",
    "first_contact",
    "treatment",
    "competence",
)
DIRECTIONS = ("higher", "lower")


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


def _instant(name: str, meaning: str, *, event: bool = True) -> Column:
    return Column(name=name, kind=Kind.INSTANT, meaning=meaning, event=event)


def _column(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name=name, kind=kind, meaning=meaning)


TICKETS = Table(
    name="tickets",
    row="a support case",
    key="ticket_id",
    columns=(
        Column(name="ticket_id", kind=Kind.KEY, meaning="the case's number", required=True),
        _instant("created_at", "when the case was opened"),
        _instant("first_replied_at", "the first public reply"),
        _instant("first_resolved_at", "the first time it was resolved"),
        _instant("resolved_at", "the last time it was resolved"),
        _instant("closed_at", "when it was closed for good"),
        _instant("updated_at", "the last change of any kind"),
        _instant("due_at", "when the resolution is due", event=False),
        _column("status", Kind.STATUS, "where the case stands"),
        _column("priority", Kind.PRIORITY, "how urgent it is"),
        _column("type", Kind.TEXT, "what kind of case it is"),
        _column("channel", Kind.TEXT, "how the customer made contact"),
        _column("group", Kind.TEXT, "the team it lies with"),
        _column("agent", Kind.TEXT, "the agent it lies with"),
        _column("product", Kind.TEXT, "the product it concerns"),
        _column("organisation", Kind.TEXT, "the customer's company"),
        _column("customer_id", Kind.KEY, "who asked"),
        _column("tags", Kind.TEXT, "labels set on it"),
        _column("agent_replies", Kind.COUNT, "public replies by agents"),
        _column("customer_replies", Kind.COUNT, "messages from the customer"),
        _column("reopens", Kind.COUNT, "times it was opened again after a resolution"),
        _column("agent_stations", Kind.COUNT, "agents it has lain with"),
        _column("group_stations", Kind.COUNT, "teams it has lain with"),
        _column("first_reply_time", Kind.DURATION, "opening to first reply, by the clock"),
        _column("first_reply_time_business", Kind.DURATION, "the same in the help desk's business hours"),
        _column("first_resolution_time", Kind.DURATION, "opening to first resolution, by the clock"),
        _column("first_resolution_time_business", Kind.DURATION, "the same in business hours"),
        _column("resolution_time", Kind.DURATION, "opening to last resolution, by the clock"),
        _column("resolution_time_business", Kind.DURATION, "the same in business hours"),
        _column("requester_wait_time", Kind.DURATION, "time the customer waited for us, by the clock"),
        _column("requester_wait_time_business", Kind.DURATION, "the same in business hours"),
        _column("handle_time", Kind.DURATION, "time spent working on it"),
        _column("is_answered", Kind.TRUTH, "the contact was answered (calls, chats)"),
        _column("is_auto_replied", Kind.TRUTH, "the first reply was automatic"),
        _column("is_outbound", Kind.TRUTH, "opened by an agent"),
        _column("is_merged", Kind.TRUTH, "merged into another case"),
        _column("is_spam", Kind.TRUTH, "spam or deleted"),
        _column("sla_first_reply_met", Kind.TRUTH, "the help desk's own word on the first reply"),
        _column("sla_resolution_met", Kind.TRUTH, "the help desk's own word on the resolution"),
    ),
)

ANSWERS = Table(
    name="answers",
    row="one answer to one survey question",
    key="response_id",
    columns=(
        Column(name="response_id", kind=Kind.KEY, meaning="the submission's number", required=True),
        _column("ticket_id", Kind.KEY, "the case it is about"),
        _column("customer_id", Kind.KEY, "who answered"),
        _instant("answered_at", "when it was answered"),
        _instant("offered_at", "when it was asked"),
        _column("is_offered", Kind.TRUTH, "asked, whether answered or not"),
        _column("survey", Kind.TEXT, "which survey"),
        _column("question", Kind.QUESTION, "which question"),
        _column("score", Kind.NUMBER, "the answer on its own scale; yes/no as 1/0"),
        _column("scale_low", Kind.NUMBER, "the scale's lowest step"),
        _column("scale_high", Kind.NUMBER, "the scale's highest step"),
        _column("direction", Kind.DIRECTION, "whether higher or lower is better"),
        _column("agent", Kind.TEXT, "the agent rated"),
        _column("group", Kind.TEXT, "the team rated"),
        _column("channel", Kind.TEXT, "how the customer had made contact"),
        _column("product", Kind.TEXT, "the product it concerns"),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in (TICKETS, ANSWERS)}
