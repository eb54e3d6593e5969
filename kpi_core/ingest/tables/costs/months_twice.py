"""A month that stands twice in a list which has every other one once, as where a row was pasted again or a correction put below.

Added up, the month would cost twice as much. Of the same amount the second row is taken for the first again; of another it may be a correction or
a cost of its own, and that it was added is said beside what it touches.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.costs.cost_versions import AMOUNT, AT, FILE, KEY, KIND, UNIT, costs_of, has_dates, touched
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

CODE = "month-twice"
SAME_COST = Message("row-of-one-cost")
FEWEST = 4
"""Costs, by month and kind, from which a list shows that it has each once."""
MOST = 0.25
"""The share of them that may stand more than once in a list that otherwise has each once."""


def months_once(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files without rows that stand again in a list of one row a month, and the findings on the months that do."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if not has_dates(read):
            continue
        rows = costs_of(read, place).drop_nulls([AT, AMOUNT])
        repeated = pl.concat(
            [_repeated(of_list) for (_,), of_list in rows.group_by(UNIT, maintain_order=True)] or [rows.clear()]
        )
        if repeated.is_empty():
            continue
        again = repeated.filter(pl.struct(FILE, UNIT, KEY, AT, AMOUNT).is_first_distinct().not_())
        if again.height:
            done[place] = without_rows(read, again[ROW].cast(pl.UInt32), SAME_COST)
            message = Message("month-again", file=read.name, months=_months(again), count=again.height)
            findings.append(Finding(code=CODE, message=message, kpis=_kpis(again), is_serious=True))
        added = repeated.filter(pl.col(AMOUNT).n_unique().over(UNIT, KEY, AT) > 1)
        if added.height:
            message = Message("month-added-up", file=read.name, months=_months(added), count=added[AT].n_unique())
            findings.append(Finding(code=CODE, message=message, kpis=_kpis(added), is_serious=True))
    return done, findings


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a list that are of one month and kind with others; none where the list shows no habit of one row each."""
    is_repeated = pl.struct(KEY, AT).is_duplicated()
    repeated, different = rows.filter(is_repeated), rows.select(KEY, AT).n_unique()
    twice = repeated.select(KEY, AT).n_unique()
    return repeated if different >= FEWEST and twice <= MOST * different else rows.clear()


def _months(rows: pl.DataFrame) -> list[str]:
    """The months of some costs. Fourteen hours on, a month that begins at midnight in any zone has begun in UTC."""
    at = (pl.col(AT) + pl.duration(hours=14)).dt.strftime("%Y-%m")
    return rows.select(at.unique().sort()).to_series().to_list()


def _kpis(rows: pl.DataFrame) -> tuple[str, ...]:
    return touched(rows.select(pl.col(KIND).unique().implode().alias("kinds")))
