"""The one place where an exception becomes a message and an exit code.

A user's fault is printed as `error:` and `hint:` on stderr, a mistake on the command line too. A bug keeps its
traceback. Typer's own error classes are private, so they are known by what they carry.
"""

import difflib
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from kpi_cli import __version__
from kpi_cli.system_faults import explained, is_ordinary, is_panic
from kpi_cli.terminal import clean
from kpi_cli.writing import answering, prepare_stdout
from kpi_core.errors import KpiError


class ExitCode(IntEnum):
    """What the process says to the shell. A closed pipe is `DONE`: the reader had enough."""

    DONE = 0
    """The answer was written."""
    BUG = 1
    """The tool failed; a traceback is on stderr."""
    USAGE = 2
    """The command line means nothing."""
    UNREADABLE = 3
    """An export, mapping, definition or configuration cannot be read."""
    QUALITY = 4
    """The data-quality gate failed (`--fail-on quality`, `--strict`)."""
    TARGET = 5
    """A target is missed (`--fail-on target`, `--fail-on target-point`)."""
    INTERRUPTED = 130
    """Ctrl-C; 143 after SIGTERM and 129 after SIGHUP."""


class UsageError(typer.BadParameter):
    """A command line that means nothing, with a message of our own: no full stop, literals in backticks."""

    def __init__(self, message: str, *, hint: str | None = None, ctx: Any = None) -> None:
        super().__init__(message, ctx=ctx)
        self.hint = hint

    def format_message(self) -> str:
        """The message as it is."""
        return self.message


class Boundary(TyperGroup):
    """The group all commands run in. A command ends with an `ExitCode`, None (done), or an exception."""

    def main(self, *args: Any, **settings: Any) -> Any:
        """Runs a command line and ends the process."""
        settings["standalone_mode"] = False
        prepare_stdout()
        sys.exit(ended(lambda: self._ended(*args, **settings)))

    def _ended(self, *args: Any, **settings: Any) -> Any:
        """The exit code of a command line; help and versions are flushed here, where a refusal can still be reported."""
        code = super().main(*args, **settings)
        with _readers_may_leave(), answering():
            sys.stdout.flush()
        return code

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Reads the command line, which already prints where `--help` is asked."""
        with _readers_may_leave(), answering():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; what it has written is flushed here, where a closed pipe can still be caught."""
        with _readers_may_leave():
            code = super().invoke(ctx)
            with answering():
                sys.stdout.flush()
        return code


def ended(run: Callable[[], Any]) -> int:
    """Runs something, reports on stderr what ended it, and returns the exit code."""
    try:
        code = run()
    except KpiError as error:
        code = print_fault(str(error), error.way_out, ExitCode.UNREADABLE)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except Exception as error:
        code = _usage(error) if hasattr(error, "format_message") else _failed(error)
    except BaseException as error:
        if not is_panic(error):
            raise
        code = _failed(error)
    return int(code) if isinstance(code, int) else ExitCode.DONE


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """Ends well when stdout is closed by its reader. Rich turns that into SystemExit(1), with the cause attached."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as end:
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise
        # The interpreter's last flush needs somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(ExitCode.DONE) from None


def _failed(error: BaseException) -> ExitCode:
    """An exception that is no message of ours: the system's fault, else a bug."""
    if is_ordinary(error):
        fault = explained(error)
        return print_fault(str(fault), fault.hint, ExitCode.UNREADABLE)
    with suppress(OSError):  # of an stderr that cannot be written
        traceback.print_exc()
        lines = (
            f"\nthis is a bug in kundpuls {__version__}: please report the lines above and the command that led to them"
        )
        print(lines, file=sys.stderr)
    return ExitCode.BUG


def _usage(error: Any) -> ExitCode:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=sys.stderr)
        return ExitCode.USAGE
    ctx = getattr(error, "ctx", None)
    near = difflib.get_close_matches(
        getattr(error, "option_name", ""), getattr(error, "possibilities", None) or [], 1, 0.7
    )
    hint = getattr(error, "hint", None)
    file = _in_place_of_a_kpi(error, ctx)
    if file is not None:
        return print_fault(
            f"`{file}` is a file, not a KPI", f"name the KPI first: `{_path(ctx)} csat {file}`", ExitCode.USAGE
        )
    if near:
        hint = f"did you mean `{near[0]}`?"
    elif hint is None:
        hint = f"`{_path(ctx) if ctx is not None else 'kundpuls'} --help` shows what it takes"
    return print_fault(_message(error), hint, ExitCode.USAGE)


def _in_place_of_a_kpi(error: Any, ctx: Any) -> str | None:
    """The file that stands where a command takes its KPI, which leaves it without files; None for anything else."""
    missing = getattr(getattr(error, "param", None), "name", None)
    first = ctx.params.get("kpi") if missing == "files" and ctx is not None else None
    return first if isinstance(first, str) and Path(first).exists() else None


def _path(ctx: Any) -> str:
    names = []
    while ctx is not None:
        names.append(ctx.info_name or "")
        ctx = ctx.parent
    return " ".join(reversed(names))


_REWORDED = (
    (r" \(Possible options: [^)]*\)$", ""),
    (r" \(env var: '[^']*'\)", ""),
    (r"(?<!\w)'([^']*)'", r"`\1`"),
    (r"^No such option: (\S+)$", r"no option `\1`"),
    (r"^Invalid value for (.+?): (?:Value error, )?", r"\1: "),
    (r", unable to parse string as an? \w+$", ""),
    (r"^Option `([^`]*)` requires an argument$", r"`\1` needs a value"),
    (r"^Option `([^`]*)` requires (\d+) arguments$", r"`\1` needs \2 values"),
    (r"^Option `([^`]*)` does not take a value$", r"`\1` takes no value"),
    (r"^Got unexpected extra arguments? \((.*)\)$", r"more than is taken: `\1`"),
    (r"^Got unexpected extra argument\(s\) \((.*)\)$", r"more than is taken: `\1`"),
    (r"less than or equal to", "at most"),
    (r"greater than or equal to", "at least"),
    (r": Input should be a valid integer$", " must be a whole number"),
    (r": Input should be (?:a valid (?=number))?", " must be "),
    (r"must be number", "must be a number"),
)


def _message(error: Any) -> str:
    """Typer's sentence as ours: literals in backticks, no capital and no full stop."""
    if isinstance(error, UsageError):
        return error.format_message()
    text = str(error.format_message()).rstrip(".")
    for found, ours in _REWORDED:
        text = re.sub(found, ours, text)
    return text[:1].lower() + text[1:]


def print_fault(message: str, hint: str | None, code: ExitCode) -> ExitCode:
    """Prints what went wrong on stderr, and returns `code`."""
    lines = [f"{_painted('error:', '1;31')} {_cleaned(message)}"]
    if hint:
        lines += ["", *(f"{_painted('hint:', '1;36')} {line}" for line in _cleaned(hint).splitlines())]
    with suppress(OSError):  # of an stderr that cannot be written: the exit code still says it
        print("\n".join(lines), file=sys.stderr)
    return code


def _cleaned(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def _painted(word: str, style: str) -> str:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    return word if plain else f"\033[{style}m{word}\033[0m"
