"""Guards: times judged on other tickets than before: more or fewer opened, old ones closed at once, closed without a reply, slow replies not on record."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SEPTEMBER, END = datetime(2026, 9, 1), datetime(2026, 10, 5)
Ticket = dict[str, Any]
Way = Callable[[Ticket, random.Random], Ticket | None]


def desk(folder: Path, change: Way, seed: int = 1, a_day: int = 30, *, is_before: bool = False) -> Path:
    """Tickets from March on, replied to after some hours and resolved after four days in the mean; from September on they are changed, or before it."""
    dice = random.Random(seed)
    lines = ["Ticket ID,Created at,First reply at,Resolved at,Status,Replies"]
    for number in range(a_day * 218):
        at = datetime(2026, 3, 1) + (number + dice.random()) * DAY / a_day
        replied = at + dice.lognormvariate(1.5, 1) * HOUR
        row: Ticket | None = {
            "at": at,
            "replied": replied,
            "done": replied + dice.expovariate(1 / 4) * DAY,
            "replies": 1,
        }
        row = change(row, dice) if (at >= SEPTEMBER) is not is_before else row  # type: ignore[arg-type]
        if row is None:
            continue
        for name in ("replied", "done"):
            row[name] = row[name] if row[name] and row[name] < END else None
        cells = [f"{row[name]:%Y-%m-%d %H:%M:%S}" if row[name] else "" for name in ("at", "replied", "done")]
        lines.append(
            f"{number},{','.join(cells)},{'Solved' if row['done'] else 'Open'},{row['replies'] if row['replied'] else 0}"
        )
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_before(row: Ticket, dice: random.Random) -> Ticket | None:
    return row


def half(row: Ticket, dice: random.Random) -> Ticket | None:
    return row if dice.random() < 0.5 else None


def slower(row: Ticket, dice: random.Random) -> Ticket | None:
    return row | {
        "replied": row["at"] + 2 * (row["replied"] - row["at"]),
        "done": row["at"] + 2 * (row["done"] - row["at"]),
    }


def closed_unanswered(row: Ticket, dice: random.Random) -> Ticket | None:
    return row if dice.random() < 0.7 else row | {"replied": None, "done": row["at"] + HOUR}


def slow_ones_not_recorded(row: Ticket, dice: random.Random) -> Ticket | None:
    return row if row["replied"] - row["at"] < 8 * HOUR else row | {"replied": None}


def judged(path: Path) -> tuple[dict[str, Any], Results]:
    document = report_json(path, "--period", "2026-09")
    return document, totals(document)


@pytest.mark.parametrize(("change", "verdict"), [(as_before, "cannot tell"), (slower, "worse")])
def test_times_of_as_many_tickets_are_judged(tmp_path: Path, change: Way, verdict: str) -> None:
    _, known = judged(desk(tmp_path, change))
    assert known["resolution_time"]["verdict"] in (
        verdict,
        "no change worth knowing" if verdict == "cannot tell" else verdict,
    )
    assert known["first_reply_time"]["verdict"] in (
        verdict,
        "no change worth knowing" if verdict == "cannot tell" else verdict,
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_resolution_times_after_half_as_many_were_opened_are_not_tested(tmp_path: Path, seed: int) -> None:
    _, known = judged(desk(tmp_path, half, seed))
    assert known["tickets_created"]["verdict"] == "lower"
    for name in ("resolution_time", "resolution_time_km"):
        assert known[name]["verdict"] == "not tested", name
        assert any("fewer tickets were opened in 2026-09" in note for note in known[name]["notes"]), name
    assert known["first_reply_time"]["verdict"] not in ("not tested", "better", "worse")


def test_a_baseline_of_which_twice_as_many_were_opened_before_is_not_tested_either(tmp_path: Path) -> None:
    """Half as many since August: those resolved in August were old for that alone."""
    path = desk(tmp_path, as_before)
    first, *rows = path.read_text(encoding="utf-8").splitlines()
    kept = [row for number, row in enumerate(rows) if row.split(",")[1] < "2026-08" or number % 2]
    path.write_text("\n".join([first, *kept]) + "\n", encoding="utf-8")
    _, known = judged(path)
    assert any(
        "fewer tickets were opened in 2026-08 than in 2026-07" in note for note in known["resolution_time"]["notes"]
    )


def test_old_tickets_closed_at_once_are_reported(tmp_path: Path) -> None:
    path = desk(tmp_path, as_before)
    rows = path.read_text(encoding="utf-8").splitlines()
    old = [
        f"x{place},2026-0{3 + place % 3}-11 10:00:00,2026-06-11 12:00:00,2026-09-15 22:30:0{place % 9},Solved,1"
        for place in range(90)
    ]
    path.write_text("\n".join([*rows, *old]) + "\n", encoding="utf-8")
    document, known = judged(path)
    (text,) = findings(document, "closed-at-once")
    assert text.startswith("90 tickets were resolved on 2026-09-15 within one minute")
    assert known["resolution_time"]["verdict"] is None
    assert known["first_reply_time"]["verdict"] is not None


def test_tickets_closed_each_night_are_no_clean_up(tmp_path: Path) -> None:
    path = desk(tmp_path, as_before)
    rows = path.read_text(encoding="utf-8").splitlines()
    nightly = [
        f"x{day}-{place},2026-03-11 10:00:00,2026-03-11 12:00:00,2026-{day // 28 + 4:02}-{day % 28 + 1:02} 02:00:00,Solved,1"
        for day in range(168)
        for place in range(12 + day % 9)
    ]
    path.write_text("\n".join([*rows, *nightly]) + "\n", encoding="utf-8")
    assert findings(judged(path)[0], "closed-at-once") == []


def test_tickets_closed_without_a_reply_are_in_no_verdict_on_times(tmp_path: Path) -> None:
    document, known = judged(desk(tmp_path, closed_unanswered))
    assert len(findings(document, "closed-unanswered")) == 2
    assert known["resolution_time"]["verdict"] is None
    assert known["first_reply_time"]["verdict"] == "not tested"


@pytest.mark.parametrize("seed", [1, 2])
def test_slow_replies_that_are_not_on_record_make_nobody_quicker(tmp_path: Path, seed: int) -> None:
    _, known = judged(desk(tmp_path, slow_ones_not_recorded, seed))
    assert known["first_reply_time"]["verdict"] == "not tested"
    assert any("have no first reply on record, 0% of those" in note for note in known["first_reply_time"]["notes"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slow_replies_that_were_not_on_record_before_make_nobody_slower(tmp_path: Path, seed: int) -> None:
    _, known = judged(desk(tmp_path, slow_ones_not_recorded, seed, is_before=True))
    assert known["first_reply_time"]["verdict"] == "not tested"
    assert any("0% of the tickets have no first reply on record" in note for note in known["first_reply_time"]["notes"])


def test_tickets_closed_without_a_reply_before_are_in_no_verdict_on_times_either(tmp_path: Path) -> None:
    document, known = judged(desk(tmp_path, closed_unanswered, is_before=True))
    finding = findings(document, "closed-unanswered")
    assert len(finding) == 2
    assert "those of August" in finding[0] or "those of 2026-08" in finding[0]
    assert known["resolution_time"]["verdict"] is None
    assert known["first_reply_time"]["verdict"] == "not tested"


def replied_to_later(row: Ticket, dice: random.Random) -> Ticket | None:
    """A tenth of the tickets gets its reply only after everything that the export has."""
    return row | {"replied": END + DAY, "done": END + DAY} if dice.random() < 0.1 else row


@pytest.mark.parametrize("is_before", [False, True])
def test_tickets_that_still_wait_for_a_reply_on_either_side_are_no_verdict(tmp_path: Path, is_before: bool) -> None:
    _, known = judged(desk(tmp_path, replied_to_later, is_before=is_before))
    assert known["first_reply_time"]["verdict"] == "not tested"
    assert any("still wait for a reply" in note for note in known["first_reply_time"]["notes"])


@pytest.mark.parametrize(
    ("compare", "message"),
    [
        ("2026-09", "which is the period itself"),
        ("2026-09-15..2026-10-15", "which has days in common"),
        ("2026-Q3", "days in common"),
        ("2026", "days in common"),
    ],
)
def test_a_period_is_compared_with_no_day_of_its_own(tmp_path: Path, compare: str, message: str) -> None:
    from invoked import piped

    ended = piped("report", desk(tmp_path, as_before, a_day=3), "--period", "2026-09", "--compare", compare)
    assert ended.code != 0
    assert message in ended.err
    assert "hint" in ended.err
