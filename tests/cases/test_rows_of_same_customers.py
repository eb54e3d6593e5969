"""Guards: a few customers who write often, each of one mind, taken for a difference between the teams that happen to have them."""

import csv
import json
import math
import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from scipy import stats
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


def by_hand(rows: list[tuple[float, str]]) -> tuple[float, float]:
    """The design effect of values with their customers, and the standard errors of independent rows on each side of 95 %; no customer is one of its own."""
    count, mean = len(rows), sum(value for value, _ in rows) / len(rows)
    sums: dict[str, list[float]] = {}
    for place, (value, whose) in enumerate(rows):
        sums.setdefault(whose or f"row {place}", []).append(value - mean)
    effective = count**2 / sum(len(each) ** 2 for each in sums.values())
    together = sum(sum(each) ** 2 for each in sums.values())
    effect = together / sum(one**2 for each in sums.values() for one in each) * effective / (effective - 1)
    return effect, effect**0.5 * float(stats.t.ppf(0.975, effective - 1))


def of_june(path: Path, at: str, group: str | None = None) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row[at].startswith("2026-06") and group in (None, row["Group"])]


@pytest.mark.parametrize("group", [None, "North", "South"])
def test_intervals_are_those_that_a_few_lines_of_python_come_to(tmp_path: Path, group: str | None) -> None:
    """A share by Wilson's bounds, and a median by its ranks, with what customers ask for; a row in ten names none."""
    path = desk(tmp_path, 53, 20, GOOD)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join(re.sub(r"firm\d+@x.se", "", one) if one.partition(",")[0].endswith("7") else one for one in lines),
        encoding="utf-8",
    )
    ended = piped("report", path, "--kpi", "csat,first_reply_time", "--period", "2026-06", "--by", "group", "--format", "json")  # fmt: skip
    found = {one["kpi"]: one for one in json.loads(ended.out)["results"] if one["group"].get("group") == group}

    rated = [row for row in of_june(path, "Solved at", group) if row["Satisfaction Score"]]
    effect, reach = by_hand([(float(row["Satisfaction Score"] == "Good"), row["Customer"]) for row in rated])
    n, share = len(rated), sum(row["Satisfaction Score"] == "Good" for row in rated) / len(rated)
    half = reach * (share * (1 - share) / n + reach**2 / (4 * n**2)) ** 0.5
    ends = [(share + reach**2 / (2 * n) + side * half) / (1 + reach**2 / n) for side in (-1, 1)]
    assert effect > 2
    assert found["csat"]["design_effect"] == pytest.approx(effect, abs=1e-4)
    assert [found["csat"]["low"], found["csat"]["high"]] == pytest.approx(ends)

    opened = of_june(path, "Created at", group)
    waits = [(datetime.fromisoformat(row["First reply at"]) - datetime.fromisoformat(row["Created at"])).total_seconds() for row in opened]  # fmt: skip
    ordered, n = sorted(waits), len(waits)
    upper = ordered[n // 2]
    effect, reach = by_hand([(float(wait > upper), row["Customer"]) for wait, row in zip(waits, opened, strict=True)])
    half = reach * (n / 4) ** 0.5
    assert found["first_reply_time"]["design_effect"] == pytest.approx(effect, abs=1e-4)
    assert found["first_reply_time"]["low"] == ordered[math.floor(n / 2 - half) - 1]
    assert found["first_reply_time"]["high"] == ordered[math.ceil(n / 2 + half)]


def test_an_interval_does_not_hang_on_what_else_is_asked(tmp_path: Path) -> None:
    """Tickets opened in June are of one customer each; those resolved in it, opened in May, of eight."""
    lines = ["Ticket ID,Customer,Created at,First reply at,Solved at,Status,Group"]
    for number in range(240):
        is_old = number < 120
        opened = datetime(2026, 5 if is_old else 6, 1 + number % 28, 9, number % 60)
        replied = opened + HOUR
        done = datetime(2026, 6 if is_old else 7, 1 + number % 28, 9 + number % 8, number % 60)
        whose = number % 8 if is_old else number
        times = ",".join(f"{one:%Y-%m-%d %H:%M}" for one in (opened, replied, done))
        lines.append(f"{number},firm{whose}@x.se,{times},Solved,A")
    path, found = written(tmp_path, "tickets", *lines), []
    for asked in ("resolution_time", "first_reply_time,resolution_time"):
        ended = piped("report", path, "--kpi", asked, "--period", "2026-06", "--format", "json")
        results = {one["kpi"]: one for one in json.loads(ended.out)["results"]}
        found.append((results["resolution_time"]["design_effect"], results["resolution_time"]["low"]))
    assert found[0] == found[1]
    assert found[0][0] > 2


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
