"""`kundpuls map`: the draft of a mapping for an unknown spreadsheet, to look through and use."""

import typer

from kpi_cli.options import project
from kpi_cli.options.delivery import Draft
from kpi_cli.options.naming import only_export
from kpi_cli.options.positionals import File
from kpi_cli.options.reading import Unmapped
from kpi_cli.options.single import Drafting
from kpi_cli.terminal import clean
from kpi_cli.writing import atomic_text


def command(file: File, drafting: Drafting, reading: Unmapped, answer: Draft) -> None:
    """The draft of a mapping for an unknown spreadsheet.

    kundpuls map requests.csv -o requests.yaml

    kundpuls map survey.xlsx --table answers --column nps="Would you?"

    kundpuls report requests.csv --mapping requests.yaml
    """
    drafting.check(answer.output)
    project.announce(answer.config, is_quiet=answer.quiet)
    from kpi_core.ingest.drafting.draft import draft

    choices = reading.choices()
    saved_as = None if answer.output is None or not answer.output.suffix else str(answer.output)
    made = draft(only_export(file, choices.options.limits), choices, drafting.table, saved_as, answer.lang)
    with atomic_text(answer.output) as stream:
        stream.write(made.text)
    for note in () if answer.quiet else made.notes:
        typer.echo(f"note: {clean(note.render(answer.lang))}", err=True)
