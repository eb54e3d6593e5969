"""`kundpuls run`: the reports that the project file describes, made and written one after the other."""

from kpi_cli.jobs.running import run_all
from kpi_cli.options.positionals import JobsOrNone
from kpi_cli.options.running import Running


def command(running: Running, jobs: JobsOrNone = None) -> None:
    """The reports that kundpuls.yaml describes under `jobs:`, all of them or those named.

    kundpuls run

    kundpuls run weekly --config /home/eva/reports/kundpuls.yaml -q

    kundpuls run --dry-run
    """
    run_all(running.chosen(jobs or ()), running)
