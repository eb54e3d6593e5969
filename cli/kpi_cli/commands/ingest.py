"""`kundpuls ingest`: exports into a store, which keeps them as they are written."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.positionals import NewFiles
from kpi_cli.options.reading import Ingestion
from kpi_cli.options.storing import Ingesting
from kpi_cli.progress import progress


def command(files: NewFiles, into: Ingesting, reading: Ingestion, answer: Answer) -> None:
    """Exports into a store, so that months of them can be reported together; what is there already is not taken twice.

    kundpuls ingest exports/ --store desk

    kundpuls ingest tickets.csv --store desk --taken 2026-10-31

    kundpuls report --store desk
    """
    place = into.place()
    project.announce(answer.config, is_quiet=answer.quiet)
    from kpi_cli.documents.stores import IngestedDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.ingesting import ingest

    with progress(is_quiet=answer.quiet) as on_file:
        found = ingest(place, files, reading.choices(), taken=into.taken, progress=on_file)
    answer.deliver(IngestedDocument(place, found, Wording(answer.lang)))
