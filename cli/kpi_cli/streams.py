"""The standard streams and signals as a process finds them: a closed stream neither crashes nor lends its number to a file.

A descriptor that is closed at the start would go to the first file that is opened, and whatever is printed would end
in that file. So each is filled with the null device before anything else is opened.
"""

import atexit
import errno
import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

STANDARD = (0, 1, 2)
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")

unfinished: set[Path] = set()
"""The drafts of outputs: what is here when a signal ends the run is removed."""


class Closed(io.TextIOBase):
    """Standard output that was closed at the start: it refuses what is written, as its descriptor would."""

    encoding = "utf-8"

    def write(self, _: str) -> int:
        """Refuses."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def prepare() -> None:
    """Fills the closed descriptors and stands in for the closed streams of this process."""
    for descriptor in STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free number is taken, which is this one.
            os.open(os.devnull, os.O_WRONLY if descriptor == 2 else os.O_RDONLY)
    streams: Any = sys
    if sys.stdout is None:
        streams.stdout = Closed()
    if sys.stderr is None:
        streams.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (open as long as the process)


def end_on_signals() -> None:
    """Lets Ctrl-C, SIGTERM and SIGHUP end a run quietly, temporary files and all; one that is ignored stays ignored."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    """Ends the process as the shell expects of a signal. An exception could be lost in a callback, or be reported as a bug."""
    signal.signal(number, signal.SIG_IGN)
    try:
        for draft in tuple(unfinished):
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        atexit._run_exitfuncs()
    finally:
        os._exit(128 + number)
