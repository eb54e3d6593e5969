"""Next to a count of resolutions stands how many resolutions, tickets and customers it is of."""

import pytest

import kpi_core
from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows import drill
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message

HEADER = "Ticket number,Opened,Resolved,Status,Reopens,Customer ID"
ROWS = (
    "1,2026-09-01 08:00,2026-09-02 10:00,Resolved,0,c1",
    "2,2026-09-01 08:00,2026-09-03 10:00,Resolved,2,c1",
    "3,2026-09-01 08:00,2026-09-04 10:00,Resolved,1,c2",
    "4,2026-09-01 08:00,2026-09-04 10:00,Resolved,,",
    "5,2026-09-01 08:00,,Open,3,c3",
    "6,2026-08-01 08:00,2026-08-04 10:00,Resolved,1,c4",
)


def read(folder, drop=()):
    columns = HEADER.split(",")
    kept = [place for place, name in enumerate(columns) if name not in drop]
    lines = [",".join(line.split(",")[place] for place in kept) for line in (HEADER, *ROWS)]
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path], keep=["customer_id"])


def asked(name="tickets_resolved", period="2026-09"):
    return Request(kpis=(BY_NAME[name],), period=period)


def how_many_notes(files, request):
    (one,) = report_on(prepare(files, request)).totals
    return [note for note in one.notes if isinstance(note, Message) and note.key.startswith("how-many")]


@pytest.mark.parametrize("name", ["tickets_resolved", "resolution_rate"])
def test_a_count_of_resolutions_says_of_what(tmp_path, name):
    (note,) = how_many_notes(read(tmp_path), asked(name))
    assert dict(note.values) == {"events": 4 + 3, "tickets": 4, "customers": 2}
    assert str(note).startswith("7 resolutions · 4 tickets · 2 customers")


@pytest.mark.parametrize(
    ("drop", "key", "values"),
    [
        (("Reopens",), "how-many-customers", {"tickets": 4, "customers": 2}),
        (("Customer ID",), "how-many-events", {"tickets": 4, "events": 7}),
        (("Reopens", "Customer ID"), "how-many-tickets", {"tickets": 4}),
    ],
)
def test_what_the_files_do_not_know_is_not_reported(tmp_path, drop, key, values):
    (note,) = how_many_notes(read(tmp_path, drop), asked())
    assert (note.key, dict(note.values)) == (key, values)


@pytest.mark.parametrize("name", ["tickets_created", "csat", "fcr_one_touch"])
def test_what_counts_no_resolutions_says_nothing_of_them(tmp_path, name):
    files = read(tmp_path)
    assert [
        note
        for one in report_on(prepare(files, asked(name))).totals
        for note in one.notes
        if "how-many" in getattr(note, "key", "")
    ] == []


def test_of_the_whole_file_all_resolved_tickets_count(tmp_path):
    (note,) = how_many_notes(read(tmp_path), asked(period="all"))
    assert dict(note.values) == {"events": 5 + 4, "tickets": 5, "customers": 3}


def test_the_rows_behind_it_say_the_same(tmp_path):
    found = drill(read(tmp_path), asked())
    assert "7 resolutions · 4 tickets · 2 customers" in " ".join(map(str, found.result.notes))


def test_where_nothing_was_resolved_nothing_is_reported(tmp_path):
    assert how_many_notes(read(tmp_path), asked(period="2026-10")) == []
