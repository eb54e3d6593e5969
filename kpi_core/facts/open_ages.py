"""How old rows are in opening hours, for whatever needs an age at more instants than the facts can hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from kpi_core.calendars import Calendar


@dataclass(frozen=True, kw_only=True)
class OpenAges:
    """Open time of a calendar and of the groups that have one of their own. `is_utc` tells what the instants are."""

    calendar: "Calendar"
    is_utc: bool

    def between(self, hours: pl.Series, since: pl.Series, until: pl.Series) -> pl.Series:
        """Open seconds between two instants of each row, in row order; null where either is.

        `hours` names the group whose calendar it is; `""`, and a group without one, is the calendar itself.
        """
        rows = pl.DataFrame({"hours": hours, "since": since, "until": until}).with_row_index("at")
        told = [pl.DataFrame(schema={"at": pl.UInt32, "open": pl.Int64})]
        for (name,), own in rows.group_by("hours"):
            open_time = self._passed(self.calendar.of_group(name if isinstance(name, str) else None), own)
            told.append(pl.DataFrame({"at": own["at"], "open": open_time}))
        return pl.concat(told).sort("at")["open"]

    def _passed(self, calendar: "Calendar", rows: pl.DataFrame) -> pl.Series:
        first, last = rows["since"].min(), rows["since"].max()
        if not isinstance(first, datetime) or not isinstance(last, datetime):
            return pl.Series([None], dtype=pl.Int64).new_from_index(0, rows.height)
        return calendar.grid(first.date(), last.date(), is_utc=self.is_utc).between(rows["since"], rows["until"])
