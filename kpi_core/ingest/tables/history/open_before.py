"""Exports of what was changed, none of them whole: tickets that were open before the first and never changed since are in none of them."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ENDS
from kpi_core.ingest.tables.history.successive_exports import CREATED, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.columns import FOLLOWED
from kpi_core.model.findings import Consequence, Finding

CODE = "open-before"
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
