"""Targets that history speaks for, each with the chance that a further period meets it as things are.

The values of past periods are taken as a sample of one process: those since its level last moved, where a run says that it did, which reaches the
newest period or is over and has most since on the other side of the mean. A further one then follows the predictive t distribution; of shares by their angle (arcsine), of times and amounts by their logarithm,
which makes their spread alike. The chance is of one period; it says nothing of what somebody changes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from kpi_core.analysis.goals.projection import chance_above, level_reached
from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import STEPS, Trend, now_above, trend_of
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis.headlines import headlines
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Stock, Survival
from kpi_core.model.periods import Grain
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass
from kpi_core.stats.control_charts import Rule

FEWEST = 8
"""Periods below which nothing is proposed: the chances would be made of little."""
NEWEST = 24
"""Periods that a proposal rests on at most."""
CHANCES = (0.8, 0.5, 0.2)
"""The chances that a proposal aims at: one that is mostly met, one that is met every other time, one that takes a change."""
_HOUR = 3600.0
_ROUND_TIMES = ((2 * _HOUR, 300.0), (12 * _HOUR, 1800.0), (48 * _HOUR, _HOUR), (math.inf, 12 * _HOUR))
"""Up to which time to which step a proposal is rounded."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """A value in the KPI's inside unit, the chance (0..1) that a further period meets it, and how many of the past ones did."""

    value: float
    chance: float
    met: int


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Targets for a KPI, the easiest first.

    Attributes:
        newest: the value of the newest period.
        periods: how many past ones the chances rest on.
        has_moved: whether earlier ones are left out, for the level has moved since.
    """

    kpi: Kpi
    newest: float
    levels: tuple[Level, ...]
    periods: int
    has_moved: bool

    def at(self, chance: float) -> Level | None:
        """The proposal whose own chance is nearer to one of `CHANCES` than to the others; None where rounding moved it away."""
        own = [one for one in self.levels if min(CHANCES, key=lambda each: abs(each - one.chance)) == chance]
        return min(own, key=lambda one: abs(one.chance - chance), default=None)


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """Proposals by KPI, and why there is none for the others."""

    report: Report
    suggestions: tuple[Suggestion, ...]
    without: tuple[tuple[Kpi, Message], ...]

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query


def suggest(dataset: Dataset, request: Request, *, is_chosen: bool) -> Suggestions:
    """Targets for the KPIs of a request, for those that a report opens with unless `is_chosen`.

    Raises:
        DefinitionError: a period or condition means nothing to the data.
    """
    grain = request.grain or Grain.MONTH
    asked = replace(request, grain=grain, compare="none", by=(), steps=request.steps or STEPS[grain], targets={})
    prepared = prepare(dataset, asked)
    report = report_on(prepared)
    shown = {one.kpi.name for one in report.totals} if is_chosen else {*headlines([one.kpi for one in report.totals])}
    found, without = [], []
    for result in report.totals:
        if result.kpi.name not in shown:
            continue
        why = _unfit(result)
        trend = trend_of(prepared, result) if why is None else None
        values = [] if trend is None else _used(trend)[0]
        if why is None and len(values) < FEWEST:
            why = Message("suggest-few", count=len(values), fewest=FEWEST)
        elif why is None and len({*values}) == 1:
            why = Message("suggest-constant", count=len(values))
        if why is None and trend is not None:
            found.append(_suggestion(trend))
        elif why is not None:
            without.append((result.kpi, why))
    return Suggestions(report=report, suggestions=tuple(found), without=tuple(without))


def _unfit(result: KpiResult) -> Message | None:
    """Why no target can be proposed whatever the history; None where one may."""
    if result.suppressed or not result.trend or isinstance(result.kpi.measure, Survival):
        return Message("suggest-no-history")
    if result.kpi.better is Better.NEITHER:
        return Message("target-neither")
    return Message("suggest-stock") if isinstance(result.kpi.measure, Stock) else None


def _used(trend: Trend) -> tuple[list[float], bool]:
    """The newest values of one process, and whether earlier ones are of another."""
    values = [one.value for one in trend.estimates if one.value is not None]
    runs = [one for one in trend.signals if one.rule in (Rule.RUN, Rule.SIDE)]
    last = max(
        (
            one.first if one.last == len(values) - 1 else one.last + 1
            for one in runs
            if now_above(trend, one) is not None
        ),
        default=0,
    )
    begun = max(last, len(values) - NEWEST)
    return values[begun:], last > 0


def _suggestion(trend: Trend) -> Suggestion:
    kpi = trend.kpi
    values, has_moved = _used(trend)
    levels: list[Level] = []
    for chance in CHANCES:
        level = level_for(kpi, values, chance)
        if level is not None and level.value not in [one.value for one in levels]:
            levels.append(level)
    return Suggestion(kpi=kpi, newest=values[-1], levels=tuple(levels), periods=len(values), has_moved=has_moved)


def level_for(kpi: Kpi, values: Sequence[float], chance: float) -> Level | None:
    """A round value that a further period meets with about a chance, and the chance that it has."""
    there, back = _scales(kpi.unit, values)
    sample = [there(value) for value in values]
    is_higher = kpi.better is Better.HIGHER
    reached = level_reached(sample, chance if is_higher else 1 - chance)
    if reached is None:
        return None
    value = rounded(kpi, back(reached))
    above = chance_above(sample, there(value))
    assert above is not None
    met = sum(one >= value if is_higher else one <= value for one in values)
    return Level(value=value, chance=above if is_higher else 1 - above, met=met)


def _scales(unit: Unit, values: Sequence[float]) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """The scale on which the values' spread is alike, and the way back."""
    if unit is Unit.SHARE and all(0 <= value <= 1 for value in values):
        return _angle, _of_angle
    if unit in (Unit.SECONDS, Unit.MONEY, Unit.COUNT, Unit.DAYS) and all(value > 0 for value in values):
        return (lambda value: math.log(max(value, 1e-9))), math.exp
    return (lambda value: value), (lambda value: value)


def _angle(share: float) -> float:
    return math.asin(math.sqrt(min(max(share, 0.0), 1.0)))


def _of_angle(angle: float) -> float:
    return math.sin(min(max(angle, 0.0), math.pi / 2)) ** 2


def rounded(kpi: Kpi, value: float) -> float:
    """A value as somebody would set it: whole percent and points, times in steps of five minutes to half a day."""
    match kpi.unit:
        case Unit.SHARE | Unit.POINTS:
            return round(value, 2)
        case Unit.SECONDS:
            step = next(step for most, step in _ROUND_TIMES if value <= most)
            return max(round(value / step), 1) * step
        case Unit.SCORE | Unit.RATIO | Unit.DAYS:
            return round(value, 1)
    digits = 1 - math.floor(math.log10(abs(value))) if value else 0
    return float(round(value, digits))
