"""`kundpuls inspect`: what a file was taken for, what is wrong with it, and what that costs."""

import json
import statistics
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import SAMPLES, on_terminal, piped, sample

FILES = [*sorted(path.name for path in SAMPLES.glob("*.csv")), "freshdesk_tickets.xls"]


def _inspected(*arguments: object) -> dict[str, Any]:
    ended = piped("inspect", *arguments, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    record: dict[str, Any] = json.loads(ended.out)
    return record


def _defect(record: dict[str, Any], code: str, column: str = "") -> dict[str, Any]:
    found = [one for one in record["defects"] if one["code"] == code and column in one["text"]]
    assert len(found) == 1, record["defects"]
    defect: dict[str, Any] = found[0]
    return defect


def _tickets(
    path: Path, rows: list[str], header: str = "Ticket ID,Created,First reply,Resolved,Status,Reopens"
) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("name", FILES)
def test_every_sample_fits_the_terminal_and_nothing_is_cut(
    monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    shown = on_terminal(monkeypatch, width, "inspect", sample(name))
    assert max(map(len, shown.splitlines())) <= width
    assert "…" not in shown
    assert "KPIs that the files can feed" in shown


@pytest.mark.parametrize("name", FILES)
def test_rows_and_columns_are_all_accounted_for(name: str) -> None:
    (file,) = _inspected(sample(name))["files"]
    source = file["sources"][0]
    assert source["rows_read"] == source["rows_used"] + sum(source["rows_refused"].values())
    read = {
        part for one in (*file["columns"], *file["questions"]) for part in (one["header"], *one["header"].split(" + "))
    }
    assert not read & set(file["ignored"])
    assert all(one["filled"] <= source["rows_read"] for one in file["columns"])
    assert len(file["refused"]) <= 5


def test_a_file_says_what_it_was_taken_for_and_why() -> None:
    (file,) = _inspected(sample("arenden_2026.csv"))["files"]
    told = {key: file[key] for key in ("mapping", "kind", "encoding", "delimiter", "header_row", "time_zone")}
    assert told == {"mapping": "spreadsheet-tickets", "kind": "csv", "encoding": "cp1252", "delimiter": ";", "header_row": 1,
                    "time_zone": None}  # fmt: skip
    (file,) = _inspected(sample("freshdesk_tickets.xls"))["files"]
    assert (file["kind"], file["sheet"], file["encoding"]) == ("spreadsheetml", "Sheet1", None)
    assert file["recognised_by"].startswith("headers `Ticket ID`, `Created time`")


def test_reading_options_are_those_of_the_report() -> None:
    (file,) = _inspected(sample("freshdesk_tickets.csv"), "--zone", "Europe/Stockholm", "--column", "product=Type")[
        "files"
    ]
    assert file["time_zone"] == "Europe/Stockholm"
    assert next(one["header"] for one in file["columns"] if one["field"] == "product") == "Type"


def test_columns_say_how_they_were_read(tmp_path: Path) -> None:
    rows = ["1,25/12/2025 10:00,90,Öppet", "2,26/12/2025 10:00,30,Väntar på Acme", "3,27/12/2025 10:00,,Löst"]
    path = _tickets(tmp_path / "a.csv", rows, "Ärendenummer,Skapad,Svarstid (minuter),Status")
    (file,) = _inspected(path)["files"]
    columns = {one["field"]: one for one in file["columns"]}
    assert columns["created_at"]["how"] == "day first: `25/12/2025 10:00`"
    assert (columns["created_at"]["lowest"], columns["created_at"]["highest"]) == (
        "2025-12-25T10:00:00",
        "2025-12-27T10:00:00",
    )
    assert columns["first_reply_time"]["how"] == "minutes"
    assert [columns["first_reply_time"][key] for key in ("filled", "lowest", "highest")] == [2, 1800, 5400]
    assert {word["text"]: word["meaning"] for word in columns["status"]["words"]} == {
        "Öppet": "open", "Väntar på Acme": None, "Löst": "solved",
    }  # fmt: skip
    assert columns["ticket_id"]["different"] == 3
    assert file["unknown_words"] == {"status": {"Väntar på Acme": 1}}


def test_survey_questions_say_their_scale_direction_and_words() -> None:
    (file,) = _inspected(sample("surveymonkey_responses.csv"))["files"]
    asked = {one["question"]: (one["scales"], one["direction"]) for one in file["questions"]}
    assert asked == {
        "nps": ([[0, 10]], "higher"),
        "csat": ([[1, 5]], "higher"),
        "ces": ([[1, 7]], "higher"),
        "resolved": ([[0, 1]], "higher"),
    }
    csat = next(one for one in file["questions"] if one["question"] == "csat")
    assert [(word["text"], word["meaning"]) for word in csat["words"]][:2] == [
        ("Very satisfied", "5"),
        ("Somewhat satisfied", "4"),
    ]
    assert "IP Address" in file["ignored"]


def test_refused_rows_are_shown_with_their_row_column_value_and_reason() -> None:
    (file,) = _inspected(sample("arenden_2026.csv"))["files"]
    assert file["refused"][0] == {
        "row": 68,
        "table": "tickets",
        "column": "Skapad",
        "value": "14 mars kl. tolv",
        "reason": "unreadable",
    }
    shown = piped("inspect", sample("arenden_2026.csv")).out
    assert "14 mars kl. tolv" in shown
    assert "6 refused (blank row 1, no Ärendenummer 2, unreadable Skapad 3)" in shown


def test_zeros_that_mean_nothing_happened_are_costed(tmp_path: Path) -> None:
    replied = [f"{n},2026-03-02 10:00:00,2026-03-02 {10 + n}:00:00,0{n}:00:00,1" for n in range(1, 6)]
    silent = [f"{n},2026-03-02 10:00:00,,00:00:00,0" for n in range(6, 16)]
    header = "Ticket ID,Created time,Initial response time,First response time (in hrs),Agent interactions"
    record = _inspected(_tickets(tmp_path / "a.csv", replied + silent, header))
    defect = _defect(record, "zero-is-missing")
    assert defect["count"] == 10
    assert defect["cost"] == {"kpi": "first_reply_time_business", "unit": "seconds", "value": statistics.median([3600 * n for n in range(1, 6)]),
                              "otherwise": 0.0, "if": "with them as zeros"}  # fmt: skip
    shown = piped("inspect", tmp_path / "a.csv").out
    assert "10 zeros are missing, not zero, in first reply time in business hours: no reply is recorded" in shown
    assert "First reply time, business hours (median): 3.0 h, with them as zeros 0 s" in shown


def test_zeros_of_replies_outside_opening_hours_are_true(tmp_path: Path) -> None:
    rows = [
        f"{n},2026-03-02 20:00:00,2026-03-02 21:00:00,{clock},1"
        for n, clock in enumerate(["00:00:00", "01:00:00", "03:00:00"])
    ]
    header = "Ticket ID,Created time,Initial response time,First response time (in hrs),Agent interactions"
    cost = _defect(_inspected(_tickets(tmp_path / "a.csv", rows, header)), "zero-is-true")["cost"]
    assert (cost["value"], cost["otherwise"]) == (3600, 7200)


def test_replies_before_the_opening_are_left_out_and_costed(tmp_path: Path) -> None:
    rows = ["1,2026-03-02 10:00,2026-03-02 12:00,,Open,0", "2,2026-03-02 10:00,2026-03-02 06:00,,Open,0",
            "3,2026-03-02 10:00,2026-03-02 14:00,,Open,0"]  # fmt: skip
    defect = _defect(_inspected(_tickets(tmp_path / "a.csv", rows)), "negative-time")
    assert defect["text"] == "1 ticket is replied to before being opened: left out of that time"
    assert (defect["cost"]["kpi"], defect["cost"]["value"]) == ("first_reply_time_mean", 3 * 3600)
    assert defect["cost"]["otherwise"] == pytest.approx((2 - 4 + 4) / 3 * 3600)


def test_tickets_resolved_or_closed_too_early_and_never_dated_are_counted(tmp_path: Path) -> None:
    header = "Ticket ID,Created time,Resolved time,Closed time,Initial response time,Agent interactions,Status"
    rows = [
        "1,2026-03-02 10:00:00,2026-03-03 10:00:00,2026-03-01 10:00:00,2026-03-02 11:00:00,1,Closed",
        "2,2026-03-02 10:00:00,2026-03-03 10:00:00,,2026-03-04 11:00:00,1,Resolved",
        "3,2026-03-02 10:00:00,,,,0,Resolved",
        "4,2026-03-02 10:00:00,2026-03-05 10:00:00,,2026-03-02 11:00:00,1,Open",
    ]
    record = _inspected(_tickets(tmp_path / "a.csv", rows, header))
    found = {
        one["code"]: (one["count"], one["cost"] and (one["cost"]["value"], one["cost"]["otherwise"]))
        for one in record["defects"]
    }
    assert found == {
        "closed-before-created": (1, None),
        "resolved-before-reply": (1, None),
        "resolved-undated": (1, (2, 3)),
        "open-again": (1, (1, 0)),
    }


def test_unknown_statuses_and_ratings_are_listed_and_costed(tmp_path: Path) -> None:
    header = "Ticket ID,Created time,Resolved time,Initial response time,Status,Survey results"
    rows = [
        "1,2026-03-02 10:00:00,,,Parked at Acme,",
        "2,2026-03-02 10:00:00,,,Open,",
        "3,2026-03-02 10:00:00,2026-03-03 10:00:00,,Resolved,Extremely satisfied",
        "4,2026-03-02 10:00:00,2026-03-03 10:00:00,,Resolved,Mostly satisfied",
        "5,2026-03-02 10:00:00,2026-03-03 10:00:00,,Resolved,Meh",
    ]
    record = _inspected(_tickets(tmp_path / "a.csv", rows, header))
    status, rating = _defect(record, "unknown-status"), _defect(record, "unknown-rating")
    assert "`Parked at Acme` 1" in status["text"]
    assert (status["cost"]["kpi"], status["cost"]["value"], status["cost"]["otherwise"]) == ("backlog", 2, 1)
    assert "`Meh` 1" in rating["text"]
    assert (rating["cost"]["kpi"], rating["cost"]["value"], rating["cost"]["otherwise"]) == ("csat", 1.0, 2 / 3)


def test_a_handle_time_that_nobody_tracks_is_said() -> None:
    rows = _inspected(sample("freshdesk_tickets.csv"))["defects"]
    assert "not-tracked" not in [one["code"] for one in rows]


def test_a_handle_time_of_zero_everywhere_is_not_tracked(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-0{n} 10:00:00,2026-03-0{n} 11:00:00,00:00" for n in (1, 2)]
    record = _inspected(_tickets(tmp_path / "a.csv", rows, "Ticket ID,Created time,Initial response time,Time tracked"))
    assert _defect(record, "not-tracked")["count"] == 2
    assert ["handle_time"] in [one["needs"] for one in record["unavailable"] if one["kpi"] == "handle_time"]


def test_rows_that_repeat_a_key_are_counted_once() -> None:
    record = _inspected(sample("freshdesk_tickets.csv"), sample("freshdesk_tickets.xls"))
    cost = _defect(record, "duplicate-key")["cost"]
    assert (cost["kpi"], cost["value"], cost["otherwise"]) == ("tickets_created", 800, 1097)


@pytest.mark.parametrize(("rows", "is_cap"), [(999, False), (1000, True), (1001, False)])
def test_a_file_of_exactly_a_limit_may_have_been_cut(tmp_path: Path, rows: int, is_cap: bool) -> None:
    path = _tickets(tmp_path / "a.csv", [f"{n},2026-03-02 10:00,,,Open,0" for n in range(rows)])
    codes = [one["code"] for one in _inspected(path)["defects"]]
    assert ("row-cap" in codes) is is_cap


def _daily(tmp_path: Path, usual: int, missing: set[date], days: int = 56) -> Path:
    first = date(2026, 3, 2)
    held = [first + timedelta(days=n) for n in range(days)]
    rows = [
        f"{day:%j}{n},{day} 10:0{n},,,Open,0"
        for day in held
        if day.weekday() < 5 and day not in missing
        for n in range(usual)
    ]
    return _tickets(tmp_path / "a.csv", rows)


@pytest.mark.parametrize(
    ("usual", "missing", "holes"),
    [
        (8, {date(2026, 3, 17)}, [("2026-03-17", "2026-03-17", 1)]),
        (8, {date(2026, 3, 20), date(2026, 3, 23)}, [("2026-03-20", "2026-03-23", 2)]),
        (8, {date(2026, 3, 17), date(2026, 4, 8)}, [("2026-03-17", "2026-03-17", 1), ("2026-04-08", "2026-04-08", 1)]),
        (8, set(), []),
        (2, {date(2026, 3, 17)}, []),
        (3, {date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 19)}, [("2026-03-17", "2026-03-19", 3)]),
    ],
    ids=["a day", "a stretch over a weekend", "two days", "weekends are none", "too few to tell", "few, but three days"],
)  # fmt: skip
def test_days_without_rows_are_holes_where_chance_would_hardly_leave_them(
    tmp_path: Path, usual: int, missing: set[date], holes: list[tuple[str, str, int]]
) -> None:
    found = _inspected(_daily(tmp_path, usual, missing))["holes"]
    assert [(one["first"], one["last"], one["days"]) for one in found] == holes


def test_kpis_that_can_and_cannot_be_had_are_all_named() -> None:
    from kpi_core.kpis import CATALOGUE

    record = _inspected(sample("surveymonkey_responses.csv"))
    able = {one["kpi"]: one["n"] for one in record["kpis"]}
    unable = {one["kpi"]: one["needs"] for one in record["unavailable"]}
    assert {*able, *unable} == {kpi.name for kpi in CATALOGUE}
    assert able["nps"] == 219
    assert unable["backlog"] == ["tickets"]
    assert (
        f"tickets: all {sum(needs == ['tickets'] for needs in unable.values())} KPIs of tickets"
        in piped("inspect", sample("surveymonkey_responses.csv")).out
    )


@pytest.mark.parametrize(("zone", "is_told"), [((), True), (("--zone", "Europe/Stockholm"), False)])
def test_an_unknown_time_zone_is_said(zone: tuple[str, ...], is_told: bool) -> None:
    codes = [one["code"] for one in _inspected(sample("zendesk_tickets.csv"), *zone)["findings"]]
    assert ("no-zone" in codes) is is_told


def test_a_file_without_a_fault_is_said_to_have_none() -> None:
    record = _inspected(sample("google_forms_responses.csv"))
    assert (record["defects"], record["holes"], record["findings"]) == ([], [], [])
    assert "Nothing was found to be wrong" in piped("inspect", sample("google_forms_responses.csv")).out


def test_nothing_from_a_file_reaches_the_terminal_raw(tmp_path: Path) -> None:
    rows = ["1,2026-03-02 10:00,,,\x1b[31m[bold]Ny\x07,0", "2,2026-03-02 10:00,,,Open,0"]
    shown = piped("inspect", _tickets(tmp_path / "a.csv", rows), "--color", "always").out
    assert "\x1b[31m" not in shown
    assert "\x07" not in shown
    assert "[bold]Ny" in shown


def test_the_same_files_give_the_same_bytes() -> None:
    first, second = (piped("inspect", sample("zendesk_tickets.csv"), sample("arenden_2026.csv")).out for _ in range(2))
    assert first == second
