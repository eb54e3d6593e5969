"""`kundpuls formats`: the export formats that are known, or one in full."""

from kpi_cli.options.delivery import Written
from kpi_cli.options.naming import format_called
from kpi_cli.options.positionals import FormatName


def command(answer: Written, name: FormatName = None) -> None:
    """The export formats there are, or one explained.

    kundpuls formats

    kundpuls formats zendesk-tickets

    kundpuls formats mappings/mine.yaml
    """
    from kpi_cli.documents.formats import FormatDocument, FormatsDocument
    from kpi_core.ingest.formats.mapping import built_in

    answer.deliver(FormatsDocument(built_in()) if name is None else FormatDocument(format_called(name)))
