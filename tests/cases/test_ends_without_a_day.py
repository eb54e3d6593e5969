"""Ends that are a time of day alone, at a desk whose tickets last until other days: every one of them was taken for resolved on the day it came in."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

HEADERS = ("Ärendenr;Datum;Tid in;Tid ut;Status", "Saksnr;Dato;Tid inn;Tid ut;Status")


def listed(folder: Path, ends: list[str], header: str) -> Reported:
    lines = [f"{4000 + n};2026-03-{n % 28 + 1:02};09:{n % 60:02};{end};Closed" for n, end in enumerate(ends)]
    return reported(written(folder, "t", header, *lines), period="2026-03")


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(("early", "value"), [(60, None), (12, 100)])
def test_when_they_were_resolved_is_unknown(tmp_path: Path, header: str, early: int, value: int | None) -> None:
    """More than half end before they begin: no value; more than a few: no verdict."""
    found = listed(tmp_path, ["08:15"] * early + ["15:30"] * (100 - early), header)
    assert found.value("tickets_created") == 100
    assert found.value("tickets_resolved") == value
    said = [one for one in found.document["findings"] if "borrowed its day" in one["text"]]
    assert [one["consequence"] for one in said] == ["no value" if value is None else "no verdict"]
    assert {"tickets_resolved", "net_flow", "backlog*"} <= set(said[0]["kpis"])


@pytest.mark.parametrize("header", HEADERS)
def test_a_list_of_calls_that_end_on_their_day_is_in_no_doubt(tmp_path: Path, header: str) -> None:
    found = listed(tmp_path, ["15:30"] * 100, header)
    assert found.value("tickets_resolved") == 100
    assert "negative-time" not in found.codes


def test_ends_on_other_days_show_that_they_have_days_of_their_own(tmp_path: Path) -> None:
    lines = [
        f"{n},2026-03-{n % 20 + 1:02} 09:00,2026-03-{n % 20 + (n % 2) + 1:02} {'08' if n < 20 else '15'}:00,Closed"
        for n in range(100)
    ]
    found = reported(written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Status", *lines), period="2026-03")
    assert found.value("tickets_resolved") == 100
    assert not any("borrowed its day" in one["text"] for one in found.document["findings"])
