"""Times of a clock of twelve hours that have lost their AM and PM: half of the afternoons look like mornings, and half of what took hours runs backwards."""

import polars as pl

from kpi_core.ingest.fields.narrow_scan import NarrowScan
from kpi_core.ingest.file_read import wall_clocks
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "lost-half-days"
FEWEST = 50
"""Times of day from which it is no chance that none is after noon, written by 24 hours, nor within the hour after midnight."""
SOME = 0.1
"""The share of them in either half of the hours from one to eleven: a desk that opens at eight has times before one alone, or after it by 24 hours."""
LOOKED_AT = 1000
"""How many rows mostly show at once that there are hours after noon."""
DIFFERENT = 8
"""Hours that must occur, of the twelve."""
NOON = 12
BY_TABLE = {
    "tickets": (
        "first_reply*", "automated_first_reply_rate", "resolution_time*", "first_resolution_time*", "resolved_within*", "sla_*", "requester_wait_time*",
        "complaint_resolution_rate", "resolution_rate_cohort", "handle_time*",
    ),
    "messages": ("first_reply*", "reply_time*"),
}  # fmt: skip
"""The KPIs of times between two instants, by the table of these."""


def lost_half_days(scanned: NarrowScan, raw: RawExport, table: str, file: str) -> list[Finding]:
    """The finding on the instants of a file without a zone whose clocks, taken together, show nothing but the hours from 1 to 12.

    Args:
        scanned: the file, its instants as written.
        raw: the file as text.
        table: what its rows are.
        file: its name.
    """
    walls, there = set(wall_clocks(scanned.fields, raw)), set(scanned.frame.columns)
    columns = {found.name: found.header for found in scanned.fields if found.name in walls & there}
    if table not in BY_TABLE or not columns:
        return []
    hour = [pl.col(name).dt.hour() for name in columns]
    first = scanned.frame.head(LOOKED_AT).select(one.max() for one in hour)
    if any(hour and hour > NOON for hour in first.row(0)):  # mostly so, and quickly found
        return []
    hours = scanned.frame.select(hour)
    latest = {name: hour for name, hour in hours.max().row(0, named=True).items() if hour}
    if not latest or max(latest.values()) > NOON:
        return []
    counts = pl.concat([hours[name].drop_nulls().alias("hour") for name in latest]).value_counts()
    by_hour = {int(hour): int(count) for hour, count in counts.iter_rows()}
    all_of_them = sum(by_hour.values())
    early, later = (sum(by_hour.get(hour, 0) for hour in part) for part in (range(1, 7), range(7, NOON)))
    if 0 in by_hour or all_of_them < FEWEST or len(by_hour) < DIFFERENT or min(early, later) < SOME * all_of_them:
        return []
    message = Message("lost-half-days", file=file, headers=[columns[name] for name in latest], count=all_of_them)
    return [
        Finding(code=CODE, message=message, kpis=BY_TABLE[table], is_serious=True, consequence=Consequence.NO_VALUE)
    ]
