"""A column of amounts, marks or times that stands in perfect order in a list that stands in the order of its days: it was sorted alone, and each value stands in another's row; or it is a running total."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.columns import filled
from kpi_core.model.findings import Consequence, Finding

CODE = "sorted-alone"
ROWS = 60
"""Rows with a value from which an order is no chance."""
DAYS = 10
"""Different days that a list must be in the order of."""
VALUES = {"score": 3, "rating": 3}
"""Different values that a column must have; an amount may rise a few times in a year by itself."""
USUALLY = 10
MANY = 5
"""Rows that the rarer values must have together: in order by chance in one list of some millions."""
LOOKED_AT = 200
"""Rows of the head that decide about a column where it is in no order, as nearly all are."""
AT = {"tickets": "created_at", "answers": "answered_at", "orders": "ordered_at", "reviews": "reviewed_at"}
KPIS = {
    "amount": ("revenue*", "aov*", "repurchase_rate_net*"),
    "rating": ("review_rating*", "review_stars*"),
    "handle_time": ("handle_time*",),
    "first_reply_time": ("first_reply*",),
    "resolution_time": ("resolution_time*", "resolved_within*"),
}
"""The KPIs that rest on a column; those of a score have its question's name."""


def sorted_alone(reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on columns that were sorted alone."""
    return [finding for read in reads for finding in _of(read)]


def _of(read: FileRead) -> Iterator[Finding]:
    at, used = AT.get(read.mapping.table, ""), read.used
    if at not in used.columns or used.height < ROWS or not _is_ordered(used[at]):
        return
    if used[at].dt.date().n_unique() < DAYS:
        return
    headers = {found.name: found.header for found in read.narrow.fields}
    headers |= {f"score:{each.name}": each.header for each in read.questions}
    for name in used.columns:
        kind = name.split(":")[0]
        if (kind != "score" and name not in KPIS) or name not in headers or not _is_ordered(used[name]):
            continue
        values = filled(used[name])
        counts = values.value_counts(sort=True)["count"]
        if values.len() < ROWS or counts.len() < VALUES.get(kind, USUALLY) or values.len() - counts[0] < MANY:
            continue
        question = name.split(":")[-1]
        yield Finding(
            code=CODE, kpis=KPIS.get(name, (f"{question}*", "nki*")), is_serious=True, consequence=Consequence.NO_VALUE,
            message=Message("sorted-alone", file=read.name, header=headers[name], count=values.len(), day=headers.get(at, at)),
        )  # fmt: skip


def _is_ordered(column: pl.Series) -> bool:
    """Whether a column rises all the way or falls all the way, blanks apart."""
    for rows in (filled(column.head(LOOKED_AT)), filled(column)):
        if not (rows.is_sorted() or rows.is_sorted(descending=True)):
            return False
    return True
