"""`kundpuls kpis`: the catalogue, or one definition and which files can feed it."""

from kpi_cli.boundary import UsageError
from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import is_pattern, kpis_called
from kpi_cli.options.positionals import Candidates, KpiOrNone
from kpi_cli.options.question import Own
from kpi_cli.options.reading import Reading
from kpi_cli.progress import progress


def command(own: Own, answer: Answer, name: KpiOrNone = None, files: Candidates = None) -> None:
    """The KPIs there are, or one explained.

    kundpuls kpis

    kundpuls kpis 'first_reply*'

    kundpuls kpis csat tickets.csv survey.xlsx
    """
    from kpi_cli.documents.definitions import CatalogueDocument, DefinitionDocument
    from kpi_cli.documents.wording import Wording

    project.announce(answer.config, is_quiet=answer.quiet)
    known = own.catalogue()
    wording, chosen = Wording(answer.lang).knowing(known), kpis_called(name, known)
    if is_pattern(name):
        if files:
            hint = f"`kundpuls inspect {files[0]}` lists all of them"
            raise UsageError("files are asked about one KPI at a time", hint=hint)
        answer.deliver(CatalogueDocument(chosen, wording, known))
        return
    from kpi_core.analysis.inspection import abilities

    with progress(is_quiet=answer.quiet) as on_file:
        answers = abilities(chosen[0], files, Reading().choices(known), on_file) if files else None
    own_figures = answer.config.benchmarks if answer.config else ()
    answer.deliver(DefinitionDocument(chosen[0], wording, known, answers, own_figures))
