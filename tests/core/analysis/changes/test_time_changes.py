"""A factor of times, against halving by hand; ranks among earlier times, against counting."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.analysis.changes.time_changes import CELLS, FARTHEST, _Scaled
from kpi_core.engine.ranks import Ranks, _in_order, _twice_ranked

TIMES = st.lists(st.integers(0, 400), min_size=1, max_size=12).map(lambda found: sorted(map(float, found)))


def by_halves(ranks: Ranks, times: list[float], wanted: float) -> float | None:
    """The logarithm of the factor that leaves a mean rank, every step of it looked at."""
    low, high = 0, CELLS
    if not ranks.mean_rank(times, math.exp(-FARTHEST)) < wanted < ranks.mean_rank(times, math.exp(FARTHEST)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        rank = ranks.mean_rank(times, math.exp(-_log(middle)))
        low, high = (middle, high) if rank > wanted else (low, middle)
    above, below = (ranks.mean_rank(times, math.exp(-_log(place))) for place in (low, high))
    return _log(low) + (_log(high) - _log(low)) * (above - wanted) / (above - below)


def _log(place: int) -> float:
    return FARTHEST * (2 * place / CELLS - 1)


@given(before=TIMES, times=TIMES, wanted=st.lists(st.floats(-0.2, 1.2), min_size=1, max_size=4))
def test_a_factor_is_where_halving_finds_it(before: list[float], times: list[float], wanted: list[float]) -> None:
    ranks = Ranks(frames={}, before=before)
    scaled = _Scaled(ranks=ranks, times=times)
    assert [scaled.factor(one) for one in wanted] == [by_halves(ranks, times, one) for one in wanted]


@given(before=TIMES, times=TIMES, factor=st.sampled_from([0.5, 1.0, 1.7, 2.0]))
def test_a_mean_rank_counts_the_shorter_and_half_of_those_alike(
    before: list[float], times: list[float], factor: float
) -> None:
    scaled = [time * factor for time in times]
    counted = sum((old < new) + (old == new) / 2 for old in before for new in scaled)
    found = Ranks(frames={}, before=before).mean_rank(times, factor)
    assert found == pytest.approx(counted / len(before) / len(times), rel=1e-12)


@pytest.mark.parametrize("dtype", [pl.Int32, pl.Int64, pl.Float64])
@given(before=TIMES, times=st.lists(st.integers(-5, 400), min_size=1, max_size=12))
def test_ranks_are_those_that_counting_gives(dtype: type[pl.DataType], before: list[float], times: list[int]) -> None:
    order, sorted_times = _in_order(pl.Series(times, dtype=dtype))
    assert sorted_times.to_list() == sorted(times)
    assert [times[place] for place in order] == sorted_times.to_list()
    twice = _twice_ranked(sorted_times, pl.Series(before).cast(dtype))
    assert twice.to_list() == [
        sum(old < time for old in before) + sum(old <= time for old in before) for time in sorted(times)
    ]


def test_times_too_large_to_be_packed_are_sorted_too() -> None:
    times = pl.Series([2**40, 3, 2**40, -(2**40)])
    order, found = _in_order(times)
    assert found.to_list() == sorted(times.to_list())
    assert times.gather(order).to_list() == found.to_list()
