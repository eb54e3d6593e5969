"""Guards: a few customers who write often, each of one mind, taken for a difference between the teams that happen to have them."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from invoked import piped
from small_reports import written

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GOOD = {"North": 0.8, "South": 0.8}


def desk(folder: Path, seed: int, customers: int, good: dict[str, float], *, is_of_one_mind: bool = True) -> Path:
    """Tickets of nine months, eight a day, with their ratings; each customer has a team, and is satisfied or not, and served fast or slowly, mostly."""
    dice = random.Random(seed)
    lines = ["Ticket ID,Customer,Created at,First reply at,Solved at,Status,Satisfaction Score,Group,Assignee"]
    minds = [dice.random() for _ in range(customers)]
    waits = [dice.lognormvariate(0, 1) for _ in range(customers)]
    for number in range(8 * 270):
        whose = int(customers * dice.random() ** (2 if customers < 100 else 1))
        team = list(good)[whose % 2]
        at = datetime(2026, 1, 1, 8) + number // 8 * DAY + dice.random() * 9 * HOUR
        replied = at + (waits[whose] if is_of_one_mind else 1) * dice.lognormvariate(0, 0.4) * HOUR
        done = replied + dice.lognormvariate(1, 1) * HOUR
        mood = minds[whose] if is_of_one_mind and dice.random() < 0.8 else dice.random()
        mark = "" if dice.random() < 0.4 else "Good" if mood < good[team] else "Bad"
        times = ",".join(f"{one:%Y-%m-%d %H:%M:%S}" for one in (at, replied, done))
        lines.append(f"{number},firm{whose}@x.se,{times},Solved,{mark},{team},{dice.choice(('Ann', 'Bo', 'Cai'))}")
    return written(folder, "tickets", *lines)


def verdicts(path: Path) -> dict[str, str | None]:
    ended = piped("compare", "csat,first_reply_time", path, "--between", "group=North,South", "--period", "2026-Q2", "--format", "json")  # fmt: skip
    assert ended.code == 0, ended.err
    return {one["kpi"]: one["verdict"] for one in json.loads(ended.out)["results"]}


def test_teams_that_have_other_customers_do_not_differ_by_that(tmp_path: Path) -> None:
    """Two questions each: of twelve pages chance alone may call something on one; without regard to customers it was ten of them."""
    called = [verdicts(desk(tmp_path, seed, 20, GOOD)) for seed in range(12)]
    assert sum(set(one.values()) != {"cannot tell"} for one in called) <= 1


def test_teams_of_many_customers_that_differ_do(tmp_path: Path) -> None:
    assert verdicts(desk(tmp_path, 1, 900, {"North": 0.9, "South": 0.5}))["csat"] == "better"
    few = verdicts(desk(tmp_path, 1, 20, {"North": 0.95, "South": 0.4}, is_of_one_mind=False))
    assert few["csat"] == "better"  # customers who are not of one mind are no fewer for it


def test_what_satisfaction_goes_with_is_not_looked_for_among_a_few_customers(tmp_path: Path) -> None:
    ended = piped("drivers", "csat", desk(tmp_path, 2, 20, GOOD), "--period", "2026-Q2")
    assert ended.code != 0
    assert "rows of the same customers go together" in ended.err
    assert piped("drivers", "csat", desk(tmp_path, 2, 900, GOOD), "--period", "2026-Q2").code == 0


def test_of_a_list_that_has_no_value_nothing_is_said_to_go_with_it(tmp_path: Path) -> None:
    rows = (f"r{number},2026-05-{1 + number % 28:02},{1 + number % 2},{'ABC'[number % 3]}" for number in range(200))
    path = written(tmp_path, "answers", "Response ID,Answered at,CSAT (1-5),Group", *rows)
    ended = piped("drivers", "csat", path, "--period", "all")
    assert ended.code != 0
    assert "cannot be told from chance here" in ended.err


def at_the_truth(path: Path) -> dict[str, Any]:
    """CSAT of a month against 80 %, which is what all customers together come to."""
    ended = piped("report", path, "--kpi", "csat", "--period", "2026-06", "--target", "csat=80%", "--format", "json")
    assert ended.code == 0, ended.err
    (found,) = json.loads(ended.out)["results"]
    return dict(found)


def test_a_target_at_the_truth_is_neither_met_nor_missed_by_who_happens_to_write(tmp_path: Path) -> None:
    """Of sixteen desks chance alone calls one; by rows that were taken for as many customers it was ten."""
    found = [at_the_truth(desk(tmp_path, 40 + seed, 20, GOOD)) for seed in range(16)]
    assert sum(one["target"]["status"] in {"met", "missed"} for one in found) <= 2
    assert all(one["design_effect"] > 2 for one in found)


def test_many_customers_leave_the_interval_as_their_days_have_it(tmp_path: Path) -> None:
    found = at_the_truth(desk(tmp_path, 1, 2000, {"North": 0.6, "South": 0.6}))
    assert found["target"]["status"] == "missed"
    assert found["design_effect"] < 1.5


def test_nothing_goes_with_what_is_the_same_in_all_rows(tmp_path: Path) -> None:
    rows = (
        f"{number},2026-05-{1 + number % 28:02} 10:00,2026-05-{1 + number % 28:02} 11:00,Solved,{'ABC'[number % 3]},{number % 2}"
        for number in range(60)
    )
    more = (
        f"{number},2026-06-{1 + number % 28:02} 10:00,2026-06-{1 + number % 28:02} 11:00,Solved,{'ABC'[number % 3]},0"
        for number in range(100, 190)
    )
    path = written(tmp_path, "tickets", "Ticket ID,Created at,Resolved at,Status,Group,Reopens", *rows, *more)
    ended = piped("drivers", "reopen_rate", path, "--period", "2026-06")
    assert ended.code != 0
    assert "all 90 rows have the same value" in ended.err
    assert piped("drivers", "reopen_rate", path, "--period", "2026-05").code == 0
