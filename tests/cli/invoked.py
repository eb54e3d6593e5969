"""Commands run in this process, into a pipe or on a terminal of some width."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app

SAMPLES = Path(__file__).parents[2] / "sample_data"


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


def piped(*arguments: object) -> Ended:
    """Runs `kundpuls` with stdout and stderr as pipes."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="kundpuls")
    return Ended(code=result.exit_code, out=result.stdout, err=result.stderr)


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


def on_terminal(monkeypatch: pytest.MonkeyPatch, width: int, *arguments: object) -> str:
    """What `kundpuls` shows on a terminal of that width; it must end well."""
    screen = _Terminal()
    with monkeypatch.context() as patched:
        patched.setenv("COLUMNS", str(width))
        patched.setenv("NO_COLOR", "1")
        patched.setenv("TERM", "dumb")
        patched.setattr(sys, "stdout", screen)
        with pytest.raises(SystemExit) as ended:
            app([str(argument) for argument in arguments], prog_name="kundpuls")
    assert ended.value.code == 0
    return screen.getvalue()


def sample(name: str) -> str:
    """The path of a file of the sample data."""
    return str(SAMPLES / name)
