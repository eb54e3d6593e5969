"""The findings on the cells of one file: words for nobody, unknown writers, times stated approximately, tables next to its list."""

from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.naming.cut_off import of_cut
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

WRITERS = "unknown-writers"
HOURS_AND_MINUTES = "minutes-as-decimals"
WRITERS_SHOWN = 3
OF_WRITERS = ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate")
"""The KPIs that rest on who wrote a message."""
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
            kpis=_of_time(found.name),
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
            kpis=_of_time(found.name),
            is_serious=found.clock.key == HOURS_AND_MINUTES,
        )
        for found in scanned.fields
        if found.clock
    ]


def _of_time(name: str) -> tuple[str, ...]:
    """The KPIs that rest on a time."""
    return (f"{name.removesuffix('_business')}*", *_WITHIN.get(name, ()))


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
