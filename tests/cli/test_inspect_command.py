"""`kundpuls inspect`: what a file was taken for, what is wrong with it, and what that costs."""

import json
import statistics
from collections import Counter
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from invoked import SAMPLES, Ended, on_terminal, piped, sample
from scanned_once import Scans

pytestmark = pytest.mark.usefixtures("scanned_once")

FILES = [*sorted(path.name for path in SAMPLES.glob("*.csv")), "freshdesk_tickets.xls"]


@cache
def _of_sample(*arguments: str) -> Ended:
    """The findings on a sample, which stays as it is."""
    return piped("inspect", *arguments)


def _inspected(*arguments: object) -> dict[str, Any]:
    inspect = _of_sample if Path(str(arguments[0])).parent == SAMPLES else partial(piped, "inspect")
    ended = inspect(*map(str, arguments), "--format", "json")
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
    assert "KPIs that the files have the data for" in shown


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
    by_name = {key: file[key] for key in ("mapping", "kind", "encoding", "delimiter", "header_row", "time_zone")}
    assert by_name == {"mapping": "spreadsheet-tickets", "kind": "csv", "encoding": "cp1252", "delimiter": ";", "header_row": 1,
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
    shown = _of_sample(sample("arenden_2026.csv")).out
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
    assert "First reply time, business hours (median): 3 h, with them as zeros 0 s" in shown


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
        "closed-before-created": (1, (86400, 0)),
        "resolved-before-reply": (1, (3600, 3600)),
        "resolved-undated": (1, (3, 2)),
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
    assert (status["cost"]["kpi"], status["cost"]["value"], status["cost"]["otherwise"]) == ("backlog", 1, 2)
    assert "`Meh` 1" in rating["text"]
    assert (rating["cost"]["kpi"], rating["cost"]["value"], rating["cost"]["otherwise"]) == ("csat", 1.0, 2 / 3)


def test_a_handle_time_that_nobody_tracks_is_reported() -> None:
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
    kept = [first + timedelta(days=n) for n in range(days)]
    rows = [
        f"{day:%j}{n},{day} 10:0{n},,,Open,0"
        for day in kept
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
    from kpi_core.model.tables import TABLES

    record = _inspected(sample("surveymonkey_responses.csv"))
    able = {one["kpi"]: one["n"] for one in record["kpis"]}
    unable = {one["kpi"]: one["needs"] for one in record["unavailable"]}
    assert {*able, *unable} == {kpi.name for kpi in CATALOGUE}
    assert able["nps"] == 219
    assert unable["backlog"] == ["tickets"]
    output = _of_sample(sample("surveymonkey_responses.csv")).out
    lacking = Counter(
        next(need for need in needs if need in TABLES) for needs in unable.values() if TABLES.keys() & needs
    )
    assert lacking["tickets"] > 30
    for table, count in lacking.items():
        what = "the KPI" if count == 1 else f"all {count} KPIs"
        assert f"{table}: {what} of {table}" in output


@pytest.mark.parametrize(("zone", "is_reported"), [((), True), (("--zone", "Europe/Stockholm"), False)])
def test_an_unknown_time_zone_is_reported(zone: tuple[str, ...], is_reported: bool) -> None:
    codes = [one["code"] for one in _inspected(sample("zendesk_tickets.csv"), *zone)["findings"]]
    assert ("no-zone" in codes) is is_reported


def test_files_that_overlap_say_in_which_days_and_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    january = _tickets(tmp_path / "january.csv", ["1,2026-01-30 10:00,,,Open,0", "2,2026-01-31 10:00,,2026-01-31 12:00,Solved,0"])  # fmt: skip
    february = _tickets(tmp_path / "february.csv", ["1,2026-01-30 10:00,,2026-02-02 10:00,Solved,0", "3,2026-02-01 10:00,,,Open,0"])  # fmt: skip
    (overlap,) = _inspected(january, february)["overlaps"]
    assert overlap == {
        "table": "tickets",
        "files": [str(january), str(february)],
        "first": "2026-01-30",
        "last": "2026-01-30",
        "days": 1,
        "shared": 1,
        "changed": 1,
        "columns": {"resolved_at": 1, "status": 1},
        "cost": {"kpi": "tickets_resolved", "unit": "count", "value": 2, "otherwise": 1, "if": "if the older of two rows counted"},
    }  # fmt: skip
    shown = piped("inspect", january, february).out
    assert f"{january} and {february} both have tickets on 30 Jan 2026; 1 key is in both, 1 with rows that changed (resolved_at 1, status 1)" in shown  # fmt: skip
    assert "Tickets resolved: 2, if the older of two rows counted 1" in shown
    monkeypatch.chdir(tmp_path)
    narrow = on_terminal(monkeypatch, 80, "inspect", january.name, february.name)
    assert max(map(len, narrow.splitlines())) <= 80


def test_a_hole_says_what_is_usual_and_what_is_missing_of_the_tickets(tmp_path: Path) -> None:
    (hole,) = _inspected(_daily(tmp_path, 8, {date(2026, 3, 17)}))["holes"]
    assert hole["usual"] == 8
    assert hole["cost"] == {"kpi": "tickets_created", "unit": "count", "value": 39 * 8, "otherwise": 40 * 8, "if": "with as many as are usual"}  # fmt: skip
    assert "Tickets created: 312, with as many as are usual 320" in piped("inspect", tmp_path / "a.csv").out


def test_a_file_says_from_which_day_to_which_it_runs() -> None:
    (file,) = _inspected(sample("zendesk_tickets.csv"))["files"]
    first, last = date.fromisoformat(file["first"]), date.fromisoformat(file["last"])
    assert f"({(last - first).days + 1} days)" in _of_sample(sample("zendesk_tickets.csv")).out


@pytest.mark.parametrize("width", [80, 200])
def test_what_a_column_holds_stands_next_to_it_and_folds_where_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    shown = on_terminal(monkeypatch, width, "inspect", sample("zendesk_tickets.csv"))
    assert "Contents" in shown
    assert max(map(len, shown.splitlines())) <= width


def test_rows_that_the_format_leaves_out_are_not_refused_ones(tmp_path: Path) -> None:
    header = "Name,Financial Status,Lineitem name,Id,Created at,Total,Email"
    rows = [
        "#1001,paid,Mug,501,2026-04-05 17:06:00 +0200,150,a@example.com",
        "#1001,,Cup,,2026-04-05 17:06:00 +0200,,a@example.com",
    ]
    path = _tickets(tmp_path / "orders.csv", rows, header)
    shown = piped("inspect", path).out
    assert "orders: 2 read, 1 used, 0 refused, 1 left out by the format (line item of an order 1)" in shown
    assert _inspected(path)["defects"] == []


def test_headers_that_go_by_another_table_s_words_are_not_columns_of_this_one(tmp_path: Path) -> None:
    header = "Name,Financial Status,Lineitem name,Id,Created at,Total,Email"
    path = _tickets(tmp_path / "orders.csv", ["#1001,paid,Mug,501,2026-04-05 17:06:00 +0200,150,a@example.com"], header)
    (file,) = _inspected(path)["files"]
    assert [one["field"] for one in file["columns"] if one["header"] == "Created at"] == ["ordered_at"]


def test_a_note_that_a_column_shows_is_not_reported_twice(tmp_path: Path) -> None:
    rows = [f"{n},{n}/12/2025 10:00,,,Open,0" for n in (24, 25, 26)]
    shown = piped("inspect", _tickets(tmp_path / "a.csv", rows)).out
    assert shown.count("day first") == 1


def test_of_many_headers_that_are_not_read_the_page_names_some_and_json_all(tmp_path: Path) -> None:
    header = ",".join(["Ticket ID", "Created", "Status", *(f"Custom {n}" for n in range(30))])
    path = _tickets(tmp_path / "a.csv", [f"{n},2026-03-02 10:00,Open" + "," * 30 for n in range(3)], header)
    assert len(_inspected(path)["files"][0]["ignored"]) == 30
    shown = piped("inspect", path).out
    assert "`Custom 19` and 10 more" in shown
    assert "Custom 20" not in shown


def test_what_is_lacking_is_gathered_and_every_kpi_stands_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    record = _inspected(sample("zendesk_tickets.csv"))
    shown = on_terminal(monkeypatch, 80, "inspect", sample("zendesk_tickets.csv"))
    unavailable = shown.partition("KPIs that they do not have the data for, by what is missing\n")[2].splitlines()
    assert len(unavailable) < len(record["unavailable"])
    assert sum(line.startswith("  answers to") for line in unavailable) == 1
    assert all(one["needs"] for one in record["unavailable"])


def test_a_file_without_a_fault_is_reported_to_have_none() -> None:
    record = _inspected(sample("google_forms_responses.csv"))
    assert (record["defects"], record["holes"], record["findings"]) == ([], [], [])
    assert "Nothing was found to be wrong" in _of_sample(sample("google_forms_responses.csv")).out


def test_nothing_from_a_file_reaches_the_terminal_raw(tmp_path: Path) -> None:
    rows = ["1,2026-03-02 10:00,,,\x1b[31m[bold]Ny\x07,0", "2,2026-03-02 10:00,,,Open,0"]
    shown = piped("inspect", _tickets(tmp_path / "a.csv", rows), "--color", "always").out
    assert "\x1b[31m" not in shown
    assert "\x07" not in shown
    assert "[bold]Ny" in shown


def test_the_same_files_give_the_same_bytes(scans: Scans) -> None:
    shown = []
    for _ in range(2):
        scans.clear()
        shown.append(piped("inspect", sample("zendesk_tickets.csv"), sample("arenden_2026.csv")).out)
    assert shown[0] == shown[1]


def test_a_column_that_is_read_as_two_things_is_shown_as_what_is_kept(tmp_path: Path) -> None:
    """The day of an answer that, where no cell in its words is known, is read as whether one was given too."""
    rows = ["V-3;5.3.2026 2%.59;4", "V-6;9.3.2026 12.00;Kyllä", "", "Vastaus-ID;Vastattu;Kuinka helppoa asiointi oli?"]
    path = tmp_path / "vastaukset.csv"
    path.write_text("\n".join(["Vastaus-ID;Vastattu;Kuinka helppoa Ystävällisyys", *rows, ""]), encoding="cp850")
    ended = piped("inspect", path)
    assert (ended.code, "answered_at" in ended.out) == (0, True)


@pytest.mark.parametrize("text", ["Totalt\n1\n2\n3\n", "note\n\nringde\nsumma 3\n", "x\n"])
def test_a_list_of_one_column_is_diagnosed_and_no_bug(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    ended = piped("inspect", path)
    assert ended.code in (0, 3), ended.err
    assert "this is a bug" not in ended.err
