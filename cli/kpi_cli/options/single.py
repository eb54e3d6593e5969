"""Options that one command alone has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels
from kpi_core.model.events import Event
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.compared import Sides
    from kpi_cli.documents.wording import Wording
    from kpi_core.analysis.request import Request
    from kpi_core.analysis.trend import Trends
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.ingest.file_read import Choices

ROLES = ("numerator", "counted", "left-out", "outside")
"""As in the core, which imports polars."""
TABLES = ("tickets", "answers", "messages", "customers", "orders", "reviews", "leads", "costs")
"""As in the canonical tables, which import polars."""


BetweenOption: TypeAlias = Annotated[
    arguments.Pair | None,
    panels.common(
        "--between", metavar="DIM=A,B", parser=arguments.pair,
        help="Two groups of the same period, as 'group=Billing,Delivery'.",
    ),
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Which of the rows behind a number."""

    group: Annotated[
        arguments.Member | None,
        panels.figures(
            metavar="DIM=VALUE", parser=arguments.member,
            help="Only this group, as 'group=Billing'; 'agent=' is the rows without one.",
        ),
    ] = None  # fmt: skip
    only: Annotated[
        tuple[str, ...],
        panels.output(
            metavar="ROLE", parser=arguments.one_of("role", lambda: ROLES, repeats=True),
            autocompletion=completion.offer(lambda: ROLES), help=f"Only these rows: {', '.join(ROLES)}; repeat for more.",
        ),
    ] = ()  # fmt: skip
    limit: Annotated[
        int | None,
        panels.output(metavar="N", min=1, show_default="50 on a page, else all", help="The most rows to write."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Charting:
    """How limits are drawn, and what is marked."""

    points: Annotated[
        int | None,
        panels.figures(metavar="N", min=2, show_default="36 months, 52 weeks, 60 days, 20 quarters or years",
                       help="How many periods to go back."),
    ] = None  # fmt: skip
    baseline: Annotated[
        int | None,
        panels.judging(metavar="N", min=1, show_default="all points",
                       help="Draw the limits from the first N points alone, 20 or more: what follows is compared with them."),
    ] = None  # fmt: skip
    rules: Annotated[
        Literal["usual", "nhs"],
        panels.judging(metavar="RULES", help="What is a signal: usual (limits, and runs too long for chance), or the four rules of the nhs."),
    ] = "usual"  # fmt: skip
    screened: Annotated[
        bool,
        panels.judging("--screened", metavar="", help="Leave jumps that are none of the ordinary out of the limits, as the NHS package does."),
    ] = False  # fmt: skip
    event: Annotated[
        tuple[Event, ...],
        panels.figures(metavar="DATE=WHAT", parser=arguments.event,
                       help="Something to mark, as '2026-09-01=New invoice portal'; repeat for more; `events:` of the project file."),
    ] = ()  # fmt: skip

    def trends(self, dataset: "Dataset", request: "Request") -> "Trends":
        """The trends of what is asked, drawn so."""
        from kpi_core.analysis.trend import trends
        from kpi_core.stats.control_charts import Rules

        rules, steps = Rules(self.rules), replace(request, steps=self.points)
        return trends(dataset, steps, rules=rules, baseline=self.baseline, screened=self.screened)


@dataclass(frozen=True, kw_only=True)
class Opponents:
    """What is compared with what, where it is not the period before.

    Raises:
        UsageError: more than one way is asked for.
    """

    between: BetweenOption = None
    at: Annotated[
        date | None,
        panels.common("--at", metavar="DATE", parser=arguments.day,
                      help="The time from a day on against as long before it, as 2026-09-01."),
    ] = None  # fmt: skip
    others: Annotated[
        tuple[str, ...],
        panels.common("--with", metavar="FILE", help="Another company's files, for the same period; repeat for more."),
    ] = ()  # fmt: skip
    unfinished: Annotated[
        bool,
        panels.judging("--unfinished", metavar="", help="Show values that are not final and periods that are not complete all the same; they get no verdict."),
    ] = False  # fmt: skip

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.between, self.at, self.others or None)) > 1:
            raise UsageError("one of --between, --at and --with at a time", hint="run it once for each")

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are split by in addition to what is asked for."""
        return (self.between.dimension,) if self.between else ()

    def read_by(self, files: list[str], choices: "Choices") -> "list[tuple[list[str], Choices]]":
        """The files of each side, and how they are read: a store is ours; of one side where both are in the same."""
        theirs = [([*self.others], replace(choices, stored=()))] if self.others else []
        return [(files, choices), *theirs]

    def compared(
        self, datasets: "Sequence[Dataset]", request: "Request", files: Sequence[str], wording: "Wording"
    ) -> "Sides":
        """Both sides with what came of it."""
        from kpi_cli.documents.compared import of_periods, of_segments
        from kpi_core.analysis.compare.periods import around, periods
        from kpi_core.analysis.compare.segments import companies, segments

        if self.between is not None:
            return of_segments(segments(datasets[0], request, self.between.dimension, self.between.members))
        if self.others:
            return of_segments(companies(datasets, request, [Path(one).stem for one in (files[0], self.others[0])]))
        if self.at is not None:
            request = around(datasets[0], request, self.at)
        return of_periods(
            periods(datasets[0], request, unfinished=self.unfinished), wording, with_unfinished=self.unfinished
        )


@dataclass(frozen=True, kw_only=True)
class MoreVariables:
    """What a figure might go with, in addition to what tickets and answers have."""

    headers: Annotated[
        tuple[str, ...],
        panels.common("--with", metavar="HEADER", parser=arguments.text, help="A column of the files to look at too; repeat for more."),
    ] = ()  # fmt: skip

    def texts(self, request: "Request") -> frozenset[str]:
        """The columns that are read: those of the request, those that are always looked at, and these."""
        from kpi_core.analysis.drivers.candidates import READ

        return frozenset({*request.texts(), *READ, *self.headers})


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """Whose definitions are compared."""

    whose: Annotated[
        tuple[str, ...],
        panels.figures("--as", metavar="WHOSE", autocompletion=completion.owner, show_default="everyone's",
                       help="Whose definitions to compare with ours, as zendesk,freshdesk; repeat or divide by commas."),
    ] = ()  # fmt: skip
    of: Annotated[
        str | None,
        panels.figures("--of", metavar="NAME", autocompletion=completion.kpi, show_default="tickets_created",
                       help="For last_7_days: the KPI whose last 7 days are looked at."),
    ] = None  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Between:
    """Two segments in the place of two periods."""

    between: BetweenOption = None


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """Where the opening hours found go.

    Raises:
        UsageError: that is no name for a calendar.
    """

    calendar_out: Annotated[
        Path | None,
        panels.output("--calendar-out", metavar="FILE", show_default=False,
                      help="Write the opening hours found to this file, as a calendar (.yaml)."),
    ] = None  # fmt: skip

    def __post_init__(self) -> None:
        if self.calendar_out is not None and self.calendar_out.suffix not in (".yaml", ".yml"):
            raise UsageError(f"`{self.calendar_out}` would be no calendar", hint="name a file that ends in .yaml")

    def write(self, calendar: str | None) -> None:
        """Writes the hours where they are wanted.

        Raises:
            KpiError: none were found.
        """
        from kpi_cli import writing
        from kpi_core.errors import KpiError

        if self.calendar_out is None:
            return
        if calendar is None:
            hint = "write one by hand: configs/calendars/README.md shows how"
            raise KpiError(
                "no opening hours explain the columns, so no calendar is written", where=self.calendar_out, hint=hint
            )
        with writing.atomic_text(self.calendar_out) as stream:
            stream.write(calendar)


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """What a draft is of, and whether it may take the place of another."""

    table: Annotated[
        str | None,
        panels.reading(
            metavar="TABLE", parser=arguments.one_of("table", lambda: TABLES), autocompletion=completion.offer(lambda: TABLES),
            show_default="detected from the file", help=f"What its rows are: {', '.join(TABLES)}.",
        ),
    ] = None  # fmt: skip
    force: Annotated[bool, panels.output("--force", metavar="", help="Overwrite a mapping that is there already.")] = (
        False
    )

    def check(self, output: Path | None) -> None:
        """Refuses a name that `--mapping` would not take for a file, and one that holds a mapping which may have been worked on.

        Raises:
            UsageError: it is one of these.
        """
        if output is None or str(output) == "-":
            return
        if output.suffix in (".yaml", ".yml"):
            if output.is_file() and output.stat().st_size and not self.force:
                raise UsageError(f"`{output}` is there already", hint="name another file, or overwrite it with --force")
            return
        if not output.exists() or output.is_file():
            hint = f"name it {output.stem or 'draft'}.yaml: --mapping knows a file by that"
            raise UsageError(f"`{output.suffix or output.name}` is no mapping", hint=hint)
