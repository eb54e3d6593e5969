"""`kundpuls demo`: the report on the sample data that comes with the tool."""

from kpi_cli import asking, options
from kpi_cli.guarded import check_outputs
from kpi_cli.reporting import Delivery, answer

FILES = ("freshdesk_tickets.xls", "freshdesk_tickets.csv", "messages_2026.csv", "surveymonkey_responses.csv")


def command(
    period: options.Period = None,
    by: options.By = [],
    kpi: options.Kpi = [],
    kpis_file: options.KpisFile = [],
    answers: options.Answers = "all",
    calendar: options.Calendar = None,
    lang: options.Lang = "en",
    format: options.Format = None,
    output: options.Output = None,
    long: options.Long = False,
    all: options.All = False,
    notes: options.Notes = False,
    refused: options.Refused = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
) -> None:
    """The report on sample data: a made-up help desk's tickets, its messages and its survey.

    kundpuls demo

    kundpuls demo --by group --lang sv

    kundpuls demo --calendar se

    kundpuls demo -o demo.xlsx
    """
    from kpi_core.resources import sample_data

    delivery = Delivery(
        format=format, output=output, refused=refused, lang=lang, color=color, is_quiet=quiet, is_long=long,
        is_whole=all, with_notes=notes,
    )  # fmt: skip
    files = [str(sample_data() / file) for file in FILES]
    check_outputs({option: path for option, path in (("-o", output), ("--refused", refused)) if path}, files)
    known = asking.catalogue(kpis_file)
    question = asking.Question(
        answers=answers, period=period, by=by, kpi=kpi, calendar=calendar, is_long=long, known=known
    )
    answer(files, asking.Reading(zone="Europe/Stockholm", known=known), question, delivery)
