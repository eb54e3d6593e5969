"""One sale in two lists of orders under other numbers: the orders and their payments, or their invoices, minutes later or on the same day.

Pooled, each sale would count twice. Which of the two is meant is unknown, so what adds them up has no value.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "copied-rows"
KPIS = ("revenue*", "orders_per_customer", "repurchase_rate*", "contact_rate_orders")
FEWEST, NEARLY = 20, 0.8
"""Rows of the shorter list, and the share of them with a sale of that amount in the other, from which both are of the same sales."""
BY_CHANCE = 3
"""How many times as many they are as those that agree with the other list a week later."""
SOON, WEEK = timedelta(hours=1), timedelta(days=7)
AT, AMOUNT, WHO = "ordered_at", "amount", "customer_id"


def sold_twice(reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on lists of orders that hold the same sales."""
    listed = [read for read in reads if read.mapping.table == "orders" and {AT, AMOUNT} <= set(read.used.columns)]
    found = []
    for one, other in combinations([read for read in listed if read.used.height >= FEWEST], 2):
        shorter, longer = sorted((one, other), key=lambda read: read.used.height)
        count = _shared(shorter.used, longer.used)
        if count:
            message = Message("sold-twice", files=[one.name, other.name], count=count, of=shorter.used.height)
            found.append(
                Finding(code=CODE, message=message, kpis=KPIS, is_serious=True, consequence=Consequence.NO_VALUE)
            )
    return found


def _shared(shorter: pl.DataFrame, longer: pl.DataFrame) -> int:
    """How many sales of a list are in another; 0 where they are no more than by chance."""
    overlap = pl.col(AT).is_between(longer[AT].min(), longer[AT].max())
    rows = shorter.filter(overlap).height
    if rows < max(FEWEST, NEARLY * shorter.height):
        return 0
    by = [AMOUNT, *([WHO] if WHO in shorter.columns and WHO in longer.columns else [])]
    if len(by) > 1 and not shorter[WHO].drop_nulls().is_in(longer[WHO].drop_nulls().unique().implode()).any():
        by = [AMOUNT]  # each list names customers in its own way
    count = _agreeing(shorter, longer, by)
    if count < NEARLY * rows:
        return 0
    later = longer.with_columns(pl.col(AT) + WEEK)
    return count if count > BY_CHANCE * _agreeing(shorter, later, by) else 0


def _agreeing(one: pl.DataFrame, other: pl.DataFrame, by: Sequence[str]) -> int:
    """How many rows of a list have a sale of their amount, and of their customer, within the hour in another, each of which stands for one."""
    first = one.select(AT, *by).drop_nulls().with_row_index("_one").sort(AT)
    second = other.select(AT, *by).drop_nulls().with_row_index("_other").sort(AT)
    met = first.join_asof(second, on=AT, by=list(by), strategy="nearest", tolerance=SOON, check_sortedness=False)
    return met["_other"].drop_nulls().n_unique()
