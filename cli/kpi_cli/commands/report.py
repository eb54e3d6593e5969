"""`kundpuls report`: read the files, ask the core, write the answer, and say by the exit code how it stands."""

import typer

from kpi_cli import asking, options, reading_options
from kpi_cli.reporting import Delivery, answer
from kpi_cli.terminal import clean


def command(
    files: options.Files,
    period: options.Period = None,
    grain: options.Grain = None,
    by: options.By = [],
    kpi: options.Kpi = [],
    kpis_file: options.KpisFile = [],
    where: options.Where = None,
    answers: options.Answers = "all",
    compare: options.Compare = "previous",
    as_of: options.AsOf = None,
    tz: options.Tz = None,
    confidence: options.Confidence = 0.95,
    min_n: options.MinN = None,
    target: options.Target = [],
    sla: options.Sla = [],
    calendar: options.Calendar = None,
    nki_weights: options.NkiWeights = None,
    strict: options.Strict = False,
    fail_on: options.FailOn = None,
    lang: options.Lang = "en",
    format: options.Format = None,
    output: options.Output = None,
    long: options.Long = False,
    all: options.All = False,
    notes: options.Notes = False,
    refused: options.Refused = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
    mapping: reading_options.Mapping = [],
    source: reading_options.Source = None,
    column: reading_options.Column = [],
    scale: reading_options.Scale = [],
    direction: reading_options.Direction = [],
    encoding: reading_options.Encoding = None,
    delimiter: reading_options.Delimiter = None,
    decimal: reading_options.Decimal = None,
    date_format: reading_options.DateFormat = None,
    null_value: reading_options.NullValue = [],
    skip_lines: reading_options.SkipLines = None,
    sheet: reading_options.Sheet = None,
    zone: reading_options.Zone = None,
    bound: reading_options.Bound = [],
    config: options.Config = None,
    no_config: options.NoConfig = False,  # noqa: ARG001 (for --config to see)
) -> None:
    """The KPIs of a period, each with its uncertainty and its change.

    kundpuls report tickets.csv

    kundpuls report tickets.csv survey.csv --by group --period 2026-09

    kundpuls report exports/ --kpi 'first_reply*' --target first_reply_time=4h -o report.xlsx
    """
    known = asking.catalogue(kpis_file, hashed=files)
    reading = asking.Reading(mapping=mapping, source=source, column=column, scale=scale, direction=direction, encoding=encoding, delimiter=delimiter, decimal=decimal, date_format=date_format, null_value=null_value, skip_lines=skip_lines, sheet=sheet, zone=zone, bound=bound, known=known)  # fmt: skip
    question = asking.Question(answers=answers, period=period, grain=grain, by=by, kpi=kpi, where=where, compare=compare, as_of=as_of, tz=tz, min_n=min_n, confidence=confidence, target=target, sla=sla, calendar=calendar, nki_weights=nki_weights, is_long=long, known=known)  # fmt: skip
    delivery = Delivery(format=format, output=output, refused=refused, lang=lang, color=color, is_quiet=quiet, config=config, gates=fail_on or frozenset(), is_strict=strict, is_long=long, is_whole=all, with_notes=notes)  # fmt: skip
    (_recognise if dry_run else answer)(files, reading, question, delivery)


def _recognise(files: list[str], reading: asking.Reading, question: asking.Question, _: Delivery) -> None:
    """Says what each file would be read as, where the question means something."""
    from kpi_core.errors import UnreadableError
    from kpi_core.ingest.files import open_export
    from kpi_core.ingest.inputs import look_for, nothing_left
    from kpi_core.ingest.understanding import understand

    question.request()
    choices = reading.choices()
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
