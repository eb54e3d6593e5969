"""`kundpuls reconcile`: an export's own durations and promises against its timestamps, and the hours they were counted in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels, project
from kpi_cli.options.delivery import Files, Worded, format_for
from kpi_cli.options.reading import Times
from kpi_cli.progress import progress

if TYPE_CHECKING:
    from kpi_cli.documents.wording import Wording
    from kpi_core.analysis.reconcile import Reconciliation

Form = Literal["table", "json", "csv", "md"]
FORMS: tuple[str, ...] = get_args(Form)

Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", rich_help_panel=panels.OUTPUT, parser=arguments.one_of("format", lambda: FORMS),
                 autocompletion=completion.offer(lambda: FORMS), show_default="by the file's extension, else table",
                 help=f"How the answer is written: {', '.join(FORMS)}; csv is what does not fit."),
]  # fmt: skip
CalendarOut = Annotated[
    Path | None,
    typer.Option("--calendar-out", metavar="FILE", rich_help_panel=panels.OUTPUT, show_default=False,
                 help="Write the opening hours found to this file, as a calendar (.yaml)."),
]  # fmt: skip


def command(
    files: Files, reading: Times, answer: Worded, format: Format = None, calendar_out: CalendarOut = None
) -> None:
    """The export's own durations and promises against its timestamps, and the opening hours that explain them.

    kundpuls reconcile tickets.csv

    kundpuls reconcile tickets.csv -o misfits.csv

    kundpuls reconcile tickets.csv --calendar-out support.yaml
    """
    form = _form(format, answer.output)
    _check_ending(calendar_out)
    project.tell(answer.config, is_quiet=answer.quiet)
    found = _reconciled(files, reading, is_quiet=answer.quiet)

    from kpi_cli import writing
    from kpi_cli.documents import reconciled
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs import deliver
    from kpi_cli.outputs.records import reconciled_record

    wording = Wording(answer.lang)
    if form == "csv":
        with writing.atomic_text(answer.output) as stream:
            reconciled_record.write_csv(found, stream)
    else:
        deliver(form, answer.color, lambda page: reconciled.draw(page, found, wording),
                lambda: reconciled_record.document(found), answer.output, wording)  # fmt: skip
    if calendar_out is not None:
        _write_calendar(found, calendar_out, wording)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for, else the one of the file's ending.

    Raises:
        UsageError: the ending is of another.
    """
    if form is None and output is not None and not output.suffix:
        return "table"
    form = format_for(form, output)
    if form not in FORMS:
        raise UsageError(f"what does not fit is not written as {form}", hint=f"there are {', '.join(FORMS)}")
    return form


def _check_ending(calendar_out: Path | None) -> None:
    if calendar_out is not None and calendar_out.suffix not in (".yaml", ".yml"):
        raise UsageError(f"`{calendar_out}` would be no calendar", hint="name a file that ends in .yaml")


def _reconciled(files: list[str], reading: Times, *, is_quiet: bool) -> "Reconciliation":
    from kpi_core.analysis.reconcile import WANTED, reconcile
    from kpi_core.ingest.dataset import read_exports

    with progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), WANTED, tell)
    return reconcile(dataset)


def _write_calendar(found: "Reconciliation", target: Path, wording: "Wording") -> None:
    """Writes the hours found.

    Raises:
        KpiError: none explain the columns.
    """
    from kpi_cli import writing
    from kpi_cli.documents import reconciled
    from kpi_core.errors import KpiError

    if found.calendar is None:
        hint = "write one by hand: configs/calendars/README.md shows how"
        raise KpiError("no opening hours explain the columns, so no calendar is written", where=target, hint=hint)
    with writing.atomic_text(target) as stream:
        stream.write(reconciled.calendar(found, wording))
