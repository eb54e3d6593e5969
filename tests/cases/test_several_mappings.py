"""Every mapping named is used: each file is read by the one that fits it, and one that fits none is reported.

A mapping's own faults are reported with their file and line, whatever key they stand under.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported

TICKETS = "Ref,Opened,Done\n1,2026-01-01 08:00,2026-01-01 10:00\n2,2026-01-02 08:00,2026-01-02 10:00\n"
ANSWERS = "Ref,Mark,When\n1,5,2026-01-03\n2,2,2026-01-04\n"
FIRST = """name: a
label: a
system: s
table: tickets
recognised_by: {all: [Ref, Opened, Done]}
columns: {ticket_id: Ref, created_at: Opened, resolved_at: Done}
"""
SECOND = """name: b
label: b
system: s
table: answers
recognised_by: {all: [Ref, Mark, When]}
columns: {ticket_id: Ref, answered_at: When}
answers: [{question: csat, from: Mark, scale: [1, 5]}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mappings").mkdir()
    for name, text in (("a.csv", TICKETS), ("b.csv", ANSWERS), ("mappings/a.yaml", FIRST), ("mappings/b.yaml", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_file_is_read_by_the_mapping_that_fits_it(folder: Path) -> None:
    """Hand-worked: two tickets of two hours each, one of two answers is satisfied, both about a ticket."""
    options = ("--mapping", folder / "mappings/a.yaml", "--mapping", folder / "mappings/b.yaml")
    found = reported(folder / "a.csv", folder / "b.csv", *options)
    assert (found.value("tickets_created"), found.value("resolution_time"), found.value("csat")) == (2, 7200, 0.5)
    assert found.value("response_rate_of_resolved") == 1.0


def test_a_folder_of_mappings_is_as_good_as_its_mappings(folder: Path) -> None:
    named = ("--mapping", folder / "mappings/b.yaml", "--mapping", folder / "mappings/a.yaml")
    files = (folder / "b.csv", folder / "a.csv")
    assert reported(*files, "--mapping", folder / "mappings").values == reported(*files, *named).values


def test_a_file_that_none_of_them_fits_is_recognised_by_itself(folder: Path) -> None:
    (folder / "c.csv").write_text("Ticket ID,Status,Created at,Solved at\n7,Solved,2026-01-05 08:00,2026-01-05 09:00\n")
    found = reported(folder / "c.csv", folder / "b.csv", "--mapping", folder / "mappings")
    assert {source["mapping"] for source in found.document["sources"]} == {"spreadsheet-tickets", "b"}


def test_a_mapping_that_fits_no_file_is_reported(folder: Path) -> None:
    options = ("--mapping", folder / "mappings/a.yaml", "--mapping", folder / "mappings/b.yaml")
    found = reported(folder / "a.csv", *options)
    assert "b.yaml` fits none of the files" in found.finding_text("unused-mapping")


def test_two_mappings_that_fit_alike_are_refused(folder: Path) -> None:
    (folder / "mappings/c.yaml").write_text(FIRST.replace("name: a", "name: c"))
    ended = piped("report", folder / "a.csv", "--mapping", folder / "mappings")
    assert (ended.code, "fits `a` and `c` alike" in ended.err) == (3, True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("zone: Europe/Stokholm", "Europe/Stockholm"),
        ("extends: freshdesk-ticket", "freshdesk-tickets"),
        ("extends: not_there.yaml", "not_there.yaml"),
        ("colour: red", "colour"),
    ],
)
def test_a_fault_in_a_mapping_names_its_file_and_line(folder: Path, line: str, message: str) -> None:
    (folder / "m.yaml").write_text(f"{FIRST}{line}\n")
    ended = piped("report", folder / "a.csv", "--mapping", folder / "m.yaml")
    assert ended.code == 3
    assert f"m.yaml:{len(FIRST.splitlines()) + 1}" in ended.err
    assert message in ended.err


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ('is_merged: {from: Done, empty: "perhaps"}', "perhaps"),
        ('is_answered: {from: Done, empty: "1"}', "there are true, false"),
        ('agent_replies: {from: Done, empty: "none"}', "none"),
        ('due_at: {from: Done, empty: "soon"}', "soon"),
        ("due_at: {format: '%d'}", "from: HEADER"),
        ("due_at: {time: Done}", "from: HEADER"),
    ],
)
def test_a_column_that_can_mean_nothing_is_refused(folder: Path, column: str, message: str) -> None:
    (folder / "m.yaml").write_text(FIRST.replace("columns: {", f"columns: {{{column}, ") + "\n")
    ended = piped("report", folder / "a.csv", "--mapping", folder / "m.yaml")
    assert (ended.code, "m.yaml:" in ended.err, message in ended.err) == (3, True, True), ended.err


def test_a_question_without_a_column_is_refused(folder: Path) -> None:
    (folder / "m.yaml").write_text(SECOND.replace("from: Mark, ", ""))
    ended = piped("report", folder / "b.csv", "--mapping", folder / "m.yaml")
    assert (ended.code, "`csat` is read from nothing" in ended.err) == (3, True)
