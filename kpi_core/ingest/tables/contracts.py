"""Rows of one customer in one list that begin at different times: contracts, or times as a customer, one a row.

Who ends one of two contracts is a customer still. A customer came with the first contract and has left when the last has ended; who had none
for more than a day in between has left, and come back.
"""

from collections.abc import Mapping as Map
from dataclasses import field
from datetime import timedelta

import polars as pl

from kpi_core.ingest.tables.duplicates import ID, OF_CUSTOMERS
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

CONTRACT = Message("contract-of-customer")
"""Why a row does not count: it is another contract of a customer that does."""
CODE = "several-contracts"
GAP = timedelta(days=1)
"""How long a customer may be without a contract and be one still: one ends on the last of a month, the next begins on the first."""
_AT, _UNTIL, _SPELL, _REACH = "_contract", "_until", "_spell", "_reached"


@dataclass(frozen=True, kw_only=True, eq=False)
class Contracts:
    """Customers with their contracts as one row, how many rows of each file went into others, by reason, and the findings on it."""

    frame: pl.DataFrame
    folded: Map[int, Map[Message, int]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def with_contracts_folded(whole: pl.DataFrame) -> Contracts:
    """The customers of all files (`_file`, `_row`) with a row for each time as a customer; the last of them keeps the customer's number (`_id`)."""
    rows = _contracts(whole.with_row_index(_AT))
    if rows.is_empty():
        return Contracts(frame=whole)
    of_one = ["_file", ID]
    open_ended = pl.lit("9999-12-31").str.to_datetime("%Y-%m-%d").cast(rows.schema["acquired_at"])
    until = pl.col("lost_at") if "lost_at" in rows.columns else pl.lit(None, rows.schema["acquired_at"])
    ordered = rows.with_columns(until.fill_null(open_ended).alias(_UNTIL)).sort(
        *of_one, "acquired_at", _UNTIL, nulls_last=False
    )
    reached = ordered.with_columns(pl.col(_UNTIL).cum_max().shift(1).over(of_one).alias(_REACH))
    has_gap = (pl.col("acquired_at") - pl.col(_REACH) > GAP).fill_null(value=False)
    spells = reached.with_columns(has_gap.cum_sum().over(of_one).alias(_SPELL))
    ends = [pl.when((pl.col(_UNTIL) < open_ended).all()).then(pl.col("lost_at").max()).alias("lost_at")] * (
        "lost_at" in rows.columns
    )
    ends += [pl.col("is_lost").fill_null(value=False).all()] if "is_lost" in rows.columns else []
    by_spell = spells.group_by(*of_one, _SPELL).agg(pl.col("acquired_at").min(), *ends)
    kept = spells.unique([*of_one, _SPELL], keep="last", maintain_order=True)
    kept = kept.drop("acquired_at", *(name for name in ("lost_at", "is_lost") if name in rows.columns))
    kept = kept.join(by_spell, on=[*of_one, _SPELL], maintain_order="left")
    is_earlier = pl.col(_SPELL) < pl.col(_SPELL).max().over(of_one)
    kept = kept.with_columns(pl.when(is_earlier).then(pl.struct(ID, _SPELL).hash(seed=17)).otherwise(ID).alias(ID))
    gone = rows.filter(~pl.col(_AT).is_in(kept[_AT].implode()))
    folded = {place: {CONTRACT: count} for place, count in gone.group_by("_file").len().iter_rows()}
    rest = whole.with_row_index(_AT).filter(~pl.col(_AT).is_in(rows[_AT].implode()))
    frame = pl.concat([rest, kept.select(rest.columns)]).sort(_AT).drop(_AT)
    customers, returned = rows[ID].n_unique(), kept.height - rows.select(pl.struct(of_one).n_unique()).item()
    message = Message("several-contracts", count=customers, rows=rows.height)
    if returned:
        message = Message("several-contracts-returned", count=customers, rows=rows.height, returned=returned)
    return Contracts(
        frame=frame, folded=folded, findings=(Finding(code=CODE, message=message, kpis=OF_CUSTOMERS, is_serious=True),)
    )


def _contracts(whole: pl.DataFrame) -> pl.DataFrame:
    """The rows of customers that one file has several times, beginning at different times; not those that are versions of each other, or end on no known day."""
    if "acquired_at" not in whole.columns or not {"lost_at", "is_lost"} & set(whole.columns):
        return whole.clear()
    of_one = ["_file", ID]
    is_meant = (pl.len().over(of_one) > 1) & (pl.col("acquired_at").drop_nulls().n_unique().over(of_one) > 1)
    if "updated_at" in whole.columns:
        is_meant &= pl.col("updated_at").drop_nulls().n_unique().over(of_one) <= 1
    if {"lost_at", "is_lost"} <= set(whole.columns):
        is_undated = (pl.col("is_lost") & pl.col("lost_at").is_null()).fill_null(value=False)
        is_meant &= ~is_undated.any().over(of_one)
    elif "lost_at" not in whole.columns:
        is_meant &= pl.col("is_lost").is_not_null().any().over(of_one)
    return whole.filter(is_meant)
