"""`kundpuls drivers`: what a figure goes with, and where most could be gained."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import kpi_called
from kpi_cli.options.positionals import Files, Kpi
from kpi_cli.options.question import Drilling
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import MoreVariables
from kpi_cli.progress import read


def command(kpi: Kpi, files: Files, question: Drilling, more: MoreVariables, reading: Reading, answer: Answer) -> None:
    """What a KPI goes with: ticket type, team, channel, waiting times, what else customers answered; and where to begin.

    kundpuls drivers csat tickets.csv survey.csv --period 2026-Q3

    kundpuls drivers churn_share customers.csv --with Contract --with Tenure --period all
    """
    known = question.catalogue()
    request = question.request(known, kpi=[kpi_called(kpi, known)])
    project.announce(answer.config, is_quiet=answer.quiet)
    dataset = read(files, reading.choices(known), more.texts(request), is_quiet=answer.quiet)

    from kpi_cli.documents.driven import DriversDocument
    from kpi_core.analysis.drivers.drivers import drivers

    answer.deliver(DriversDocument(drivers(dataset, request, more.headers), reading.wording(answer.lang, files)))
