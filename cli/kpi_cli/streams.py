"""The standard streams and signals as a process finds them: a closed stream neither crashes nor lends its number to a file.

A descriptor that is closed at the start would go to the first file that is opened, and whatever is printed would end
in that file. So each is filled with the null device before anything else is opened.
"""

import errno
import io
import os
import signal
import sys
from types import FrameType
from typing import Any

STANDARD = (0, 1, 2)
_ENDING = ("SIGTERM", "SIGHUP")

_received: list[int] = []


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
    """Lets SIGTERM and SIGHUP end a run as Ctrl-C does, temporary files and all; one that is ignored stays ignored."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt


def interrupted_by() -> int:
    """The signal that ended the run: SIGINT unless another was received."""
    return _received[0] if _received else int(signal.SIGINT)
