"""Guards: blank cells that were filled in before the list came (one date, the cell above, the opening, 0), and counted as ends, replies, answers and amounts."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)
CASES = 200
Row = list[datetime | None]


def cases() -> list[Row]:
    """Tickets of which each ninth is open and each thirteenth unanswered."""
    dice, rows = random.Random(6), list[Row]()
    for place in range(CASES):
        opened = BEGIN + place * 10 * HOUR + timedelta(minutes=dice.randrange(60))
        replied = None if place % 13 == 4 else opened + timedelta(minutes=dice.randint(5, 900))
        ended = None if place % 9 == 2 else (replied or opened) + timedelta(minutes=dice.randint(600, 9000))
        rows.append([opened, replied, ended])
    return rows


def report(folder: Path, rows: list[Row]) -> dict[str, Any]:
    lines = [
        ";".join([str(4000 + place), *("" if at is None else f"{at:%Y-%m-%d %H:%M}" for at in row)])
        for place, row in enumerate(rows)
    ]
    return report_json(
        written(folder, "t", "Ärendenummer;Skapad;Första svar;Löst", *lines),
        "--all",
        "--kpi",
        "*",
        "--period",
        "2026-02",
    )


def above(rows: list[Row], column: int) -> list[Row]:
    last: datetime | None = None
    for row in rows:
        row[column] = last = row[column] or last
    return rows[1:] if rows[0][column] is None else rows


def test_blanks_are_blanks(tmp_path: Path):
    assert findings(report(tmp_path, cases()), "filled-in") == []


@pytest.mark.parametrize("at", [datetime(2026, 2, 28, 23, 59), datetime(2026, 3, 1, 8)])
def test_one_date_for_all_that_is_open_is_no_end(tmp_path: Path, at: datetime):
    document = report(tmp_path, [[row[0], row[1], row[2] or at] for row in cases()])
    assert "blank ends were filled in with it" in findings(document, "filled-in")[0]
    assert totals(document)["tickets_resolved"]["value"] is None


def test_the_end_of_the_row_above_is_none(tmp_path: Path):
    document = report(tmp_path, above(cases(), 2))
    assert "the end of the row above" in findings(document, "filled-in")[0]
    assert totals(document)["tickets_resolved"]["verdict"] is None


def test_the_opening_is_no_end(tmp_path: Path):
    document = report(tmp_path, [[row[0], row[1], row[2] or row[0]] for row in cases()])
    assert any("very instant of their opening" in text for text in findings(document, "filled-in"))


def test_the_end_is_no_first_reply(tmp_path: Path):
    document = report(tmp_path, [[row[0], row[1] or row[2], row[2]] for row in cases()])
    assert "first replied to in the very instant of their end" in findings(document, "filled-in")[0]
    assert totals(document)["first_reply_time"]["verdict"] is None


def test_the_first_reply_of_the_row_above_is_none(tmp_path: Path):
    document = report(tmp_path, above(cases(), 1))
    assert any("first reply of the row above" in text for text in findings(document, "filled-in"))


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_replies_that_solve_are_replies(tmp_path: Path, share: float):
    """Answered and solved in one go, as soon as the others were answered."""
    dice = random.Random(2)
    rows = [[row[0], row[1] or row[0], row[2]] for row in cases()]
    document = report(tmp_path, [[a, b, b if dice.random() < share and c else c] for a, b, c in rows])
    assert findings(document, "filled-in") == []


def test_a_list_that_was_closed_in_one_go_was(tmp_path: Path):
    """All that was open in January was closed on the last of it: one instant, after all openings of those."""
    at = datetime(2026, 4, 20, 8)
    assert findings(report(tmp_path, [[row[0], row[1], row[2] or at] for row in cases()]), "filled-in") == []


def survey(folder: Path, scores: list[int]) -> dict[str, Any]:
    rows = [f"{place};{BEGIN + place * 8 * HOUR:%Y-%m-%d %H:%M};{score}" for place, score in enumerate(scores)]
    head = "Svars-ID;Svarsdatum;Hur sannolikt är det att du rekommenderar oss? (0-10)"
    return report_json(written(folder, "s", head, *rows), "--all", "--kpi", "*", "--period", "2026-02")


def test_noughts_for_blanks_are_reported(tmp_path: Path):
    dice = random.Random(1)
    scores = [0 if place % 3 == 0 else dice.randint(1, 10) for place in range(200)]
    document = survey(tmp_path, scores)
    assert "blank answers may have been written as 0" in findings(document, "filled-in")[0]
    assert totals(document)["nps"]["verdict"] is None


@pytest.mark.parametrize("nought", [1, 2])
def test_some_who_are_angry_are(tmp_path: Path, nought: int):
    scores = [0 if place % 10 < nought else 1 + place * 7 % 10 for place in range(200)]
    assert findings(survey(tmp_path, scores), "filled-in") == []


def test_answers_in_words_may_be_nought(tmp_path: Path):
    scores = [0 if place % 2 else dice for place, dice in enumerate(random.Random(1).choices([5, 10], k=200))]
    assert findings(survey(tmp_path, scores), "filled-in") == []


@pytest.mark.parametrize(("every", "serious"), [(3, True), (14, False), (60, None)])
def test_orders_for_nothing_are_reported(tmp_path: Path, every: int, *, serious: bool | None):
    rows = [
        f"{6000 + place};{BEGIN + place * 8 * HOUR:%Y-%m-%d %H:%M};K{place % 40};{0 if place % every == 1 else 90 + place}"
        for place in range(200)
    ]
    document = report_json(written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *rows), "--period", "2026-02")
    own = [one["serious"] for one in document["findings"] if one["code"] == "filled-in"]
    assert own == ([] if serious is None else [serious])
