"""Rows of the same customers, who are of one mind and wait as long each time: so many rows are less sure than as many customers' one each."""

from collections.abc import Mapping, Sequence
from dataclasses import field

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Mean, NetShare, Quantile, Share
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

KEYS = ("customer_id", "customer_email")
FEW_AGAIN = 1.5
"""Rows that the customer of a row has in a period, the row among them, up to which they are taken for rows of as many customers: what so few have in common is less than chance makes of it."""
DIGITS = 9
"""Decimals that the order of the rows, by which sums are rounded, leaves alone."""
Key = tuple[str, str, str | None]
"""A KPI by its definition and currency, and a group."""
Effect = tuple[float, float]
"""How many times the variance of independent rows there is, and the degrees of freedom of that."""


@dataclass(kw_only=True, eq=False)
class SameCustomers:
    """How many times the variance of independent rows the rows of an engine's cells have for being of the same customers.

    The sums of each customer's distances from the mean against those of single rows; of a quantile of whether a row lies above it. The
    degrees of freedom are those of as many customers with equal shares of the rows (Kish). Rows whose customer is not known are of
    one each. Whether they are looked for is said by the rows of the period `usual` alone, whatever period is asked about.
    """

    engine: Engine
    usual: Period | None = None
    _found: dict[tuple[str, str, Period, str], Mapping[Key, Effect]] = field(default_factory=dict)
    _again: dict[tuple[str, str], float] = field(default_factory=dict)

    def of(self, kpi: Kpi, cell: Cell) -> Effect | None:
        """The effect in a cell; None for what is no mean or quantile of its rows, where no customer is known, and where a row's customer has few (`FEW_AGAIN`) in the usual period."""
        if not _is_of_rows(kpi) or kpi.table not in self.engine.tables:
            return None
        home = (kpi.table, kpi.dated_by, cell.period)
        if self.usual is not None and self._rows_again(kpi.table, kpi.dated_by, self.usual) <= FEW_AGAIN:
            return None
        key = (*home, cell.dimension)
        if key not in self._found or (*_named(kpi), cell.group) not in self._found[key]:
            own = [one for one in self.engine.kpis if _is_of_rows(one) and (one.table, one.dated_by) == home[:2]]
            kpis = own if any(_named(one) == _named(kpi) for one in own) else [kpi]
            self._found[key] = {**self._found.get(key, {}), **_effects(self.engine, kpis, cell)}
        return self._found[key].get((*_named(kpi), cell.group))

    def _rows_again(self, table: str, dated_by: str, period: Period) -> float:
        """Rows that a row's customer has in a period, on the average of rows; of answers those to one question."""
        if (table, dated_by) not in self._again:
            whose = _whose(self.engine, table, dated_by, period)
            each = ["whose", *(["question"] if whose is not None and "question" in whose.columns else [])]
            counts = None if whose is None else whose.group_by(each).len()["len"].cast(pl.Float64)
            total = 0.0 if counts is None else float(counts.sum())
            again = float((counts * counts).sum()) / total if counts is not None and total else 1.0
            self._again[table, dated_by] = again
        return self._again[table, dated_by]


def customers_effect(engine: Engine, kpi: Kpi, cell: Cell) -> Effect | None:
    """How many times the variance of independent rows one cell's rows have for being of the same customers, and its degrees of freedom."""
    return SameCustomers(engine=engine).of(kpi, cell)


def _is_of_rows(kpi: Kpi) -> bool:
    return isinstance(kpi.measure, Share | Mean | NetShare | Quantile)


def _named(kpi: Kpi) -> tuple[str, str]:
    return kpi.definition, kpi.currency or ""


def _is_in(engine: Engine, table: str, dated_by: str, period: Period) -> pl.Expr:
    """Whether a row falls in a period; all do in everything."""
    if period.start is None or period.end is None:
        return pl.lit(value=True)
    days = engine.day(table, dated_by)
    return pl.lit(days.is_between(period.start, period.end, closed="left").fill_null(value=False))


def _whose(engine: Engine, table: str, dated_by: str, period: Period) -> pl.DataFrame | None:
    """The customer (`whose`) of each row of a table in a period and whether it is known, with the question of an answer; an answer's is that of its ticket where it names none.

    A customer who is not known is one of its own. None where the table has neither the date nor a customer.
    """
    frame = engine.tables[table].frame
    own = [name for name in KEYS if name in frame.columns]
    tickets = engine.tables.get("tickets") if table == "answers" and "ticket_id" in frame.columns else None
    of_ticket = [name for name in KEYS if tickets is not None and name in tickets.frame.columns]
    if dated_by not in frame.columns or not (own or of_ticket):
        return None
    names = [name for name in ("ticket_id", "question") if table == "answers" and name in frame.columns]
    whose = pl.coalesce(own) if own else pl.lit(None, pl.UInt64)
    rows = frame.lazy().filter(_is_in(engine, table, dated_by, period)).select(*names, whose=whose).collect()
    if tickets is not None and of_ticket and rows["whose"].has_nulls():
        ids = rows.filter(pl.col("whose").is_null())["ticket_id"].drop_nulls().unique()
        theirs = (
            tickets.frame.lazy()
            .filter(pl.col("ticket_id").is_in(ids.implode()))
            .select("ticket_id", of_ticket=pl.coalesce(of_ticket))
        )
        rows = rows.join(
            theirs.drop_nulls().unique("ticket_id").collect(), on="ticket_id", how="left", maintain_order="left"
        )
        rows = rows.with_columns(whose=pl.coalesce("whose", "of_ticket"))
    nobody = pl.int_range(pl.len(), dtype=pl.UInt64).hash(seed=1)
    kept = [name for name in names if name == "question"]
    return rows.select(*kept, is_known=pl.col("whose").is_not_null(), whose=pl.coalesce("whose", nobody))


def _effects(engine: Engine, kpis: Sequence[Kpi], cell: Cell) -> dict[Key, Effect]:
    """The effects of KPIs of one table and date, in all groups of a cell's dimension."""
    table, dated_by = kpis[0].table, kpis[0].dated_by
    whose, frame = _whose(engine, table, dated_by, cell.period), engine.tables[table].frame
    if whose is None or (cell.dimension != TOTAL and cell.dimension not in frame.columns):
        return {}
    group = pl.lit(None, pl.String) if cell.dimension == TOTAL else pl.col(cell.dimension).cast(pl.String)
    values = [kpi.measure.facts()[0].cast(pl.Float64).alias(f"v{place}") for place, kpi in enumerate(kpis)]
    rows = frame.lazy().filter(_is_in(engine, table, dated_by, cell.period)).select(*values, group_=group).collect()
    found = rows.hstack(whose.select("is_known", "whose")).lazy()
    above = [
        (pl.col(f"v{place}") > pl.col(f"v{place}").quantile(kpi.measure.at).over("group_")).cast(pl.Float64)
        for place, kpi in enumerate(kpis)
        if isinstance(kpi.measure, Quantile)
    ]
    places = range(len(kpis))
    of_each = found.with_columns(above).group_by("group_", "whose").agg(
        pl.col("is_known").any(),
        *(pl.col(f"v{place}").count().cast(pl.Float64).alias(f"n{place}") for place in places),
        *(pl.col(f"v{place}").sum().alias(f"s{place}") for place in places),
        *((pl.col(f"v{place}") ** 2).sum().alias(f"q{place}") for place in places),
    )  # fmt: skip
    sums = [
        pl.concat_list(
            pl.col(f"n{place}").sum(), pl.col(f"s{place}").sum(), pl.col(f"q{place}").sum(), (pl.col(f"n{place}") ** 2).sum(),
            (pl.col(f"n{place}") * pl.col(f"s{place}")).sum(), (pl.col(f"s{place}") ** 2).sum(),
        ).alias(f"v{place}")
        for place in places
    ]  # fmt: skip
    result = of_each.group_by("group_").agg(pl.col("is_known").any(), *sums).filter("is_known").collect()
    effects: dict[Key, Effect] = {}
    for of_group in result.iter_rows(named=True):
        for place, kpi in enumerate(kpis):
            effects[*_named(kpi), of_group["group_"]] = _effect(*of_group[f"v{place}"])
    return effects


def _effect(
    count: float, total: float, squares: float, pairs: float, rows_by_sums: float, sums_squared: float
) -> Effect:
    """The effect by the sums over customers: rows, values, squares, squared rows, rows times sums, squared sums."""
    if not count or not pairs:
        return 1.0, 1.0
    mean = total / count
    together, alone = sums_squared - 2 * mean * rows_by_sums + mean**2 * pairs, squares - mean * total
    customers = count**2 / pairs
    freedom = round(max(customers - 1, 1.0), DIGITS)
    if alone <= 1e-12 * squares or customers <= 1:
        return 1.0, freedom
    return round(together / alone * customers / (customers - 1), DIGITS), freedom
