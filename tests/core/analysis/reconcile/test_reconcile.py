"""Exports made with known opening hours: the hours are found again, and what was spoilt is listed with its reason."""

import random
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from effort import calls

from kpi_core.analysis.reconcile import WANTED, Hours, Reconciliation, calendar_of, reconcile
from kpi_core.analysis.reconcile.implied_targets import implied_target
from kpi_core.calendars import find_calendar
from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices

HEADER = (
    "Ticket ID,Created time,Initial response time,Resolved time,First response time (in hrs),Resolution time (in hrs)"
)
HOLIDAYS_2024 = {date(2024, month, day) for month, day in ((3, 29), (4, 1), (5, 1), (5, 9), (6, 6))}
"""Of Sweden, March to July, on weekdays."""

Span = tuple[datetime, datetime]


def open_time(
    since: datetime,
    until: datetime,
    opening: tuple[float, float],
    weekdays: Collection[int],
    closed: Collection[date] = (),
) -> int:
    """Open seconds between two readings of the desk's own clock, counted day by day."""
    seconds, day = 0.0, datetime(since.year, since.month, since.day)
    while day <= until:
        if day.weekday() in weekdays and day.date() not in closed:
            start, end = (day + timedelta(hours=hour) for hour in opening)
            seconds += max((min(end, until) - max(start, since)).total_seconds(), 0)
        day += timedelta(days=1)
    return round(seconds)


def spans(count: int, first: datetime, days: int, longest: float = 6.0, seed: int = 7) -> list[Span]:
    chance = random.Random(seed)
    opened = [first + timedelta(seconds=chance.randrange(days * 86_400)) for _ in range(count)]
    return [(since, since + timedelta(seconds=chance.randrange(60, round(longest * 86_400)))) for since in opened]


def clock(seconds: int) -> str:
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02d}:{abs(seconds) % 60:02d}"


def row(number: int, since: datetime, until: datetime | None, written: int | str) -> str:
    result = written if isinstance(written, str) else clock(written)
    return f"{number},{since},{until or ''},,{result},0:00:00"


def reconciled(folder: Path, rows: Sequence[str], zone: str | None = None, header: str = HEADER) -> Reconciliation:
    (folder / "tickets.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    choices = Choices(cells=ReadingChoices(zone=zone))
    return reconcile(read_exports([str(folder / "tickets.csv")], choices, WANTED))


def made(count: Callable[[datetime, datetime], int], pairs: Sequence[Span]) -> list[str]:
    return [row(number, since, until, count(since, until)) for number, (since, until) in enumerate(pairs, start=1)]


@pytest.mark.parametrize(
    ("opening", "weekdays", "days"),
    [
        ((9, 17), range(5), "mon-fri"),
        ((8.5, 16.5), range(5), "mon-fri"),
        ((10, 18), range(6), "mon-sat"),
        ((7, 22), range(7), "mon-sun"),
        ((0, 24), range(7), "mon-sun"),
        ((8, 15.5), (6, 0, 1, 2, 3), "sun-thu"),
    ],
)
def test_the_week_an_export_was_made_with_is_found(
    tmp_path: Path, opening: tuple[float, float], weekdays: Collection[int], days: str
) -> None:
    pairs = spans(60, datetime(2026, 2, 2), 28)
    found = reconciled(tmp_path, made(lambda a, b: open_time(a, b, opening, weekdays), pairs)).inference
    assert found is not None
    assert found.best.hours == Hours(start=round(2 * opening[0]), end=round(2 * opening[1]), days=days)
    assert (found.best.explained, found.compared, found.tickets, found.is_found, found.tied) == (60, 60, 60, True, ())
    assert found.second is not None
    assert found.second.explained < 60
    assert found.deciding >= 60 - found.second.explained


def test_swedish_holidays_are_distinguished_from_the_neighbours(tmp_path: Path) -> None:
    pairs = spans(200, datetime(2024, 3, 18), 100)
    rows = made(lambda a, b: open_time(a, b, (8, 17), range(5), HOLIDAYS_2024), pairs)
    found = reconciled(tmp_path, rows).inference
    assert found is not None
    assert found.best.hours == Hours(start=16, end=34, holidays="SE")
    assert found.best.explained == 200
    assert found.second is not None
    assert found.second.hours.holidays is not None


@pytest.mark.parametrize("shift", [9, -8, 12])
def test_an_export_by_another_clock_gives_the_hours_and_how_far_the_clock_is_off(tmp_path: Path, shift: int) -> None:
    ahead = timedelta(hours=shift)
    pairs = spans(80, datetime(2026, 2, 2), 28)
    found = reconciled(tmp_path, made(lambda a, b: open_time(a + ahead, b + ahead, (9, 17), range(5)), pairs)).inference
    assert found is not None
    assert found.best.explained == 80
    # 9 to 17 nine hours ahead is 6 to 14 six hours ahead: what counts is when it opens by the export's clock.
    assert found.best.hours.open_halves == Hours(start=18, end=34, shift=shift).open_halves
    assert found.best.hours.shift != 0


def test_an_export_in_utc_of_a_desk_with_summer_time(tmp_path: Path) -> None:
    home = ZoneInfo("Europe/Stockholm")

    def there(instant: datetime) -> datetime:
        return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(home).replace(tzinfo=None)

    pairs = [*spans(60, datetime(2026, 1, 12), 40, 3), *spans(60, datetime(2026, 6, 1), 40, 3, seed=8)]
    found = reconciled(
        tmp_path, made(lambda a, b: open_time(there(a), there(b), (9, 17), range(5)), pairs), "UTC"
    ).inference
    assert found is not None
    assert (found.best.explained, found.compared) == (120, 120)
    assert found.best.hours == Hours(start=18, end=34, zone="Europe/Stockholm")
    assert found.tied, "eight to four in London is the same"


def test_a_known_zone_is_the_desk_s_own(tmp_path: Path) -> None:
    pairs = spans(60, datetime(2026, 2, 2), 28)
    found = reconciled(tmp_path, made(lambda a, b: open_time(a, b, (9, 17), range(5)), pairs), "Europe/Stockholm")
    assert found.inference is not None
    assert found.inference.best.hours == Hours(start=18, end=34)
    assert "zone: Europe/Stockholm" in (found.calendar or "")


@pytest.mark.parametrize(("rounded", "unit"), [(60, 60), (3600, 3600)])
def test_a_rounded_column_is_compared_as_finely_as_it_is_written(tmp_path: Path, rounded: int, unit: int) -> None:
    pairs = spans(200, datetime(2026, 2, 2), 28)
    rows = made(lambda a, b: round(open_time(a, b, (9, 17), range(5)) / rounded) * rounded, pairs)
    found = reconciled(tmp_path, rows)
    assert found.agreements[0].step == unit
    assert found.inference is not None
    assert found.inference.best.hours == Hours(start=18, end=34)


def test_what_was_spoilt_is_listed_with_its_reason(tmp_path: Path) -> None:
    pairs = spans(60, datetime(2026, 2, 2), 28)
    rows = made(lambda a, b: open_time(a, b, (9, 17), range(5)), pairs)
    monday = datetime(2026, 2, 2, 9)
    spoilt: dict[str, tuple[datetime, datetime | None, int]] = {
        "unanswered zero": (monday, None, 0),
        "ended before created: merged or imported": (monday, monday - timedelta(days=30), -176 * 3600 + 99),
        "holiday": (monday, monday + timedelta(days=2, hours=2), 10 * 3600),
        "open on a closed day": (monday, monday + timedelta(hours=2), 10 * 3600),
        "rounding": (monday, monday + timedelta(hours=2), 7202),
        "answered outside hours": (monday, monday + timedelta(hours=2), 0),
        "pending time subtracted, or other hours then": (monday, monday + timedelta(hours=4), 5000),
        "counted from or to another instant": (monday, monday + timedelta(hours=2), 8000),
    }
    rows += [row(100 + place, *cells) for place, cells in enumerate(spoilt.values())]
    clock_change = row(200, datetime(2026, 3, 27, 9), datetime(2026, 3, 30, 11), 11 * 3600)
    found = reconciled(tmp_path, [*rows, clock_change])
    by_name = {
        line["key"]: line for line in found.misfits.iter_rows(named=True) if line["column"].startswith("first_reply")
    }
    assert {key: line["reason"] for key, line in by_name.items()} == {
        **{str(100 + place): reason for place, reason in enumerate(spoilt)}, "200": "clock change",
    }  # fmt: skip
    assert (by_name["106"]["row"], by_name["106"]["written"], by_name["106"]["recomputed"], by_name["106"]["difference"]) == (
        68, "1:23:20", "4:00:00", 5000 - 14400,
    )  # fmt: skip
    assert found.reasons["unresolved zero"] == 69
    assert set(found.misfits["reason"].to_list()[8:]) == {"unanswered zero", "unresolved zero"}, "they come last"


def test_the_columns_are_counted_against_the_clock(tmp_path: Path) -> None:
    monday = datetime(2026, 2, 2, 9)
    hours = [(2, 7200), (2, 7201), (2, 3600), (2, 9000), (2, 0), (2, -60)]
    rows = [row(place, monday, monday + timedelta(hours=hour), shown) for place, (hour, shown) in enumerate(hours)]
    (first, _) = reconciled(tmp_path, [*rows, row(9, monday, None, 0)]).agreements
    assert (first.compared, first.equal, first.shorter, first.longer, first.zero, first.negative) == (6, 2, 1, 1, 1, 1)
    assert (first.undated, first.undated_zeros) == (1, 1)


def test_times_that_no_hours_give_are_reported_to_be_unexplained(tmp_path: Path) -> None:
    chance = random.Random(3)
    pairs = spans(60, datetime(2026, 2, 2), 28)
    found = reconciled(tmp_path, made(lambda a, b: chance.randrange(round((b - a).total_seconds())), pairs))
    assert found.inference is not None
    assert not found.inference.is_found
    assert found.calendar is None
    assert set(found.reasons) == {"unresolved zero"}, "any of them could be shorter by some hours"


@pytest.mark.parametrize(("tickets", "is_found"), [(4, False), (5, True)])
def test_fewer_than_five_tickets_prove_nothing(tmp_path: Path, tickets: int, is_found: bool) -> None:
    pairs = spans(tickets, datetime(2026, 2, 2), 28)
    found = reconciled(tmp_path, made(lambda a, b: open_time(a, b, (9, 17), range(5)), pairs)).inference
    assert found is not None
    assert (found.best.explained, found.is_found) == (tickets, is_found)


@pytest.mark.parametrize(
    "hours",
    [
        Hours(start=20, end=36),
        Hours(start=17, end=33, days="sun-thu", holidays="NO"),
        Hours(start=18, end=34, shift=9),
        Hours(start=18, end=34, shift=-8),
        Hours(start=0, end=48, days="mon-sun", zone="America/New_York"),
    ],
)
def test_the_calendar_written_is_the_calendar_tried(tmp_path: Path, hours: Hours) -> None:
    from kpi_core.analysis.reconcile import calendar_text

    (tmp_path / "found.yaml").write_text(calendar_text(hours, None, 7, 8), encoding="utf-8")
    read, tried = find_calendar(str(tmp_path / "found.yaml")), calendar_of(hours, None)
    assert read.in_zone("UTC").zone == tried.zone
    year = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
    assert [read.openings(day) for day in year] == [tried.openings(day) for day in year]


def test_the_target_that_parts_kept_from_broken_promises() -> None:
    taken = pl.Series([1, 5, 8, 9, 12, 20])
    assert implied_target(taken, pl.Series([True, True, True, False, False, False])) == 8
    assert implied_target(taken, pl.Series([True, True, False, True, False, False])) in (5, 9)
    assert implied_target(taken, pl.Series([True] * 6)) is None
    assert implied_target(taken.head(4), pl.Series([True, True, False, False])) is None


def test_promises_are_judged_again(tmp_path: Path) -> None:
    header = "Ticket ID,Created time,Initial response time,Resolved time,Due by Time,Resolution status,First response status,First response time (in hrs)"
    rows = []
    for number in range(1, 11):
        since = datetime(2026, 2, 2, 9)
        replied, due = since + timedelta(hours=number), since + timedelta(hours=8)
        kept = "Within SLA" if number <= 8 else "SLA Violated"
        messages = "Within SLA" if number == 10 else kept
        first = "SLA Violated" if number == 2 else "Within SLA" if number <= 5 else "SLA Violated"
        rows.append(f"{number},{since},{replied},{replied},{due},{messages},{first},{number}:00:00")
    found = reconciled(tmp_path, rows, header=header)
    resolution, reply = found.promises
    assert (resolution.judged, resolution.agreeing, resolution.by) == (10, 9, "due_at")
    assert (reply.judged, reply.agreeing, reply.target) == (10, 9, 5 * 3600)
    by_name = {(line["key"], line["reason"]) for line in found.misfits.iter_rows(named=True) if "sla" in line["column"]}
    assert by_name == {("10", "said to be met, was late"), ("2", "said to be missed, was in time")}


def test_an_export_without_durations_has_nothing_to_reconcile(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="nothing to reconcile"):
        reconciled(
            tmp_path,
            ["1,2026-02-02 09:00:00,Open"],
            header="Ticket ID,Created time,Status,Agent interactions".replace(",Agent interactions", ""),
        )


def test_more_tickets_take_no_more_steps(tmp_path: Path) -> None:
    rows = made(lambda a, b: open_time(a, b, (9, 17), range(5)), spans(4_000, datetime(2023, 2, 2), 900))
    found: list[Reconciliation] = []
    few, many = (
        calls(lambda count=count: found.append(reconciled(tmp_path, rows[:count])))  # type: ignore[misc]
        for count in (1_000, 4_000)
    )
    assert many < 1.2 * few
    for each in found:
        assert each.inference is not None
        assert each.inference.best.hours == Hours(start=18, end=34)
