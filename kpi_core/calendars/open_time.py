"""Open seconds between the instants of two columns, and the instant when so many have passed.

The time from a to b is F(b) − F(a), where F counts the open seconds since the line's start: see `cumulative`.
"""

from datetime import date, timedelta

import polars as pl

from kpi_core.calendars.calendar import Calendar
from kpi_core.calendars.cumulative import Line, day_of, lay, midnight_of

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_EARLIEST, _AFTER = midnight_of(EARLIEST), midnight_of(LATEST + timedelta(days=1))
_PER_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


class OpenTime:
    """The open time of one calendar. Instants are naive, all UTC or all wall clock; parts of a second are dropped.

    It starts with the days from `first` to `last`, both included, and grows to those it meets, from `EARLIEST` to
    `LATEST`. `is_utc` says what the instants are: UTC, or the wall clock of files whose zone is not known, which is then
    read as the wall clock of the calendar.
    """

    def __init__(self, calendar: Calendar, first: date, last: date, *, is_utc: bool) -> None:
        self.calendar = calendar
        self.is_utc = is_utc
        self._line = self._laid(first, last)

    def between(self, since: pl.Series, until: pl.Series) -> pl.Series:
        """Open seconds from `since` to `until` (Int64), negative where that lies before; named as `until`.

        Null where either is null or outside `EARLIEST` to `LATEST`.
        """
        start, end = self._seconds(since), self._seconds(until)
        pairs = pl.LazyFrame({"start": start, "end": end})
        passed = self._line.passed(pl.col("end")) - self._line.passed(pl.col("start"))
        # The streaming engine takes a piece at a time: no column in between is ever as long as the file.
        return pairs.select(passed.alias(until.name)).collect(engine="streaming").to_series()

    def add(self, since: pl.Series, seconds: pl.Series | int) -> pl.Series:
        """The first instant (datetime[ms], whole seconds) when so many open seconds have passed; named as `since`.

        So 30 minutes from Friday 16:30 is Friday 17:00, not Monday morning. Null where `since` or `seconds` is null,
        `seconds` is negative, or the calendar is not open for so long before `LATEST` ends.
        """
        wanted = pl.lit(seconds).cast(pl.Int64)
        frame = pl.DataFrame({"since": self._seconds(since)}).with_columns(wanted=pl.when(wanted >= 0).then(wanted))
        line = self._line
        while True:
            target = frame.with_columns(target=line.passed(pl.col("since")) + pl.col("wanted"))
            furthest = target["target"].max()
            if not isinstance(furthest, int) or furthest <= line.total or line.last >= LATEST:
                break
            line = self._laid(line.first, line.last + timedelta(days=max(366, line.days)))
        instant = pl.when(pl.col("wanted") == 0).then("since").otherwise(line.when(pl.col("target")))
        return target.select((instant * 1_000).cast(pl.Datetime("ms")).alias(since.name)).to_series()

    def open_days(self, first: date, last: date) -> tuple[date, ...]:
        """The local days from `first` to `last`, both included, on which it opens."""
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        return tuple(day for day in days if self.calendar.hours(day))

    def _seconds(self, instants: pl.Series) -> pl.Series:
        """Whole seconds since 1970, null outside the years known; the line reaches all of them afterwards."""
        if instants.dtype == pl.Null:
            return instants.cast(pl.Int64)
        if not isinstance(instants.dtype, pl.Datetime):
            raise TypeError(f"`{instants.name}` holds {instants.dtype}, not instants")
        seconds = instants.to_physical() // _PER_SECOND[instants.dtype.time_unit]
        low, high = seconds.min(), seconds.max()
        if not isinstance(low, int) or not isinstance(high, int):
            return seconds
        if low < _EARLIEST or high >= _AFTER:
            known = pl.when(pl.col("s").is_between(_EARLIEST, _AFTER, closed="left")).then("s")
            seconds = seconds.to_frame("s").select(known).to_series()
            low, high = max(low, _EARLIEST), min(high, _AFTER - 1)
        self._widen(min(day_of(low), self._line.first), max(day_of(high), self._line.last))
        return seconds

    def _widen(self, first: date, last: date) -> None:
        if (first, last) != (self._line.first, self._line.last):
            self._line = self._laid(first, last)

    def _laid(self, first: date, last: date) -> Line:
        return lay(self.calendar, max(first, EARLIEST), min(last, LATEST), is_utc=self.is_utc)
