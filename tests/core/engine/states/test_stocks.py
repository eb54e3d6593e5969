"""Backlog, counted by hand."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from desk import ALWAYS
from hypothesis import given, settings
from hypothesis import strategies as st
from polars import col

from kpi_core.calendars import Calendar
from kpi_core.engine.cells import Cell
from kpi_core.engine.states.stocks import SpansReader, partial, stock
from kpi_core.facts import OpenHours
from kpi_core.model.clock import Clock
from kpi_core.model.measures import Stock, StockAge, StockDays
from kpi_core.model.periods import ALL, parse_period

JANUARY = datetime(2026, 1, 1)
FEBRUARY = Cell(period=parse_period("2026-02"))
Row = tuple[datetime | None, datetime | None]


def day(number: float) -> datetime:
    return JANUARY + timedelta(days=number - 1)


def table(rows: list[Row], team: list[str | None] | None = None) -> pl.DataFrame:
    dtypes = {"opened": pl.Datetime("ms"), "closed": pl.Datetime("ms")}
    return pl.DataFrame(rows, schema=dtypes, orient="row").with_columns(
        team=pl.Series(team or [None] * len(rows), dtype=pl.Categorical)
    )


def counted(
    rows: list[Row], cell: Cell, as_of: datetime | None, measure: type[Stock] = Stock
) -> tuple[float | None, int]:
    asked = measure(col("opened"), col("closed"))
    spans = SpansReader(state=partial(table(rows), asked, ()), clock=Clock(zone=None, as_of=as_of))
    found = stock(spans, asked, cell, 0.95)
    return found.value, found.n


FIRST = (day(1), day(2))


@pytest.mark.parametrize(
    ("row", "is_open"),
    [
        ((day(40), None), True),
        ((day(40), day(50)), False),
        ((day(40), day(70)), True),
        ((day(20), day(70)), True),
        ((day(60), None), False),
        ((day(59.9), None), True),
        ((day(40), day(60)), True),
        ((day(40), day(59.9)), False),
        ((day(65), day(40)), False),
        ((day(50), day(40)), False),
        ((None, None), False),
        ((None, day(70)), False),
    ],
)
def test_a_ticket_is_open_at_the_end_of_february(row: Row, is_open: bool) -> None:
    """February ends when day 60 begins."""
    assert counted([FIRST, row], FEBRUARY, day(90)) == (int(is_open), int(is_open))


def test_at_as_of_what_happened_then_has_happened() -> None:
    rows = [FIRST, (day(40), day(50)), (day(50), None), (day(45), day(50.1))]
    assert counted(rows, Cell(period=ALL), day(50)) == (2, 2)


def test_before_the_first_ticket_nothing_is_known() -> None:
    assert counted([(day(40), None)], Cell(period=parse_period("2026-01")), day(90)) == (None, 0)
    assert counted([(day(40), None)], FEBRUARY, day(90)) == (1, 1)
    assert counted([], Cell(period=ALL), None) == (None, 0)


def test_the_age_of_the_backlog_is_that_of_its_middle_ticket() -> None:
    rows = [FIRST, (day(50), None), (day(56), None), (day(59), day(80))]
    assert counted(rows, FEBRUARY, day(90), StockAge) == (4 * 86_400, 3)
    assert counted([FIRST], FEBRUARY, day(90), StockAge) == (None, 0)


@pytest.mark.parametrize(
    ("hours", "median"),
    [(("", "", ""), 9), (("", ALWAYS, ""), 10), ((ALWAYS, ALWAYS, ALWAYS), 74), ((None, None, None), 74)],
    ids=["from 9 to 17 on weekdays", "each by its own hours", "always", "by the clock where no hours are known"],
)
def test_the_age_in_open_time_goes_by_the_hours_of_each_ticket(
    desk: Calendar, hours: tuple[str | None, ...], median: float
) -> None:
    # To Monday 2 February at 10. Opened on Friday at 8: 8 + 1 open hours of 74; on Saturday at 3: 1 of 55; on Thursday
    # at 16: 1 + 8 + 1 of 90.
    opened: list[Row] = [(datetime(2026, 1, day, hour), None) for day, hour in ((30, 8), (31, 3), (29, 16))]
    asked = StockAge(col("opened"), col("closed"), hours=col("hours"))
    frame = table(opened).with_columns(hours=pl.Series(hours, dtype=pl.String))
    clock = Clock(zone=None, as_of=datetime(2026, 2, 2, 10))
    hours = OpenHours(calendar=desk, is_utc=False)
    spans = SpansReader(state=partial(frame, asked, ("team",)), clock=clock, open_hours=hours)
    found = stock(spans, asked, Cell(period=ALL), 0.95)
    assert (found.value, found.n) == (median * 3600, 3)


@pytest.mark.parametrize(
    ("closed", "days"),
    [
        ([day(40)] * 14, 2 / (14 / 28)),
        ([day(31.5)] * 28 + [day(40)] * 28, 2 / (28 / 28)),
        ([day(10)] * 3, None),
        ([day(32)] * 28, 2 / (28 / 28)),
    ],
)
def test_days_of_work_by_the_pace_of_the_last_four_weeks(closed: list[datetime], days: float | None) -> None:
    rows = [FIRST, (day(30), None), (day(31), None), *((day(5), at) for at in closed)]
    value, n = counted(rows, FEBRUARY, day(90), StockDays)
    assert (value, n) == (days if days is None else pytest.approx(days), 2)


def test_a_ticket_closed_as_the_period_ends_is_open_and_not_also_closed() -> None:
    rows = [FIRST, (day(5), day(60)), (day(5), day(40))]
    assert counted(rows, FEBRUARY, day(90), StockDays) == (pytest.approx(1 / (1 / 28)), 1)


TIMES = st.one_of(st.none(), st.integers(0, 400).map(lambda quarter: day(1 + quarter / 4)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=st.lists(st.tuples(TIMES, TIMES, st.sampled_from([None, "Billing", "Returns"])), min_size=1, max_size=15))
def test_the_backlogs_of_the_groups_add_up(rows: list[tuple[datetime | None, datetime | None, str | None]]) -> None:
    asked = Stock(col("opened"), col("closed"))
    frame = table([row[:2] for row in rows], [row[2] for row in rows])
    spans = SpansReader(state=partial(frame, asked, ("team",)), clock=Clock(zone=None, as_of=day(90)))
    for period in (ALL, FEBRUARY.period):
        whole = stock(spans, asked, Cell(period=period), 0.95)
        parts = [
            stock(spans, asked, Cell(period=period, dimension="team", group=group), 0.95)
            for group in (None, "Billing", "Returns")
        ]
        assert whole.n == sum(part.n for part in parts)
