"""Guards: a list laid out for people: a name in the first row of its block alone, two tables side by side, dates left out where they repeat."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY = timedelta(days=1)


def rows(seed: int = 1, count: int = 240) -> list[tuple[datetime, str]]:
    """Opening and end of tickets from July to September."""
    dice, found = random.Random(seed), []
    for number in range(count):
        at = datetime(2026, 7, 1) + (number + dice.random()) * 92 * DAY / count
        done = at + dice.expovariate(1) * DAY
        found.append((at, f"{done:%Y-%m-%d %H:%M},Solved" if done < datetime(2026, 10, 2) else ",Open"))
    return found


def listed(folder: Path, groups: list[str]) -> Path:
    lines = [f"{at:%Y-%m-%d %H:%M},{end},{group}" for (at, end), group in zip(rows(), groups, strict=True)]
    return written(
        folder,
        "list",
        "Ticket ID,Created at,Resolved at,Status,Group",
        *(f"{number},{line}" for number, line in enumerate(lines)),
    )


def report(path: Path, *more: str) -> tuple[dict[str, Any], Results]:
    document = report_json(path, "--period", "2026-09", *more)
    return document, totals(document)


def blocks(names: list[str], length: int) -> list[str]:
    """Each name in the first row of its block."""
    return [names[place // length] if place % length == 0 else "" for place in range(240)]


TEAMS = ["Support", "Billing", "Returns"]


@pytest.mark.parametrize(
    "groups",
    [
        blocks(TEAMS, 80),
        blocks(["Support", "Billing"], 120),
        blocks(TEAMS * 8, 10),
        blocks([f"Team {place}" for place in range(60)], 4),
    ],
)
def test_a_name_in_the_first_row_of_its_block_is_no_group_of_it(tmp_path: Path, groups: list[str]) -> None:
    document, known = report(listed(tmp_path, groups), "--by", "group")
    (text,) = findings(document, "outlined-column")
    assert f"`group` stands in {sum(map(bool, groups))} of 240 rows, each time in the first of a block" in text
    assert {one["value"] for one in document["results"] if one["group"]} == {None}
    assert known["tickets_created"]["value"] is not None
    page = report_json(listed(tmp_path, groups), "--period", "2026-09")
    assert totals(page)["tickets_created"]["value"] is not None


def strewn(share: float) -> list[str]:
    dice = random.Random(8)
    return [dice.choice(TEAMS) if dice.random() < share else "" for _ in range(240)]


@pytest.mark.parametrize(
    "groups",
    [strewn(0.1), strewn(0.4), strewn(1.0), ["Support"] * 240, ["Support", *[""] * 239], ["", *blocks(TEAMS, 80)[1:]]],
)
def test_a_column_that_is_blank_now_and_then_is_none(tmp_path: Path, groups: list[str]) -> None:
    assert findings(report(listed(tmp_path, groups), "--by", "group")[0], "outlined-column") == []


def two_tables(folder: Path, *, is_same: bool = False, is_short: bool = False) -> Path:
    head = "Ticket ID,Created at,Resolved at,Status"
    left, right = rows(1), rows(1 if is_same else 2)
    lines = []
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        number_there = number if is_same else 1000 + number
        there = "" if is_short and number else f"{number_there},{other[0]:%Y-%m-%d %H:%M},{other[1]}"
        lines.append(f"{number},{one[0]:%Y-%m-%d %H:%M},{one[1]},,{there or ',,,'}")
    return written(folder, "beside", f"{head},,{head}", *lines)


def test_of_two_tables_side_by_side_one_is_no_whole(tmp_path: Path) -> None:
    document, known = report(two_tables(tmp_path))
    (text,) = findings(document, "side-by-side")
    assert "2 tables stand side by side under the same headers (columns 1–4 and columns 6–9)" in text
    assert findings(document, "repeated-headers") == []
    assert {one["value"] for one in known.values()} == {None}


def test_a_table_that_stands_there_twice_is_whole(tmp_path: Path) -> None:
    document, known = report(two_tables(tmp_path, is_same=True))
    assert findings(document, "side-by-side") == []
    assert known["tickets_created"]["value"] is not None


def test_one_header_that_stands_again_is_no_table(tmp_path: Path) -> None:
    lines = [f"{number},{at:%Y-%m-%d %H:%M},{end},note {number}" for number, (at, end) in enumerate(rows())]
    path = written(tmp_path, "list", "Ticket ID,Created at,Resolved at,Status,Status", *lines)
    document, known = report(path)
    assert findings(document, "side-by-side") == []
    assert known["tickets_created"]["value"] is not None


@pytest.mark.parametrize(("every", "is_withheld", "is_marked"), [(1, False, False), (10, False, True), (3, True, True)])
def test_rows_without_their_date_are_rows_not_understood(
    tmp_path: Path, every: int, is_withheld: bool, is_marked: bool
) -> None:
    """All dated; nine of ten; one of three, as where a day stands in its first row alone."""
    lines = []
    for number, (at, end) in enumerate(rows()):
        is_dated = every == 1 or (number % every == 0) is (every == 3)
        lines.append(f"{number},{f'{at:%Y-%m-%d %H:%M}' if is_dated else ''},{end}")
    _document, known = report(written(tmp_path, "list", "Ticket ID,Created at,Resolved at,Status", *lines))
    created = known["tickets_created"]
    assert (created["value"] is None) is is_withheld
    assert (created["trust"] is not None) is is_marked
    if is_marked:
        assert created["trust"]["share"] == pytest.approx(1 / 3 if every == 3 else 0.9, abs=0.01)
    assert known["tickets_resolved"]["value"] is not None, "it goes by another date"
    whole = totals(report_json(tmp_path / "list.csv", "--period", "all"))
    assert whole["tickets_created"]["value"] == 240
