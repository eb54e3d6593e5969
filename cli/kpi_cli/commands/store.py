"""`kundpuls store`: what a store holds, its versions, and what is done with it."""

from kpi_cli.jobs import storing
from kpi_cli.options import project
from kpi_cli.options.delivery import Answer
from kpi_cli.options.positionals import ActionWords, StoreAction
from kpi_cli.options.reading import Reading


def command(action: StoreAction, reading: Reading, answer: Answer, words: ActionWords = None) -> None:
    """What a store holds, its versions, and what is done with it.

    kundpuls store log --store desk

    kundpuls store name 3 board-2026-q3 --store desk

    kundpuls store forget anna@example.com --store desk
    """
    place = reading.place()
    given = storing.words(action, words or (), reading)
    project.announce(answer.config, is_quiet=answer.quiet)
    answer.deliver(storing.ACTIONS[action](place, given, reading, answer.lang))
