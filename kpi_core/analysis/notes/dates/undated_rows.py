"""Which rows of a KPI lie in a period: none where the date that would place them was not read, and those without one in none."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.engine.plan import leaves
from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Part
from kpi_core.model.report import MARKED

UNDATED_ROWS = "undated-rows"
PLACED = frozenset(
    {
        ("tickets", "created_at"),
        ("answers", "answered_at"),
        ("orders", "ordered_at"),
        ("reviews", "reviewed_at"),
        ("leads", "created_at"),
        ("costs", "spent_at"),
    }
)
"""The dates that place the rows of a table; other dates have findings of their own."""


def undated(kpi: Kpi, facts: Mapping[str, Facts]) -> Iterator[tuple[str, str]]:
    """The dates (table, column) without which no row of the KPI lies in any period; its facts can be computed."""
    for leaf in leaves(kpi):
        table, dated_by = leaf.table or kpi.table, leaf.dated_by or kpi.dated_by
        if not _is_dated(facts[table], dated_by) and _has_rows(facts[table], leaf):
            yield table, dated_by


def _is_dated(facts: Facts, dated_by: str) -> bool:
    """Whether the files have the date: a column of theirs that holds none yet says that nothing has happened."""
    if dated_by in facts.available:
        return True
    return dated_by in facts.frame.columns and facts.frame[dated_by].null_count() < facts.frame.height


def _has_rows(facts: Facts, part: Part) -> bool:
    """Whether any row counts in the part: where none does its number is known, whatever its date."""
    return any(facts.frame.select(fact.is_not_null().any()).item() for fact in part.measure.facts()[:1])


def undated_rows(kpis: Sequence[Kpi], facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """The rows that lie in no period because their own date is blank, with the KPIs that leave them out."""
    touched: dict[tuple[str, str], dict[str, None]] = {}
    for kpi in kpis:
        for leaf in leaves(kpi):
            key = (leaf.table or kpi.table, leaf.dated_by or kpi.dated_by)
            if key in PLACED and key[0] in facts:
                touched.setdefault(key, {})[kpi.name] = None
    for (table, dated_by), names in touched.items():
        frame = facts[table].frame
        blank, whole = _blank(frame, dated_by), frame.height
        if 0 < blank < whole:
            yield Finding(
                code=UNDATED_ROWS, message=_lacking(table, blank),
                kpis=tuple(names), is_serious=blank > MARKED * whole,
            )  # fmt: skip


def undated_of(facts: Mapping[str, Facts]) -> dict[tuple[str, str], tuple[int, int]]:
    """By table and the date that places its rows, how many have none, of how many; those of which some have one."""
    counts = {
        key: (_blank(facts[key[0]].frame, key[1]), facts[key[0]].frame.height) for key in PLACED if key[0] in facts
    }
    return {key: (blank, whole) for key, (blank, whole) in counts.items() if 0 < blank < whole}


def _lacking(table: str, count: int) -> Message:
    """That so many rows of a table lack the date that places them."""
    match table:
        case "tickets":
            return Message("undated-tickets", count=count)
        case "answers":
            return Message("undated-answers", count=count)
        case "orders":
            return Message("undated-orders", count=count)
        case "reviews":
            return Message("undated-reviews", count=count)
        case "leads":
            return Message("undated-leads", count=count)
        case _:
            return Message("undated-costs", count=count)


def _blank(frame: pl.DataFrame, dated_by: str) -> int:
    """The rows without the date; of answers those that were given."""
    if dated_by not in frame.columns or not frame[dated_by].has_nulls():
        return 0
    if dated_by != "answered_at":
        return frame[dated_by].null_count()
    return int(frame.select((pl.col(dated_by).is_null() & pl.col("score").is_not_null()).sum()).item())
