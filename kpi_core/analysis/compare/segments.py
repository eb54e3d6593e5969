"""Two segments in one period, or two companies, compared: the difference with its interval and verdict.

Both sides carry how much their own days vary together, so that a bad week of one of them is no difference between the two. What
both have in common (a public holiday, an outage of the shop) is counted on either side, which errs towards *cannot tell*.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from functools import cached_property

from kpi_core.analysis.changes.change import Changes
from kpi_core.analysis.changes.questions import lead_of, question_of
from kpi_core.analysis.changes.scaled_changes import cut, worth
from kpi_core.analysis.changes.verdicts import judge
from kpi_core.analysis.compare.censored import judged, outlasting, without_bounds
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.config.validation import suggestion
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.same_customers import customers_effect
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Answer, Change, Family, KpiResult, Query, Report
from kpi_core.model.stocks_and_survival import Survival
from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.intervals import square_and_add


@dataclass(frozen=True, kw_only=True)
class Versus:
    """What came of two sides.

    Attributes:
        first, second: how both are called.
        results: by KPI that of the first side, whose baseline is the second's estimate; verdicts are of the first against the second.
        families: how many verdicts were looked at together.
        untested: why a KPI has no verdict.
        reports: the reports that both sides are taken from; one where both are of the same files.
    """

    first: str
    second: str
    results: tuple[KpiResult, ...]
    families: tuple[Family, ...]
    untested: Mapping[str, Message]
    reports: tuple[Report, ...]

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.reports[0].query


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One of the two: the cell of some files, with the results of their report."""

    prepared: Prepared
    report: Report
    cell: Cell
    name: str
    _effects: dict[str, tuple[float, float] | None] = field(default_factory=dict)

    @cached_property
    def results(self) -> Mapping[str, KpiResult]:
        """The side's own results by KPI."""
        if self.cell.dimension == TOTAL:
            return {one.kpi.name: one for one in self.report.totals}
        grouped = self.report.grouped(self.cell.dimension)
        return {one.kpi.name: one for one in grouped if one.group[self.cell.dimension] == self.cell.group}

    @cached_property
    def _changes(self) -> Changes | None:
        """The days that all tables reach, in two halves: what they vary by around each half's own level shows how days go together."""
        query, request, covered = self.prepared.query, self.prepared.request, self.prepared.covered.values()
        if not covered:
            return None
        first = max(cover.first for cover in covered).date()
        last = max(cover.last for cover in covered).date()
        end = min(query.period.end or last, last + timedelta(days=1))
        middle = first + (end - first) // 2
        if not first < middle < end:
            return None
        return Changes(
            engine=self.prepared.engine, period=Period(middle, end), baseline=Period(first, middle),
            confidence=request.confidence, calendar=request.rules.calendar,
        )  # fmt: skip

    def effect(self, kpi: Kpi) -> tuple[float, float] | None:
        """How many times the variance of independent rows the side's days have, and its degrees of freedom; None where that is unknown.

        Rows of a table that says no day at all (a list of customers with who has left) have no days to vary by: they are independent.
        """
        if kpi.table not in self.prepared.covered:
            return 1.0, math.inf
        if kpi.name not in self._effects:
            of = self._lead(kpi)
            tested = self._changes.tested(of, self.cell) if self._changes is not None and of is not None else None
            self._effects[kpi.name] = (
                None if tested is None else self._of_customers(kpi, (tested.effect, tested.freedom))
            )
        return self._effects[kpi.name]

    def _of_customers(self, kpi: Kpi, of_days: tuple[float, float]) -> tuple[float, float]:
        """The effect of the days, or that of the customers whose rows they are where it is larger."""
        found = customers_effect(self.prepared.engine, kpi, self.cell)
        return of_days if found is None or found[0] <= of_days[0] else (found[0], min(found[1], of_days[1]))

    def _lead(self, kpi: Kpi) -> Kpi | None:
        """The KPI whose days show how those of another vary: of a survival curve the one that leads its question."""
        return lead_of(question_of(kpi), self.prepared.engine) if isinstance(kpi.measure, Survival) else kpi


def segments(dataset: Dataset, request: Request, dimension: str, pair: Sequence[str]) -> Versus:
    """Two groups of a dimension in the request's period.

    Raises:
        DefinitionError: there is no such group, or it has too few rows to be shown.
    """
    prepared = prepare(dataset, replace(request, by=(dimension,), compare="none"))
    report = report_on(prepared)
    known = {str(one.group[dimension]).casefold(): one.group[dimension] for one in report.grouped(dimension)}
    for name in pair:
        if name.casefold() not in known:
            listed = ", ".join(sorted(str(group) for group in known.values()))
            raise DefinitionError(
                f"no {dimension} `{name}`{suggestion(name, [str(group) for group in known.values()])}",
                where="--between",
                hint=f"there are {listed}",
            )
    first, second = (
        Side(
            prepared=prepared, report=report, name=str(known[name.casefold()]),
            cell=Cell(period=report.query.period, dimension=dimension, group=known[name.casefold()]),
        )
        for name in pair
    )  # fmt: skip
    return versus(first, second, request.confidence)


def companies(datasets: Sequence[Dataset], request: Request, names: Sequence[str]) -> Versus:
    """The same figures of two companies, each from files of its own, in one period.

    Raises:
        DefinitionError: the files of one have nothing in the other's period.
    """
    asked = replace(request, by=(), compare="none")
    sides: list[Side] = []
    for dataset, name in zip(datasets, names, strict=True):
        period = sides[0].report.query.period.name if sides else request.period
        prepared = prepare(dataset, replace(asked, period=period))
        report = report_on(prepared)
        sides.append(Side(prepared=prepared, report=report, name=name, cell=Cell(period=report.query.period)))
    return versus(sides[0], sides[1], request.confidence)


def versus(first: Side, second: Side, confidence: float) -> Versus:
    """Every KPI that both sides have, compared."""
    found, untested = [], {}
    for name, result in first.results.items():
        other = second.results.get(name)
        if other is None:
            continue
        reason = _why_not(result, other, first, second)
        if reason is not None:
            untested[name] = reason
        change = None if reason is not None else _tested(result, other, first, second, confidence)
        if change is None and reason is None and isinstance(result.kpi.measure, Survival):
            untested[name] = Message("versus-no-value")
        value = _difference(result.estimate, other.estimate)
        found.append(
            replace(
                result,
                baseline=other.estimate,
                change=change or (None if value is None else Change(value=value)),
                verdict=None,
                trend=(),
                final=None,
                notes=tuple(dict.fromkeys((*result.notes, *other.notes))),
            )
        )
    judged, families = judge([replace(one, group={}) for one in found], confidence, is_one=True)
    return Versus(
        first=first.name, second=second.name, results=tuple(judged), families=families, untested=untested,
        reports=(first.report,) if first.report is second.report else (first.report, second.report),
    )  # fmt: skip


def _difference(new: Estimate, old: Estimate) -> float | None:
    return None if new.value is None or old.value is None else new.value - old.value


FEWEST = 5
"""Rows on each side, below which nothing is tested."""


def _why_not(result: KpiResult, other: KpiResult, first: Side, second: Side) -> Message | None:
    """Why two results get no verdict."""
    if result.suppressed or other.suppressed:
        return Message("versus-hidden")
    if (unjudged := result.unjudged or other.unjudged) is not None:
        return Message("not-compared", why=unjudged)
    if result.immature is not None or other.immature is not None:
        return Message("versus-not-final")
    is_curve = isinstance(result.kpi.measure, Survival)
    if not is_curve and (result.estimate.value is None or other.estimate.value is None):
        return Message("versus-no-value")
    if min(result.estimate.n, other.estimate.n) < FEWEST:
        return Message("versus-few", fewest=FEWEST)
    own = [side.prepared.engine.estimate(result.kpi, side.cell) for side in (first, second)]
    if not is_curve and None in {bound for one in own for bound in (one.low, one.high)}:
        return Message("versus-fact")
    if first.effect(result.kpi) is None or second.effect(result.kpi) is None:
        return Message("versus-short")
    return None


def _tested(result: KpiResult, other: KpiResult, first: Side, second: Side, confidence: float) -> Change | None:
    """The difference of the two with its test: of times with unfinished cases the log-rank test of all of them."""
    kpi, new, old = result.kpi, first.effect(result.kpi), second.effect(result.kpi)
    if not isinstance(kpi.measure, Survival) or new is None or old is None:
        return _change(result, other, first, second, confidence)
    engines, cells = (first.prepared.engine, second.prepared.engine), (first.cell, second.cell)
    found = outlasting(kpi, engines, cells, max(new[0], old[0]), min(new[1], old[1]))
    if found is None:
        return None
    if None in (result.estimate.value, result.estimate.low, result.estimate.high, other.estimate.value, other.estimate.low, other.estimate.high):  # fmt: skip
        value = _difference(result.estimate, other.estimate)
        unbounded = without_bounds(kpi, found, 2 / (1 / result.estimate.n + 1 / other.estimate.n))
        return replace(unbounded, value=value, rises=None if value else found.rises)
    change = _change(result, other, first, second, confidence)
    return None if change is None else judged(change, found, 1 - confidence)


def _change(result: KpiResult, other: KpiResult, first: Side, second: Side, confidence: float) -> Change | None:
    """The difference of the two, by square-and-add of their own intervals, each widened by how its days vary together."""
    kpi = result.kpi
    new, old = first.effect(kpi), second.effect(kpi)
    if new is None or old is None:
        return None
    freedom = min(new[1], old[1])
    widths = [
        _widened(side.prepared.engine.estimate(kpi, side.cell), effect[0], freedom, confidence)
        for side, effect in ((first, new), (second, old))
    ]
    (value1, low1, high1), (value0, low0, high0) = widths
    low, high = square_and_add(value1, low1, high1, value0, low0, high0)
    value = value1 - value0
    reach = student_t.quantile(confidence, freedom)
    towards_zero = value - low if value > 0 else high - value
    p = student_t.two_sided(value / towards_zero * reach, freedom) if value and towards_zero > 0 else 1.0
    narrow = student_t.quantile(2 * confidence - 1, freedom) / reach
    margin = worth(kpi, value0)
    is_small = abs(value - narrow * (value - low)) <= margin and abs(value + narrow * (high - value)) <= margin
    shown = cut(kpi, low, high, first.prepared.engine.reach_of(kpi))
    return Change(
        value=value, low=shown[0], high=shown[1], p=p, rises=value > 0 if value else None, is_small=is_small,
        answer=Answer(question=kpi.name, p=p, rises=value > 0), error=(high - low) / 2 / reach, freedom=freedom,
        rows=2 / (1 / result.estimate.n + 1 / other.estimate.n),
    )  # fmt: skip


def _widened(estimate: Estimate, effect: float, freedom: float, confidence: float) -> tuple[float, float, float]:
    """Value and bounds, as far from it as rows that vary together and few degrees of freedom ask for."""
    value, low, high = estimate.value, estimate.low, estimate.high
    assert value is not None
    assert low is not None
    assert high is not None
    factor = (
        math.sqrt(max(effect, 1.0)) * student_t.quantile(confidence, freedom) / student_t.quantile(confidence, math.inf)
    )
    return value, value - factor * (value - low), value + factor * (high - value)
