"""Why a KPI differs between two segments of one period: who is in them, and the value of each kind of row in both."""

import math
from collections.abc import Sequence
from dataclasses import replace

from kpi_core.analysis.compare.segments import Side, versus
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.why.answer import Kind, Why
from kpi_core.analysis.why.dimensions import dealt, ranked, within_rest
from kpi_core.analysis.why.periods import candidates, is_of_people, limit_of, unfit, with_one_more
from kpi_core.analysis.why.strata import Group, add_up, stratum
from kpi_core.analysis.why.within import within
from kpi_core.engine.cells import Cell
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.goal import goals_for
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Count, Difference, Quantile, Share, Stock, Sum
from kpi_core.model.report import KpiResult
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import FEWEST_ROWS, Judgement
from kpi_core.stats.mix_and_rate import Effects, Stratum


def between(dataset: Dataset, request: Request, dimension: str, pair: Sequence[str]) -> Why:
    """Why the KPI of a request is another in the first of two groups of a dimension than in the second.

    Args:
        dataset: the files, read.
        request: its one KPI, period and condition count; `by` are the dimensions to look at, all usual ones where empty.
        dimension: what the two are groups of.
        pair: their names.

    Raises:
        DefinitionError: a group has no row, or the request has another number of KPIs than one.
    """
    if len(request.kpis) != 1:
        raise DefinitionError("one KPI at a time has its difference explained", where="why")
    (kpi,) = request.kpis
    by = tuple(name for name in request.by or candidates(dataset, kpi) if name != dimension)
    prepared: list[Prepared] = []
    for name in pair:
        period = prepared[0].query.period.name if prepared else request.period
        own = f"\"{dimension}\" = '{name.replace(chr(39), 2 * chr(39))}'"
        where = own if request.where is None else f"({request.where}) and {own}"
        prepared.append(prepare(dataset, replace(request, by=by, where=where, compare="none", period=period)))
    forms = [[one for one in side.kpis if one.name == kpi.name] for side in prepared]
    refused, limit = unfit(prepared[0], forms[0]) or unfit(prepared[1], forms[1]), None
    shown = forms[0][0] if forms[0] else kpi
    if refused is None and isinstance(shown.measure, Quantile):
        old = prepared[1].engine.estimate(shown, Cell(period=prepared[1].query.period))
        limit = limit_of(goals_for(request.targets.get(kpi.name, ()), {}), old)
        if limit is None:
            refused = Message("why-no-value")
        else:
            shown = within(shown, limit)
            prepared = [with_one_more(one, shown) for one in prepared]
    sides = [_side(one, name) for one, name in zip(prepared, pair, strict=True)]
    found = versus(sides[0], sides[1], request.confidence)
    result = next((one for one in found.results if one.kpi.name == shown.name), None)
    refused = refused or _barring(found.untested.get(shown.name)) or _barred(sides, shown)
    kind = Kind.AMOUNTS if isinstance(shown.measure, Count | Sum | Difference | Stock) else Kind.RATES
    answer = Why(
        asked=kpi, report=sides[0].report, result=result, kind=kind, skipped={}, limit=limit, refused=refused,
        sides=(pair[0], pair[1]), quantile=None if limit is None else next((one for one in found.results if one.kpi.name == kpi.name), None),
    )  # fmt: skip
    if refused is not None or result is None:
        return answer
    if kind is Kind.AMOUNTS:
        return replace(answer, refused=Message("why-amounts-of-segments"))
    tests = Apart(kpi=shown, sides=(sides[1], sides[0]))
    split, skipped = [], {}
    for name in by:
        strata = _groups(sides, shown, name)
        if isinstance(strata, list):
            one = dealt(name, strata, kind, tests, request.confidence)
            split.append(replace(one, is_of_people=is_of_people(dataset, name)))
        else:
            skipped[name] = strata
    return replace(answer, dimensions=ranked(split, kind, 1 - request.confidence), skipped=skipped)


UNTESTED = ("versus-fact", "versus-short")
"""Reasons for which a difference has no verdict, and can be split all the same."""


def _barring(reason: Message | None) -> Message | None:
    return None if reason is None or reason.key in UNTESTED else reason


def _side(prepared: Prepared, name: str) -> Side:
    """A segment with the report on it."""
    report = report_on(prepared)
    return Side(prepared=prepared, report=report, cell=Cell(period=report.query.period), name=name)


def _barred(sides: Sequence[Side], kpi: Kpi) -> Message | None:
    """Why one of two sides has no value to be split."""
    for side in sides:
        result = side.results.get(kpi.name)
        if result is None or result.barred is not None:
            return Message("why-no-value") if result is None else result.barred
    return None


def _groups(sides: Sequence[Side], kpi: Kpi, dimension: str) -> list[Group] | Message:
    """The groups of a dimension on both sides, those not shown as one; the second side is the old one."""
    new, old = (_by_group(side, kpi, dimension) for side in sides)
    names = list(dict.fromkeys([*new, *old]))
    found, has_hidden = [], False
    for name in names:
        both = [_stratum(strata.get(name)) for strata in (old, new)]
        if None in both:
            has_hidden = True
            continue
        result = new.get(name) or old[name]
        before = old[name].estimate if name in old else Estimate(value=None, n=0)
        after = new[name].estimate if name in new else Estimate(value=None, n=0)
        shown = replace(result, estimate=after, baseline=before, change=None, verdict=None)
        found.append(Group(name=name, result=shown, old=both[0], new=both[1]))  # type: ignore[arg-type]
    wholes = [stratum(side.results[kpi.name].estimate, is_amount=False) for side in (sides[1], sides[0])]
    return add_up(found, wholes, has_hidden=has_hidden)


def _by_group(side: Side, kpi: Kpi, dimension: str) -> dict[str | None, KpiResult]:
    return {one.group[dimension]: one for one in side.report.grouped(dimension) if one.kpi.name == kpi.name}


def _stratum(result: KpiResult | None) -> Stratum | None:
    """A group's rows and sums; nothing at all where it has none, None where it is not shown."""
    if result is None:
        return Stratum(n=0.0, total=0.0)
    if result.suppressed or (result.estimate.n and result.estimate.value is None):
        return None
    return stratum(result.estimate, is_amount=False)


@dataclass(kw_only=True, eq=False)
class Apart:
    """Two segments whose rows are others, so that each has the design effect of its own days; the old side first."""

    kpi: Kpi
    sides: tuple[Side, Side]

    def effects(self, dimension: str, groups: Sequence[Group]) -> tuple[Effects, float] | None:  # noqa: ARG002 - as all tests are asked
        """The design effects of both sides' days, for mix and rate alike."""
        old, new = (side.effect(self.kpi) for side in self.sides)
        if old is None or new is None:
            return None
        both = (max(old[0], 1.0), max(new[0], 1.0))
        return Effects(weights=both, rates=both), min(old[1], new[1])

    def unlike(self, dimension: str, group: Group, rest: Sequence[Group], groups: Sequence[Group]) -> Judgement | None:
        """How far the two sides differ in a group beyond what they do in some others of all."""
        found = self.effects(dimension, groups)
        if found is None:
            return None
        others = [_added([getattr(one, side) for one in rest]) for side in ("old", "new")]
        cells = ((group.old, group.new), (others[0], others[1]))
        if min(one.n for pair in cells for one in pair) < FEWEST_ROWS:
            return None
        if (values := within_rest(group, rest)) is None:
            return None
        old, new, others_old, others_new = values
        is_log = self.kpi.unit in (Unit.SECONDS, Unit.MONEY)
        if is_log and min(old, new, others_old, others_new) <= 0:
            return None
        variance = 0.0
        for pair in cells:
            spread = _spread(pair, is_share=isinstance(self.kpi.measure, Share))
            scale = (sum(one.total for one in pair) / sum(one.n for one in pair)) ** 2 if is_log else 1.0
            variance += math.fsum(
                spread / scale * effect / one.n for one, effect in zip(pair, found[0].rates, strict=True)
            )
        own, theirs = (
            (math.log(new / old), math.log(others_new / others_old)) if is_log else (new - old, others_new - others_old)
        )
        return Judgement(
            difference=own - theirs, error=math.sqrt(variance), freedom=found[1], is_log=is_log,
            rows=2 / (1 / group.old.n + 1 / group.new.n),
        )  # fmt: skip


def _added(strata: Sequence[Stratum]) -> Stratum:
    return Stratum(
        n=math.fsum(one.n for one in strata), total=math.fsum(one.total for one in strata),
        squares=math.fsum(one.squares for one in strata),
    )  # fmt: skip


def _spread(pair: Sequence[Stratum], *, is_share: bool) -> float:
    """The variance of one row of both sides; of a share with one success and one failure more, so that it is never 0."""
    both = _added(pair)
    if is_share:
        share = (both.total + 1) / (both.n + 2)
        return share * (1 - share)
    return max(both.squares - both.total**2 / both.n, 0.0) / max(both.n - 1, 1.0)
