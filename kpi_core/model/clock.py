"""The one place where instants become local time: UTC ↔ the report's time zone, instants ↔ days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

TICK = timedelta(milliseconds=1)
"""The resolution of instants."""
A_DAY = 24 * 60 * 60 * 1000
"""Milliseconds of a day."""


_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def literal(at: datetime) -> pl.Expr:
    """An instant to compare columns with, to the microsecond: made of its number, for of a `datetime` polars makes a column by way of time zones."""
    return pl.lit((at - _EPOCH) // _MICROSECOND).cast(pl.Datetime("us"))


def on_clock(instant: pl.Expr, zone: str | None) -> pl.Expr:
    """An instant as the clock on a wall of that zone showed it; wall clocks already where no zone is known."""
    if zone in (None, "UTC"):
        return instant
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)


def local_day(instant: pl.Expr, zone: str | None) -> pl.Expr:
    """The local day of an instant (Date), null where it is."""
    if zone in (None, "UTC"):  # by arithmetic, which takes half as long as `dt.date`
        return (instant.dt.cast_time_unit("ms").to_physical() // A_DAY).cast(pl.Int32).cast(pl.Date)
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How instants become local days: `zone` None means they are wall clocks already."""

    zone: str | None
    as_of: datetime | None

    def day(self, column: str) -> pl.Expr:
        """The local day of an instant."""
        return local_day(pl.col(column), self.zone)

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

    def is_ahead(self, period: Period) -> bool:
        """Whether a period begins after as_of: nothing is known of it."""
        return self.as_of is not None and period.start is not None and self.instant(period.start) > self.as_of

    def end_of(self, period: Period) -> datetime | None:
        """The instant a stock is looked at: the period's end, or as_of where that is earlier; None of a period that begins after as_of."""
        if self.is_ahead(period):
            return None
        end = None if period.end is None else self.instant(period.end)
        return min((instant for instant in (self.as_of, end) if instant is not None), default=None)
