"""Unfinished cases, counted by hand: by the clock, in opening hours, and in targets of their own."""

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from desk import ALWAYS, open_seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from polars import col

from kpi_core.calendars import Calendar
from kpi_core.engine.cells import Cell
from kpi_core.engine.states.risk_sets import WatchesReader, partial, survive
from kpi_core.facts import OpenHours
from kpi_core.model.clock import Clock
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.periods import ALL, parse_period
from kpi_core.model.stocks_and_survival import Survival, SurvivalMean, SurvivalShare, SurvivalTime
from kpi_core.stats.survival import Watched, kaplan_meier

HOUR = 3600
JANUARY = datetime(2026, 1, 1)
FEBRUARY = Cell(period=parse_period("2026-02"))
EVERYTHING = Cell(period=ALL)
Row = tuple[datetime | None, datetime | None]

FACTS = (col("opened"), col("closed"), col("closed").is_not_null())
MEDIAN = SurvivalTime(*FACTS)


def day(number: float) -> datetime:
    return JANUARY + timedelta(days=number - 1)


def table(rows: list[Row], **more: list[Any]) -> pl.DataFrame:
    dtypes = {"opened": pl.Datetime("ms"), "closed": pl.Datetime("ms")}
    return pl.DataFrame(rows, schema=dtypes, orient="row").with_columns(
        **{name: pl.Series(more[name]) for name in more}
    )


def survived(
    frame: pl.DataFrame, measure: Survival = MEDIAN, cell: Cell = EVERYTHING, as_of: datetime | None = None,
    ages: OpenHours | None = None,
) -> Estimate:  # fmt: skip
    clock = Clock(zone=None, as_of=as_of or day(90))
    watches = WatchesReader(state=partial(frame, measure, ()), clock=clock, open_hours=ages)
    return survive(watches, measure, cell, 0.95)


def quick(count: int) -> list[Row]:
    return [(day(32), day(32) + timedelta(hours=hours)) for hours in range(1, count + 1)]


def test_finished_cases_alone_have_the_median_of_their_times() -> None:
    found = survived(table(quick(20)))
    assert (found.value, found.n) == (10 * HOUR, 20)


def test_unfinished_cases_draw_the_median_out() -> None:
    waiting: list[Row] = [(day(32), None)] * 10
    found = survived(table([*quick(20), *waiting]))
    assert (found.value, found.n) == (15 * HOUR, 30)


def test_a_median_not_reached_is_more_than_the_last_age_and_the_finished_alone_stand_next_to_it() -> None:
    waiting: list[Row] = [(day(32), None)] * 30
    found = survived(table([*quick(20), *waiting]))
    assert (found.value, found.n) == (None, 50)
    assert found.parts.beyond == (day(90) - day(32)).total_seconds()
    assert found.parts.naive == 10.5 * HOUR
    assert (found.parts.finished, found.parts.unfinished, found.parts.late) == (20, 30, 0)


def test_only_what_happens_in_the_window_is_an_event() -> None:
    rows: list[Row] = [(day(20), day(35))] * 10 + [(day(20), day(70))] * 30 + [(day(20), day(25))] * 50
    found = survived(table(rows), cell=FEBRUARY)
    assert (found.value, found.n) == (None, 40)
    assert (found.parts.finished, found.parts.unfinished, found.parts.late) == (10, 30, 40)
    assert found.parts.naive == 15 * 24 * HOUR


def test_a_window_without_cases_has_no_curve() -> None:
    assert survived(table([(day(70), day(71))]), cell=FEBRUARY) == EMPTY


def test_the_mean_counts_each_case_up_to_a_limit() -> None:
    # 1, 2, …, 10 h with a limit of 5 h: the hours 1 + 2 + 3 + 4 and six times 5, over 10.
    found = survived(table(quick(10)), SurvivalMean(*FACTS, up_to=5 * HOUR))
    assert found.value == pytest.approx(4 * HOUR)
    assert found.parts.naive == pytest.approx(4 * HOUR)
    # Without open cases the variance is the plain one: Σ (x − x̄)² ÷ n².
    squares = sum((min(hours, 5) - 4) ** 2 for hours in range(1, 11))
    assert found.parts.error == pytest.approx((squares / 100) ** 0.5 * HOUR)


def test_a_mean_whose_limit_nobody_was_watched_to_is_more_than_what_was_seen() -> None:
    found = survived(table(quick(10)), SurvivalMean(*FACTS, up_to=9 * HOUR))
    # From 7 h on fewer than five are watched. Up to 6 h: 1 + 2 + 3 + 4 + 5 and five times 6, over 10.
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.parts.beyond == pytest.approx(4.5 * HOUR)


def within(limit: str = "limit") -> SurvivalShare:
    return SurvivalShare(*FACTS, col("hours"), within=col(limit))


def test_a_share_within_a_target_reads_the_curve_at_it() -> None:
    # Ten done after 1, 2, …, 10 h and ten open for long: at 6 h 14 of 20 are left.
    rows = [*quick(10), *[(day(32), None)] * 10]
    found = survived(table(rows, limit=[6 * HOUR] * 20, hours=[None] * 20), within())
    assert found.value == pytest.approx(0.3)
    assert found.parts.naive == pytest.approx(0.6)
    curve = kaplan_meier(*exits([6 * HOUR] * 20, rows))
    assert (found.low, found.high) == pytest.approx(curve.share_within(6 * HOUR, 0.95)[1:])


def exits(_limits: list[int], rows: list[Row]) -> Watched:
    ages = [((end or day(90)) - opened).total_seconds() for opened, end in rows if opened]
    return Watched(
        pl.Series([None] * len(rows), dtype=pl.Int64), pl.Series(ages).cast(pl.Int64),
        pl.Series([end is not None for _, end in rows]),
    )  # fmt: skip


def test_exactly_at_the_target_is_within_and_a_second_later_is_not() -> None:
    late = [(day(32), day(32) + timedelta(hours=6, seconds=1))] * 10
    rows = [(day(32), day(32) + timedelta(hours=6))] * 10 + late
    found = survived(table(rows, limit=[6 * HOUR] * 20, hours=[None] * 20), within())
    assert found.value == pytest.approx(0.5)


def test_tickets_with_different_targets_share_a_curve_of_their_own_targets() -> None:
    # Ten urgent ones promised in 2 h: five done in 1 h, five in 3 h. Ten promised in 8 h: five in 6 h, five in 12 h.
    times = [(2, 1), (2, 3), (8, 6), (8, 12)]
    rows = [(day(32), day(32) + timedelta(hours=hours)) for _, hours in times for _ in range(5)]
    limits = [limit * HOUR for limit, _ in times for _ in range(5)]
    assert survived(table(rows, limit=limits, hours=[None] * 20), within()).value == pytest.approx(0.5)


def test_a_ticket_without_a_target_is_outside() -> None:
    found = survived(table(quick(20), limit=[10 * HOUR] * 10 + [None] * 10, hours=[None] * 20), within())
    assert found.n == 10


def test_a_share_nobody_was_watched_to_the_target_of_is_at_least_what_was_seen() -> None:
    # As of 2 h after the opening five of twenty are done, and the target is 4 h.
    rows = [(day(32), day(32) + timedelta(hours=1))] * 5 + [(day(32), None)] * 15
    found = survived(
        table(rows, limit=[4 * HOUR] * 20, hours=[None] * 20), within(), as_of=day(32) + timedelta(hours=2)
    )
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.parts.beyond == pytest.approx(0.25)


# In opening hours


FRIDAY = datetime(2026, 2, 27, 16)


def test_in_open_time_a_weekend_counts_nothing(desk: Calendar) -> None:
    # Opened on Friday at 16, done on Monday at 9 + k h: 1 h of Friday and k h of Monday.
    rows: list[Row] = [(FRIDAY, datetime(2026, 3, 2, 9 + hours)) for hours in range(1, 8)]
    measure = SurvivalTime(*FACTS, col("hours"))
    found = survived(table(rows, hours=[""] * 7), measure, ages=OpenHours(calendar=desk, is_utc=False))
    assert found.value is None
    assert found.parts.beyond == 4 * HOUR
    assert found.parts.naive == 5 * HOUR
    assert (
        survived(table(rows * 3, hours=[""] * 21), measure, ages=OpenHours(calendar=desk, is_utc=False)).value
        == 5 * HOUR
    )


def test_every_group_ages_by_its_own_hours(desk: Calendar) -> None:
    rows: list[Row] = [(FRIDAY, datetime(2026, 3, 2, 10))] * 10 + [(FRIDAY, datetime(2026, 2, 27, 18))] * 10
    hours = [""] * 10 + [ALWAYS] * 10
    measure, ages = SurvivalTime(*FACTS, col("hours"), at=0.9), OpenHours(calendar=desk, is_utc=False)
    assert survived(table(rows, hours=hours), measure, ages=ages).value == 2 * HOUR
    assert survived(table(rows, hours=hours[::-1]), measure, ages=ages).value == 66 * HOUR


def test_a_ticket_of_the_weekend_before_the_period_is_not_at_risk_of_what_took_no_open_time(desk: Calendar) -> None:
    # The period begins on a Sunday. Five opened on the Saturday are 0 h old then, as are five opened and done that day.
    saturday, sunday = datetime(2026, 1, 31, 12), datetime(2026, 2, 1, 12)
    rows: list[Row] = [(saturday, datetime(2026, 2, 2, 10))] * 5 + [(sunday, datetime(2026, 2, 1, 15))] * 5
    rows += [(sunday, datetime(2026, 2, 2, 11))] * 5
    measure = SurvivalShare(*FACTS, col("hours"), within=col("limit"))
    frame = table(rows, hours=[""] * 15, limit=[HOUR] * 15)
    found = survived(frame, measure, FEBRUARY, ages=OpenHours(calendar=desk, is_utc=False))
    # At 0 h the ten of Sunday are at risk, five done: ½. At 1 h ten are, five done: ¼ left.
    assert found.value == pytest.approx(0.75)
    assert found.parts.late == 5


def test_what_ended_before_it_was_opened_is_not_watched_though_the_desk_was_closed_between(desk: Calendar) -> None:
    sunday = datetime(2026, 2, 1, 12)
    rows: list[Row] = [(sunday, sunday - timedelta(hours=1)), *[(sunday, datetime(2026, 2, 2, 10))] * 5]
    measure, ages = SurvivalTime(*FACTS, col("hours")), OpenHours(calendar=desk, is_utc=False)
    found = survived(table(rows, hours=[""] * 6), measure, ages=ages)
    assert (found.value, found.n) == (HOUR, 5)


instants = st.datetimes(datetime(2026, 1, 20), datetime(2026, 3, 10)).map(lambda at: at.replace(microsecond=0))
cases = st.lists(st.tuples(instants, st.one_of(st.none(), instants), st.booleans()), min_size=5, max_size=40)


def by_hand(rows: list[tuple[datetime, datetime | None, bool]], start: datetime, end: datetime) -> Watched:
    """Ages in open time at the beginning and the end of the watch, straight from the definition."""
    watched = []
    for opened, closed, always in rows:
        if opened >= end or (closed is not None and closed <= start):
            continue
        left = end if closed is None else min(closed, end)
        entry = None if opened >= start else open_seconds(opened, start, always=always)
        exit_ = open_seconds(opened, left, always=always) if left >= opened else -1
        watched.append((entry, exit_, closed is not None and closed <= end))
    entries, ends, events = zip(*watched, strict=True) if watched else ((), (), ())
    return Watched(
        pl.Series(entries, dtype=pl.Int64), pl.Series(ends, dtype=pl.Int64), pl.Series(events, dtype=pl.Boolean)
    )


@settings(deadline=None, max_examples=60)
@given(cases)
def test_curves_in_open_time_are_those_of_ages_counted_day_by_day(
    desk: Calendar, rows: list[tuple[datetime, datetime | None, bool]]
) -> None:
    frame = table(
        [(opened, closed) for opened, closed, _ in rows], hours=[ALWAYS if always else "" for *_, always in rows]
    )
    ages, as_of = OpenHours(calendar=desk, is_utc=False), datetime(2026, 2, 20, 11)
    expected = kaplan_meier(*by_hand(rows, datetime.combine(date(2026, 2, 1), time()), as_of))
    found = survived(frame, SurvivalTime(*FACTS, col("hours")), FEBRUARY, as_of, ages)
    assert found.n == expected.n
    assert (found.value, found.low, found.high) == expected.quantile(0.5, 0.95)
