"""Where most could be gained: what a figure would gain if a weak segment reached the median of its dimension."""

from collections.abc import Iterable
from statistics import median

import polars as pl

from kpi_core.analysis.drivers.candidates import Looked
from kpi_core.analysis.privacy.small_groups import PRIVATE
from kpi_core.model.kpi import Better, Kpi
from kpi_core.records import dataclass
from kpi_core.stats.comparisons.shrinkage import Group, below_median, pulled, spread_between

FEWEST = 5
"""Rows of a segment that is looked at."""
LEVEL = 0.95
SEED = 20_260_101


@dataclass(frozen=True, kw_only=True)
class Opportunity:
    """What the figure would gain if a segment reached the median of its dimension (inside unit), few rows counted for little.

    `value` is the segment's figure as it is, `shrunk` after what its few rows allow; `gain` is of the whole figure with the rows as they are,
    signed as it moves. Its interval allows for what is not known of the segment, of the others and of which of them is the median.
    """

    dimension: str
    segment: str | None
    n: int
    value: float
    shrunk: float
    median: float
    gain: float
    low: float
    high: float


def opportunities(looked: Looked, kpi: Kpi) -> tuple[Opportunity, ...]:
    """What could be gained segment by segment, the most first; only what an interval leaves no doubt of is more than nothing."""
    if kpi.better is Better.NEITHER:
        return ()
    sign = 1.0 if kpi.better is Better.HIGHER else -1.0
    found = [
        one
        for name, words in looked.segments.items()
        if name not in PRIVATE
        for one in of_dimension(name, words, looked.values, sign)
    ]
    return tuple(sorted(found, key=lambda one: -sign * one.gain))


def of_dimension(name: str, words: pl.Series, values: pl.Series, sign: float) -> Iterable[Opportunity]:
    """The segments of one dimension that lie on the worse side of its median; `sign` is -1 where less is better."""
    frame = pl.DataFrame({"word": words, "y": values})
    rows = (
        frame.group_by("word").agg(pl.len().alias("n"), pl.col("y").mean().alias("mean"), pl.col("y").var().alias("var"))
        .filter(pl.col("n") >= FEWEST).sort("n", "word", descending=[True, False])
    )  # fmt: skip
    if rows.height < 3:
        return
    spread, overall = values.var(), values.mean()
    assert isinstance(spread, float)
    assert isinstance(overall, float)
    seen = [
        (
            word,
            n,
            Group(value=mean, error=((n - 1) * (var or 0.0) + spread) / n / n),
        )  # few rows alike are not sure to be
        for word, n, mean, var in rows.iter_rows()
    ]
    groups = [group for *_, group in seen]
    if spread_between(groups) == 0:
        return
    shrunk = pulled(groups, overall)
    middle, ends = median(shrunk), below_median(groups, LEVEL, SEED)
    for (word, n, group), drawn, (low, high) in zip(seen, shrunk, ends, strict=True):
        if sign * (middle - drawn) > 0:
            part = n / len(values)
            yield Opportunity(
                dimension=name, segment=word, n=n, value=group.value, shrunk=drawn, median=middle,
                gain=part * (middle - drawn), low=part * low, high=part * high,
            )  # fmt: skip
