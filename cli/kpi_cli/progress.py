"""What a terminal shows while files are read."""

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
    """Shows on stderr which file is being read, on a terminal only."""
    import sys

    if is_quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    console = terminal.console(sys.stderr)
    with console.status("reading") as status:
        yield lambda name: status.update(f"reading {terminal.clean(name)}")


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
