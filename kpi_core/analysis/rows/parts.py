"""The measures that a KPI is made of, each with its rows: the part they play, what dates them, and where they stand in the files."""

from collections.abc import Iterator

import polars as pl

from kpi_core.analysis.report import Prepared
from kpi_core.analysis.rows import provenance
from kpi_core.analysis.rows.role import PLACE, ROLES, Role
from kpi_core.analysis.rows.roles import roles
from kpi_core.engine.cells import Cell
from kpi_core.engine.plan import sides
from kpi_core.engine.state_cache import home
from kpi_core.facts.business.costs import ONCE
from kpi_core.model.columns import MONTHS
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import CENTS, Difference, Part


def leaves(part: Part, path: tuple[str, ...] = ()) -> Iterator[tuple[Part, tuple[str, ...]]]:
    """The measures that rest on rows, each with its place among the parts of the whole."""
    both = sides(part)
    names = ("plus", "minus") if isinstance(part.measure, Difference) else ("numerator", "denominator")
    if not both:
        yield part, path
    for side, name in zip(both, names, strict=False):
        yield from leaves(side, (*path, name))


def rows_of(prepared: Prepared, kpi: Kpi, leaf: Part, path: tuple[str, ...], cell: Cell) -> pl.DataFrame:
    """Every row that one measure could rest on, with its role and why."""
    table, dated_by = home(leaf)
    engine = prepared.engine
    with_roles = roles(engine, kpi, leaf, cell, prepared.dataset.tables[table])
    if path and path[0] == "numerator":
        top = pl.when(pl.col("role") == Role.COUNTED).then(pl.lit(Role.NUMERATOR)).otherwise("role")
        with_roles = with_roles.with_columns(top.cast(ROLES).alias("role"))
    frame = engine.tables[table].frame
    with_roles = with_roles.with_columns(
        frame.select(PLACE, date=date_of(dated_by, frame))["date"], _at=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    dated = _unspread(with_roles) if ONCE in frame.columns else with_roles
    found = dated.join(provenance.places(prepared.dataset, table), on=PLACE, how="left")
    return found.with_columns(
        part=pl.lit(": ".join(path) or None, pl.String), table=pl.lit(table), _unread=pl.lit(value=False)
    )


def _unspread(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that are spread over the days of a month, as the rows of the file that they are: what they add up to, from its first day."""
    rest = [pl.col(name).first() for name in rows.columns if name not in (PLACE, "role", "reason", "value")]
    whole = rows.group_by(PLACE, "role", "reason", maintain_order=True)
    total = (pl.col("value").sum() * CENTS).round() / CENTS
    return whole.agg(*rest, pl.when(pl.col("value").count() > 0).then(total).alias("value")).select(rows.columns)


def date_of(dated_by: str, frame: pl.DataFrame) -> pl.Expr:
    """What dates each row; of a month its first day."""
    if {dated_by, MONTHS + dated_by} <= set(frame.columns):
        first = pl.col(dated_by).dt.truncate("1mo")
        return pl.when(pl.col(MONTHS + dated_by).fill_null(value=False)).then(first).otherwise(dated_by)
    return pl.col(dated_by) if dated_by in frame.columns else pl.lit(None, pl.Datetime("ms"))
