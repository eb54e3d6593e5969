"""Service levels: shares of what could be judged, with what is still open counted beside them."""

from dataclasses import dataclass

import polars as pl

from kpi_core.model.measures import Share


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged(Share):
    """Promises met among those met or broken. `pending` are the rows that may yet go either way: they are in neither."""

    pending: pl.Expr

    def awaited(self) -> pl.Expr:
        """1 for the rows that are yet to be judged."""
        return pl.when(self.pending).then(pl.lit(1, pl.Int8))
