"""Running the jobs of a project file: each is the command line of `report` that it stands for, so that nothing means two things."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from kpi_cli import boundary, writing
from kpi_cli.boundary import ExitCode
from kpi_cli.jobs.loading import command_called
from kpi_cli.options import project
from kpi_cli.terminal import clean

if TYPE_CHECKING:
    from kpi_cli.options.job import Job
    from kpi_cli.options.running import Running

GRAVITY = (ExitCode.INTERRUPTED, ExitCode.BUG, ExitCode.UNREADABLE, ExitCode.USAGE, ExitCode.QUALITY, ExitCode.TARGET)
"""The exit codes, the gravest first: what several jobs end with together."""


def run_all(jobs: "Mapping[str, Job]", running: "Running") -> None:
    """Runs each job, the others too where one fails, and leaves with the gravest of their exit codes."""
    config = running.file
    project.announce(config, is_quiet=running.quiet)
    with writing.never_twice():
        codes = [_run(name, job, running, is_alone=len(jobs) == 1) for name, job in jobs.items()]
    for code in (*GRAVITY, *codes):
        if code and code in codes:
            raise typer.Exit(code)


def _run(name: str, job: "Job", running: "Running", *, is_alone: bool) -> int:
    """The exit code of one job; what goes wrong is printed as it is for a report, under the job's name."""
    if not is_alone and not running.quiet:
        typer.echo(clean(f"job {name}"), err=True)
    line = _line(job, running)
    code = boundary.ended(
        lambda: command_called("report").main(line[1:], prog_name="kundpuls report", standalone_mode=False)
    )
    if code in (ExitCode.UNREADABLE, ExitCode.USAGE):
        outcome = "would not run" if running.dry_run else "was not run"
        typer.echo(clean(f"job {name} of {running.file.path} {outcome}"), err=True)
    elif running.dry_run and not code:
        for place in job.places(running.file.path.parent):
            typer.echo(clean(f"would write {place}"))
    return code


def _line(job: "Job", running: "Running") -> list[str]:
    """The command line of a job under this project file."""
    command, *rest = job.command_line(running.file.path.parent)
    flags = [*(["--quiet"] if running.quiet else []), *(["--dry-run"] if running.dry_run else [])]
    return [command, "--config", str(running.file.path), *flags, *rest]
