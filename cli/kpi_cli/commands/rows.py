"""`kundpuls rows`: the rows behind one number, each with the part it plays in it or why it plays none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_cli import arguments, asking, completion, options, project, reading_options
from kpi_cli.boundary import UsageError

if TYPE_CHECKING:
    from kpi_core.analysis.rows import Drill
    from kpi_core.kpi import Kpi as Known

FORMATS = ("table", "json", "ndjson", "csv", "xlsx")
ROLES = ("numerator", "counted", "left-out", "outside")
"""As in the core, which imports polars."""

SHOWN = 50
"""Rows of a table where nothing else is asked for."""

Kpi = Annotated[
    str,
    typer.Argument(metavar="KPI", autocompletion=completion.kpi, show_default=False, help="The KPI, by its name."),
]
Group = Annotated[
    arguments.Member | None,
    typer.Option(
        metavar="DIM=VALUE", parser=arguments.member, rich_help_panel="Which figures",
        help="Only this group, as 'group=Billing'; 'agent=' is the rows without one.",
    ),
]  # fmt: skip
Only = Annotated[
    list[str],
    typer.Option(
        metavar="ROLE", parser=arguments.one_of("role", lambda: ROLES, repeats=True), autocompletion=completion.offer(lambda: ROLES),
        rich_help_panel="What comes out", help=f"Only these rows: {', '.join(ROLES)}; repeat for more.",
    ),
]  # fmt: skip
Limit = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, rich_help_panel="What comes out", show_default=f"{SHOWN} in a table, else all",
        help="The most rows to write.",
    ),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT", parser=arguments.one_of("format", lambda: FORMATS),
        autocompletion=completion.offer(lambda: FORMATS), rich_help_panel="What comes out",
        show_default="by the file's extension, else table", help=f"How the answer is written: {', '.join(FORMATS)}.",
    ),
]  # fmt: skip


def command(
    kpi: Kpi,
    files: options.Files,
    kpis_file: options.KpisFile = [],
    period: options.Period = None,
    group: Group = None,
    where: options.Where = None,
    answers: options.Answers = "all",
    as_of: options.AsOf = None,
    tz: options.Tz = None,
    sla: options.Sla = [],
    calendar: options.Calendar = None,
    nki_weights: options.NkiWeights = None,
    only: Only = [],
    limit: Limit = None,
    format: Format = None,
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
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
    """The rows behind one number, each with the part it plays in it or why it plays none.

    kundpuls rows csat tickets.csv survey.csv --period 2026-09

    kundpuls rows first_reply_time tickets.csv --group 'group=Billing' --only left-out

    kundpuls rows resolution_rate exports/ -o rows.csv
    """
    known = asking.catalogue(kpis_file)
    reading = asking.Reading(mapping=mapping, source=source, column=column, scale=scale, direction=direction, encoding=encoding, delimiter=delimiter,
                             decimal=decimal, date_format=date_format, null_value=null_value, skip_lines=skip_lines, sheet=sheet, zone=zone, bound=bound, known=known)  # fmt: skip
    question = asking.Question(answers=answers, period=period, by=[group.dimension] if group else [], kpi=[_name(kpi, known)], where=where, compare="none",
                               as_of=as_of, tz=tz, sla=sla, calendar=calendar, nki_weights=nki_weights, known=known)  # fmt: skip
    form = _form(format, output)
    project.tell(config, is_quiet=quiet)
    found = _drilled(files, reading, question, group, is_quiet=quiet)

    from kpi_cli.explain import rows
    from kpi_core.analysis.rows import Role

    wanted = tuple(Role(role.replace("-", " ")) for role in only)
    rows.write(found, wanted, SHOWN if limit is None and form == "table" else limit, form, output, color)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for.

    Raises:
        UsageError: rows are not written as that.
    """
    form = asking.format_for(form, output)
    if form not in FORMATS:
        raise UsageError(f"rows are not written as {form}", hint=f"name a file that ends in .{', .'.join(FORMATS[1:])}")
    return form


def _drilled(
    files: list[str],
    reading: asking.Reading,
    question: asking.Question,
    group: arguments.Member | None,
    *,
    is_quiet: bool,
) -> "Drill":
    from kpi_core.analysis.rows import drill
    from kpi_core.ingest.dataset import read_exports

    request = question.request()
    with asking.progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), request.texts(), tell)
    return drill(dataset, request, (group.dimension, group.value) if group else None)


def _name(kpi: str, known: "tuple[Known, ...]") -> str:
    """The name of a KPI.

    Raises:
        UsageError: it stands for several, or there is none of that name.
    """
    from pathlib import Path

    from kpi_core.faults import suggestion

    names = [one.name for one in known]
    if kpi in names:
        return kpi
    if Path(kpi).exists():
        raise UsageError(f"`{kpi}` is a file, not a KPI", hint=f"name the KPI first: `kundpuls rows csat {kpi}`")
    if any(mark in kpi for mark in "*?["):
        raise UsageError(f"`{kpi}` is no one KPI", hint=f"`kundpuls kpis '{kpi}'` lists them")
    raise UsageError(f"no KPI `{kpi}`{suggestion(kpi, names)}", hint="`kundpuls kpis` lists them")
