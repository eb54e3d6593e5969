"""Files found by a name that is not unique, or that are no exports: read twice, hanging, or taken for data.

Members of one name are both read, one file named twice is read once; pipes, locks and our own reports in a folder are passed over.
"""

import os
import shutil
import struct
import subprocess
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
    assert "twice" in found.finding_text("passed-over")
    assert all(not reasons for reasons in found.refused)


def test_one_file_by_two_paths_and_a_hard_link_is_read_once(folder: Path) -> None:
    os.link(folder / "tickets.csv", folder / "again.csv")
    (folder / "linked.csv").symlink_to(folder / "tickets.csv")
    found = reported(folder, folder / "tickets.csv", folder / ".." / "exports" / "tickets.csv")
    assert [source["rows_read"] for source in found.document["sources"]] == [2]


def test_a_copy_is_reported_and_its_rows_are_repeats(folder: Path) -> None:
    (folder / "copy.csv").write_text(TICKETS, encoding="utf-8")
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert "holds the same as" in found.finding_text("passed-over")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_in_a_folder_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    for argument in (folder, folder / "*.csv"):
        found = reported(argument)
        assert found.value("tickets_created") == 2
        assert "pipe.csv is passed over: no file" in found.finding_text("passed-over")
        assert "gone.csv is passed over: a link to nothing" in found.finding_text("passed-over")


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
    assert f"{name} is passed over: kundpuls wrote it" in found.finding_text("passed-over")
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
    assert found.finding_text("passed-over").count("kundpuls wrote it") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_not_utf8_is_read_and_shown(folder: Path) -> None:
    (folder / "tickets.csv").rename(os.fsdecode(os.fsencode(folder) + b"/\xe4renden.csv"))
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert found.document["sources"][0]["path"].endswith("\\xe4renden.csv")


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_in_a_folder_or_in_an_archive_is_read(folder: Path, tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"more.csv": MORE})
    zipped(folder / "outer.ZIP", {"inner.zip": inner.read_bytes(), "notes.md": "x"})
    found = reported(folder)
    assert found.value("tickets_created") == 3
    assert [source["path"].rpartition("exports/")[2] for source in found.document["sources"]] == [
        "outer.ZIP/inner.zip/more.csv",
        "tickets.csv",
    ]


def test_an_archive_that_is_not_read_is_reported(folder: Path, tmp_path: Path) -> None:
    (folder / "old.7z").write_bytes(b"7z")
    deep = tmp_path / "deep.zip"
    zipped(deep, {"more.csv": MORE})
    for place in range(3):
        deep = zipped(tmp_path / f"deep{place}.zip", {"deep.zip": deep.read_bytes()})
    shutil.copy(deep, folder / "deep.zip")
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert "old.7z is passed over: an archive of a kind that is not read" in found.finding_text("passed-over")
    assert "it lies 3 archives deep" in found.finding_text("passed-over")


def compound(stream: str, content: bytes) -> bytes:
    """A compound file, as Excel keeps its older and its locked workbooks in, with one stream."""
    content = content.ljust(4096, b"\0")
    count, free, end = len(content) // 512, 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *(place + 3 for place in range(count - 1)), end]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x10I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)[: 76 - len(head)]
    head += struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        spelled = f"{name}\0".encode("utf-16-le")
        place = struct.pack("<HBB3I", len(spelled), kind, 1, free, free, child)
        return spelled.ljust(64, b"\0") + place + bytes(36) + struct.pack("<IQ", start, size)

    entries = entry("Root Entry", 5, 1, end, 0) + entry(stream, 2, free, 2, len(content))
    return head + struct.pack("<128I", *table, *[free] * (128 - len(table))) + entries.ljust(512, b"\0") + content


LOCKED_XLS = struct.pack("<2H8H", 0x809, 16, 0x600, 5, *[0] * 6) + struct.pack("<5H", 0x2F, 6, 1, 1, 2) + b"\n\0\0\0"
UNREADABLE: dict[str, tuple[str, bytes]] = {
    "empty.csv": ("is empty", b""),
    "blank.csv": ("is empty", b" \n \n"),
    "page.xls": ("is a web page", b"<html><table><tr><td>1</td></tr></table></html>"),
    "cut.xlsx": ("cannot be read as a workbook", b"PK\x03\x04 cut off"),
    "noise.csv": ("is not a text file", bytes(range(256)) * 20),
    "locked.xlsx": ("is protected by a password", compound("EncryptedPackage", b"x")),
    "locked.xls": ("is protected by a password", compound("Workbook", LOCKED_XLS)),
    "broken.json": ("cannot be read as JSON", b'[{"id": 1}, {"id"'),
    "cut.csv.gz": ("is damaged inside its gzip", b"\x1f\x8b\x08\0\0\0\0\0"),
    "none.zip": ("is not a zip archive", b"PK nothing"),
    "notes.zip": ("no exports in the archive", b"PK\x05\x06" + bytes(18)),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_among_others_that_cannot_be_read_is_set_aside_and_reported(folder: Path, name: str) -> None:
    message, content = UNREADABLE[name]
    (folder / name).write_bytes(content)
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert name in (text := found.finding_text("set-aside"))
    assert message in text
    assert [finding["serious"] for finding in found.document["findings"] if finding["code"] == "set-aside"] == [True]
    ended = piped("report", folder / name)
    assert (ended.code, ended.out, message in ended.err, "hint:" in ended.err) == (3, "", True, True)


def test_a_gate_sees_what_was_set_aside(folder: Path) -> None:
    (folder / "empty.csv").touch()
    assert piped("report", folder, "--strict", "--period", "all").code == 4


def test_a_table_with_dates_that_is_not_understood_is_not_set_aside(folder: Path) -> None:
    """It may hold cases that would be missing from every figure."""
    (folder / "lines.csv").write_text("Colour,Seen\nred,2026-01-01\nblue,2026-01-02\n", encoding="utf-8")
    ended = piped("report", folder, "--period", "all")
    assert (ended.code, "no known export format" in ended.err) == (3, True)


def test_nothing_that_can_be_read_is_no_report(folder: Path) -> None:
    (folder / "tickets.csv").write_bytes(b"")
    (folder / "page.xls").write_bytes(UNREADABLE["page.xls"][1])
    ended = piped("report", folder)
    assert (ended.code, "nothing to read" in ended.err) == (3, True)
    assert "tickets.csv: is empty" in ended.err
    assert "page.xls: is a web page" in ended.err


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs a program that locks archives")
def test_a_locked_archive_is_one_line_and_a_hint(folder: Path) -> None:
    for name in ("all", "one"):
        subprocess.run(["zip", "-q", "-P", "secret", f"{name}.zip", "tickets.csv"], cwd=folder, check=True)
    ended = piped("report", folder / "all.zip")
    assert (ended.code, ended.err.count("error:"), ended.err.count("hint:")) == (3, 1, 1)
    assert "all.zip/tickets.csv: is protected by a password" in ended.err
    (folder / "more.csv").write_text(MORE, encoding="utf-8")
    subprocess.run(["zip", "-q", "one.zip", "more.csv"], cwd=folder, check=True)
    found = reported(folder / "one.zip")
    assert found.value("tickets_created") == 1
    assert "one.zip/tickets.csv is protected by a password" in found.finding_text("set-aside")


@pytest.mark.parametrize(
    "arguments",
    [("report", ""), ("report", "F", ""), ("report", "F", "-o", ""), ("report", "F", "--mapping", " "), ("map", ""),
     ("report", "F", "--config", ""), ("rows", "csat", ""), ("inspect", ""), ("report", "F", "--refused", "")],
)  # fmt: skip
def test_the_empty_name_of_a_file_is_no_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    ended = piped(*("tickets.csv" if argument == "F" else argument for argument in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert "is empty" in ended.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.txt", "Export från systemet\n"),
        ("kontakter.csv", "Namn;Telefon\nA;08-123 45 67\nB;070-765 43 21\n"),
        ("prices.csv", "Product,Price\nDesk,1000\nChair,500\n"),
        ("notes.txt", "Ring Eva\nFråga Ola, om priset\n"),
    ],
)
def test_a_note_or_a_list_without_dates_is_set_aside_and_reported(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    found = reported(folder)
    assert found.value("tickets_created") == 2
    assert name in found.finding_text("set-aside")
    ended = piped("report", folder / name)
    assert ended.code == 3
