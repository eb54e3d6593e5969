"""`kundpuls formats`: the export formats that are known, or one in full."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import format_called
from kpi_cli.options.positionals import FormatName


def command(answer: Answer, name: FormatName = None) -> None:
    """The export formats there are, or one explained.

    kundpuls formats

    kundpuls formats zendesk-tickets

    kundpuls formats mappings/mine.yaml
    """
    from kpi_cli.documents.formats import FormatDocument, FormatsDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.ingest.formats.mapping import built_in

    project.announce(answer.config, is_quiet=answer.quiet)
    wording = Wording(answer.lang)
    document = FormatsDocument(built_in(), wording) if name is None else FormatDocument(format_called(name), wording)
    answer.deliver(document)
