"""A list of what to do without targets: what a report calls worse is on it, and what could not be looked at is not called well."""

import csv
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.invoked import piped

pytestmark = pytest.mark.usefixtures("scanned_once")

HEADERS = ("Id", "Group", "Priority", "Status", "Created at", "Solved at", "First reply time in minutes", "Satisfaction Score")  # fmt: skip


def desk(folder: Path, months: int, *, slow: str = "C", times: float = 8.0, seed: int = 3) -> Path:
    """Some 240 tickets a month up to September 2026; in the last of them one group replies so many times later. Group A is always slow."""
    rng, path = random.Random(seed), folder / f"desk_{months}_{seed}.csv"
    begin = datetime(2026, 10, 1) - timedelta(days=30 * months)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(240 * months):
            created = begin + timedelta(minutes=30 * 24 * 60 * number / 240 + rng.uniform(0, 90))
            group = rng.choice("ABCCD")
            reply = rng.lognormvariate(4.5 if group == "A" else 4, 0.8)
            if group == slow and created >= datetime(2026, 9, 1):
                reply *= times
            solved = created + timedelta(minutes=reply + rng.lognormvariate(5, 0.5))
            score = rng.choice(("Good", "Good", "Good", "Bad", ""))
            row = (number + 1, group, rng.choice(("Low", "High")), "Solved", created, solved, round(reply), score)
            writer.writerow([one.strftime("%Y-%m-%d %H:%M:%S") if isinstance(one, datetime) else one for one in row])
    return path


def listed(path: Path, todo: Path, *more: object, command: str = "report", period: str = "2026-09") -> str:
    """The list that a report leaves, as text."""
    ended = piped(command, path, "--no-config", "--quiet", "--period", period, *more, "--todo", todo)
    assert ended.code == 0, ended.err
    return todo.read_text(encoding="utf-8")


@pytest.mark.parametrize("months", [5, 15])
def test_what_a_report_calls_worse_is_on_its_list_however_short_the_history(tmp_path: Path, months: int) -> None:
    path = desk(tmp_path, months)
    report = json.loads(piped("report", path, "--no-config", "--quiet", "--period", "2026-09", "--format", "json").out)
    verdicts = {one["kpi"]: one["verdict"] for one in report["results"]}
    assert verdicts["first_reply_time"] == "worse"
    text = listed(path, tmp_path / "todo.csv")
    (row,) = [one for one in csv.DictReader(text.splitlines()) if "first_reply_time" in one.values()]
    assert row["reason"] == "worse"
    assert float(row["was"]) < float(row["value"])
    assert row["driver"] == "group=C", "the group whose own times grew, and not A that is always slow"


def test_the_list_of_targets_says_the_same_of_what_has_none(tmp_path: Path) -> None:
    path = desk(tmp_path, 5)
    mine = listed(path, tmp_path / "a.md").splitlines()
    other = listed(path, tmp_path / "b.md", "--target", "csat=1%", command="targets").splitlines()
    assert [one for one in mine if "really worse" in one] == [one for one in other if "really worse" in one] != []


def test_what_could_not_be_judged_is_named_and_not_called_well(tmp_path: Path) -> None:
    path = desk(tmp_path, 5, times=1.0)
    text = listed(path, tmp_path / "todo.md")
    assert "Nothing to do among what could be judged." in text
    assert (
        "? Could not be judged (no sure change, and too little for a control chart): Open tickets (backlog); " in text
    )
    (line,) = [one for one in text.splitlines() if "Could not be judged" in one]
    (later,) = [
        one for one in listed(desk(tmp_path, 15, times=1.0), tmp_path / "long.md").splitlines() if "Could not" in one
    ]
    assert "First reply time" in line
    assert "First reply time" not in later, "fifteen months are enough for a chart"


def test_what_was_worse_stays_open_until_it_is_as_before_or_really_better(tmp_path: Path) -> None:
    """The month after, at the new level: nothing changed, and nothing is solved."""
    path, todo = desk(tmp_path, 5), tmp_path / "todo.csv"
    assert "new" in listed(path, todo)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    for month, factor, state in ((10, 1, "still"), (11, 0.125, "solved")):
        september = [one for one in rows[1:] if one[4].startswith("2026-09")]
        rows += [_later(one, month, factor if one[1] == "C" else 1) for one in september]
        path.write_text("".join(",".join(one) + "\n" for one in rows), encoding="utf-8")
        rows_listed = list(csv.DictReader(listed(path, todo, period=f"2026-{month}").splitlines()))
        (row,) = [one for one in rows_listed if "first_reply_time" in one.values()]
        assert state in row.values()


def _later(row: list[str], month: int, factor: float) -> list[str]:
    days = (datetime(2026, month, 1) - datetime(2026, 9, 1)).days
    moved = [(datetime.fromisoformat(one) + timedelta(days=days)).isoformat(" ") for one in row[4:6]]
    return [f"{row[0]}-{month}", *row[1:4], *moved, str(round(int(row[6]) * factor)), row[7]]


def test_a_list_for_programs_has_its_columns_whether_anything_is_on_it_or_not(tmp_path: Path) -> None:
    path, calm = desk(tmp_path, 15), desk(tmp_path, 15, times=1.0, seed=4)
    full, empty = (listed(one, tmp_path / f"todo_{one.stem}.csv") for one in (path, calm))
    assert empty.splitlines() == full.splitlines()[:1]
    assert "nothing" in listed(calm, tmp_path / "todo.md").casefold()
    rows = list(csv.DictReader(full.splitlines()))
    said = listed(path, tmp_path / "full.md")
    assert rows
    assert all(row["id"].replace("_", "\\_") in said for row in rows), "the same actions in every form"
