"""Is it the usual ups and downs? KPIs over time against the limits of what their process brings by itself.

A signal is something to look at and no verdict: `report` and `compare` judge changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from operator import mul

from kpi_core.analysis.changes.design_effects import DesignEffects
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.plan import leaves, whole
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Additive, Count, Difference, Mean, Quantile, Ratio, Share, Stock, StockAge, Survival
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass
from kpi_core.stats import control_charts
from kpi_core.stats.comparisons.false_alarms import false_alarms, likeness
from kpi_core.stats.contrasts import kinds_of_days
from kpi_core.stats.control_charts import Assurance, Chart, Rules, Signal, assurance

STEPS = {Grain.DAY: 60, Grain.WEEK: 52, Grain.MONTH: 36, Grain.QUARTER: 20, Grain.YEAR: 20}
"""The periods that a trend goes back by default."""
FEWEST = 12
"""Points below which there are no limits: they would say little, and find little."""
RAREST = 1.0
"""Rows of the rarer outcome a period, below which there are no limits."""
FROZEN = 20
"""Points from which on limits may be frozen: those of fewer cry wolf over every point that follows."""

TURNED = 3
"""Periods after a run that say, if two in three lie on the other side, that the KPI is there now."""


class Kind(StrEnum):
    """How the limits were drawn: individual values, times by their logarithms and rows, means of small numbers with their rows, shares with their rows and
    counts with their days (as Laney's p′ and u′, but as skewed as these are).
    """

    VALUES = "xmr"
    TIMES = "log xmr"
    MEANS = "xmr by rows"
    SHARES = "p'"
    COUNTS = "u'"


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One KPI over time.

    Attributes:
        periods: those whose value is known and final, in order; `estimates` and the chart's values are theirs.
        chart: the limits, in the KPI's inside unit; None where there are too few points, and for what is open at the end of
            each period: it rests on what was open before, so that limits for values that know nothing of one another cry wolf.
        baseline: how many of the first points the limits are of; None for all.
        signals: what is worth a look, by places among the periods.
        assurance: whether the process can meet the target as it is; None without target or limits.
        left_out: periods between them whose value is not known, not final or not complete.
        rare: how many rows differ from the others where they are too few for limits; None where they are enough.
        scales: how many scales its answers are on, where how many are on which moves it too far for limits; else 0.
        reach: the lowest and the highest that its values can be; None where there is no end.
        alike: how far neighbouring periods go together (their correlation), by the points or by their days; 0 where they do not.
    """

    kpi: Kpi
    result: KpiResult
    kind: Kind
    periods: tuple[Period, ...]
    estimates: tuple[Estimate, ...]
    chart: Chart | None
    baseline: int | None
    signals: tuple[Signal, ...] = ()
    target: float | None = None
    assurance: Assurance | None = None
    left_out: tuple[Period, ...] = ()
    rare: int | None = None
    scales: int = 0
    reach: tuple[float | None, float | None] = (None, None)
    alike: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Trends:
    """The trends of several KPIs: what was asked, by which rules, and how many signals chance alone would bring."""

    report: Report
    rules: Rules
    screened: bool
    trends: tuple[Trend, ...]
    without: Mapping[str, Message]

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def expected_false(self) -> float:
        """How many of the charts would have a signal where nothing but chance is at work."""
        return sum(
            false_alarms(len(one.periods), self.rules, one.alike) for one in self.trends if one.chart is not None
        )


def trends(
    dataset: Dataset,
    request: Request,
    *,
    rules: Rules = Rules.USUAL,
    baseline: int | None = None,
    screened: bool = False,
) -> Trends:
    """The KPIs asked for over time.

    Args:
        dataset: the files, read.
        request: its KPIs, period (the last one), grain, steps, targets and conditions count; it is not compared or split.
        rules: what makes a signal.
        baseline: how many of the first points the limits are of; all where None.
        screened: whether ranges of individual values that are none of the ordinary are left out of their mean, once.

    Raises:
        DefinitionError: the baseline has too few points to be frozen.
    """
    if baseline is not None and baseline < FROZEN:
        hint = f"name {FROZEN} or more, or leave it out for limits of all points"
        raise DefinitionError(
            f"limits of {baseline} points would cry wolf over those that follow", where="--baseline", hint=hint
        )
    grain = request.grain or Grain.MONTH
    asked = replace(request, grain=grain, compare="none", by=(), steps=request.steps or STEPS[grain])
    return followed(prepare(dataset, asked), rules=rules, baseline=baseline, screened=screened)


def followed(
    prepared: Prepared, *, rules: Rules = Rules.USUAL, baseline: int | None = None, screened: bool = False
) -> Trends:
    """The KPIs over time of a request that is prepared, and neither compared nor split."""
    report = report_on(prepared)
    found, without = [], {}
    query = report.query
    effects = DesignEffects(
        engine=prepared.engine, series=DaySeries(engine=prepared.engine), period=query.period, calendar=prepared.request.rules.calendar
    )  # fmt: skip
    for result in report.totals:
        if result.suppressed or not result.trend:
            without[result.kpi.name] = _why_without(result)
        else:
            trend = trend_of(prepared, result, rules, baseline, screened=screened)
            found.append(trend if trend.chart is None else replace(trend, alike=_alike(effects, trend, query.grain)))
    return Trends(report=report, rules=rules, screened=screened, trends=tuple(found), without=without)


DAYS_OF = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30}
"""The days of a period whose likeness to its neighbours days show; longer ones are longer than what days have in common."""


def _alike(effects: DesignEffects, trend: Trend, grain: Grain) -> float:
    """How far neighbouring periods of a trend go together: by their points or by their days, whichever says more, for either shows it only in part."""
    dimension, group = next(iter(trend.result.group.items()), (TOTAL, None))
    cell, days = Cell(period=effects.period, dimension=dimension, group=group), DAYS_OF.get(grain)
    chart = trend.chart
    assert chart is not None
    outside = [period for period, value, low, high in zip(trend.periods, chart.values, chart.lows, chart.highs, strict=True)
               if low is None or high is None or not low <= value <= high]  # fmt: skip
    without = frozenset(day for period in outside for day in _days(period))
    found = None if days is None else effects.alike(trend.kpi, cell, days, without)
    return max(likeness(chart), found or 0.0)


def _why_without(result: KpiResult) -> Message:
    """Why a result has no trend: too few rows to be shown, no value in any period, one that is known for one period alone, or no period that is whole."""
    if result.suppressed:
        return Message("trend-not-told")
    withheld = next((note for note in result.notes if note.key == "no-value"), None)
    if withheld is None and isinstance(whole(result.kpi).measure, Survival):
        return Message("trend-of-curves")
    return withheld or Message("trend-of-no-period")


def trend_of(
    prepared: Prepared,
    result: KpiResult,
    rules: Rules = Rules.USUAL,
    baseline: int | None = None,
    *,
    screened: bool = False,
) -> Trend:
    """The trend of a result that has one, a total's or a group's."""
    kpi, query = result.kpi, prepared.query
    known = [
        (period, estimate)
        for place, (period, estimate) in enumerate(zip(query.trend, result.trend, strict=True))
        if estimate.value is not None and (result.final is None or place < result.final) and is_complete(period, query)
        and not _is_cut(prepared, kpi, period)
    ]  # fmt: skip
    periods, estimates = tuple(period for period, _ in known), tuple(estimate for _, estimate in known)
    first = query.trend.index(periods[0]) if periods else 0
    kind = _kind(kpi, estimates)
    chart = None
    rare = _rare(kind, estimates, _ends_of_rows(prepared.engine, kpi, estimates))
    if len(periods) >= FEWEST and rare is None and not is_unlimited(result):
        chart = _chart(
            prepared,
            result,
            kind,
            periods,
            estimates,
            baseline if (baseline or 0) < len(periods) else None,
            screened=screened,
        )
    scales = _scales_that_move(prepared, result, periods, chart) if chart is not None and kpi.asks else 0
    chart = None if scales else chart
    find = control_charts.signals if rules is Rules.USUAL else control_charts.nhs_signals
    goal = result.target.value if result.target is not None else None
    can = None
    if goal is not None and chart is not None and kpi.better is not Better.NEITHER:
        can = assurance(chart, goal, higher_is_better=kpi.better is Better.HIGHER)
    return Trend(
        kpi=kpi, result=result, kind=kind, periods=periods, estimates=estimates, chart=chart, baseline=baseline,
        signals=tuple(find(chart)) if chart is not None else (), target=goal, assurance=can,
        left_out=tuple(period for period in query.trend[first:] if period not in periods), rare=rare, scales=scales,
        reach=_reach(prepared.engine, result.kpi),
    )  # fmt: skip


def is_unlimited(result: KpiResult) -> bool:
    """Whether no limits are drawn whatever the values are: for what is open, and for rows that were chosen by what became of them."""
    return isinstance(result.kpi.measure, (Stock, StockAge)) or (
        result.unjudged is not None and "respond" not in result.unjudged.key
    )


def _rare(kind: Kind, estimates: Sequence[Estimate], ends: tuple[float | None, float | None]) -> int | None:
    """How many rows came to the rarer of two outcomes, or were counted, where that is less than one a period; None where it is more.

    Of means it is what lies between all rows and the nearer of the `ends` that they can have.

    Limits for them would be as narrow as the many periods without one, and cry wolf over each that has one.
    """
    if kind in (Kind.VALUES, Kind.TIMES) or not estimates or (kind is Kind.MEANS and ends[0] is None):
        return None
    if kind is Kind.MEANS:
        among = round(sum(one.n * _off_the_end(one.value or 0.0, *ends) for one in estimates))
    else:
        among = sum(round((one.value or 0.0) * (one.n if kind is Kind.SHARES else 1)) for one in estimates)
    if kind is Kind.SHARES:
        among = min(among, sum(one.n for one in estimates) - among)
    return among if among < RAREST * len(estimates) else None


def _is_cut(prepared: Prepared, kpi: Kpi, period: Period) -> bool:
    """Whether the table begins within a period, with days before on which it would have had something."""
    covered = prepared.covered.get(kpi.table)
    return covered is not None and covered.begins_within(period)


def _off_the_end(value: float, floor: float | None, top: float | None) -> float:
    """How far a mean lies off the nearer end of what rows can have, in parts of all there is between them, or in ones above the floor."""
    assert floor is not None
    return value - floor if top is None else min(value - floor, top - value) / (top - floor)


def is_complete(period: Period, query: Query) -> bool:
    """Whether the files reach the end of a period."""
    return period.end is None or query.as_of is None or query.as_of.date() >= period.end - timedelta(days=1)


def _kind(kpi: Kpi, estimates: Sequence[Estimate]) -> Kind:
    if isinstance(kpi.measure, Count):
        return Kind.COUNTS
    if isinstance(kpi.measure, Share):
        return Kind.SHARES
    is_skewed = isinstance(kpi.measure, Quantile | Mean) and kpi.unit in (Unit.SECONDS, Unit.MONEY)
    if is_skewed and all((one.value or 0.0) > 0 < one.n for one in estimates):
        return Kind.TIMES
    is_small = isinstance(kpi.measure, Mean) and kpi.unit in (Unit.RATIO, Unit.SCORE)
    return Kind.MEANS if is_small and all(one.n for one in estimates) else Kind.VALUES


def _ends_of_rows(engine: Engine, kpi: Kpi, estimates: Sequence[Estimate]) -> tuple[float | None, float | None]:
    """The least and the most that a row of a mean can have, as far as they are known: a mean that is never below 1, but is 1, is one of numbers from 1 on."""
    floor, top = _reach(engine, kpi)
    least = min((one.value for one in estimates if one.value is not None), default=0.0)
    return (1.0, top) if kpi.unit is Unit.RATIO and least == 1 else (floor, top)


def _chart(
    prepared: Prepared, result: KpiResult, kind: Kind, periods: Sequence[Period], estimates: Sequence[Estimate],
    baseline: int | None, *, screened: bool,
) -> Chart:  # fmt: skip
    values = [estimate.value or 0.0 for estimate in estimates]
    match kind:
        case Kind.SHARES:
            counts = [value * estimate.n for value, estimate in zip(values, estimates, strict=True)]
            return control_charts.expected_shares(counts, [estimate.n for estimate in estimates], baseline)
        case Kind.COUNTS:
            return control_charts.expected_counts(values, _rooms(prepared, result, periods), baseline)
        case Kind.TIMES:
            return control_charts.xmr_of_times(
                values, [estimate.n for estimate in estimates], baseline, screened=screened
            )
        case Kind.MEANS:
            sizes, ends = [estimate.n for estimate in estimates], _ends_of_rows(prepared.engine, result.kpi, estimates)
            return control_charts.xmr_of_means(values, sizes, *ends, baseline, screened=screened)
        case Kind.VALUES:
            chart = control_charts.xmr(values, baseline, screened=screened)
            return control_charts.within(chart, *_reach(prepared.engine, result.kpi))


REACH: Mapping[Unit, tuple[float | None, float | None]] = {
    Unit.SHARE: (0.0, 1.0),
    Unit.POINTS: (-1.0, 1.0),
    Unit.SECONDS: (0.0, None),
    Unit.RATIO: (0.0, None),
}
"""Where the values of a unit cannot go beyond."""


def _reach(engine: Engine, kpi: Kpi) -> tuple[float | None, float | None]:
    """Where a KPI's values cannot go beyond: the ends of the scale of marks, else those of its unit; None where there is no end.

    Of two sums one may be more than the other: in some weeks more tickets are resolved than opened, so that a ratio has no top.
    """
    if isinstance(kpi.measure, Ratio):
        return None if isinstance(kpi.measure.first.measure, Difference) else 0.0, None
    return engine.reach_of(kpi) or REACH.get(kpi.unit, (None, None))


def _scales_that_move(prepared: Prepared, result: KpiResult, periods: Sequence[Period], chart: Chart) -> int:
    """How many scales the answers are on, where their mix alone moves a period by more than `MIXED` of what chance does; else 0.

    What the mix alone makes of a period is the mean of the values that each scale has over all of them, by the period's answers.
    """
    part, series = whole(result.kpi), DaySeries(engine=prepared.engine)
    assert result.kpi.asks is not None
    cell, span, first = _over(result, periods)
    if not isinstance(part.measure, Additive):
        return 0
    strata = [one for one in series.by_scale(part, result.kpi.asks, cell, span) if sum(one.rows)]
    if len(strata) < 2:
        return 0
    usual = [sum(one.tops) / sum(one.rows) for one in strata]
    of_all = sum(sum(one.tops) for one in strata) / sum(sum(one.rows) for one in strata)
    for place, period in enumerate(periods):
        days = [(day - first).days for day in _days(period)]
        rows = [sum(one.rows[day] for day in days) for one in strata]
        mixed = sum(map(mul, usual, rows)) / sum(rows) if sum(rows) else of_all
        high, low, centre = chart.highs[place], chart.lows[place], chart.centres[place]
        room = max((high or centre) - centre, centre - (low or centre))
        if abs(mixed - of_all) > MIXED * room:
            return len(strata)
    return 0


MIXED = 0.2
"""The share of what lies between centre and limit that the mix of scales may move a period by."""


def _over(result: KpiResult, periods: Sequence[Period]) -> tuple[Cell, Span, date]:
    """The cell of a result over some periods and all between them, and their first day."""
    first, last = periods[0].start, periods[-1].end
    assert first is not None
    assert last is not None
    dimension, group = next(iter(result.group.items()), (TOTAL, None))
    return Cell(period=Period(first, last), dimension=dimension, group=group), Span(first=first, last=last), first


def _rooms(prepared: Prepared, result: KpiResult, periods: Sequence[Period]) -> list[float]:
    """How many usual days each period has: a Sunday counts for what Sundays bring, a closed day for what closed days bring."""
    cell, span, first = _over(result, periods)
    tops = DaySeries(engine=prepared.engine).sums(leaves(result.kpi)[0], cell, span).tops
    days = [first + timedelta(days=place) for place in range(span.days)]
    calendar = prepared.request.rules.calendar
    closed = (lambda place: calendar.is_closed_for_once(days[place])) if calendar is not None else None
    kinds = kinds_of_days([day.weekday() for day in days], closed)
    level = sum(tops) / len(tops) if tops else 0.0
    weights = {
        kind: sum(top for top, of in zip(tops, kinds, strict=True) if of == kind) / kinds.count(kind) / level
        if level
        else 1.0
        for kind in {*kinds}
    }
    by_day = {day: max(weights[kind], LEAST_OF_A_DAY) for day, kind in zip(days, kinds, strict=True)}
    return [sum(by_day[day] for day in _days(period)) for period in periods]


LEAST_OF_A_DAY = 0.01
"""What a day counts for at least, so that a period of closed days alone has limits."""


def _days(period: Period) -> list[date]:
    assert period.start is not None
    assert period.end is not None
    return [period.start + timedelta(days=place) for place in range((period.end - period.start).days)]


def lies_above(one: Trend, place: int) -> bool:
    """Whether a period lies above the mean."""
    assert one.chart is not None
    return one.chart.values[place] > one.chart.centres[place]


def since(one: Trend, signal: Signal) -> tuple[int, int]:
    """How many of the periods after a signal lie on the other side of the mean than it, and how many there are."""
    after = range(signal.last + 1, len(one.periods))
    return sum(lies_above(one, place) is not lies_above(one, signal.last) for place in after), len(after)


def now_above(one: Trend, signal: Signal) -> bool | None:
    """On which side of the mean the KPI is after a signal: its own where it reaches the newest period, the other where most since lie there, else None."""
    if signal.rule is control_charts.Rule.CROSSINGS:
        return None
    across, after = since(one, signal)
    if not after:
        return lies_above(one, signal.last)
    is_turned = signal.rule is not control_charts.Rule.BEYOND and after >= TURNED and across * 3 >= after * 2
    return not lies_above(one, signal.last) if is_turned else None
