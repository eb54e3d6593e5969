"""Times by their rank among those before a period: what a change of waiting times is judged by, whatever their spread."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from functools import partial as with_first

import polars as pl

from kpi_core.engine.cells import TOTAL, column_of
from kpi_core.engine.states.values import Values
from kpi_core.records import dataclass

MOST_BEFORE = 4096
"""How many earlier times suffice to describe their spread."""
PLACES = 2**32
"""Beyond any number of rows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranks:
    """Times as their rank among those before the current period: sums by day in each group, and the earlier times in order.

    `before` are these times, or an even sample of them, large enough to describe their spread.
    """

    frames: Mapping[str, pl.DataFrame]
    before: Sequence[float]

    def mean_rank(self, times: Sequence[float], factor: float = 1.0) -> float:
        """The mean share of the earlier times that are shorter than each of some times by a factor, half of those alike counted."""
        scaled = [time * factor for time in times]
        shorter = sum(map(with_first(bisect_left, self.before), scaled))
        up_to = shorter + sum(filter(None, map(self._alike.get, scaled)))
        return (shorter + up_to) / 2 / len(self.before) / len(times)

    @cached_property
    def _alike(self) -> Mapping[float, int]:
        """How many of the earlier times are each: few scaled times are one of them, and looking them up is quicker than finding their place."""
        return Counter(self.before)


def _in_order(times: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The places of some times when in order, and the times in order: whole numbers sort with their place behind them, which is quicker."""
    low, high = times.min(), times.max()
    if isinstance(low, int) and isinstance(high, int) and -PLACES // 2 <= low <= high < PLACES // 2:
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        packed = times.to_frame("time").lazy().select(packed=(pl.col("time").cast(pl.Int64) * PLACES + place).sort())
        in_order = packed.select(
            (pl.col("packed") & (PLACES - 1)).cast(pl.UInt32).alias("place"),
            (pl.col("packed") // PLACES).cast(times.dtype).alias("time"),
        ).collect()
        return in_order["place"], in_order["time"]
    order = times.arg_sort()
    return order, times.gather(order)


def _twice_ranked(times: pl.Series, before: pl.Series) -> pl.Series:
    """Of each of some times twice its rank among others: how many of them are shorter, and how many are no longer. Both are in order."""
    alike = before.rle().struct.unnest()
    ends = [
        pl.DataFrame({"at": times.search_sorted(alike["value"], side), "more": alike["len"].cast(pl.Int32)})
        for side in ("left", "right")
    ]
    steps = pl.concat(ends).filter(pl.col("at") < len(times)).group_by("at").agg(pl.col("more").sum())
    return pl.zeros(len(times), dtype=pl.Int32, eager=True).scatter(steps["at"], steps["more"]).cum_sum()


def up_to(level: float) -> str:
    """The column with how many times are no longer than a quantile of the earlier ones."""
    return f"up to {level}"


def ranked(
    values: Values, dimensions: Sequence[str], first: date, last: date, since: date, levels: Sequence[float] = ()
) -> Ranks | None:
    """The times of the days from `first` to before `last` by their rank among those before `since`; None where there are none.

    Each of the `levels` has a column with the times up to that quantile of the earlier ones.
    """
    columns = [column_of(dimension) for dimension in dimensions]
    rows = values.frame.filter(
        pl.col("value").is_not_null() & pl.col("day").is_between(pl.lit(first), pl.lit(last), closed="left")
    )
    order, times = _in_order(rows["value"])
    before = times.filter((rows["day"] < since).gather(order))
    if before.is_empty():
        return None
    step = max(1, len(before) // MOST_BEFORE)
    before = before.gather_every(step, step // 2)  # ranks among these are scores as good, and quickly found
    rank = pl.zeros(len(times), dtype=pl.Int32, eager=True).scatter(order, _twice_ranked(times, before))
    with_rank = rows.lazy().select("day", *columns, rank.alias("rank"))
    # Added up as whole numbers: in which order, and by how many cores, is then no matter.
    twice = pl.col("rank").cast(pl.Int64)
    totals = [pl.len().cast(pl.Int64).alias("n"), twice.sum().alias("s"), (twice * twice).sum().alias("q")]
    totals += [(pl.col("rank") <= math.floor(2 * level * len(before))).sum().alias(up_to(level)) for level in levels]
    frames = {
        dimension: with_rank.group_by("day", pl.col(column_of(dimension)).alias("group"))
        .agg(totals)
        .collect(engine="streaming")
        .cast({"group": pl.String})
        for dimension in dimensions
    }
    if dimensions:
        whole = frames[dimensions[0]].group_by("day").agg(pl.all().exclude("day", "group").sum())
    else:
        whole = with_rank.group_by("day").agg(totals).collect(engine="streaming")
    frames[TOTAL] = whole.with_columns(group=pl.lit(None, pl.String))
    most = 2 * len(before)
    scaled = [pl.col("s") / most, pl.col("q") / (most * most)]
    return Ranks(
        frames={dimension: frame.with_columns(scaled) for dimension, frame in frames.items()},
        before=before.cast(pl.Float64).to_list(),
    )
