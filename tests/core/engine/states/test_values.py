"""Quantiles of every cell at once are those of each cell sorted alone."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.states.values import encode, sort_values
from kpi_core.model.estimates import EMPTY
from kpi_core.model.periods import ALL, Period, parse_period

FEBRUARY, MARCH = parse_period("2026-02"), parse_period("2026-03")
VALUES = st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 0, 60, 3600]))
GROUPS = st.sampled_from([None, "Billing", "Returns", ""])
DATES = st.one_of(st.none(), st.dates(date(2026, 1, 30), date(2026, 4, 2)))
ROWS = st.lists(st.tuples(VALUES, DATES, GROUPS), max_size=25)


def type_7(values: list[int], at: float) -> float:
    place = (len(values) - 1) * at
    below = sorted(values)[int(place)]
    above = sorted(values)[min(int(place) + 1, len(values) - 1)]
    return below + (above - below) * (place - int(place))


def is_in(day: date | None, period: Period) -> bool:
    return period.start is None or period.end is None or (day is not None and period.start <= day < period.end)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    rows=ROWS,
    at=st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
    periods=st.sampled_from([[ALL], [FEBRUARY], [FEBRUARY, MARCH]]),
)
def test_every_cell_has_its_own_quantile(
    rows: list[tuple[int | None, date | None, str | None]], at: float, periods: list[Period]
) -> None:
    values = pl.Series("value", [row[0] for row in rows], dtype=pl.Int32)
    days = pl.Series("day", [row[1] for row in rows], dtype=pl.Date)
    groups = pl.Series("group", [row[2] for row in rows], dtype=pl.Categorical)
    total, split = sort_values(values, days, None, periods), sort_values(values, days, groups, periods)
    for period in periods:
        kept = [(row[0], row[2]) for row in rows if row[0] is not None and is_in(row[1], period)]
        for group in (None, "Billing", "Returns", "", "nobody"):
            mine = [value for value, name in kept if name == group]
            found = split.quantile(Cell(period=period, dimension="group", group=group), at, 0.95)
            assert found.n == len(mine)
            assert found.value == (pytest.approx(type_7(mine, at)) if mine else None)
        found = total.quantile(Cell(period=period, dimension=TOTAL), at, 0.95)
        assert found.value == (pytest.approx(type_7([value for value, _ in kept], at)) if kept else None)


def ordered(count: int) -> pl.Series:
    return pl.Series("value", list(range(1, count + 1)), dtype=pl.Int32).sample(fraction=1.0, shuffle=True, seed=3)


def undated(count: int) -> pl.Series:
    return pl.Series("day", [None] * count, dtype=pl.Date)


@pytest.mark.parametrize(
    ("n", "at", "low", "high"),
    [(5, 0.5, None, None), (6, 0.5, 1, 6), (28, 0.9, None, None), (29, 0.9, 21, 29)],
)
def test_the_interval_is_a_pair_of_the_values_or_none(n: int, at: float, low: int | None, high: int | None) -> None:
    found = sort_values(ordered(n), undated(n), None, [ALL]).quantile(Cell(period=ALL), at, 0.95)
    assert (found.low, found.high) == (low, high)


def test_no_values_no_quantile() -> None:
    nothing = pl.Series("value", [None, None], dtype=pl.Int32)
    assert sort_values(nothing, undated(2), None, [ALL]).quantile(Cell(period=ALL), 0.5, 0.95) == EMPTY


@pytest.mark.parametrize("dtype", [pl.String(), pl.Categorical(), pl.Enum(["b", "a", "c"])])
def test_a_dimension_is_encoded_densely_whatever_its_type(dtype: pl.DataType) -> None:
    encoded = encode(pl.Series("group", ["b", None, "a", "b"], dtype=dtype))
    assert encoded.names == [None, "a", "b"]
    assert encoded.codes.to_list() == [2, 0, 1, 2]
