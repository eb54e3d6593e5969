"""Guards: files of open tickets only, or of resolved ones only, compared with full ones, or given a rate of resolution."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

DAY, HOUR, END = timedelta(days=1), timedelta(hours=1), datetime(2026, 10, 4)
SEPTEMBER = datetime(2026, 9, 1)
RATES = ("resolution_rate", "resolution_rate_cohort", "net_flow")


def rows(seed: int = 1, a_day: int = 12) -> list[tuple[datetime, datetime, datetime | None]]:
    """Tickets from February to September, one in forty of them never resolved."""
    dice, found = random.Random(seed), []
    for number in range(a_day * 242):
        opened = datetime(2026, 2, 1) + (number + dice.random()) * DAY / a_day
        replied = opened + dice.lognormvariate(1, 1) * HOUR
        done = None if dice.random() < 0.025 else replied + dice.expovariate(1 / 4) * DAY
        found.append((opened, replied, done if done and done < END else None))
    return found


def file(folder: Path, name: str, expected: list[tuple[datetime, datetime, datetime | None]]) -> Path:
    lines = ["Ticket ID,Created at,First reply at,Resolved at,Status"]
    for number, (opened, replied, done) in enumerate(expected):
        ended = f"{done:%Y-%m-%d %H:%M:%S}" if done else ""
        lines.append(
            f"{name}{number},{opened:%Y-%m-%d %H:%M:%S},{replied:%Y-%m-%d %H:%M:%S},{ended},{'Solved' if done else 'Open'}"
        )
    return written(folder, name, *lines)


def known(*files: Path, period: str = "2026-09") -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    document = report_json(*files, "--period", period)
    return document, totals(document)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_of_open_tickets_is_not_compared_with_full_ones(tmp_path: Path, seed: int) -> None:
    kept = rows(seed)
    old = file(tmp_path, "old", [one for one in kept if one[0] < SEPTEMBER])
    new = file(tmp_path, "new", [one for one in kept if one[0] >= SEPTEMBER and one[2] is None])
    document, found = known(old, new)
    texts = {*findings(document, "one-state-beside"), *findings(document, "one-state-since")}
    assert len(texts) == 1
    assert all("new.csv: there are open tickets only" in text for text in texts)
    assert all(found[name]["value"] is None for name in ("resolution_rate", "net_flow"))
    assert all(
        one["verdict"] is None
        for one in found.values()
        if one["kpi"] in ("tickets_created", "first_reply_time", "backlog")
    )
    document, found = known(old, new, period="2026-08")
    assert found["tickets_created"]["verdict"] is not None, "August and July are whole"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_of_resolved_tickets_is_not_either(tmp_path: Path, seed: int) -> None:
    kept = rows(seed)
    old = file(tmp_path, "old", [one for one in kept if one[0] < SEPTEMBER])
    new = file(tmp_path, "new", [one for one in kept if one[0] >= SEPTEMBER and one[2] is not None])
    document, found = known(old, new)
    texts = {*findings(document, "one-state-beside"), *findings(document, "one-state-since")}
    assert len(texts) == 1
    assert all("new.csv: there are resolved tickets only" in text for text in texts)
    assert found["tickets_created"]["verdict"] is None
    assert found["first_reply_time"]["verdict"] is None


def test_files_of_a_month_each_are_not_suspected(tmp_path: Path) -> None:
    kept = rows()
    months = [file(tmp_path, f"m{month}", [one for one in kept if one[0].month == month]) for month in range(2, 10)]
    assert findings(known(*months)[0], "one-state-beside") == []


def test_a_month_of_which_everything_old_is_done_is_not_suspected(tmp_path: Path) -> None:
    kept = rows()
    first = [(opened, replied, done or replied + DAY) for opened, replied, done in kept if opened.month < 6]
    files = file(tmp_path, "first", first), file(tmp_path, "rest", [one for one in kept if one[0].month >= 6])
    assert findings(known(*files)[0], "one-state-beside") == []


def test_open_tickets_alone_are_compared_in_nothing(tmp_path: Path) -> None:
    _, found = known(file(tmp_path, "open", [one for one in rows(a_day=40) if one[2] is None]))
    assert found["tickets_created"]["value"] is not None
    assert {one["verdict"] for one in found.values()} == {None}
    assert all(found[name]["value"] is None for name in RATES if name in found)


def test_resolved_tickets_alone_are_compared_in_nothing_that_goes_by_the_opening(tmp_path: Path) -> None:
    """The newest are there only where they went fast."""
    _, found = known(file(tmp_path, "done", [one for one in rows() if one[2] is not None]))
    assert [found[name]["verdict"] for name in ("tickets_created", "first_reply_time")] == [None, None]
