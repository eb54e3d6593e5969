"""Guards: the same answer given twice by one customer within the hour, and times of which half the cells are days: each a part of the truth."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "is_doubt"), [(timedelta(minutes=40), True), (timedelta(hours=20), True), (timedelta(days=9), False)]
)
def test_an_answer_given_again_soon_is_in_doubt(tmp_path: Path, after: timedelta, *, is_doubt: bool):
    dice = random.Random(1)
    given = [(BEGIN + place * 9 * HOUR, f"k{place}@ex.se") for place in range(150)]
    again = [(at + after, who) for at, who in given[::4]]
    rows = [
        f"{900 + place};{at:%Y-%m-%d %H:%M};{dice.randint(1, 5)};{who}"
        for place, (at, who) in enumerate([*given, *again])
    ]
    document = report_json(
        written(tmp_path, "s", "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?;E-post", *rows), "--period", "2026-02"
    )
    (finding,) = [one for one in document["findings"] if one["code"] == "repeated-respondents"]
    assert finding["serious"] is is_doubt
    assert ("within a day" in finding["text"]) is is_doubt


@pytest.mark.parametrize(("every", "has_value", "is_serious"), [(2, True, True), (10, True, True), (40, True, False)])
def test_times_of_which_some_cells_are_days(tmp_path: Path, every: int, *, has_value: bool, is_serious: bool):
    rows = []
    for place in range(200):
        opened = BEGIN + place * 9 * HOUR + timedelta(minutes=place % 50)
        end = opened + timedelta(minutes=400 + place * 37 % 5000)
        rows.append(
            f"{4000 + place};{opened:%Y-%m-%d %H:%M};{end:%Y-%m-%d}{'' if place % every == 1 else f'{end: %H:%M}'};Löst"
        )
    document = report_json(written(tmp_path, "t", "Ärendenummer;Skapad;Löst;Status", *rows), "--period", "2026-02")
    (first, *_) = [one for one in document["findings"] if one["code"] == "days-only"]
    assert first["serious"] is is_serious
    assert (totals(document)["resolution_time"]["value"] is not None) is has_value


def test_times_of_which_most_cells_are_days_have_no_value(tmp_path: Path):
    rows = []
    for place in range(200):
        opened = BEGIN + place * 9 * HOUR + timedelta(minutes=place % 50)
        end = opened + timedelta(minutes=400 + place * 37 % 5000)
        rows.append(f"{4000 + place};{opened:%Y-%m-%d %H:%M};{end:%Y-%m-%d}{'' if place % 3 else f'{end: %H:%M}'};Löst")
    document = report_json(written(tmp_path, "t", "Ärendenummer;Skapad;Löst;Status", *rows), "--period", "2026-02")
    assert findings(document, "days-only")
    assert totals(document)["resolution_time"]["value"] is None
