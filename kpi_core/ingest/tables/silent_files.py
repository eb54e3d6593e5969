"""Files that lack a column of what others of their table record: their rows know nothing of it, which is not that it did not happen.

A blank first reply in a list of first replies is a customer who waits; in a list without the column nobody knows. Rows are marked only
where files differ in it: a column that all lack makes its KPIs unavailable.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.columns import RECORDS
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

CODE = "silent-files"
CUT = "_is_cut"
"""The working column of a log's rows whose tickets were opened before it begins: what was replied till then is not in it."""


@dataclass(frozen=True, kw_only=True)
class _Recorded:
    """What a file may record: in which columns, how that is called, and the KPIs that rest on it."""

    what: Message
    columns: tuple[str, ...]
    kpis: tuple[str, ...]


RECORDED: Mapping[str, Mapping[str, _Recorded]] = {
    "tickets": {
        "replies": _Recorded(
            what=Message("told-first-replies"),
            columns=("first_replied_at", "first_reply_time", "first_reply_time_business"),
            kpis=("first_reply*",),
        ),
        "states": _Recorded(
            what=Message("told-states"),
            columns=("status", "resolved_at", "closed_at", "resolution_time", "resolution_time_business"),
            kpis=(
                *("tickets_resolved", "net_flow", "backlog*", "resolution_*", "resolved_*", "successful_*", "fcr_*", "reopen*"),
                *("sla_resolution*", "complaint_*", "confirmed_of_resolved", "response_rate_of_resolved", "requester_*", "handoff*"),
            ),
        ),
    },
    "reviews": {"replies": _Recorded(what=Message("told-answers"), columns=("replied_at",), kpis=("review_answer*", "review_reply*"))},
    "leads": {
        "conversions": _Recorded(what=Message("told-conversions"), columns=("is_converted", "converted_at"), kpis=("conversion_rate",))
    },
    "customers": {
        "losses": _Recorded(
            what=Message("told-losses"),
            columns=("is_lost", "lost_at"),
            kpis=("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate"),
        )
    },
}  # fmt: skip
"""By table what is negative where it is absent: without the column it is unknown."""


def marks(reads: Sequence[FileRead], table: str) -> list[dict[str, pl.Expr]]:
    """For each file whether it has a column of what another of its table records, as columns of its rows; none where all do alike."""
    found: list[dict[str, pl.Expr]] = [{} for _ in reads]
    for name, recorded in RECORDED.get(table, {}).items():
        has_column = [not set(recorded.columns).isdisjoint(read.used.columns) for read in reads]
        is_cut = [name == "replies" and CUT in read.used.columns for read in reads]
        if any(has_column) and (not all(has_column) or any(is_cut)):
            for columns, own, cut in zip(found, has_column, is_cut, strict=True):
                columns[RECORDS + name] = ~pl.col(CUT) if own and cut else pl.lit(own)
    return found


def silent_files(tables: Mapping[str, pl.DataFrame], reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on the rows of which it is unknown what other files record."""
    return [
        finding
        for table, kinds in RECORDED.items()
        if (frame := tables.get(table)) is not None
        for name, recorded in kinds.items()
        if RECORDS + name in frame.columns
        for finding in _findings(
            frame, name, recorded, table, [read for read in reads if read.mapping.table == table], tables
        )
    ]


def _findings(
    frame: pl.DataFrame,
    name: str,
    recorded: _Recorded,
    table: str,
    reads: Sequence[FileRead],
    tables: Mapping[str, pl.DataFrame],
) -> list[Finding]:
    silent = frame.filter(~pl.col(RECORDS + name))
    messages = tables.get("messages")
    if (table, name) == ("tickets", "replies") and messages is not None and "ticket_id" in messages.columns:
        silent = silent.join(messages.select("ticket_id").unique(), on="ticket_id", how="anti")
    if silent.is_empty():
        return []
    is_cut = name == "replies" and CUT in silent.columns and bool(silent[CUT].any())
    names = [reads[place].name for place in silent["_file"].unique().sort()]
    message = Message(
        "silent-files-or-cut" if is_cut else "silent-files", files=names, what=recorded.what, count=silent.height
    )
    return [Finding(code=CODE, message=message, kpis=recorded.kpis, share=silent.height / frame.height)]
