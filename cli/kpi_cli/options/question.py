"""Which figures are asked for and how they are judged: the options, and the same for the core."""

import difflib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar

from kpi_cli.boundary import UsageError
from kpi_cli.options import amounts, arguments, completion, panels
from kpi_cli.options.repeated import once
from kpi_cli.options.targets import goals
from kpi_core.model.periods import Grain
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.request import Request
    from kpi_core.calendars import Calendar
    from kpi_core.model.kpi import Kpi
    from kpi_core.model.promise import Promise

Answer = TypeVar("Answer")
BASELINES = ("previous", "year-ago", "none")
"""What a period may be compared with, other than a period that is named."""


def catalogue(kpis_file: Sequence[Path], hashed: Sequence[str] = ()) -> "tuple[Kpi, ...]":
    """Every KPI there is, those of users' own files among them.

    Loading them leaves a core idle: on it the checksums of the files `hashed` are begun.

    Raises:
        DefinitionError: a file defines none, or one that means nothing.
    """
    from kpi_core.ingest.files.checksums import begin

    begin(hashed)
    from kpi_core.kpis import CATALOGUE

    if not kpis_file:
        return CATALOGUE
    from kpi_core.user_kpis import with_packs

    return with_packs(kpis_file)


@dataclass(frozen=True, kw_only=True)
class Own:
    """KPIs of the user's own."""

    kpis_file: Annotated[
        tuple[Path, ...],
        panels.figures(metavar="FILE", help="KPIs of your own, defined in this YAML file; repeat for more."),
    ] = ()

    def catalogue(self, hashed: Sequence[str] = ()) -> "tuple[Kpi, ...]":
        """Every KPI there is, those of users' own files among them.

        Loading them leaves a core idle: on it the checksums of the files `hashed` are begun.

        Raises:
            DefinitionError: a file defines none, or one that means nothing.
        """
        return catalogue(self.kpis_file, hashed)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What times are measured against."""

    sla: Annotated[
        tuple[arguments.Promise, ...],
        panels.judging(
            metavar="PROMISE",
            parser=arguments.promise,
            help="What was promised, by priority, group or type: first_reply=8h, first_reply:urgent=2h, "
            "resolution:group=Billing=1d; repeat for more.",
        ),
    ] = ()
    calendar: Annotated[
        str | None,
        panels.common(
            metavar="NAME|FILE",
            help="Opening hours for times in business hours and for targets: se, no, dk, fi, or a YAML file.",
            autocompletion=completion.offer(completion.calendars),
        ),
    ] = None

    def hours(self) -> "Calendar | None":
        """The opening hours, if there are any."""
        if self.calendar is None:
            return None
        from kpi_core.calendars import find_calendar

        return find_calendar(self.calendar)

    def promised(self, what: str) -> "tuple[Promise, ...]":
        """The promises about one thing, one to the same tickets."""
        from kpi_core.model.promise import Promise

        same = (
            ((what, *(f"{name}={word}" for name, word in sorted(one.among))), one.within)
            for one in self.sla
            if one.of == what
        )
        once("--sla", same)
        distinct = {frozenset(one.among): one for one in self.sla if one.of == what}
        return tuple(Promise(within=one.within, among=dict(one.among)) for one in distinct.values())


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What the parts of the satisfaction index weigh."""

    nki_weights: Annotated[
        amounts.Weights | None,
        panels.judging(
            metavar="S,E,I",
            parser=amounts.weights,
            show_default="a third each",
            help="What satisfaction, expectations and ideal weigh in the satisfaction index, 1 together: 0.5,0.3,0.2.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Rules(Hours, Weights):
    """What times and answers are measured against."""


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure an interval is, and from how many rows on there is a value."""

    confidence: Annotated[
        float,
        panels.judging(
            metavar="SHARE",
            min=0.5,
            max=0.999,
            help="How sure an interval is to hold the true value.",
        ),
    ] = 0.95
    min_n: Annotated[
        int | None,
        panels.judging(
            metavar="N",
            min=1,
            show_default="each KPI's own",
            help="Hide values from fewer rows than this.",
        ),
    ] = None


StepOption: TypeAlias = Annotated[
    Grain | None,
    panels.figures(
        metavar="STEP",
        show_default="the period's own",
        help="The step of trends: day, week, month, quarter or year.",
    ),
]
ByOption: TypeAlias = Annotated[
    tuple[str, ...],
    panels.common(
        metavar="DIM",
        parser=arguments.text,
        autocompletion=completion.offer(lambda: completion.DIMENSIONS),
        help=f"Split by {', '.join(completion.DIMENSIONS[:-1])} or {completion.DIMENSIONS[-1]}; repeat for more.",
    ),
]
WhereOption: TypeAlias = Annotated[
    str | None,
    panels.common(
        metavar="CONDITION",
        help="Only rows for which this SQL condition holds, as in \"channel = 'email' AND priority <> 'low'\".",
    ),
]
CompareOption: TypeAlias = Annotated[
    str,
    panels.common(
        metavar="PERIOD",
        autocompletion=completion.offer(lambda: ("previous", "year-ago", "none")),
        help="What to compare with: previous, previous:3 (the mean of three), year-ago, none or a period.",
    ),
]
TargetsOption: TypeAlias = Annotated[
    tuple[arguments.Target, ...],
    panels.common(
        metavar="KPI=VALUE",
        parser=arguments.target,
        help="A target, as csat=85%, first_reply_time=2h, cac='100 EUR' or review_rating=4.5/5; repeat for more.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Which KPIs, split by what, in which steps, against what."""

    grain: StepOption = None
    by: ByOption = ()
    kpi: Annotated[
        tuple[str, ...],
        panels.common(
            metavar="NAME",
            autocompletion=completion.kpi,
            help="Only this KPI; several with commas, or repeat; * and ? are wildcards.",
        ),
    ] = ()
    compare: CompareOption = "previous"
    target: TargetsOption = ()


@dataclass(frozen=True, kw_only=True)
class Selected:
    """Which rows are asked about."""

    period: Annotated[
        str | None,
        panels.common(
            metavar="PERIOD",
            show_default="the newest complete month in the data",
            help="2026-10, 2026-Q3, 2026-W45, 2026, last-month, last-complete-week, 2026-01-01..2026-03-31 or all.",
        ),
    ] = None
    where: WhereOption = None


@dataclass(frozen=True, kw_only=True)
class Timed:
    """As of when they are asked about, and on which clock."""

    as_of: Annotated[
        date | None,
        panels.figures(
            metavar="INSTANT",
            parser=arguments.instant,
            show_default="the last event in the data",
            help="Report what was known then: 2026-10-31 (its end), 2026-10-31T17:00 in the report's zone, or with an "
            "offset of its own.",
        ),
    ] = None
    tz: Annotated[
        str | None,
        panels.figures(
            metavar="ZONE",
            parser=arguments.zone,
            envvar="KUNDPULS_TZ",
            help="The time zone that days and months are cut in, as Europe/Stockholm.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Population(Timed, Selected, Own):
    """Which rows are asked about, as of when and on which clock."""

    answers: Annotated[
        Literal["all", "newest", "first"],
        panels.figures(
            metavar="WHICH",
            help="Which answers of one customer to one question count: all, newest or first.",
        ),
    ] = "all"

    def request(
        self,
        known: "tuple[Kpi, ...]" = (),
        *,
        kpi: Sequence[str] = (),
        by: Sequence[str] = (),
        title: str = "",
        is_long: bool = False,
    ) -> "Request":
        """The same for the core; what a group does not ask about is as its option is when it is not given.

        Args:
            known: the KPIs there are, if not the catalogue.
            kpi: patterns of the KPIs asked for where that is no option of the command; so `by`.

        Raises:
            UsageError: a KPI, period or target means nothing.
        """
        from kpi_core.analysis.request import Request
        from kpi_core.facts import Rules as CoreRules
        from kpi_core.kpis import CATALOGUE, select

        known = known or CATALOGUE
        compared = ((*self.by, *by), self.compare) if isinstance(self, Comparing) else (tuple(by), "none")
        split = self if isinstance(self, Split) else Split(kpi=tuple(kpi), by=compared[0], compare=compared[1])
        followed = self if isinstance(self, Following) else split
        hours = self if isinstance(self, Hours) else Hours()
        weights = self.nki_weights if isinstance(self, Weights) else None
        certainty = self if isinstance(self, Certainty) else Certainty()
        check_period(self.period)
        check_baseline(split.compare)
        kpis = _usage(lambda: select(split.kpi, known)) if split.kpi else tuple(one for one in known if one.is_default)
        rules = CoreRules(
            first_reply_targets=hours.promised("first_reply"), resolution_targets=hours.promised("resolution"),
            calendar=hours.hours(), nki_weights=weights.parts if weights else None,
        )  # fmt: skip
        return Request(
            kpis=kpis, title=title, period=self.period, grain=followed.grain, by=tuple(dict.fromkeys(split.by)), where=self.where,
            compare=split.compare, as_of=self.as_of, time_zone=self.tz, confidence=certainty.confidence, min_n=certainty.min_n,
            targets=goals(followed.target, known), rules=rules, answers=self.answers, is_long=is_long,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Demonstration(Split, Certainty, Hours, Population):
    """What can be asked of the sample data, which has no answers for the satisfaction index."""


@dataclass(frozen=True, kw_only=True)
class Question(Demonstration, Weights):
    """Which figures are asked for and how they are judged, all of it."""


@dataclass(frozen=True, kw_only=True)
class Drilling(Rules, Population):
    """Of which rows one figure is made."""


@dataclass(frozen=True, kw_only=True)
class Comparing(Certainty, Rules, Population):
    """Which figures are compared with which."""

    by: ByOption = ()
    compare: CompareOption = "previous"


@dataclass(frozen=True, kw_only=True)
class Following(Hours, Population):
    """Which figures are followed over time, in which steps, against which targets."""

    grain: StepOption = None
    target: TargetsOption = ()


@dataclass(frozen=True, kw_only=True)
class Defining(Certainty, Population):
    """Which rows definitions are compared on."""


def check_baseline(text: str) -> None:
    """Ends the command where a text is no baseline."""
    from kpi_core.errors import DefinitionError
    from kpi_core.model.periods import parse_period, several

    if text in BASELINES or several(text) is not None:
        return
    try:
        parse_period(text, date(2000, 1, 31))
    except DefinitionError as error:
        near = difflib.get_close_matches(text.lower(), BASELINES, n=1)
        listed = f"write {', '.join(BASELINES)}, previous:3 or a period such as 2026-09"
        hint = f"did you mean `{near[0]}`?\n{listed}" if near else listed
        raise UsageError(f"--compare: {error.message}, and no other baseline", hint=hint) from None


def check_period(text: str | None) -> None:
    """Ends the command where a text is no period."""
    from kpi_core.model.periods import parse_period

    if text is not None:
        _usage(lambda: parse_period(text, date(2000, 1, 31)))


def _usage(ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives; a definition it cannot make sense of is a fault of the command line."""
    from kpi_core.errors import DefinitionError

    try:
        return ask()
    except DefinitionError as error:
        raise UsageError(error.message, hint=error.hint) from None
