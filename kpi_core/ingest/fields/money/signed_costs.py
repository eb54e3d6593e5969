"""Costs with a minus: a ledger writes expenses below zero, and a list of costs its credits."""

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

CODE = "negative-costs"
COSTS = ("cac*", "cost_per_ticket*")


def without_minus(used: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The costs with expenses above zero, and the findings on those that were written below it.

    Where most are below zero the minus says no more than that they are expenses; the others are credits.
    """
    below, above = used.select((pl.col("amount") < 0).sum().alias("below"), (pl.col("amount") > 0).sum()).row(0)
    if not below:
        return used, []
    few, many = min(below, above), below + above
    if below <= above:
        message = Message("costs-below-zero", file=name, below=few, costs=many)
        return used, [Finding(code=CODE, message=message, kpis=COSTS)]
    message = Message("costs-as-expenses", file=name)
    if above:
        message = Message("costs-as-expenses-but-some", file=name, above=few, costs=many)
    return used.with_columns(amount=-pl.col("amount")), [
        Finding(code=CODE, message=message, kpis=COSTS, is_serious=above > 0)
    ]
