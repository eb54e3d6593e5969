"""What every test can rely on: no colours, no settings of the machine, a fixed width."""

import gc
import os
import re
import sys
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from examples import settings

if TYPE_CHECKING:
    from scanned_once import Scans, Tables

    from kpi_core.calendars import Calendar

settings.load_profile("repeat")


def _stay_on_one_core(worker: int, workers: int) -> None:
    """A worker for each core stays on it: polars hands most questions to its own thread, which costs less next to the one that asks.

    Where the system has no such setting, or the workers are more or fewer than the cores, they are where it puts them.
    """
    if sys.platform != "linux":
        return
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == workers:
        os.sched_setaffinity(0, {cores[worker]})


if "PYTEST_XDIST_WORKER" in os.environ:
    # Every core has a worker of its own, which threads would only keep waiting. Read when polars is first imported.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    _stay_on_one_core(
        int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that workers end at the same time."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing collected is garbage: to look for some again and again took a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, and is not looked through for cycles again and again; nor is all that a test makes, which is mostly gone when it ends."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that tests start compile no module twice, also where none may be written next to the sources."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patched:
        if sys.dont_write_bytecode:
            patched.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patched.setenv("PYTHONPYCACHEPREFIX", str(shared / "compiled"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every run of a command looks through the folder of temporary files for what a killed one left: that of the machine may hold thousands."""
    folder = str(tmp_path_factory.mktemp("temporary"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tempfile.tempdir", folder)
        patched.setenv("TMPDIR", folder)
        yield


_folders = count()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the test's own. To number one, pytest looks through those of all tests before it, thousands in the end."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    return tmp_path_factory.mktemp(f"{name}{next(_folders)}", numbered=False)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> "Calendar":
    """A desk with opening hours: see `desk.open_seconds`."""
    from desk import written

    return written(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def scans() -> "Scans":
    """What was scanned for the tests of this process; to be emptied where a file is to be scanned again."""
    return {}


@pytest.fixture(scope="session")
def tables() -> "Tables":
    """What was made of scans."""
    return {}


@pytest.fixture
def scanned_once(scans: "Scans", tables: "Tables", monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another test has read in the same way is not read again: see `scanned_once.remembering`."""
    from scanned_once import remembering, remembering_tables

    monkeypatch.setattr("kpi_core.ingest.dataset.scan_file", remembering(scans))
    monkeypatch.setattr("kpi_core.ingest.assembly.assembled", remembering_tables(tables))


@pytest.fixture(autouse=True)
def _plain_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "PY_COLORS",
        "GITHUB_ACTIONS",
        "KUNDPULS_TZ",
        "KUNDPULS_LANG",
        "KUNDPULS_CONFIG",
    ):
        monkeypatch.delenv(name, raising=False)
    # Where a user's own project file would be found.
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / "nobody"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERMINAL_WIDTH", "100")
