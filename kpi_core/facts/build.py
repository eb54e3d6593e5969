"""What deriving facts works with: the rules a help desk sets, and the account of which columns can be used."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from kpi_core.facts.open_hours import OpenHours
from kpi_core.messages.message import Message, Text
from kpi_core.model.clock import local_day
from kpi_core.model.columns import INSTEAD
from kpi_core.model.promise import Promise
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.calendars import Calendar

SCALE = ("question", "scale_low", "scale_high", "direction")
COMPLAINT_WORDS = ("complaint", "complaints", "klagomål", "klage", "klager", "reklamation", "reklamasjon")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What definitions leave to the help desk: windows, words and targets.

    Targets are of open time where there is a calendar. A resolution target takes the place of the export's due time,
    the calendar's times that of its business-hours columns. `goals` are the targets of KPIs by name, of which those
    of times are limits where nothing is promised. `zone` is the report's: instants are UTC then, and the wall clock of
    files whose zone is unknown where it is None. `nki_weights` are those of satisfaction, expectations and ideal, which
    add up to 1; None is a third each.
    """

    as_of: datetime | None = None
    complaint_words: tuple[str, ...] = COMPLAINT_WORDS
    first_reply_targets: tuple[Promise, ...] = ()
    resolution_targets: tuple[Promise, ...] = ()
    goals: Mapping[str, float] = field(default_factory=dict)
    calendar: "Calendar | None" = None
    zone: str | None = None
    nki_weights: tuple[float, ...] | None = None

    @property
    def open_hours(self) -> OpenHours | None:
        """What counts open time; None where there is no calendar."""
        return None if self.calendar is None else OpenHours(calendar=self.calendar, is_utc=self.zone is not None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """A table ready for the engine: the frame, the columns that can be used, counts worth telling, and the hours that ages go by.

    `scales` are of answers: for each question the scales and directions that its scores are on, the commonest first.
    `zone` is the report's, in which its days are cut; None where instants are wall clocks already.
    """

    frame: pl.DataFrame
    available: frozenset[str]
    counts: Mapping[str, int]
    open_hours: OpenHours | None = None
    scales: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(SCALE, pl.Null())))
    zone: str | None = None
    _days: dict[str, pl.Series] = field(default_factory=dict, init=False, repr=False)
    _dating: Lock = field(default_factory=Lock, init=False, repr=False)

    def day(self, column: str) -> pl.Series:
        """The local day of each row by one of its instants, found once; null where it has none, and where the table has no such column."""
        with self._dating:
            if column not in self._days:
                if column in self.frame.columns:
                    self._days[column] = self.frame.select(day=local_day(pl.col(column), self.zone))["day"]
                else:
                    self._days[column] = pl.Series("day", [None], pl.Date).new_from_index(0, self.frame.height)
            return self._days[column]

    def without_rows(self) -> "Facts":
        """The same columns of no rows."""
        return replace(self, frame=self.frame.clear())


HOURS = Message("needs-business-hours")
WANTS: dict[str, tuple[Text, ...]] = {
    "is_resolved": (Message("needs-one-of", columns=("status", "resolved_at")),),
    "resolved_at": (Message("needs-one-of", columns=("resolved_at", "closed_at", "resolution_time")),),
    "first_reply_time": (Message("needs-first-reply-time"),),
    "first_replied_at": (Message("needs-first-replied-at"),),
    "resolution_time": (Message("needs-both-or", first="created_at", second="resolved_at", other="resolution_time"),),
    "first_resolution_time": (
        Message("needs-both-or", first="created_at", second="first_resolved_at", other="first_resolution_time"),
    ),
    "first_reply_time_any": (Message("needs-auto-replied"),),
    "is_auto_replied": (Message("needs-auto-replied"),),
    "agent_replies": (Message("needs-agent-replies"),),
    "written_first_reply_time": ("first_reply_time",),
    "written_first_reply_time_business": ("first_reply_time_business",),
    "repeat_after": ("customer_id", "created_at"),
    "buyer": ("customer_id",),
    "is_case": (Message("needs-channel"),),
    "channels": (Message("needs-channel"),),
    "is_turn": (Message("needs-turns"),),
    **dict.fromkeys(
        ("first_reply_time_business", "first_resolution_time_business", "resolution_time_business"),
        (HOURS,),
    ),
    "requester_wait_time": (Message("needs-wait"),),
    "requester_wait_time_business": (Message("needs-wait-business"),),
    "first_reply_time_any_business": (
        Message("needs-auto-replied"),
        HOURS,
    ),
    "reply_time_business": (Message("needs-reply-hours"),),
    "is_complaint": (Message("needs-complaints"),),
    "is_rated_bad": (Message("needs-csat-of-tickets"),),
    "is_surveyed": (Message("needs-answers-of-tickets"),),
    "is_confirmed": (Message("needs-resolved-answers"),),
    "first_reply_target": (Message("needs-first-reply-target"),),
    "first_reply_limit": (Message("needs-first-reply-target"),),
    "resolution_limit": (Message("needs-resolution-target"),),
    "own_hours": (Message("needs-calendar"),),
    "age": ("created_at",),
    "resolved_age": ("resolved_at",),
    "is_past_due": ("due_at",),
    "was_asked": (Message("needs-one-of", columns=("is_offered", "offered_at")),),
    "is_offered": (Message("needs-one-of", columns=("is_offered", "offered_at")),),
    "is_response": (Message("needs-one-of", columns=("is_offered", "offered_at")),),
    "is_answered_response": (Message("needs-one-of", columns=("is_offered", "offered_at")),),
    "is_first_reply_judged": ("sla_first_reply_met",),
    "since": ("acquired_at",),
    "is_lost": (Message("needs-one-of", columns=("is_lost", "lost_at")),),
    "value": ("amount",),
    "is_kept": (Message("needs-one-of", columns=("is_refunded", "refunded_amount")),),
    "rating_of_5": ("rating",),
    "stars": ("rating",),
    "review_reply_time": ("reviewed_at", "replied_at"),
    "review_reply_time_business": ("reviewed_at", "replied_at", Message("needs-calendar")),
    "is_converted": (Message("needs-one-of", columns=("is_converted", "converted_at")),),
    "acquisition_cost": (Message("needs-acquisition-costs"),),
    "support_cost": (Message("needs-support-costs"),),
}
"""What a derived column needs, in words, where it is not itself a column of the export."""


INNATE = frozenset({"top", "rescaled", "levels", "on_scale", "is_first_answer", "question", "score", "direction", "scale_low", "scale_high",
                    "awaits_reply", "records_replies", "records_states", "reply_time", "gone_at", "is_monthly",
                    "first_reply_hours", "resolution_hours", "is_first_reply_awaited", "is_reply_in_order", "is_resolution_in_order", "is_answer_in_order"})  # fmt: skip
"""Columns that come with their table, whatever the export: what lacks them lacks the table."""


class Builder:
    """Adds columns to a frame and keeps the account of which can be used."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.available = {column.name for column in frame.iter_columns() if column.null_count() < frame.height}
        self.mapped = frozenset(frame.columns)
        # A column of first replies that holds none says that nobody has replied.
        self.available |= self.mapped & {"first_replied_at"}

    def has(self, *names: str) -> bool:
        """Whether all the columns can be used."""
        return all(name in self.available for name in names)

    def own(self, flag: str) -> pl.Expr:
        """Whether a row's own file has a column, by the flag that stitching files leaves; yes where there is none."""
        return pl.col(flag) if flag in self.mapped else pl.lit(value=True)

    def add(self, **columns: pl.Expr) -> None:
        """Adds columns that can be used."""
        if not columns:
            return
        self.frame = self.frame.with_columns(**columns)
        self.available |= set(columns)

    def instead(self, column: str, stand_in: str, rows: pl.Expr) -> None:
        """Marks the rows in which something stands in for a column; no mark where it does in none."""
        name = f"{INSTEAD}{column}:{stand_in}"
        marked = self.frame.select(rows.fill_null(value=False).alias(name))
        if marked[name].any():
            self.frame = self.frame.with_columns(marked)
