"""Headers that look like a column and say another thing: what was missed, what is promised, a mean, a time of day, a subject."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_reports import Results, findings, report_json, totals, written

from kpi_core.ingest.fields.words import categories
from kpi_core.model.tables import Kind

DAYS = range(1, 21)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Hanterad", "closed"), ("Avklarad", "closed"), ("Klarmarkerad", "closed"), ("Hoidettu", "closed"), ("Käsitelty", "closed"),
        ("Päätetty", "closed"), ("Closed - no response", "closed"), ("Inkommen", "new"), ("Mottagen", "new"), ("Väntar kund", "pending"),
        ("Aktiv", "open"), ("Kesken", "open"), ("Avattu uudelleen", "open"), ("Færdig", "solved"),
    ],
)  # fmt: skip
def test_words_of_a_status(word: str, status: str):
    assert categories(Kind.STATUS)[word.lower()] == status


@pytest.mark.parametrize(
    ("written_so", "priority"),
    [("Prio 1", "urgent"), ("Prioritet 2", "high"), ("Priority 3", "normal"), ("prio 4", "low")],
)
def test_a_first_priority_is_the_most_urgent(written_so: str, priority: str):
    assert categories(Kind.PRIORITY)[written_so.lower()] == priority


def _report(folder: Path, header: str, row: Callable[[int], str]) -> tuple[Results, list[str]]:
    document = report_json(written(folder, "list", header, *map(row, DAYS)), "--period", "all")
    return totals(document), findings(document, "drafted-mapping")


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("SLA breached", "sla_resolution_rate_vendor"),
        ("Breached SLA", "sla_resolution_rate_vendor"),
        ("Is overdue", "sla_resolution_rate_vendor"),
        ("Försenad", "sla_resolution_rate_vendor"),
        ("Forsinket", "sla_resolution_rate_vendor"),
        ("Myöhässä", "sla_resolution_rate_vendor"),
        ("SLA-brott", "sla_resolution_rate_vendor"),
        ("SLA missad (j/n)", "sla_resolution_rate_vendor"),
        ("SLA ej uppfylld", "sla_resolution_rate_vendor"),
        ("Resolution SLA violated", "sla_resolution_rate_vendor"),
        ("First response breached", "sla_first_reply_rate"),
        ("First reply SLA missed", "sla_first_reply_rate"),
        ("Svar försenat", "sla_first_reply_rate"),
    ],
)
@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("1", "0")])
def test_what_was_missed_was_not_met(tmp_path: Path, header: str, kpi: str, yes: str, no: str):
    found, _ = _report(
        tmp_path, f"Ticket ID,Created,Resolved,Status,{header}",
        lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed,{yes if day % 5 == 0 else no}",
    )  # fmt: skip
    assert (found[kpi]["numerator"], found[kpi]["denominator"]) == (16, 20)


@pytest.mark.parametrize("header", ["SLA met", "SLA not breached", "Ej försenad", "SLA uppfylld"])
def test_what_was_not_missed_was_met(tmp_path: Path, header: str):
    found, _ = _report(
        tmp_path, f"Ticket ID,Created,Resolved,Status,{header}",
        lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed,{'Yes' if day % 5 else 'No'}",
    )  # fmt: skip
    assert found["sla_resolution_rate_vendor"]["numerator"] == 16


def test_a_word_that_says_itself_whether_it_was_missed_is_not_turned(tmp_path: Path):
    found, _ = _report(
        tmp_path, "Ticket ID,Created,Resolved,Status,SLA breached",
        lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed,{'Met' if day % 5 else 'Breached'}",
    )  # fmt: skip
    assert found["sla_resolution_rate_vendor"]["numerator"] == 16


def test_a_column_named_on_the_command_line_is_turned_too(tmp_path: Path):
    rows = [
        f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed,{'No' if day % 5 else 'Yes'}" for day in DAYS
    ]
    path = written(tmp_path, "list", "Ticket ID,Created,Resolved,Status,Promise violated", *rows)
    found = totals(report_json(path, "--period", "all", "--column", "sla_resolution_met=Promise violated"))
    assert found["sla_resolution_rate_vendor"]["numerator"] == 16


@pytest.mark.parametrize(
    "header",
    ["Resolve by", "Solve by date", "Lös senast", "Løses innen", "Løses inden", "Ratkaistava mennessä", "SLA due", "Deadline",
     "Expected resolution", "Planerad lösning"],
)  # fmt: skip
def test_a_promise_is_when_a_ticket_is_due_and_no_resolution(tmp_path: Path, header: str):
    found, _ = _report(
        tmp_path, f"Ticket ID,Created,{header},Status,Closed at",
        lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 16:00,Closed,2026-09-{day:02d} {10 + day % 10}:00",
    )  # fmt: skip
    assert found["resolution_time"]["value"] == 6.5 * 3600
    assert (found["sla_resolution_rate"]["numerator"], found["sla_resolution_rate"]["denominator"]) == (14, 20)


@pytest.mark.parametrize("header", ["Respond by", "Svara senast", "Besvares innen"])
def test_a_promise_of_a_reply_is_no_reply(tmp_path: Path, header: str):
    found, _ = _report(
        tmp_path, f"Ticket ID,Created,{header},Status", lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 16:00,Closed"
    )  # fmt: skip
    assert "first_reply_time" not in found


@pytest.mark.parametrize(
    "header",
    ["Average response time (hours)", "Avg first response time (hours)", "Genomsnittlig svarstid (timmar)",
     "Gjennomsnittlig svartid (timer)"],
)  # fmt: skip
def test_a_mean_over_several_replies_is_not_the_first(tmp_path: Path, header: str):
    found, drafted = _report(
        tmp_path, f"Ticket ID,Created,Status,{header}", lambda day: f"{day},2026-09-{day:02d} 08:00,Closed,{day}"
    )
    assert "first_reply_time" not in found
    assert f"`{header}` as first_reply_time (a mean over several" in drafted[0]


@pytest.mark.parametrize("header", ["Första svar", "Første svar", "First answer"])
def test_a_time_of_day_is_no_duration(tmp_path: Path, header: str):
    found, drafted = _report(
        tmp_path, f"Ticket ID,Created,Status,{header}",
        lambda day: f"{day},2026-09-{day:02d} {day % 9 + 8:02d}:03,Closed,{day % 9 + 9:02d}:{day:02d}",
    )  # fmt: skip
    assert "first_reply_time" not in found
    assert f"`{header}` as first_reply_time (its cells are times of day" in drafted[0]


def test_a_duration_under_the_name_of_an_event_is_read(tmp_path: Path):
    """Many of its cells lie before the clock of the opening, which no event of that day can."""
    found, _ = _report(
        tmp_path, "Ticket ID,Created,Status,Första svar",
        lambda day: f"{day},2026-09-{day:02d} {day % 9 + 8:02d}:03,Closed,{day % 4:02d}:{day * 5 % 60:02d}",
    )  # fmt: skip
    assert found["first_reply_time"]["n"] == 20


@pytest.mark.parametrize(
    ("number", "subject"), [("Nr", "Ärende"), ("Löpnr", "Ärende"), ("Løpenr", "Sak"), ("#", "Case")]
)
def test_a_subject_is_no_number(tmp_path: Path, number: str, subject: str):
    found, _ = _report(
        tmp_path, f"{number},Datum,{subject},Löst datum,Status",
        lambda day: f"{day},2026-09-{day:02d} 08:00,Fråga om faktura,2026-09-{day:02d} 10:00,Löst",
    )  # fmt: skip
    assert found["tickets_created"]["value"] == found["resolution_time"]["n"] == 20


@pytest.mark.parametrize(
    "header",
    ["Ticket #,Opened,Resolved,Status", "Case #,Open Date,Close Date,Status", "#,Skapad,Löst,Status", "Rad,Skapat,Löst,Status",
     "INC,Created,Closed,State", "Issue,Reported,Fixed,Status", "Id,Datum,Klart,Status", "Request ID,Submitted,Completed,State"],
)  # fmt: skip
def test_short_lists_of_a_number_and_two_dates_are_read(tmp_path: Path, header: str):
    found, _ = _report(tmp_path, header, lambda day: f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed")
    assert (found["resolution_time"]["value"], found["resolution_time"]["n"]) == (7200, 20)


def _days_or_hours(day: int) -> str:
    return f"{day},2026-09-{day:02d} 08:00,Closed,{day % 3}:{day:02d}:{day * 2 + 10:02d}"


def test_clocks_of_days_or_hours_are_not_read_until_one_says_which(tmp_path: Path):
    path = written(tmp_path, "list", "Ticket ID,Created,Status,Svarstid", *map(_days_or_hours, DAYS))
    document = report_json(path, "--period", "all")
    assert "first_reply_time" not in totals(document)
    mapping = tmp_path / "m.yaml"
    head = "name: m\nlabel: m\nsystem: m\ntable: tickets\nrecognised_by: {all: [Ticket ID, Svarstid]}\n"
    columns = "columns: {ticket_id: Ticket ID, created_at: Created, status: Status, first_reply_time: {from: Svarstid, unit: %s}}\n"
    for unit in ("clock", "d:hh:mm"):
        mapping.write_text(head + columns % unit)
        value = totals(report_json(path, "--period", "all", "--mapping", mapping))["first_reply_time"]["value"]
        assert (value >= 86_400) is (unit == "d:hh:mm")


@pytest.mark.parametrize(("header", "is_of_days"), [("Svarstid (d:hh:mm)", True), ("Svarstid (h:mm:ss)", False)])
def test_a_header_says_what_its_clocks_count(tmp_path: Path, header: str, is_of_days: bool):
    found, _ = _report(tmp_path, f"Ticket ID,Created,Status,{header}", _days_or_hours)
    assert (found["first_reply_time"]["value"] >= 86_400) is is_of_days


@pytest.mark.parametrize("header", ["Prioritet", "Priority", "Prio"])
def test_bare_numbers_of_a_priority_rank_it_and_are_reported(tmp_path: Path, header: str):
    rows = [f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} {10 + day % 4}:00,Closed,{day % 4 + 1}" for day in DAYS]
    path = written(tmp_path, "list", f"Ticket ID,Created,Resolved,Status,{header}", *rows)
    document = report_json(path, "--period", "all", "--by", "priority", "--min-n", 1)
    times = {
        one["group"]["priority"]: one["value"]
        for one in document["results"]
        if one["kpi"] == "resolution_time" and one["group"]
    }
    assert times == {"urgent": 2 * 3600, "high": 3 * 3600, "normal": 4 * 3600, "low": 5 * 3600}
    assert f"`{header}` read with 1 as the most urgent" in json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize("numbers", ["0 3 7 9", "10 20 30 40"])
def test_other_numbers_of_a_priority_are_unknown_words(tmp_path: Path, numbers: str):
    ranks = numbers.split()
    rows = [f"{day},2026-09-{day:02d} 08:00,2026-09-{day:02d} 10:00,Closed,{ranks[day % 4]}" for day in DAYS]
    document = report_json(
        written(tmp_path, "list", "Ticket ID,Created,Resolved,Status,Priority", *rows),
        "--period",
        "all",
        "--sla",
        "resolution:urgent=1h",
    )
    assert "`Priority` is not read as priority" in json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize("header", ["First response time", "Svarstid", "Time resolved", "Tid löst"])
def test_clocks_that_go_on_from_the_opening_are_times_of_day(tmp_path: Path, header: str):
    rows = [f"{day},2026-09-{day:02d} {day % 9 + 8:02d}:03,Closed,{day % 9 + 9:02d}:{day:02d}" for day in DAYS]
    document = report_json(written(tmp_path, "list", f"Ticket ID,Created,Status,{header}", *rows), "--period", "all")
    assert not {"first_reply_time", "resolution_time"} & set(totals(document))
    assert "times of day without their dates" in json.dumps(document)


@pytest.mark.parametrize("header", ["First response time", "Svarstid", "First response time (h:mm)"])
def test_clocks_that_do_not_are_durations(tmp_path: Path, header: str):
    found, _ = _report(
        tmp_path, f"Ticket ID,Created,Status,{header}",
        lambda day: f"{day},2026-09-{day:02d} {day % 9 + 8:02d}:03,Closed,{day * 7 % 20:02d}:{day * 5 % 60:02d}",
    )  # fmt: skip
    assert found["first_reply_time"]["n"] == 20
