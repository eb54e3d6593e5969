"""Days that should have had rows and have none: days off of the desk's own, or a part of the export that is missing."""

from collections.abc import Iterator
from datetime import date

from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES
from kpi_core.quality.coverage.empty_days import empty_stretches
from kpi_core.quality.defects import Cost
from kpi_core.quality.what_if import Examined
from kpi_core.records import dataclass

BY_CHANCE = 0.05
"""How likely a stretch of empty days may be in a file of that length and still be called a hole."""


@dataclass(frozen=True, kw_only=True)
class Hole:
    """Days in a row that should have had rows of a table and have none; `last` included.

    `usual` is how many rows their weekdays have in the middle of all weeks, together.
    """

    table: str
    first: date
    last: date
    days: int
    usual: float
    cost: Cost | None = None


def holes(seen: Examined, table: str) -> Iterator[Hole]:
    """Weekdays without a row between the first and the last, where chance alone would hardly leave them empty."""
    frame, dated = seen.dataset.tables[table], next(iter(TABLES[table].events), "")
    if dated not in frame.columns:
        return
    days = frame.select(day=seen.clock.day(dated))["day"].drop_nulls()
    newest = days.max()
    if not isinstance(newest, date):
        return
    counts = {day: int(rows) for day, rows in days.value_counts(name="rows").iter_rows()}
    for found in empty_stretches(counts, newest, BY_CHANCE):
        cost = seen.counted(table, round(found.usual), Message("if-usual"))
        yield Hole(table=table, first=found.first, last=found.last, days=found.days, usual=found.usual, cost=cost)
