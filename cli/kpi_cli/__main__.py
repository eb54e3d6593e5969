"""The way in: `kundpuls` and `python -m kpi_cli`."""

import _signal as signals  # type: ignore[import-not-found]  # all of `signal` that is needed, without the time it takes to load
import os
import sys

from kpi_cli import __version__


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
    from kpi_cli import libraries, streams

    libraries.prepare(sys.argv[1:])
    from kpi_cli.app import app

    streams.end_on_signals()
    try:
        app()
    except SystemExit as end:
        _leave(end.code)


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
