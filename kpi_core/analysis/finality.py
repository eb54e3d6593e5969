"""From when a KPI's value for a period no longer changes: a time after its end, or when the last of its promises falls due."""

from dataclasses import field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.clock import TICK
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import MARKED
from kpi_core.model.service_levels import Judged
from kpi_core.records import dataclass

DUE = {
    "first_reply_within": pl.col("created_at") + pl.duration(seconds="first_reply_target"),
    "sla_resolution_rate": pl.col("due_at"),
    "sla_resolution_rate_vendor": pl.col("due_at"),
}
"""When each row of a service level falls due."""


@dataclass(kw_only=True, eq=False)
class Finality:
    """When values are final, by the clock of a report's engine."""

    engine: Engine
    _known: dict[tuple[str, Period], datetime | None] = field(default_factory=dict)
    _young: dict[tuple[str, str, timedelta], datetime | None] = field(default_factory=dict)

    def of(self, kpi: Kpi, period: Period) -> datetime | None:
        """The instant from which a KPI's value for a period no longer changes; None when it has passed.

        A service level of a period that has ended is final as soon as none of its rows is waiting to be judged. All there is in the files
        never ends: a value over it is final where hardly a row is younger than what it takes.
        """
        clock = self.engine.clock
        if kpi.matures_after is None or clock.as_of is None:
            return None
        if period.end is None:
            return self._ripe(kpi)
        now, ended = clock.as_of + TICK, clock.instant(period.end)
        if now >= ended + kpi.matures_after:
            return None
        if kpi.known_as not in DUE or not isinstance(kpi.measure, Judged) or now < ended:
            return ended + kpi.matures_after
        if (kpi.name, period) not in self._known:
            self._known[kpi.name, period] = self._last_due(kpi, kpi.measure, period)
        return self._known[kpi.name, period]

    def note(self, kpi: Kpi, period: Period) -> Message | None:
        """From when a value is final, on the report's clock: a day, or an hour of it; None where it is."""
        ripe, zone = self.of(kpi, period), self.engine.clock.zone
        if ripe is None:
            return None
        if zone is not None:
            ripe = ripe.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
        return Message("not-final-before", when=ripe.date() if (ripe.hour, ripe.minute) == (0, 0) else ripe)

    def _ripe(self, kpi: Kpi) -> datetime | None:
        """When the youngest row of a table is old enough for a KPI; None where so few are too young that they move it by little."""
        assert kpi.matures_after is not None
        key = (kpi.table, kpi.dated_by, kpi.matures_after)
        if key not in self._young:
            self._young[key] = self._newest_if_young(*key)
        newest = self._young[key]
        return None if newest is None else newest + kpi.matures_after

    def _newest_if_young(self, table: str, dated_by: str, matures_after: timedelta) -> datetime | None:
        """The date of the newest row, where more than a few are younger than so long."""
        facts, as_of = self.engine.tables.get(table), self.engine.clock.as_of
        if facts is None or dated_by not in facts.frame.columns or as_of is None:
            return None
        dates = facts.frame[dated_by].drop_nulls()
        newest = dates.max()
        young = int((dates > as_of - matures_after).sum())
        return newest if isinstance(newest, datetime) and young > MARKED * len(dates) else None

    def _last_due(self, kpi: Kpi, measure: Judged, period: Period) -> datetime | None:
        """When the last of the rows falls due that are not judged yet; None where all are."""
        day = self.engine.day(kpi.table, kpi.dated_by)
        waiting = day.is_between(pl.lit(period.start), pl.lit(period.end), closed="left") & measure.pending
        found = self.engine.tables[kpi.table].frame.lazy().filter(waiting).select(DUE[kpi.known_as].max())
        last = found.collect().item()
        return last if isinstance(last, datetime) else None
