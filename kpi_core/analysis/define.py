"""One KPI under every definition there is of it, on the same data: what is definition and what is performance.

Each definition goes through the engine as any KPI does, so that it differs by what it says and by nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from kpi_core.analysis.report import summarise
from kpi_core.analysis.report_clock import clock_of
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message, Text
from kpi_core.model.clock import Clock
from kpi_core.model.kpi import Unit
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.quality.coverage import covered_days
from kpi_core.quality.coverage.planned_ends import without_plans
from kpi_core.records import dataclass
from kpi_core.variants.definition import Definition
from kpi_core.variants.families import Family
from kpi_core.variants.names import OURS
from kpi_core.variants.windows import within

NO_ROW = Message("a-row-that-counts")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a definition gives; `difference` is to ours, None where there is none or the units differ."""

    definition: Definition
    result: KpiResult
    difference: float | None = None

    @property
    def value(self) -> float | None:
        """The value, in inside units."""
        return self.result.estimate.value

    @property
    def unit(self) -> Unit:
        """What the value is counted in."""
        return self.result.kpi.unit


@dataclass(frozen=True, kw_only=True)
class Unfed:
    """A definition that the files cannot feed, and what it lacks."""

    definition: Definition
    needs: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The lowest and the highest of some outcomes in one unit."""

    low: Outcome
    high: Outcome

    @property
    def width(self) -> float:
        """How far apart they are."""
        return (self.high.value or 0.0) - (self.low.value or 0.0)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The definitions of one family on the same data. `base` is ours, what the others are compared with."""

    family: Family
    outcomes: tuple[Outcome, ...]
    unfed: tuple[Unfed, ...]
    report: Report

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def base(self) -> Outcome | None:
        """The first outcome that is ours; None where the files feed none."""
        return _base(self.outcomes)

    @property
    def unit(self) -> Unit | None:
        """The unit of ours, else of the first: what can be compared."""
        return next((one.unit for one in (self.base, *self.outcomes) if one is not None), None)

    def spread(self, counts: Callable[[Definition], bool] = lambda _: True) -> Spread | None:
        """How far the outcomes of some definitions lie apart; None where fewer than two are in the unit of ours."""
        alike = [one for one in self.outcomes if one.unit is self.unit and counts(one.definition)]
        alike.sort(key=lambda one: one.value or 0.0)
        return Spread(low=alike[0], high=alike[-1]) if len(alike) > 1 else None

    @property
    def sober_spread(self) -> Spread | None:
        """The same without the naive definitions."""
        return self.spread(lambda definition: not definition.is_naive)

    @property
    def tool_spread(self) -> Spread | None:
        """The same among the definitions that a product shows."""
        return self.spread(lambda definition: definition.is_of_a_tool)


def compare_definitions(dataset: Dataset, family: Family, request: Request, now: datetime | None = None) -> Comparison:
    """Every definition of the family on the dataset.

    Raises:
        DefinitionError: the period or the condition means nothing to the data, or it has no dates to count back from.
    """
    reports = _reports(dataset, family.definitions, request, now)
    outcomes, unfed = [], []
    for definition in family.definitions:
        found = _outcome(definition, reports[definition.name])
        if isinstance(found, Outcome):
            outcomes.append(found)
        else:
            unfed.append(found)
    base = _base(outcomes)
    compared = tuple(replace(one, difference=_difference(one, base)) for one in outcomes)
    return Comparison(family=family, outcomes=compared, unfed=tuple(unfed), report=reports[family.definitions[0].name])


def _reports(
    dataset: Dataset, definitions: Sequence[Definition], request: Request, now: datetime | None
) -> dict[str, Report]:
    """The report each definition is in: one for all of a period, one for each that brings its own or has another's name."""
    plain = replace(request, compare="none", by=(), targets={})
    whole = [one for one in definitions if one.window is None and one.rolling is None]
    names = [one.kpi.name for one in whole]
    shared = [one for place, one in enumerate(whole) if names.index(one.kpi.name) == place]
    found: dict[str, Report] = {}
    if shared:
        report = summarise(dataset, replace(plain, kpis=tuple(one.kpi for one in shared)), now)
        found |= {one.name: report for one in shared}
    found |= {one.name: summarise(dataset, replace(plain, kpis=(one.kpi,)), now) for one in whole if one not in shared}
    own = [one for one in definitions if one not in whole]
    if own:
        clock = _clock(dataset, request)
        found |= {one.name: summarise(dataset, _windowed(one, plain, clock), now) for one in own}
    return found


def _clock(dataset: Dataset, request: Request) -> Clock:
    clock = clock_of(dataset, request)
    as_of = clock.as_of or covered_days.newest_event(without_plans(dataset.tables)[0], zone=clock.zone)[0]
    if as_of is None:
        raise DefinitionError("the last days need dates, and the data has none")
    return replace(clock, as_of=as_of)


def _windowed(definition: Definition, request: Request, clock: Clock) -> Request:
    """The request for one definition over its own days."""
    kpi, last = definition.kpi, clock.today
    if definition.window is not None and last is not None:
        return replace(request, kpis=(kpi,), period=definition.window(last).name)
    since = None if clock.as_of is None or definition.rolling is None else clock.as_of - definition.rolling
    instant = pl.col(kpi.dated_by)
    measure = within(kpi.measure, (instant > pl.lit(since)) & (instant <= pl.lit(clock.as_of)))
    kpis = () if measure is None else (replace(kpi, measure=measure),)
    return replace(request, kpis=kpis, period="all")


def _outcome(definition: Definition, report: Report) -> Outcome | Unfed:
    lacking = next((one for one in report.unavailable if one.kpi.name == definition.kpi.name), None)
    if lacking is not None:
        return Unfed(definition=definition, needs=lacking.needs or (_fitting(definition),))
    result = next((one for one in report.totals if one.kpi.name == definition.kpi.name), None)
    if result is None:
        return Unfed(definition=definition, needs=(Message("a-kpi-of-rows"),))
    if result.estimate.value is None:
        needs = result.notes if result.suppressed or result.estimate.n else (_fitting(definition),)
        return Unfed(definition=definition, needs=needs)
    return Outcome(definition=definition, result=result)


def _fitting(definition: Definition) -> Message:
    """What rows must be like for any to count."""
    if not definition.fits:
        return NO_ROW
    return Message("definition-fits", what=Defined("fits", definition.name, definition.fits))


def _base(outcomes: Sequence[Outcome]) -> Outcome | None:
    return next((one for one in outcomes if OURS in one.definition.whose), None)


def _difference(one: Outcome, base: Outcome | None) -> float | None:
    if base is None or one.definition is base.definition or one.unit is not base.unit:
        return None
    return None if one.value is None or base.value is None else one.value - base.value
