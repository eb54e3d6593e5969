"""Guards: exports of each week, each fortnight, or each half month put together, in which nothing is resolved after the end of its own."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, DAY = datetime(2026, 1, 5), timedelta(days=1)
HEADS = ("Ärendenummer;Skapad;Löst;Status", "Ticket ID;Created at;Resolved at;Status")
Ends = Callable[[datetime], datetime]


def monday(at: datetime) -> datetime:
    return (at - at.weekday() * DAY).replace(hour=0, minute=0) + 7 * DAY


def friday_at_four(at: datetime) -> datetime:
    end = (at - at.weekday() * DAY).replace(hour=16, minute=0) + 4 * DAY
    return end if at < end else end + 7 * DAY


def half_month(at: datetime) -> datetime:
    if at.day < 16:
        return datetime(at.year, at.month, 16)
    return (datetime(at.year, at.month, 1) + 32 * DAY).replace(day=1)


def fortnight(at: datetime) -> datetime:
    return BEGIN + ((at - BEGIN) // (14 * DAY) + 1) * 14 * DAY


def rows(ends: Ends | None, head: str, *, count: int = 420, middle: float = 45.0) -> list[str]:
    """Tickets of 12 weeks, one in nine never resolved; with `ends` none after the end of its span."""
    dice, lines = random.Random(3), []
    words = ("Löst", "Öppen") if head == HEADS[0] else ("Solved", "Open")
    for place in range(count):
        opened = BEGIN + dice.random() * 84 * DAY
        resolved = opened + timedelta(hours=0.5 + dice.expovariate(1 / middle))
        is_done = place % 9 != 0 and (ends is None or resolved < ends(opened))
        end = f"{resolved:%Y-%m-%d %H:%M}" if is_done else ""
        lines.append(f"{700 + place};{opened:%Y-%m-%d %H:%M};{end};{words[not is_done]}")
    return sorted(lines, key=lambda line: line.split(";")[1])


def said(folder: Path, head: str, lines: list[str]) -> tuple[list[str], dict[str, object]]:
    document = report_json(written(folder, "t", head, *lines), "--period", "2026-02", "--all", "--no-config")
    found = totals(document)
    return findings(document, "snapshots"), {
        name: found[name]["value"] for name in ("backlog", "resolution_time", "tickets_created")
    }


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    ("ends", "often"),
    [
        (monday, "every week"),
        (friday_at_four, "every week"),
        (fortnight, "every other week"),
        (half_month, "twice a month"),
    ],
)
def test_what_became_of_tickets_after_each_span_is_unknown(tmp_path: Path, head: str, ends: Ends, often: str) -> None:
    texts, values = said(tmp_path, head, rows(ends, head))
    assert any(often in text for text in texts)
    assert values["backlog"] is None
    assert values["resolution_time"] is None
    assert values["tickets_created"] is not None


def test_a_list_of_all_of_them_is_as_it_is(tmp_path: Path) -> None:
    texts, values = said(tmp_path, HEADS[0], rows(None, HEADS[0]))
    assert not texts
    assert values["backlog"] is not None


def test_a_desk_that_is_done_within_hours_is_none(tmp_path: Path) -> None:
    """Hardly a ticket waits over any night: that none does on Sundays is no filter."""
    texts, values = said(tmp_path, HEADS[1], rows(None, HEADS[1], middle=1.0))
    assert not texts
    assert values["backlog"] is not None


def test_a_desk_that_clears_its_desk_on_fridays_is_none(tmp_path: Path) -> None:
    """What nobody resolves is as old as the rest: it was not left by the end of a week."""
    dice, lines = random.Random(8), []
    for place in range(400):
        opened = BEGIN + place % 84 * DAY
        opened += timedelta(hours=8 + dice.random() * 7)
        if opened.weekday() > 4:
            opened -= 3 * DAY
        resolved = min(opened + timedelta(hours=dice.expovariate(1 / 40)), friday_at_four(opened))
        is_done = place % 9 != 0
        end = f"{resolved:%Y-%m-%d %H:%M}" if is_done else ""
        lines.append(f"{700 + place};{opened:%Y-%m-%d %H:%M};{end};{'Löst' if is_done else 'Öppen'}")
    texts, values = said(tmp_path, HEADS[0], lines)
    assert not texts
    assert values["backlog"] is not None


def test_days_put_together_are_not_judged(tmp_path: Path) -> None:
    """What is not done the same day may be handed on to others: the figures stand, and are not compared."""
    head = HEADS[0]
    texts, values = said(tmp_path, head, rows(lambda at: at.replace(hour=0, minute=0) + DAY, head, middle=6.0))
    assert any("every day" in text for text in texts)
    assert values["backlog"] is not None


def test_exports_of_any_length_put_together(tmp_path: Path) -> None:
    times = [datetime(2026, 1, 24, 11), datetime(2026, 2, 13, 9), datetime(2026, 3, 9, 16), datetime(2026, 5, 1)]
    lines = rows(lambda at: next(time for time in times if at < time), HEADS[1], count=700)
    texts, values = said(tmp_path, HEADS[1], lines)
    assert any("2026-01-24, 2026-02-13, 2026-03-09" in text for text in texts)
    assert values["backlog"] is None
