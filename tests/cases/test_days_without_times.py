"""Columns of days without times: what is due on a day has all of it, and no hours run from a day to a time of day."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_reports import report_json, totals, written

ROWS = (
    ("2026-09-03 09:00", "2026-09-03 14:00", "03"),
    ("2026-09-04 09:00", "2026-09-04 15:00", "04"),
    ("2026-09-05 09:00", "2026-09-06 10:00", "05"),
    ("2026-09-06 09:00", "2026-09-06 23:30", "06"),
)


def due(folder: Path, form: str, first: str | None = None) -> Path:
    days = [form.format(day) for _, _, day in ROWS]
    days[0] = first or days[0]
    lines = [
        f"{n},{opened},{done},{day},Solved" for n, ((opened, done, _), day) in enumerate(zip(ROWS, days, strict=True))
    ]
    return written(folder, "t", "Ticket ID,Created at,Resolved at,Due,Status", *lines)


@pytest.mark.parametrize("form", ["2026-09-{}", "2026-09-{} 00:00", "{}.09.2026", "2026-09-{}T00:00:00", "{} Sep 2026"])
@pytest.mark.parametrize("more", [(), ("--zone", "Europe/Stockholm")])
def test_what_is_due_on_a_day_is_in_time_all_of_that_day(tmp_path: Path, form: str, more: Sequence[str]):
    found = report_json(due(tmp_path, form), "--period", "all", *more)
    rate = totals(found)["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (3, 4)
    assert any("`Due` has days without a time" in note for note in found["sources"][0]["notes"])


def test_a_day_among_due_times_is_its_end_and_a_midnight_is_one(tmp_path: Path):
    timed = totals(report_json(due(tmp_path, "2026-09-{}", first="2026-09-03 13:00"), "--period", "all"))[
        "sla_resolution_rate"
    ]
    assert (timed["numerator"], timed["denominator"]) == (2, 4)
    midnight = totals(report_json(due(tmp_path, "2026-09-{} 23:45", first="2026-09-04 00:00"), "--period", "all"))
    assert midnight["sla_resolution_rate"]["numerator"] == 3


def test_an_open_ticket_is_not_overdue_on_the_day_it_is_due(tmp_path: Path):
    path = written(
        tmp_path, "t", "Ticket ID,Created at,Resolved at,Due,Status", "1,2026-09-01 09:00,2026-09-02 18:00,2026-09-02,Solved",
        "2,2026-09-01 10:00,,2026-09-02,Open", "3,2026-09-01 11:00,,2026-09-01,Open",
    )  # fmt: skip
    rate = totals(report_json(path, "--period", "all"))["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (1, 2)


# Times between a day and a time of day, and between days

OPENED = ("03 09:00", "04 10:00", "05 11:00", "06 12:00", "07 13:00", "08 14:00")
DONE = ("03 15:00", "04 16:00", "06 12:00", "06 18:00", "12 13:00", None)
HEADS = "Ticket ID,Created at,First reply at,Resolved at,Status"


def desk(folder: Path, *, opened_days: bool, done_days: bool, replied_days: bool = False) -> Path:
    """Five resolved tickets and an open one, replied to when they were resolved, with days in place of some instants."""

    def shown(at: str | None, *, is_day: bool) -> str:
        return "" if at is None else f"2026-09-{at.split()[0] if is_day else at}"

    lines = [
        f"{n},{shown(opened, is_day=opened_days)},{shown(done, is_day=replied_days)},{shown(done, is_day=done_days)},"
        f"{'Open' if done is None else 'Solved'}"
        for n, (opened, done) in enumerate(zip(OPENED, DONE, strict=True))
    ]
    return written(folder, "t", HEADS, *lines)


@pytest.mark.parametrize(("opened_days", "done_days"), [(False, True), (True, False)])
def test_no_time_runs_from_a_day_to_a_time_of_day(tmp_path: Path, opened_days: bool, done_days: bool):
    path = desk(tmp_path, opened_days=opened_days, done_days=done_days, replied_days=opened_days)
    document = report_json(path, "--period", "all", "--kpi", "*")
    found = totals(document)
    for name in ("resolution_time", "resolution_time_mean", "resolution_time_km", "resolution_rate_cohort"):
        assert found[name]["value"] is None, name
    assert any("days without times in 5 of 5 tickets" in note for note in found["resolution_time"]["notes"])
    assert not [one for one in document["findings"] if one["code"] == "negative-time"]
    assert (found["tickets_created"]["value"], found["tickets_resolved"]["value"], found["backlog"]["value"]) == (
        6,
        5,
        1,
    )


def test_a_reply_on_a_day_has_no_time_and_a_resolution_with_one_has(tmp_path: Path):
    path = desk(tmp_path, opened_days=False, done_days=False, replied_days=True)
    found = totals(report_json(path, "--period", "all", "--sla", "first_reply=4h"))
    assert found["first_reply_time"]["value"] is None
    assert found["first_reply_within"]["value"] is None
    assert (found["resolution_time"]["value"], found["resolution_time"]["n"]) == (6 * 3600, 5)


def test_days_alone_give_whole_days_and_nothing_less(tmp_path: Path):
    path = desk(tmp_path, opened_days=True, done_days=True, replied_days=True)
    found = totals(report_json(path, "--period", "all", "--kpi", "*", "--calendar", "se", "--sla", "first_reply=4h"))
    assert found["resolution_time"]["value"] is None
    assert any("less than a day" in note for note in found["resolution_time"]["notes"])
    assert found["resolution_time_mean"]["value"] == 6 / 5 * 86400
    assert any("whole days" in note for note in found["resolution_time_mean"]["notes"])
    for name in ("first_reply_time", "first_reply_within", "resolution_time_business", "first_reply_time_business"):
        assert found[name]["value"] is None, name
        assert not any("outside business hours" in note for note in found[name]["notes"])
    cohort = found["resolution_rate_cohort"]
    assert (cohort["numerator"], cohort["denominator"]) == (5, 6)
    assert (found["tickets_created"]["value"], found["tickets_resolved"]["value"], found["backlog"]["value"]) == (
        6,
        5,
        1,
    )


def test_the_export_s_own_time_stands_where_the_instants_show_none(tmp_path: Path):
    lines = [f"{n},2026-09-0{n} 09:00,2026-09-0{n},Solved,{n}" for n in range(1, 6)]
    path = written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Status,Resolution time (hours)", *lines)
    time = totals(report_json(path, "--period", "all"))["resolution_time"]
    assert (time["value"], time["n"]) == (3 * 3600, 5)


def test_what_was_resolved_on_a_day_may_have_been_late_that_day(tmp_path: Path):
    lines = ["1,2026-09-01 09:00,2026-09-03,2026-09-03 12:00,Solved", "2,2026-09-01 09:00,2026-09-04,2026-09-03 12:00,Solved",
             "3,2026-09-01 09:00,2026-09-02,2026-09-03 12:00,Solved", "4,2026-09-01 09:00,2026-09-02,2026-09-02 12:00,Solved"]  # fmt: skip
    rate = totals(
        report_json(written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Due,Status", *lines), "--period", "all")
    )["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (1, 2)
    assert any("2 tickets were due at some time of the day" in note for note in rate["notes"])


def test_days_due_and_done_are_judged_by_the_day(tmp_path: Path):
    lines = [f"{n},2026-09-01,2026-09-0{n},2026-09-03,Solved" for n in range(1, 6)]
    rate = totals(
        report_json(written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Due,Status", *lines), "--period", "all")
    )["sla_resolution_rate"]
    assert (rate["numerator"], rate["denominator"]) == (3, 5)


def test_a_file_of_days_next_to_a_file_of_times_takes_nothing_from_it(tmp_path: Path):
    times = desk(tmp_path, opened_days=False, done_days=False)
    days = written(tmp_path, "d", HEADS, *(f"d{n},2026-09-0{n} 09:00,,2026-09-0{n},Solved" for n in range(1, 5)))
    time = totals(report_json(times, days, "--period", "all"))["resolution_time"]
    assert (time["value"], time["n"]) == (6 * 3600, 5)
    assert any("days without times in 4 of 9 tickets" in note for note in time["notes"])


def test_a_few_midnights_are_no_days(tmp_path: Path):
    lines = ["1,2026-09-01 00:00,2026-09-01 03:00,Solved", "2,2026-09-02 00:00,2026-09-02 05:00,Solved"]
    time = totals(
        report_json(written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Status", *lines), "--period", "all")
    )
    assert (time["resolution_time"]["value"], time["resolution_time"]["n"]) == (4 * 3600, 2)


def test_a_resolution_on_a_day_is_listed_as_no_time_and_not_as_a_negative_one(tmp_path: Path):
    path = desk(tmp_path, opened_days=False, done_days=True)
    ended = piped("rows", "resolution_time", path, "--period", "all", "--format", "csv")
    assert ended.code == 0
    assert ended.out.count("no resolution time") == 5
    assert "negative" not in ended.out


@pytest.mark.parametrize(("target", "share"), [("3d", 0.75), ("2d", 0.5), ("1d", 0.25)])
def test_targets_in_whole_days_are_counted_from_day_to_day(tmp_path: Path, target: str, share: float) -> None:
    """Hand-worked: four tickets resolved on the same day, two, three and five days later."""
    path = tmp_path / "tickets.csv"
    rows = "".join(
        f"{place},2026-09-0{place},2026-09-{place + days:02},Solved\n" for place, days in enumerate((0, 2, 3, 5), 1)
    )
    path.write_text("Ticket ID,Created,Resolved,Status\n" + rows, encoding="utf-8")
    found = reported(path, "--sla", f"resolution={target}", "--kpi", "sla_resolution_rate")
    assert found.value("sla_resolution_rate") == share
    assert "counted in whole days" in found.finding_text("whole-days")


def test_targets_in_hours_are_not_counted_from_day_to_day(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = "".join(f"{place},2026-09-0{place},2026-09-{place + 1:02},Solved\n" for place in range(1, 5))
    path.write_text("Ticket ID,Created,Resolved,Status\n" + rows, encoding="utf-8")
    found = reported(path, "--sla", "resolution=30h", "--kpi", "sla_resolution_rate")
    assert found.value("sla_resolution_rate") is None


@pytest.mark.parametrize(
    ("header", "kpi", "waits"),
    [
        ("Svarstid", "first_reply_time_mean", "first_reply_within"),
        ("Lösningstid", "resolution_time_mean", "resolution_rate_cohort"),
    ],
)
def test_a_time_that_the_export_states_needs_no_instants(tmp_path: Path, header: str, kpi: str, waits: str) -> None:
    """Opened on days, with hours stated: the mean of 2 h and 4 h stands, and no column is named that the file lacks."""
    rows = ("1;2026-09-01;2 h;Löst", "2;2026-09-08;4 h;Löst", "3;2026-09-30;;Öppen")
    path = written(tmp_path, "t", f"Ärende;Skapad;{header};Status", *rows)
    found = report_json(path, "--period", "2026-09", "--kpi", kpi, "--kpi", waits, "--sla", "first_reply=3h")
    mean = totals(found)[kpi]
    assert mean["value"] == 3 * 3600
    texts = [*mean["notes"], *(one["text"] for one in found["findings"])]
    assert not any("replied_at has" in text or "resolved_at has" in text or "fair sample" in text for text in texts)
    assert totals(found)[waits]["value"] is None
    assert any("created_at has days without times in 2 of 2 tickets" in note for note in totals(found)[waits]["notes"])


def test_instants_that_are_there_are_named_where_they_show_no_time(tmp_path: Path) -> None:
    rows = ("1;2026-09-01;2026-09-01 10:00;Löst", "2;2026-09-08;2026-09-08 12:00;Löst")
    found = report_json(written(tmp_path, "t", "Ärende;Skapad;Första svar;Status", *rows), "--period", "2026-09")
    assert any("first_replied_at has times: no time between them" in one["text"] for one in found["findings"])


# Days among times, in one column


def mixed(folder: Path, form: str, each: int, *, created: str = "2026-09-{:02} 08:00") -> Path:
    """Thirty tickets that take six hours, of which some have the day alone of their resolution."""
    rows = [
        f"{n},{created.format(n % 28 + 1)},{(form if n % each == 0 else '2026-09-{:02} 14:00').format(n % 28 + 1)},Solved"
        for n in range(30)
    ]
    return written(folder, "t", "Ticket ID,Created at,Resolved at,Status", *rows)


def test_days_among_times_are_days_and_reported(tmp_path: Path):
    """Hand-worked: twenty took six hours, and of the other ten nobody knows; from midnight they would be below zero."""
    document = report_json(mixed(tmp_path, "2026-09-{:02}", 3), "--period", "all")
    found = totals(document)
    assert (found["resolution_time"]["value"], found["resolution_time"]["n"]) == (6 * 3600, 20)
    text = "resolved_at has days without times in 10 of 30 tickets, and created_at has times"
    assert any(text in note for note in found["resolution_time"]["notes"])
    assert found["resolution_rate_cohort"]["value"] is None
    assert found["tickets_resolved"]["value"] == 30
    assert "negative-time" not in {one["code"] for one in document["findings"]}


@pytest.mark.parametrize(("form", "n"), [("2026-09-{:02}", 29), ("2026-09-{:02} 23:00", 30)])
def test_a_single_day_among_times_is_one_too(tmp_path: Path, form: str, n: int):
    assert totals(report_json(mixed(tmp_path, form, 30), "--period", "all"))["resolution_time"]["n"] == n


def test_a_day_among_the_openings_is_one(tmp_path: Path):
    rows = [f"{n},2026-09-{n:02}{' 08:00' if n > 4 else ''},2026-09-{n:02} 14:00,Solved" for n in range(1, 21)]
    path = written(tmp_path, "t", "Ticket ID,Created at,Resolved at,Status", *rows)
    found = totals(report_json(path, "--period", "all"))["resolution_time"]
    assert (found["value"], found["n"]) == (6 * 3600, 16)


def test_midnights_that_are_written_are_times(tmp_path: Path):
    path = mixed(tmp_path, "2026-09-{:02} 00:00", 3, created="2026-08-{:02} 08:00")
    assert totals(report_json(path, "--period", "all"))["resolution_time"]["n"] == 30
