"""Dates whose day and month may have changed places, found from the calendar they then make.

A spreadsheet that expects the other order turns every date up to the 12th and leaves the rest: what it made of
March lies all over the year. A column read the wrong way round has no day past the 12th at all. A day past the
12th (a sure one) can be neither, so everything is compared with those.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import polars as pl

from kpi_core.ingest.cells.dates.date_order import MONTH_FIRST
from kpi_core.ingest.cells.dates.zones import local, to_utc
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.quality.day_month.turned_dates import LAST, is_open, turned
from kpi_core.quality.defects import Cost, Defect
from kpi_core.quality.what_if import Examined
from kpi_core.records import dataclass

FEW = 3
"""Fewer dates than these show nothing."""

FAR = timedelta(days=31)
MOST = 0.9
"""The share of doubtful dates that turning must put right."""

SPREAD = 8
"""How many of the twelve days must occur before their share is judged: monthly figures fall on one of them."""

UNLIKELY = 4
"""Standard deviations beyond which a share of days is no chance."""

ENDS = ("first_replied_at", "resolved_at", "closed_at")
TIMES = ("resolution_time_mean", "first_reply_time_mean", "backlog_age")


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Why a column's dates are doubted, and how many of them."""

    name: str
    why: Message
    count: int


def turned_dates(seen: Examined) -> Iterator[Defect]:
    """Files with dates that look turned, in part or as a whole, or that lack the days past the 12th."""
    for read in seen.dataset.reads:
        rows = read.narrow.frame.filter(pl.col(narrow_scan.MASK) == 0)
        walls = [name for name in read.walls if name in rows.columns]
        whole = [doubt for name in walls if (doubt := _whole(read, rows, name))]
        part = [] if whole else _in_part(read, rows, walls)
        few = [] if whole or part else [doubt for name in walls if (doubt := _scarce(rows, name))]
        for code, doubts in (("day-month-order", whole), ("day-month-turned", part), ("days-past-12-scarce", few)):
            if doubts:
                yield _defect(seen, read, code, doubts)


def _defect(seen: Examined, read: FileRead, code: str, doubts: Sequence[Doubt]) -> Defect:
    """One defect for the file: the first column in full, the others named."""
    headers = {field.name: field.header for field in read.narrow.fields}
    first, *others = doubts
    message = Message("in-column", header=headers[first.name], why=first.why)
    if others:
        likewise = [headers[doubt.name] for doubt in others]
        message = Message("in-columns", header=headers[first.name], why=first.why, others=likewise)
    cost = None if code == "days-past-12-scarce" else _cost(seen, read, [doubt.name for doubt in doubts])
    return Defect(code=code, message=message, count=sum(doubt.count for doubt in doubts),
                  file=read.name, cost=cost)  # fmt: skip


def _cost(seen: Examined, read: FileRead, names: Sequence[str]) -> Cost | None:
    """A time, with each date of the columns turned that can be."""
    if read.mapping.table != "tickets":
        return None
    tickets, zone = seen.dataset.tables["tickets"], seen.dataset.zone
    walls = tickets.with_columns(local(pl.col(name), zone) for name in names)
    other = walls.with_columns(
        pl.when(seen.rows_of(read)).then(pl.coalesce(turned(pl.col(name)), name)).otherwise(name).alias(name)
        for name in names
    )
    instants = other if zone is None else to_utc(other, names, zone)[0]
    return seen.cost(TIMES, Message("if-turned"), "tickets", instants)


def _whole(read: FileRead, rows: pl.DataFrame, name: str) -> Doubt | None:
    """A column whose order the cells do not prove, without a sure date, that turned would cover fewer days."""
    field = next(field for field in read.narrow.fields if field.name == name)
    date = pl.col(name)
    days = rows.select(day=date.dt.truncate("1d")).drop_nulls().unique()
    parts = days.select(
        spread=(pl.col("day").max() - pl.col("day").min()), other=turned(pl.col("day")).max() - turned(pl.col("day")).min(),
        is_sure=(pl.col("day").dt.day() > LAST).any(), open=is_open(pl.col("day")).sum(),
    ).row(0, named=True)  # fmt: skip
    if (
        not field.notes
        or days.height < FEW
        or parts["is_sure"]
        or not parts["open"]
        or parts["other"] >= parts["spread"]
    ):
        return None
    hows = (how for note in field.notes if isinstance(how := note.values.get("how"), Message))
    is_month_first = any(how.key in MONTH_FIRST for how in hows)
    why = Message(
        "read-month-first" if is_month_first else "read-day-first",
        days=parts["spread"].days + 1, other=parts["other"].days + 1,
    )  # fmt: skip
    return Doubt(name=name, why=why, count=int(rows[name].count()))


def _in_part(read: FileRead, rows: pl.DataFrame, walls: Sequence[str]) -> list[Doubt]:
    """Columns with dates far off that turning brings home, else the column whose turning puts instants in order."""
    found = [doubt for name in walls if (doubt := _astray(rows, name))]
    if found or read.mapping.table != "tickets":
        return found
    return [doubt for end in ENDS if {"created_at", end} <= set(walls) for doubt in _out_of_order(rows, end)][:1]


def _astray(rows: pl.DataFrame, name: str) -> Doubt | None:
    """Open dates far from every sure one, that turned lie among them."""
    dates = rows.select(date=name).drop_nulls()
    sure = dates.filter(pl.col("date").dt.day() > LAST)["date"]
    first, last = sure.min(), sure.max()
    if len(sure) < FEW or first is None or last is None:
        return None
    near = (pl.lit(first) - FAR, pl.lit(last) + FAR)
    far = dates.filter(is_open(pl.col("date")) & ~pl.col("date").is_between(*near))
    home = far.filter(turned(pl.col("date")).is_between(*near))
    if home.height < FEW or home.height < MOST * far.height:
        return None
    example = home.sort("date").select(pl.col("date").dt.date(), now=turned(pl.col("date")).dt.date()).row(-1)
    why = Message("dates-astray", count=home.height, one=example[0], other=example[1])
    return Doubt(name=name, why=why, count=home.height)


def _out_of_order(rows: pl.DataFrame, end: str) -> Iterator[Doubt]:
    """An opening or an end whose turning puts in order what is not, where no two sure dates are out of order."""
    begun, ended = pl.col("created_at"), pl.col(end)
    pairs = rows.select("created_at", end).drop_nulls()
    is_sure = (begun.dt.day() > LAST) & (ended.dt.day() > LAST)
    wrong, sure = pairs.filter(ended < begun), pairs.filter(is_sure)
    if (
        wrong.height < FEW
        or sure.filter(ended < begun).height
        or sure.height * wrong.height < FEW * (pairs.height - sure.height)
    ):
        return
    mended = {
        "created_at": wrong.filter(turned(begun) <= ended).height,
        end: wrong.filter(begun <= turned(ended)).height,
    }
    name = max(mended, key=lambda one: mended[one])
    if mended[name] >= MOST * wrong.height:
        yield Doubt(name=name, why=_too_early(end, wrong.height, mended[name]), count=wrong.height)


def _too_early(end: str, count: int, mended: int) -> Message:
    match end:
        case "resolved_at":
            return Message("resolved-too-early", count=count, mended=mended)
        case "closed_at":
            return Message("closed-too-early", count=count, mended=mended)
        case _:
            return Message("first-replied-too-early", count=count, mended=mended)


def _scarce(rows: pl.DataFrame, name: str) -> Doubt | None:
    """Far fewer sure days than the calendar has between the first and the last."""
    dates = rows.select(day=pl.col(name).dt.date()).drop_nulls().unique()
    first, last = dates["day"].min(), dates["day"].max()
    if first is None or last is None:
        return None
    calendar = pl.date_range(pl.lit(first), pl.lit(last), eager=False)
    early = pl.select(day=calendar).select((pl.col("day").dt.day() <= LAST).mean()).item()
    found = dates.filter(pl.col("day").dt.day() <= LAST)["day"]
    expected = dates.height * early
    if found.dt.day().n_unique() < SPREAD or len(found) - expected <= UNLIKELY * (expected * (1 - early)) ** 0.5:
        return None
    why = Message("late-days-scarce", found=len(found), days=dates.height, expected=round(expected))
    return Doubt(name=name, why=why, count=dates.height)
