"""A word in a column of times (`Pågår`, `ej löst`, a name behind the date), for which a ticket was lost: always an open one.

What says that it is open means no time; any other word takes the ticket out of what rests on the time alone.
"""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written


def _report(folder: Path, cells: list[str], *, status: str = "") -> Reported:
    rows = [f"{n};2026-09-{n % 28 + 1:02} 08:00;{cell}{status}" for n, cell in enumerate(cells)]
    return reported(written(folder, "t", f"Ärendenr;Skapad;Löst{';Status' if status else ''}", *rows))


def _time(n: int, remark: str = "") -> str:
    return f"2026-09-{n % 28 + 1:02} 14:00{remark}"


@pytest.mark.parametrize("word", ["Pågår", "ej löst", "Väntar på kund", "Nej", "under arbeid", "Not resolved", "Öppen"])
def test_a_word_for_open_is_no_time(tmp_path: Path, word: str) -> None:
    """Hand-worked: 30 tickets, six of them open."""
    found = _report(tmp_path, [word if n % 5 == 0 else _time(n) for n in range(30)])
    assert (found.value("tickets_created"), found.value("tickets_resolved"), found.value("backlog")) == (30, 24, 6)
    assert "could not be understood" not in str(found.result("resolution_rate"))
    assert found.refused == [{}]


@pytest.mark.parametrize("word", ["se mejl", "vecka 40?", "2026-09-31"])
def test_another_word_takes_out_of_what_rests_on_the_time(tmp_path: Path, word: str) -> None:
    found = _report(tmp_path, [word if n == 7 else _time(n) for n in range(30)])
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (30, 29)
    assert "unreadable times of resolution" in str(found.result("backlog"))
    assert "unreadable" not in str(found.result("tickets_created"))


def test_of_an_open_ticket_no_time_is_missing(tmp_path: Path) -> None:
    cells = ["se mejl;Öppen" if n == 7 else f"{_time(n)};Löst" for n in range(30)]
    rows = [f"{n};2026-09-{n % 28 + 1:02} 08:00;{cell}" for n, cell in enumerate(cells)]
    found = reported(written(tmp_path, "t", "Ärendenr;Skapad;Löst;Status", *rows))
    assert (found.value("tickets_created"), found.value("backlog")) == (30, 1)
    assert "unreadable" not in str(found.result("backlog")) + str(found.result("resolution_time"))


def test_of_a_resolved_ticket_it_is(tmp_path: Path) -> None:
    found = _report(tmp_path, ["se mejl" if n == 7 else _time(n) for n in range(30)], status=";Löst")
    assert found.value("resolution_rate") == 1
    assert "unreadable times of resolution" in str(found.result("resolution_time"))


@pytest.mark.parametrize("remark", [" (Anna)", " (AB)", " (ringde kunden)", "(Bo Ek)"])
def test_a_remark_behind_a_date_is_passed_over(tmp_path: Path, remark: str) -> None:
    found = _report(tmp_path, [_time(n, remark if n % 5 == 0 else "") for n in range(30)])
    assert (found.value("tickets_resolved"), found.value("resolution_time")) == (30, 6 * 3600)


@pytest.mark.parametrize(("zone", "count"), [(" (CET)", 30), (" (UTC)", 30)])
def test_a_zone_behind_a_date_is_no_remark(tmp_path: Path, zone: str, count: int) -> None:
    """It is read as what it is, or not at all."""
    rows = [f"{n};2026-11-{n % 28 + 1:02} 08:00{zone};2026-11-{n % 28 + 1:02} 14:00{zone}" for n in range(count)]
    found = reported(written(tmp_path, "t", "Ärendenr;Skapad;Löst", *rows), "--tz", "Europe/Stockholm")
    assert "remarks" not in str(found.document)
    assert found.value("tickets_created") == count
