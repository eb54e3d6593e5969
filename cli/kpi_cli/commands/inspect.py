"""`kundpuls inspect`: what a file was taken for, what is wrong with it, and what that costs."""

from typing import TYPE_CHECKING

from kpi_cli import refused as refused_rows
from kpi_cli.options import project
from kpi_cli.options.delivery import Answer, RefusedRows
from kpi_cli.options.positionals import Files
from kpi_cli.options.question import Own
from kpi_cli.options.reading import Reading
from kpi_cli.progress import read

if TYPE_CHECKING:
    from kpi_core.errors import KpiError
    from kpi_core.ingest.files.inputs import Input


def command(files: Files, own: Own, reading: Reading, answer: Answer, refused: RefusedRows = None) -> None:
    """What was recognised in a file, what is wrong, and what that costs.

    kundpuls inspect tickets.csv

    kundpuls inspect tickets.csv survey.xlsx --zone Europe/Stockholm

    kundpuls inspect tickets.csv --format json
    """
    from kpi_cli.documents.inspections.inspection import InspectionDocument
    from kpi_core.analysis.diagnosis import diagnosed
    from kpi_core.analysis.inspection import COLUMNS, inspect

    refused_rows.check(refused, answer.output)
    project.announce(answer.config, is_quiet=answer.quiet)
    choices = reading.choices(known := own.catalogue())
    unread: dict[Input, KpiError] = {}
    dataset = read(files, choices, COLUMNS, is_quiet=answer.quiet, unread=unread)
    diagnoses = diagnosed(unread, choices, is_anything_read=bool(dataset.reads))
    refused_rows.write(dataset, refused, answer.lang)
    wording = reading.wording(answer.lang, files)
    answer.deliver(InspectionDocument(inspect(dataset, known, diagnoses), wording.knowing(known)))
