"""`kundpuls inspect`: what a file was taken for, what is wrong with it, and what that costs."""

from typing import TYPE_CHECKING

from kpi_cli import asking, options, project, reading_options
from kpi_cli import refused as refused_rows
from kpi_cli.explain.page import Format, deliver

if TYPE_CHECKING:
    from kpi_core.errors import KpiError
    from kpi_core.ingest.inputs import Input


def command(
    files: options.Files,
    format: Format = "table",
    refused: options.Refused = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    kpis_file: options.KpisFile = [],
    mapping: reading_options.Mapping = [],
    source: reading_options.Source = None,
    column: reading_options.Column = [],
    scale: reading_options.Scale = [],
    direction: reading_options.Direction = [],
    encoding: reading_options.Encoding = None,
    delimiter: reading_options.Delimiter = None,
    decimal: reading_options.Decimal = None,
    date_format: reading_options.DateFormat = None,
    null_value: reading_options.NullValue = [],
    skip_lines: reading_options.SkipLines = None,
    sheet: reading_options.Sheet = None,
    zone: reading_options.Zone = None,
    bound: reading_options.Bound = [],
    config: options.Config = None,
    no_config: options.NoConfig = False,  # noqa: ARG001 (for --config to see)
) -> None:
    """What was recognised in a file, what is wrong, and what that costs.

    kundpuls inspect tickets.csv

    kundpuls inspect tickets.csv survey.xlsx --zone Europe/Stockholm

    kundpuls inspect tickets.csv --format json
    """
    known = asking.catalogue(kpis_file)
    reading = asking.Reading(
        mapping=mapping, source=source, column=column, scale=scale, direction=direction, encoding=encoding, delimiter=delimiter,
        decimal=decimal, date_format=date_format, null_value=null_value, skip_lines=skip_lines, sheet=sheet, zone=zone, bound=bound,
        known=known,
    )  # fmt: skip
    from kpi_cli.explain.inspection import InspectionPage
    from kpi_cli.explain.inspection_record import document
    from kpi_cli.wording import Wording
    from kpi_core.analysis.diagnosis import diagnose
    from kpi_core.analysis.inspection import COLUMNS, inspect
    from kpi_core.ingest.dataset import read_exports

    refused_rows.check(refused, None)
    project.tell(config, is_quiet=quiet)
    choices = reading.choices()
    unread: dict[Input, KpiError] = {}
    with asking.progress(is_quiet=quiet) as tell:
        dataset = read_exports(files, choices, COLUMNS, tell, unread)
        diagnoses = tuple(diagnose(item, error, choices) for item, error in unread.items())
    if not dataset.reads and not any(one.columns for one in diagnoses):
        raise next(iter(unread.values()))
    refused_rows.write(dataset, refused)
    inspection, wording = inspect(dataset, known, diagnoses), Wording().knowing(known)
    deliver(format, color, lambda page: InspectionPage(page, wording).draw(inspection), lambda: document(inspection))
