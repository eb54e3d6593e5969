"""What goes wrong while a store is written: it is a whole version all the same, and says what is the matter."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import kill_ingest
import pytest
from invoked import piped
from small_stores import address, left, months, reported, taken_in

from kpi_core.errors import StoreError
from kpi_core.ingest.file_read import Choices
from kpi_core.store import folder, ingesting
from kpi_core.store.folder import LOCK, found
from kpi_core.store.forgetting import forget
from kpi_core.store.reading import inputs
from kpi_core.store.status import status


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("there", [0, 2])
def test_a_killed_ingest_leaves_a_whole_version(there: int, tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    counts = kill_ingest.check(tmp_path, files[:there], files[2:], moments=4)
    assert counts["before"], counts


DIES = """
import os, sys
from pathlib import Path
from kpi_core.ingest.file_read import Choices
from kpi_core.store import exports, folder, forgetting, ingesting, versions

owner, name = sys.argv[1].split(".")
place = vars(folder) | vars(ingesting) | vars(forgetting) | {"ingesting": ingesting, "forgetting": forgetting}
real = getattr(place[owner], name)

def dies(*values, **named):
    real(*values, **named)
    os._exit(9)

setattr(place[owner], name, dies)
if sys.argv[2] == "ingest":
    ingesting.ingest(Path(sys.argv[3]), sys.argv[4:], Choices())
else:
    forgetting.forget(Path(sys.argv[3]), sys.argv[4], Choices())
"""
"""A command that ends without another word after the first call of something."""


def _died(step: str, action: str, store: Path, *given: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DIES, step, action, str(store), *given], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 9, ended.stderr


@pytest.mark.parametrize("there", [0, 1])
@pytest.mark.parametrize("step", ["ingesting.keep", "StoredExport.write", "Versions._widen", "Versions.add"])
def test_so_it_is_after_each_step(step: str, there: int, tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store, whole = tmp_path / "store", tmp_path / "whole"
    for place in (store, whole) if there else ():
        taken_in(place, *files[:there])
    before = kill_ingest.state(store)
    taken_in(whole, *files[there:])
    after = kill_ingest.state(whole)
    _died(step, "ingest", store, *files[there:])
    assert kill_ingest.same(kill_ingest.state(store), after if step == "Versions.add" else before)
    taken_in(store, *files[there:])
    assert kill_ingest.same(kill_ingest.state(store), after)
    assert kill_ingest.tree(store) == kill_ingest.tree(whole)


@pytest.mark.parametrize("step", ["forgetting.left_of", "Versions.add", "Store.write_mark"])
def test_a_killed_erasure_has_erased_nothing_or_all(step: str, tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    for file in files:
        taken_in(store, file)
    before = kill_ingest.state(store)
    _died(step, "forget", store, address(3))
    if step == "Store.write_mark":
        assert left(store / found(store).table, address(3)) == []
    else:
        assert kill_ingest.same(kill_ingest.state(store), before)
    forget(store, address(3), Choices())
    assert left(store, address(3)) == []
    assert [len(inputs(store, str(number))) for number in (1, 2, 3, 4)] == [1, 2, 3, 4]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for little."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by nobody but the superuser")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _tree(place: Path) -> set[str]:
    return {str(file.relative_to(place)) for file in place.rglob("*") if "_scans" not in file.parts}


def _fill(disk: Path, free: int) -> None:
    """Leaves room for so many bytes on a disk."""
    there = os.statvfs(disk)
    (disk / "other").write_bytes(b"x" * (there.f_bavail * there.f_frsize - free))


def test_a_full_disk_is_said_and_nothing_half_is_left(small_disk: Path, tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = small_disk / "store"
    taken_in(store, files[0])
    before, expected = _tree(store), reported(files[0])
    _fill(small_disk, free=16_384)
    ended = piped("ingest", *files[1:], "--store", store)
    assert (ended.code, ended.err.splitlines()[0]) == (3, f"error: {store}: there is no room left on the disk")
    assert _tree(store) == before
    assert reported("--store", store) == expected


@pytest.mark.parametrize("where", ["keep", "StoredExport.write", "Versions.add"])
def test_so_it_is_at_each_step(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, files[0])
    before = _tree(store)

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("underlying IO error: No space left on device (os error 28)")

    owner, name = (
        (ingesting, "keep")
        if where == "keep"
        else (getattr(ingesting, where.split(".", maxsplit=1)[0]), where.split(".")[1])
    )
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, full)
        with pytest.raises(OSError, match="No space left") as raised:
            taken_in(store, *files[1:])
        assert raised.value.errno == errno.ENOSPC
    assert _tree(store) == before
    assert taken_in(store, *files[1:]).version == 2


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A store on a disk that takes nothing any more."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by nobody but the superuser")
    taken_in(place / "store", *months(tmp_path / "files")[:1])
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    yield place / "store"
    subprocess.run(["umount", str(place)], check=True)


def test_a_store_that_may_only_be_read_is_read(read_only: Path, tmp_path: Path) -> None:
    files = [str(file) for file in sorted((tmp_path / "files").iterdir())]
    assert reported("--store", read_only) == reported(files[0])
    ended = piped("ingest", files[1], "--store", read_only)
    assert (ended.code, "read-only" in ended.err) == (3, True)


def test_two_ingests_at_once_are_both_in(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    children = [
        subprocess.Popen([sys.executable, "-c", kill_ingest.CHILD, str(store), file], stdout=subprocess.PIPE, text=True)
        for file in files
    ]
    said = [child.communicate()[0] for child in children]
    assert said == ["ready\ndone\n"] * 4
    assert status(store).version == 4
    assert reported("--store", store) == reported(*files)


def test_who_waits_too_long_is_told_to_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, files[0])
    monkeypatch.setattr(folder, "PATIENCE", 0.05)
    with folder.writing(store):
        with pytest.raises(StoreError, match="another command is writing to the store") as raised:
            taken_in(store, files[1])
        assert raised.value.hint == "try again when it has finished"
        assert len(inputs(store)) == 1  # who reads waits for nobody
    assert taken_in(store, files[1]).version == 2


def test_who_waits_not_too_long_gets_in(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, files[0])
    with folder.writing(store):
        waiting = Thread(target=taken_in, args=(store, files[1]))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join()
    assert status(store).version == 2


def test_the_lock_is_no_part_of_what_is_stored(tmp_path: Path) -> None:
    store = tmp_path / "store"
    taken_in(store, *months(tmp_path / "files")[:1])
    (store / LOCK).unlink(missing_ok=True)
    assert len(inputs(store)) == 1
