"""Why a KPI moved, for programs. Values are in the inside units of the KPI (shares 0..1, NPS in points, seconds)."""

from typing import Any

from kpi_cli.documents.records import report as results
from kpi_core.analysis.changes.product_changes import Factor
from kpi_core.analysis.why.answer import Bounds, Dimension, Segment, Why
from kpi_core.analysis.why.service import Service
from kpi_core.messages import records as messages
from kpi_core.model.kpi import Unit

Record = dict[str, Any]


def document(found: Why) -> Record:
    """All there is, with its keys in their fixed order."""
    result = found.result
    unit = found.asked.unit if result is None else result.kpi.unit
    return {
        **results.heading(found.report),
        "kpi": found.asked.name,
        "sides": None if found.sides is None else list(found.sides),
        "refused": None if found.refused is None else str(found.refused),
        "refused_message": None if found.refused is None else messages.record(found.refused),
        "is_real": found.is_real,
        "kind": found.kind.value,
        "within": found.limit,
        "result": None if result is None else results.result(result, found.query),
        "quantile": None if found.quantile is None else results.result(found.quantile, found.query),
        "dimensions": [
            dimension(one, unit, is_first=place == 0, has_mix=found.has_mix)
            for place, one in enumerate(found.dimensions)
        ],
        "skipped": {name: str(reason) for name, reason in found.skipped.items()},
        "factors": [factor(one) for one in found.factors],
        "meanwhile": [results.result(one, found.query) for one in found.meanwhile],
        "looked_at": [one.name for one in found.looked_at],
        "load": None if found.load is None else results.result(found.load, found.query),
        "service": None if found.service is None else _service(found.service),
    }


def _service(found: Service) -> Record:
    """What the service did week by week, in the days of both periods."""
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "looked_at": [one.name for one in found.looked_at],
        "expected_false_signals": round(found.expected_false, 3),
        "signals": [
            {
                "kpi": one.kpi.name, "rule": one.rule.value, "from": results.span(one.first), "to": results.span(one.last),
                "value": results.number(one.value, one.kpi.unit), "low": results.number(one.low, one.kpi.unit),
                "high": results.number(one.high, one.kpi.unit), "is_better": one.is_better,
            }
            for one in found.signals
        ],
    }  # fmt: skip


def dimension(one: Dimension, unit: Unit, *, is_first: bool, has_mix: bool) -> Record:
    """One dimension: its mix and rate parts, and its segments."""
    against = one.against
    return {
        "dimension": one.name,
        "is_first": is_first,
        "stands_out": one.stands,
        "p": one.p,
        "displaced": unit.outside(one.displaced),
        "mix": _part(one.mix, one.mix_bounds, unit) if has_mix else None,
        "rate": _part(one.rate, one.rate_bounds, unit) if has_mix else None,
        "mix_stands_out": one.mix_stands,
        "against": None if against is None else {"segments": against[0], "of": against[1]},
        "segments": [segment(each, unit, has_mix=has_mix) for each in one.segments],
    }


def segment(one: Segment, unit: Unit, *, has_mix: bool) -> Record:
    """One segment before and after, and what it adds; of those with too few rows to be shown only what they add together."""
    unlike = one.unlike
    return {
        "group": one.name,
        "is_rest": one.is_rest,
        "before": None if one.is_rest else results.figures(one.old, unit),
        "after": None if one.is_rest else results.figures(one.new, unit),
        "share_before": one.weights[0],
        "share_after": one.weights[1],
        "mix": unit.outside(one.part.mix) if has_mix else None,
        "rate": unit.outside(one.part.rate) if has_mix else None,
        "sum": unit.outside(one.part.sum),
        "moved": one.moved,
        "unlike_the_others": None
        if unlike is None
        else {**_part(unlike.value, unlike.bounds, unit), "stands_out": unlike.stands},
    }


def factor(one: Factor) -> Record:
    """One factor of a product: before, after, and its part of the change in the product's unit."""
    return {"kpi": one.kpi.name, "before": one.old, "after": one.new, "part": one.part}


def _part(value: float, bounds: Bounds | None, unit: Unit) -> Record:
    return {
        "value": unit.outside(value),
        "low": None if bounds is None else unit.outside(bounds.low),
        "high": None if bounds is None else unit.outside(bounds.high),
        "p": None if bounds is None else bounds.p,
    }
