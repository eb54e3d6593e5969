"""`kundpuls chart`: KPIs over time as one picture for a slide."""

from kpi_cli.options import project
from kpi_cli.options.naming import several_called
from kpi_cli.options.picturing import Drawn
from kpi_cli.options.positionals import Files, Kpis
from kpi_cli.options.question import Following
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Charting
from kpi_cli.progress import read


def command(kpi: Kpis, files: Files, question: Following, chart: Charting, reading: Reading, answer: Drawn) -> None:
    """One picture for a slide: up to six KPIs over time, under a sentence that says what they show.

    kundpuls chart csat tickets.csv survey.csv -o csat.png

    kundpuls chart csat,nps,first_reply_time exports/ --target csat=85% --lang sv -o kpis.svg

    kundpuls chart csat exports/ --grain week --event '2026-09-01=New invoice portal' --dark -o csat.png
    """
    known = question.catalogue()
    names = several_called(kpi, known)
    request = question.request(known, kpi=names)
    project.announce(answer.config, is_quiet=answer.quiet)
    dataset = read(files, reading.choices(known), request.texts(), is_quiet=answer.quiet)

    from kpi_cli.documents.charted import ChartDocument

    found, wording = chart.trends(dataset, request), reading.wording(answer.lang, files)
    answer.deliver(ChartDocument(found, wording, chart.event, order=names, width=answer.width, is_dark=answer.dark))
