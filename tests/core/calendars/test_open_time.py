"""Open time between two instants: cases a support manager can check, and a slow account of every minute."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kpi_core.calendars import Calendar, cumulative, find_calendar
from kpi_core.calendars.open_time import LATEST, OpenTime

LUNCH = "week: {mon-fri: [08:00-12:00, 13:00-17:00]}"
OFFICE = "week: {mon-fri: 08:00-17:00}"
ALWAYS = "week: {mon-sun: 00:00-24:00}"
NIGHT = "week: {mon-sun: 22:00-06:00}"
SWEDEN = OFFICE + "\nholidays: {country: SE}\nhalf_days: {midsummer eve: closed, "


@pytest.fixture(scope="session")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Calendar]:
    folder = tmp_path_factory.mktemp("calendars")
    return lambda text, zone="Europe/Stockholm": _written(folder, text, zone)


def _written(folder: Path, text: str, zone: str) -> Calendar:
    path = folder / "mine.yaml"
    path.write_text(f"name: mine\nlabel: Mine\nzone: {zone}\n{text}\n", encoding="utf-8")
    return find_calendar(str(path))


def _instants(*texts: str | None, name: str = "at") -> pl.Series:
    read = [None if text is None else datetime.fromisoformat(text) for text in texts]
    return pl.Series(name, read, dtype=pl.Datetime("ms"))


def _hours(calendar: Calendar, since: str, until: str, *, is_utc: bool = False) -> float:
    day = date.fromisoformat(since[:10])
    grid = OpenTime(calendar, day, day, is_utc=is_utc)
    return grid.between(_instants(since), _instants(until)).item() / 3600


@pytest.mark.parametrize(
    ("text", "since", "until", "hours"),
    [
        # Friday afternoon to Monday morning.
        (OFFICE, "2026-02-06 16:30", "2026-02-09 09:00", 1.5),
        (OFFICE, "2026-02-09 09:00", "2026-02-06 16:30", -1.5),
        # Opened on a Sunday, answered on the Monday; or on the same Sunday.
        (OFFICE, "2026-02-08 14:00", "2026-02-09 08:15", 0.25),
        (OFFICE, "2026-02-08 14:00", "2026-02-08 18:00", 0),
        # A whole week, a whole year without holidays.
        (OFFICE, "2026-02-02 00:00", "2026-02-09 00:00", 45),
        (OFFICE, "2026-01-01 00:00", "2027-01-01 00:00", 261 * 9),
        # Over lunch, within it, and out of it.
        (LUNCH, "2026-02-06 11:00", "2026-02-06 14:00", 2),
        (LUNCH, "2026-02-06 12:10", "2026-02-06 12:50", 0),
        (LUNCH, "2026-02-06 12:30", "2026-02-06 13:30", 0.5),
        # Midsummer: Thursday noon to Monday noon; Friday is midsommarafton.
        (OFFICE, "2026-06-18 12:00", "2026-06-22 12:00", 5 + 9 + 4),
        (SWEDEN + "}", "2026-06-18 12:00", "2026-06-22 12:00", 5 + 4),
        # Julafton 2026 is a Thursday, the two days after it are holidays.
        (SWEDEN + "}", "2026-12-23 16:00", "2026-12-28 09:00", 1 + 9 + 1),
        (SWEDEN + "christmas eve: 08:00-12:00}", "2026-12-23 16:00", "2026-12-28 09:00", 1 + 4 + 1),
        (SWEDEN + "christmas eve: closed}", "2026-12-23 16:00", "2026-12-28 09:00", 1 + 1),
        # Julafton 2028 is a Sunday: half or not, it stays one.
        (SWEDEN + "christmas eve: 08:00-12:00}", "2028-12-22 16:00", "2028-12-27 09:00", 1 + 1),
        # Past midnight: Friday's night ends on Saturday.
        ("week: {fri: 22:00-06:00}", "2026-02-06 23:00", "2026-02-07 12:00", 7),
        ("week: {fri: 22:00-06:00}", "2026-02-06 00:00", "2026-02-06 12:00", 0),
        (NIGHT, "2026-02-06 00:00", "2026-02-07 00:00", 8),
        # Openings that meet or overlap over midnight count once.
        ("week: {fri: 20:00-08:00, sat: 06:00-10:00}", "2026-02-06 00:00", "2026-02-09 00:00", 14),
        (ALWAYS, "2026-02-06 00:00", "2026-02-09 00:00", 72),
        ("week: {}", "2026-02-06 00:00", "2026-02-09 00:00", 0),
    ],
)
def test_open_hours_between_two_times_on_the_wall(calendar, text: str, since: str, until: str, hours: float) -> None:
    assert _hours(calendar(text), since, until) == hours


@pytest.mark.parametrize(
    ("zone", "text", "since", "until", "hours"),
    [
        # Winter and summer in Stockholm: 8 on the wall is 7 or 6 in UTC.
        ("Europe/Stockholm", OFFICE, "2026-02-06 06:00", "2026-02-06 08:00", 1),
        ("Europe/Stockholm", OFFICE, "2026-07-03 06:00", "2026-07-03 08:00", 2),
        # Clocks go forward on 29 March: that night and that day are an hour shorter, and back on 25 October.
        ("Europe/Stockholm", NIGHT, "2026-03-28 12:00", "2026-03-29 12:00", 7),
        ("Europe/Stockholm", NIGHT, "2026-10-24 12:00", "2026-10-25 12:00", 9),
        ("Europe/Stockholm", "week: {sun: 00:00-24:00}", "2026-03-28 12:00", "2026-03-30 12:00", 23),
        ("Europe/Stockholm", "week: {sun: 00:00-24:00}", "2026-10-24 12:00", "2026-10-26 12:00", 25),
        # Friday 16:30 to Monday 09:00 is an hour and a half over the change too.
        ("Europe/Stockholm", OFFICE, "2026-03-27 15:30", "2026-03-30 07:00", 1.5),
        # The hour that is not there, and the hour that is there twice.
        ("Europe/Stockholm", "week: {sun: 02:30-05:00}", "2026-03-28 12:00", "2026-03-29 12:00", 2),
        ("Europe/Stockholm", "week: {sun: 02:00-03:00}", "2026-03-28 12:00", "2026-03-29 12:00", 0),
        ("Europe/Stockholm", "week: {sun: 02:00-03:00}", "2026-10-24 12:00", "2026-10-25 12:00", 2),
        ("Australia/Lord_Howe", "week: {sun: 00:00-24:00}", "2026-04-03 00:00", "2026-04-06 00:00", 24.5),
        ("Australia/Lord_Howe", "week: {sun: 00:00-24:00}", "2026-10-02 00:00", "2026-10-05 00:00", 23.5),
        ("America/New_York", NIGHT, "2026-03-07 18:00", "2026-03-08 18:00", 7),
        # A desk where the day is almost over when it begins in UTC.
        ("Pacific/Auckland", OFFICE, "2026-02-05 19:00", "2026-02-06 12:00", 9),
        # Wednesday's opening lasts into Thursday evening, which is Friday in UTC.
        ("America/New_York", "week: {wed: 20:00-19:30}", "2026-02-06 00:00", "2026-02-06 12:00", 0.5),
        ("UTC", OFFICE, "2026-02-06 16:30", "2026-02-09 09:00", 1.5),
    ],
)
def test_open_hours_in_truth(calendar, zone: str, text: str, since: str, until: str, hours: float) -> None:
    assert _hours(calendar(text, zone), since, until, is_utc=True) == hours


def test_nothing_is_between_nothing(calendar) -> None:
    grid = OpenTime(calendar(OFFICE), date(2026, 1, 1), date(2026, 1, 31), is_utc=True)
    since = _instants(None, "2026-01-05 09:00", None, "2026-01-05 09:00", name="created_at")
    until = _instants("2026-01-05 09:00", None, None, "2026-01-05 10:00", name="resolved_at")
    found = grid.between(since, until)
    assert (found.name, found.dtype, found.to_list()) == ("resolved_at", pl.Int64, [None, None, None, 3600])
    assert grid.between(since.clear(), until.clear()).dtype == pl.Int64
    assert grid.between(since, pl.Series("x", [None] * 4)).to_list() == [None] * 4
    with pytest.raises(TypeError, match="`x` holds Int64, not instants"):
        grid.between(since, pl.Series("x", [1, 2, 3, 4]))


def test_parts_of_a_second_are_dropped_alike_on_both_sides(calendar) -> None:
    grid = OpenTime(calendar(OFFICE), date(2026, 1, 5), date(2026, 1, 5), is_utc=False)
    since = _instants("2026-01-05 09:00:00.900", "2026-01-05 09:00:00.100", "1969-12-31 23:59:59.900")
    until = _instants("2026-01-05 09:00:01.100", "2026-01-05 09:00:00.900", "1970-01-01 08:00:02.999")
    assert grid.between(since, until).to_list() == [1, 0, 2]
    for unit in ("us", "ns"):
        assert grid.between(since.cast(pl.Datetime(unit)), until).to_list() == [1, 0, 2]


def test_the_grid_grows_to_the_instants_it_meets(calendar) -> None:
    mine = calendar(OFFICE)
    narrow, wide = (OpenTime(mine, date(2026, 2, 1), date(last, 2, 28), is_utc=False) for last in (2026, 2035))
    since, until = _instants("2019-05-01 12:00", "2026-02-06 12:00"), _instants("2026-02-06 12:00", "2033-05-02 12:00")
    assert narrow.between(since, until).to_list() == wide.between(since, until).to_list()
    weekdays = sum((date(2019, 5, 1) + timedelta(days=step)).weekday() < 5 for step in range(1, 2474))
    assert narrow.between(since, until).head(1).item() == weekdays * 9 * 3600


def test_an_instant_that_no_export_means_has_no_open_time(calendar) -> None:
    grid = OpenTime(calendar(OFFICE), date(2026, 2, 1), date(2026, 2, 28), is_utc=True)
    since = _instants("0001-01-01", "2026-02-06 12:00", "2026-02-06 12:00")
    until = _instants("2026-02-06 12:00", "9999-12-31", "2026-02-06 13:00")
    assert grid.between(since, until).to_list() == [None, None, 3600]


@pytest.mark.parametrize(
    ("text", "since", "minutes", "reached"),
    [
        (OFFICE, "2026-02-06 16:30", 30, "2026-02-06 17:00"),
        (OFFICE, "2026-02-06 16:30", 31, "2026-02-09 08:01"),
        (OFFICE, "2026-02-08 14:00", 60, "2026-02-09 09:00"),
        (OFFICE, "2026-02-08 14:00", 0, "2026-02-08 14:00"),
        (OFFICE, "2026-02-06 16:30", 5 * 9 * 60, "2026-02-13 16:30"),
        (LUNCH, "2026-02-06 11:30", 60, "2026-02-06 13:30"),
        (SWEDEN + "}", "2026-06-18 16:00", 120, "2026-06-22 09:00"),
        (NIGHT, "2026-02-06 12:00", 8 * 60, "2026-02-07 06:00"),
        (OFFICE, "2026-02-06 16:30", 10_000 * 9 * 60, "2064-06-06 16:30"),
        (OFFICE, "2026-02-06 16:30", -1, None),
        ("week: {}", "2026-02-06 16:30", 1, None),
        (OFFICE, "2026-02-06 16:30", 10**9, None),
        (OFFICE, None, 1, None),
    ],
)
def test_a_due_time_is_the_first_instant_when_the_time_has_passed(
    calendar, text: str, since: str | None, minutes: int, reached: str | None
) -> None:
    grid = OpenTime(calendar(text), date(2026, 2, 1), date(2026, 2, 28), is_utc=False)
    found = grid.add(_instants(since), minutes * 60)
    assert (found.name, found.dtype) == ("at", pl.Datetime("ms"))
    assert found.to_list() == _instants(reached).to_list()
    assert grid.add(_instants(since), pl.Series([minutes * 60])).to_list() == found.to_list()
    assert grid.add(_instants(since), pl.Series([None], dtype=pl.Int64)).to_list() == [None]


def test_due_times_are_reported_for_a_whole_column(calendar) -> None:
    grid = OpenTime(calendar(OFFICE), date(2026, 2, 1), date(2026, 2, 28), is_utc=True)
    since = _instants("2026-02-06 15:30", None, "2026-02-06 15:30")
    assert grid.add(since, 1800).to_list() == _instants("2026-02-06 16:00", None, "2026-02-06 16:00").to_list()
    assert grid.add(since.clear(), 1800).to_list() == []
    targets = pl.Series([1800, 1800, 3600])
    assert grid.add(since, targets).to_list() == _instants("2026-02-06 16:00", None, "2026-02-09 07:30").to_list()


def test_open_days_are_counted_where_it_opens() -> None:
    days = OpenTime(find_calendar("se"), date(2026, 1, 1), date(2026, 1, 2), is_utc=True).open_days(
        date(2026, 6, 15), date(2026, 6, 22)
    )
    assert days == (*(date(2026, 6, day) for day in (15, 16, 17, 18)), date(2026, 6, 22))


# A slow account: whether each minute is open is asked of the clock on the wall, one minute at a time.

CHANGES = {
    "Europe/Stockholm": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
DAYS_AROUND, PAIRS, EXAMPLES = 9, 4_000, 35

times = st.integers(0, 24 * 60)
hours = st.lists(times, min_size=0, max_size=6, unique=True).map(
    lambda ends: [tuple(pair) for pair in zip(*[iter(sorted(ends))] * 2, strict=False)]
)
nights = st.tuples(st.integers(18 * 60, 24 * 60 - 1), st.integers(0, 9 * 60)).map(
    lambda pair: [(pair[0], pair[1] + 1440)]
)


def _text(openings: list[tuple[int, int]]) -> str:
    def clock(minute: int) -> str:
        return f"{minute // 60:02}:{minute % 60:02}"

    shown = (f"{clock(start)}-{clock(end if end <= 1440 else end - 1440)}" for start, end in openings)
    return f"[{', '.join(shown)}]" if openings else "closed"


def _passed(
    week: list[list[tuple[int, int]]], closed: set[date], zone: str | None, first: date, last: date
) -> Callable[[int], int]:
    """Open seconds from the start of `first` to a second after it, by looking at every minute."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    wall_zone = UTC if zone is None else ZoneInfo(zone)
    is_open = []
    for minute in range((last - first).days * 1440):
        wall = (start + timedelta(minutes=minute)).astimezone(wall_zone)
        today, now = wall.date(), wall.hour * 60 + wall.minute
        yesterday = today - timedelta(days=1)
        is_open.append(
            (today not in closed and any(a <= now < b for a, b in week[today.weekday()]))
            or (yesterday not in closed and any(a <= now + 1440 < b for a, b in week[yesterday.weekday()]))
        )
    before = [0, *accumulate(60 * flag for flag in is_open)]
    return lambda second: before[second // 60] + is_open[second // 60] * (second % 60)


@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    week=st.lists(hours | nights, min_size=7, max_size=7),
    closed=st.sets(st.integers(-DAYS_AROUND, DAYS_AROUND), max_size=4),
    zone=st.sampled_from(sorted(CHANGES)),
    turn=st.integers(0, 1),
    is_utc=st.booleans(),
    is_searched=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_every_pair_agrees_with_the_minutes_counted_one_by_one(
    calendar, week, closed, zone: str, turn: int, is_utc: bool, is_searched: bool, seed: int
) -> None:
    change = CHANGES[zone][turn]
    days = {change + timedelta(days=step) for step in closed}
    keys = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    lines = [f"  {key}: {_text(openings)}" for key, openings in zip(keys, week, strict=True)]
    text = "\n".join(["week:", *lines, "closed:", *(f"  - {day}" for day in days)] if days else ["week:", *lines])
    mine = calendar(text, zone)

    first, last = change - timedelta(days=DAYS_AROUND), change + timedelta(days=DAYS_AROUND)
    span, chance = (last - first).days * 86_400_000, random.Random(seed)
    pairs = [(chance.randrange(span), chance.randrange(span)) for _ in range(PAIRS)]
    start = pl.Series([datetime(first.year, first.month, first.day)], dtype=pl.Datetime("ms"))
    since, until = (start.to_physical().item() + pl.Series(column) for column in zip(*pairs, strict=True))
    since, until = since.cast(pl.Datetime("ms")), until.cast(pl.Datetime("ms"))

    passed = _passed(week, days, zone if is_utc else None, first, last)
    expected = [passed(end // 1000) - passed(begin // 1000) for begin, end in pairs]
    with pytest.MonkeyPatch.context() as patch:
        if is_searched:
            patch.setattr(cumulative, "MOST_CELLS", 1)
        grid = OpenTime(mine, change, change, is_utc=is_utc)
        assert grid.between(since, until).to_list() == expected
        assert grid.between(until, since).to_list() == [-seconds for seconds in expected]
        _check_added(grid, since, pl.Series([abs(seconds) for seconds in expected]))


def _check_added(grid, since: pl.Series, wanted: pl.Series) -> None:
    """So many seconds have passed at the instant found, and not a second before it."""
    reached = grid.add(since, wanted)
    found = reached.is_not_null()
    since, wanted, reached = since.filter(found), wanted.filter(found), reached.filter(found)
    assert grid.between(since, reached).to_list() == wanted.to_list()
    later = wanted > 0
    second_before = (reached.to_physical() - 1000).cast(pl.Datetime("ms"))
    assert (grid.between(since, second_before).filter(later) == wanted.filter(later) - 1).all()


def test_openings_to_the_second_are_searched_for_where_a_grid_would_be_too_long(calendar) -> None:
    grid = OpenTime(calendar("week: {mon-fri: '08:00:01-16:59:59'}"), date(2020, 1, 1), LATEST, is_utc=True)
    since = _instants("2026-02-06 06:59:59", None, "2026-02-06 15:00:00")
    until = _instants("2026-02-06 17:00:00", "2026-02-06 17:00:00", "2026-02-09 07:00:02")
    assert grid.between(since, until).to_list() == [9 * 3600 - 2, None, 3600]


def test_four_years_of_swedish_tickets_agree_with_the_openings_summed_one_by_one() -> None:
    calendar, chance = find_calendar("se"), random.Random(11)
    zone, first = ZoneInfo("Europe/Stockholm"), date(2023, 1, 1)
    start = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
    days = [first + timedelta(days=step) for step in range(-1, 4 * 366 + 60)]
    openings = [
        tuple(int(end.replace(tzinfo=zone).timestamp()) for end in opening)
        for day in days
        for opening in calendar.openings(day)
    ]
    begun = [start + chance.randrange(4 * 365 * 86_400) for _ in range(2_000)]
    ended = [begin + int(chance.lognormvariate(11, 1.5)) % (50 * 86_400) for begin in begun]
    since, until = (pl.Series(column).cast(pl.Int64) * 1000 for column in (begun, ended))
    found = OpenTime(calendar, first, first, is_utc=True).between(
        since.cast(pl.Datetime("ms")), until.cast(pl.Datetime("ms"))
    )
    for begin, end, seconds in zip(begun, ended, found, strict=True):
        assert seconds == sum(max(0, min(end, closing) - max(begin, opening)) for opening, closing in openings)
