"""Exports of a small desk taken one after another, none of them whole: a backlog too high or too low, without a word."""

import itertools
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

HEADER = "Ticket ID,Created at,Resolved at,Updated at,Status"
MONTHS = [datetime(2026, month, 1) for month in range(5, 10)]
Row = tuple[int, datetime, datetime]


def desk(seed: int, a_day: float, days: float) -> list[Row]:
    """Tickets from January on, each as old as chance has it when it is resolved."""
    dice, at, rows = random.Random(seed), datetime(2026, 1, 1), list[Row]()
    while at < MONTHS[-1]:
        at += timedelta(days=dice.expovariate(a_day))
        rows.append((len(rows) + 1, at, at + timedelta(days=dice.expovariate(1 / days))))
    return rows


def backlog(rows: list[Row]) -> int:
    return sum(at < MONTHS[-1] <= done for _, at, done in rows)


def each_month(folder: Path, rows: list[Row], kind: str, *, at_once: bool = False) -> list[Path]:
    """An export of each month: of what was opened or what was changed in it, as it was at its end, or all taken `at_once`."""
    paths = []
    for since, until in itertools.pairwise(MONTHS):
        taken, lines = MONTHS[-1] if at_once else until, list[str]()
        for number, at, done in rows:
            is_done, is_own = done < taken, since <= at < until or (kind == "changed" and since <= done < until)
            if at < until and is_own:
                end = f"{done:%Y-%m-%d %H:%M}" if is_done else ""
                lines.append(f"{number},{at:%Y-%m-%d %H:%M},{end},{end or f'{at:%Y-%m-%d %H:%M}'},{'Solved' if is_done else 'Open'}")  # fmt: skip
        paths.append(written(folder, f"{since:%m}", HEADER, *lines))
    return paths


def found_of(folder: Path, rows: list[Row], kind: str, *, at_once: bool = False) -> Reported:
    return reported(*each_month(folder, rows, kind, at_once=at_once), period="2026-08")


def is_marked(found: Reported, code: str) -> bool:
    """Whether the backlog has no value, or a serious finding that names it."""
    named = [one for one in found.document["findings"] if one["code"] == code and one["serious"]]
    return found.value("backlog") is None or any("backlog*" in one["kpis"] for one in named)


@pytest.mark.parametrize(("seed", "a_day", "days"), [(1, 0.7, 20), (3, 0.4, 20), (2, 0.7, 60), (1, 0.5, 5)])
def test_exports_of_what_was_opened_in_each_month_are_doubted(
    seed: int, a_day: float, days: float, tmp_path: Path
) -> None:
    """Hand-worked from the simulated events: 35 stood for 11, without a word."""
    rows = desk(seed, a_day, days)
    found = found_of(tmp_path, rows, "opened")
    assert found.value("backlog") is None or found.value("backlog") > backlog(rows)
    assert is_marked(found, "snapshots")


@pytest.mark.parametrize("seed", [2, 3, 4, 6])
def test_what_was_open_before_the_first_export_of_changes_is_doubted(seed: int, tmp_path: Path) -> None:
    """Tickets of two months and more: 31 stood for 36."""
    found = found_of(tmp_path, desk(seed, 0.7, 60), "changed")
    assert is_marked(found, "open-before")


def test_a_desk_that_resolves_soon_has_nothing_open_from_before(tmp_path: Path) -> None:
    rows = desk(2, 0.7, 20)
    found = found_of(tmp_path, rows, "changed")
    assert found.value("backlog") == backlog(rows)
    assert not {"open-before", "snapshots"} & found.codes


@pytest.mark.parametrize(("seed", "a_day", "days"), [(1, 0.7, 20), (3, 0.4, 20), (2, 0.7, 60), (1, 0.5, 5)])
def test_files_by_month_taken_at_once_are_in_no_doubt(seed: int, a_day: float, days: float, tmp_path: Path) -> None:
    rows = desk(seed, a_day, days)
    found = found_of(tmp_path, rows, "opened", at_once=True)
    assert found.value("backlog") == sum(MONTHS[0] <= at < MONTHS[-1] <= done for _, at, done in rows)
    assert not {"open-before", "snapshots"} & found.codes


EACH_MONTH = [datetime(2026, month, 1) for month in range(2, 10)]


def of_last_days(folder: Path, rows: list[Row], days: int, times: list[datetime] = EACH_MONTH) -> list[Path]:
    """An export at each of some times, such as each month's end, of what was changed in so many days before it."""
    paths = []
    for taken in times:
        since, lines = taken - timedelta(days=days), list[str]()
        for number, at, done in rows:
            changed = done if done < taken else at
            if at < taken and changed >= since:
                end = f"{done:%Y-%m-%d %H:%M}" if done < taken else ""
                lines.append(
                    f"{number},{at:%Y-%m-%d %H:%M},{end},{changed:%Y-%m-%d %H:%M},{'Solved' if end else 'Open'}"
                )
        paths.append(written(folder, f"{taken:%m%d}", HEADER, *lines))
    return paths


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_exports_that_go_back_less_far_than_they_were_taken_apart_are_doubted(seed: int, tmp_path: Path) -> None:
    """Thirty days before each month's end lack a day of a month of 31: who is resolved on it stays open for ever. February shows how far they go back."""
    rows = desk(seed, 3, 3)
    found = reported(*of_last_days(tmp_path, rows, 30), period="2026-08")
    assert is_marked(found, "days-between")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_exports_that_go_back_further_are_in_no_doubt(seed: int, tmp_path: Path) -> None:
    rows = desk(seed, 3, 3)
    found = reported(*of_last_days(tmp_path, rows, 40), period="2026-08")
    assert found.value("backlog") == backlog(rows)
    assert "days-between" not in found.codes


EVERY = {7: [datetime(2026, 4, 6) + timedelta(days=7 * week) for week in range(21)], 14: [datetime(2026, 4, 6) + timedelta(days=14 * turn) for turn in range(11)]}  # fmt: skip


@pytest.mark.parametrize(("apart", "back"), [(7, 6), (14, 13), (14, 10)])
@pytest.mark.parametrize("seed", [1, 2])
def test_days_on_which_tickets_were_opened_and_none_was_last_changed_are_in_no_export(
    seed: int, apart: int, back: int, tmp_path: Path
) -> None:
    """None of the exports overlap. Who is resolved on the day between stays open for ever: 132 stood for 45, *more are open than this says*, and a target of 100 was missed."""
    rows = desk(seed, 15, 3)
    files = of_last_days(tmp_path, rows, back, EVERY[apart])
    found = reported(*files, period="2026-07")
    assert found.value("backlog") is None
    assert found.value("tickets_resolved") < sum(at.month == 7 for _, _, at in rows) * 0.97
    assert "open-before" not in found.codes
    said = [one for one in found.document["findings"] if one["code"] == "days-between"]
    assert [one["consequence"] for one in said] == ["no value", "no verdict"]
    assert {"tickets_resolved", "tickets_created"} <= {
        kpi["kpi"] for kpi in found.document["results"] if kpi["verdict"] is None
    }


@pytest.mark.parametrize(("apart", "back"), [(7, 7), (7, 8), (14, 14)])
@pytest.mark.parametrize(("seed", "a_day", "days"), [(1, 15, 3), (2, 15, 0.3), (3, 2, 5), (4, 60, 1)])
def test_exports_that_begin_when_the_one_before_was_taken_lack_no_day(
    seed: int, a_day: float, days: float, apart: int, back: int, tmp_path: Path
) -> None:
    rows = desk(seed, a_day, days)
    found = reported(*of_last_days(tmp_path, rows, back, EVERY[apart]), period="2026-07")
    assert "days-between" not in found.codes
    assert found.value("tickets_resolved") == sum(done.month == 7 for _, _, done in rows)
