"""Open time by whose hours each row goes by: a group's own, or the calendar's."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.calendars import Calendar, OpenTime

    OfRows = Callable[[OpenTime, pl.DataFrame], pl.Series]

SOME_DAY = datetime(2020, 1, 1)
"""Where a calendar begins that no row asks anything of."""


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """The hours of a calendar and of the groups that have a calendar of their own. `is_utc` says what the instants are.

    `hours` names for each row the group whose they are; `""`, a group without any, and no `hours` at all are the
    calendar itself.
    """

    calendar: "Calendar"
    is_utc: bool

    def between(self, hours: pl.Series | None, since: pl.Series, until: pl.Series) -> pl.Series:
        """Open seconds (Int64) between two instants of each row, in row order; null where either is.

        Less than 0 where the second lies before the first, however little of the time between is open.
        """
        rows = pl.DataFrame([since.alias("since"), until.alias("until")])
        passed = self._by_row(hours, rows, lambda line, own: line.between(own["since"], own["until"]))
        is_before = (pl.col("until") - pl.col("since")).cast(pl.Duration("ms")).dt.total_seconds() < 0
        signed = pl.when(is_before).then(pl.min_horizontal(pl.lit(passed), -1)).otherwise(passed)
        return rows.select(signed.alias(until.name)).to_series()

    def after(self, hours: pl.Series | None, since: pl.Series, seconds: pl.Series) -> pl.Series:
        """The first instant of each row when so many open seconds have passed, in row order; null where either is."""
        rows = pl.DataFrame([since.alias("since"), seconds.alias("seconds")])
        return self._by_row(hours, rows, lambda line, own: line.add(own["since"], own["seconds"])).alias(since.name)

    def of_groups(self, frame: pl.DataFrame) -> pl.Series | None:
        """Whose hours each row of a table with groups goes by; None where no group has a calendar of its own."""
        if not self.calendar.groups or "group" not in frame.columns:
            return None
        groups = pl.col("group").cast(pl.String)
        named = frame.select(groups.unique())["group"].drop_nulls().to_list()
        own = [name for name in named if self.calendar.of_group(name) is not self.calendar]
        return frame.select(pl.when(groups.is_in(own)).then(groups).otherwise(pl.lit("")).alias("hours"))["hours"]

    def _by_row(self, hours: pl.Series | None, rows: pl.DataFrame, reckon: "OfRows") -> pl.Series:
        """The result of `reckon` for each row, by the row's own hours."""
        if hours is None:
            return reckon(self._line("", rows), rows)
        parts = [
            pl.DataFrame({"at": own["at"], "found": reckon(self._line(name, own), own)})
            for (name,), own in rows.with_columns(hours=hours).with_row_index("at").group_by("hours")
        ]
        return pl.concat(parts).sort("at")["found"] if parts else reckon(self._line("", rows), rows)

    def _line(self, hours: object, rows: pl.DataFrame) -> "OpenTime":
        """The open time over the days on which something began; it grows to what comes later."""
        from kpi_core.calendars import OpenTime

        first, last = rows["since"].min(), rows["since"].max()
        if not isinstance(first, datetime) or not isinstance(last, datetime):
            first = last = SOME_DAY
        calendar = self.calendar.of_group(hours if isinstance(hours, str) else None)
        return OpenTime(calendar, first.date(), last.date(), is_utc=self.is_utc)
