"""Orders with their facts: what each is worth once refunds are taken off, in which currency, and whether it was kept."""

import polars as pl

from kpi_core.facts.build import Builder, Facts
from kpi_core.facts.business.money import NO_AMOUNT, add_currency, without
from kpi_core.facts.business.paid_back import TAKEN, with_credits

CREDIT = "is a credit"
TWICE = "has a credit and says so"
REFUNDS = frozenset({"is_refunded", "refunded_amount"})


def derive_orders(frame: pl.DataFrame) -> Facts:
    """Orders with `value` (the amount less what was paid back), `is_kept` (not paid back whole) and `buyer`.

    An order marked as refunded is worth nothing, unless the file says how much was paid back. A row with a negative amount is a
    credit: it is taken off the sums as it stands, whatever word or sum next to it says so again, and is no order, so that nobody is
    its `buyer`. An order that has a credit and says itself that it was paid back is paid back once: by the credit, on its day.
    """
    build = Builder(frame)
    add_currency(build)
    is_credit = (pl.col("amount") < 0).fill_null(value=False) if build.has("amount") else pl.lit(value=False)
    build.add(is_order=~is_credit)
    if "customer_id" in frame.columns:
        build.add(buyer=pl.when("is_order").then("customer_id"))
    is_refunded = pl.col("is_refunded").fill_null(value=False) if build.has("is_refunded") else pl.lit(value=False)
    paid_back = pl.lit(None, pl.Float64)
    if build.has("refunded_amount"):
        # Some exports write what was paid back with a minus.
        paid_back = pl.when(pl.col("refunded_amount") != 0).then(pl.col("refunded_amount").abs())
    is_whole = paid_back.is_null() & is_refunded
    twice = 0
    if build.has("amount"):
        taken_off = pl.coalesce(paid_back, pl.when(is_refunded).then("amount"), 0.0)
        if build.frame.select((~pl.col("is_order")).any()).item():
            build.frame = with_credits(build.frame, is_refunded, paid_back)
            credited = pl.col(TAKEN).is_not_null()
            twice = int(build.frame.select((credited & (taken_off > 0)).sum()).item())
            # A mark without an amount says no more than a credit does.
            rest = (
                pl.when(paid_back.is_not_null()).then(pl.max_horizontal(paid_back - pl.col(TAKEN), 0.0)).otherwise(0.0)
            )
            taken_off = pl.when(credited).then(rest).otherwise(taken_off)
            is_whole = (pl.when(credited).then(pl.col(TAKEN) >= pl.col("amount")).otherwise(is_whole)).fill_null(
                value=False
            )
        build.add(value=pl.col("amount") - pl.when("is_order").then(taken_off).otherwise(0.0))
        is_whole = is_whole | (paid_back >= pl.col("amount")).fill_null(value=False)
    if build.mapped & REFUNDS:
        build.add(is_kept=~is_whole)
    counts = without({NO_AMOUNT: "value"}, build)
    if count := int(build.frame.select((~pl.col("is_order")).sum()).item()):
        counts[CREDIT] = count
    if twice:
        counts[TWICE] = twice
    return Facts(frame=build.frame, available=frozenset(build.available), counts=counts)
