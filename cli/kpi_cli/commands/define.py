"""`kundpuls define`: one KPI under competing definitions, so that a difference between two tools can be read."""

from dataclasses import replace

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import family_called
from kpi_cli.options.positionals import FilesOrNone, Rivalled
from kpi_cli.options.question import Defining
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Rivals
from kpi_cli.progress import read


def command(
    name: Rivalled, question: Defining, rivals: Rivals, reading: Reading, answer: Answer, files: FilesOrNone = None
) -> None:
    """One KPI under competing definitions on the same data, and how far apart they lie.

    kundpuls define first_reply tickets.csv

    kundpuls define csat tickets.csv --as zendesk,freshdesk,intercom

    kundpuls define last_7_days tickets.csv --of csat
    """
    from kpi_cli.documents.rivals import FamilyDocument, RivalsDocument

    known, wording = question.catalogue(), reading.wording(answer.lang, files or ())
    family = family_called(name, rivals.whose, rivals.of, question.period, known)
    if not reading.reads(files):
        answer.deliver(FamilyDocument(family, wording))
        return
    from kpi_core.analysis.define import compare_definitions

    project.announce(answer.config, is_quiet=answer.quiet)
    request = replace(question.request(known), kpis=family.kpis, title=family.name)
    dataset = read(files or [], reading.choices(known), request.texts(), is_quiet=answer.quiet)
    answer.deliver(RivalsDocument(compare_definitions(dataset, family, request), wording))
