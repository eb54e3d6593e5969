"""Guards: an export of this month's tickets and of what is open, or of what changed since a day, reported as if the older months were whole.

What is dated by the opening of older months has no value, and as a baseline no verdict; the months that are whole keep theirs. Ratings
inside tickets go with the resolutions that date them.
"""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals

DAY = timedelta(days=1)
SINCE, END = datetime(2026, 9, 1), datetime(2026, 11, 5)
HEADERS = "Id,Requester id,Status,Priority,Via,Created at,Updated at,Solved at,Satisfaction Score,Reopens,Replies"
Ticket = tuple[datetime, datetime | None]


def desk(seed: int, a_day: int = 20, days: int = 308) -> list[Ticket]:
    """Tickets from January on that take three days in the mean; one in thirty is never resolved."""
    dice = random.Random(seed)
    found = []
    for number in range(a_day * days):
        at = datetime(2026, 1, 1) + (number + dice.random()) * DAY / a_day
        done = at + dice.expovariate(1 / 3) * DAY
        found.append((at, done if done < END and dice.random() > 1 / 30 else None))
    return found


def file(folder: Path, rows: list[Ticket], *, is_whole: bool = False) -> Path:
    path = folder / f"zendesk{'-whole' if is_whole else ''}.csv"
    lines = [HEADERS]
    for number, (at, done) in enumerate(rows):
        word = ("Good", "Good", "Offered", "Bad")[number % 4] if done else ""
        result = f"{done:%Y-%m-%d %H:%M:%S}" if done else ""
        lines.append(
            f"{number},{number % 900},{'Closed' if done else 'Open'},Normal,Mail,{at:%Y-%m-%d %H:%M:%S},"
            f"{done or at:%Y-%m-%d %H:%M:%S},{result},{word},0,1"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def open_or_new(rows: list[Ticket]) -> list[Ticket]:
    return [row for row in rows if row[0] >= SINCE or row[1] is None]


def changed_since(rows: list[Ticket]) -> list[Ticket]:
    return [row for row in rows if (row[1] or END) >= SINCE]


@pytest.mark.parametrize("chosen", [open_or_new, changed_since])
@pytest.mark.parametrize("seed", [1, 2])
def test_older_months_that_are_cut_have_no_value_and_are_no_baseline(tmp_path: Path, chosen: Any, seed: int) -> None:
    rows = desk(seed)
    path = file(tmp_path, chosen(rows))
    document = report_json(path, "--period", "2026-09")
    known = totals(document)
    assert findings(document, "cut-months")
    assert known["tickets_created"]["value"] == sum(datetime(2026, 10, 1) > at >= SINCE for at, _ in rows)
    assert known["tickets_created"]["verdict"] is None
    assert known["backlog"]["value"] is None
    for name in ("fcr_one_touch", "csat"):
        assert known[name]["verdict"] is None, name
    for name, one in totals(report_json(path, "--period", "2026-08")).items():
        assert one["value"] is None, name


def test_the_months_that_a_filter_of_changes_leaves_whole_are_compared(tmp_path: Path) -> None:
    """Updated since July: August is whole, and what was resolved in it too."""
    rows = [row for row in desk(3) if (row[1] or END) >= datetime(2026, 7, 1)]
    known = totals(report_json(file(tmp_path, rows), "--period", "2026-09"))
    for name in ("tickets_created", "tickets_resolved", "resolution_time", "csat"):
        assert known[name]["verdict"] is not None, name
    assert known["backlog"]["value"] is None


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("growth", [1, 4])
def test_a_whole_export_is_not_suspected_not_even_of_a_desk_that_grows(tmp_path: Path, seed: int, growth: int) -> None:
    rows = [row for number, row in enumerate(desk(seed)) if row[0] >= datetime(2026, 3, 1) or number % growth == 0]
    assert findings(report_json(file(tmp_path, rows), "--period", "2026-09"), "cut-months") == []


def closed_weeks_later(folder: Path, rows: list[Ticket]) -> Path:
    """Each ticket is closed a month after it was resolved, as help desks do by themselves."""
    path = folder / "closed.csv"
    lines = ["Ticket ID,Created at,Resolved at,Closed at,Status"]
    for number, (at, done) in enumerate(rows):
        closed = done + 30 * DAY if done else None
        times = [
            f"{time:%Y-%m-%d %H:%M:%S}" if time else ""
            for time in (at, done, closed if closed and closed < END else None)
        ]
        lines.append(",".join([str(number), *times, "Resolved" if done else "Open"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", [1, 2])
def test_tickets_that_are_closed_weeks_after_they_were_resolved_are_not_cut(tmp_path: Path, seed: int) -> None:
    """Nothing is closed before the list is a month old: that is no choice of those changed since then."""
    dice = random.Random(seed)
    rows = [row for row in desk(seed, a_day=4) if row[0] >= datetime(2026, 2, 1) or dice.random() < 0.5]
    document = report_json(closed_weeks_later(tmp_path, rows), "--period", "all")
    assert findings(document, "cut-months") == []
    assert totals(document)["tickets_created"]["value"] == len(rows)


def test_ratings_inside_the_tickets_of_a_created_filter_are_not_compared(tmp_path: Path) -> None:
    """They are dated by the resolution: of the first month those of older tickets are missing."""
    rows = [row for row in desk(4) if row[0] >= datetime(2026, 8, 1)]
    document = report_json(file(tmp_path, rows), "--period", "2026-09")
    assert findings(document, "created-filter")
    known = totals(document)
    assert known["csat"]["value"] is not None
    assert known["csat"]["verdict"] is None
    assert any("is missing, with its times" in note for note in known["csat"]["notes"])
    whole = totals(report_json(file(tmp_path, desk(4), is_whole=True), "--period", "2026-09"))
    assert whole["csat"]["verdict"] is not None


def archived(rows: list[Ticket], since: datetime) -> list[Ticket]:
    """What was resolved before a day is gone."""
    return [row for row in rows if row[1] is None or row[1] >= since]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("how", [archived, "still open"])
def test_days_that_an_archive_emptied_show_nothing_of_how_days_vary(tmp_path: Path, how: Any, seed: int) -> None:
    """The months since May are whole: as many would show as in a file that begins there."""
    may, rows = datetime(2026, 5, 1), desk(seed)
    cut = archived(rows, may) if how is archived else [row for row in rows if row[0] >= may or row[1] is None]
    begun = [row for row in rows if row[0] >= may]
    known, short = (
        totals(report_json(file(tmp_path, kept, is_whole=kept is begun), "--period", "2026-10", "--compare", "2026-08"))
        for kept in (cut, begun)
    )
    reach, least = (each["tickets_created"]["change_detectable"] for each in (known, short))
    assert reach < 1.3 * least


@pytest.mark.parametrize("day", [3, 4])
def test_days_at_the_start_of_a_month_that_an_archive_took_are_missing_from_it(tmp_path: Path, day: int) -> None:
    path = file(tmp_path, archived(desk(1), datetime(2026, 9, day)))
    known = totals(report_json(path, "--period", "2026-10"))
    assert known["tickets_resolved"]["verdict"] is None, "two days of September lack what was resolved on them"
    assert known["tickets_created"]["verdict"] is None
