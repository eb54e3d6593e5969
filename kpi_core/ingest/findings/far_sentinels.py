"""One date far in the future, written again and again: it stands for none, as `2099-12-31` for what has not happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES

CODE = "far-ahead"
YEARS = timedelta(days=5 * 365)
"""How far beyond all other dates of a file such a date lies."""
FEW = 3
"""The different dates that may stand for none in one file, which has more of other ones."""
PLANNED = frozenset({"customers", "costs"})
"""Tables whose dates may be plans: the end of a contract, the cost of a month."""


def without_sentinels(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with such dates as missing, and the findings on them. A single one is a mistyped year, and reported elsewhere."""
    done, findings = [], []
    for read in reads:
        limit = None if read.mapping.table in PLANNED else _limit(read)
        found = () if limit is None else tuple(_found(read, limit))
        done.append(read if limit is None or not found else _without(read, [name for name, _ in found], limit))
        findings += [finding for _, finding in found]
    return done, findings


def _events(read: FileRead) -> list[str]:
    return [name for name in TABLES[read.mapping.table].events if name in read.used.columns]


def _limit(read: FileRead) -> datetime | None:
    """The newest date of a file but those that stand for none; None where none does."""
    events = _events(read)
    if not events or read.used.is_empty():
        return None
    ends = (pl.max_horizontal(pl.col(events).max()), pl.min_horizontal(pl.col(events).min()).alias("first"))
    if not _are_far_apart(*read.used.select(ends).row(0)):  # mostly so, and known without putting all columns into one
        return None
    return _newest(pl.concat([read.used[name].drop_nulls() for name in events]))


def _are_far_apart(top: object, first: object) -> bool:
    """Whether the newest and the oldest of some instants lie years apart; they do not where there are none."""
    return isinstance(top, datetime) and isinstance(first, datetime) and first <= top - YEARS


def _newest(instants: pl.Series) -> datetime | None:
    """The newest of some instants but a few repeated ones far beyond it; None where there are no such ones."""
    top = instants.max()
    if not isinstance(top, datetime) or not _are_far_apart(top, instants.min()):
        return None
    others, beyond = instants.filter(instants <= top - YEARS), instants.filter(instants > top - YEARS)
    newest, least = others.max(), beyond.min()
    if not isinstance(newest, datetime) or not isinstance(least, datetime) or least <= newest + YEARS:
        return None
    different = beyond.n_unique()
    if different > FEW or different == len(beyond) or others.n_unique() <= FEW:
        return None
    return _newest(others) or newest


def _found(read: FileRead, limit: datetime) -> Iterator[tuple[str, Finding]]:
    """The columns with dates beyond the limit, each with its finding."""
    headers = {found.name: found for found in read.narrow.fields}
    for name in _events(read):
        rows = read.used.filter(pl.col(name) > limit)[ROW]
        field = headers.get(name)
        if rows.is_empty() or field is None:
            continue
        texts = read.narrow.texts(row_index=ROW)
        first = collect(read.raw, texts.filter(pl.col(ROW) == rows[0]).select(field.text_name)).item()
        message = Message("far-ahead", file=read.name, header=field.header, date=first, count=len(rows))
        yield name, Finding(code=CODE, message=message)


def _without(read: FileRead, names: Sequence[str], limit: datetime) -> FileRead:
    return replace(
        read, used=read.used.with_columns(pl.when(pl.col(name) <= limit).then(name).alias(name) for name in names)
    )
