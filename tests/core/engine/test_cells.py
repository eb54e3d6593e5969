"""Where a row counts: periods that do not overlap."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.engine.cells import disjoint, period_index
from kpi_core.model.periods import ALL, Period, parse_period


def test_each_day_finds_its_period_and_undated_rows_only_everything() -> None:
    days = pl.Series("day", [date(2026, 1, 31), None, date(2026, 2, 1), date(2026, 3, 1), date(2026, 2, 28)])
    assert period_index(days, [parse_period("2026-02"), parse_period("2026-01")]).to_list() == [1, None, 0, None, 0]
    assert period_index(days, [ALL]).to_list() == [0] * 5
    assert period_index(days.clear(), [ALL]).to_list() == []
    assert period_index(pl.Series("day", [None, None], dtype=pl.Date), [parse_period("2026-02")]).to_list() == [
        None,
        None,
    ]


SPANS = st.tuples(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(1, 60)).map(
    lambda span: Period(span[0], date.fromordinal(span[0].toordinal() + span[1]))
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    periods=st.lists(st.one_of(SPANS, st.just(ALL)), max_size=8),
    days=st.lists(st.one_of(st.none(), st.dates(date(2024, 12, 1), date(2027, 1, 31))), max_size=20),
)
def test_periods_dealt_into_lists_do_not_overlap_and_hold_every_day_of_theirs(
    periods: list[Period], days: list[date | None]
) -> None:
    series = pl.Series("day", days, dtype=pl.Date)
    dealt = disjoint(periods)
    assert {period for kept in dealt for period in kept} == set(periods)
    assert sum(map(len, dealt)) == len(set(periods))
    for rows in dealt:
        found = period_index(series, rows).to_list()
        for day, place in zip(days, found, strict=True):
            inside = [
                number
                for number, period in enumerate(rows)
                if period.is_all or (day and period.start <= day < period.end)
            ]
            assert inside == ([] if place is None else [place])
