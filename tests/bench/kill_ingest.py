"""An ingest killed (SIGKILL) at random moments: the store is always a whole version, and the same ingest again ends in the same state.

python tests/bench/kill_ingest.py [MOMENTS] [SEED]
"""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import polars as pl

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.store.folder import MARK
from kpi_core.store.ingesting import ingest
from kpi_core.store.reading import inputs
from kpi_core.store.status import status

CHILD = """
import sys
from pathlib import Path
from kpi_core.ingest.file_read import Choices
from kpi_core.store.ingesting import ingest
import deltalake, filelock, kpi_core.ingest.assembly
print("ready", flush=True)
ingest(Path(sys.argv[1]), sys.argv[2:], Choices())
print("done", flush=True)
"""

State = dict[str, pl.DataFrame]


def state(store: Path) -> State:
    """What a report would read of a store, table by table; nothing where there is no store yet."""
    if not (store / MARK).exists() or not status(store).exports:
        return {}
    return dict(read_exports([], Choices(stored=inputs(store)), frozenset()).tables)


def same(one: State, other: State) -> bool:
    """Whether two stores say the same."""
    return one.keys() == other.keys() and all(frame.equals(other[name]) for name, frame in one.items())


def tree(store: Path) -> set[str]:
    """The files of a store, but the scans, which can be made again."""
    return {str(file.relative_to(store)) for file in store.rglob("*") if file.is_file() and "_scans" not in file.parts}


def killed(base: Path | None, store: Path, files: list[str], after: float) -> bool:
    """Begins an ingest into a copy of a store, and kills it so many seconds after it is ready; gives whether it was too late."""
    if base is not None:
        copytree(base, store)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store), *files], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        return "done" in child.stdout.read()


def duration(base: Path | None, store: Path, files: list[str]) -> float:
    """How long such an ingest takes."""
    if base is not None:
        copytree(base, store)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store), *files], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        begun = time.perf_counter()
        child.stdout.read()
    return time.perf_counter() - begun


def check(folder: Path, first: list[str], files: list[str], moments: int, seed: int = 1) -> Counter[str]:
    """Kills so many ingests of `files` into a store that holds `first`, and counts what it left: the version before, or the new one.

    Raises:
        AssertionError: it left anything else, or the same ingest again ends in another state.
    """
    base = None
    if first:
        base = folder / "base"
        ingest(base, first, Choices())
    before = {} if base is None else state(base)
    whole = folder / "whole"
    takes = duration(base, whole, files)
    after = state(whole)
    assert not same(before, after)
    counts: Counter[str] = Counter()
    chance = random.Random(seed)
    for moment in range(moments):
        store = folder / f"killed-{moment}"
        is_late = killed(base, store, files, chance.uniform(0, 1.1 * takes))
        left = state(store)
        is_new = same(left, after)
        assert is_new or same(left, before), f"moment {moment} left neither version"
        counts["late" if is_late else "new" if is_new else "before"] += 1
        ingest(store, files, Choices())
        assert same(state(store), after), f"moment {moment}: the same ingest again ends in another state"
        assert tree(store) == tree(whole), f"moment {moment}: something was left lying"
    return counts


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "cli")]
    from small_stores import months

    asked = [int(word) for word in sys.argv[1:]] or [50]
    with TemporaryDirectory() as place:
        made = months(Path(place) / "files")
        for known in ([], made[:2]):
            (inner := Path(place) / f"with-{len(known)}").mkdir()
            found = check(inner, known, made[2:], *asked)
            print(f"{asked[0]} moments, {len(known)} exports there before: {dict(found)}")
