"""Where a row counts: its local day, its period, its group. The address of every state and estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.model.periods import Period

TOTAL = ""
"""The dimension of results that are not split."""

EPOCH = date(1970, 1, 1)
TICK = timedelta(milliseconds=1)
"""The finest that instants are told apart by."""


def column_of(dimension: str) -> str:
    """The column of a state that holds a dimension: whatever a header is called, no other working column is called so."""
    return f"by {dimension}"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One period of one group. `dimension` is `TOTAL` for everything, `group` None for rows without a value."""

    period: Period
    dimension: str = TOTAL
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How instants become local days: `zone` None means they are wall clocks already."""

    zone: str | None
    as_of: datetime | None

    def day(self, column: str) -> pl.Expr:
        """The local day of an instant."""
        instant = pl.col(column)
        if self.zone not in (None, "UTC"):
            instant = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(self.zone)
        return instant.dt.date()

    def instant(self, day: date) -> datetime:
        """Local midnight as an instant."""
        midnight = datetime.combine(day, time())
        if self.zone is None:
            return midnight
        return midnight.replace(tzinfo=ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def moment(self, typed: date) -> datetime:
        """What was typed as an instant: the end of a day, else a point of local time, or of its own offset's.

        Raises:
            DefinitionError: it has an offset, and the files name no zone.
        """
        if not isinstance(typed, datetime):
            return self.instant(typed + timedelta(days=1)) - TICK
        if typed.tzinfo is not None and self.zone is None:
            hint = "name the files' zone with --zone Europe/Stockholm, or write the instant as the files do"
            raise DefinitionError(f"`{typed.isoformat()}` has an offset, but the files name no time zone", hint=hint)
        if self.zone is None:
            return typed
        local = typed if typed.tzinfo is not None else typed.replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    @property
    def today(self) -> date | None:
        """The local day of as_of."""
        if self.as_of is None:
            return None
        if self.zone is None:
            return self.as_of.date()
        return self.as_of.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, period: Period) -> datetime | None:
        """The instant a stock is looked at: the period's end, or as_of where that is earlier."""
        end = None if period.end is None else self.instant(period.end)
        return min((instant for instant in (self.as_of, end) if instant is not None), default=None)


def period_index(days: pl.Series, periods: Sequence[Period]) -> pl.Series:
    """For each day the index of its period (Int16), null outside all. The periods must not overlap.

    `all` holds every row, those without a day included.
    """
    if len(periods) == 1 and periods[0].is_all:
        return pl.Series("period", [0], pl.Int16).new_from_index(0, len(days))
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.Series("period", [None], pl.Int16).new_from_index(0, len(days))
    table: list[int | None] = [None] * ((last - first).days + 1)
    for place, period in enumerate(periods):
        if period.start is None or period.end is None:
            continue
        start, end = max(period.start, first), min(period.end, last + timedelta(days=1))
        for offset in range((start - first).days, (end - first).days):
            table[offset] = place
    offsets = days.to_physical() - (first - EPOCH).days
    return pl.Series("period", table, pl.Int16).gather(offsets.cast(pl.UInt32))


def is_of_months(period: Period) -> bool:
    """Whether the period is made of whole months, as `all` is."""
    return all(edge is None or edge.day == 1 for edge in (period.start, period.end))


def disjoint(periods: Sequence[Period]) -> list[list[Period]]:
    """The periods dealt into as few lists without overlaps as first come, first served gives."""
    lists: list[list[Period]] = []
    for period in dict.fromkeys(periods):
        home = next((held for held in lists if not any(_overlap(period, other) for other in held)), None)
        if home is None:
            lists.append([period])
        else:
            home.append(period)
    return lists


def _overlap(one: Period, other: Period) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return one.start < other.end and other.start < one.end
