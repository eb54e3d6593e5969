"""The sample exports hold what their generator says, in the exact shapes of the systems they imitate."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any
from xml.etree import ElementTree as ET

import pytest

SAMPLES = Path(__file__).parents[1] / "sample_data"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
EXPORTS = tuple(TRUTH)
Row = dict[str, str]

FRESHDESK_HEADER = (
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
    "Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),"
    "Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results,"
    "Association type,Product,Every response status,Full name,Contact ID,Company Name"
)
HEADERS = {
    "freshdesk_tickets.csv": FRESHDESK_HEADER,
    "zendesk_tickets.csv": (
        "Id,Requester id,Requester email,Group,Status,Priority,Via,Created at,Updated at,Assigned at,"
        "Initially assigned at,Solved at,Resolution time,Satisfaction Score,Reopens,Replies,"
        "First reply time in minutes within business hours,First resolution time in minutes,"
        "First resolution time in minutes within business hours,Full resolution time in minutes,"
        "Full resolution time in minutes within business hours,Requester wait time in minutes,"
        "Requester wait time in minutes within business hours,Manual Tagging of Categories [list]"
    ),
    "arenden_2026.csv": (
        "Ärendenummer;Skapad;Första svar;Löst;Status;Prioritet;Typ;Kanal;Grupp;Handläggare;Kund;Svarstid (timmar);"
        "Lösningstid (timmar);Antal svar;Återöppnad;Nöjdhet (1-5)"
    ),
    "messages_2026.csv": "Message ID,Ticket ID,Sent at,Author type,Public",
}
REPLY_TARGETS = {"Low": 16, "Medium": 8, "High": 4, "Urgent": 1}


def raw(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def cells(name: str) -> list[list[str]]:
    encoding, delimiter = ("cp1252", ";") if name == "arenden_2026.csv" else ("utf-8", ",")
    return list(csv.reader(io.StringIO(raw(name).decode(encoding), newline=""), delimiter=delimiter))


def rows(name: str) -> list[Row]:
    header, *body = sheet() if name.endswith(".xls") else cells(name)
    return [dict(zip(header, row, strict=True)) for row in body]


def sheet() -> list[list[str]]:
    space = "{urn:schemas-microsoft-com:office:spreadsheet}"
    tree = ET.fromstring(raw("freshdesk_tickets.xls"))
    return [[cell.text or "" for cell in row.iter(f"{space}Data")] for row in tree.iter(f"{space}Row")]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def months(texts: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(text[:7] for text in texts if text).items()))


def counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(value for value in values if value).items()))


def seconds(text: str) -> int:
    hours, minutes, rest = text.removeprefix("-").split(":")
    return (int(hours) * 3600 + int(minutes) * 60 + int(rest)) * (-1 if text.startswith("-") else 1)


def open_seconds(start: datetime, end: datetime) -> int:
    """Monday to Friday 09-17, counted day by day."""
    if end < start:
        return -open_seconds(end, start)
    total, day = timedelta(), start.date()
    while day <= end.date():
        if day.weekday() < 5:
            opens, closes = datetime.combine(day, time(9)), datetime.combine(day, time(17))
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return int(total.total_seconds())


def is_resolved(ticket: Row) -> bool:
    return ticket["Status"] in {"Resolved", "Closed"}


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, "-B", str(SAMPLES / "make_samples.py"), str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", [*EXPORTS, "truth.json"])
def test_regenerating_gives_the_same_bytes(regenerated: Path, name: str) -> None:
    assert (regenerated / name).read_bytes() == raw(name)


def test_nothing_else_is_written(regenerated: Path) -> None:
    assert {path.name for path in regenerated.iterdir()} == {*EXPORTS, "truth.json"}


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir() if path.is_file()) < 2_500_000


@pytest.mark.parametrize(
    ("name", "encoding", "line_end"),
    [
        ("freshdesk_tickets.xls", "utf-8", b"\n"),
        ("freshdesk_tickets.csv", "utf-8", b"\r\n"),
        ("zendesk_tickets.csv", "utf-8", b"\r\n"),
        ("arenden_2026.csv", "cp1252", b"\r\n"),
        ("surveymonkey_responses.csv", "utf-8", b"\n"),
        ("google_forms_responses.csv", "utf-8", b"\n"),
        ("messages_2026.csv", "utf-8", b"\n"),
    ],
)
def test_encoding_and_line_ends(name: str, encoding: str, line_end: bytes) -> None:
    content = raw(name)
    assert content.decode(encoding).isascii() is (name in {"zendesk_tickets.csv", "messages_2026.csv"})
    assert not content.startswith(b"\xef\xbb\xbf")
    ends = re.findall(rb"\r?\n", content)
    assert set(ends) == {line_end}


def test_the_spreadsheet_is_not_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        raw("arenden_2026.csv").decode("utf-8")


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_verbatim(name: str) -> None:
    first = raw(name).split(b"\n", 1)[0].rstrip(b"\r").decode("cp1252" if name == "arenden_2026.csv" else "utf-8")
    assert first == HEADERS[name]


def test_the_xls_is_spreadsheetml_with_numbers_in_three_columns() -> None:
    text = raw("freshdesk_tickets.xls").decode("utf-8")
    assert text.startswith('<?xml version="1.0"?>\n<ss:Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"\n')
    header, *body = sheet()
    assert ",".join(header) == FRESHDESK_HEADER
    assert {len(row) for row in body} == {29}
    assert text.count('ss:Type="Number"') == 3 * len(body)
    assert '</ss:Row><ss:Row>\n  \n    \n    <ss:Cell><ss:Data ss:Type="Number">' in text


@pytest.mark.parametrize("name", ["freshdesk_tickets.xls", "freshdesk_tickets.csv"])
def test_freshdesk_counts(name: str) -> None:
    tickets, known = rows(name), TRUTH[name]
    resolved = [ticket for ticket in tickets if is_resolved(ticket)]
    zeros = [ticket for ticket in tickets if ticket["First response time (in hrs)"] == "00:00:00"]
    found = {
        "rows": len(tickets),
        "created_per_month": months(ticket["Created time"] for ticket in tickets),
        "resolved": len(resolved),
        "unresolved": len(tickets) - len(resolved),
        "statuses": counts(ticket["Status"] for ticket in tickets),
        "resolved_per_month": months(ticket["Resolved time"] for ticket in resolved),
        "resolved_without_instant": sum(not ticket["Resolved time"] for ticket in resolved),
        "reopened_with_resolved_time": sum(
            bool(ticket["Resolved time"]) for ticket in tickets if not is_resolved(ticket)
        ),
        "resolved_without_closed_time": sum(
            bool(ticket["Resolved time"]) and not ticket["Closed time"] for ticket in resolved
        ),
        "unanswered_zeros": sum(not ticket["Initial response time"] for ticket in zeros),
        "true_zeros": sum(bool(ticket["Initial response time"]) for ticket in zeros),
        "negative_first_replies": sum(ticket["First response time (in hrs)"].startswith("-") for ticket in tickets),
        "ratings": counts(ticket["Survey results"] for ticket in tickets),
    }
    assert found == {key: known[key] for key in found}


def test_freshdesk_medians_leave_out_unanswered_and_negative() -> None:
    tickets, known = rows("freshdesk_tickets.xls"), TRUTH["freshdesk_tickets.xls"]
    replies = [seconds(row["First response time (in hrs)"]) for row in tickets if row["Initial response time"]]
    resolutions = [
        seconds(row["Resolution time (in hrs)"]) for row in tickets if is_resolved(row) and row["Resolved time"]
    ]
    assert median(reply for reply in replies if reply >= 0) == known["median_first_reply_business_seconds"]
    assert median(resolutions) == known["median_resolution_business_seconds"]


def test_freshdesk_hours_are_opening_time() -> None:
    for ticket in rows("freshdesk_tickets.xls"):
        created = instant(ticket["Created time"])
        for end, hours in (
            ("Initial response time", "First response time (in hrs)"),
            ("Resolved time", "Resolution time (in hrs)"),
        ):
            spent = open_seconds(created, instant(ticket[end])) if ticket[end] else 0
            assert seconds(ticket[hours]) == spent, ticket["Ticket ID"]


def test_freshdesk_sla_columns_follow_targets_and_due_times() -> None:
    verdicts = {True: "Within SLA", False: "SLA Violated"}
    for ticket in rows("freshdesk_tickets.xls"):
        replied, resolved = ticket["Initial response time"], ticket["Resolved time"]
        in_time = seconds(ticket["First response time (in hrs)"]) <= 3600 * REPLY_TARGETS[ticket["Priority"]]
        assert ticket["First response status"] == (verdicts[in_time] if replied else "")
        judged = is_resolved(ticket) and bool(resolved)
        assert ticket["Resolution status"] == (verdicts[resolved <= ticket["Due by Time"]] if judged else "")


def test_freshdesk_has_every_trap() -> None:
    tickets, known = rows("freshdesk_tickets.xls"), TRUTH["freshdesk_tickets.xls"]
    for trap in ("unanswered_zeros", "true_zeros", "negative_first_replies", "reopened_with_resolved_time"):
        assert known[trap] >= 3, trap
    assert known["resolved_without_instant"] >= 4
    assert known["resolved_without_closed_time"] > known["resolved"] / 2
    assert {"Waiting on Customer", "Waiting on Nordlyset AS"} <= known["statuses"].keys()
    assert 0.08 < sum(known["ratings"].values()) / known["resolved"] < 0.16
    assert {"No Group"} < {ticket["Group"] for ticket in tickets}
    assert {"No Product"} < {ticket["Product"] for ticket in tickets}
    assert any("," in ticket["Tags"] for ticket in tickets)
    assert all(any(mark in ticket["Subject"] for ticket in tickets) for mark in '&<",')
    assert any(seconds(ticket["Resolution time (in hrs)"]) >= 100 * 3600 for ticket in tickets)
    assert any(is_resolved(ticket) and ticket["Agent interactions"] == "0" for ticket in tickets)
    assert len({ticket["Agent"] for ticket in tickets} - {""}) == 14


def test_the_second_freshdesk_export_overlaps_the_first() -> None:
    older = {ticket["Ticket ID"]: ticket for ticket in rows("freshdesk_tickets.xls")}
    newer = {ticket["Ticket ID"]: ticket for ticket in rows("freshdesk_tickets.csv")}
    known = TRUTH["freshdesk_tickets.csv"]
    changed = [key for key, ticket in newer.items() if ticket != older[key]]
    assert all(newer[key]["Last update time"] > older[key]["Last update time"] for key in changed)
    stitched = {**older, **newer}
    assert {
        "duplicate_keys": len(newer.keys() & older.keys()),
        "newer_updates": len(changed),
        "resolved_since": sum(is_resolved(newer[key]) and not is_resolved(older[key]) for key in changed),
        "stitched_tickets": len(stitched),
        "stitched_resolved": sum(map(is_resolved, stitched.values())),
    } == {key: known[key] for key in list(known)[-5:]}
    assert 5 <= len(changed) < len(newer) / 2


def test_zendesk_counts() -> None:
    tickets, known = rows("zendesk_tickets.csv"), TRUTH["zendesk_tickets.csv"]
    solved = [ticket for ticket in tickets if ticket["Status"] in {"Solved", "Closed"}]
    unsolved = [ticket for ticket in tickets if ticket not in solved]
    scores = counts(ticket["Satisfaction Score"] for ticket in tickets)
    assert {
        "rows": len(tickets),
        "created_per_month": months(ticket["Created at"] for ticket in tickets),
        "resolved": len(solved),
        "unresolved": len(unsolved),
        "statuses": counts(ticket["Status"] for ticket in tickets),
        "resolved_per_month": months(ticket["Solved at"] for ticket in solved),
        "unset_solved_1900": sum(ticket["Solved at"] == "1900-01-01 00:00:00" for ticket in unsolved),
        "unset_solved_empty": sum(ticket["Solved at"] == "" for ticket in unsolved),
        "unanswered": sum(ticket["Replies"] == "0" for ticket in tickets),
        "reopened": sum(ticket["Reopens"] != "0" for ticket in tickets),
        "scores": scores,
        "good": sum(scores[score] for score in ("Good", "4", "5")),
        "bad": sum(scores[score] for score in ("Bad", "1", "2")),
    } == known
    assert known["statuses"].keys() == {"New", "Open", "Pending", "Hold", "Solved", "Closed"}
    assert scores.keys() == {"Offered", "Good", "Bad", "1", "2", "3", "4", "5"}
    assert min(known["unset_solved_1900"], known["unset_solved_empty"]) >= 10
    assert 0 < known["reopened"] < known["rows"] / 5
    assert 0 < sum(ticket["Manual Tagging of Categories [list]"] == "-" for ticket in tickets) < len(tickets)


def test_zendesk_minutes_agree_with_its_instants() -> None:
    for ticket in rows("zendesk_tickets.csv"):
        full = ticket["Full resolution time in minutes"]
        assert bool(full) is (ticket["Status"] in {"Solved", "Closed"})
        if full:
            created, solved = instant(ticket["Created at"]), instant(ticket["Solved at"])
            assert int(full) * 60 == (solved - created).total_seconds()
            assert abs(int(ticket["Resolution time"]) * 60 - int(full)) <= 30
            assert int(ticket["Full resolution time in minutes within business hours"]) <= int(full)
            assert int(ticket["Requester wait time in minutes"]) <= int(full)
        assert bool(ticket["First reply time in minutes within business hours"]) is (ticket["Replies"] != "0")


def test_surveymonkey_has_two_header_rows() -> None:
    first, second, *_ = cells("surveymonkey_responses.csv")
    assert ",".join(first[:9]) == (
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1"
    )
    assert second == [""] * 9 + ["Response"] * 4 + ["Open-Ended Response"]


def test_surveymonkey_counts_and_traps() -> None:
    _, _, *body = cells("surveymonkey_responses.csv")
    known = TRUTH["surveymonkey_responses.csv"]
    questions = {"nps": 9, "csat": 10, "ces": 11, "resolved": 12}
    named = [row[8] for row in body if row[8]]
    assert len(body) == len({row[0] for row in body}) == known["rows"]
    assert sum(not any(row[9:]) for row in body) == known["blank_submissions"] == 4
    assert len(named) == known["with_ticket"] < known["rows"]
    assert len(named) - len(set(named)) == known["tickets_answered_twice"] == 3
    for question, place in questions.items():
        assert counts(row[place].replace("-", "") for row in body) == known["answers"][question]
    assert sum(row[10] in {"Very satisfied", "Somewhat satisfied"} for row in body) == known["csat"]["satisfied"]
    assert any(row[11] == "-" for row in body)
    assert any("\n" in row[13] for row in body)
    stamp = re.compile(r"\d\d/\d\d/2026 (0[1-9]|1[0-2]):\d\d:\d\d (AM|PM)")
    assert all(stamp.fullmatch(row[2]) and stamp.fullmatch(row[3]) for row in body)


def test_surveys_name_resolved_tickets() -> None:
    resolved = {ticket["Ticket ID"] for ticket in rows("freshdesk_tickets.xls") if is_resolved(ticket)}
    cases = {case["Ärendenummer"] for case in rows("arenden_2026.csv") if case["Löst"]}
    assert {row[8] for row in cells("surveymonkey_responses.csv")[2:] if row[8]} <= resolved
    named = [response["Ärendenummer"] for response in rows("google_forms_responses.csv") if response["Ärendenummer"]]
    assert sum(number in cases for number in named) >= len(named) - 2, "only a case with a spoilt number may lack one"


def test_google_forms_counts_and_traps() -> None:
    header, *body = cells("google_forms_responses.csv")
    known = TRUTH["google_forms_responses.csv"]
    assert header[:2] == ["Tidstämpel", "Ärendenummer"]
    assert header[2].startswith("Hur sannolikt är det att du skulle rekommendera oss")
    assert len(body) == known["rows"]
    assert sum(not any(row[1:]) for row in body) == known["blank_submissions"] == 2
    places = enumerate(("nps", "nki_satisfaction", "nki_expectation", "nki_ideal", "treatment"), start=2)
    for place, question in places:
        assert counts(row[place] for row in body) == known["answers"][question]
    complete = [row[3:6] for row in body if all(row[3:6])]
    assert len(complete) == known["nki"]["complete"] < len(body)
    assert mean(sum(int(score) - 1 for score in row) / 27 * 100 for row in complete) == pytest.approx(
        known["nki"]["mean"], abs=1e-6
    )
    assert known["answers"]["treatment"]["Vet ej"] > 0
    stamp = re.compile(r"2026/\d\d/\d\d ([1-9]|1[0-2]):\d\d:\d\d (AM|PM) GMT\+2")
    assert all(stamp.fullmatch(row[0]) for row in body)


@pytest.mark.parametrize("name", ["surveymonkey_responses.csv", "google_forms_responses.csv"])
def test_promoters_passives_and_detractors(name: str) -> None:
    known = TRUTH[name]
    scores = [int(score) for score, count in known["answers"]["nps"].items() for _ in range(count)]
    assert known["nps"] == {
        "promoters": sum(score in (9, 10) for score in scores),
        "passives": sum(score in (7, 8) for score in scores),
        "detractors": sum(0 <= score <= 6 for score in scores),
    }


def test_spreadsheet_counts_and_traps() -> None:
    *cases, ghost = rows("arenden_2026.csv")
    known = TRUTH["arenden_2026.csv"]
    dated = re.compile(r"2026-(04|05|06|07|08|09)-\d\d \d\d:\d\d")
    unreadable = [case for case in cases if case["Skapad"] == "2026-06-31 10:15" or not dated.fullmatch(case["Skapad"])]
    unnumbered = [case for case in cases if not case["Ärendenummer"]]
    usable = [case for case in cases if case not in unreadable and case not in unnumbered]
    resolved = [case for case in usable if case["Status"] in {"Löst", "Stängt"}]
    assert not any(ghost.values())
    assert {
        "rows": len(cases),
        "usable_rows": len(usable),
        "unreadable_dates": len(unreadable),
        "missing_numbers": len(unnumbered),
        "ghost_rows": 1,
        "created_per_month": months(case["Skapad"] for case in usable),
        "resolved": len(resolved),
        "unresolved": len(usable) - len(resolved),
        "statuses": counts(case["Status"] for case in usable),
        "resolved_per_month": months(case["Löst"] for case in resolved),
        "reopened": sum(case["Återöppnad"] != "0" for case in usable),
        "ratings": counts(case["Nöjdhet (1-5)"] for case in usable),
    } == known
    assert (known["unreadable_dates"], known["missing_numbers"]) == (3, 2)
    assert known["statuses"].keys() == {"Ny", "Öppen", "Väntar på svar", "Parkerat", "Löst", "Stängt"}
    assert {case["Prioritet"] for case in cases} == {"Låg", "Normal", "Hög", "Brådskande"}
    assert any("\u00a0" in case["Lösningstid (timmar)"] for case in cases)


def test_spreadsheet_hours_are_the_difference_of_its_dates() -> None:
    for case in rows("arenden_2026.csv")[:-1]:
        if case["Löst"] and case["Skapad"][:4] == "2026" and case["Skapad"] != "2026-06-31 10:15":
            hours = (instant(case["Löst"]) - instant(case["Skapad"])).total_seconds() / 3600
            text = case["Lösningstid (timmar)"]
            assert re.fullmatch(r"(\d{1,3}|\d\u00a0\d{3}),\d\d", text)
            assert float(text.replace("\u00a0", "").replace(",", ".")) == pytest.approx(hours, abs=0.006)


def days_to_resolve(tickets: Iterable[Row], month: str) -> float:
    return median(
        (instant(ticket["Solved at"]) - instant(ticket["Created at"])).total_seconds() / 86400
        for ticket in tickets
        if ticket["Created at"].startswith(month) and ticket["Status"] in {"Solved", "Closed"}
    )


def test_july_is_slow() -> None:
    tickets = rows("zendesk_tickets.csv")
    assert days_to_resolve(tickets, "2026-07") > 1.4 * days_to_resolve(tickets, "2026-06")


def test_technical_support_answers_faster_in_september() -> None:
    replies = {
        month: median(
            seconds(ticket["First response time (in hrs)"])
            for ticket in rows("freshdesk_tickets.xls")
            if ticket["Group"] == "Technical Support"
            and ticket["Created time"].startswith(month)
            and ticket["Initial response time"]
        )
        for month in ("2026-06", "2026-08", "2026-09")
    }
    assert replies["2026-09"] < 0.6 * min(replies["2026-06"], replies["2026-08"])


def test_satisfaction_falls_with_waiting() -> None:
    waits: dict[bool, list[float]] = {True: [], False: []}
    for case in rows("arenden_2026.csv")[:-1]:
        if case["Nöjdhet (1-5)"]:
            hours = float(case["Lösningstid (timmar)"].replace("\u00a0", "").replace(",", "."))
            waits[int(case["Nöjdhet (1-5)"]) >= 4].append(hours)
    assert median(waits[False]) > 1.5 * median(waits[True])


def test_newer_tickets_are_less_finished() -> None:
    tickets = rows("zendesk_tickets.csv")
    unfinished = Counter(ticket["Created at"][:7] for ticket in tickets if ticket["Status"] not in {"Solved", "Closed"})
    assert unfinished["2026-09"] > 3 * unfinished["2026-08"] > 0
    assert unfinished["2026-04"] <= 2


def test_some_customers_are_back_within_a_week() -> None:
    tickets = [ticket for ticket in rows("zendesk_tickets.csv") if ticket["Full resolution time in minutes"]]
    opened: dict[str, list[datetime]] = {}
    for ticket in tickets:
        opened.setdefault(ticket["Requester email"], []).append(instant(ticket["Created at"]))
    repeats = [
        any(timedelta() < again - instant(ticket["Solved at"]) <= timedelta(days=7) for again in opened[who])
        for ticket in tickets
        if (who := ticket["Requester email"])
    ]
    assert 0.03 < mean(repeats) < 0.2


def test_the_desks_share_customers_at_reserved_addresses() -> None:
    freshdesk = {ticket["Contact ID"] for ticket in rows("freshdesk_tickets.xls")}
    zendesk = {ticket["Requester email"] for ticket in rows("zendesk_tickets.csv")}
    swedish = {case["Kund"] for case in rows("arenden_2026.csv")[:-1]}
    surveyed = {row[5] for row in cells("surveymonkey_responses.csv")[2:] if row[5]}
    assert len(freshdesk & zendesk & swedish) >= 50
    assert surveyed <= freshdesk
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+@example\.(com|se|no)", who) for who in freshdesk | zendesk | swedish)
