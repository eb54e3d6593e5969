"""What is said on a terminal while files are read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kpi_cli import terminal


@contextmanager
def progress(*, is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """Tells on stderr which file is being read, on a terminal only."""
    import sys

    if is_quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    console = terminal.console(sys.stderr)
    with console.status("reading") as status:
        yield lambda name: status.update(f"reading {terminal.clean(name)}")
