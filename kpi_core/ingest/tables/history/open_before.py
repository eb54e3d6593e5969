"""Exports of what was changed, none of them whole: tickets that were open before the first and never changed since are in none of them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ENDS
from kpi_core.ingest.tables.history.successive_exports import CREATED, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.columns import FOLLOWED
from kpi_core.model.findings import Consequence, Finding

CODE, BETWEEN = "open-before", "days-between"
MARGIN = timedelta(hours=14)
"""How much further apart than they go back exports of what was changed were taken, from which days between them are in none."""
MONTH = timedelta(days=30)
"""How long after the first change tickets were opened of which one that is still open says that older ones are: a desk opens enough in a month."""
SEVERAL = 2
"""Tickets opened before the first change and resolved in the last export, from which some of that age are not resolved by chance alone."""


def open_before(tickets: pl.DataFrame, exports: Sequence[Export], reads: Sequence[FileRead]) -> list[Finding]:
    """The finding that older open tickets may be in no export, where some of that age were open when the last of these begins.

    Args:
        tickets: as the newest row of each has them, with how far they are followed.
        exports: in the order in which they were taken.
        reads: the exports by the place of their file.
    """
    since = exports[0].since
    if FOLLOWED not in tickets.columns or since is None or not all(export.is_of_changes for export in exports):
        return []
    last, done = exports[-1], pl.coalesce(*(name for name in ENDS if name in tickets.columns))
    old = tickets.filter(pl.col(CREATED) < since + MONTH).select(
        is_open=~is_resolved(tickets),
        is_late=(done >= last.since).fill_null(value=False),
        is_older=pl.col(CREATED) < since,
    )
    if not old["is_open"].any() and int((old["is_late"] & old["is_older"]).sum()) < SEVERAL:
        return []
    message = Message(
        "open-before", file=reads[exports[0].file].name, day=since.date(), last=reads[last.file].name,
        count=int((old["is_open"] | old["is_late"]).sum()),
    )  # fmt: skip
    return [
        Finding(code=CODE, message=message, kpis=("backlog*",), is_serious=True, consequence=Consequence.NO_VERDICT)
    ]


def days_between(exports: Sequence[Export], reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on exports of the last so many days that were taken further apart than that: what became of tickets between them is in none.

    That some overlap shows that each goes back as far as the others, and not to the first of its month.
    """
    pairs = [(one, other) for one, other in pairwise(exports) if other.since is not None]
    is_beyond = any(other.since < one.taken for one, other in pairs if other.since is not None)
    if not is_beyond or not any(other.is_of_changes for _, other in pairs):
        return []
    reach = max(other.taken - other.since for _, other in pairs if other.since is not None)
    apart = [
        (one, other) for one, other in pairs
        if other.since is not None and other.since > one.taken and other.taken - one.taken > reach + MARGIN
    ]  # fmt: skip
    if not apart:
        return []
    one, other = apart[-1]
    message = Message(
        "days-between", file=reads[one.file].name, other=reads[other.file].name, days=round(reach / timedelta(days=1)),
        since=one.taken.date(), until=other.since.date() if other.since else other.taken.date(), count=len(apart),
    )  # fmt: skip
    return [
        Finding(code=BETWEEN, message=message, kpis=("backlog*",), is_serious=True, consequence=Consequence.NO_VERDICT)
    ]
