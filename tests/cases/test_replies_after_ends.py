"""First replies after the resolution of their own case, by a column sorted alone or under another's header: a figure of replies that no case had."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported

CODE = "replied-after-end"
FIRST = datetime(2026, 1, 5, 9, 0)
HOUR = timedelta(hours=1)


def tickets(path: Path, replies: list[timedelta | None], head: str = "Första svar;Löst", reopens: str = "") -> Reported:
    """Twenty tickets, each resolved three days after it was opened, with first replies so long after their openings."""
    rows = []
    for n, wait in enumerate(replies):
        opened = FIRST + n * 20 * HOUR
        reply = "" if wait is None else f"{opened + wait:%Y-%m-%d %H:%M}"
        rows.append(f"{n + 100};{opened:%Y-%m-%d %H:%M};{reply};{opened + 72 * HOUR:%Y-%m-%d %H:%M};Löst;{reopens}")
    path.write_text("\n".join((f"Ärendenr;Skapad;{head};Status;Återöppningar", *rows, "")), encoding="utf-8")
    return reported(path, "--kpi", "*")


@pytest.mark.parametrize("late", [6, 11, 14, 17])
def test_a_column_in_another_order_has_no_first_reply_time(tmp_path: Path, late: int) -> None:
    found = tickets(tmp_path / "t.csv", [*[90 * HOUR] * late, *[2 * HOUR] * (20 - late)])
    assert (found.value("first_reply_time"), found.value("resolution_time")) == (None, 259_200)
    assert f"{late} of 20 tickets" in found.finding_text(CODE)


def test_a_tenth_of_them_is_reported_at_the_figure(tmp_path: Path) -> None:
    found = tickets(tmp_path / "t.csv", [*[90 * HOUR] * 3, *[2 * HOUR] * 17])
    assert (found.value("first_reply_time"), "3 of 20 tickets" in found.finding_text(CODE)) == (7200, True)


@pytest.mark.parametrize("wait", [77 * HOUR, 73 * HOUR])
def test_nearly_all_are_two_headers_exchanged(tmp_path: Path, wait: timedelta) -> None:
    found = tickets(tmp_path / "t.csv", [wait] * 20)
    assert (found.value("first_reply_time"), found.value("resolution_time")) == (None, None)
    assert "headers of the two columns" in found.finding_text(CODE)


def test_exchanged_headers_are_named(tmp_path: Path) -> None:
    found = tickets(tmp_path / "t.csv", [2 * HOUR] * 20, "Löst;Första svar")
    assert (found.value("first_reply_time"), found.value("resolution_time")) == (None, None)
    assert "headers of the two columns" in found.finding_text(CODE)


@pytest.mark.parametrize(
    ("replies", "reopens"),
    [
        ([90 * HOUR, *[2 * HOUR] * 19], ""),
        ([72 * HOUR] * 20, "0"),
        ([72 * HOUR + timedelta(minutes=1)] * 20, ""),
        ([*[90 * HOUR] * 8, *[2 * HOUR] * 12], "1"),
    ],
)
def test_a_reopened_case_and_a_reply_that_ends_one_are_as_they_are(
    tmp_path: Path, replies: list[timedelta | None], reopens: str
) -> None:
    found = tickets(tmp_path / "t.csv", replies, reopens=reopens)
    assert found.value("first_reply_time") is not None
    assert CODE not in found.codes
