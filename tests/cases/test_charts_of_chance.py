"""Guards: a week in which the files begin, and Sundays of two tickets, that were signals of a chart."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from small_reports import written

DAY, A_WEEK = timedelta(days=1), (7, 7, 6, 6, 5, 2, 1)


def desk(folder: Path, begins: datetime, weeks: int = 20) -> Path:
    """So many weeks of tickets with a season, of which some are opened again."""
    dice, lines = random.Random(5), ["Ticket ID,Created at,Resolved at,Status,Reopens"]
    end = datetime(2026, 9, 28)
    for day in range(weeks * 7):
        at = end - (weeks * 7 - day) * DAY
        if at < begins:
            continue
        for number in range(A_WEEK[at.weekday()] + dice.randrange(-1, 2)):
            opened = at + timedelta(hours=9, minutes=20 * number)
            lines.append(f"{day}-{number},{opened:%Y-%m-%d %H:%M},{opened + timedelta(hours=3):%Y-%m-%d %H:%M},Solved,{int(dice.random() < 0.2)}")  # fmt: skip
    return written(folder, "tickets", *lines)


def trend(path: Path, *arguments: str) -> dict[str, Any]:
    """What `trend` says of a KPI."""
    ended = piped("trend", *arguments, path, "--format", "json")
    assert ended.code == 0, ended.err
    (found,) = json.loads(ended.out)["trends"]
    return dict(found)


@pytest.mark.parametrize(("begins", "first"), [(14, "2026-05-18"), (13, "2026-05-18"), (11, "2026-05-11")])
def test_a_week_in_which_the_files_begin_is_no_point(tmp_path: Path, begins: int, first: str) -> None:
    found = trend(desk(tmp_path, datetime(2026, 5, begins)), "tickets_created", "--grain", "week", "--period", "2026-W39")  # fmt: skip
    points = found["points"]
    assert points[0]["period"]["start"] == first
    assert not any(one["signals"] for one in points)


def test_a_month_that_begins_on_a_holiday_is_whole(tmp_path: Path) -> None:
    """1 January is no day of work in either country, and no day is missing."""
    path = desk(tmp_path, datetime(2026, 1, 2), weeks=60)
    assert len(trend(path, "tickets_created", "--period", "2026-08")["points"]) == 8


def test_one_of_two_tickets_of_a_sunday_is_no_signal(tmp_path: Path) -> None:
    found = trend(desk(tmp_path, datetime(2026, 1, 1)), "reopens_per_ticket", "--grain", "day", "--period", "2026-09-06")  # fmt: skip
    assert found["chart"] is not None
    assert not [one for one in found["points"] if one["signals"]]
