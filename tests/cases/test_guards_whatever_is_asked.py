"""Guards: a change that the whole report refuses to judge, called where one asks for that KPI alone, compares it, or looks only at its trend."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import Results, report_json, totals, written

DAY, HOUR, END = timedelta(days=1), timedelta(hours=1), datetime(2026, 10, 30)
SINCE = datetime(2026, 9, 1)
FASTER = {"Chat": 0.3, "Mail": 1.0, "Web": 1.0}
GOOD = {"North": 0.97, "South": 0.6, "East": 0.6}
Row = dict[str, object]
HEADERS = (
    "Ticket ID",
    "Created at",
    "First reply at",
    "Resolved at",
    "Status",
    "Group",
    "Channel",
    "Type",
    "Replies",
    "Handle time (s)",
)


def desk(seed: int = 1) -> list[Row]:
    """Tickets of nine months, eighteen on each weekday, by three channels and of three groups."""
    dice, rows = random.Random(seed), list[Row]()
    for number in range(18 * 272):
        at = datetime(2026, 2, 1, 8) + number // 18 * DAY + dice.random() * 9 * HOUR
        if at.weekday() > 4:
            continue
        channel = dice.choice(list(FASTER))
        replied = at + dice.lognormvariate(1, 1) * FASTER[channel] * HOUR
        done = replied + dice.expovariate(1 / 2) * FASTER[channel] * DAY
        rows.append({
            "Ticket ID": number, "Created at": at, "First reply at": replied, "Resolved at": done if done < END else None,
            "Status": "Solved" if done < END else "Open", "Group": dice.choice(list(GOOD)), "Channel": channel,
            "Type": dice.choice(("Question", "Problem")), "Replies": dice.choice((1, 1, 2, 3)),
            "Handle time (s)": round(dice.lognormvariate(6, 0.5)),
        })  # fmt: skip
    return rows


def filed(folder: Path, rows: list[Row], headers: tuple[str, ...] = HEADERS, name: str = "tickets") -> Path:
    lines = (",".join("" if row.get(one) is None else str(row[one])[:19] for one in headers) for row in rows)
    return written(folder, name, ",".join(headers), *lines)


def created(row: Row) -> datetime:
    at = row["Created at"]
    assert isinstance(at, datetime)
    return at


def a_channel_that_ends(folder: Path) -> list[Path]:
    return [filed(folder, [row for row in desk() if row["Channel"] != "Chat" or created(row) < datetime(2026, 9, 5)])]


def a_group_that_joins(folder: Path) -> list[Path]:
    return [filed(folder, [row for row in desk() if row["Group"] != "North" or created(row) >= datetime(2026, 9, 5)])]


def days_that_are_missing(folder: Path) -> list[Path]:
    return [filed(folder, [row for row in desk() if not datetime(2026, 9, 7) <= created(row) < datetime(2026, 9, 19)])]


def a_load_on_one_minute(folder: Path) -> list[Path]:
    rows = desk()
    taken = [row for row in rows if SINCE <= created(row) < datetime(2026, 9, 11)]
    return [
        filed(
            folder,
            [*rows, *({**row, "Ticket ID": f"x{row['Ticket ID']}", "Created at": SINCE + 9 * HOUR} for row in taken)],
        )
    ]


def a_column_that_is_filled_later(folder: Path) -> list[Path]:
    return [
        filed(
            folder,
            [
                row | ({"Handle time (s)": None} if created(row) < SINCE and int(str(row["Ticket ID"])) % 3 else {})
                for row in desk()
            ],
        )
    ]


def a_survey_of_one_group(folder: Path) -> list[Path]:
    dice, rows, answers = random.Random(2), desk(), list[Row]()
    for row in rows:
        done = row["Resolved at"]
        if not isinstance(done, datetime) or dice.random() < 0.5 or (done >= SINCE and row["Group"] != "North"):
            continue
        good = dice.random() < GOOD[str(row["Group"])]
        answers.append({"Response ID": f"r{row['Ticket ID']}", "Ticket ID": row["Ticket ID"], "Answered at": done + HOUR, "CSAT": 5 if good else 2})  # fmt: skip
    return [filed(folder, rows), filed(folder, answers, ("Response ID", "Ticket ID", "Answered at", "CSAT"), "answers")]


BROKEN: list[tuple[Callable[[Path], list[Path]], list[str]]] = [
    (a_channel_that_ends, ["tickets_created", "tickets_resolved", "first_reply_time", "resolution_time"]),
    (a_group_that_joins, ["tickets_created", "first_reply_time", "net_flow"]),
    (days_that_are_missing, ["tickets_created", "tickets_resolved"]),
    (a_load_on_one_minute, ["tickets_created", "first_reply_time"]),
    (a_column_that_is_filled_later, ["handle_time"]),
    (a_survey_of_one_group, ["csat"]),
]
"""Exports that mislead, and KPIs that are not compared for it."""


def compared(kpi: str, *paths: Path) -> Results:
    ended = piped("compare", kpi, *paths, "--period", "2026-09", "--format", "json")
    assert ended.code == 0, ended.err
    return totals(json.loads(ended.out))


@pytest.mark.parametrize(("broken", "kpis"), BROKEN)
def test_what_the_report_does_not_judge_nobody_does(
    tmp_path: Path, broken: Callable[[Path], list[Path]], kpis: list[str]
) -> None:
    paths = broken(tmp_path)
    known = totals(report_json(*paths, "--period", "2026-09"))
    for kpi in kpis:
        assert known[kpi]["verdict"] is None, kpi
        assert totals(report_json(*paths, "--period", "2026-09", "--kpi", kpi))[kpi]["verdict"] is None, kpi
        assert compared(kpi, *paths)[kpi]["verdict"] is None, kpi


def test_a_whole_export_is_judged_whatever_is_asked(tmp_path: Path) -> None:
    path = filed(tmp_path, desk())
    for kpi in ("tickets_created", "first_reply_time", "handle_time"):
        assert totals(report_json(path, "--period", "2026-09", "--kpi", kpi))[kpi]["verdict"] is not None, kpi
        assert compared(kpi, path)[kpi]["verdict"] is not None, kpi


@pytest.mark.parametrize("kpi", ["tickets_created", "first_reply_time"])
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (a_channel_that_ends, "no ticket has come by `Chat` after 2026-09-04"),
        (a_group_that_joins, "North is there from"),
    ],
)
def test_a_trend_says_that_it_is_of_two_desks(
    tmp_path: Path, broken: Callable[[Path], list[Path]], said: str, kpi: str
) -> None:
    for command in (("trend", kpi), ("targets", "--target", f"{kpi}={'1h' if 'time' in kpi else '300'}")):
        ended = piped(*command, *broken(tmp_path), "--period", "2026-09", "--grain", "month", "--format", "json")
        assert ended.code == 0, ended.err
        texts = [one["text"] for one in json.loads(ended.out)["findings"] if one["code"] == "joined-groups"]
        assert any(text.startswith(said) and "two different desks" in text for text in texts), command


def test_a_trend_of_a_whole_export_says_nothing_of_it(tmp_path: Path) -> None:
    ended = piped("trend", "tickets_created", filed(tmp_path, desk()), "--grain", "week", "--format", "json")
    assert not [one for one in json.loads(ended.out)["findings"] if one["code"] == "joined-groups"]
