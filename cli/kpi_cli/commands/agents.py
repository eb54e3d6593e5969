"""`kundpuls agents`: is it load, or some teams' outcome."""

from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.people import Outcome, People
from kpi_cli.options.positionals import Files
from kpi_cli.options.reading import Reading
from kpi_cli.progress import read


def command(files: Files, question: Outcome, people: People, reading: Reading, answer: Answer) -> None:
    """Is it load, or some teams' outcome: tickets per agent against a share, and teams against what their tickets were to bring.

    kundpuls agents tickets.csv

    kundpuls agents tickets.csv survey.csv --kpi csat --period 2026-Q3

    kundpuls agents tickets.csv --by agent --pseudonyms key.csv
    """
    known = question.catalogue()
    request = question.asked(known)
    people.check(request, answer.config)
    project.announce(answer.config, is_quiet=answer.quiet)
    from kpi_core.analysis.agents.agents import looked_up

    dataset = read(files, reading.choices(known), looked_up(request), is_quiet=answer.quiet)

    from kpi_cli.documents.agents import AgentsDocument

    answer.deliver(AgentsDocument(people.found(dataset, request, answer.config), reading.wording(answer.lang, files)))
