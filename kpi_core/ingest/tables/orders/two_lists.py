"""One sale in two lists of orders under other numbers: the orders and their payments, or their invoices, minutes later or on the same day.

Pooled, each sale would count twice. Which of the two is meant is unknown, so what adds them up has no value.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, permutations

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
MONEY = ("revenue*", "aov*", "cac*")
FACTORS = (100, 1000)
PRICES, MOST = 5, 0.6
"""Different amounts of a list, and the share of them that are those of another but for the unit, from which they are in another unit."""
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


def units_apart(reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on lists of orders whose amounts are the same, but for a hundred or a thousand times: in öre, or in thousands."""
    listed = [read for read in reads if read.mapping.table == "orders" and AMOUNT in read.used.columns]
    amounts = [(read.name, read.used[AMOUNT].drop_nulls().round(2).unique()) for read in listed]
    found = []
    for (one, small), (other, large) in permutations(amounts, 2):
        factor = next((factor for factor in FACTORS if _is_times(small, large, factor)), None)
        if factor is not None:
            message = Message("units-apart", file=other, other=one, factor=factor)
            found.append(
                Finding(
                    code="unit-beside", message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE
                )
            )
    return found


def _is_times(small: pl.Series, large: pl.Series, factor: int) -> bool:
    """Whether most amounts of one list are so many times those of another, and few as they stand."""
    if len(small) < PRICES or len(large) < PRICES:
        return False
    scaled = (large / factor).round(2).is_in(small.implode()).mean()
    plain = large.is_in(small.implode()).mean()
    assert isinstance(scaled, float)
    assert isinstance(plain, float)
    return scaled >= MOST and plain <= scaled / 4


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
