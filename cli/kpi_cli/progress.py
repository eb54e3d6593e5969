"""What a terminal shows while files are read."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kpi_cli import terminal

if TYPE_CHECKING:
    from kpi_core.errors import KpiError
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.ingest.file_read import Choices
    from kpi_core.ingest.files.inputs import Input


@contextmanager
def progress(*, is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """Shows on stderr which file is being read, and of a large one how far and how fast, on a terminal only."""
    import sys

    if is_quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from kpi_core.ingest.files.watched import watching

    console, begun = terminal.console(sys.stderr), dict[str, float]()
    with console.status("reading") as status:

        def on_rows(name: str, read: int, of: int) -> None:
            seconds = time.monotonic() - begun.setdefault(name, time.monotonic())
            status.update(f"reading {terminal.clean(name)}: {how_far(read, of, seconds)}")

        with watching(on_rows):
            yield lambda name: status.update(f"reading {terminal.clean(name)}")


def how_far(read: int, of: int, seconds: float) -> str:
    """How much of a file is read, how fast, and how long the rest will take; no more than how much before a second has passed."""
    share = f"{min(read / of, 1):.0%}" if of else "0%"
    if seconds < 1 or not read:
        return share
    rate = read / seconds
    left = f", {math.ceil((of - read) / rate)} s left" if read < of else ""
    return f"{share}, {rate / 1e6:.1f} million rows/s{left}"


def read(
    files: list[str],
    choices: "Choices",
    texts: "frozenset[str]",
    *,
    is_quiet: bool,
    unread: "dict[Input, KpiError] | None" = None,
) -> "Dataset":
    """The files as tables, while stderr shows which one is being read; see `read_exports`."""
    from kpi_core.ingest.dataset import read_exports

    with progress(is_quiet=is_quiet) as on_file:
        return read_exports(files, choices, texts, on_file, unread)
