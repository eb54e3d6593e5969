"""Rows of the same customers, who are of one mind and wait as long each time: so many rows are less sure than as many customers' one each."""

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Mean, NetShare, Quantile, Share
from kpi_core.model.periods import Period

KEYS = ("customer_id", "customer_email")


def customers_effect(engine: Engine, kpi: Kpi, cell: Cell) -> tuple[float, float] | None:
    """How many times the variance of independent rows a cell's rows have for being of the same customers, and its degrees of freedom.

    The sums of each customer's distances from the mean against those of single rows; of a quantile of whether a row lies above it. The
    degrees of freedom are those of as many customers with equal shares of the rows (Kish). Rows whose customer is not known are of
    one each. None for what is no mean or quantile of its rows, and where no customer is known.
    """
    facts = engine.tables.get(kpi.table)
    if facts is None or not isinstance(kpi.measure, Share | Mean | NetShare | Quantile):
        return None
    rows = _rows(engine, kpi, cell)
    if rows is None or rows.height < 2:
        return None
    place = pl.col("value") - pl.col("value").mean()
    if isinstance(kpi.measure, Quantile):
        place = (pl.col("value") > pl.col("value").quantile(kpi.measure.at)).cast(pl.Float64)
        place -= place.mean()
    whose = pl.coalesce(pl.col("customer").cast(pl.String), pl.int_range(pl.len()).cast(pl.String) + "\0")
    of_each = rows.lazy().select(whose=whose, off=place).group_by("whose").agg(
        rows=pl.len().cast(pl.Float64), off=pl.col("off").sum(), square=(pl.col("off") ** 2).sum()
    )  # fmt: skip
    sums = of_each.select(
        all=pl.col("rows").sum(), pairs=(pl.col("rows") ** 2).sum(), together=(pl.col("off") ** 2).sum(), alone=pl.col("square").sum()
    ).collect()  # fmt: skip
    count, pairs, together, alone = sums.row(0)
    customers = count**2 / pairs
    if not alone or customers <= 1:
        return 1.0, max(customers - 1, 1.0)
    return together / alone * customers / (customers - 1), max(customers - 1, 1.0)


def _rows(engine: Engine, kpi: Kpi, cell: Cell) -> pl.DataFrame | None:
    """The value and the customer of each row of a cell; the customer of an answer is that of its ticket where it names none."""
    frame = engine.tables[kpi.table].frame
    if kpi.dated_by not in frame.columns or (cell.dimension != TOTAL and cell.dimension not in frame.columns):
        return None
    own = [name for name in KEYS if name in frame.columns]
    (value,) = kpi.measure.facts()
    of_ticket = ["ticket_id"] if kpi.table == "answers" and "ticket_id" in frame.columns else []
    customer = pl.coalesce(pl.col(name).cast(pl.String) for name in own) if own else pl.lit(None, pl.String)
    rows = frame.lazy().filter(_within(engine, kpi, cell.period))
    if cell.dimension != TOTAL:
        rows = rows.filter(pl.col(cell.dimension).cast(pl.String).eq_missing(pl.lit(cell.group, pl.String)))
    rows = rows.select(*of_ticket, value=value.cast(pl.Float64), customer=customer).drop_nulls("value")
    tickets = engine.tables.get("tickets")
    if of_ticket and tickets is not None and {"ticket_id", "customer_id"} <= set(tickets.frame.columns):
        theirs = (
            tickets.frame.lazy()
            .select("ticket_id", of_ticket=pl.col("customer_id").cast(pl.String))
            .drop_nulls()
            .unique("ticket_id")
        )
        rows = rows.join(theirs, on="ticket_id", how="left").with_columns(customer=pl.coalesce("customer", "of_ticket"))
    found = rows.select("value", "customer").collect()
    return None if found["customer"].is_null().all() else found


def _within(engine: Engine, kpi: Kpi, period: Period) -> pl.Expr:
    """Whether a KPI's rows fall in a period; all do in everything."""
    if period.start is None or period.end is None:
        return pl.lit(value=True)
    days = engine.day(kpi.table, kpi.dated_by)
    return pl.lit(days.is_between(period.start, period.end, closed="left").fill_null(value=False))
