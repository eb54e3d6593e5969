"""Exports that hold only resolved tickets, or only open ones, after others that hold both: few rows each, but none of them otherwise."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ENDS, ID
from kpi_core.ingest.tables.history.successive_exports import CREATED, FILE, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF_OPEN_AND_RESOLVED

CODE = "one-state-since"
FEWEST = 8
"""Tickets of exports of one state, of which fewer say nothing."""
UNLIKELY = 0.001
"""The chance below which it is no chance that none of them is in the other state."""
_OF_ALL_OPENED = ("tickets_created", "contact_rate", "tickets_per_agent*")
OF_OPEN_ONES = (*OF_OPEN_AND_RESOLVED, "sla_resolution_rate*", *_OF_ALL_OPENED)
"""What is wrong without the tickets that were opened since and are still open."""
OF_RESOLVED_ONES = (
    "tickets_resolved", "net_flow*", "resolution_*", "first_resolution*", "successful_resolution_rate*", "complaint_resolution_rate*",
    "resolved_within*", "sla_*", "fcr_*", "reopen*", "first_reply*", "handle_time*", "csat*", *_OF_ALL_OPENED,
)  # fmt: skip
"""What is wrong without those that were resolved since."""


def of_one_state(rows: pl.DataFrame, exports: Sequence[Export], reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on exports of one state, up to the newest, which no export of the other state completes.

    `rows` are those of all `exports`, as each has them, `reads` the exports by the place of their file.
    """
    both = [export for export in exports if 0 < export.open < export.rows]
    resolved = [export for export in exports if export.open == 0]
    still = [export for export in exports if export.open == export.rows]
    alone = resolved if not still else still if not resolved else []
    if not both or not alone or alone[-1].taken < exports[-1].taken or sum(export.rows for export in alone) < FEWEST:
        return []
    if _chance(rows, both, alone, is_open=alone is still) > UNLIKELY:
        return []
    files, count = [reads[export.file].name for export in alone], sum(export.rows for export in alone)
    message = Message("exports-of-open", files=files, count=count)
    if alone is resolved:
        message = Message("exports-of-resolved", files=files, count=count)
    kpis: tuple[str, ...] = OF_OPEN_ONES if alone is resolved else OF_RESOLVED_ONES
    known_until = max((export.taken.date() for export in both if export.taken < alone[-1].taken), default=date.min)
    days = ((known_until + timedelta(days=1), alone[-1].taken.date()),)
    return [
        Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE, days=days)
    ]


def _chance(rows: pl.DataFrame, both: Sequence[Export], alone: Sequence[Export], *, is_open: bool) -> float:
    """The chance that all tickets of some exports are open (else resolved), each as old as it was when exported.

    What share of tickets is still open at an age, those of `both` states say that were exported at that age or later.
    """
    known, ages = _aged(rows, both), _aged(rows, alone)["age"]
    resolved = known.drop_nulls("took")
    as_old = known.height - known["age"].sort().search_sorted(ages, side="left")
    # Of these were resolved by that age: all that took no longer, but those that were exported before it.
    done = resolved["took"].sort().search_sorted(ages, side="right").cast(pl.Int64)
    done = done - resolved["age"].sort().search_sorted(ages, side="left").cast(pl.Int64)
    share = done / as_old.clip(lower_bound=1)
    otherwise = pl.select(pl.when(as_old > 0).then(share if is_open else 1 - share).otherwise(0.0)).to_series()
    return math.exp(float((1 - otherwise.clip(upper_bound=1 - 1 / (known.height + 1))).log().sum()))


def _aged(rows: pl.DataFrame, exports: Sequence[Export]) -> pl.DataFrame:
    """The tickets of some exports with their `age` in seconds when they were exported, and how long they `took` to be resolved; null where they were open.

    One that was open is none where the exports agree that it had been resolved before: what it was exported with was out of date.
    """
    taken = {export.file: export.taken for export in exports}
    at = pl.col(FILE).replace_strict(taken, default=None, return_dtype=pl.Datetime("ms"))
    ends = [pl.col(name) for name in ENDS if name in rows.columns]
    ended = pl.coalesce(ends) if ends else pl.lit(None, pl.Datetime("ms"))
    age, took = ((until - pl.col(CREATED)).dt.total_seconds() for until in (at, ended))
    # One that is resolved at no time, or after its export, took no longer than it is old.
    known = pl.min_horizontal(took, age)
    last = (pl.when(is_resolved(rows)).then(ended).max().over(ID) - pl.col(CREATED)).dt.total_seconds()
    before = pl.when(last <= age).then(last)
    return (
        rows.with_columns(age=age, took=pl.when(is_resolved(rows)).then(known).otherwise(before))
        .filter(pl.col(FILE).is_in(list(taken)))
        .select("age", "took")
        .drop_nulls("age")
    )
