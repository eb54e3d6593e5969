"""What a KPI rests on: its measures that have rows of their own, and the columns they are made of."""

from collections.abc import Iterator

from kpi_core.kpi import Kpi
from kpi_core.measures import (
    Combined,
    Index,
    Part,
)


def leaves(kpi: Kpi) -> Iterator[Part]:
    """The measures of a KPI that rest on rows, each with its table and date."""
    if isinstance(kpi.measure, Combined):
        for part in (kpi.measure.first, kpi.measure.second):
            yield Part(part.measure, part.table or kpi.table, part.dated_by or kpi.dated_by)
    else:
        yield Part(kpi.measure, kpi.table, kpi.dated_by)


def needs(kpi: Kpi) -> frozenset[tuple[str, str]]:
    """The (table, column) pairs a KPI's facts are made of."""
    columns = {
        (leaf.table or kpi.table, name)
        for leaf in leaves(kpi)
        for fact in leaf.measure.facts()
        for name in fact.meta.root_names()
    }
    questions = set(kpi.measure.weights) if isinstance(kpi.measure, Index) else {kpi.asks} if kpi.asks else set()
    return frozenset(columns | {(kpi.table, f"question:{question}") for question in questions})
