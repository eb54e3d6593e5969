"""`kundpuls demo`: the report on the sample data that comes with the tool."""

from kpi_cli.guarded import check_outputs
from kpi_cli.options.delivery import Page
from kpi_cli.options.question import Demonstration
from kpi_cli.options.reading import Reading
from kpi_cli.reporting import hand_over, made

FILES = ("freshdesk_tickets.xls", "freshdesk_tickets.csv", "messages_2026.csv", "surveymonkey_responses.csv")


def command(question: Demonstration, page: Page) -> None:
    """The report on sample data: a made-up help desk's tickets, its messages and its survey.

    kundpuls demo

    kundpuls demo --by group --lang sv

    kundpuls demo --calendar se

    kundpuls demo -o demo.xlsx
    """
    from kpi_core.config.resources import sample_data

    files = [str(sample_data() / file) for file in FILES]
    written = {f"-o {path}": path for path in page.output}
    check_outputs(written | ({"--refused": page.refused} if page.refused else {}), files)
    found = made(files, Reading(zone="Europe/Stockholm"), question, page, question.catalogue())
    hand_over(found, page, question)
