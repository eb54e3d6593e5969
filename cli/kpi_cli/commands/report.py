"""`kundpuls report`: read the files, ask the core, write the answer, and say by the exit code how it stands."""

from typing import Annotated

from kpi_cli.options import panels
from kpi_cli.options.delivery import Delivery
from kpi_cli.options.positionals import Files
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_cli.reporting import answer, recognise

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
        recognise(files, reading, question)
    else:
        answer(files, reading, question, delivery)
