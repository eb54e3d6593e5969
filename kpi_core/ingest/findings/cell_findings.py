"""The findings on the cells of one file: words for nobody, unknown writers, times stated approximately, minutes that may be hours, tables next to its list."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.cells import durations
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.naming.cut_off import of_cut
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind

WRITERS = "unknown-writers"
HOURS_AND_MINUTES = "minutes-as-decimals"
WRITERS_SHOWN = 3
OF_WRITERS = ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate")
"""The KPIs that rest on who wrote a message."""
ROWS_SEEN = 2_000
"""Rows that show minutes which may be hours: from whole minutes to whole minutes there are whole minutes."""
FEWEST, MOSTLY = 40, 0.5
"""Times in minutes that are enough, and the share of them that has a part of one."""
OF_SPANS = ("first_reply_time", "resolution_time", "first_resolution_time")
"""The times from the opening of a ticket on: what a call takes is measured apart."""
LEAST, FITTING = 2.0, 0.97
"""Minutes in the middle, from which they may be hours; and the share of tickets that such hours do not outlast."""
MINUTE, NEARLY = 60, 1.0
"""Seconds of a minute, and by how many one that was computed may miss it."""
_WITHIN = {
    "first_reply_time": ("first_reply_within*",),
    "resolution_time": ("resolved_within*", "resolution_rate_cohort"),
}
"""The shares within some time that rest on a time, in addition to the KPIs of its own name."""


def of_nobody(scanned: narrow_scan.NarrowScan, table: str, file: str) -> list[Finding]:
    """The rows in which a word stands for a customer that nobody knows, or a number that is cut off for somebody or something."""
    counts = {found.header: count for found in scanned.fields if (count := scanned.nobody.get(found.name))}
    filled = {name: scanned.filled(name) + count for name, count in scanned.cut.items()}
    cut = of_cut(scanned.fields, scanned.cut, filled, table, file)
    return cut + [
        Finding(code="no-customer", message=Message("rows-of-nobody", count=count, file=file, header=header))
        for header, count in counts.items()
    ]


def of_writers(scanned: narrow_scan.NarrowScan, file: str) -> list[Finding]:
    """The words for unknown writers of messages, with how to say what they mean."""
    counts = scanned.unknown.get("author", {})
    found = next((each for each in scanned.fields if each.name == "author"), None)
    if not counts or found is None:
        return []
    words = sorted(counts, key=lambda word: (-counts[word], word))
    listed = first_of(
        [Message("word-times", word=word, count=counts[word]) for word in words[:WRITERS_SHOWN]],
        WRITERS_SHOWN,
        len(words),
    )
    header = found.header.split(" + ")[0]
    line = f"author: {{from: {header}, values: {{{words[0]}: bot}}}}"
    message = Message("unknown-writers", file=file, words=listed, header=found.header, line=line)
    return [Finding(code=WRITERS, message=message, kpis=OF_WRITERS, is_serious=True)]


def of_about(scanned: narrow_scan.NarrowScan, file: str) -> list[Finding]:
    """The times that are stated approximately, with the KPIs of them."""
    return [
        Finding(
            code="approximate-times",
            message=Message("approximate-times", file=file, header=found.header, example=found.about),
            kpis=of_time(found.name),
        )
        for found in scanned.fields
        if found.about
    ]


def of_clocks(scanned: narrow_scan.NarrowScan, file: str) -> list[Finding]:
    """The clocks that are read as minutes and seconds, and the hours whose decimals are minutes, with the KPIs of them."""
    return [
        Finding(
            code=found.clock.key,
            message=Message("of-file", file=file, what=found.clock),
            kpis=of_time(found.name),
            is_serious=found.clock.key == HOURS_AND_MINUTES,
        )
        for found in scanned.fields
        if found.clock
    ]


def of_time(name: str) -> tuple[str, ...]:
    """The KPIs that rest on a time."""
    return (f"{name.removesuffix('_business')}*", *_WITHIN.get(name, ()))


def parts_of_minutes(used: pl.DataFrame, fields: Sequence[Field], file: str) -> Iterator[Finding]:
    """The findings on columns of minutes with decimals of one file, whose rows are `used`, next to times that know no seconds.

    Times that were measured to the second are such minutes too. As hours they would mostly outlast the tickets that they are of.
    """
    columns = [each for each in fields if each.name in OF_SPANS and each.name in used.columns]
    minutes = [each for each in columns if durations.unit_from_header(each.header) == durations.DurationUnit.MINUTES]
    instants = [each.name for each in fields if each.kind is Kind.INSTANT and each.name in used.columns]
    if not minutes or not instants:
        return
    rows = used.head(ROWS_SEEN)
    if not rows.select(pl.all_horizontal((pl.col(instants).dt.second() == 0).fill_null(value=True).all())).item():
        return
    if not rows.select(pl.any_horizontal((pl.col(instants).dt.minute() != 0).any())).item():
        return  # days alone
    for each in minutes:
        rest = rows.select(rest=pl.col(each.name).cast(pl.Float64) % MINUTE)["rest"].drop_nulls()
        is_part = rest.filter(rest.is_between(NEARLY, MINUTE - NEARLY, closed="none")).len()
        if len(rest) >= FEWEST and is_part >= MOSTLY * len(rest) and _may_be_hours(rows, each.name):
            message = Message("parts-of-minutes", file=file, header=each.header, count=is_part, of=len(rest))
            yield Finding(
                code=HOURS_AND_MINUTES, message=message, kpis=of_time(each.name), is_serious=True, consequence=Consequence.NO_VERDICT
            )  # fmt: skip


def _may_be_hours(rows: pl.DataFrame, name: str) -> bool:
    """Whether times, taken for sixty times as long, still end before their tickets do."""
    end = next((each for each in ("resolved_at", "closed_at", "updated_at") if each in rows.columns), None)
    if end is None or "created_at" not in rows.columns:
        return True
    took = rows.select(
        time=pl.col(name).cast(pl.Float64), whole=(pl.col(end) - pl.col("created_at")).dt.total_seconds()
    ).drop_nulls()
    is_inside = pl.col("time") * MINUTE <= pl.col("whole") + MINUTE
    middle, inside = took.select(pl.col("time").median().alias("middle"), is_inside.mean().alias("inside")).row(0)
    return middle is not None and middle >= LEAST * MINUTE and inside >= FITTING


def of_sides(raw: RawExport) -> list[Finding]:
    """The tables next to the list, which are not read."""
    if not raw.sides:
        return []
    listed = [side.message for side in raw.sides]
    doubtful = [side.message for side in raw.sides if side.is_as_long]
    message = Message("side-table", file=raw.name, tables=listed)
    if doubtful:
        message = Message("side-table-as-long", file=raw.name, tables=listed, doubtful=doubtful)
    return [Finding(code="side-table", message=message, is_serious=bool(doubtful))]


def of_sheets(raw: RawExport) -> list[Finding]:
    """Which sheets of a workbook were read as one table, and which were not though they look like data."""
    if raw.stack is None:
        return []
    stack = raw.stack
    message = (
        ("sheets-pooled", stack.pooled(), False), ("sheets-unread", stack.left(), False), ("sheets-unread", stack.patterns(), False),
        ("sheets-unread", stack.concealed(), stack.hides_rows),
    )  # fmt: skip
    return [
        Finding(code=code, message=Message("of-file", file=raw.name, what=what), is_serious=serious)
        for code, what, serious in message
        if what
    ]
