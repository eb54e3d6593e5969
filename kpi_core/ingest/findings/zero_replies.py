"""First replies of no time on tickets that nobody has answered yet: a way to write that there is none."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.columns import UNANSWERED
from kpi_core.model.findings import Finding

CODE = "zero-replies"
TIMES = ("first_reply_time", "first_reply_time_business")
AT = "first_replied_at"
SEVERAL = 3
"""Open tickets with a zero from which these are no chance, and how many more zeros the resolved ones may have than are seen."""
TIMES_AS_MANY = 3
"""How many times the share of zeros among the resolved tickets that among the open ones must be."""
HARDLY = 0.05
"""The share of the resolved tickets that may have a zero: where more have, replies do come at once."""
TOUCHED = ("first_reply*",)


def without_zero_replies(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the open tickets marked whose first reply of no time stands for none, and the findings on them.

    It does where many of a file's open tickets have such a zero and hardly any of its resolved ones: replies at once, by
    a machine or as a ticket is entered, are among those too. What other columns say of replies decides before this does.
    """
    done, findings = [], []
    for read in reads:
        marked, added = _marked(read) if read.mapping.table == "tickets" else (read, [])
        done.append(marked)
        findings += added
    return done, findings


def _marked(read: FileRead) -> tuple[FileRead, list[Finding]]:
    used = read.used
    headers = {found.name: found.header for found in read.narrow.fields if found.name in used.columns}
    zeros = [name for name in TIMES if name in headers]
    is_zero = [pl.col(name) == 0 for name in zeros]
    if AT in headers and "created_at" in headers:
        zeros.append(AT)
        is_zero.append(pl.col(AT) == pl.col("created_at"))
    is_done = _is_done(used)
    if not zeros or is_done is None:
        return read, []
    is_known = pl.any_horizontal(pl.col(name).is_not_null() for name in zeros)
    rows = used.select(
        zero=pl.any_horizontal(is_zero).fill_null(value=False), known=is_known, done=is_done.fill_null(value=False)
    )
    is_none, is_resolved = pl.col("zero") & ~pl.col("done"), pl.col("done") & pl.col("known")
    count, opened, resolved, at_once = rows.select(
        is_none.sum().alias("count"), (~pl.col("done")).sum().alias("opened"),
        is_resolved.sum().alias("resolved"), (is_resolved & pl.col("zero")).sum().alias("at_once"),
    ).row(0)  # fmt: skip
    if not _stands_for_none(count, opened, at_once, resolved):
        return read, []
    none = rows.select(is_none).to_series()
    columns = {AT: pl.when(~none).then(AT)} if AT in zeros else {}
    message = Message(
        "zero-replies", file=read.name, count=count, header=headers[zeros[0]], at_once=at_once, resolved=resolved
    )
    finding = Finding(code=CODE, message=message, kpis=TOUCHED)
    return replace(read, used=used.with_columns(none.alias(UNANSWERED), **columns)), [finding]


def _stands_for_none(zeros: int, opened: int, at_once: int, resolved: int) -> bool:
    """Whether the zeros among a file's open tickets are far more than those among its resolved ones let expect."""
    if zeros < SEVERAL or resolved == 0 or at_once > HARDLY * resolved:
        return False
    return zeros / opened >= TIMES_AS_MANY * (at_once + SEVERAL) / resolved


def _is_done(used: pl.DataFrame) -> pl.Expr | None:
    """Whether a ticket is resolved, by its status, else by a time of resolution; None where neither is there."""
    ends = [pl.col(name).is_not_null() for name in ("resolved_at", "closed_at") if name in used.columns]
    by_time = pl.any_horizontal(ends) if ends else None
    if "status" not in used.columns:
        return by_time
    return pl.coalesce(pl.col("status").is_in(["solved", "closed"]), *([] if by_time is None else [by_time]))
