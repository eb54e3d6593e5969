"""Rows behind a number for programs: stable keys, values never localised."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from kpi_cli.documents.document import Rows
from kpi_cli.documents.records import report as records
from kpi_core.analysis.rows import Drill, Role

Record = dict[str, Any]


def document(found: Drill, listed: pl.DataFrame) -> Record:
    """The question and what a report says to it, how many rows have which role and why, and the rows."""
    return {**_heading(found), **_account(found), "rows": list(_records(listed))}


def lines(found: Drill, listed: pl.DataFrame) -> Iterator[Record]:
    """The same as one object a line: query, result, row."""
    yield {"type": "query", **_heading(found)}
    yield {"type": "result", **_account(found)}
    yield from ({"type": "row", **record} for record in _records(listed))


def rows(listed: pl.DataFrame) -> Rows:
    """Header and rows alone; instants by the report's clock."""
    return Rows(tuple(listed.columns), ([_cell(value) for value in row] for row in listed.iter_rows()))


def _heading(found: Drill) -> Record:
    return {**records.heading(found.report), "sources": [records.source(one) for one in found.report.sources]}


def _account(found: Drill) -> Record:
    return {
        "result": records.result(found.result, found.query),
        "counts": {role.value: count for role, count in found.counts.items()},
        "reasons": [
            {"role": role.value, "reason": reason, "rows": count}
            for role in (Role.LEFT_OUT, Role.OUTSIDE)
            for reason, count in found.reasons(role)
        ],
    }


def _records(rows: pl.DataFrame) -> Iterator[Record]:
    for row in rows.iter_rows(named=True):
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return _plain(value)
