"""Competing definitions for programs: values as they are inside (shares 0..1, seconds), never localised."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kpi_cli.documents.document import Rows
from kpi_cli.documents.records import report as records
from kpi_core.analysis.define import Comparison, Outcome, Spread
from kpi_core.model.report import Query
from kpi_core.variants.definition import Definition
from kpi_core.variants.families import Family

Record = dict[str, Any]
FIGURES = ("period", "value", "unit", "n", "numerator", "denominator", "low", "high")
"""The fields of a result, as in a report."""

COLUMNS = (
    *("definition", "title", "whose", "value", "unit", "n", "numerator", "denominator", "low", "high", "difference"),
    *("period.start", "period.end", "formula", "source", "needs", "notes"),
)


def document(comparison: Comparison) -> Record:
    """The comparison with its keys in their fixed order."""
    heading = records.heading(comparison.report)
    if comparison.family.has_windows:
        heading["query"]["period"] = None
    base = comparison.base
    return {
        **heading,
        "family": comparison.family.name,
        "sources": [records.source(one) for one in comparison.report.sources],
        "ours": base.definition.name if base else None,
        "definitions": [_outcome(one, comparison.query) for one in comparison.outcomes],
        "spread": _spread(comparison.spread()),
        "spread_without_naive": _spread(comparison.sober_spread),
        "spread_between_tools": _spread(comparison.tool_spread),
        "unavailable": [{**_definition(one.definition), "needs": [*map(str, one.needs)]} for one in comparison.unfed],
        "findings": records.findings(comparison.report),
    }


def listed(family: Family) -> Record:
    """The definitions of a family without data."""
    return {
        "family": family.name,
        "about": family.about,
        "definitions": [_definition(one) for one in family.definitions],
    }


def _definition(definition: Definition) -> Record:
    return {
        "definition": definition.name,
        "title": definition.title,
        "whose": list(definition.whose),
        "formula": definition.formula,
        "source": definition.source or None,
    }


def _outcome(outcome: Outcome, query: Query) -> Record:
    result = records.result(replace(outcome.result, trend=()), query)
    return {
        **_definition(outcome.definition),
        **{key: result[key] for key in FIGURES},
        "difference": outcome.unit.outside(outcome.difference),
        "notes": result["notes"],
    }


def _spread(spread: Spread | None) -> Record | None:
    if spread is None:
        return None
    unit = spread.low.unit
    return {
        "unit": unit.value,
        "low": {"definition": spread.low.definition.name, "value": unit.outside(spread.low.value)},
        "high": {"definition": spread.high.definition.name, "value": unit.outside(spread.high.value)},
        "width": unit.outside(spread.width),
    }


def rows(comparison: Comparison) -> Rows:
    """One row a definition; those the files cannot feed have no figures and say what they need."""
    return Rows(COLUMNS, ([_plain(record.get(name)) for name in COLUMNS] for record in _records(comparison)))


def _records(comparison: Comparison) -> Iterator[Record]:
    for outcome in comparison.outcomes:
        record = _outcome(outcome, comparison.query)
        period = record.pop("period")
        yield {**record, "period.start": period["start"], "period.end": period["end"]}
    yield from ({**_definition(one.definition), "needs": [*map(str, one.needs)]} for one in comparison.unfed)


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
