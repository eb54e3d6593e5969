"""Days that an export lacks are found from one day on where chance would not leave them empty, and days off are not taken for them."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kpi_core.quality.coverage.empty_days import Stretch, empty_stretches
from kpi_core.quality.coverage.gaps import BY_CHANCE, CLUSTERED

FIRST, LAST = date(2025, 12, 1), date(2026, 10, 2)
Counts = dict[date, int]
Closed = Callable[[date], bool]


def days(*texts: str) -> list[date]:
    """Days, and ranges of them as `2026-09-14..2026-09-17`."""
    found = []
    for text in texts:
        first, last = (date.fromisoformat(end) for end in (text.partition("..")[0], text.rpartition("..")[2]))
        found += [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return found


def desk(
    a_day: float, *lacks: str, weekend: float = 0.0, swing: float = 0.15, since: date = FIRST, until: date = LAST
) -> Counts:
    """Rows by day: a busy Monday, quiet Fridays, days and weeks that differ."""
    rng = random.Random(7)
    counts = {}
    for day in days(f"{since}..{until}"):
        mean = a_day * (1.3, 1.1, 1, 1, 0.8, weekend, weekend)[day.weekday()]
        counts[day] = round(rng.gauss(mean, mean**0.5) * (1 + rng.uniform(-swing, swing)))
    gone = set(days(*lacks))
    return {day: rows for day, rows in counts.items() if rows > 0 and day not in gone}


def found(counts: Counts, is_closed: Closed | None = None, until: date | None = None) -> list[Stretch]:
    """As a report looks for them, in a table that goes on to `until`."""
    return list(empty_stretches(counts, until or max(counts), BY_CHANCE, is_closed, CLUSTERED))


def named(counts: Counts, is_closed: Closed | None = None, until: date | None = None) -> list[str]:
    return [f"{one.first}..{one.last}" for one in found(counts, is_closed, until)]


@pytest.mark.parametrize(
    ("a_day", "lacks"),
    [
        (60, ["2026-09-14..2026-09-17"]),
        (48, ["2026-09-15..2026-09-17"]),
        (48, ["2026-09-10..2026-09-10"]),
        (30, ["2026-08-20..2026-08-21"]),
        (60, ["2026-09-11..2026-09-14"]),
        (20, ["2026-09-14..2026-09-17"]),
        (8, ["2026-09-07..2026-09-18"]),
        (60, ["2026-08-12..2026-08-12", "2026-09-17..2026-09-17"]),
    ],
    ids=["four days", "three", "one", "two", "over a weekend", "four of a quiet desk", "weeks of a small desk", "two by themselves"],
)  # fmt: skip
def test_days_that_chance_would_not_leave_empty_are_missing(a_day: float, lacks: list[str]) -> None:
    assert named(desk(a_day, *lacks)) == lacks


TUESDAYS = ["2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29"]


@pytest.mark.parametrize(
    "since", [FIRST, date(2026, 8, 3), date(2026, 6, 1)], ids=["a long file", "two months", "four"]
)
@pytest.mark.parametrize("lacks", [TUESDAYS, ["2026-09-03", "2026-09-10", "2026-09-17", "2026-09-24"]])
def test_a_weekday_that_a_month_lacks_is_missing_in_a_short_file_too(since: date, lacks: list[str]) -> None:
    assert named(desk(45, *lacks, since=since)) == [f"{day}..{day}" for day in lacks]


def test_days_too_few_by_themselves_are_missing_together() -> None:
    assert named(desk(22, TUESDAYS[0], swing=0.5)) == []
    assert len(found(desk(22, *TUESDAYS, swing=0.5))) == len(TUESDAYS)


@pytest.mark.parametrize(
    "counts",
    [
        desk(60),
        desk(60, "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19", "2025-12-24..2025-12-26"),
        desk(60, "2026-05-14..2026-05-15", "2026-01-01..2026-01-02", "2026-01-05..2026-01-06", "2026-05-25"),
        desk(60, "2026-08-31", "2026-09-07"),
        desk(60, "2025-12-24", "2025-12-31"),
        desk(60, "2026-04-02..2026-04-06"),
        desk(60, "2026-09-05", "2026-09-12", "2026-09-19", "2026-09-26", weekend=0.7),
        desk(4, "2026-09-15", "2026-09-24"),
        desk(8, "2026-09-15..2026-09-16"),
        {day: rows for day, rows in desk(60).items() if day.weekday() != 2 or day.isocalendar().week % 2},
        {day: rows for day, rows in desk(60).items() if day.weekday() != 4 or day < date(2026, 6, 1)},
        {day: max(rows * (day - FIRST).days // 300, 1) for day, rows in desk(60, "2025-12-10", "2025-12-17").items()},
    ],
    ids=["none", "public holidays", "and the days between", "bank holidays", "eves", "Easter", "Saturdays no more", "few rows",
         "two days of few rows", "every other Wednesday", "Fridays no more", "the first weeks of a desk that grows"],
)  # fmt: skip
def test_days_off_and_quiet_days_are_not(counts: Counts) -> None:
    assert named(counts) == []


def test_a_calendar_shows_which_days_are_off() -> None:
    """One of the desk's own, and none of the countries whose days it does not keep."""
    counts = desk(60, "2026-04-06", "2026-09-10")
    assert named(counts) == ["2026-09-10..2026-09-10"]
    kept = lambda day: day.weekday() > 4 or day == date(2026, 9, 10)  # noqa: E731
    assert named(counts, kept) == ["2026-04-06..2026-04-06"]


def test_the_last_day_is_not_over() -> None:
    ends = desk(60, until=date(2026, 9, 30))
    assert named(ends, until=date(2026, 10, 1)) == []
    assert named(ends, until=date(2026, 10, 2)) == ["2026-10-01..2026-10-01"]


def test_a_long_stretch_lacks_the_days_between_its_holidays() -> None:
    (one,) = found(desk(20, "2025-12-22..2026-01-09"))
    assert (one.first, one.last) == (date(2025, 12, 22), date(2026, 1, 9))
