"""The way in: `kundpuls` and `python -m kpi_cli`."""

import _signal as signals  # type: ignore[import-not-found]  # all of `signal` that is needed, without the time it takes to load
import os
import stat
import sys
from collections.abc import Sequence

from kpi_cli import __version__

FEW = 2 << 20
"""Bytes of all files up to which threads wait for each other longer than they work."""
PIECE = 4_000_000
"""Bytes of a piece of a text that is scanned."""
COMPRESSED, TIMES = (".xlsx", ".xlsm", ".ods", ".zip", ".gz", ".zst", ".parquet", ".arrow", ".feather"), 20
"""Files that hold so many times as much as they take."""


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    if signals.getsignal(signals.SIGINT) is signals.default_int_handler:
        signals.signal(signals.SIGINT, _end_at_once)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from kpi_cli import streams

        streams.prepare()
    if sys.argv[1:2] == ["--version"]:
        # Answered before anything is imported: scripts ask for it often.
        _say_version()
        return
    import gc

    # A report lives for a second or two: collecting cycles and freeing every frame at the end is time for nothing.
    gc.disable()
    _settle_libraries(sys.argv[1:])
    from kpi_cli import streams
    from kpi_cli.app import app

    streams.end_on_signals()
    try:
        app()
    except SystemExit as end:
        _leave(end.code)


def _settle_libraries(arguments: Sequence[str]) -> None:
    """Says in the environment how libraries are to work for a run with these arguments; what the user has set there stands.

    The allocator polars brings gives large columns an arena of their own that forgets them at once: one arena for all
    that keeps what is free for a second asks the system for half the pages. Large texts are scanned in pieces that a processor's cache
    holds: in polars' own, of 16 MB, a whole file is in memory at one time. Of small files polars makes frames of a few rows,
    over which its threads are woken for nothing: a third of the processor's time. No plugin of pydantic's is wanted, and looking for
    any opens what every installed package says of itself.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,oversize_threshold:0,dirty_decay_ms:1000,muzzy_decay_ms:0")
    os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(PIECE))
    if _are_small(arguments):
        os.environ.setdefault("POLARS_MAX_THREADS", "1")


def _are_small(arguments: Sequence[str]) -> bool:
    """Whether the arguments name files, and these hold little together."""
    sizes = [size for each in arguments if (size := _size(each)) is not None]
    return bool(sizes) and "-" not in arguments and sum(sizes) <= FEW


def _size(argument: str) -> int | None:
    """The bytes that an argument names; None where it names no file. A folder in a folder is not looked into: it counts as large."""
    try:
        found = os.stat(argument)  # noqa: PTH116 - whether to import `pathlib` is not settled yet
        if not stat.S_ISDIR(found.st_mode):
            return found.st_size * (TIMES if argument.lower().endswith(COMPRESSED) else 1)
        with os.scandir(argument) as entries:
            return sum(FEW + 1 if entry.is_dir() else _size(entry.path) or 0 for entry in entries)
    except (OSError, ValueError):
        return None


def _end_at_once(number: int, _: object) -> None:
    """What Ctrl-C does while nothing is begun that would be left behind: an import that breaks off says nothing."""
    os._exit(128 + number)


def _say_version() -> None:
    try:
        print(f"kundpuls {__version__}", flush=True)
    except BrokenPipeError:
        _leave(0)
    except OSError as fault:
        print(f"error: standard output: {fault.strerror}", file=sys.stderr)
        _leave(3)


def _leave(code: object) -> None:
    """Ends the process at once, after what is to be done at its end: temporary files go, output is flushed."""
    import atexit

    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
