"""`kundpuls reconcile`: an export's own durations and promises against its timestamps, and the hours they were counted in."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.positionals import Files
from kpi_cli.options.reading import Times
from kpi_cli.options.single import CalendarFile
from kpi_cli.progress import read


def command(files: Files, reading: Times, answer: Answer, calendar: CalendarFile) -> None:
    """The export's own durations and promises against its timestamps, and the opening hours that explain them.

    kundpuls reconcile tickets.csv

    kundpuls reconcile tickets.csv -o misfits.csv

    kundpuls reconcile tickets.csv --calendar-out support.yaml
    """
    project.announce(answer.config, is_quiet=answer.quiet)
    from kpi_cli.documents.reconciled import ReconciledDocument, calendar_of
    from kpi_core.analysis.reconcile import WANTED, reconcile

    found = reconcile(read(files, reading.choices(), WANTED, is_quiet=answer.quiet))
    wording = reading.wording(answer.lang, files)
    answer.deliver(ReconciledDocument(found, wording))
    calendar.write(calendar_of(found, wording))
