"""Guards: a column that somebody began to fill, or stopped filling, so that one period's figure is of other rows than the other's."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY, HOUR, END = timedelta(days=1), timedelta(hours=1), datetime(2026, 11, 2)
COLUMNS = {"Handle time (minutes)": "handle_time", "Replies": "fcr_one_touch", "Reopens": "reopen_rate"}
"""Headers, and a KPI that needs each."""


def desk(folder: Path, header: str, filled: tuple[datetime, datetime], share: float = 1.0) -> Path:
    """Tickets from March to October; one column is filled between two days alone, or mostly so."""
    dice = random.Random(4)
    lines = [f"Ticket ID,Created at,First reply at,Resolved at,Status,{','.join(COLUMNS)}"]
    for number in range(14 * 245):
        at = datetime(2026, 3, 1) + (number + dice.random()) * DAY / 14
        done = at + dice.expovariate(1 / 20) * HOUR
        cells = {
            "Handle time (minutes)": dice.randint(3, 60),
            "Replies": dice.choice([1, 1, 2, 3]),
            "Reopens": int(dice.random() < 0.1),
        }
        is_filled = filled[0] <= at < filled[1] or dice.random() > share
        own = ",".join("" if name == header and not is_filled else str(cells[name]) for name in COLUMNS)
        ends = f"{done:%Y-%m-%d %H:%M:%S},Solved" if done < END else ",Open"
        lines.append(f"{number},{at:%Y-%m-%d %H:%M:%S},{at + HOUR / 2:%Y-%m-%d %H:%M:%S},{ends},{own}")
    return written(folder, "tickets", *lines)


def judged(path: Path) -> tuple[dict[str, Any], Results]:
    document = report_json(path, "--period", "2026-09")
    return document, totals(document)


LONG_AGO, LATER = datetime(2026, 1, 1), datetime(2027, 1, 1)


@pytest.mark.parametrize(("header", "kpi"), COLUMNS.items())
@pytest.mark.parametrize("filled", [(datetime(2026, 8, 20), LATER), (LONG_AGO, datetime(2026, 9, 12))])
def test_what_is_filled_in_one_of_the_periods_is_not_compared(
    tmp_path: Path, header: str, kpi: str, filled: tuple[datetime, datetime]
) -> None:
    document, known = judged(desk(tmp_path, header, filled))
    finding = findings(document, "filled-unevenly")
    assert len(finding) >= 1
    assert all(" of the tickets of 2026-09 and in " in text for text in finding)
    assert known[kpi]["verdict"] is None
    assert known["tickets_created"]["verdict"] is not None


@pytest.mark.parametrize("header", COLUMNS)
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_what_is_as_full_in_both_is(tmp_path: Path, header: str, share: float) -> None:
    """All of it, or seven in ten throughout."""
    document, known = judged(desk(tmp_path, header, (LATER, LATER), share))
    assert findings(document, "filled-unevenly") == []
    assert known["handle_time"]["verdict"] is not None
