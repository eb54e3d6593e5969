"""Ends and replies of several tickets in a wrong year or month: "today" was the typo, and tickets were open, or took, a year."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported

HEADER = "Ticket ID,Created at,First response,Resolved at,Status"
ROWS, EVERY = 80, 10
Times = tuple[datetime, datetime, datetime]


def written(path: Path, change: Callable[[int, Times], Times], *, to: str = "2026-03") -> Reported:
    """Eighty tickets from January to March, each answered after two hours and solved after a day or four, some of them changed."""
    lines = [HEADER]
    for n in range(ROWS):
        opened = datetime(2026, 1, 2, 9, 0) + timedelta(hours=25 * n)
        times = change(n, (opened, opened + timedelta(hours=2), opened + timedelta(hours=20 + 7 * (n % 11))))
        lines.append(",".join([str(n), *(f"{at:%Y-%m-%d %H:%M}" for at in times), "Solved"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period=to)


def year_on(at: datetime, years: int = 1) -> datetime:
    return at.replace(year=at.year + years)


def some(place: int, turn: Callable[[datetime], datetime]) -> Callable[[int, Times], Times]:
    """A change of one time of every tenth ticket."""

    def change(n: int, times: Times) -> Times:
        turned = tuple(turn(at) if at_place == place and n % EVERY == 3 else at for at_place, at in enumerate(times))
        return turned[0], turned[1], turned[2]

    return change


@pytest.mark.parametrize("years", [1, 2])
def test_ends_of_another_year_do_not_make_the_report_later(tmp_path: Path, years: int) -> None:
    found = written(tmp_path / "t.csv", some(2, lambda at: year_on(at, years)), to="all")
    assert found.document["query"]["as_of"].startswith("2026-03")
    assert "8 times in `Resolved at` lie far after everything else" in found.finding_text("far-ahead")
    assert "t.csv row 5, `Resolved at`: `202" in found.finding_text("far-ahead")
    assert found.result("resolution_time")["n"] == ROWS - 8
    assert found.result("resolution_time")["trust"]["unread"] == 8


def test_replies_of_another_year_are_no_replies_of_a_year(tmp_path: Path) -> None:
    found = written(tmp_path / "t.csv", some(1, year_on), to="all")
    assert found.value("first_reply_time_mean") == 7200
    assert found.finding_text("far-ahead").count("\n") == 0
    assert found.result("first_reply_time")["trust"]["unread"] == 8


def test_replies_of_the_next_month_lie_after_the_end_of_their_ticket(tmp_path: Path) -> None:
    found = written(
        tmp_path / "t.csv", some(1, lambda at: at.replace(month=at.month + 1, day=min(at.day, 28))), to="all"
    )
    assert "8 first replies in `First response` lie weeks after the end of their own tickets" in found.finding_text(
        "far-ahead"
    )
    assert found.value("first_reply_time_mean") == 7200


def closed_in_one_go(n: int, times: Times) -> Times:
    return (times[0], times[1], datetime(2027, 1, 15, 3, 0)) if n % EVERY == 3 else times


def closed_when_a_year_old(n: int, times: Times) -> Times:
    return (times[0], times[1], times[0] + timedelta(days=365, hours=5)) if n % EVERY == 3 else times


def closed_at_last(n: int, times: Times) -> Times:
    return (times[0], times[1], times[2] + timedelta(days=17 * (n % 23))) if n % EVERY == 3 else times


@pytest.mark.parametrize("change", [closed_in_one_go, closed_when_a_year_old, closed_at_last])
def test_tickets_that_were_closed_late_were(tmp_path: Path, change: Callable[[int, Times], Times]) -> None:
    found = written(tmp_path / "t.csv", change, to="all")
    assert "far-ahead" not in found.codes
    assert found.result("resolution_time")["n"] == ROWS


def test_replies_long_after_the_end_are_what_they_say(tmp_path: Path) -> None:
    found = written(tmp_path / "t.csv", some(1, lambda at: at + timedelta(days=45)), to="all")
    assert "far-ahead" not in found.codes
