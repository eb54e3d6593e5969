"""`kundpuls define`: one KPI under competing definitions, so that a difference between two tools can be read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels, project
from kpi_cli.options.delivery import Worded, format_for
from kpi_cli.options.question import Defining
from kpi_cli.options.reading import Reading
from kpi_cli.progress import progress

if TYPE_CHECKING:
    from kpi_core.analysis.define import Comparison
    from kpi_core.analysis.request import Request
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.kpi import Kpi
    from kpi_core.variants.families import Family

Form = Literal["table", "json", "csv", "md"]
FORMS: tuple[str, ...] = get_args(Form)

Name = Annotated[
    str,
    typer.Argument(metavar="KPI", autocompletion=completion.rivalled, show_default=False,
                   help="first_reply, fcr, csat, reopen, resolution_rate, nps, last_7_days, or a KPI of one of them."),
]  # fmt: skip
Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILES]", show_default=False, help="Exports, as for `report`; none lists the definitions."),
]
As = Annotated[
    list[str],
    typer.Option("--as", metavar="WHOSE", rich_help_panel=panels.FIGURES, autocompletion=completion.owner,
                 show_default="everyone's", help="Whose definitions beside ours, as zendesk,freshdesk; repeat or divide by commas."),
]  # fmt: skip
Of = Annotated[
    str | None,
    typer.Option("--of", metavar="NAME", rich_help_panel=panels.FIGURES, autocompletion=completion.kpi,
                 show_default="tickets_created", help="For last_7_days: the KPI whose last 7 days are looked at."),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", rich_help_panel=panels.OUTPUT, parser=arguments.one_of("format", lambda: FORMS),
                 autocompletion=completion.offer(lambda: FORMS), show_default="by the file's extension, else table",
                 help=f"How the answer is written: {', '.join(FORMS)}."),
]  # fmt: skip


def command(
    name: Name,
    question: Defining,
    reading: Reading,
    answer: Worded,
    files: Files = None,
    whose: As = [],
    of: Of = None,
    format: Format = None,
) -> None:
    """One KPI under competing definitions on the same data, and how far apart they lie.

    kundpuls define first_reply tickets.csv

    kundpuls define csat tickets.csv --as zendesk,freshdesk,intercom

    kundpuls define last_7_days tickets.csv --of csat
    """
    known = question.catalogue()
    form = _form(format, answer.output)
    family = _family(name, whose, of, question.period, known)
    if not files:
        _list(family, form, answer)
        return
    project.tell(answer.config, is_quiet=answer.quiet)
    _write(_compared(files, family, reading.choices(known), question.request(known), answer), form, answer)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for, else the one of the file's ending.

    Raises:
        UsageError: the ending is of another.
    """
    if form is None and output is not None and not output.suffix:
        return "table"
    form = format_for(form, output)
    if form not in FORMS:
        raise UsageError(f"definitions are not written as {form}", hint=f"there are {', '.join(FORMS)}")
    return form


def _family(name: str, whose: list[str], of: str | None, period: str | None, known: "tuple[Kpi, ...]") -> "Family":
    """The definitions asked for.

    Raises:
        UsageError: there are none of that name, or options do not go together.
    """
    from kpi_core.errors import DefinitionError
    from kpi_core.kpis import select
    from kpi_core.variants.families import family

    owners = [owner.strip() for text in whose for owner in text.split(",") if owner.strip()]
    try:
        chosen = select([of], known)[0] if of else None
        found = family(name, owners, chosen, [kpi for kpi in known if kpi.own])
    except DefinitionError as error:
        if Path(name).exists():
            raise UsageError(
                f"`{name}` is a file, not a KPI", hint=f"`kundpuls define first_reply {name}` for example"
            ) from None
        raise UsageError(error.message, hint=error.hint) from None
    if of and not found.has_windows:
        raise UsageError("--of belongs to last_7_days", hint=f"`kundpuls define last_7_days FILES --of {of}`")
    if period and found.has_windows:
        raise UsageError("the last 7 days bring their own period", hint="--as-of moves the day they end on")
    return found


def _compared(
    files: list[str], family: "Family", choices: "Choices", request: "Request", answer: Worded
) -> "Comparison":
    """The definitions on the files."""
    from dataclasses import replace

    from kpi_core.analysis.define import compare_definitions
    from kpi_core.ingest.dataset import read_exports

    request = replace(request, kpis=family.kpis, title=family.name)
    with progress(is_quiet=answer.quiet) as tell:
        dataset = read_exports(files, choices, request.texts(), tell)
    return compare_definitions(dataset, family, request)


def _write(comparison: "Comparison", form: str, answer: Worded) -> None:
    """Hands the comparison over."""
    from kpi_cli import writing
    from kpi_cli.documents import rivals
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs import deliver
    from kpi_cli.outputs.records import rivals_record

    wording = Wording(answer.lang)
    if form == "csv":
        with writing.atomic_text(answer.output) as stream:
            rivals_record.write_csv(comparison, stream)
        return
    deliver(form, answer.color, lambda page: rivals.draw(page, comparison, wording),
            lambda: rivals_record.document(comparison), answer.output)  # fmt: skip


def _list(family: "Family", form: str, answer: Worded) -> None:
    """The definitions without data.

    Raises:
        UsageError: there is no such list in that format.
    """
    from kpi_cli.documents import rivals
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs import deliver
    from kpi_cli.outputs.records import rivals_record

    if form == "csv":
        raise UsageError(
            f"without files there is nothing to write as {form}", hint="table and json list the definitions"
        )
    deliver(form, answer.color, lambda page: rivals.listing(page, family, Wording(answer.lang)),
            lambda: rivals_record.listed(family), answer.output)  # fmt: skip
