"""`kundpuls growth`: revenue as customers × orders for each × what an order is worth, what if, and years ahead."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.explaining import Valuing
from kpi_cli.options.growing import Growing
from kpi_cli.options.positionals import FilesOrNone
from kpi_cli.options.reading import Times
from kpi_cli.progress import read


def command(question: Valuing, growing: Growing, reading: Times, answer: Answer, files: FilesOrNone = None) -> None:
    """What growth is made of: customers × orders for each × what an order is worth; and what if.

    kundpuls growth orders.csv customers.csv --period 2026-Q3

    kundpuls growth --base customers=1000,frequency=2.3,order-value=1484 --what-if order-value=1573,frequency=+4%

    kundpuls growth orders.csv --what-if frequency=+5% --years 5 --rate 9%
    """
    base = growing.business(has_files=reading.reads(files))
    from kpi_cli.documents.growth import GrowthDocument, OutlookDocument
    from kpi_core.analysis.growth.outlook import what_if
    from kpi_core.analysis.growth.split import growth, looked_up

    wording, asked = reading.wording(answer.lang, files or ()), growing.asked()
    if base is not None:
        answer.deliver(OutlookDocument(what_if(base, **asked), wording, growing.base_year))
        return
    project.announce(answer.config, is_quiet=answer.quiet)
    request = looked_up(question.asked())
    dataset = read(files or [], reading.choices(), request.texts(), is_quiet=answer.quiet)
    answer.deliver(GrowthDocument(growth(dataset, request, **asked), wording, growing.base_year))
