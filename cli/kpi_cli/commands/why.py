"""`kundpuls why`: a change dealt to the segments that made it, or the difference of two segments to what they are made of."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.explaining import Explaining
from kpi_cli.options.naming import kpi_called
from kpi_cli.options.positionals import Files, Kpi
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Between
from kpi_cli.progress import read


def command(kpi: Kpi, files: Files, question: Explaining, segments: Between, reading: Reading, answer: Answer) -> None:
    """Why a KPI moved: which segments made the change, by the value of each and by who was in it.

    kundpuls why csat tickets.csv survey.csv

    kundpuls why first_reply_time tickets.csv --by channel --compare year-ago

    kundpuls why csat tickets.csv --between group=North,South
    """
    from kpi_cli.documents.why import WhyDocument

    known, pair = question.catalogue(hashed=files), segments.between
    project.announce(answer.config, is_quiet=answer.quiet)
    request = question.asked(kpi_called(kpi, known), known)
    from kpi_core.analysis.why.between import between
    from kpi_core.analysis.why.periods import looked_up, why

    asked = looked_up(request, () if pair is None else (pair.dimension,))
    dataset = read(files, reading.choices(known), asked.texts(), is_quiet=answer.quiet)
    found = why(dataset, request) if pair is None else between(dataset, request, pair.dimension, pair.members)
    answer.deliver(WhyDocument(found, reading.wording(answer.lang, files)))
