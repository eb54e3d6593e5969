"""Guards: rows that came at once, from another system or by a program, counted as arrivals of their day and compared with another month's."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HEAD = "Ticket ID,Created at,First reply at,Resolved at,Status"


def desk(
    folder: Path, extra: Iterable[datetime] = (), *, seed: int = 1, a_day: int = 12, days_only: bool = False
) -> Path:
    """Tickets from March to September at any time of the day, with those opened at other instants among them."""
    dice = random.Random(seed)
    at = [datetime(2026, 3, 1) + (number + dice.random()) * DAY / a_day for number in range(a_day * 214)]
    lines = [HEAD]
    for number, opened in enumerate([*at, *extra]):
        replied = opened + dice.lognormvariate(1, 1) * HOUR
        done = replied + dice.expovariate(1 / 2) * DAY
        cells = [opened, replied, done] if done < datetime(2026, 10, 4) else [opened, replied]
        how = "%Y-%m-%d" if days_only else "%Y-%m-%d %H:%M:%S"
        lines.append(
            f"{number},{','.join(format(cell, how) for cell in cells)}{',' * (3 - len(cells))},{'Solved' if len(cells) > 2 else 'Open'}"
        )
    return written(folder, "tickets", *lines)


def judged(path: Path, *more: str) -> tuple[dict[str, Any], Results]:
    document = report_json(path, "--period", "2026-09", *more)
    return document, totals(document)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("day", "period"), [(datetime(2026, 9, 1, 8), "2026-09"), (datetime(2026, 8, 15, 8), "2026-08")]
)
def test_tickets_opened_at_once_are_no_arrivals(tmp_path: Path, day: datetime, period: str, seed: int) -> None:
    document, known = judged(desk(tmp_path, [day + timedelta(seconds=place % 3) for place in range(120)], seed=seed))
    (text,) = findings(document, "opened-at-once")
    assert text.startswith("120 tickets of the ")
    assert f"of {period} came on {day:%Y-%m-%d} within one minute" in text
    for name in ("tickets_created", "first_reply_time", "net_flow", "backlog", "resolution_time"):
        assert known[name]["verdict"] is None, name


def test_a_few_at_once_are(tmp_path: Path) -> None:
    assert findings(judged(desk(tmp_path, [datetime(2026, 9, 1, 8)] * 6))[0], "opened-at-once") == []


def test_what_is_loaded_each_night_is_the_desks_own(tmp_path: Path) -> None:
    nightly = [datetime(2026, 3, 1, 2) + day * DAY for day in range(210) for _ in range(15)]
    document, known = judged(desk(tmp_path, nightly))
    assert findings(document, "opened-at-once") == []
    assert known["tickets_created"]["verdict"] is not None


def test_what_is_loaded_each_month_is_the_desks_own(tmp_path: Path) -> None:
    monthly = [datetime(2026, month, 25, 7) for month in range(3, 10) for _ in range(60)]
    assert findings(judged(desk(tmp_path, monthly))[0], "opened-at-once") == []


def test_days_alone_show_no_minute(tmp_path: Path) -> None:
    assert findings(judged(desk(tmp_path, [datetime(2026, 9, 7)] * 120, days_only=True))[0], "opened-at-once") == []


def test_a_load_outside_both_periods_keeps_nothing_from_being_compared(tmp_path: Path) -> None:
    document, known = judged(desk(tmp_path, [datetime(2026, 6, 1, 8)] * 120))
    assert findings(document, "opened-at-once") == []
    assert known["tickets_created"]["verdict"] is not None


def survey(folder: Path, at_once: int) -> Path:
    dice = random.Random(5)
    at = [datetime(2026, 3, 1) + (number + dice.random()) * DAY / 8 for number in range(8 * 214)]
    at += [datetime(2026, 9, 10, 9)] * at_once
    rows = [
        f"{number},{one:%Y-%m-%d %H:%M:%S},{dice.choice([5, 5, 4, 3, 2])},{dice.choice([9, 10, 8, 7, 6])}"
        for number, one in enumerate(at)
    ]
    return written(folder, "answers", "Response ID,Answered at,CSAT (1-5),NPS", *rows)


@pytest.mark.parametrize(("at_once", "is_reported"), [(90, True), (8, False)])
def test_answers_typed_in_at_once_are_so_too(tmp_path: Path, at_once: int, is_reported: bool) -> None:
    """Of a response with several questions each is one answer."""
    document, known = judged(survey(tmp_path, at_once))
    texts = findings(document, "opened-at-once")
    assert [text.split(" of the ")[0] for text in texts] == (["90 answers"] if is_reported else [])
    assert (known["csat"]["verdict"] is None) is is_reported
