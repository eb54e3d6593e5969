"""Rows of several files, members or sheets that make one case: pooled before they are folded.

The figures must be those of the same rows in one file, whatever order the files are given in.
"""

import zipfile
from itertools import permutations
from pathlib import Path

import pytest
from reported import CASES, reported

DAY = 86400
JANUARY, FEBRUARY = CASES / "event-log-jan.csv", CASES / "event-log-feb.csv"
LOG = ("--mapping", CASES / "event-log.yaml")
TIMES = ("--kpi", "resolution_time*", "--kpi", "tickets_created")


def test_a_case_that_goes_on_in_another_file_is_one_case() -> None:
    """Hand-worked: A1 takes 30 days, A2 and A3 one each."""
    found = reported(JANUARY, FEBRUARY, *LOG, *TIMES)
    assert found.value("resolution_time_mean") == pytest.approx(32 / 3 * DAY)
    assert found.result("resolution_time_mean")["n"] == 3
    assert found.refused == [{"earlier event of its case": 3}, {"earlier event of its case": 1}]


def test_the_order_of_the_files_changes_nothing() -> None:
    assert reported(JANUARY, FEBRUARY, *LOG).values == reported(FEBRUARY, JANUARY, *LOG).values


def test_members_of_an_archive_are_pooled_as_files_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        for path in (FEBRUARY, JANUARY):
            archive.write(path, path.name)
    assert reported(tmp_path / "log.zip", *LOG).values == reported(JANUARY, FEBRUARY, *LOG).values


STATES = """name: states-tickets
label: States
system: states
table: tickets
events: {case: Case, order: At}
columns:
  ticket_id: Case
  created_at: {from: At, take: first}
  resolved_at: {from: At, take: last, where: {State: [Closed]}}
  requester_wait_time: {from: At, take: time, where: {State: [Open]}}
  reopens: {take: count, where: {State: [Reopened]}}
  status: {from: State, values: {Open: open, Waiting: pending, Reopened: open, Closed: closed}}
"""
ROWS = [
    "C1,2026-01-01 08:00,Open",
    "C1,2026-01-31 08:00,Waiting",
    "C1,2026-02-01 08:00,Open",
    "C1,2026-02-01 09:00,Closed",
    "C2,2026-01-10 08:00,Open",
    "C2,2026-02-10 08:00,Closed",
]


def _written(folder: Path, name: str, rows: list[str], header: str = "Case,At,State") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture
def states(tmp_path: Path) -> tuple[str, Path]:
    (tmp_path / "states.yaml").write_text(STATES, encoding="utf-8")
    return "--mapping", tmp_path / "states.yaml"


def test_a_wait_that_begins_in_one_file_ends_in_another(tmp_path: Path, states: tuple[str, Path]) -> None:
    """Hand-worked: C1 waits 30 days and an hour, C2 31 days."""
    january = _written(tmp_path, "january.csv", [row for row in ROWS if "2026-01" in row])
    february = _written(tmp_path, "february.csv", [row for row in ROWS if "2026-02" in row])
    for files in permutations((january, february)):
        found = reported(*files, *states)
        assert found.value("requester_wait_time") == pytest.approx((61 * DAY + 3600) / 2)
        assert found.value("resolution_time") == pytest.approx((62 * DAY + 3600) / 2)


def test_columns_in_another_order_are_the_same_columns(tmp_path: Path, states: tuple[str, Path]) -> None:
    january = _written(tmp_path, "january.csv", [row for row in ROWS if "2026-01" in row])
    turned = [f"{state},{case},{at}" for case, at, state in (row.split(",") for row in ROWS if "2026-02" in row)]
    february = _written(tmp_path, "february.csv", turned, "State,Case,At")
    whole = _written(tmp_path, "whole.csv", ROWS)
    assert reported(january, february, *states).values == reported(whole, *states).values


def test_events_that_overlapping_exports_both_hold_are_one_event(tmp_path: Path, states: tuple[str, Path]) -> None:
    """Without it the case would have been reopened twice."""
    rows = [*ROWS[:3], "C1,2026-02-01 08:30,Reopened", *ROWS[3:]]
    one = _written(tmp_path, "one.csv", rows[:5])
    other = _written(tmp_path, "other.csv", rows[2:])
    whole = _written(tmp_path, "whole.csv", rows)
    found = reported(one, other, *states)
    assert found.values == reported(whole, *states).values
    assert found.refused[1]["also in another file"] == 3


@pytest.mark.parametrize("newest_first", [False, True])
def test_ties_at_one_instant_go_to_the_later_row(
    tmp_path: Path, states: tuple[str, Path], *, newest_first: bool
) -> None:
    """Three cases whose last two events share an instant; a log written newest first is read from its end."""
    rows = [
        f"C{case},2026-01-0{case} {at}" for case in (1, 2, 3) for at in ("08:00,Open", "09:00,Waiting", "09:00,Closed")
    ]
    rows += ["C4,2026-01-05 08:00,Open"]
    path = _written(tmp_path, "log.csv", rows[::-1] if newest_first else rows)
    assert reported(path, *states).value("backlog") == 1


def test_ties_between_files_are_reported(tmp_path: Path, states: tuple[str, Path]) -> None:
    one = _written(tmp_path, "one.csv", ["C1,2026-01-01 08:00,Open", "C1,2026-01-02 08:00,Waiting"])
    other = _written(tmp_path, "other.csv", ["C1,2026-01-02 08:00,Closed", "C2,2026-01-03 08:00,Open"])
    found, turned = reported(one, other, *states), reported(other, one, *states)
    assert found.values == turned.values
    assert found.value("backlog") == 1
    assert "1 case with events of two files at one instant" in found.notes


def test_without_an_order_the_order_of_the_files_is_reported(tmp_path: Path) -> None:
    (tmp_path / "states.yaml").write_text(STATES.replace(", order: At", ""), encoding="utf-8")
    one, other = _written(tmp_path, "one.csv", ROWS[:1]), _written(tmp_path, "other.csv", ROWS[1:4])
    found = reported(one, other, "--mapping", tmp_path / "states.yaml")
    assert "1 case of several files: its events are taken in the order in which the files are given" in found.notes


def test_a_reply_belongs_to_the_thread_of_another_file(tmp_path: Path) -> None:
    """A thread's first message may be in the file of the month before, and its second in between."""
    header = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
    rows = [
        "1,115712,True,Tue Jan 31 21:00:00 +0000 2017,help,2,",
        "2,Shop,False,Tue Jan 31 22:00:00 +0000 2017,hello,3,1",
        "3,115712,True,Wed Feb 01 10:00:00 +0000 2017,thanks but,4,2",
        "4,Shop,False,Wed Feb 01 11:00:00 +0000 2017,done,,3",
    ]
    whole = _written(tmp_path, "whole.csv", rows, header)
    january, february = (_written(tmp_path, f"{at}.csv", rows[at : at + 2], header) for at in (0, 2))
    for files in permutations((january, february)):
        assert reported(*files).values == reported(whole).values
