"""Rows behind a number as JSON, NDJSON and CSV: stable keys, values never localised."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TextIO

import polars as pl

from kpi_cli.outputs import json
from kpi_cli.outputs.csv import cell
from kpi_core.analysis.rows import Drill, Role

Record = dict[str, Any]


def write_json(found: Drill, rows: pl.DataFrame, stream: TextIO) -> None:
    """One document: the question and what a report says to it, how many rows have which role and why, and the rows."""
    document = {**_heading(found), **_account(found), "rows": list(_records(rows))}
    stream.write(json.dumped(document, stream, indent=2) + "\n")


def write_ndjson(found: Drill, rows: pl.DataFrame, stream: TextIO) -> None:
    """The same as one object a line, each with its `type`: query, result, row."""
    lines: Iterator[Record] = ({"type": "row", **record} for record in _records(rows))
    stream.writelines(
        json.dumped(line, stream) + "\n"
        for line in ({"type": "query", **_heading(found)}, {"type": "result", **_account(found)}, *lines)
    )


def write_csv(rows: pl.DataFrame, stream: TextIO) -> None:
    """Header and rows alone; instants by the report's clock, text guarded against being run as a formula."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([cell(name, stream) for name in rows.columns])
    writer.writerows([cell(_cell(value), stream) for value in row] for row in rows.iter_rows())


def _heading(found: Drill) -> Record:
    return {**json.heading(found.report), "sources": [json.source(one) for one in found.report.sources]}


def _account(found: Drill) -> Record:
    return {
        "result": json.result(found.result, found.query),
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
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value)
