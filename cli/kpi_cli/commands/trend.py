"""`kundpuls trend`: KPIs over time, against the limits of what their process brings by itself."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import several_called
from kpi_cli.options.positionals import Files, Kpis
from kpi_cli.options.question import Following
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Charting
from kpi_cli.progress import read


def command(kpi: Kpis, files: Files, question: Following, chart: Charting, reading: Reading, answer: Answer) -> None:
    """KPIs over time: what is ordinary ups and downs, and what is worth a look.

    kundpuls trend csat tickets.csv survey.csv

    kundpuls trend first_reply_time tickets.csv --grain week --target first_reply_time=4h

    kundpuls trend csat,nps,tickets_created exports/ --event '2026-09-01=New invoice portal'
    """
    known = question.catalogue()
    request = question.request(known, kpi=several_called(kpi, known))
    project.announce(answer.config, is_quiet=answer.quiet)
    dataset = read(files, reading.choices(known), request.texts(), is_quiet=answer.quiet)

    from kpi_cli.documents.trends import TrendsDocument

    answer.deliver(TrendsDocument(chart.trends(dataset, request), reading.wording(answer.lang, files), chart.event))
