"""A list of resolved tickets in which few are so young that they might be open: a backlog of 0 stood there without a word."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

BEGIN, END = datetime(2026, 1, 1), datetime(2026, 9, 1)
DAYS = (END - BEGIN).days
Row = tuple[datetime, datetime]


def desk(seed: int, hours: float, slow: float = 0.0) -> list[Row]:
    """A ticket every second day of eight months; a share of them takes forty days."""
    dice = random.Random(seed)
    opened = sorted(BEGIN + timedelta(minutes=dice.randrange(DAYS * 1440)) for _ in range(135))
    mean = [24 * 40 if dice.random() < slow else hours for _ in opened]
    return [(at, at + timedelta(hours=dice.expovariate(1 / each))) for at, each in zip(opened, mean, strict=True)]


def listed(folder: Path, rows: list[Row], *, whole: bool = False) -> Reported:
    lines = [
        f"{n},{at:%Y-%m-%d %H:%M},{f'{done:%Y-%m-%d %H:%M}' if done < END else ''},{'Solved' if done < END else 'Open'}"
        for n, (at, done) in enumerate(rows)
        if whole or done < END
    ]
    return reported(written(folder, "t", "Ticket ID,Created at,Resolved at,Status", *lines), period="2026-08")


def said(found: Reported) -> str:
    """What is said of the list at the backlog itself."""
    notes = (found.result("backlog") or {"notes": []})["notes"]
    return " ".join(note for note in notes if "tickets are resolved" in note)


@pytest.mark.parametrize(("seed", "hours", "slow"), [(1, 90, 0.0), (2, 90, 0.0), (6, 60, 0.05), (4, 90, 0.05)])
def test_that_open_ones_may_be_missing_is_said_at_the_backlog(
    seed: int, hours: float, slow: float, tmp_path: Path
) -> None:
    rows = desk(seed, hours, slow)
    assert any(done >= END for _, done in rows)
    assert said(listed(tmp_path, rows))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_tickets_take_an_hour_nothing_is_said(seed: int, tmp_path: Path) -> None:
    found = listed(tmp_path, desk(seed, 1))
    assert found.value("backlog") == 0
    assert not said(found)


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_of_a_whole_list_nothing_is_said(seed: int, tmp_path: Path) -> None:
    rows = desk(seed, 90)
    found = listed(tmp_path, rows, whole=True)
    assert found.value("backlog") == sum(done >= END for _, done in rows)
    assert not said(found)
