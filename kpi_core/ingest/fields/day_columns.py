"""Columns that know days alone: what falls due on a day has all of it, and no time runs from a day to an hour."""

from collections.abc import Sequence
from datetime import time

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, NarrowScan, collect
from kpi_core.messages.message import Message
from kpi_core.model.columns import DAYS
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Kind

DUE = "due_at"
TIMED = ("tickets", "messages")
"""Tables whose instants are apart by hours: of the others days are all that anybody expects."""
ENOUGH = 3
"""Different days that are all written with midnight, as a spreadsheet writes days, before that is no chance."""
LOOKED_AT = 1_000
"""How many rows show that most columns have times."""
FEWEST, FEWEST_DAYS, NEARLY_ALL = 100, 10, 0.98
"""Ends, on so many days, and their share at one time of day, from which nobody looked at a clock."""
ONE_TIME = ("first_replied_at", "first_resolved_at", "resolved_at", "closed_at")
ROWS_A_MONTH = 2
"""Rows that a month has at least, on the mean, before it is no chance that all of them are the first of one."""
_REST = pl.duration(days=1, milliseconds=-1)
_CLOCK = r"\d:\d\d"
_TIME = r"\d:\d\d|[\sT]\d{1,2}\.\d\d(?:\.\d\d)?$"


def _is_midnight(instant: pl.Expr) -> pl.Expr:
    return instant.dt.time() == pl.lit(time())


def to_the_end(instant: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The instant, and the last of its day where the cell names no time."""
    return pl.when(_is_midnight(instant) & ~text.str.contains(_CLOCK)).then(instant + _REST).otherwise(instant)


def days_alone(frame: pl.DataFrame, fields: Sequence[Field]) -> frozenset[str]:
    """The instants of a file, as its cells have them, of which every one is a day without a time."""
    instants = [found for found in fields if found.kind is Kind.INSTANT]
    first = frame.head(LOOKED_AT).select(_is_midnight(pl.col(field.name)).all() for field in instants)
    found = set()
    for field in instants:
        if not first[field.name].all():
            continue
        known = frame[field.name].drop_nulls()
        if len(known) and _are_midnights(known) and (field.is_day or known.n_unique() >= ENOUGH):
            found.add(field.name)
    return frozenset(found)


def with_days_among(
    frame: pl.DataFrame, scanned: NarrowScan, days: frozenset[str], months: frozenset[str]
) -> pl.DataFrame:
    """The frame with the rows marked whose cell is a day without a time in a column of other cells with times.

    A midnight that is written as such is a time; where one is not, as many a typed date in a spreadsheet, the hour is unknown.
    """
    instants = [
        found for found in scanned.fields
        if found.kind is Kind.INSTANT and found.name not in {DUE, *days, *months} and found.name in frame.columns
    ]  # fmt: skip
    midnights = frame.head(LOOKED_AT).select(_is_midnight(pl.col(found.name)).sum() for found in instants)
    for found in instants:
        if midnights[found.name][0] < (1 if frame.height <= LOOKED_AT else ENOUGH):
            continue
        rows = frame.filter(_is_midnight(pl.col(found.name)))[ROW]
        texts = scanned.texts(row_index=ROW).select(ROW, text=found.text_name)
        is_timed = pl.col("text").str.contains(_TIME)
        alone = collect(scanned.raw, texts.filter(pl.col(ROW).is_in(rows.implode()) & ~is_timed))[ROW]
        if len(alone) and _has_clocks(scanned, found):
            frame = frame.with_columns(pl.col(ROW).is_in(alone.implode()).alias(DAYS + found.name))
    return frame


def with_days_at_one_time(
    frame: pl.DataFrame, fields: Sequence[Field], days: frozenset[str], file: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """The frame with the ends marked as days that nearly all are at one time of day (23:59, 12:00), and the findings on it.

    Nobody resolves all cases on the same second of a day: a program has put a time behind a date. Written without a zone, such an
    end becomes the beginning of its day, as a date is; one of other clocks has its day in the report's own.
    """
    findings: list[Finding] = []
    # An opening at one time of day is a job's; next to an end that is none it is as much of a date.
    for found in sorted(fields, key=lambda each: each.name == "created_at"):
        names = (*ONE_TIME, "created_at") if findings else ONE_TIME
        if found.name not in names or found.name in days or found.name not in frame.columns:
            continue
        first = _most_at(frame[found.name].head(LOOKED_AT))
        most = first and _most_at(frame[found.name])
        if most is None:
            continue
        moment, count, of = most
        is_so = (pl.col(found.name).dt.time() == pl.lit(moment)).fill_null(value=False)
        mark = DAYS + found.name
        marks = is_so | pl.col(mark) if mark in frame.columns else is_so
        frame = frame.with_columns(
            marks.alias(mark),
            *([] if found.is_utc else [pl.when(is_so).then(pl.col(found.name).dt.truncate("1d")).otherwise(found.name).alias(found.name)]),
        )  # fmt: skip
        message = Message("one-time-of-day", file=file, header=found.header, time=f"{moment:%H:%M}", count=count, of=of)
        findings.append(Finding(code="days-only", message=message))
    return frame, findings


def _most_at(instants: pl.Series) -> tuple[time, int, int] | None:
    """The time of day, not midnight, that nearly all of many instants have, how many those are, and of how many; None without one."""
    known = instants.drop_nulls()
    if len(known) < FEWEST:
        return None
    usual = known.head(FEWEST).dt.time().mode()[0]
    is_so = known.dt.time() == usual
    count = int(is_so.sum())
    if usual == time() or count < NEARLY_ALL * len(known):
        return None
    return (usual, count, len(known)) if known.filter(is_so).dt.date().n_unique() >= FEWEST_DAYS else None


def _has_clocks(scanned: NarrowScan, found: Field) -> bool:
    """Whether the cells of a column that have times write them as clocks."""
    seen = collect(scanned.raw, scanned.texts().select(text=found.text_name).head(LOOKED_AT))["text"]
    return bool(seen.str.contains(_TIME).any())


def months_alone(frame: pl.DataFrame, fields: Sequence[Field], days: frozenset[str]) -> frozenset[str]:
    """The instants of a file of which it knows no more than the month.

    Those that are written so; of `days` those that are all the first of a month too, in more rows than a list of what begins
    on the first would be likely to have, as a spreadsheet writes months.
    """
    written = {found.name for found in fields if found.is_month and frame[found.name].count()}
    return frozenset(written | {name for name in days if _are_firsts(frame[name].drop_nulls())})


def _are_firsts(known: pl.Series) -> bool:
    if not (known.head(LOOKED_AT).dt.day() == 1).all() or not (known.dt.day() == 1).all():
        return False
    months = known.n_unique()
    return months >= ENOUGH and len(known) >= ROWS_A_MONTH * months


def month_notes(fields: Sequence[Field], months: frozenset[str]) -> list[Message]:
    """The finding on a column in which all days are the first of a month."""
    firsts = [found for found in fields if found.name in months and not found.is_month]
    return [Message("firsts-of-months", header=found.header) for found in firsts]


def _are_midnights(instants: pl.Series) -> bool:
    return bool(instants.to_frame("at").select(_is_midnight(pl.col("at")).all()).item())


def until_its_end(frame: pl.DataFrame, days: frozenset[str]) -> pl.DataFrame:
    """The frame with what falls due on a day due at the last of it."""
    return frame.with_columns(pl.col(DUE) + _REST) if DUE in days else frame


def due_note(fields: Sequence[Field], days: frozenset[str]) -> list[Message]:
    """The finding on a column of due times that are days."""
    due = [found for found in fields if found.name == DUE and (found.is_day or DUE in days)]
    return [Message("due-days", header=found.header) for found in due]
