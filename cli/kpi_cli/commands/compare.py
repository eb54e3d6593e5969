"""`kundpuls compare`: two periods, before and after a day, two segments or two companies compared with each other."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import several_called
from kpi_cli.options.positionals import Files, Kpis
from kpi_cli.options.question import Comparing
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Opponents
from kpi_cli.progress import read


def command(kpi: Kpis, files: Files, question: Comparing, sides: Opponents, reading: Reading, answer: Answer) -> None:
    """Which of two is better, and is the difference real.

    kundpuls compare csat tickets.csv survey.csv --compare year-ago --by group

    kundpuls compare first_reply_time,csat exports/ --between 'group=Billing,Delivery'

    kundpuls compare first_reply_time tickets.csv --at 2026-09-01

    kundpuls compare nps ours.csv --with theirs.csv
    """
    known = question.catalogue()
    request = question.request(known, kpi=several_called(kpi, known), by=sides.dimensions)
    project.announce(answer.config, is_quiet=answer.quiet)
    sides_read = sides.read_by(files, reading.choices(known))
    datasets = [read(each, choices, request.texts(), is_quiet=answer.quiet) for each, choices in sides_read]

    from kpi_cli.documents.compared import ComparedDocument

    wording = reading.wording(answer.lang, files)
    answer.deliver(ComparedDocument(sides.compared(datasets, request, reading.named(files), wording), wording))
