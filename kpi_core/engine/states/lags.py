"""How long after they came tickets are resolved: by day of creation and group, those of each number of days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

import polars as pl

from kpi_core.engine.cells import TOTAL
from kpi_core.engine.states.state import Key
from kpi_core.facts import Facts
from kpi_core.records import dataclass

MOST_LAG = 30
"""Days within which a ticket's resolution is awaited."""
SLOTS = 64
"""Room for the lags of a day in one number; the last is of what is not resolved within them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lags:
    """Tickets by the day they came, group and `lag`, the days to their resolution: day, group, lag, rows.

    `lag` is null for those not resolved within `MOST_LAG` days, or of whose resolution no day is known.
    """

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The tickets of all of them, added up."""
        if len(states) == 1:
            return states[0]
        whole = pl.concat([state.frame for state in states])
        return cls(frame=whole.group_by("day", "group", "lag").agg(pl.col("rows").sum()))

    def shares(self, since: date, until: date, *, is_total: bool = False) -> dict[str | None, Sequence[float]]:
        """Of the tickets that each group got on days from `since` to before `until`, the share resolved 0, 1, … 30 days later.

        Of all groups together, which is called None, where `is_total`.
        """
        inside = self.frame.filter(pl.col("day").is_between(pl.lit(since), pl.lit(until), closed="left"))
        if is_total:
            inside = inside.with_columns(group=pl.lit(None, pl.String))
        counted = inside.group_by("group", "lag").agg(pl.col("rows").sum())
        counts: dict[str | None, list[float]] = {}
        for group, lag, rows in counted.iter_rows():
            counts.setdefault(group, [0.0] * (MOST_LAG + 2))[-1 if lag is None else lag] += rows
        return {group: [rows / sum(counted) for rows in counted[:-1]] for group, counted in counts.items()}


@dataclass(frozen=True, kw_only=True)
class LagsPlan:
    """Lags of tickets: of the total, or by group where `dimension` is not `TOTAL`."""

    dimension: str
    table: str = "tickets"

    @property
    def key(self) -> Key:
        """The table and the dimension."""
        return ("lags", self.table, self.dimension)

    def partial(self, facts: Facts) -> Lags:
        """The lags of some tickets that have a day of creation."""
        days = (pl.col("resolved") - pl.col("day")).dt.total_days()
        lag = pl.when(pl.col("is_resolved") & days.is_between(0, MOST_LAG)).then(days).cast(pl.Int32)
        split = [] if self.dimension == TOTAL else [pl.col(self.dimension).alias("group")]
        rows = facts.frame.lazy().select(
            *split, "is_resolved", day=facts.day("created_at"), resolved=facts.day("resolved_at")
        )
        # Day and lag in one number: to group by one takes a third of the time of two.
        both = (pl.col("day").cast(pl.Int32) * SLOTS + lag.fill_null(SLOTS - 1)).alias("both")
        keys = ["both", *(["group"] if split else [])]
        counted = rows.drop_nulls("day").select(both, *(["group"] if split else [])).group_by(keys).agg(rows=pl.len())
        lags = pl.col("both") - pl.col("both") // SLOTS * SLOTS
        group = pl.col("group").cast(pl.String) if split else pl.lit(None, pl.String)
        found = counted.select(
            (pl.col("both") // SLOTS).cast(pl.Date).alias("day"), group.alias("group"),
            pl.when(lags < SLOTS - 1).then(lags).alias("lag"), "rows",
        )  # fmt: skip
        return Lags(frame=found.collect(engine="streaming"))


Shares = Mapping[str | None, Sequence[float]]
