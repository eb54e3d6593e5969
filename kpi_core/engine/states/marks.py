"""The scales that the marks of reviews are on: how far a mean of them can reach."""

from collections.abc import Sequence
from typing import Self

import polars as pl

from kpi_core.engine.states.state import Key
from kpi_core.facts import Facts
from kpi_core.records import dataclass

ENDS = ("scale_low", "scale_high", "on_scale")


@dataclass(frozen=True, kw_only=True, eq=False)
class Marks:
    """The different scales of some rows: scale_low and scale_high (null: not known), on_scale for the one that most are on."""

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The scales of all of them."""
        return states[0] if len(states) == 1 else cls(frame=pl.concat([state.frame for state in states]).unique())

    @property
    def lowest_share(self) -> float | None:
        """The lowest mark as a share of the highest, on any of the scales."""
        found = self.frame.select((pl.col("scale_low") / pl.col("scale_high")).min()).item()
        return None if found is None else float(found)

    @property
    def commonest(self) -> tuple[float, float] | None:
        """The ends of the scale that most are on; None where it is not known."""
        own = self.frame.filter("on_scale", pl.col("scale_high").is_not_null())
        low, high = own.select(pl.col("scale_low").min(), pl.col("scale_high").max()).row(0)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, kw_only=True)
class MarksPlan:
    """The scales of a table's marks."""

    table: str

    @property
    def key(self) -> Key:
        """The table."""
        return ("marks", self.table)

    def partial(self, facts: Facts) -> Marks:
        """The scales of some rows."""
        return Marks(frame=facts.frame.select(ENDS).unique())
