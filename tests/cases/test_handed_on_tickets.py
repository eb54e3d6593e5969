"""Guards: a ticket with a row for its way through another group (`Överförd`), whose end was counted as its resolution."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 5, 8), timedelta(hours=1)


@pytest.mark.parametrize("word", ["Överförd", "Transferred", "Vidarekopplad", "Eskalert til 2. linje"])
@pytest.mark.parametrize("is_last", [False, True])
def test_a_row_in_an_unknown_state_is_not_the_one_that_counts(tmp_path: Path, word: str, *, is_last: bool):
    rows = []
    for place in range(40):
        opened = BEGIN + place * 12 * HOUR
        done = place % 4 != 1
        own = f"{4000 + place};{opened:%Y-%m-%d %H:%M};{opened + 5 * HOUR if done else '':};{'Löst' if done else 'Öppen'};Teknik"
        on = f"{4000 + place};{opened:%Y-%m-%d %H:%M};{opened + timedelta(minutes=3)};{word};Växel"
        both = [on, own] if is_last else [own, on]
        rows += both if place % 3 == 1 else [own]
    document = report_json(
        written(tmp_path, "t", "Ärendenummer;Skapad;Löst;Status;Grupp", *rows),
        "--all",
        "--kpi",
        "*",
        "--period",
        "2026-01",
    )
    assert "a known status beside an unknown one" in findings(document, "repeated-keys")[0]
    known = totals(document)
    assert (known["tickets_created"]["value"], known["tickets_resolved"]["value"], known["backlog"]["value"]) == (
        40,
        30,
        10,
    )
