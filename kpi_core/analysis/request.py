"""What a user asks of a dataset, before any default is settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kpi_core.conditions import columns_of, parse_condition
from kpi_core.facts import Rules
from kpi_core.kpi import Kpi
from kpi_core.periods import Grain
from kpi_core.tables import TABLES

KPI_TEXTS = frozenset({"agent", "type", "tags"})


@dataclass(frozen=True, kw_only=True)
class Request:
    """A report to be made. None leaves a choice to the data.

    `targets` are in inside units (shares 0..1, NPS −1..1, seconds) by KPI name. `compare` is `previous`,
    `year-ago`, `none` or a period.
    """

    kpis: tuple[Kpi, ...]
    title: str = "Service report"
    period: str | None = None
    grain: Grain | None = None
    by: tuple[str, ...] = ()
    where: str | None = None
    compare: str = "previous"
    as_of: datetime | None = None
    time_zone: str | None = None
    confidence: float = 0.95
    min_n: int | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    rules: Rules = Rules()
    everything: bool = False

    def texts(self) -> frozenset[str]:
        """The text columns that must be read for it: dimensions, condition, and what KPIs speak of."""
        asked = set(self.by)
        if self.where:
            asked |= set(columns_of(parse_condition(self.where)))
        typed = {column.name for table in TABLES.values() for column in table.columns if column.kind.value not in ("text", "key")}
        wanted = {kpi.name for kpi in self.kpis}
        spoken = ({"agent"} if "tickets_per_agent" in wanted else set()) | (
            {"type", "tags"} if "complaint_resolution_rate" in wanted else set()
        )
        return frozenset((asked - typed) | spoken)
