"""`kundpuls rows`: the rows behind one number, each with the part it plays in it or why it plays none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels, project
from kpi_cli.options.delivery import Files, Worded, format_for
from kpi_cli.options.question import Drilling
from kpi_cli.options.reading import Reading
from kpi_cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Collection

    from kpi_core.analysis.request import Request
    from kpi_core.analysis.rows import Drill, Role
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.kpi import Kpi as Known

FORMATS = ("table", "json", "ndjson", "csv", "md", "xlsx")
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
    panels.figures(
        metavar="DIM=VALUE", parser=arguments.member,
        help="Only this group, as 'group=Billing'; 'agent=' is the rows without one.",
    ),
]  # fmt: skip
Only = Annotated[
    list[str],
    typer.Option(
        metavar="ROLE", parser=arguments.one_of("role", lambda: ROLES, repeats=True), autocompletion=completion.offer(lambda: ROLES),
        rich_help_panel=panels.OUTPUT, help=f"Only these rows: {', '.join(ROLES)}; repeat for more.",
    ),
]  # fmt: skip
Limit = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, rich_help_panel=panels.OUTPUT, show_default=f"{SHOWN} in a table, else all",
        help="The most rows to write.",
    ),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT", parser=arguments.one_of("format", lambda: FORMATS),
        autocompletion=completion.offer(lambda: FORMATS), rich_help_panel=panels.OUTPUT,
        show_default="by the file's extension, else table", help=f"How the answer is written: {', '.join(FORMATS)}.",
    ),
]  # fmt: skip


def command(
    kpi: Kpi,
    files: Files,
    question: Drilling,
    reading: Reading,
    answer: Worded,
    group: Group = None,
    only: Only = [],
    limit: Limit = None,
    format: Format = None,
) -> None:
    """The rows behind one number, each with the part it plays in it or why it plays none.

    kundpuls rows csat tickets.csv survey.csv --period 2026-09

    kundpuls rows first_reply_time tickets.csv --group 'group=Billing' --only left-out

    kundpuls rows resolution_rate exports/ -o rows.csv
    """
    known = question.catalogue()
    request = question.request(known, kpi=[_name(kpi, known)], by=[group.dimension] if group else [])
    form = _form(format, answer.output)
    project.tell(answer.config, is_quiet=answer.quiet)
    found = _drilled(files, reading.choices(known), request, group, is_quiet=answer.quiet)

    from kpi_core.analysis.rows import Role

    wanted = tuple(Role(role.replace("-", " ")) for role in only)
    most = SHOWN if limit is None and form == "table" else limit
    _write(found, wanted, most, form, answer)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for.

    Raises:
        UsageError: rows are not written as that.
    """
    form = format_for(form, output)
    if form not in FORMATS:
        raise UsageError(f"rows are not written as {form}", hint=f"name a file that ends in .{', .'.join(FORMATS[1:])}")
    return form


def _drilled(
    files: list[str],
    choices: "Choices",
    request: "Request",
    group: arguments.Member | None,
    *,
    is_quiet: bool,
) -> "Drill":
    from kpi_core.analysis.rows import drill
    from kpi_core.ingest.dataset import read_exports

    with progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, choices, request.texts(), tell)
    return drill(dataset, request, (group.dimension, group.value) if group else None)


def _name(kpi: str, known: "tuple[Known, ...]") -> str:
    """The name of a KPI.

    Raises:
        UsageError: it stands for several, or there is none of that name.
    """
    from pathlib import Path

    from kpi_core.config.validation import suggestion

    names = [one.name for one in known]
    if kpi in names:
        return kpi
    if Path(kpi).exists():
        raise UsageError(f"`{kpi}` is a file, not a KPI", hint=f"name the KPI first: `kundpuls rows csat {kpi}`")
    if any(mark in kpi for mark in "*?["):
        raise UsageError(f"`{kpi}` is no one KPI", hint=f"`kundpuls kpis '{kpi}'` lists them")
    raise UsageError(f"no KPI `{kpi}`{suggestion(kpi, names)}", hint="`kundpuls kpis` lists them")


def _write(found: "Drill", wanted: "Collection[Role]", limit: int | None, form: str, answer: Worded) -> None:
    """Writes the rows of some roles (none named: of all), at most `limit`, to stdout or a file."""
    from kpi_cli import outputs, writing
    from kpi_cli.documents import rows
    from kpi_cli.documents.page import Page
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs.records import rows_record

    listed, wording = found.listed(wanted, limit), Wording(answer.lang)
    if form == "xlsx" and answer.output is not None:
        from kpi_cli.workbook.rows import write_workbook

        with writing.atomic_path(answer.output) as draft:
            write_workbook(found, listed, draft, wording)
        return
    with writing.atomic_text(answer.output) as stream:
        match form:
            case "json":
                rows_record.write_json(found, listed, stream)
            case "ndjson":
                rows_record.write_ndjson(found, listed, stream)
            case "csv":
                rows_record.write_csv(listed, stream)
            case _:
                page = Page()
                rows.draw(page, found, listed, wanted, wording)
                outputs.page(form, page.document(), stream, wording, answer.color)
