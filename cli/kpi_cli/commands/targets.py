"""`kundpuls targets`: where every target stands, whether it will be met, and what to do."""

import typer

from kpi_cli import boundary
from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.positionals import Files
from kpi_cli.options.reading import Reading
from kpi_cli.options.targeting import Judging, Targeting
from kpi_cli.progress import read
from kpi_cli.todo import lists


def command(files: Files, question: Targeting, judging: Judging, reading: Reading, answer: Answer) -> None:
    """Where every target stands: met, missed, on pace or off it; what is short, and what to do.

    kundpuls targets tickets.csv survey.csv --target csat=85% --target first_reply_time=4h

    kundpuls targets exports/ --todo actions.ics --fail-on target

    kundpuls targets exports/ --suggest --kpi csat
    """
    from kpi_cli.documents.suggestions import SuggestionsDocument
    from kpi_cli.documents.targets import TargetsDocument

    known, wording = question.catalogue(), reading.wording(answer.lang, files)
    request, choices = question.asked(known, suggests=judging.suggest), reading.choices(known)
    project.announce(answer.config, is_quiet=answer.quiet)
    if judging.suggest:
        dataset = read(files, choices, request.texts(), is_quiet=answer.quiet)
        answer.deliver(SuggestionsDocument.of(dataset, request, wording, is_chosen=bool(question.kpi)))
        return
    found = lists.found(files, request, choices, answer.config, known if judging.todo else (), is_quiet=answer.quiet)
    answer.deliver(TargetsDocument(found, wording))
    lists.write(found, judging.todo, wording)
    if judging.fail_on and found.targets.is_failed:
        raise typer.Exit(boundary.ExitCode.TARGET)
