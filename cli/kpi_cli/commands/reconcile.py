"""`kundpuls reconcile`: an export's own durations and promises against its timestamps, and the hours they were counted in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from kpi_cli import arguments, asking, completion, options, project, reading_options
from kpi_cli.boundary import UsageError

if TYPE_CHECKING:
    from kpi_core.analysis.reconcile import Reconciliation

Form = Literal["table", "json", "csv"]
FORMS: tuple[str, ...] = get_args(Form)

Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", rich_help_panel="What comes out", parser=arguments.one_of("format", lambda: FORMS),
                 autocompletion=completion.offer(lambda: FORMS), show_default="by the file's extension, else table",
                 help=f"How the answer is written: {', '.join(FORMS)}; csv is what does not fit."),
]  # fmt: skip
CalendarOut = Annotated[
    Path | None,
    typer.Option("--calendar-out", metavar="FILE", rich_help_panel="What comes out", show_default=False,
                 help="Write the opening hours found to this file, as a calendar (.yaml)."),
]  # fmt: skip


def command(
    files: options.Files,
    format: Format = None,
    output: options.Output = None,
    calendar_out: CalendarOut = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    mapping: reading_options.Mapping = [],
    column: reading_options.Column = [],
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
    """The export's own durations and promises against its timestamps, and the opening hours that explain them.

    kundpuls reconcile tickets.csv

    kundpuls reconcile tickets.csv -o misfits.csv

    kundpuls reconcile tickets.csv --calendar-out support.yaml
    """
    reading = asking.Reading(mapping=mapping, column=column, encoding=encoding,
                             delimiter=delimiter, decimal=decimal, date_format=date_format, null_value=null_value,
                             skip_lines=skip_lines, sheet=sheet, zone=zone, bound=bound)  # fmt: skip
    form = _form(format, output)
    _check_ending(calendar_out)
    project.tell(config, is_quiet=quiet)
    found = _reconciled(files, reading, is_quiet=quiet)

    from kpi_cli import writing
    from kpi_cli.explain import reconciled, reconciled_record
    from kpi_cli.explain.page import deliver

    if form == "csv":
        with writing.atomic_text(output) as stream:
            reconciled_record.write_csv(found, stream)
    else:
        deliver("json" if form == "json" else "table", color, lambda page: reconciled.draw(page, found),
                lambda: reconciled_record.document(found), output)  # fmt: skip
    if calendar_out is not None:
        _write_calendar(found, calendar_out)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for, else the one of the file's ending.

    Raises:
        UsageError: the ending is of another.
    """
    if form is None and output is not None and not output.suffix:
        return "table"
    form = asking.format_for(form, output)
    if form not in FORMS:
        raise UsageError(f"what does not fit is not written as {form}", hint=f"there are {', '.join(FORMS)}")
    return form


def _check_ending(calendar_out: Path | None) -> None:
    if calendar_out is not None and calendar_out.suffix not in (".yaml", ".yml"):
        raise UsageError(f"`{calendar_out}` would be no calendar", hint="name a file that ends in .yaml")


def _reconciled(files: list[str], reading: asking.Reading, *, is_quiet: bool) -> "Reconciliation":
    from kpi_core.analysis.reconcile import WANTED, reconcile
    from kpi_core.ingest.dataset import read_exports

    with asking.progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), WANTED, tell)
    return reconcile(dataset)


def _write_calendar(found: "Reconciliation", target: Path) -> None:
    """Writes the hours found.

    Raises:
        KpiError: none explain the columns.
    """
    from kpi_cli import writing
    from kpi_core.errors import KpiError

    if found.calendar is None:
        hint = "write one by hand: configs/calendars/README.md shows how"
        raise KpiError("no opening hours explain the columns, so no calendar is written", where=target, hint=hint)
    with writing.atomic_text(target) as stream:
        stream.write(found.calendar)
