"""Wall clocks that summer time makes doubtful: times that no clock showed, and times that it showed twice.

Reading takes an hour later for the first and the earlier of two for the second. This says how many there are and
what the other choice would make of the times.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.messages.message import Message
from kpi_core.quality.defects import Cost, Defect
from kpi_core.quality.what_if import Examined

TIMES = ("resolution_time_mean", "first_reply_time_mean", "backlog_age")


def doubtful_hours(seen: Examined) -> Iterator[Defect]:
    """Times in the hour that is skipped, and in the one that comes twice, file by file."""
    for read in seen.dataset.reads:
        clocks: dict[str, list[str]] = {}
        for name in read.walls:
            if name in read.used.columns and (zone := read.zones.get(name) or read.zone):
                clocks.setdefault(zone, []).append(name)
        clocks.pop("UTC", None)
        for zone, walls in clocks.items():
            frame = read.narrow.frame.select(ROW, *walls).join(read.used.select(ROW, ID), on=ROW)
            yield from _defects(seen, read, frame, walls, zone)


def _defects(seen: Examined, read: FileRead, frame: pl.DataFrame, walls: list[str], zone: str) -> Iterator[Defect]:
    skipped = {name: frame.filter(_is_skipped(pl.col(name), zone))[ID] for name in walls}
    twice = {name: frame.filter(_is_twice(pl.col(name), zone))[ID] for name in walls}
    if count := sum(map(len, skipped.values())):
        message = Message("hour-skipped", count=count, zone=zone)
        yield Defect(
            code="hour-skipped", message=message, count=count, file=read.name, cost=_cost(seen, read, skipped, -1)
        )
    if count := sum(map(len, twice.values())):
        message = Message("hour-twice", count=count, zone=zone)
        yield Defect(code="hour-twice", message=message, count=count, file=read.name, cost=_cost(seen, read, twice, 1))


def _is_skipped(wall: pl.Expr, zone: str) -> pl.Expr:
    placed = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return wall.is_not_null() & placed.is_null()


def _is_twice(wall: pl.Expr, zone: str) -> pl.Expr:
    early = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return (early != wall.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")).fill_null(value=False)


def _cost(seen: Examined, read: FileRead, doubtful: dict[str, pl.Series], hours: int) -> Cost | None:
    """A time, with the doubtful instants taken the other way."""
    if read.mapping.table != "tickets":
        return None
    tickets = seen.dataset.tables["tickets"]
    other = tickets.with_columns(
        pl.when(pl.col("ticket_id").is_in(ids.implode())).then(pl.col(name) + pl.duration(hours=hours)).otherwise(name).alias(name)
        for name, ids in doubtful.items()
    )  # fmt: skip
    return seen.cost(TIMES, Message("if-second" if hours > 0 else "if-hour-earlier"), "tickets", other)
