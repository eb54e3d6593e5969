"""Which days are covered, which period is reported unasked, and what as_of is: all from the data."""

from calendar import monthrange
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from kpi_core.analysis.default_period import usual_period
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Finding
from kpi_core.model.periods import ALL, Grain, Period, parse_period
from kpi_core.quality.coverage.covered_days import Coverage, complete_periods, cover, newest_event, trend_periods


def days(first: date, last: date, step: int = 1) -> pl.Series:
    return pl.Series("day", [first + timedelta(days=offset) for offset in range(0, (last - first).days + 1, step)])


def covered(first: date, last: date, step: int = 1) -> dict[str, Coverage]:
    return cover({"tickets": [days(first, last, step)]})


def default_period(covered: dict[str, Coverage], grain: Grain) -> Period:
    return next(complete_periods(covered, grain), ALL)


@pytest.mark.parametrize(
    ("first", "last", "step", "slack"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), 1, 3),
        (date(2026, 1, 1), date(2026, 3, 31), 2, 3),
        (date(2026, 1, 1), date(2026, 3, 31), 7, 7),
        (date(2026, 1, 1), date(2026, 1, 1), 1, 3),
    ],
)
def test_the_slack_is_three_days_or_the_gaps_of_the_data(first: date, last: date, step: int, slack: int) -> None:
    assert covered(first, last, step)["tickets"].slack == timedelta(days=slack)


@pytest.mark.parametrize(
    ("first", "last", "complete"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), True),
        (date(2026, 2, 4), date(2026, 2, 27), True),
        (date(2026, 2, 5), date(2026, 2, 28), False),
        (date(2026, 2, 1), date(2026, 2, 24), False),
        (date(2026, 1, 1), date(2026, 2, 26), False),
        (date(2025, 1, 1), date(2026, 12, 31), True),
        (date(2026, 3, 1), date(2026, 3, 31), False),
    ],
)
def test_a_period_is_complete_within_three_days_of_both_edges(first: date, last: date, complete: bool) -> None:
    coverage = covered(first, last)["tickets"]
    assert coverage.completes(parse_period("2026-02")) is complete
    assert coverage.completes(ALL)


@pytest.mark.parametrize(
    ("first", "last", "rests", "month", "complete"),
    [
        (date(2026, 1, 5), date(2026, 10, 28), (), "2026-10", False),
        (date(2026, 1, 5), date(2026, 10, 29), (6, 7), "2026-10", False),
        (date(2026, 1, 5), date(2026, 10, 30), (6, 7), "2026-10", True),
        (date(2026, 1, 5), date(2026, 5, 29), (6, 7), "2026-05", True),
        (date(2026, 1, 5), date(2026, 8, 28), (6, 7), "2026-08", True),
        (date(2026, 1, 5), date(2026, 12, 30), (6, 7), "2026-12", True),
        (date(2026, 1, 5), date(2026, 12, 29), (6, 7), "2026-12", False),
        (date(2026, 1, 5), date(2026, 10, 29), (3, 5, 6, 7), "2026-10", True),
    ],
)
def test_days_of_work_that_are_missing_at_its_end_make_a_period_incomplete(
    first: date, last: date, rests: tuple[int, ...], month: str, complete: bool
) -> None:
    """Weekends are none, nor the bank holiday of 31 August, nor New Year's Eve."""
    rows = days(first, last)
    coverage = cover({"tickets": [rows.filter(~rows.dt.weekday().is_in(rests))]})["tickets"]
    assert coverage.completes(parse_period(month)) is complete


@pytest.mark.parametrize("step", [2, 3, 5, 7])
def test_a_table_of_a_row_every_few_days_keeps_its_slack(step: int) -> None:
    last = date(2026, 10, 31 - step)
    coverage = covered(last - timedelta(days=step * 60), last, step)["tickets"]
    assert coverage.completes(parse_period("2026-10"))


def test_gaps_that_a_table_has_had_are_its_own() -> None:
    """A list that is kept until the 28th of each month."""
    rows = days(date(2026, 1, 1), date(2026, 10, 28))
    assert cover({"orders": [rows.filter(rows.dt.day() <= 28)]})["orders"].completes(parse_period("2026-10"))


def test_a_table_of_few_rows_does_not_complete_a_period_that_the_files_end_before() -> None:
    few = days(date(2026, 1, 4), date(2026, 10, 28), 3)
    rows = cover({"tickets": [days(date(2026, 1, 1), date(2026, 10, 28))], "reviews": [few]})
    assert rows["reviews"].completes(parse_period("2026-10"))
    assert default_period(rows, Grain.MONTH).name == "2026-09"


def test_rare_rows_do_not_make_a_period_complete_that_has_hardly_begun() -> None:
    rare = covered(date(2026, 1, 2), date(2026, 4, 2), 30)["tickets"]
    assert rare.slack == timedelta(days=30)
    assert rare.completes(parse_period("2026-03"))
    assert not rare.completes(parse_period("2026-04"))


@pytest.mark.parametrize(
    ("first", "last", "grain", "expected"),
    [
        (date(2026, 1, 1), date(2026, 4, 15), Grain.MONTH, "2026-03"),
        (date(2026, 1, 1), date(2026, 4, 28), Grain.MONTH, "2026-03"),
        (date(2026, 1, 1), date(2026, 4, 30), Grain.MONTH, "2026-04"),
        (date(2026, 1, 1), date(2026, 4, 26), Grain.MONTH, "2026-03"),
        (date(2026, 1, 10), date(2026, 2, 10), Grain.MONTH, "all"),
        (date(2026, 1, 1), date(2026, 4, 15), Grain.QUARTER, "2026-Q1"),
        (date(2025, 12, 29), date(2026, 1, 8), Grain.WEEK, "2026-W01"),
        (date(2025, 12, 29), date(2026, 1, 11), Grain.WEEK, "2026-W02"),
        (date(2026, 1, 1), date(2026, 4, 15), Grain.YEAR, "all"),
    ],
)
def test_the_newest_complete_period_is_reported_unasked(first: date, last: date, grain: Grain, expected: str) -> None:
    assert default_period(covered(first, last), grain).name == expected


def test_a_period_complete_in_one_table_is_reported() -> None:
    both = cover(
        {"tickets": [days(date(2026, 1, 1), date(2026, 2, 10))], "answers": [days(date(2026, 1, 1), date(2026, 2, 27))]}
    )
    assert default_period(both, Grain.MONTH).name == "2026-02"


def test_without_dates_everything_is_reported() -> None:
    assert cover({"tickets": [pl.Series("day", [None], dtype=pl.Date)], "answers": []}) == {}
    assert default_period({}, Grain.MONTH) is ALL
    assert trend_periods(ALL, {}, Grain.MONTH) == ()


def test_the_trend_goes_back_from_the_period_through_complete_steps() -> None:
    rows = covered(date(2025, 1, 20), date(2026, 4, 15))
    names = [period.name for period in trend_periods(parse_period("2026-03"), rows, Grain.MONTH)]
    assert names == [*(f"2025-{month:02d}" for month in range(4, 13)), "2026-01", "2026-02", "2026-03"]
    short = covered(date(2026, 1, 20), date(2026, 4, 15))
    assert [period.name for period in trend_periods(parse_period("2026-03"), short, Grain.MONTH)] == [
        "2026-02",
        "2026-03",
    ]


def test_an_incomplete_period_that_is_asked_for_ends_its_own_trend() -> None:
    names = [
        period.name
        for period in trend_periods(parse_period("2026-04"), covered(date(2026, 2, 1), date(2026, 4, 15)), Grain.MONTH)
    ]
    assert names == ["2026-02", "2026-03", "2026-04"]


def usual(*months: int, grain: Grain = Grain.MONTH) -> tuple[Period, list[Finding]]:
    """The period reported of answers, so many in each month of 2026 and spread evenly over it."""
    days = [
        date(2026, month, 1 + (number * (monthrange(2026, month)[1] - 1)) // max(count - 1, 1))
        for month, count in enumerate(months, 1)
        for number in range(count)
    ]
    frame = pl.DataFrame({"answered_at": [datetime.combine(day, datetime.min.time()) for day in days]})
    rows = cover({"answers": [pl.Series("day", days)]})
    return usual_period({"answers": frame}, rows, grain, Clock(zone=None, as_of=None))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ((3000, 3100, 3128, 14), "2026-03"),
        ((3000, 3100, 3128, 12, 9), "2026-03"),
        ((3000, 3100, 3128, 320), "2026-04"),
        ((30, 28, 31, 4), "2026-04"),
        ((300, 280, 5, 310), "2026-04"),
        ((40, 4), "2026-02"),
        ((400, 4), "2026-01"),
        ((5,), "2026-01"),
        ((2, 2, 2), "2026-03"),
    ],
)
def test_a_month_that_is_nearly_empty_is_not_reported_unasked(months: tuple[int, ...], expected: str) -> None:
    period, findings = usual(*months)
    assert period.name == expected
    assert [finding.code for finding in findings] == ["sparse-period"] * (len(months) - int(expected[-2:]))


def test_months_in_which_tickets_are_only_resolved_are_passed_over() -> None:
    """Opened in January, resolved until September: nothing was opened since."""
    opened = [datetime(2026, 1, 1 + number % 31) for number in range(100)]
    resolved = [datetime(2026, 1, 2) + timedelta(days=2.7 * number) for number in range(100)]
    frame = pl.DataFrame({"created_at": opened, "resolved_at": resolved})
    rows = cover({"tickets": [frame["created_at"].dt.date(), frame["resolved_at"].dt.date()]})
    period, findings = usual_period({"tickets": frame}, rows, Grain.MONTH, Clock(zone=None, as_of=None))
    assert period.name == "2026-01"
    assert findings[0].text.startswith("2026-08 has 0 rows of tickets, ")


def test_what_is_passed_over_is_reported() -> None:
    _, (finding,) = usual(3000, 3100, 3128, 14)
    assert finding.text.startswith(
        "2026-04 has 14 rows of answers, where the periods next to it have about 3,100: 2026-03 is reported"
    )


def instants(count: int, *strays: datetime) -> pl.DataFrame:
    begun = [datetime(2026, 1, 1) + timedelta(minutes=30 * place) for place in range(count)]
    return pl.DataFrame({"created_at": [*begun, *strays], "due_at": [datetime(2030, 1, 1)] * (count + len(strays))})


def test_as_of_is_the_newest_event_of_any_table_and_never_a_due_date() -> None:
    answers = pl.DataFrame({"answered_at": [datetime(2026, 5, 1)], "offered_at": [datetime(2026, 4, 1)]})
    newest, findings = newest_event({"tickets": instants(10), "answers": answers})
    assert (newest, findings) == (datetime(2026, 5, 1), [])


@pytest.mark.parametrize("stray", [datetime(2026, 3, 30), datetime(2099, 12, 31)])
def test_a_date_far_beyond_all_others_is_reported_and_not_used(stray: datetime) -> None:
    newest, findings = newest_event({"tickets": instants(2000, stray)})
    assert newest == datetime(2026, 1, 1) + timedelta(minutes=30 * 1999)
    assert [(finding.code, finding.is_serious) for finding in findings] == [("far-ahead", True)]
    assert findings[0].text.startswith("1 time in tickets lies")


def test_a_newest_event_within_a_month_of_the_others_is_used() -> None:
    newest, findings = newest_event({"tickets": instants(2000, datetime(2026, 3, 10))})
    assert (newest, findings) == (datetime(2026, 3, 10), [])


def test_in_a_small_file_one_date_is_no_stray() -> None:
    assert newest_event({"tickets": instants(20, datetime(2026, 6, 1))}) == (datetime(2026, 6, 1), [])


@pytest.mark.parametrize("count", [3, 20, 300])
def test_a_date_years_beyond_the_others_is_reported_in_a_small_file_too(count: int) -> None:
    newest, findings = newest_event({"tickets": instants(count, datetime(2062, 1, 1))})
    assert newest == datetime(2026, 1, 1) + timedelta(minutes=30 * (count - 1))
    assert [finding.code for finding in findings] == ["far-ahead"]


def test_years_that_many_rows_lie_in_are_no_strays() -> None:
    gap = instants(20, *(datetime(2062, 1, day) for day in range(1, 5)))
    assert newest_event({"tickets": gap}) == (datetime(2062, 1, 4), [])


@pytest.mark.parametrize("rows", [1, 2])
def test_of_instants_years_beyond_the_rows_are_counted_whichever_column_they_are_in(rows: int) -> None:
    """One row that is opened and resolved then is one, of two columns as of one; two rows are too many of twenty."""
    ahead, begun = datetime(2062, 1, 1), datetime(2026, 1, 1)
    opened = [*[begun] * 18, begun, ahead]
    resolved = [*[begun] * 18, *([begun, ahead] if rows == 1 else [ahead, begun])]
    newest, findings = newest_event({"tickets": pl.DataFrame({"created_at": opened, "resolved_at": resolved})})
    assert newest == (begun if rows == 1 else ahead)
    assert [finding.text[:8] for finding in findings] == (["2 times "] if rows == 1 else [])


def test_without_events_there_is_no_as_of() -> None:
    assert newest_event({"tickets": pl.DataFrame({"created_at": pl.Series([None], dtype=pl.Datetime("ms"))})}) == (
        None,
        [],
    )
    assert newest_event({}) == (None, [])
