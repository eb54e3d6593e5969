"""Files read on a Spark cluster: each is kept and scanned by one task, its state comes back as bytes, and the rest is done here.

Nothing is settled there, for what files mean is settled over all of them: so the report is to the letter that of one machine. The workers need
kundpuls, and the folder that it is started in as on a shared disk.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kpi_core.errors import ExportError, KpiError, UnreadableError
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import STDIN, Found, Input, gathered, of_state, places_meant
from kpi_core.ingest.files.spool import copying, new_folder
from kpi_core.ingest.files.states import write_state
from kpi_core.ingest.parallel.partial import partial

if TYPE_CHECKING:
    from pyspark import SparkContext

Answer: TypeAlias = tuple[int, bytes | None, str | None]
"""What comes back of a path, known by its place among all: a piece of its state, or why there is none."""
PIECE = 8 << 20
"""Bytes of a state that come back at a time."""
_SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.maxResultSize": "0"}


def on_spark(master: str, arguments: Sequence[str], choices: Choices, texts: frozenset[str]) -> Found:
    """The files that `arguments` mean, kept and scanned on a cluster.

    Args:
        master: the address, as `spark://host:7077`.
        arguments: paths, folders, globs, archives, as they are named on the workers too.
        choices: what the user settles about reading.
        texts: the text columns that are wanted.

    Raises:
        ExportError: Spark or Java is missing, the cluster is not there, or a file cannot be read.
    """
    if STDIN in arguments:
        raise ExportError("standard input is not there on a cluster", hint="name files that its machines can read")
    places, met = places_meant(arguments, choices.options.limits)
    with_pyspark(master)
    made = _states(master, [str(place) for place, _ in places], choices, texts)
    found = list[Input]()
    for (place, is_named), state in zip(places, made, strict=True):
        if isinstance(state, UnreadableError):
            met.leave(state, is_named=is_named)
        elif isinstance(state, KpiError):
            raise state
        else:
            exports = of_state(state, str(place), met)
            found += [replace(one, is_named=one.is_named and is_named) for one in exports]
    return gathered(found, met)


def with_pyspark(master: str) -> None:
    """Looks whether Spark is installed.

    Raises:
        ExportError: it is not.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise ExportError("Spark is not installed here", where=master, hint="pip install 'kundpuls[spark]'") from error


def _states(master: str, places: Sequence[str], choices: Choices, texts: frozenset[str]) -> list[Path | KpiError]:
    """For each of some paths a file with its state, or why it cannot be read."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.storagelevel import StorageLevel

    folder = str(Path.cwd())

    def work(place: int) -> Iterator[Answer]:
        return ((place, *answer) for answer in state_of(places[place], folder, choices, texts))

    try:
        context = _context(master)
        try:
            tasks = context.parallelize(range(len(places)), len(places)).flatMap(work).persist(StorageLevel.DISK_ONLY)
            tasks.count()  # all at the same time; what they give comes one by one
            return _written(tasks.toLocalIterator(), len(places))
        finally:
            context.stop()
    except (PySparkException, Py4JError, OSError) as error:
        hint = "look whether Java 17 is here, the cluster is there, and it has this version of kundpuls and the folder you are in"
        raise ExportError(f"the cluster gave up: {_reason(error)}", where=master, hint=hint) from error


def _reason(error: Exception) -> str:
    """What ended the work of a cluster, in one line: the last that names an error, above the calls of Java that led to it."""
    lines = [line.strip() for line in re.split(r"\n\s+at ", str(error))[0].splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception)\b", line)]
    return next(iter(named[::-1]), lines[0] if lines else type(error).__name__)


def _context(master: str) -> "SparkContext":
    from pyspark import SparkConf, SparkContext

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # that of the workers, if it is not where this one is
    settings = SparkConf().setMaster(master).setAppName("kundpuls").setAll(list(_SETTINGS.items()))
    with _unheard():
        return SparkContext(conf=settings)


@contextmanager
def _unheard() -> Iterator[None]:
    """A block in which a program may be started that says nothing on stderr: what goes wrong ends up in an error."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def state_of(
    path: str, folder: str, choices: Choices, texts: frozenset[str]
) -> Iterator[tuple[bytes | None, str | None]]:
    """The state of the exports at a path in pieces, or why there is none. It runs on a worker, in the folder that the report was asked for in."""
    try:
        os.chdir(folder)
        state = partial([path], choices, texts)
        with copying(".state") as copy:
            pass
        target = Path(copy.name)
        write_state(state, target)
        shutil.rmtree(state.scans.parent)
        with target.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece, None
        target.unlink()
    except (KpiError, OSError) as error:
        yield None, said(error)


def said(error: KpiError | OSError) -> str:
    """An error as text that comes back from a worker."""
    if isinstance(error, KpiError):
        parts = [error.message, error.where, error.hint]
    else:
        parts = [f"cannot be read on the cluster: {error.strerror or error}", error.filename, None]
    return json.dumps([isinstance(error, UnreadableError), *parts])


def heard(text: str) -> KpiError:
    """The error of such a text."""
    is_unreadable, message, where, hint = json.loads(text)
    return (UnreadableError if is_unreadable else ExportError)(message, where=where, hint=hint)


def _written(answers: Iterable[Answer], places: int) -> list[Path | KpiError]:
    """The states that come back in pieces, each in a file, and the errors; in the order of the paths."""
    found: dict[int, Path | KpiError] = {}
    folder = new_folder()
    for place, piece, error in answers:
        if piece is None:
            found[place] = heard(error or "")
            continue
        found[place] = target = folder / f"{place}.state"
        with target.open("ab") as file:
            file.write(piece)
    return [found[place] for place in range(places)]
