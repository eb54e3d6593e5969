"""Ends and replies of several tickets that were typed in a wrong year or month: years of work, and a report made in a year to come.

One row of that kind is looked for where the tables are whole (`quality/coverage/stray_dates`). Several are recognised by what turns them
back: a year (or a month) earlier they follow their opening as soon as all others do, and nothing else has happened as late.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

CODE = "far-ahead"
OPENED, REPLIED = "created_at", "first_replied_at"
ENDS = (REPLIED, "first_resolved_at", "resolved_at", "closed_at")
YEARS = ("-1y", "-2y", "-10y")
MONTHS = ("-1mo", "-1y")
"""How far such a time is turned back: one beyond all others, and a reply later than the end of its own ticket."""
APART = timedelta(days=31)
"""How far the last of them lies beyond everything else."""
LATE = timedelta(days=20)
"""How long after the end of its ticket a reply is looked at."""
SEVERAL = 2
OF_MONTHS = 3
"""Rows from which they are no chance: in a wrong year, in a wrong month."""
MOST, MOSTLY = 0.25, 0.8
"""The share of a column's times that may be so, and that of the late ones that must be."""
USUAL = 0.99
LONG = timedelta(days=180)
"""What the times of a column are usually below, of those that take less than half a year."""
DAY = timedelta(days=1)
NAMED = 3
_TIME = "_time"
TOUCHED = {
    REPLIED: ("first_reply*", "requester_wait*", "sla_*"),
    "first_resolved_at": ("first_resolution_time*",),
    "resolved_at": ("resolution_time*", "resolved_within*", "tickets_resolved", "net_flow", "backlog*", "resolution_rate*", "sla_*", "fcr_*"),
    "closed_at": ("backlog*",),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class _Typed:
    """A column of a file, the rows whose times are mistyped, and since when nothing else has happened, if that showed them."""

    name: str
    rows: pl.Series
    newest: datetime | None = None


def without_mistyped(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with such times as unread, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if read.mapping.table != "tickets" or OPENED not in read.used.columns:
            continue
        beyond = list(_beyond(read.used))
        found = beyond if any(each.name == REPLIED for each in beyond) else [*beyond, *_after_their_end(read.used)]
        if found:
            done[place] = _without(read, found)
            findings += [_finding(read, each) for each in found]
    return done, findings


def _beyond(used: pl.DataFrame) -> Iterator[_Typed]:
    """The columns with times that lie beyond everything else, and would be usual in an earlier year."""
    names = [name for name in ENDS if name in used.columns]
    opened = used[OPENED].max()
    tops = used.select(pl.col(names).max()).row(0) if names else ()
    if not isinstance(opened, datetime) or not any(isinstance(top, datetime) and top > opened + APART for top in tops):
        return  # mostly so
    strays = {name: each for name in names if (each := turned_back(used, name, YEARS)) is not None}
    if not strays:
        return
    rest = used.select(
        OPENED, *(pl.when(~strays[name]).then(name).alias(name) if name in strays else name for name in names)
    )
    newest = rest.select(pl.max_horizontal(pl.all().max())).item()
    for name, is_stray in strays.items():
        times = used[name].filter(is_stray)
        top = times.max()
        if isinstance(top, datetime) and top > newest + APART and SEVERAL <= len(times) <= MOST * used[name].count():
            yield _Typed(name=name, rows=used[ROW].filter(is_stray), newest=newest)


def turned_back(used: pl.DataFrame, name: str, ways: Sequence[str]) -> pl.Series | None:
    """Which times of a column took longer than any of half a year, and as long as the others if they are turned back; None where none is so.

    Tickets that are closed in one go, or when they are a year old to the day, were closed then.
    """
    took = used[name] - used[OPENED]
    places = (took > LONG).arg_true().alias("place")
    late, usual = used.select(name, OPENED)[places], None
    for way in ways:
        turned = late.select(name, places, took=pl.col(name).dt.offset_by(way) - pl.col(OPENED))
        if turned["took"].is_between(timedelta(0), LONG, closed="left").sum() < SEVERAL:  # mostly so
            continue
        usual = took.filter((took >= timedelta(0)) & (took < LONG)) if usual is None else usual
        limit = usual.quantile(USUAL, "higher") if len(usual) else None
        if not isinstance(limit, timedelta):
            return None
        strays = turned.filter(pl.col("took").is_between(timedelta(0), max(limit, DAY)))
        if strays.height < SEVERAL:
            continue
        latest, high = strays["took"].max(), usual.quantile(0.75, "higher")
        is_in_order = name == REPLIED or not (isinstance(latest, timedelta) and latest <= DAY < (high or DAY))
        days = strays[name].dt.date().n_unique()
        is_spread = 2 * days > strays.height or 2 * days > used[name].dt.date().n_unique()
        if is_in_order and is_spread:
            return pl.repeat(value=False, n=used.height, dtype=pl.Boolean, eager=True).scatter(
                strays["place"], values=True
            )
    return None


def _after_their_end(used: pl.DataFrame) -> Iterator[_Typed]:
    """First replies weeks after the end of their own ticket, nearly all of which would lie before it in an earlier month or year."""
    if not {REPLIED, "resolved_at"} <= set(used.columns):
        return
    is_late = (used[REPLIED] > used["resolved_at"] + LATE).fill_null(value=False)
    late = used.filter(is_late).select(ROW, OPENED, REPLIED, "resolved_at")
    if not OF_MONTHS <= late.height <= MOST * used[REPLIED].count():
        return
    fits = [pl.col(REPLIED).dt.offset_by(way).is_between(OPENED, "resolved_at") for way in MONTHS]
    typed = late.filter(pl.any_horizontal(fits))[ROW]
    if len(typed) >= max(OF_MONTHS, MOSTLY * late.height):
        yield _Typed(name=REPLIED, rows=typed)


def _without(read: FileRead, found: Sequence[_Typed]) -> FileRead:
    """The file with some times as unreadable cells."""
    used = read.used
    for each in found:
        is_typed, mark = pl.col(ROW).is_in(each.rows.implode()), UNREAD + each.name
        marked = (pl.col(mark).fill_null(value=False) | is_typed) if mark in used.columns else is_typed
        used = used.with_columns(pl.when(~is_typed).then(each.name).alias(each.name), marked.alias(mark))
    return replace(read, used=used)


def places_of(read: FileRead, name: str, rows: pl.Series) -> tuple[str, list[Message]]:
    """The header of a column, and its first cells of some rows of the file as written."""
    field = next(each for each in read.narrow.fields if each.name == name)
    texts = read.narrow.texts(row_index=ROW)
    first = rows.sort().head(NAMED)
    cells = collect(read.raw, texts.filter(pl.col(ROW).is_in(first.implode())).select(ROW, field.text_name)).sort(ROW)
    return field.header, [
        Message("cell-at", file=read.name, row=str(row), header=field.header, cell=cell or "")
        for row, cell in cells.iter_rows()
    ]


def _finding(read: FileRead, found: _Typed) -> Finding:
    """That some times of a file are mistyped, with the first of them as written."""
    header, places = places_of(read, found.name, found.rows)
    where, count = first_of(places, NAMED, of=len(found.rows)), len(found.rows)
    message = (
        Message("mistyped-month", count=count, header=header, places=where)
        if found.newest is None
        else Message("mistyped-year", count=count, header=header, places=where, newest=found.newest.date())
    )
    return Finding(code=CODE, message=message, kpis=TOUCHED[found.name], is_serious=True)
