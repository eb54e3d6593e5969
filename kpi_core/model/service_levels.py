"""Service levels: shares of what could be judged, with what is still open counted separately."""

from dataclasses import replace

import polars as pl

from kpi_core.model.estimates import CellSums, Estimate, Portion
from kpi_core.model.measures import Share
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Promised(Portion):
    """Promises met (`k`) among those met or broken, and those that may yet go either way."""

    pending: int

    @property
    def rows_awaited(self) -> int:
        """The pending ones."""
        return self.pending


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged(Share):
    """Promises met among those met or broken. `pending` are the rows that may yet go either way: they are in neither."""

    pending: pl.Expr

    def awaited(self) -> pl.Expr:
        """1 for the rows that are yet to be judged."""
        return pl.when(self.pending).then(pl.lit(1, pl.Int8))

    def companions(self) -> tuple[pl.Expr, ...]:
        """The rows that are yet to be judged."""
        return (self.awaited(),)

    def finish(self, found: CellSums, confidence: float) -> Estimate:
        """The share with Wilson's interval, and how many rows are not yet judged: given also where none is."""
        parts = Promised(k=found.own.total, of=found.own.n, pending=found.companions[0].n)
        return replace(super().finish(found, confidence), parts=parts)
