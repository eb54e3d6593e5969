"""Costs with their facts: what was spent on winning customers and on support, day by day.

Of a month's cost no day is known. It is spread evenly over the month, which shows in intervals alone: periods finer
than a month do not use it.
"""

import polars as pl

from kpi_core.facts.build import Builder, Facts
from kpi_core.facts.business.money import NO_AMOUNT, add_currency, without
from kpi_core.facts.clock.months import MIDDAY, begins, is_month
from kpi_core.model.columns import MONTHS
from kpi_core.model.measures import CENTS
from kpi_core.model.tables import COSTS, Kind

ONCE = "_once"
"""The working column that marks one of the rows that a row of the file is spread over."""
NO_KIND = "neither for acquisition nor for support"


def derive_costs(frame: pl.DataFrame) -> Facts:
    """Costs with `acquisition_cost`, `support_cost`, and `is_monthly`: only its month is known."""
    build = Builder(frame)
    add_currency(build)
    counts = without({NO_AMOUNT: "amount", NO_KIND: "kind"}, build)
    build.frame = _spread(_dated(build))
    if build.has("amount", "kind"):
        for kind in COSTS:
            cost = pl.when(pl.col("kind") == kind).then("amount")
            if build.frame.select(cost.is_not_null().any()).item():
                build.add(**{f"{kind}_cost": cost})
    build.available.add("is_monthly")
    return Facts(frame=build.frame, available=frozenset(build.available), counts=counts)


def _dated(build: Builder) -> pl.DataFrame:
    """The costs with a day each, and whether it is only a month's."""
    nothing = pl.lit(None, Kind.INSTANT.dtype)
    day, month = (pl.col(name) if build.has(name) else nothing for name in ("spent_at", "month"))
    if build.has("spent_at") and f"{MONTHS}spent_at" in build.frame.columns:
        # A day that is written as a month is one.
        month = pl.coalesce(month, pl.when(is_month("spent_at")).then("spent_at"))
        day = pl.when(~is_month("spent_at")).then("spent_at")
    if build.has("month"):
        build.available.add("spent_at")
    return build.frame.with_columns(spent_at=day, month=month, is_monthly=day.is_null() & month.is_not_null())


def _spread(costs: pl.DataFrame) -> pl.DataFrame:
    """A row a day for each month's cost (one of them marked `ONCE`), in ten-thousandths so that the days add up to the month; the rest as it is."""
    if "amount" not in costs.columns or not costs["is_monthly"].any():
        return costs
    begun = begins("month")
    amount = (pl.col("amount") * CENTS).round().cast(pl.Int64)
    count, day = begun.dt.days_in_month().cast(pl.Int64), pl.col("day")
    monthly = (
        costs.filter("is_monthly")
        .with_columns(begins=begun, count=count, units=amount)
        .with_columns(day=pl.int_ranges(0, pl.col("count")))
        .explode("day")
        .with_columns(
            (pl.col("day") == 0).alias(ONCE),
            spent_at=(pl.col("begins") + pl.duration(days=day, minutes=MIDDAY)).cast(Kind.INSTANT.dtype),
            amount=(pl.col("units") // pl.col("count") + (day < pl.col("units") % pl.col("count")).cast(pl.Int64))
            / CENTS,
        )
    )
    daily = costs.filter(~pl.col("is_monthly")).with_columns(pl.lit(value=True).alias(ONCE))
    return pl.concat([daily, monthly.select(*costs.columns, ONCE)])
