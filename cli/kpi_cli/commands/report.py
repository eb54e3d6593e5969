"""`kundpuls report`: read the files, ask the core, write the answer, and say by the exit code how it stands."""

from typing import Annotated

import typer

from kpi_cli.options import panels
from kpi_cli.options.delivery import Delivery, Files
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_cli.reporting import answer
from kpi_cli.terminal import clean

DryRun = Annotated[
    bool,
    panels.output("--dry-run", metavar="", help="Recognise the files and settle the question, then stop."),
]


def command(files: Files, question: Question, reading: Reading, delivery: Delivery, dry_run: DryRun = False) -> None:
    """The KPIs of a period, each with its uncertainty and its change.

    kundpuls report tickets.csv

    kundpuls report tickets.csv survey.csv --by group --period 2026-09

    kundpuls report exports/ --kpi 'first_reply*' --target first_reply_time=4h -o report.xlsx
    """
    if dry_run:
        _recognise(files, reading, question)
    else:
        answer(files, reading, question, delivery)


def _recognise(files: list[str], reading: Reading, question: Question) -> None:
    """Says what each file would be read as, where the question means something."""
    from kpi_core.errors import UnreadableError
    from kpi_core.ingest.files.inputs import look_for, nothing_left
    from kpi_core.ingest.files.raw_export import open_export
    from kpi_core.ingest.understanding import understand

    known = question.catalogue()
    question.request(known)
    choices = reading.choices(known)
    meant = look_for(files, choices.options.limits)
    aside = list(meant.set_aside)
    for item in meant.files:
        try:
            export = open_export(item, choices.options)
        except UnreadableError as error:
            if item.is_named:
                raise
            aside.append(error)
            continue
        match = understand(export, choices, is_alone=len(meant.files) == 1).match
        typer.echo(clean(f"{item.name}: {match.mapping.name} ({match.reason})"))
    if len(aside) == len(meant.files) + len(meant.set_aside):
        raise nothing_left(aside)
    for left in aside:
        typer.echo(clean(f"{left}: nothing of it is counted"))
