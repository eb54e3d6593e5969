"""Which files the words on the command line mean."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kpi_core.errors import ExportError
from kpi_core.ingest.files.inputs import find_files

TABLE = "id,status\n1,open\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.csv", "a.CSV", "notes.md", ".hidden.csv", "~$book.xlsx", "week [1].csv"):
        (tmp_path / name).write_text(TABLE)
    (tmp_path / "empty").mkdir()
    (tmp_path / "deeper.csv").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def archive(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in members.items():
            written.writestr(name, text)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["b.csv"], ["b.csv"]),
        (["b.csv", "a.CSV"], ["b.csv", "a.CSV"]),
        (["b.csv", "./b.csv", "*.csv"], ["b.csv", "week [1].csv"]),
        (["."], ["a.CSV", "b.csv", "week [1].csv"]),
        (["b.csv", "."], ["b.csv", "a.CSV", "week [1].csv"]),
        (["?.csv"], ["b.csv"]),
        (["*.md"], ["notes.md"]),
        (["week [1].csv"], ["week [1].csv"]),
    ],
)
def test_paths_folders_and_patterns(folder: Path, arguments: list[str], names: list[str]) -> None:
    assert [item.name for item in find_files(arguments)] == names


@pytest.mark.parametrize(
    ("argument", "message", "hint"),
    [
        ("c.csv", "no file or folder `c.csv`", "did you mean"),
        ("b.cvs", "no file or folder `b.cvs`", "did you mean `b.csv`?"),
        ("nowhere/b.csv", "no file or folder `nowhere/b.csv`", "there is no folder `nowhere`"),
        ("empty", "no exports in the folder `empty`", ".csv, .tsv"),
        ("*.xlsb", "no file matches `*.xlsb`", None),
    ],
)
def test_nothing_there(folder: Path, argument: str, message: str, hint: str | None) -> None:
    with pytest.raises(ExportError) as raised:
        find_files([argument])
    assert raised.value.message == message
    assert (hint or "") in (raised.value.hint or "")


def test_a_link_to_nothing_is_called_so(folder: Path) -> None:
    Path("old.csv").symlink_to("gone.csv")
    with pytest.raises(ExportError, match="is a link to a file that is not there"):
        find_files(["old.csv"])


def test_a_zip_stands_for_the_exports_in_it(folder: Path) -> None:
    members = {
        "part_2.csv": "two",
        "sub/part_1.csv": "one",
        "readme.md": "",
        "__MACOSX/part_1.csv": "",
        "sub/.x.csv": "",
    }
    archive(folder / "export.zip", members)
    found = find_files(["export.zip", "b.csv"])
    assert [item.name for item in found] == ["export.zip/part_2.csv", "export.zip/sub/part_1.csv", "b.csv"]
    assert [item.path.read_text() for item in found[:2]] == ["two", "one"]


def test_a_workbook_is_no_archive(folder: Path) -> None:
    archive(folder / "book.xlsx", {"[Content_Types].xml": "", "xl/workbook.xml": ""})
    assert [item.name for item in find_files(["book.xlsx"])] == ["book.xlsx"]


def test_a_zip_without_exports(folder: Path) -> None:
    archive(folder / "export.zip", {"readme.md": ""})
    with pytest.raises(ExportError, match=r"export\.zip: no exports in the archive"):
        find_files(["export.zip"])


def test_a_zip_that_is_none(folder: Path) -> None:
    (folder / "export.zip").write_text(TABLE)
    with pytest.raises(ExportError, match="not a zip archive"):
        find_files(["export.zip"])


def test_a_damaged_zip_member(folder: Path) -> None:
    archive(folder / "export.zip", {"a.csv": TABLE * 500})
    content = bytearray((folder / "export.zip").read_bytes())
    content[45:60] = bytes(15)
    (folder / "export.zip").write_bytes(content)
    with pytest.raises(ExportError, match=r"export\.zip/a\.csv: is damaged"):
        find_files(["export.zip"])


@pytest.mark.parametrize("is_zipped", [False, True])
def test_standard_input_is_kept_to_be_read_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, is_zipped: bool
) -> None:
    archive(folder / "export.zip", {"a.csv": TABLE})
    sent = (folder / "export.zip").read_bytes() if is_zipped else TABLE.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    found = find_files(["-", "-", "b.csv"])
    assert [item.name for item in found] == ["standard input/a.csv" if is_zipped else "standard input", "b.csv"]
    assert [item.path.read_text() for item in found] == [TABLE, TABLE]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_kept_to_be_read_twice(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["/bin/sh", "-c", "cat b.csv > pipe"], cwd=folder):
        (found,) = find_files(["pipe"])
    assert (found.name, found.path.read_text()) == ("pipe", TABLE)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "b.csv").chmod(0)
    with pytest.raises(ExportError, match="cannot be read"):
        find_files(["b.csv"])


def test_temporary_copies_go_with_the_process(folder: Path) -> None:
    program = "from kpi_core.ingest.files.inputs import find_files; print(find_files(['-'])[0].path)"
    command = [sys.executable, "-W", "error", "-c", program]
    ran = subprocess.run(command, input=TABLE, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert not Path(ran.stdout.strip()).parent.exists()
