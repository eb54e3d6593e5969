"""`kundpuls rows`: the rows behind one number, each with the part it plays in it or why it plays none."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.naming import kpi_called
from kpi_cli.options.positionals import Files, Kpi
from kpi_cli.options.question import Drilling
from kpi_cli.options.reading import Reading
from kpi_cli.options.single import Listing
from kpi_cli.progress import read


def command(kpi: Kpi, files: Files, question: Drilling, listing: Listing, reading: Reading, answer: Answer) -> None:
    """The rows behind one number, each with the part it plays in it or why it plays none.

    kundpuls rows csat tickets.csv survey.csv --period 2026-09

    kundpuls rows first_reply_time tickets.csv --group 'group=Billing' --only left-out

    kundpuls rows resolution_rate exports/ -o rows.csv
    """
    known, group = question.catalogue(), listing.group
    request = question.request(known, kpi=[kpi_called(kpi, known)], by=[group.dimension] if group else [])
    project.announce(answer.config, is_quiet=answer.quiet)
    dataset = read(files, reading.choices(known), request.texts(), is_quiet=answer.quiet)

    from kpi_cli.documents.rows import RowsDocument
    from kpi_core.analysis.rows import Role, drill

    found = drill(dataset, request, (group.dimension, group.value) if group else None)
    roles = tuple(Role(role.replace("-", " ")) for role in listing.only)
    answer.deliver(RowsDocument(found, reading.wording(answer.lang, files), roles, listing.limit))
