"""Files under examination: what any KPI is over all their rows, as they were read and as they might have been.

A defect is worth what it does to a number. It says so with the tables as they would be without it; the facts and
the KPI are then derived from those by the very rules of a report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.engine.cells import Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import needs
from kpi_core.facts import INNATE, Facts, Rules, derive, with_threads
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.file_read import FileRead
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import ALL
from kpi_core.quality.coverage.covered_days import newest_event
from kpi_core.quality.coverage.planned_ends import without_plans
from kpi_core.quality.defects import COUNTED, Cost
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True, eq=False)
class Examined:
    """A dataset with its facts, over all rows whatever the period."""

    dataset: Dataset
    facts: Mapping[str, Facts]
    rules: Rules

    @property
    def clock(self) -> Clock:
        """The clock of the report: the files' own zone, as of their newest event."""
        return Clock(zone=self.dataset.zone, as_of=self.rules.as_of)

    def value(self, kpi: Kpi, facts: Mapping[str, Facts]) -> float | None:
        """The KPI over all rows of some facts; None where they lack a column for it, or a row that counts."""
        wanted = [(table, name) for table, name in needs(kpi) if name not in INNATE]
        if any(table not in facts or name not in facts[table].available for table, name in wanted):
            return None
        engine = Engine(tables=facts, clock=self.clock, dimensions=(), periods=[ALL], confidence=0.95, kpis=[kpi])
        return engine.value(kpi, Cell(period=ALL)).value

    def cost(self, kpis: Sequence[str], if_so: Message, table: str, frame: pl.DataFrame) -> Cost | None:
        """A KPI as it is and with `frame` in place of a table: the first of some that differs, else the first.

        None where none of them can be had.
        """
        chosen = [BY_NAME[name] for name in kpis if self.value(BY_NAME[name], self.facts) is not None]
        wanted = frozenset(name for kpi in chosen for _, name in needs(kpi))
        other = derive({**self.dataset.tables, table: frame}, self.rules, wanted)
        costs = [
            Cost(kpi=kpi, value=self.value(kpi, self.facts), otherwise=self.value(kpi, other), if_so=if_so)
            for kpi in chosen
        ]
        return next((cost for cost in costs if cost.value != cost.otherwise), costs[0] if costs else None)

    def counted(self, table: str, more: int, if_so: Message) -> Cost | None:
        """What counts the rows of a table, as it is and with some more; None where nothing counts them."""
        kpi = BY_NAME.get(COUNTED.get(table, ""))
        value = None if kpi is None else self.value(kpi, self.facts)
        return None if kpi is None or value is None else Cost(kpi=kpi, value=value, otherwise=value + more, if_so=if_so)

    def rows_of(self, read: FileRead) -> pl.Expr:
        """Which rows of its table are a file's own."""
        others = [other for other in self.dataset.reads if other.mapping.table == read.mapping.table]
        return pl.col("_file") == others.index(read)


def examined(dataset: Dataset) -> Examined:
    """The dataset with everything that can be derived from it."""
    happened, _ = without_plans(dataset.tables)
    as_of, _ = newest_event(happened, zone=dataset.zone)
    rules = Rules(as_of=as_of, zone=dataset.zone)
    changed = replace(dataset, tables=with_threads(happened))
    return Examined(dataset=changed, facts=derive(changed.tables, rules), rules=rules)
