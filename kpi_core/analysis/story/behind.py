"""What lies behind a report, for those who have room to read it: time, reasons, targets and what customers wrote."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from datetime import timedelta
from functools import cache

from kpi_core.analysis.agents.agents import OUTCOME, agents
from kpi_core.analysis.agents.agents import looked_up as looked_at
from kpi_core.analysis.agents.answer import Agents, Consent, Level
from kpi_core.analysis.drivers.candidates import READ as DRIVEN_BY
from kpi_core.analysis.drivers.candidates import is_driven
from kpi_core.analysis.drivers.drivers import Drivers, drivers
from kpi_core.analysis.goals import standings
from kpi_core.analysis.goals.actions import Answered, answered
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows.recount import Recount, recount
from kpi_core.analysis.story.newcomer import Newcomer, newcomer
from kpi_core.analysis.trend import FEWEST, Trends, trends
from kpi_core.analysis.voices import voices as heard
from kpi_core.analysis.voices.voices import Voices
from kpi_core.analysis.why.answer import Why
from kpi_core.analysis.why.moved import first_moved
from kpi_core.analysis.why.periods import looked_up, why
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Share
from kpi_core.model.periods import Grain, Period, period_of
from kpi_core.model.report import Report
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What is known in addition to the figures of one period.

    Attributes:
        trends: the headlines over time; None where the report's period has none like it before.
        why: why the first of them that got worse, or else better, moved; None where none did, or nobody asked for a comparison.
        targets: where the targets stand and what is to be done; None without any.
        voices: what customers wrote next to their score; None where nobody did, and where a condition leaves few.
        drivers: what a headline goes with; None where that is nothing beyond chance, or no headline is a mean of its rows.
        agents: load, and teams (or agents, where both the project file and the question ask for them) against what their rows were to bring;
            None where there is nothing to look at.
        newcomer: a group that joined, beside the others; None where there is none, or where it is no different.
        rows: counts the headlines anew from their rows, for an output that lists these; None as `recount` says.
    """

    trends: Trends | None = None
    why: Why | None = None
    targets: Answered | None = None
    voices: Voices | None = None
    drivers: Drivers | None = None
    agents: Agents | None = None
    newcomer: Newcomer | None = None
    rows: Callable[[], Recount | None] = lambda: None


@dataclass(frozen=True, kw_only=True)
class Looking:
    """How it is looked behind a report.

    Attributes:
        catalogue: all KPIs there are, of which targets and comments may be about others than the report's.
        actions: a user's own actions, as in `goals.actions`.
        consent: what a project file says of results of single people.
    """

    catalogue: Sequence[Kpi]
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    consent: Consent | None = None

    def texts(self, request: Request) -> frozenset[str]:
        """The columns that must be read for a report and for what lies behind it."""
        wide = looked_up(replace(request, by=()), request.by).texts() | heard.texts(self._of_words(request))
        wide |= DRIVEN_BY | looked_at(request)
        return wide | standings.texts(self._of_targets(request)) if request.targets else wide

    def behind(self, dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Behind:
        """Looks behind a report that was made of the same files by the same request.

        Args:
            dataset: the files, read with `texts`.
            headlines: the KPIs whose time and reasons are looked at, the most important first.
        """
        asked = replace(request, period=report.query.period.name)
        explained = _why(dataset, asked, report, headlines)
        first = [kpi for kpi in headlines if explained is not None and kpi.name == explained.asked.name]
        return Behind(
            trends=_trends(dataset, asked, report, headlines), why=explained,
            drivers=_drivers(dataset, asked, report, [*first, *headlines]), agents=self._agents(dataset, asked, report, first, headlines),
            targets=answered(dataset, self._of_targets(asked), self.actions) if request.targets else None,
            voices=self._heard(dataset, asked), newcomer=newcomer(dataset, asked, report, headlines), rows=cache(lambda: recount(dataset, asked, report, headlines)),
        )  # fmt: skip

    def _agents(
        self, dataset: Dataset, request: Request, report: Report, first: Sequence[Kpi], headlines: Sequence[Kpi]
    ) -> Agents | None:
        """Of the share that moved, else of what is looked at by default, else of the first share."""
        usual = [kpi for kpi in headlines if kpi.name == OUTCOME]
        asked = next((kpi for kpi in (*first, *usual, *headlines) if isinstance(kpi.measure, Share)), None)
        if asked is None or _is_of_few(report):
            return None
        level = Level.AGENTS if self.consent is not None and Level.AGENTS.value in request.by else Level.TEAMS
        with suppress(DefinitionError):  # the condition names people
            found = agents(dataset, replace(request, kpis=(asked,), by=()), level, self.consent)
            return found if found.has_something else None
        return None

    def _heard(self, dataset: Dataset, request: Request) -> Voices | None:
        with suppress(DefinitionError):  # nobody wrote anything, or there is no such column
            return heard.voices(dataset, self._of_words(request))
        return None

    def _of_words(self, request: Request) -> Request:
        """The scores that comments are looked for on, all rows together: split by people they would give people away."""
        return replace(request, kpis=tuple(one for one in self.catalogue if one.name in heard.ASKED), by=(), targets={})

    def _of_targets(self, request: Request) -> Request:
        return replace(request, kpis=tuple(one for one in self.catalogue if one.name in request.targets), by=())


def _drivers(dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Drivers | None:
    """Of the first headline that is a mean of its rows."""
    asked = next((kpi for kpi in headlines if is_driven(kpi)), None)
    if asked is None or _is_of_few(report):
        return None
    with suppress(DefinitionError):  # few rows, or nothing that it could go with
        found = drivers(dataset, replace(request, kpis=(asked,), by=(), compare="none"))
        return found if any(one.is_named for one in found.drivers) else None
    return None


def _is_of_few(report: Report) -> bool:
    """Whether the report is about so few people that a figure of all rows is hidden."""
    return any(one.suppressed for one in report.totals)


def _trends(dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Trends | None:
    last = _last(report, headlines)
    if last is None or not headlines:
        return None
    return trends(dataset, replace(request, kpis=tuple(headlines), grain=last.grain, period=last.name))


def _last(report: Report, headlines: Sequence[Kpi]) -> Period | None:
    """The report's period, or its last whole week where there are too few periods like it before for limits; None where it has no such length."""
    period, names = report.query.period, {kpi.name for kpi in headlines}
    known = (sum(each.value is not None for each in one.trend) for one in report.totals if one.kpi.name in names)
    if period.grain is None or period.end is None or max(known, default=0) >= FEWEST:
        return period if period.grain is not None else None
    week = period_of(period.end - timedelta(days=1), Grain.WEEK)
    return week.before() if week.end is not None and week.end > period.end else week


def _why(dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Why | None:
    order = [kpi.name for kpi in headlines]
    totals = sorted((one for one in report.totals if one.kpi.name in order), key=lambda one: order.index(one.kpi.name))
    moved = first_moved(totals)
    if moved is None or report.query.baseline is None:
        return None
    asked = next(kpi for kpi in headlines if kpi.name == moved.kpi.name)
    return why(dataset, replace(request, kpis=(asked,), by=()))
