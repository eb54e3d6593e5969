"""`kundpuls partial`: exports kept in one state, for `merge` to make the report of many."""

from kpi_cli.options import project
from kpi_cli.options.keeping import Keeping, StateFile
from kpi_cli.options.positionals import NewFiles
from kpi_cli.options.reading import Scanning
from kpi_cli.progress import progress
from kpi_cli.writing import atomic_path


def command(files: NewFiles, keeping: Keeping, reading: Scanning, state: StateFile) -> None:
    """Exports kept in one state, the work on each file done: for make, Slurm or Airflow to do in parallel.

    kundpuls partial 2026-01.csv -o 2026-01.state

    kundpuls partial 2026-02.csv --by group -o 2026-02.state

    kundpuls merge 2026-*.state --by group -o report.xlsx
    """
    target = state.path
    project.announce(state.config, is_quiet=state.quiet)
    from kpi_core.ingest.files.states import write_state
    from kpi_core.ingest.parallel.partial import partial

    with progress(is_quiet=state.quiet) as on_file:
        made = partial(files, reading.choices(keeping.catalogue()), keeping.texts(), on_file)
    with atomic_path(target) as draft:
        write_state(made, draft)
