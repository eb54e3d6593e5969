"""Costs with a minus: a ledger writes expenses below zero, and a list of costs its credits."""

import polars as pl

from kpi_core.model.findings import Finding

CODE = "negative-costs"
COSTS = ("cac*", "cost_per_ticket*")


def without_minus(used: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The costs with expenses above zero, and what must be said of those that were written below it.

    Where most are below zero the minus says no more than that they are expenses; the others are credits.
    """
    below, above = used.select((pl.col("amount") < 0).sum().alias("below"), (pl.col("amount") > 0).sum()).row(0)
    if not below:
        return used, []
    few, many = f"{min(below, above):,}", f"{below + above:,}"
    if below <= above:
        text = f"{name}: {few} of {many} costs are below zero: credits, taken off the others"
        return used, [Finding(code=CODE, message=text, kpis=COSTS)]
    others = f"; {few} of {many} are above it: credits, taken off the others" if above else ""
    text = f"{name}: costs are written below zero, as expenses in a ledger: read without the minus{others}"
    return used.with_columns(amount=-pl.col("amount")), [
        Finding(code=CODE, message=text, kpis=COSTS, is_serious=above > 0)
    ]
