"""A fact of answers by day, group and the scale that each was given on: separates a change of scale from one of customers."""

from collections.abc import Sequence
from typing import Self

import polars as pl

from kpi_core.engine.cells import TOTAL
from kpi_core.engine.states.state import Key
from kpi_core.engine.states.sums import digests
from kpi_core.facts import Facts
from kpi_core.model.measures import Additive
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True, eq=False)
class ScaleDays:
    """Values of a fact by day, group and scale (`1–5`): day, group, scale, their number `n` and their sum `s`."""

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The values of all of them, added up."""
        if len(states) == 1:
            return states[0]
        whole = pl.concat([state.frame for state in states])
        return cls(frame=whole.group_by("day", "group", "scale").agg(pl.col("n", "s").sum()))

    @property
    def scales(self) -> list[str]:
        """The scales that there are, in order."""
        return sorted(self.frame["scale"].unique())

    def of(self, scale: str) -> pl.DataFrame:
        """What was given on one of them: day, group, n, s."""
        return self.frame.filter(pl.col("scale") == scale).drop("scale")


@dataclass(frozen=True, kw_only=True, eq=False)
class ScaleDaysPlan:
    """The fact of a measure by scale: of the total, or by group where `dimension` is not `TOTAL`."""

    table: str
    dated_by: str
    measure: Additive
    dimension: str

    @property
    def key(self) -> Key:
        """The table, the date, the fact and the dimension."""
        return ("scales", self.table, self.dated_by, digests(self.measure)[0], self.dimension)

    def partial(self, facts: Facts) -> ScaleDays:
        """The values of some answers whose scale is known."""
        group = pl.lit(None, pl.String) if self.dimension == TOTAL else pl.col(self.dimension).cast(pl.String)
        rows = facts.frame.select(
            facts.day(self.dated_by).alias("day"), group.alias("group"), self.measure.facts()[0].cast(pl.Float64).alias("top"),
            pl.concat_str("scale_low", pl.lit("–"), "scale_high").alias("scale"),
        ).drop_nulls(["top", "scale"])  # fmt: skip
        totals = pl.len().cast(pl.Int64).alias("n"), pl.col("top").sum().alias("s")
        return ScaleDays(frame=rows.group_by("day", "group", "scale").agg(totals))
