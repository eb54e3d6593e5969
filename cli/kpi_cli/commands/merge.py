"""`kundpuls merge`: the report on states, which is that on their files."""

from kpi_cli.options.delivery import Delivery
from kpi_cli.options.positionals import States
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_cli.reporting import answer


def command(files: States, question: Question, reading: Reading, delivery: Delivery) -> None:
    """The report on states: the same, to the letter, as on the files that they were made of.

    kundpuls merge 2026-*.state

    kundpuls merge norway.state sweden.state --by group --period 2026-09 -o report.xlsx
    """
    from kpi_core.ingest.files.inputs import check_states

    check_states(files)
    answer(files, reading, question, delivery)
