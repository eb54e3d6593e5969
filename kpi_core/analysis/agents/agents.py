"""Is it load, or some teams' outcome? Tickets per agent against the outcome week by week, and a funnel of teams or agents.

Groups of people are looked at by default, single people only where a project file says what for. There is no ranking and no mark: who
is outside of limits is something to look at, and who is inside differs by case mix and chance as far as these rows show.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi_core.analysis.agents.answer import Agents, Consent, Level, Load, Units, Week
from kpi_core.analysis.agents.outcomes import GOOD, MIX, UNIT, outcomes
from kpi_core.analysis.agents.people import names_of, under_pseudonyms, without_automatic
from kpi_core.analysis.notes.consequences import NO_VALUE
from kpi_core.analysis.privacy.small_groups import PRIVATE, called
from kpi_core.analysis.report import Prepared, prepare
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import Trend, followed
from kpi_core.errors import DefinitionError
from kpi_core.facts.automatic_agents import is_automatic
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.findings import Consequence
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Share
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import KpiResult, Report
from kpi_core.stats.comparisons.together import FEWEST, together

OUTCOME = "resolution_rate_cohort"
"""What is looked at by default."""
LOAD = BY_NAME["tickets_per_agent"]
WEEKS = 26
"""Weeks that load is looked at over, and the outcome where no period is asked for."""
READ = frozenset({*MIX, "group", "agent"})
"""The columns that all of it is computed from."""
MISSING = {Level.TEAMS: Message("agents-no-teams"), Level.AGENTS: Message("agents-no-agents")}
DAY = "_day"


def agents(
    dataset: Dataset,
    request: Request,
    level: Level = Level.TEAMS,
    consent: Consent | None = None,
    key: Mapping[str, str] | None = None,
) -> Agents:
    """Load against outcome, and teams or agents against what their rows were to bring.

    Args:
        dataset: the files, read with the columns of `READ`.
        request: its one KPI, period and condition count. Without a period the newest 26 whole weeks are looked at.
        level: teams, or single agents.
        consent: what a project file says of individual results; there are none without it.
        key: pseudonyms by name, for results under pseudonyms.

    Raises:
        DefinitionError: individual results are asked for without consent, the KPI is no share, or a condition names people.
    """
    check(request, level, consent)
    _check_condition(dataset, request)
    automatic = tuple(name for name in names_of(dataset) if is_automatic(name))
    people = without_automatic(dataset)
    if key is not None:
        people = under_pseudonyms(people, key)
    kpi = request.kpis[0]
    by = (level.value,) if any(level.value in frame.columns for frame in people.tables.values()) else ()
    asked = replace(request, kpis=(kpi, LOAD), by=by, compare="none", grain=Grain.WEEK, steps=WEEKS)
    prepared = prepare(people, asked)
    found = followed(replace(prepared, request=replace(prepared.request, by=()), query=replace(prepared.query, by=())))
    result = next((one for one in found.report.totals if one.kpi.name == kpi.name), None)
    if result is None:
        lacking = next((one.needs for one in found.report.unavailable if one.kpi.name == kpi.name), ("rows",))
        needed = ", ".join(map(str, lacking))
        hint = f"`kundpuls kpis {kpi.name} FILES` says what it needs"
        raise DefinitionError(f"`{kpi.name}` cannot be computed: it needs {needed}", where="--kpi", hint=hint)
    trends = {one.kpi.name: one for one in found.trends}
    period = _period(prepared, request, result, trends.get(kpi.name))
    withheld = _why_withheld(found.report, result, period)
    rows = _rows(prepared, result.kpi, period, level)
    rows = rows.clear() if withheld is not None else rows
    lone = prepared.lone_groups.get(level.value, frozenset()) if level is Level.TEAMS else frozenset()
    if withheld is not None or UNIT not in rows.columns:
        units = Units(reason=withheld or MISSING[level])
    else:
        units = outcomes(rows, level, request.min_n, lone)
    return Agents(
        report=replace(found.report, query=replace(found.report.query, period=period, by=by)), kpi=result.kpi, level=level,
        value=_share(rows), n=rows.height, units=units, automatic=automatic,
        load=_load(trends.get(kpi.name), trends.get(LOAD.name), knows_agents=any(one.kpi.name == LOAD.name for one in found.report.totals)), consent=consent if level is Level.AGENTS else None,
        is_pseudonymous=key is not None,
    )  # fmt: skip


def looked_up(request: Request) -> frozenset[str]:
    """The columns to read for it."""
    return READ | replace(request, kpis=(*request.kpis, LOAD)).texts()


def check(request: Request, level: Level, consent: Consent | None) -> None:
    """Refuses what is not answered, before files are read.

    Raises:
        DefinitionError: individual results are asked for without consent, or the KPI is no share.
    """
    if level is Level.AGENTS and consent is None:
        hint = (
            "say in kundpuls.yaml what they are for:\n"
            "privacy:\n  agents: {purpose: …, discussed_with: …, informed: …, review_by: 2027-01-31}"
        )
        raise DefinitionError(
            "results of single agents are not shown unless the project file says what for",
            where="--by agent",
            hint=hint,
        )
    if not isinstance(request.kpis[0].measure, Share):
        hint = "shares are: resolution_rate_cohort, fcr_one_touch, sla_first_reply_rate, reopen_rate, csat"
        raise DefinitionError(f"`{request.kpis[0].name}` is no share of rows, so there is nothing to compare with case mix", where="--kpi", hint=hint)  # fmt: skip


def _check_condition(dataset: Dataset, request: Request) -> None:
    if request.where is None:
        return
    names = called(dataset, PRIVATE)
    if any(name.casefold() in names for name in columns_of(parse_condition(request.where))):
        hint = "ask about types, channels or teams: whose rows they are is what is compared"
        raise DefinitionError("a condition on people is not asked here", where="--where", hint=hint)


def _period(prepared: Prepared, request: Request, result: KpiResult, trend: Trend | None) -> Period:
    """The rows' period: the one asked for as far as it is final, else all weeks that are."""
    known = trend.periods if trend is not None else ()
    own = prepared.query.period
    if not known:
        return own
    if request.period is None:
        return Period(known[0].start, known[-1].end)
    last = known[-1].end
    start = own.start or min(cover.first for cover in prepared.covered.values()).date()
    is_shorter = last is not None and last > start and (own.end is None or last < own.end)
    return Period(start, last) if result.immature is not None and is_shorter else own


def _rows(prepared: Prepared, kpi: Kpi, period: Period, level: Level) -> pl.DataFrame:
    """The rows that the KPI counts in a period: whose they are, whether they end well, and what separates them into kinds."""
    engine = prepared.engine
    rows = engine.tables[kpi.table].frame
    (value,) = kpi.measure.facts()
    unit = [pl.col(level.value).cast(pl.String).alias(UNIT)] if level.value in rows.columns else []
    mix = [pl.col(name).cast(pl.String) for name in MIX if name in rows.columns]
    frame = rows.select(*unit, *mix, value.alias(GOOD), engine.day(kpi.table, kpi.dated_by).alias(DAY))
    if period.start is not None and period.end is not None:
        frame = frame.filter(pl.col(DAY).is_between(period.start, period.end, closed="left"))
    return frame.drop_nulls(GOOD)


def _why_withheld(report: Report, result: KpiResult, period: Period) -> Message | None:
    """Why the KPI has no value in a period, which may be longer than that of the report; None where it has one."""
    if result.barred is not None and result.barred.key == NO_VALUE:
        return result.barred
    ruined = (
        one.message
        for one in report.findings
        if one.consequence is Consequence.NO_VALUE
        and one.concerns(result.kpi)
        and one.is_of({})
        and one.touches(period)
    )
    why = next(ruined, None)
    return None if why is None else Message("no-value", why=why)


def _share(rows: pl.DataFrame) -> float | None:
    return float(rows[GOOD].sum()) / rows.height if rows.height else None


def _load(outcome: Trend | None, load: Trend | None, *, knows_agents: bool) -> Load:
    """Both by week, in the weeks in which both are known."""
    if not knows_agents:
        return Load(weeks=(), together=None, reason=MISSING[Level.AGENTS])
    if outcome is None or load is None:
        return Load(weeks=(), together=None, reason=Message("agents-no-weeks", fewest=FEWEST, count=0))
    loads = {period: estimate.value for period, estimate in zip(load.periods, load.estimates, strict=True)}
    weeks = tuple(
        Week(period=period, load=loads[period] or 0.0, outcome=estimate.value or 0.0)
        for period, estimate in zip(outcome.periods, outcome.estimates, strict=True)
        if period in loads
    )
    linked = together([one.load for one in weeks], [one.outcome for one in weeks])
    if linked is not None:
        return Load(weeks=weeks, together=linked)
    few = len(weeks) < FEWEST
    return Load(
        weeks=weeks, together=None,
        reason=Message("agents-no-weeks", fewest=FEWEST, count=len(weeks)) if few else Message("agents-never-changes"),
    )  # fmt: skip
