"""`kundpuls define`: one KPI under competing definitions, so that a difference between two tools can be read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from kpi_cli import arguments, asking, completion, options, project, reading_options
from kpi_cli.boundary import UsageError
from kpi_cli.terminal import Color

if TYPE_CHECKING:
    from kpi_core.analysis.defining import Comparison
    from kpi_core.kpi import Kpi
    from kpi_core.rival_definitions.families import Family

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
    typer.Option("--as", metavar="WHOSE", rich_help_panel="Which figures", autocompletion=completion.owner,
                 show_default="everyone's", help="Whose definitions beside ours, as zendesk,freshdesk; repeat or divide by commas."),
]  # fmt: skip
Of = Annotated[
    str | None,
    typer.Option("--of", metavar="NAME", rich_help_panel="Which figures", autocompletion=completion.kpi,
                 show_default="tickets_created", help="For last_7_days: the KPI whose last 7 days are looked at."),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", rich_help_panel="What comes out", parser=arguments.one_of("format", lambda: FORMS),
                 autocompletion=completion.offer(lambda: FORMS), show_default="by the file's extension, else table",
                 help=f"How the answer is written: {', '.join(FORMS)}."),
]  # fmt: skip


def command(
    name: Name,
    files: Files = None,
    whose: As = [],
    of: Of = None,
    kpis_file: options.KpisFile = [],
    period: options.Period = None,
    where: options.Where = None,
    answers: options.Answers = "all",
    as_of: options.AsOf = None,
    tz: options.Tz = None,
    confidence: options.Confidence = 0.95,
    min_n: options.MinN = None,
    lang: options.Lang = "en",
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
    """One KPI under competing definitions on the same data, and how far apart they lie.

    kundpuls define first_reply tickets.csv

    kundpuls define csat tickets.csv --as zendesk,freshdesk,intercom

    kundpuls define last_7_days tickets.csv --of csat
    """
    known = asking.catalogue(kpis_file)
    reading = asking.Reading(mapping=mapping, source=source, column=column, scale=scale, direction=direction, encoding=encoding,
                             delimiter=delimiter, decimal=decimal, date_format=date_format, null_value=null_value,
                             skip_lines=skip_lines, sheet=sheet, zone=zone, bound=bound, known=known)  # fmt: skip
    question = asking.Question(answers=answers, period=period, where=where, compare="none", as_of=as_of, tz=tz, confidence=confidence, min_n=min_n,
                               known=known)  # fmt: skip
    form = _form(format, output)
    family = _family(name, whose, of, period, known)
    if not files:
        _list(family, form, output, lang, color)
        return
    project.tell(config, is_quiet=quiet)
    _write(_compared(files, family, reading, question, is_quiet=quiet), form, output, lang, color)


def _form(form: str | None, output: Path | None) -> str:
    """The format asked for, else the one of the file's ending.

    Raises:
        UsageError: the ending is of another.
    """
    if form is None and output is not None and not output.suffix:
        return "table"
    form = asking.format_for(form, output)
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
    from kpi_core.rival_definitions.families import family

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
    files: list[str], family: "Family", reading: asking.Reading, question: asking.Question, *, is_quiet: bool
) -> "Comparison":
    """The definitions on the files."""
    from dataclasses import replace

    from kpi_core.analysis.defining import compare_definitions
    from kpi_core.ingest.dataset import read_exports

    request = replace(question.request(), kpis=family.kpis, title=family.name)
    with asking.progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), request.texts(), tell)
    return compare_definitions(dataset, family, request)


def _write(comparison: "Comparison", form: str, output: Path | None, lang: str, color: Color) -> None:
    """Hands the comparison over."""
    from kpi_cli import writing
    from kpi_cli.explain import rivals, rivals_record
    from kpi_cli.explain.page import deliver
    from kpi_cli.wording import Wording

    wording = Wording(lang)
    if form in ("csv", "md"):
        with writing.atomic_text(output) as stream:
            if form == "csv":
                rivals_record.write_csv(comparison, stream)
            else:
                rivals_record.write_markdown(comparison, stream, wording)
        return
    deliver("json" if form == "json" else "table", color, lambda page: rivals.draw(page, comparison, wording),
            lambda: rivals_record.document(comparison), output)  # fmt: skip


def _list(family: "Family", form: str, output: Path | None, lang: str, color: Color) -> None:
    """The definitions without data.

    Raises:
        UsageError: there is no such list in that format.
    """
    from kpi_cli.explain import rivals, rivals_record
    from kpi_cli.explain.page import deliver
    from kpi_cli.wording import Wording

    if form in ("csv", "md"):
        raise UsageError(
            f"without files there is nothing to write as {form}", hint="table and json list the definitions"
        )
    deliver("json" if form == "json" else "table", color, lambda page: rivals.listing(page, family, Wording(lang)),
            lambda: rivals_record.listed(family), output)  # fmt: skip
