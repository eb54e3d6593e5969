"""Files that lack a column of what others of their table tell: their rows know nothing of it, which is not that it did not happen.

A blank first reply in a list of first replies is a customer who waits; in a list without the column nobody knows. Rows are marked only
where files differ in it: a column that all lack makes its KPIs unavailable.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.columns import TELLS
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

CODE = "silent-files"
CUT = "_is_cut"
"""The working column of a log's rows whose tickets were opened before it begins: what was replied till then is not in it."""


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a file may tell: by which columns, how that is said, and the KPIs that rest on it."""

    what: Message
    columns: tuple[str, ...]
    kpis: tuple[str, ...]


TOLD: Mapping[str, Mapping[str, _Told]] = {
    "tickets": {
        "replies": _Told(
            what=Message("told-first-replies"),
            columns=("first_replied_at", "first_reply_time", "first_reply_time_business"),
            kpis=("first_reply*",),
        ),
        "states": _Told(
            what=Message("told-states"),
            columns=("status", "resolved_at", "closed_at", "resolution_time", "resolution_time_business"),
            kpis=(
                *("tickets_resolved", "net_flow", "backlog*", "resolution_*", "resolved_*", "successful_*", "fcr_*", "reopen*"),
                *("sla_resolution*", "complaint_*", "confirmed_of_resolved", "response_rate_of_resolved", "requester_*", "handoff*"),
            ),
        ),
    },
    "reviews": {"replies": _Told(what=Message("told-answers"), columns=("replied_at",), kpis=("review_answer*", "review_reply*"))},
    "leads": {
        "conversions": _Told(what=Message("told-conversions"), columns=("is_converted", "converted_at"), kpis=("conversion_rate",))
    },
    "customers": {
        "losses": _Told(
            what=Message("told-losses"),
            columns=("is_lost", "lost_at"),
            kpis=("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate"),
        )
    },
}  # fmt: skip
"""By table what is told by absence: without the column nobody knows."""


def marks(reads: Sequence[FileRead], table: str) -> list[dict[str, pl.Expr]]:
    """For each file whether it has a column of what another of its table tells, as columns of its rows; none where all do alike."""
    found: list[dict[str, pl.Expr]] = [{} for _ in reads]
    for name, told in TOLD.get(table, {}).items():
        tells = [not set(told.columns).isdisjoint(read.used.columns) for read in reads]
        is_cut = [name == "replies" and CUT in read.used.columns for read in reads]
        if any(tells) and (not all(tells) or any(is_cut)):
            for columns, own, cut in zip(found, tells, is_cut, strict=True):
                columns[TELLS + name] = ~pl.col(CUT) if own and cut else pl.lit(own)
    return found


def silent_files(tables: Mapping[str, pl.DataFrame], reads: Sequence[FileRead]) -> list[Finding]:
    """What is said of the rows of which nobody knows what other files tell."""
    return [
        finding
        for table, kinds in TOLD.items()
        if (frame := tables.get(table)) is not None
        for name, told in kinds.items()
        if TELLS + name in frame.columns
        for finding in _said(frame, name, told, table, [read for read in reads if read.mapping.table == table], tables)
    ]


def _said(
    frame: pl.DataFrame,
    name: str,
    told: _Told,
    table: str,
    reads: Sequence[FileRead],
    tables: Mapping[str, pl.DataFrame],
) -> list[Finding]:
    silent = frame.filter(~pl.col(TELLS + name))
    messages = tables.get("messages")
    if (table, name) == ("tickets", "replies") and messages is not None and "ticket_id" in messages.columns:
        silent = silent.join(messages.select("ticket_id").unique(), on="ticket_id", how="anti")
    if silent.is_empty():
        return []
    is_cut = name == "replies" and CUT in silent.columns and bool(silent[CUT].any())
    names = [reads[place].name for place in silent["_file"].unique().sort()]
    message = Message(
        "silent-files-or-cut" if is_cut else "silent-files", files=names, what=told.what, count=silent.height
    )
    return [Finding(code=CODE, message=message, kpis=told.kpis, share=silent.height / frame.height)]
