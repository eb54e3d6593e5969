"""What was paid back of an order where two rows say so: the order itself, and a credit with a row of its own. It counts once."""

import polars as pl

from kpi_core.model.columns import CREDITED

TAKEN = "_credit_total"
"""The working column of the total of an order's credits; null where it has none."""
_AT, _NTH = "_at", "_nth"


def with_credits(orders: pl.DataFrame, is_refunded: pl.Expr, paid_back: pl.Expr) -> pl.DataFrame:
    """Orders with the total of their credits: those under their number, else one of the same customer and just what was paid back.

    Args:
        orders: with `amount` and `is_order`; a row that is none is a credit.
        is_refunded: whether an order is marked as paid back.
        paid_back: how much of it is, null where nothing says.
    """
    named = pl.col(CREDITED) if CREDITED in orders.columns else pl.lit(None, pl.UInt64)
    sums = orders.filter(~pl.col("is_order")).group_by(order_id=named).agg((-pl.col("amount")).sum().alias(TAKEN))
    known = orders.join(sums.drop_nulls("order_id"), on="order_id", how="left", maintain_order="left")
    whole = pl.coalesce(paid_back, pl.when(is_refunded).then("amount"))
    customer = pl.col("customer_id") if "customer_id" in orders.columns else pl.lit(None, pl.UInt64)
    placed = known.select(
        "is_order", customer.alias("who"), pl.col("currency"), at=pl.col("ordered_at") if "ordered_at" in orders.columns else pl.lit(None),
        sum=pl.when("is_order").then(pl.when(pl.col(TAKEN).is_null()).then(whole)).otherwise(pl.when(named.is_null()).then(-pl.col("amount"))),
    ).with_row_index(_AT).filter(pl.col("sum") > 0)  # fmt: skip
    alike = ["who", "currency", "sum"]
    turn = placed.sort("at", _AT).with_columns(pl.int_range(pl.len()).over(*alike, "is_order").alias(_NTH))
    pairs = turn.filter("is_order").join(
        turn.filter(~pl.col("is_order")), on=[*alike, _NTH], nulls_equal=True, suffix="_b"
    )
    pairs = pairs.filter((pl.col("at_b") >= pl.col("at")).fill_null(value=True)).select(pl.col(_AT), taken="sum")
    matched = known.with_row_index(_AT).join(pairs, on=_AT, how="left", maintain_order="left")
    return matched.with_columns(pl.coalesce(TAKEN, "taken").alias(TAKEN)).drop(_AT, "taken")
