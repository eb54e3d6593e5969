"""A list that is a part of all there was, of which the report says so and another command showed its figures without a word."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from invoked import piped
from small_reports import written

BEGIN, END = datetime(2026, 1, 1), datetime(2026, 9, 1)
HEADER = "Ticket ID,Created at,Resolved at,Status,Group"
Row = tuple[datetime, datetime, str]


def desk() -> list[Row]:
    """Five tickets a day of eight months, of three groups, which take three and a half days."""
    dice = random.Random(7)
    opened = (BEGIN + timedelta(minutes=dice.randrange(243 * 1440)) for _ in range(1200))
    return [
        (at, at + timedelta(hours=dice.expovariate(1 / 80)), dice.choice(("Tech", "Billing", "Sales"))) for at in opened
    ]


def listed(folder: Path, name: str, rows: Iterator[tuple[int, Row]], until: datetime = END) -> Path:
    """A list of tickets as it is at a moment."""
    lines = (
        f"{number},{at:%Y-%m-%d %H:%M},{f'{done:%Y-%m-%d %H:%M}' if done < until else ''},{'Solved' if done < until else 'Open'},{group}"
        for number, (at, done, group) in rows
    )
    return written(folder, name, HEADER, *lines)


def resolved_alone(folder: Path) -> list[Path]:
    return [listed(folder, "resolved", ((n, row) for n, row in enumerate(desk()) if row[1] < END))]


def taken_each_month(folder: Path) -> list[Path]:
    months = [datetime(2026, month, 1) for month in range(1, 10)]
    return [
        listed(folder, f"{since:%m}", ((n, row) for n, row in enumerate(desk()) if since <= row[0] < until), until)
        for since, until in pairwise(months)
    ]


def opened_since_july(folder: Path) -> list[Path]:
    return [listed(folder, "since", ((n, row) for n, row in enumerate(desk()) if row[0] >= datetime(2026, 7, 1)))]


def whole(folder: Path) -> list[Path]:
    return [listed(folder, "whole", ((n, row) for n, row in enumerate(desk()) if row[0] < datetime(2026, 8, 25)))]


def said(command: str, kpi: str, paths: list[Path], *more: str) -> str:
    option = ("--kpi", kpi) if command == "agents" else (kpi,)
    ended = piped(command, *option, *paths, *more)
    assert ended.code in (0, 3), ended.err
    return ended.out + ended.err


@pytest.mark.parametrize("partial", [resolved_alone, taken_each_month])
@pytest.mark.parametrize("period", [(), ("--period", "2026-08")], ids=["newest", "august"])
def test_teams_have_no_shares_where_the_report_has_none(
    partial: Callable[[Path], list[Path]], period: tuple[str, ...], tmp_path: Path
) -> None:
    """The report has no value for what is resolved within seven days; 94 % of one team stood against 89 % of another."""
    paths = partial(tmp_path)
    ended = piped("agents", *paths, *period, "--format", "json")
    found = json.loads(ended.out)
    assert found["units"] == []
    assert found["value"] is None
    assert "no value" in found["units_refused"]
    assert "Tech" not in piped("agents", *paths, *period).out


def test_teams_of_a_whole_list_have_their_shares(tmp_path: Path) -> None:
    found = json.loads(piped("agents", *whole(tmp_path), "--format", "json").out)
    assert {one["name"] for one in found["units"]} == {"Tech", "Billing", "Sales"}


@pytest.mark.parametrize("kpi", ["backlog", "resolution_time", "tickets_resolved"])
@pytest.mark.parametrize("command", ["trend", "compare", "why"])
def test_a_filter_of_the_export_is_said_wherever_its_figures_are(command: str, kpi: str, tmp_path: Path) -> None:
    """Of July 11 % of what was resolved is missing, for no older ticket is in the list."""
    text = said(command, kpi, opened_since_july(tmp_path))
    assert "looks like a filter of the export" in text
    assert "resolved in 2026-07 is missing" in text


@pytest.mark.parametrize("command", ["trend", "compare", "why", "targets"])
def test_lists_taken_month_by_month_are_said_wherever_their_figures_are(command: str, tmp_path: Path) -> None:
    paths = taken_each_month(tmp_path)
    more = ("--target", "resolution_time=3d") if command == "targets" else ()
    text = piped(command, *paths, *more).out if command == "targets" else said(command, "resolution_time", paths, *more)
    assert "after a file was taken are missing" in text


def test_a_file_that_ends_is_said_of_the_last_two_points_of_a_trend(tmp_path: Path) -> None:
    """Two desks, of which one is in the files until the middle of July."""
    rows = list(enumerate(desk()))
    one = listed(tmp_path, "one", ((n, row) for n, row in rows if n % 2))
    other = listed(tmp_path, "other", ((n, row) for n, row in rows if not n % 2 and row[0] < datetime(2026, 7, 16)))
    text = said("trend", "tickets_created", [one, other], "--period", "2026-08")
    assert "between 2026-07 and 2026-08: " in text
    assert "other.csv ends on 2026-07-15" in text
    assert "ends on" not in said("trend", "tickets_created", whole(tmp_path))
