"""Intervals that say more than is known: one value as an interval, and changes beyond what a figure can move by."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from small_reports import report_json, totals, written

from kpi_core.analysis.changes.scaled_changes import cut
from kpi_core.kpis import BY_NAME

FIRST, LAST = date(2026, 2, 1), date(2026, 10, 2)


def desk(
    folder: Path, minutes: tuple[int, int] = (60, 61), replies: tuple[int, int] = (1, 1), survey: str = ""
) -> Path:
    """Three tickets a day: the minutes to the first reply and the replies to a solution, before September and since."""
    lines = ["Ticket ID,Created at,First reply time in minutes,Solved at,Status,Replies"]
    for place in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=place)
        is_new = day >= date(2026, 9, 1)
        for number in range(3):
            own = 1 if is_new and (place + number) % 20 == 0 else replies[is_new]
            lines.append(f"{day:%Y%m%d}{number},{day} 08:00:00,{minutes[is_new]},{day} 15:00:00,Solved,{own}")
    return written(folder, "tickets", *lines)


def september(path: Path, *more: str) -> dict[str, dict[str, Any]]:
    return totals(report_json(path, "--period", "2026-09", "--all", *more))


def test_rows_that_are_all_alike_have_no_interval(tmp_path: Path) -> None:
    one = september(desk(tmp_path))["first_reply_time"]
    assert (one["value"], one["baseline"]["value"], one["change"]) == (3660, 3600, 60)
    for key in ("low", "high", "change_low", "change_high", "change_detectable"):
        assert one[key] is None, key
    assert (one["baseline"]["low"], one["baseline"]["high"]) == (None, None)


@pytest.mark.parametrize("form", ["csv", "long"])
def test_nor_do_they_in_a_table(tmp_path: Path, form: str) -> None:
    more = ("--long",) if form == "long" else ()
    ended = piped(
        "report", desk(tmp_path), "--period", "2026-09", "--kpi", "first_reply_time", "--format", "csv", *more
    )
    head, *rows = (line.split(",") for line in ended.out.splitlines())
    cells = [(row[head.index("low")], row[head.index("high")]) for row in rows]
    assert {*cells} == {("", "")}, ended.out


def test_a_change_of_a_share_is_of_a_hundred_points_at_most(tmp_path: Path) -> None:
    one = september(desk(tmp_path, replies=(1, 3)))["fcr_one_touch"]
    assert one["baseline"]["value"] == 1.0
    assert one["value"] == pytest.approx(0.05, abs=0.03)
    assert one["change_low"] == -1.0
    assert one["change_low"] <= one["change"] <= one["change_high"] < 0
    assert one["verdict"] == "worse"


def test_a_month_that_is_not_over_is_not_final(tmp_path: Path) -> None:
    path = desk(tmp_path)
    document = report_json(path, "--period", "2026-10", "--all")
    known = totals(document)
    assert known["tickets_created"]["final"] is False
    assert [one["final"] for one in known["tickets_created"]["trend"]][-2:] == [True, False]
    assert september(path)["tickets_created"]["final"] is True
    long = piped("report", path, "--period", "2026-10", "--kpi", "tickets_created", "--format", "csv", "--long").out
    head, *rows = (line.split(",") for line in long.splitlines())
    by_start = {row[head.index("period_start")]: row[head.index("final")].lower() for row in rows}
    assert by_start["2026-10-01"] == "false"
    assert by_start["2026-08-01"] == "true"


def test_a_mean_of_marks_moves_no_farther_than_its_scale() -> None:
    assert cut(BY_NAME["ces"], -5.2, 4.4, (1.0, 5.0)) == (-4.0, 4.0)
    assert cut(BY_NAME["nps"], -2.3, None, None) == (-2.0, None)
    assert cut(BY_NAME["resolution_rate"], -1.5, 1.5, None) == (-1.5, 1.5)
