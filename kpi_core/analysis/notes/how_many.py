"""How many resolutions, tickets and customers a count of resolutions is of: a ticket reopened was resolved more than once."""

from dataclasses import field

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import of_resolutions
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count
from kpi_core.records import dataclass

CUSTOMERS = ("customer_id", "customer_email")
"""Whose tickets they are, the first that there is."""


@dataclass(frozen=True, kw_only=True)
class HowMany:
    """What a count of resolutions is of.

    Attributes:
        tickets: resolved in the period, each counted once, where it was last resolved.
        events: how often these were resolved so far; None where the files do not count reopenings.
        customers: different ones among them; None where the files name none.
        unnamed: tickets whose customer is not known.
    """

    tickets: int
    events: int | None
    customers: int | None
    unnamed: int = 0

    @property
    def message(self) -> Message:
        """The same in words; that a ticket was reopened only where one was."""
        if self.events == self.tickets and self.customers is not None:
            return Message("how-many-once", tickets=self.tickets, customers=self.customers)
        if self.events == self.tickets:
            return Message("how-many-tickets-once", tickets=self.tickets)
        if self.events is not None and self.customers is not None:
            return Message("how-many-all", events=self.events, tickets=self.tickets, customers=self.customers)
        if self.events is not None:
            return Message("how-many-events", events=self.events, tickets=self.tickets)
        if self.customers is not None:
            return Message("how-many-customers", tickets=self.tickets, customers=self.customers)
        return Message("how-many-tickets", tickets=self.tickets)


@dataclass(kw_only=True, eq=False)
class Resolutions:
    """Gives it for the KPIs of a report, whose counts are often the same."""

    engine: Engine
    _found: dict[tuple[Count, Cell], HowMany | None] = field(default_factory=dict)

    def of(self, kpi: Kpi, cell: Cell) -> HowMany | None:
        """How many resolutions, tickets and customers a KPI counts in a cell; None of a KPI that counts no resolutions."""
        if (counted := of_resolutions(kpi)) is None or "tickets" not in self.engine.tables:
            return None
        if (counted, cell) not in self._found:
            self._found[counted, cell] = how_many(counted, self.engine, cell)
        return self._found[counted, cell]


def how_many(measure: Count, engine: Engine, cell: Cell) -> HowMany | None:
    """What a count of resolutions is of in a cell; None where there is none."""
    frame = engine.tables["tickets"].frame
    (counted,) = measure.facts()
    rows = frame.lazy().select(
        counted.alias("_counted"), engine.day("tickets", "resolved_at").alias("_day"),
        *(pl.col(name) for name in ("ticket_id", "reopens", *CUSTOMERS) if name in frame.columns),
        *([pl.col(cell.dimension).cast(pl.String).alias("_group")] if cell.dimension != TOTAL else []),
    ).filter(pl.col("_counted") == 1)  # fmt: skip
    if cell.period.start is not None and cell.period.end is not None:
        rows = rows.filter(pl.col("_day").is_between(cell.period.start, cell.period.end, closed="left"))
    if cell.dimension != TOTAL:
        rows = rows.filter(pl.col("_group").eq_missing(pl.lit(cell.group, pl.String)))
    return _counted(rows.collect())


def _counted(rows: pl.DataFrame) -> HowMany | None:
    """How many some resolutions are; None of none."""
    if rows.is_empty():
        return None
    names = [name for name in CUSTOMERS if name in rows.columns]
    one = [pl.col(name) for name in names] if len(names) == 1 else [pl.col(name).cast(pl.String) for name in names]
    whose = rows.select(pl.coalesce(one)).to_series() if names else None
    events = rows.height + int(rows["reopens"].fill_null(0).clip(0).sum()) if _counts_reopenings(rows) else None
    known = None if whose is None else whose.drop_nulls()
    return HowMany(
        tickets=rows.height, events=events, customers=known.n_unique() if known is not None and len(known) else None,
        unnamed=0 if whose is None else whose.null_count(),
    )  # fmt: skip


def _counts_reopenings(rows: pl.DataFrame) -> bool:
    return "reopens" in rows.columns and rows["reopens"].null_count() < rows.height
