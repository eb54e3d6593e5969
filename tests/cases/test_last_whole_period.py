"""`last-week` and its kin of a desk that rests at weekends, of a file that nobody has renewed, and of a time that a file does not hold."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import findings, report_json, totals


def desk(folder: Path, *, last: date, rests: tuple[int, ...], weeks: int = 10) -> Path:
    """Four tickets, resolved within the hour, on each day that is none of rest."""
    days = [last - timedelta(days=back) for back in range(7 * weeks)]
    rows = [
        f"{day:%Y%m%d}{n},{day} 0{n + 6}:00,{day} 0{n + 6}:40,Closed"
        for day in days
        if day.isoweekday() not in rests
        for n in range(4)
    ]
    path = folder / "desk.csv"
    path.write_text("\n".join(["Ticket ID,Created time,Resolved time,Status", *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("last", "rests", "week"),
    [
        (date(2026, 11, 27), (6, 7), "2026-11-23"),
        (date(2026, 11, 28), (7,), "2026-11-23"),
        (date(2026, 11, 26), (5, 6, 7), "2026-11-23"),
        (date(2026, 11, 26), (6, 7), "2026-11-16"),
        (date(2026, 11, 27), (), "2026-11-16"),
        (date(2026, 11, 29), (), "2026-11-23"),
    ],
)
def test_a_week_is_whole_once_only_days_of_rest_are_left(tmp_path: Path, last: date, rests: tuple[int, ...], week: str):
    document = report_json(desk(tmp_path, last=last, rests=rests), "--period", "last-week")
    assert document["query"]["period"]["start"] == week


def test_a_month_that_ends_at_a_weekend_is_whole_on_its_last_friday(tmp_path: Path):
    path = desk(tmp_path, last=date(2026, 10, 30), rests=(6, 7))
    assert report_json(path, "--period", "last-month")["query"]["period"]["start"] == "2026-10-01"


@pytest.mark.parametrize(("period", "start"), [("last-month", "2026-10-01"), ("last-week", "2026-10-26")])
def test_a_desk_that_closes_some_tickets_at_weekends_has_the_month_that_a_report_takes_by_itself(
    tmp_path: Path, period: str, start: str
):
    """Tickets come on weekdays, and some Saturdays one is closed; the file ends on Friday 30 October."""
    days = [date(2026, 10, 30) - timedelta(days=back) for back in range(70)]
    rows = [f"{day:%Y%m%d}{n},{day} 0{n + 6}:00,{day + timedelta(days=int(day.isoweekday() == 5 and n == 3 and day.day % 2 and day < days[0]))} 20:40,Closed"
            for day in days if day.isoweekday() < 6 for n in range(4)]  # fmt: skip
    path = tmp_path / "desk.csv"
    path.write_text("\n".join(["Ticket ID,Created time,Resolved time,Status", *rows]) + "\n")
    grain = ("--grain", "week") if period == "last-week" else ()
    own = report_json(path, *grain)["query"]["period"]["start"]
    assert report_json(path, "--period", period)["query"]["period"]["start"] == own == start


def test_three_weeks_do_not_show_on_which_days_a_desk_rests(tmp_path: Path):
    path = desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7), weeks=3)
    assert report_json(path, "--period", "last-week")["query"]["period"]["start"] == "2026-11-16"


def test_as_of_a_friday_the_week_is_not_over(tmp_path: Path):
    path = desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7))
    document = report_json(path, "--period", "last-week", "--as-of", "2026-11-27")
    assert document["query"]["period"]["start"] == "2026-11-16"


MONDAY, NEXT_FRIDAY, NEXT_MONDAY = "1796025600", "1796371200", "1796630400"
"""30 November, 4 and 7 December 2026 at eight in the morning, UTC."""


@pytest.mark.parametrize(("now", "is_old"), [(MONDAY, False), (NEXT_FRIDAY, False), (NEXT_MONDAY, True)])
def test_a_file_that_lacks_the_last_week_before_today_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: str, is_old: bool
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", now)
    path = desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7))
    document = report_json(path, "--period", "last-week")
    text = findings(document, "old-export")
    assert bool(text) is is_old
    if is_old:
        assert text[0].startswith("last-week means 2026-W48 here, since the newest row is from 2026-11-27; 2026-W49")


@pytest.mark.parametrize("period", ["2026-10", "2026-W40"])
def test_a_time_that_was_named_is_not_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, period: str):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NEXT_MONDAY)
    path = desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7))
    assert findings(report_json(path, "--period", period), "old-export") == []


@pytest.mark.parametrize(
    ("lang", "message"),
    [("en", "is not in these files"), ("sv", "finns inte i filerna"), ("nb", "finnes ikke i filene")],
)
def test_that_a_file_is_old_stands_on_the_first_screen_and_on_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, message: str
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NEXT_MONDAY)
    path = desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7))
    ended = piped(
        "report",
        str(path),
        "--no-config",
        "--period",
        "last-week",
        "--lang",
        lang,
        "-o",
        str(tmp_path / "w.text"),
        "-q",
    )
    assert "is not in these files" in ended.err
    assert message in (tmp_path / "w.text").read_text().replace("\n", " ")


@pytest.mark.parametrize("period", ["2019-01", "2027-W10", "2026-12"])
def test_a_time_outside_of_the_file_is_reported_before_anything_else(tmp_path: Path, period: str):
    document = report_json(desk(tmp_path, last=date(2026, 11, 27), rests=(6, 7)), "--period", period)
    [text] = findings(document, "hardly-understood")
    assert f"no row falls in {period}: the files run from 2026-09-21 to 2026-11-27" in text
    assert document["findings"][0]["code"] == "hardly-understood"
    assert totals(document)["tickets_created"]["value"] is None


def test_words_of_service_levels_do_not_hide_that_a_time_has_no_rows(tmp_path: Path):
    path = tmp_path / "sla.csv"
    rows = [
        f"{n},2026-03-{1 + n % 28:02d} 08:00,2026-03-{1 + n % 28:02d} 09:00,Closed,Within SLA,SLA Violated"
        for n in range(40)
    ]
    path.write_text(
        "\n".join(["Ticket ID,Created time,Resolved time,Status,Resolution status,First response status", *rows]) + "\n"
    )
    assert findings(report_json(path, "--period", "2019-01"), "hardly-understood")
