"""Guards: a team or a channel that joins a file, or leaves it, called a rise or fall of everything; teams that are cut anew are none."""

import math
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY, HOUR, END = timedelta(days=1), timedelta(hours=1), datetime(2026, 10, 4)
Team = Callable[[datetime], float]
"""The tickets a day of a team, by when."""


def desk(folder: Path, seed: int = 1, **teams: Team) -> Path:
    """Tickets from February on, of teams with so many a day."""
    dice, lines = random.Random(seed), ["Ticket ID,Created at,First reply at,Resolved at,Status,Group"]
    for day in range(244):
        for name, a_day in teams.items():
            begun = datetime(2026, 2, 1) + day * DAY
            count = int(a_day(begun)) + (dice.random() < a_day(begun) % 1)
            for number in range(count):
                at = begun + dice.random() * DAY
                replied = at + dice.lognormvariate(1, 1) * HOUR
                done = replied + dice.expovariate(1 / 2) * DAY
                ends = f"{done:%Y-%m-%d %H:%M:%S},Solved" if done < END else ",Open"
                lines.append(f"{name}{day}-{number},{at:%Y-%m-%d %H:%M:%S},{replied:%Y-%m-%d %H:%M:%S},{ends},{name}")
    return written(folder, "tickets", *lines)


def with_channels(folder: Path, seed: int = 1, until: datetime = END, **channels: Team) -> Path:
    """Tickets from February on by channels that bring so many a day, by chance on busy days more; two teams share them all."""
    dice, lines = random.Random(seed), ["Ticket ID,Created at,First reply at,Resolved at,Status,Group,Channel"]
    for day in range((until - datetime(2026, 2, 1)).days):
        begun = datetime(2026, 2, 1) + day * DAY
        for name, a_day in channels.items():
            for number in range(poisson(dice, a_day(begun) * dice.gammavariate(8, 1 / 8))):
                at = begun + dice.random() * DAY
                replied = at + dice.lognormvariate(1, 1) * HOUR
                done = replied + dice.expovariate(1 / 2) * DAY
                ends = f"{done:%Y-%m-%d %H:%M:%S},Solved" if done < until else ",Open"
                team = dice.choice(("Support", "Billing"))
                lines.append(
                    f"{name}{day}-{number},{at:%Y-%m-%d %H:%M:%S},{replied:%Y-%m-%d %H:%M:%S},{ends},{team},{name}"
                )
    return written(folder, "tickets", *lines)


def poisson(dice: random.Random, mean: float) -> int:
    """A count by chance (Knuth)."""
    count, left = 0, dice.random()
    while left > math.exp(-mean):
        left *= dice.random()
        count += 1
    return count


def always(a_day: float) -> Team:
    return lambda _at: a_day


def since(month: int, day: int, a_day: float, before: float = 0.0) -> Team:
    return lambda at: a_day if at >= datetime(2026, month, day) else before


def judged(path: Path, *more: str) -> tuple[dict[str, Any], Results]:
    document = report_json(path, "--period", "2026-09", "--by", "group", *more)
    return document, totals(document)


def of_group(document: dict[str, Any], name: str, kpi: str = "tickets_created") -> dict[str, Any]:
    (found,) = [one for one in document["results"] if one["group"] == {"group": name} and one["kpi"] == kpi]
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("month", "day"), [(8, 20), (9, 1), (9, 10)])
def test_a_team_that_joins_is_no_rise(tmp_path: Path, month: int, day: int, seed: int) -> None:
    path = desk(tmp_path, seed, Support=always(9), Billing=always(5), Nordics=since(month, day, 7))
    document, known = judged(path)
    (text,) = findings(document, "joined-groups")
    assert text.startswith(f"Nordics is there from 2026-{month:02}-{day:02} on, at once with 33% of the tickets")
    for name in ("tickets_created", "first_reply_time", "backlog", "net_flow"):
        assert known[name]["verdict"] is None, name
    assert of_group(document, "Nordics")["verdict"] is None
    assert of_group(document, "Support")["verdict"] is not None


@pytest.mark.parametrize("day", [12, 25])
def test_a_team_that_leaves_is_no_fall(tmp_path: Path, day: int) -> None:
    path = desk(tmp_path, Support=always(9), Billing=always(5), Nordics=since(8, day, 0, before=7))
    document, known = judged(path)
    (text,) = findings(document, "joined-groups")
    assert text.startswith(f"Nordics is there until 2026-08-{day - 1}, with 33% of the tickets")
    assert known["tickets_created"]["verdict"] is None
    assert of_group(document, "Billing")["verdict"] is not None


def test_a_team_by_another_name_is_no_change_of_the_whole(tmp_path: Path) -> None:
    path = desk(tmp_path, Support=since(8, 20, 0, before=9), Billing=always(5), Service=since(8, 20, 9))
    document, known = judged(path)
    assert known["tickets_created"]["verdict"] is not None
    assert [text.split(" is there")[0] for text in findings(document, "joined-groups")] == ["Service", "Support"]
    assert of_group(document, "Service")["verdict"] is None
    assert of_group(document, "Billing")["verdict"] is not None


@pytest.mark.parametrize(
    "teams",
    [
        {"Nordics": lambda at: 7 * min(max((at - datetime(2026, 8, 10)).days, 0) / 50, 1.0)},  # grows from nothing
        {"Nordics": since(8, 20, 0.8)},  # few
        {"Nordics": since(6, 1, 7)},  # there in both
        {"Nordics": always(0.2)},  # now and then
    ],
)
def test_what_is_no_team_that_joins(tmp_path: Path, teams: dict[str, Team]) -> None:
    document, known = judged(desk(tmp_path, Support=always(9), Billing=always(5), **teams))
    assert findings(document, "joined-groups") == []
    assert known["tickets_created"]["verdict"] is not None


def test_a_file_that_begins_is_no_team_that_does(tmp_path: Path) -> None:
    document, _ = judged(desk(tmp_path, Support=since(8, 10, 9), Billing=since(8, 10, 5)))
    assert findings(document, "joined-groups") == []


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("month", "day"), [(9, 10), (9, 24), (8, 14)])
def test_a_channel_that_ends_within_a_month_is_no_fall(tmp_path: Path, month: int, day: int, seed: int) -> None:
    path = with_channels(tmp_path, seed, Mail=always(14), Web=always(12), Chat=since(month, day, 0, before=13))
    document = report_json(path, "--period", "2026-09", "--by", "channel")
    known = totals(document)
    (text,) = findings(document, "joined-groups")
    assert text.startswith(f"no ticket has come by `Chat` after 2026-{month:02}-{day - 1:02}, with "), text
    for name in ("tickets_created", "tickets_resolved", "net_flow", "first_reply_time"):
        assert known[name]["verdict"] is None, name
        assert any("no ticket has come by `Chat`" in note for note in known[name]["notes"]), name
    of_web = next(one for one in document["results"] if one["group"] == {"channel": "Web"} and one["kpi"] == "tickets_created")  # fmt: skip
    assert of_web["verdict"] is not None


def test_a_channel_whose_customers_write_by_another_changes_nothing_of_the_whole(tmp_path: Path) -> None:
    path = with_channels(tmp_path, Mail=always(14), Chat=since(9, 1, 0, before=13), Messenger=since(9, 1, 13))
    document = report_json(path, "--period", "2026-09")
    assert totals(document)["tickets_created"]["verdict"] is not None
    assert all("its own months are not compared" in text for text in findings(document, "joined-groups"))


@pytest.mark.parametrize("seed", range(6))
def test_a_small_channel_that_rests_by_chance_has_not_ended(tmp_path: Path, seed: int) -> None:
    """Of twelve tickets a month, an eighth of all: two weeks without one are chance."""
    until = datetime(2026, 9, 16)
    path = with_channels(tmp_path, seed, until, Mail=always(2), Web=always(0.8), Phone=since(9, 4, 0, before=0.4))
    document = report_json(path, "--period", "2026-09", "--compare", "2026-08")
    assert not [one for one in findings(document, "joined-groups") if "Phone" in one]


def test_a_channel_that_one_team_has_to_itself_is_said_once(tmp_path: Path) -> None:
    path = desk(tmp_path, Support=always(9), Billing=always(5), Nordics=since(9, 12, 0, before=7))
    lines = path.read_text("utf-8").splitlines()
    channels = [f"{lines[0]},Channel", *(f"{line},{'Chat' if 'Nordics' in line else 'Mail'}" for line in lines[1:])]
    document, _ = judged(written(tmp_path, "tickets", *channels))
    (text,) = findings(document, "joined-groups")
    assert text.startswith("Nordics is there until 2026-09-11")


def cut_anew(folder: Path, seed: int, **teams: Team) -> Path:
    """A desk whose busy days are busy for all teams, by as much as half."""
    dice = random.Random(1000 + seed)
    busy = [math.exp(dice.gauss(0, 0.4)) for _ in range(244)]
    return desk(folder, seed, **{name: lambda at, a_day=a_day: a_day(at) * busy[(at - datetime(2026, 2, 1)).days] for name, a_day in teams.items()})  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("month", "day"), [(9, 1), (9, 14)])
def test_a_team_by_another_name_is_the_same_desk_however_busy_its_days(tmp_path: Path, month: int, day: int, seed: int) -> None:  # fmt: skip
    path = cut_anew(tmp_path, seed, Support=always(9), Billing=always(5), Old=since(month, day, 0, before=4), New=since(month, day, 4))  # fmt: skip
    document, known = judged(path)
    texts = findings(document, "joined-groups")
    assert len(texts) == 2
    assert all("its own months are not compared" in text for text in texts)
    assert known["tickets_created"]["verdict"] is not None


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("month", "day"), [(9, 1), (9, 14)])
def test_a_team_that_becomes_part_of_another_is_the_same_desk(tmp_path: Path, month: int, day: int, seed: int) -> None:  # fmt: skip
    """Where the whole has clearly fewer by chance it is not told, in some six of a hundred."""
    path = cut_anew(tmp_path, seed, Support=always(12), Billing=since(month, day, 16, before=8), Web=always(10), Old=since(month, day, 0, before=8))  # fmt: skip
    document, known = judged(path)
    (text,) = findings(document, "joined-groups")
    assert text.endswith("which others have since by how many they have: its own months are not compared")
    assert known["tickets_created"]["verdict"] is not None


def test_what_the_others_have_is_said_with_numbers(tmp_path: Path) -> None:
    """A quarter more of theirs was *clearly no more*."""
    document, _ = judged(desk(tmp_path, Support=since(9, 1, 10, before=8), Old=since(9, 1, 0, before=6)))
    (text,) = findings(document, "joined-groups")
    before, after = (float(text.split(word)[1].split()[0]) for word in ("the others had", "and have"))
    assert before == pytest.approx(8, abs=1)
    assert after == pytest.approx(10, abs=1)
    assert "clearly" not in text
