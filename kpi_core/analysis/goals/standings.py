"""Where every target stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from kpi_core.analysis.goals.answer import Pace, Standing, State, Targets
from kpi_core.analysis.goals.contradictions import contradictions
from kpi_core.analysis.goals.gaps import gap_of
from kpi_core.analysis.goals.pace import pace_of
from kpi_core.analysis.goals.projection import FEWEST
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.targets import FACTS, is_ahead, is_turned, stand, why_not_judged
from kpi_core.analysis.trend import STEPS, Trend, is_complete, lies_above, trend_of
from kpi_core.analysis.why.periods import CANDIDATES, candidates
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.plan import needs
from kpi_core.errors import DefinitionError
from kpi_core.facts import WANTS
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.periods import Grain, parse_period
from kpi_core.model.report import KpiResult, Report, Status
from kpi_core.stats import control_charts
from kpi_core.stats.control_charts import Signal, assurance

LACKS = ("deadline", "owner", "since")
"""What a target may lack, in the order in which it is shown; `since` only where there is a deadline."""


def targets(dataset: Dataset, request: Request) -> Targets:
    """Where the targets of a request stand.

    Args:
        dataset: the files, read.
        request: its targets, period (the newest one), grain, condition and rules count; its KPIs are those of its targets, it is not
            compared.

    Raises:
        DefinitionError: it has no target.
    """
    return stood(prepared_for(dataset, request))


def asked_for(request: Request, watched: Sequence[Kpi] = ()) -> Request:
    """The request as it is asked: the KPIs of its targets and those watched, split by their segments, with the history that says what is usual.

    Raises:
        DefinitionError: it has no target, and nothing is watched.
    """
    order = {name: place for place, name in enumerate(request.targets)}
    kpis = tuple(sorted((kpi for kpi in request.kpis if kpi.name in order), key=lambda kpi: order[kpi.name]))
    others = tuple(one for one in watched if one.name not in order)
    if not kpis and not others:
        hint = "write `targets:` into kundpuls.yaml, pass --target csat=85%, or let `kundpuls targets FILES --suggest` propose some"
        raise DefinitionError("there is no target to look at", where="targets", hint=hint)
    grain = request.grain or _grain_of(request.period) or Grain.MONTH
    return replace(
        request,
        kpis=(*kpis, *others),
        grain=grain,
        steps=request.steps or STEPS[grain],
        compare="none",
        by=segments_of(request),
        is_long=True,
    )


def _grain_of(period: str | None) -> Grain | None:
    """The step that a period as typed is one of: what is usual is that of periods as long."""
    return None if period is None else parse_period(period, date(2000, 1, 31)).grain


def segments_of(request: Request) -> tuple[str, ...]:
    """The dimensions that targets are split by."""
    named = [goal.segment[0] for goals in request.targets.values() for goal in goals if goal.segment is not None]
    return tuple(dict.fromkeys(named))


def texts(request: Request, watched: Sequence[Kpi] = ()) -> frozenset[str]:
    """The columns that must be read for it: those of the segments looked at for what is short among them."""
    return replace(request, kpis=(*request.kpis, *watched), by=(*segments_of(request), *CANDIDATES)).texts()


def prepared_for(dataset: Dataset, request: Request, watched: Sequence[Kpi] = ()) -> Prepared:
    """What the answer is made from, split also by the usual dimensions, of which the report shows none. Raises as `targets`."""
    asked = asked_for(request, watched)
    usual = [name for kpi in asked.kpis for name in candidates(dataset, kpi)]
    prepared = prepare(dataset, replace(asked, by=tuple(dict.fromkeys((*asked.by, *usual)))))
    return replace(prepared, request=replace(prepared.request, by=asked.by), query=replace(prepared.query, by=asked.by))


def stood(prepared: Prepared) -> Targets:
    """The answer to a request that is prepared."""
    report = report_on(prepared)
    asked = prepared.request
    standings = [
        standing for kpi in asked.kpis for goal in asked.targets.get(kpi.name, ()) for standing in _standings(prepared, report, kpi, goal)
    ]  # fmt: skip
    aims = [(one.kpi, one.goal) for one in standings]
    return Targets(
        report=report, standings=tuple(standings), contradictions=tuple(contradictions(aims, report.query.period))
    )


def _standings(prepared: Prepared, report: Report, kpi: Kpi, goal: Goal) -> list[Standing]:
    """Where one target stands; of amounts in several currencies that of its own."""
    lacks = tuple(_lacks(goal))
    missing = next((one for one in report.unavailable if one.kpi.name == kpi.name), None)
    if missing is not None:
        why = Message("target-needs", needs=missing.needs)
        return [Standing(kpi=missing.kpi, goal=goal, state=State.UNMEASURED, needs=missing.needs, lacks=lacks, why=why)]
    of_kpi = [one for one in report.results if one.kpi.name == kpi.name and goal.is_for(one.group)]
    fit = [one for one in of_kpi if goal.currency in (None, one.kpi.currency) or one.kpi.currency is None] or of_kpi
    if not fit:
        return [Standing(kpi=kpi, goal=goal, state=State.UNMEASURED, lacks=lacks, why=_nobody(prepared, kpi, goal))]
    is_one = sum(not one.group for one in report.results if one.kpi.name == kpi.name) == 1
    return [replace(_standing(prepared, one, goal, is_one=is_one), lacks=lacks) for one in fit[:1]]


def _nobody(prepared: Prepared, kpi: Kpi, goal: Goal) -> Message:
    """Why a target has no value: no row has its segment, with the nearest word that there is, or its rows lack what is counted."""
    facts = prepared.engine.tables.get(kpi.table)
    if goal.segment is None or facts is None or goal.segment[0] not in facts.frame.columns:
        return Message("target-no-value")
    dimension, word = goal.segment
    groups = facts.frame[dimension].cast(pl.String)
    known = groups.drop_nulls().unique(maintain_order=True).to_list()
    rows = facts.frame.filter(groups.is_in([each for each in known if goal.is_for({dimension: each})]))
    if not rows.is_empty():
        columns = sorted(column for table, column in needs(kpi) if table == kpi.table and column in rows.columns)
        empty = [column for column in columns if rows[column].null_count() == rows.height]
        lacking = tuple(dict.fromkeys(each for column in empty for each in WANTS.get(column, (column,))))
        if lacking:
            return Message("target-segment-lacks", dimension=dimension, word=word, needs=lacking)
        return Message("target-segment-empty", dimension=dimension, word=word)
    from kpi_core.config.validation import nearest

    near = nearest(word, known) or nearest(word.casefold(), [each.casefold() for each in known])
    if near is not None:
        return Message("target-no-segment-but", dimension=dimension, word=word, near=near)
    return Message("target-no-segment", dimension=dimension, word=word, known=known[:6])


def _lacks(goal: Goal) -> Sequence[str]:
    given = {"deadline": goal.deadline, "owner": goal.owner, "since": goal.since or goal.deadline is None}
    return [name for name in LACKS if not given[name]]


def _standing(prepared: Prepared, result: KpiResult, goal: Goal, *, is_one: bool) -> Standing:
    kpi, query = result.kpi, prepared.query
    bare = Standing(kpi=kpi, goal=goal, state=State.UNMEASURED, result=result)
    if result.suppressed:
        return replace(bare, why=Message("target-hidden"))
    if result.estimate.value is None and result.estimate.parts.beyond is None:
        return replace(bare, why=result.barred or _nobody(prepared, kpi, goal))
    if (why := why_not_judged(kpi, goal, prepared.engine.tables, is_one=is_one)) is not None:
        return replace(bare, why=why)
    trend = trend_of(prepared, result) if result.trend else None
    chart = None if trend is None else trend.chart
    reach = None
    if chart is not None and kpi.better is not Better.NEITHER:
        reach = assurance(chart, goal.value, higher_is_better=kpi.better is Better.HIGHER)
    bad = 0 if trend is None else sum(is_bad_signal(kpi, trend, one) for one in trend.signals)
    found = replace(bare, state=State.CANNOT_TELL, trend=trend, assurance=reach, signals=bad)
    if (why := _unjudged(result, goal, prepared)) is not None:
        return replace(found, why=why)
    dimension, group = next(iter(result.group.items()), (TOTAL, None))
    cell = Cell(period=query.period, dimension=dimension, group=group)
    return _judged(prepared, replace(found, gap=gap_of(prepared, kpi, result.estimate, goal.value, cell)))


def _unjudged(result: KpiResult, goal: Goal, prepared: Prepared) -> Message | None:
    """Why a value that is known settles nothing; None where it may."""
    kpi, query = result.kpi, prepared.query
    if kpi.better is Better.NEITHER:
        return Message("target-neither")
    if is_turned(kpi, goal):
        return Message("target-turned")
    if result.unjudged is not None:
        return result.unjudged
    if result.immature is not None:
        return Message("target-not-final", day=result.immature.final_at.date())
    is_over = query.period.is_all or is_complete(query.period, query)
    return None if is_over or not isinstance(kpi.measure, FACTS) else Message("target-not-over")


def _judged(prepared: Prepared, found: Standing) -> Standing:
    """Where a value stands: by its interval once it is due, before by its pace, on which is too what is there and not led away from it."""
    result, goal, query = found.result, found.goal, prepared.query
    assert result is not None
    status = stand(found.kpi, result.estimate, goal.value).status
    ahead, there = is_ahead(goal, query.period, query.as_of), status is Status.MET
    if there and not ahead:
        return replace(found, state=State.MET)
    if not ahead:
        state = State.MISSED if status is Status.MISSED else State.CANNOT_TELL
        return replace(found, state=state, why=None if status is Status.MISSED else _few(result))
    if query.period.is_all:
        return replace(found, state=State.ON_PACE) if there else replace(found, why=Message("target-of-everything"))
    if goal.since is not None and query.period.end is not None and query.period.end <= goal.since:
        return replace(found, why=Message("target-not-begun", day=goal.since))
    pace = pace_of(found.kpi, goal, result.estimate, found.trend, query.period, query.confidence)
    if there and pace.by_trend is not False:
        return replace(found, state=State.ON_PACE, pace=replace(pace, state=State.ON_PACE))
    return replace(found, state=pace.state, pace=pace, why=_unpaced(goal, pace))


def _few(result: KpiResult) -> Message:
    """Why a due target is neither met nor missed."""
    return (
        Message("target-no-interval")
        if result.estimate.low is None and result.estimate.high is None
        else Message("target-within")
    )


def _unpaced(goal: Goal, pace: Pace) -> Message | None:
    """Why it is unknown whether a target will be reached in time."""
    if pace.state is not State.CANNOT_TELL:
        return None
    if goal.since is not None:
        return Message("target-pace-open")
    if pace.ahead is not None:
        return Message("target-no-start-unsure")
    return Message("target-no-start") if pace.recent < FEWEST else Message("target-no-start-far")


def bad_signal(kpi: Kpi, trend: Trend | None) -> Signal | None:
    """The signal of the newest period on the bad side, a value beyond the limits before others; None where nothing."""
    bad = [one for one in trend.signals if is_bad_signal(kpi, trend, one)] if trend is not None else []
    return min(bad, key=lambda one: (one.rule is not control_charts.Rule.BEYOND, one.first), default=None)


def named(signal: Signal, trend: Trend) -> str:
    """A signal by rule and side: `beyond above`, `run below` and so on."""
    return f"{signal.rule.value} {'above' if lies_above(trend, signal.last) else 'below'}"


def is_bad_signal(kpi: Kpi, trend: Trend, signal: Signal) -> bool:
    """Whether a signal is about the newest period, and on the bad side."""
    assert trend.chart is not None
    last = len(trend.periods) - 1
    if signal.last != last or kpi.better is Better.NEITHER or signal.rule is control_charts.Rule.CROSSINGS:
        return False
    return lies_above(trend, last) is (kpi.better is Better.LOWER)
