"""`kundpuls map`: the draft of a mapping for a spreadsheet nobody knows, to look through and use."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, project
from kpi_cli.options.delivery import Draft
from kpi_cli.options.reading import Unmapped
from kpi_cli.terminal import clean
from kpi_cli.writing import atomic_text

if TYPE_CHECKING:
    from kpi_core.ingest.files.inputs import Input
    from kpi_core.ingest.files.limits import Limits

TABLES = ("tickets", "answers", "messages", "customers", "orders", "reviews", "leads", "costs")
"""As in the canonical tables, which import polars."""

File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="The export: a path, or - for stdin.", show_default=False),
]
Table = Annotated[
    str | None,
    typer.Option(
        metavar="TABLE",
        parser=arguments.one_of("table", lambda: TABLES),
        autocompletion=completion.offer(lambda: TABLES),
        show_default="told from the file",
        help=f"What its rows are: {', '.join(TABLES)}.",
    ),
]


Force = Annotated[bool, typer.Option("--force", help="Overwrite a mapping that is there already.")]


def command(file: File, reading: Unmapped, answer: Draft, table: Table = None, force: Force = False) -> None:
    """The draft of a mapping for a spreadsheet nobody knows.

    kundpuls map requests.csv -o requests.yaml

    kundpuls map survey.xlsx --table answers --column nps="Would you?"

    kundpuls report requests.csv --mapping requests.yaml
    """
    _check_output(answer.output, is_forced=force)
    project.tell(answer.config, is_quiet=answer.quiet)
    from kpi_core.ingest.drafting.draft import draft

    choices = reading.choices()
    saved_as = None if answer.output is None or not answer.output.suffix else str(answer.output)
    made = draft(_only(file, choices.options.limits), choices, table, saved_as)
    with atomic_text(answer.output) as stream:
        stream.write(made.text)
    for note in () if answer.quiet else made.notes:
        typer.echo(f"note: {clean(note)}", err=True)


def _check_output(output: Path | None, *, is_forced: bool) -> None:
    """Refuses a name that `--mapping` would not take for a file, and one that holds a mapping which may have been worked on."""
    if output is None or str(output) == "-":
        return
    if output.suffix in (".yaml", ".yml"):
        if output.is_file() and output.stat().st_size and not is_forced:
            raise UsageError(f"`{output}` is there already", hint="name another file, or overwrite it with --force")
        return
    if not output.exists() or output.is_file():
        hint = f"name it {output.stem or 'draft'}.yaml: --mapping knows a file by that"
        raise UsageError(f"`{output.suffix or output.name}` is no mapping", hint=hint)


def _only(file: str, limits: "Limits") -> "Input":
    """The one export that `file` means.

    Raises:
        UsageError: it means several.
    """
    from kpi_core.ingest.files.inputs import find_files

    found = find_files([file], limits)
    if len(found) > 1:
        raise UsageError(f"`{file}` holds {len(found)} exports", hint=f"name one, for example {found[0].name}")
    return found[0]
