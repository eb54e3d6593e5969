"""`kundpuls inspect`: what a file was taken for, what is wrong with it, and what that costs."""

from typing import TYPE_CHECKING

from kpi_cli import refused as refused_rows
from kpi_cli.options import project
from kpi_cli.options.delivery import Drawn as Format
from kpi_cli.options.delivery import Files, RefusedRows, ShownIn
from kpi_cli.options.question import Own
from kpi_cli.options.reading import Reading
from kpi_cli.progress import progress

if TYPE_CHECKING:
    from kpi_core.errors import KpiError
    from kpi_core.ingest.files.inputs import Input


def command(
    files: Files, own: Own, reading: Reading, shown: ShownIn, format: Format = "table", refused: RefusedRows = None
) -> None:
    """What was recognised in a file, what is wrong, and what that costs.

    kundpuls inspect tickets.csv

    kundpuls inspect tickets.csv survey.xlsx --zone Europe/Stockholm

    kundpuls inspect tickets.csv --format json
    """
    from kpi_cli.documents.inspections.inspection import InspectionPage
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs import deliver
    from kpi_cli.outputs.records.inspection_record import document
    from kpi_core.analysis.diagnosis import diagnose
    from kpi_core.analysis.inspection import COLUMNS, inspect
    from kpi_core.ingest.dataset import read_exports

    refused_rows.check(refused, None)
    project.tell(shown.config, is_quiet=shown.quiet)
    known = own.catalogue()
    choices = reading.choices(known)
    unread: dict[Input, KpiError] = {}
    with progress(is_quiet=shown.quiet) as tell:
        dataset = read_exports(files, choices, COLUMNS, tell, unread)
        diagnoses = tuple(diagnose(item, error, choices) for item, error in unread.items())
    if not dataset.reads and not any(one.columns for one in diagnoses):
        raise next(iter(unread.values()))
    refused_rows.write(dataset, refused)
    inspection, wording = inspect(dataset, known, diagnoses), Wording(shown.lang).knowing(known)
    deliver(
        format,
        shown.color,
        lambda page: InspectionPage(page, wording).draw(inspection),
        lambda: document(inspection),
        wording=wording,
    )
