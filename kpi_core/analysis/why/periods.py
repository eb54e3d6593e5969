"""Why a KPI changed from one period to another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.changes.baselines import average
from kpi_core.analysis.changes.product_changes import PRODUCTS, factors
from kpi_core.analysis.privacy.small_groups import PRIVATE, called
from kpi_core.analysis.report import Prepared, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.why.answer import REAL, Kind, Why
from kpi_core.analysis.why.days import Days
from kpi_core.analysis.why.dimensions import Dealt, dealt, ranked
from kpi_core.analysis.why.service import is_of_sales
from kpi_core.analysis.why.service import service as by_week
from kpi_core.analysis.why.strata import cells, groups
from kpi_core.analysis.why.within import within
from kpi_core.engine.compute import Engine
from kpi_core.errors import DefinitionError
from kpi_core.facts import joined
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.goal import Goal, goals_for
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import (
    Count,
    Difference,
    Index,
    Kept,
    Mean,
    NetShare,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.model.stocks_and_survival import StockAge, StockDays

CANDIDATES = ("type", "group", "channel", "product", "priority", "segment", "country", "platform", "language", "survey")
"""The dimensions looked at where none is named: none of them names people."""
MOST_GROUPS = 24
"""Groups beyond which a dimension is not looked at unasked: each would be few rows."""
COMPANIONS = (
    "tickets_created", "first_reply_time", "resolution_time", "fcr_one_touch", "reopen_rate", "csat", "handle_time", "backlog",
    "answer_rate",
)  # fmt: skip
"""What is looked at for having moved in the same time: the service, not what it led to."""
LOAD = "tickets_per_agent"
"""How much there is to do for each, which is shown with figures of what was done: is it load, or some teams' outcome?"""
OF_SERVICE = ("tickets", "answers")


def why(dataset: Dataset, request: Request, *, companions: bool = True) -> Why:
    """Why the KPI of a request changed from its baseline to its period.

    Args:
        dataset: the files, read; the candidates' columns too where the request names no dimension.
        request: its one KPI, period, baseline and condition count; `by` are the dimensions to look at, all usual ones where empty. Of a
            time a target is the limit that its rows are counted within.
        companions: whether it is looked at which other KPIs changed in the same time.

    Raises:
        DefinitionError: the request has another number of KPIs than one, or no baseline.
    """
    if len(request.kpis) != 1:
        raise DefinitionError("one KPI at a time has its change explained", where="why")
    (kpi,) = request.kpis
    by = request.by or candidates(dataset, kpi)
    service = _service(kpi) if companions else []
    prepared = prepare(dataset, replace(request, by=by, kpis=(kpi, *_factors(kpi), *service)))
    if prepared.query.baseline is None:
        raise DefinitionError(
            "there is no period to compare with", where="--period", hint="name a month, a quarter or a span of days"
        )
    found = explained(prepared, kpi, service)
    if not companions or found.refused is not None or not is_of_sales(kpi):
        return found
    return replace(found, service=by_week(dataset, request, found.query, service))


def looked_up(request: Request, also: Sequence[str] = ()) -> Request:
    """The request with all that is looked at for it, so that its columns are read; `also` are further dimensions."""
    by = (*(request.by or CANDIDATES), *also)
    kpis = [one for kpi in request.kpis for one in (kpi, *_factors(kpi), *_service(kpi))]
    return replace(request, by=by, kpis=tuple(kpis))


def _factors(kpi: Kpi) -> list[Kpi]:
    """What a KPI is the product of."""
    return [BY_NAME[name] for name in PRODUCTS.get(kpi.known_as, ())]


def _service(kpi: Kpi) -> list[Kpi]:
    """The service KPIs that are looked at along with a KPI."""
    companions = (*COMPANIONS, LOAD) if kpi.table in OF_SERVICE else COMPANIONS
    return [BY_NAME[name] for name in companions if name != kpi.name]


def explained(prepared: Prepared, kpi: Kpi, service: Sequence[Kpi]) -> Why:
    """The answer to a request that is prepared."""
    forms = [one for one in prepared.kpis if one.name == kpi.name]
    refused, limit = unfit(prepared, forms), None
    shown = forms[0] if len(forms) == 1 else kpi
    if refused is None and isinstance(shown.measure, Quantile):
        limit = _limit(prepared, shown)
        if limit is None:
            refused = Message("why-no-old-value")
        else:
            shown = within(shown, limit)
            prepared = with_one_more(prepared, shown)
    report = report_on(replace(prepared, kpis=[shown] if refused is None else forms))
    result = next((one for one in report.totals if one.kpi.name == shown.name), None)
    refused = refused or _barred(result)
    kind = Kind.AMOUNTS if isinstance(shown.measure, Count | Sum | Difference | Stock) else Kind.RATES
    found = Why(asked=kpi, report=report, result=result, kind=kind, skipped={}, limit=limit, refused=refused)
    if refused is not None or result is None:
        return found
    looked_at = [one for one in prepared.kpis if one in service and one.name != LOAD]
    heads = [one for one in prepared.kpis if one in service and one.name == LOAD]
    totals = _totals(prepared, [*looked_at, *heads, *([] if limit is None else forms)])
    quantile = None if limit is None else next((one for one in totals if one.kpi in forms), None)
    if quantile is not None and quantile.verdict not in REAL:
        result = replace(result, verdict=quantile.verdict)  # what stands for it is no surer than itself
    dimensions, skipped = _dealt(prepared, report, result, kind)
    old, new = cells(report.query)
    is_one_step = len(report.query.baseline.steps_like(report.query.period)) < 2 if report.query.baseline else True
    return replace(
        found, result=result, quantile=quantile, looked_at=tuple(looked_at), skipped=skipped,
        dimensions=ranked(dimensions, kind, 1 - prepared.request.confidence),
        factors=tuple(factors(shown, prepared.engine, new, old)) if is_one_step else (),
        meanwhile=tuple(one for one in totals if one.kpi in looked_at and one.verdict in REAL),
        load=next((one for one in totals if one.kpi in heads and not one.suppressed), None),
    )  # fmt: skip


def candidates(dataset: Dataset, kpi: Kpi) -> tuple[str, ...]:
    """The usual dimensions that the KPI's table knows, of two groups to as many as are looked at."""
    frame = joined(dataset.tables).get(kpi.table)
    if frame is None:
        return ()
    present = [name for name in CANDIDATES if name in frame.columns]
    sizes = frame.select(pl.col(name).drop_nulls().n_unique() for name in present).row(0) if present else ()
    return tuple(name for name, size in zip(present, sizes, strict=True) if 2 <= size <= MOST_GROUPS)


def unfit(prepared: Prepared, forms: Sequence[Kpi]) -> Message | None:
    """Why a KPI has no answer whatever its values."""
    if not forms:
        lacking = prepared.unavailable[0].needs if prepared.unavailable else ()
        return Message("why-unavailable", needs=lacking)
    if len(forms) > 1:
        return Message("why-currencies", currencies=[one.currency or "" for one in forms])
    measure = forms[0].measure
    if isinstance(measure, Survival):
        return Message("why-of-curves")
    additive = (Share, NetShare, Mean, Index, Kept, Repeated, Ratio, Count, Sum, Difference, Stock, Quantile)
    if not isinstance(measure, additive) or isinstance(measure, StockAge | StockDays):
        return Message("why-no-parts")
    return None


def _limit(prepared: Prepared, kpi: Kpi) -> float | None:
    """The limit that stands in for a quantile: its target, else its value before."""
    query = prepared.query
    assert query.baseline is not None
    steps = query.baseline.steps_like(query.period)
    before = average(prepared.engine, kpi, cells(query)[0], steps, query.baseline)
    return limit_of(goals_for(prepared.request.targets.get(kpi.name, ()), {}), before)


def limit_of(goals: Sequence[Goal], before: Estimate) -> float | None:
    """A target, else the value before."""
    return goals[0].value if goals else before.value


def with_one_more(prepared: Prepared, kpi: Kpi) -> Prepared:
    """The same facts asked of one KPI more."""
    old = prepared.engine
    engine = Engine(
        tables=old.tables, clock=old.clock, dimensions=old.dimensions, periods=old.periods, confidence=old.confidence,
        kpis=[kpi, *old.kpis], covered=old.covered,
    )  # fmt: skip
    return replace(prepared, engine=engine, kpis=[kpi, *prepared.kpis])


def _barred(result: KpiResult | None) -> Message | None:
    """Why a result's change is not dealt out: the reason for which the report does not compare it."""
    if result is None:
        return Message("why-no-value")
    if result.suppressed:
        return Message("why-hidden")
    if result.barred is not None:
        return result.barred
    if result.estimate.value is None:
        return Message("why-no-value")
    if result.baseline is None or result.baseline.value is None or result.change is None:
        return Message("why-no-baseline")
    return None


def _dealt(
    prepared: Prepared, report: Report, result: KpiResult, kind: Kind
) -> tuple[list[Dealt], Mapping[str, Message]]:
    """The change by each dimension, and why some cannot be looked at; of what is not tested in all no part is."""
    is_tested = result.verdict is not Verdict.NOT_TESTED
    calendar = prepared.request.rules.calendar
    days = Days(engine=prepared.engine, query=report.query, kpi=result.kpi, calendar=calendar) if is_tested else None
    found, skipped = [], {}
    for name in prepared.request.by:
        segments = groups(report, prepared.engine, result, name, is_amount=kind is Kind.AMOUNTS)
        if isinstance(segments, list):
            split = dealt(name, segments, kind, days, prepared.request.confidence)
            found.append(replace(split, is_of_people=is_of_people(prepared.dataset, name)))
        else:
            skipped[name] = segments
    return found, skipped


def is_of_people(dataset: Dataset, dimension: str) -> bool:
    """Whether the groups of a dimension are people."""
    return dimension.casefold() in called(dataset, PRIVATE)


def _totals(prepared: Prepared, kpis: Sequence[Kpi]) -> tuple[KpiResult, ...]:
    """The totals of some KPIs, judged among themselves."""
    if not kpis:
        return ()
    query, request = replace(prepared.query, by=()), replace(prepared.request, by=())
    return report_on(replace(prepared, request=request, query=query, kpis=list(kpis))).totals
