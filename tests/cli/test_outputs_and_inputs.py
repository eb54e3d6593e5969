"""An answer never takes the place of a file that is read, whatever name either goes by, and is there whole or not at all."""

import errno
import os
import time
from pathlib import Path

import pytest
from invoked import piped

from kpi_cli import leftovers
from kpi_cli.writing import atomic_path
from kpi_core.config.resources import sample_data
from kpi_core.errors import KpiError
from kpi_core.ingest.files import spool

TICKETS = "id,created,resolved\n" + "".join(f"{n},2026-09-{n:02} 08:00,2026-09-{n:02} 10:00\n" for n in range(1, 21))
KPIS = """pack: mine
kpis:
  - name: mine
    label: Mine
    description: All.
    table: tickets
    better: neither
    measure: {count: created_at is not null}
"""
MAPPING = """name: mine-tickets
table: tickets
columns:
  ticket_id: id
  created_at: created
  resolved_at: resolved
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, other files that are read, and other names of them."""
    (tmp_path / "t.csv").write_text(TICKETS)
    (tmp_path / "mine.yaml").write_text(KPIS)
    (tmp_path / "map.yaml").write_text(MAPPING)
    (tmp_path / "kundpuls.yaml").write_text("defaults: {compare: none}\n")
    (tmp_path / "link.csv").symlink_to("t.csv")
    (tmp_path / "twin.csv").hardlink_to(tmp_path / "t.csv")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "t.csv").write_text(TICKETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "report t.csv -o t.csv",
        "report t.csv -o ./t.csv",
        "report t.csv -o exports/../t.csv",
        "report t.csv -o link.csv",
        "report link.csv -o twin.csv",
        "report t.csv --refused link.csv",
        "report t.csv -o a.csv --refused twin.csv",
        "report exports -o exports/t.csv",
        "report exports/*.csv -o exports/t.csv",
        "rows tickets_created t.csv -o twin.csv",
        "map t.csv -o t.csv",
        "reconcile t.csv -o link.csv",
        "define resolution_rate t.csv -o t.csv",
        "inspect t.csv --refused t.csv",
        "report t.csv --mapping map.yaml -o map.yaml --format csv",
        "report t.csv --kpis-file mine.yaml -o mine.yaml --format json",
        "report t.csv -o kundpuls.yaml --format json",
        "reconcile t.csv --calendar-out kundpuls.yaml",
        "map t.csv -o kundpuls.yaml",
    ],
)
def test_a_file_that_is_read_is_never_overwritten(folder: Path, line: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ended = piped(*line.split())
    assert (ended.code, ended.out) == (2, "")
    assert "would overwrite a file that is read" in ended.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_archive_that_is_read_is_never_overwritten(folder: Path) -> None:
    import zipfile

    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write("t.csv")
    ended = piped("report", "all.zip", "--refused", "all.zip")
    assert ended.code == 2
    assert zipfile.is_zipfile(folder / "all.zip")


def test_the_sample_data_is_never_overwritten_by_the_demo() -> None:
    # Where the package is installed its samples are not those of the checkout.
    path = sample_data() / "messages_2026.csv"
    before = path.read_bytes()
    assert piped("demo", "-o", path).code == 2
    assert path.read_bytes() == before


def test_two_answers_never_go_to_one_file(folder: Path) -> None:
    for line in ("report t.csv -o a.csv --refused exports/../a.csv", "reconcile t.csv -o a.yaml --calendar-out a.yaml"):
        ended = piped(*line.split())
        assert (ended.code, ended.out) == (2, "")
        assert not (folder / "a.csv").exists()


@pytest.mark.parametrize(
    ("output", "error"),
    [
        ("nowhere/a.csv", "there is no folder `nowhere`"),
        ("t.csv/a.csv", "`t.csv` is not a folder"),
        ("exports", "is a folder"),
        ("a" * 300 + ".csv", "the name is too long"),
    ],
)
@pytest.mark.parametrize("option", ["-o", "--refused"])
def test_a_place_that_cannot_be_written_is_reported_before_anything_is_read(
    folder: Path, option: str, output: str, error: str
) -> None:
    (folder / "t.csv").write_text("no table\n")
    ended = piped("report", "t.csv", "--format", "csv", option, output)
    assert (ended.code, ended.out) == (3, "")
    assert error in ended.err.splitlines()[0]
    assert "hint: " in ended.err


def test_a_name_as_long_as_the_system_allows_is_written(folder: Path) -> None:
    name = "a" * 251 + ".csv"
    assert piped("report", "t.csv", "-o", name).code == 0
    assert (folder / name).exists()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")
def test_a_protected_file_stays_as_it_is(folder: Path) -> None:
    (folder / "old.csv").write_text("old")
    (folder / "old.csv").chmod(0o444)
    ended = piped("report", "t.csv", "-o", "old.csv")
    assert (ended.code, (folder / "old.csv").read_text()) == (3, "old")
    assert "permission denied" in ended.err


def test_a_disk_that_fills_leaves_the_old_file(folder: Path) -> None:
    (folder / "old.csv").write_text("old")

    def fill() -> None:
        with atomic_path(folder / "old.csv") as draft:
            draft.write_text("half")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(KpiError, match="no room left"):
        fill()
    assert (folder / "old.csv").read_text() == "old"
    assert not list(folder.glob(".kundpuls-*"))


def test_what_was_written_is_reported_on_stderr_unless_quiet(folder: Path) -> None:
    for line, messages in (
        ("report t.csv --no-config -o a.csv --refused r.csv", ["wrote r.csv", "wrote a.csv"]),
        ("report t.csv --no-config -o a.xlsx", ["wrote a.xlsx"]),
        ("rows tickets_created t.csv --no-config -o a.json", ["wrote a.json"]),
        ("map t.csv --no-config -o m.yaml", ["wrote m.yaml"]),
        ("report t.csv --no-config -o a.csv --quiet", []),
    ):
        ended = piped(*line.split())
        assert (ended.code, ended.out) == (0, "")
        assert [result for result in ended.err.splitlines() if result.startswith("wrote ")] == messages


def test_a_dash_is_stdout(folder: Path) -> None:
    assert piped("report", "t.csv", "-o", "-").out == piped("report", "t.csv").out
    assert piped("report", "t.csv", "-o", "-", "--format", "xlsx").code == 2
    assert not (folder / "-").exists()


@pytest.mark.parametrize("line", ["-o a.csv --format xlsx", "-o a.json --format csv", "-o a.xlsx --format md"])
@pytest.mark.parametrize("command", ["report t.csv", "rows tickets_created t.csv"])
def test_a_file_name_and_a_format_that_contradict_each_other_are_refused(folder: Path, command: str, line: str) -> None:
    ended = piped(*command.split(), *line.split())
    assert (ended.code, ended.out) == (2, "")
    assert not list(folder.glob("a.*"))


def test_drafts_and_copies_of_a_killed_run_go_after_a_day_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old = time.time() - leftovers.AGE - 60
    ours, new = tmp_path / f"{spool.PREFIX}abcdefgh", tmp_path / f"{spool.PREFIX}abcdefg1"
    others = [tmp_path / f"{spool.PREFIX}mine", tmp_path / "kundpuls-reports", tmp_path / "other"]
    for place in (ours, new, *others):
        place.mkdir()
        (place / "copy.csv").touch()
    draft, young = tmp_path / ".kundpuls-0123abcd.csv", tmp_path / ".kundpuls-0123abce.csv"
    named = [tmp_path / ".kundpuls-notes.csv", tmp_path / "report.csv"]
    for path in (draft, young, *named):
        path.touch()
    for path in (ours, *others, draft, *named):
        os.utime(path, (old, old))
    leftovers.sweep_copies()
    leftovers.sweep_drafts(tmp_path)
    assert set(tmp_path.iterdir()) == {new, *others, young, *named}


def test_a_link_that_looks_like_a_leftover_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / f"{spool.PREFIX}abcdefgh").symlink_to("mine")
    os.utime(tmp_path / f"{spool.PREFIX}abcdefgh", (0, 0), follow_symlinks=False)
    leftovers.sweep_copies()
    assert (tmp_path / "mine").is_dir()
