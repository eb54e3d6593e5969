"""Files found by a name that is not unique, or that are no exports: read twice, hanging, or taken for data.

Members of one name are both read, one file named twice is read once; pipes, locks and our own reports in a folder are passed over.
"""

import os
import sys
import zipfile
from pathlib import Path

import pytest
from invoked import piped
from reported import CASES, reported

TICKETS = (
    "Ticket ID,Created at,Resolved at,Status\n1,2026-01-01 08:00,2026-01-02 08:00,Solved\n2,2026-01-03 08:00,,Open\n"
)
MORE = "Ticket ID,Created at,Resolved at,Status\n3,2026-01-04 08:00,,Open\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "exports"
    place.mkdir()
    (place / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    return place


def test_two_members_of_one_name_are_both_read() -> None:
    found = reported(CASES / "two-members-of-one-name.zip")
    tickets = [
        source for source in found.document["sources"] if source["table"] == found.document["sources"][0]["table"]
    ]
    assert sorted(source["rows_read"] for source in tickets) == [15, 297]
    assert len({source["path"] for source in tickets}) == 2


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_member_packed_twice_is_read_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        for content in (TICKETS, TICKETS, MORE):
            archive.writestr("a.csv", content)
    found = reported(tmp_path / "twice.zip")
    assert found.value("tickets_created") == 3
    assert "twice" in found.said("passed-over")
    assert all(not reasons for reasons in found.refused)


def test_one_file_by_two_paths_and_a_hard_link_is_read_once(folder: Path) -> None:
    os.link(folder / "tickets.csv", folder / "again.csv")
    (folder / "linked.csv").symlink_to(folder / "tickets.csv")
    found = reported(folder, folder / "tickets.csv", folder / ".." / "exports" / "tickets.csv")
    assert [source["rows_read"] for source in found.document["sources"]] == [2]


def test_a_copy_is_said_and_its_rows_are_repeats(folder: Path) -> None:
    (folder / "copy.csv").write_text(TICKETS, encoding="utf-8")
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert "holds the same as" in found.said("passed-over")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_in_a_folder_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    for argument in (folder, folder / "*.csv"):
        found = reported(argument)
        assert found.value("tickets_created") == 2
        assert "pipe.csv is passed over: no file" in found.said("passed-over")
        assert "gone.csv is passed over: a link to nothing" in found.said("passed-over")


def test_locks_and_hidden_files_are_no_exports(folder: Path) -> None:
    for name in ("~$tickets.xlsx", ".~lock.tickets.csv", ".hidden.csv", "._tickets.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    assert reported(folder).value("tickets_created") == 2
    assert reported(folder / "*").value("tickets_created") == 2


@pytest.mark.parametrize("name", ["report.csv", "report.json", "report.ndjson", "report.xlsx"])
def test_our_own_report_in_the_folder_is_passed_over(folder: Path, name: str) -> None:
    assert piped("report", folder / "tickets.csv", "--period", "all", "-o", folder / name).code == 0
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert f"{name} is passed over: kundpuls wrote it" in found.said("passed-over")
    ended = piped("report", folder / name)
    assert ended.code == 3
    assert "was written by kundpuls" in ended.err


def test_our_own_rows_and_refusals_are_passed_over(folder: Path) -> None:
    (folder / "tickets.csv").write_text(TICKETS + "3,never,,Open\n", encoding="utf-8")
    assert piped("report", folder, "--period", "all", "--refused", folder / "refused.csv").code == 0
    rows = piped("rows", "tickets_created", folder / "tickets.csv", "--period", "all", "--format", "csv")
    (folder / "rows.csv").write_text(rows.out, encoding="utf-8")
    found = reported(folder)
    assert len(found.document["sources"]) == 1
    assert found.said("passed-over").count("kundpuls wrote it") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_not_utf8_is_read_and_shown(folder: Path) -> None:
    (folder / "tickets.csv").rename(os.fsdecode(os.fsencode(folder) + b"/\xe4renden.csv"))
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert found.document["sources"][0]["path"].endswith("\\xe4renden.csv")
