"""What a user asks of a dataset, before any default is settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kpi_core.conditions import columns_of, parse_condition
from kpi_core.facts import Rules
from kpi_core.kpi import Kpi
from kpi_core.periods import Grain

ALWAYS = frozenset({"ticket_id"})
SPOKEN: dict[tuple[str, ...], frozenset[str]] = {
    ("tickets_per_agent",): frozenset({"agent"}),
    ("complaint_resolution_rate",): frozenset({"type", "tags"}),
    ("fcr_no_repeat", "fcr_no_repeat_14", "fcr_no_repeat_30"): frozenset({"customer_id"}),
}
"""The columns of words that KPIs are made of."""


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
    rules: Rules = field(default_factory=Rules)

    def texts(self) -> frozenset[str]:
        """The columns that must be read for it beside those always read: dimensions, condition, and what KPIs speak of."""
        asked = set(self.by)
        if self.where:
            asked |= set(columns_of(parse_condition(self.where)))
        if self.rules.first_reply_targets or self.rules.resolution_targets:
            asked.add("priority")
        wanted = {kpi.name for kpi in self.kpis}
        return frozenset(asked.union(*(columns for names, columns in SPOKEN.items() if wanted & set(names)), ALWAYS))
