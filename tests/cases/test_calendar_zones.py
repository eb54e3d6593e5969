"""Guards: opening hours counted by another clock than the report's, unreported: every time in them is off by the hours between the two."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import findings, report_json, totals, written

HEAD = ("Ticket ID;Created at;First replied at;Resolved at;Status;Group",)
ROWS = (
    "1;2026-09-01 08:30;2026-09-01 10:30;2026-09-01 12:00;Closed;Support",
    "2;2026-09-30 16:00;2026-09-30 18:30;2026-09-30 18:30;Closed;Support",
)
"""By a clock in Stockholm an hour and a half, and an hour, of them between 9 and 17; by UTC's none, and two and a half."""
BUSINESS = ("--kpi", "first_reply_time_business_mean")
CODE = "calendar-zone"


def calendar(folder: Path, *lines: str) -> Path:
    path = folder / "support.yaml"
    path.write_text(
        "\n".join(("name: support", "label: Support", "week: {mon-fri: 09:00-17:00}", *lines)), encoding="utf-8"
    )
    return path


def mean(found: dict) -> float:
    value: float = totals(found)["first_reply_time_business_mean"]["value"]
    return value


def test_hours_in_utc_are_reported_where_the_report_is_elsewhere(tmp_path: Path) -> None:
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    asked = ("--zone", "Europe/Stockholm", "--calendar", calendar(tmp_path, "zone: UTC"))
    found = report_json(tickets, *asked, *BUSINESS)
    [text] = findings(found, CODE)
    assert text in totals(found)["first_reply_time_business_mean"]["notes"]
    assert [one["serious"] for one in found["findings"] if one["code"] == CODE] == [True]
    assert "opening hours: Support (UTC)" in piped("report", tickets, *asked, *BUSINESS).out


@pytest.mark.parametrize("zone", [(), ("zone: Europe/Stockholm",), ("zone: Europe/Oslo",)])
def test_hours_by_the_report_s_clock_need_no_word(tmp_path: Path, zone: tuple[str, ...]) -> None:
    """A calendar without a zone, with the same, and with one whose clocks never differ."""
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    found = report_json(tickets, "--zone", "Europe/Stockholm", "--calendar", calendar(tmp_path, *zone), *BUSINESS)
    assert findings(found, CODE) == []
    assert (mean(found), found["query"]["calendar"]) == (75 * 60, "Support")


def test_a_calendar_without_a_zone_goes_by_the_zone_shown(tmp_path: Path) -> None:
    """The same instants in a report on Helsinki's clock: 9:30 to 11:30, and 17:00 to 19:30."""
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    asked = ("--zone", "Europe/Stockholm", "--calendar", calendar(tmp_path))
    assert mean(report_json(tickets, *asked, "--tz", "Europe/Helsinki", *BUSINESS)) == 60 * 60


def test_hours_in_another_country_are_a_note(tmp_path: Path) -> None:
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    asked = ("--zone", "Europe/Stockholm", "--calendar", calendar(tmp_path, "zone: Europe/Helsinki"))
    found = report_json(tickets, *asked, *BUSINESS, "--kpi", "tickets_created")
    assert [one["serious"] for one in found["findings"] if one["code"] == CODE] == [False]
    assert not any("Helsinki" in note for note in totals(found)["tickets_created"]["notes"])


def test_a_group_s_hours_are_looked_at_too(tmp_path: Path) -> None:
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    asked = calendar(tmp_path, "zone: Europe/Stockholm", "groups: {Support: fi}")
    [text] = findings(report_json(tickets, "--zone", "Europe/Stockholm", "--calendar", asked, *BUSINESS), CODE)
    assert "of group Support are by the clock of Europe/Helsinki" in text


def test_what_was_promised_in_open_time_is_reported_too(tmp_path: Path) -> None:
    tickets = written(tmp_path, "tickets", *HEAD, *ROWS)
    asked = ("--zone", "Europe/Stockholm", "--calendar", calendar(tmp_path, "zone: UTC"), "--sla", "first_reply=2h")
    [note] = [
        one
        for one in totals(report_json(tickets, *asked))["first_reply_within"]["notes"]
        if "by the clock of UTC" in one
    ]
    assert "Support" in note


def test_files_without_a_zone_are_read_by_the_calendar_s_clock(tmp_path: Path) -> None:
    found = report_json(
        written(tmp_path, "tickets", *HEAD, *ROWS), "--calendar", calendar(tmp_path, "zone: UTC"), *BUSINESS
    )
    assert (mean(found), findings(found, CODE)) == (75 * 60, [])


@pytest.mark.parametrize("zone", [(), ("--zone", "Europe/Stockholm")])
def test_the_hours_that_reconcile_writes_give_the_export_s_own_times(tmp_path: Path, zone: tuple[str, ...]) -> None:
    """A day's first ticket waits from 8:30 until 10:30, which the export counts as an hour and a half: open from 9."""
    days = [date(2026, 9, 1) + timedelta(days=step) for step in range(28)]
    rows = [f"{day:%d}0;{day} 08:30;{day} 10:30;{'1:30:00' if day.weekday() < 5 else '0:00:00'}" for day in days]
    rows += [f"{day:%d}1;{day} 16:00;{day} 18:30;{'1:00:00' if day.weekday() < 5 else '0:00:00'}" for day in days]
    tickets = written(
        tmp_path, "tickets", "Ticket ID;Created at;First replied at;First reply time business (hours)", *rows
    )
    target = tmp_path / "inferred.yaml"
    ended = piped("reconcile", tickets, *zone, "--calendar-out", target)
    assert ended.code == 0, ended.err
    found = report_json(
        tickets,
        "--zone",
        "Europe/Stockholm",
        "--calendar",
        target,
        *BUSINESS,
        "--where",
        "cast(created_at as date) = date '2026-09-01'",
    )
    assert (mean(found), findings(found, CODE)) == (75 * 60, [])
    text = target.read_text(encoding="utf-8")
    assert ("zone: " in text.replace("# ", "")) == bool(zone)
    assert ("names no zone" in text) == (not zone)
