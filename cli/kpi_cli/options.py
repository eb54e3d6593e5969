"""The options commands share, each written once: its name, its help, how it is read and what TAB offers.

Defaults stand at the commands. An option that may be absent is None there; one that repeats is an empty list.
"""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

import typer

from kpi_cli import amounts, arguments, completion, project
from kpi_core.periods import Grain as Step

_figures = partial(typer.Option, rich_help_panel="Which figures")
_judging = partial(typer.Option, rich_help_panel="How they are judged")
_output = partial(typer.Option, rich_help_panel="What comes out")

Language = Literal["en", "sv", "nb"]
LANGUAGES: tuple[str, ...] = get_args(Language)
"""The languages there are labels in."""

Files: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="FILES", help="Exports: paths, folders, globs, .zip, or - for stdin.", show_default=False),
]

Period: TypeAlias = Annotated[
    str | None,
    _figures(
        metavar="PERIOD",
        show_default="the newest complete month in the data",
        help="2026-10, 2026-Q3, 2026-W45, 2026, last-month, last-complete-week, 2026-01-01..2026-03-31 or all.",
    ),
]
Grain: TypeAlias = Annotated[
    Step | None,
    _figures(
        metavar="STEP",
        show_default="the period's own",
        help="The step of trends: day, week, month, quarter or year.",
    ),
]
By: TypeAlias = Annotated[
    list[str],
    _figures(
        metavar="DIM",
        parser=arguments.text,
        autocompletion=completion.offer(lambda: completion.DIMENSIONS),
        help=f"Split by {', '.join(completion.DIMENSIONS[:-1])} or {completion.DIMENSIONS[-1]}; repeat for more.",
    ),
]
Kpi: TypeAlias = Annotated[
    list[str],
    _figures(
        metavar="NAME",
        autocompletion=completion.kpi,
        help="Only this KPI; repeat for more; * and ? are wildcards.",
    ),
]
KpisFile: TypeAlias = Annotated[
    list[Path],
    _figures(metavar="FILE", help="KPIs of your own, defined in this YAML file; repeat for more."),
]
Where: TypeAlias = Annotated[
    str | None,
    _figures(
        metavar="CONDITION",
        help="Only rows for which this SQL condition holds, as in \"channel = 'email' AND priority <> 'low'\".",
    ),
]
Answers: TypeAlias = Annotated[
    Literal["all", "newest", "first"],
    _figures(
        metavar="WHICH",
        help="Which answers of one customer to one question count: all, newest or first.",
    ),
]
Compare: TypeAlias = Annotated[
    str,
    _figures(
        metavar="PERIOD",
        autocompletion=completion.offer(lambda: ("previous", "year-ago", "none")),
        help="What to compare with: previous, previous:3 (the mean of three), year-ago, none or a period.",
    ),
]
AsOf: TypeAlias = Annotated[
    date | None,
    _figures(
        metavar="INSTANT",
        parser=arguments.instant,
        show_default="the last event in the data",
        help="Report what was known then: 2026-10-31 (its end), 2026-10-31T17:00 in the report's zone, or with an "
        "offset of its own.",
    ),
]
Tz: TypeAlias = Annotated[
    str | None,
    _figures(
        metavar="ZONE",
        parser=arguments.zone,
        envvar="KUNDPULS_TZ",
        help="The time zone that days and months are cut in, as Europe/Stockholm.",
    ),
]

Confidence: TypeAlias = Annotated[
    float,
    _judging(
        metavar="SHARE",
        min=0.5,
        max=0.999,
        help="How sure an interval is to hold the true value.",
    ),
]
MinN: TypeAlias = Annotated[
    int | None,
    _judging(
        metavar="N",
        min=1,
        show_default="each KPI's own",
        help="Hide values from fewer rows than this.",
    ),
]
Target: TypeAlias = Annotated[
    list[arguments.Target],
    _judging(
        metavar="KPI=VALUE",
        parser=arguments.target,
        help="A target, as csat=85%, first_reply_time=2h, cac='100 EUR' or review_rating=4.5/5; repeat for more.",
    ),
]
Sla: TypeAlias = Annotated[
    list[arguments.Promise],
    _judging(
        metavar="PROMISE",
        parser=arguments.promise,
        help="What was promised, by priority, group or type: first_reply=8h, first_reply:urgent=2h, "
        "resolution:group=Billing=1d; repeat for more.",
    ),
]
Calendar: TypeAlias = Annotated[
    str | None,
    _judging(
        metavar="NAME|FILE",
        help="Opening hours for times in business hours and for targets: se, no, dk, fi, or a YAML file.",
        autocompletion=completion.offer(completion.calendars),
    ),
]
NkiWeights: TypeAlias = Annotated[
    amounts.Weights | None,
    _judging(
        metavar="S,E,I",
        parser=amounts.weights,
        show_default="a third each",
        help="What satisfaction, expectations and ideal weigh in the satisfaction index, 1 together: 0.5,0.3,0.2.",
    ),
]
Strict: TypeAlias = Annotated[
    bool,
    _judging(
        "--strict", metavar="", help="Exit with 4 when a row was refused, a word is unknown or a finding is serious."
    ),
]
FailOn: TypeAlias = Annotated[
    frozenset[arguments.Gate] | None,
    _judging(
        metavar="GATES",
        parser=arguments.gates,
        autocompletion=completion.offer(lambda: tuple(arguments.Gate)),
        help="Exit with 4 on quality, with 5 on target or target-point; several with commas.",
    ),
]

Lang: TypeAlias = Annotated[
    Language,
    _output(
        metavar="LANG",
        envvar="KUNDPULS_LANG",
        help=f"The language of labels and numbers: {', '.join(LANGUAGES)}.",
    ),
]
Format: TypeAlias = Annotated[
    str | None,
    _output(
        metavar="FORMAT",
        parser=arguments.one_of("format", completion.formats),
        autocompletion=completion.offer(completion.formats),
        show_default="by the file's extension, else table",
        help=f"How the answer is written: {', '.join(completion.formats())}.",
    ),
]
Output: TypeAlias = Annotated[
    Path | None,
    _output("--output", "-o", metavar="FILE", help="Write to this file, not to stdout."),
]
Refused: TypeAlias = Annotated[
    Path | None,
    _output(metavar="FILE", help="Write every refused row to this file, as CSV, or as JSON if it ends in .json."),
]
Color: TypeAlias = Annotated[
    Literal["auto", "always", "never"],
    _output(metavar="WHEN", help="Colours: auto, always or never."),
]
Quiet: TypeAlias = Annotated[
    bool,
    _output("--quiet", "-q", metavar="", help="Say nothing on stderr when nothing is wrong."),
]
Long: TypeAlias = Annotated[
    bool,
    _output("--long", metavar="", help="CSV for Tableau, Power BI and the like: one row a KPI, period and group."),
]
All: TypeAlias = Annotated[
    bool,
    _output(
        "--all", metavar="", help="Every KPI the files can feed, with its interval, and what they lack for the rest."
    ),
]
Notes: TypeAlias = Annotated[
    bool,
    _output("--notes", metavar="", help="How each number was counted, every finding, and the files."),
]
DryRun: TypeAlias = Annotated[
    bool,
    _output("--dry-run", metavar="", help="Recognise the files and settle the question, then stop."),
]

Config = project.Config
NoConfig = project.NoConfig
