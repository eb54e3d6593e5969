"""Tickets without numbers in two exports of one desk: those that were open in the first are other rows in the second, and counted twice without a word."""

import random
from pathlib import Path

import pytest
from reported import reported
from small_reports import written

HEADERS = ("Datum;Kanal;Grupp;Löst;Status", "Date;Channel;Group;Resolved;Status")
WORDS = {HEADERS[0]: ("Stängt", "Öppet"), HEADERS[1]: ("Closed", "Open")}
Row = tuple[int, str, str, int]


SOON, LATE = (0, 0, 0, 0, 1, 2), (0, 0, 1, 2, 9)


def desk(days: int, ends: tuple[int, ...], seed: int = 4) -> list[Row]:
    """Day of opening, channel, group, day of resolution."""
    dice = random.Random(seed)
    return [
        (day, dice.choice(("Chat", "Mejl", "Telefon")), dice.choice(("Teknik", "Faktura", "Leverans")), day + dice.choice(ends))
        for day in range(days)
        for _ in range(12)
    ]  # fmt: skip


def named(day: int) -> str:
    return f"2026-{7 + day // 31:02}-{day % 31 + 1:02}"


def listed(folder: Path, name: str, rows: list[Row], taken: int, header: str, *, is_final: bool = False) -> Path:
    done, still = WORDS[header]
    lines = [
        f"{named(day)};{channel};{group};{named(end) if end < taken or is_final else ''};{done if end < taken or is_final else still}"
        for day, channel, group, end in rows
        if day < taken
    ]
    return written(folder, name, header, *lines)


@pytest.mark.parametrize("header", HEADERS)
def test_those_that_changed_meanwhile_may_be_counted_twice(tmp_path: Path, header: str) -> None:
    rows = desk(50, SOON)
    found = reported(
        listed(tmp_path, "one", rows, 40, header), listed(tmp_path, "two", rows, 50, header), period="2026-08"
    )
    changed = sum(day < 40 <= end for day, _, _, end in rows)
    assert found.value("tickets_created") == sum(day >= 31 for day, *_ in rows) + changed
    (said,) = [one for one in found.document["findings"] if "counted twice" in one["text"]]
    assert int(said["text"].split()[0]) == changed
    assert (said["serious"], said["consequence"]) == (True, "no verdict")
    assert "tickets_created" in said["kpis"]


@pytest.mark.parametrize("header", HEADERS)
def test_where_many_changed_the_whole_list_may_be(tmp_path: Path, header: str) -> None:
    """336 tickets stood for 228, without a word."""
    rows = desk(50, LATE)
    found = reported(
        listed(tmp_path, "one", rows, 40, header), listed(tmp_path, "two", rows, 50, header), period="2026-08"
    )
    (said,) = [one for one in found.document["findings"] if one["code"] == "repeated-keys"]
    assert (said["serious"], said["consequence"]) == (True, "no verdict")
    assert "tickets_created" in said["kpis"]


@pytest.mark.parametrize("header", HEADERS)
def test_a_list_that_goes_on_with_the_same_rows_says_nothing(tmp_path: Path, header: str) -> None:
    rows = desk(50, LATE)
    one = listed(tmp_path, "one", [row for row in rows if row[0] < 40], 60, header, is_final=True)
    found = reported(one, listed(tmp_path, "two", rows, 60, header, is_final=True), period="2026-08")
    assert found.value("tickets_created") == sum(day >= 31 for day, *_ in rows)
    assert not any("counted twice" in one["text"] for one in found.document["findings"])


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_two_desks_of_the_same_kinds_of_tickets_are_two(tmp_path: Path, header: str, seed: int) -> None:
    one, two = desk(50, LATE), desk(50, LATE, seed)
    found = reported(
        listed(tmp_path, "one", one, 60, header), listed(tmp_path, "two", two, 60, header), period="2026-08"
    )
    assert found.value("tickets_created") == 2 * sum(day >= 31 for day, *_ in one)
    assert "repeated-keys" not in found.codes
