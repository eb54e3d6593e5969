"""What a user asks of a dataset, before any default is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from kpi_core.engine.plan import CURRENCY, fed_by, is_money, needs, of_resolutions, speaks_of, whole
from kpi_core.facts import CUSTOMER_KEYS, Rules
from kpi_core.model.conditions.row_view import WRITTEN, asked_as_written
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Mean, NetShare, Quantile, Share
from kpi_core.model.periods import Grain
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

ALWAYS = frozenset({"ticket_id"})
DERIVED_FROM: dict[str, frozenset[str]] = {
    "is_complaint": frozenset({"type", "tags"}),
    "repeat_after": frozenset({"customer_id"}),
    "channels": frozenset({"channel", "customer_id"}),
    "buyer": frozenset({"customer_id"}),
}
"""The columns of words that facts are derived from without naming them."""

NOT_OF_CUSTOMERS = frozenset(name for table in TABLES.values() if table.name != "customers" for name in table.names)
"""The columns that rows have themselves: any other may be what only the list of customers knows."""

WHO_WRITES = frozenset({"group", "channel"})
"""Where tickets come in: whether some of it ends or begins is looked at whatever is asked of them."""

WHO_ANSWERS = frozenset({"group", "channel", "type", "survey"})
"""What identifies those who answer, where it is asked how many do or what they think."""

OF_ROWS = (Share, Mean, NetShare, Quantile)
"""Measures whose intervals ask whose rows they are: those of one customer go together."""

OPTIONAL = frozenset(
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.kind.is_optional and not column.required
)
"""The columns that are read only when they are asked for."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A report to be made. None leaves a choice to the data.

    `targets` are by KPI name, one for each currency where amounts have several. `compare` is `previous`,
    `year-ago`, `none` or a period. `as_of` is a day (its end), or an instant of the report's zone unless it has an offset.
    `answers` are `all`, or the `newest` or `first` of each customer to each question. `is_long`: groups have a trend too.
    `steps` are the periods that a trend goes back.
    """

    kpis: tuple[Kpi, ...]
    title: str = "Service report"
    period: str | None = None
    grain: Grain | None = None
    by: tuple[str, ...] = ()
    where: str | None = None
    compare: str = "previous"
    as_of: date | None = None
    time_zone: str | None = None
    confidence: float = 0.95
    min_n: int | None = None
    answers: str = "all"
    is_long: bool = False
    steps: int | None = None
    targets: Mapping[str, Sequence[Goal]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)

    def texts(self) -> frozenset[str]:
        """The columns that must be read for it in addition to those always read: dimensions, condition, and what KPIs speak of."""
        asked = {*self.by, *(("agent",) if self.by else ())}  # whether a group is one agent's
        if self.where:
            names = columns_of(parse_condition(self.where))
            asked |= {*names, *(WRITTEN + name for name in asked_as_written(self.where, names))}
        if {name for name in asked if not name.startswith(WRITTEN)} - NOT_OF_CUSTOMERS:
            asked |= set(CUSTOMER_KEYS)
        for promise in (*self.rules.first_reply_targets, *self.rules.resolution_targets):
            asked |= set(promise.among)
        if self.rules.calendar is not None and self.rules.calendar.groups:
            asked.add("group")
        fed = frozenset[str]().union(*map(fed_by, self.kpis))
        asked |= WHO_WRITES if fed & {"tickets", "answers"} else set()
        asked |= WHO_ANSWERS if "answers" in fed else set()
        asked |= {name for kpi in self.kpis if kpi.own for _, name in speaks_of(kpi) if name.startswith(WRITTEN)}
        for kpi in self.kpis:
            asked |= (
                {"customer_id"} if of_resolutions(kpi) is not None or isinstance(whole(kpi).measure, OF_ROWS) else set()
            )
            asked |= {CURRENCY} if is_money(kpi) else set()
            for _, name in needs(kpi):
                asked |= DERIVED_FROM.get(name, {name} & OPTIONAL)
        return frozenset(asked | ALWAYS)
