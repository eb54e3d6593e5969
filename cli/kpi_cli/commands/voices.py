"""`kundpuls voices`: what customers wrote next to a score, and which words go with it."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.positionals import KpiAndFiles
from kpi_cli.options.reading import Reading
from kpi_cli.options.voicing import Listening, Quoting, kpi_and_files
from kpi_cli.progress import read


def command(named: KpiAndFiles, question: Listening, shown: Quoting, reading: Reading, answer: Answer) -> None:
    """What customers wrote next to a score: who wrote, which words go with it, and some of it with personal data masked.

    kundpuls voices survey.csv

    kundpuls voices nps survey.csv --period 2026-Q3 --by group

    kundpuls voices csat exports/ --column comment='What could we do better?'
    """
    known = question.catalogue()
    kpi, files = kpi_and_files(named, known, has_store=reading.reads(()))
    request = question.asked(kpi, known)
    project.announce(answer.config, is_quiet=answer.quiet)
    from kpi_core.analysis.voices.voices import texts

    dataset = read(files, reading.choices(known), texts(request), is_quiet=answer.quiet)

    from kpi_cli.documents.voiced import VoicesDocument

    answer.deliver(VoicesDocument(shown.found(dataset, request), reading.wording(answer.lang, files)))
