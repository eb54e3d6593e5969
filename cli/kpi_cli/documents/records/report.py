"""The report for programs: stable keys, values never localised, null for no value."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kpi_cli.documents.records.responses import responses
from kpi_core.messages import records
from kpi_core.messages.message import Message
from kpi_core.model.estimates import HIDDEN, Estimate
from kpi_core.model.findings import Source
from kpi_core.model.kpi import Unit
from kpi_core.model.periods import Period
from kpi_core.model.report import Change, KpiResult, Query, Report, Substitution, Trust
from kpi_core.model.service_levels import Promised
from kpi_core.model.stocks_and_survival import Survived

Record = dict[str, Any]


def document(report: Report) -> Record:
    """The whole report with its keys in their fixed order."""
    return {
        **heading(report),
        "sources": [source(one) for one in report.sources],
        "results": [result(one, report.query) for one in report.results],
        "unavailable": unavailable(report),
        "findings": findings(report),
        "responses": [responses(one, report.query) for one in report.spreads],
        "families": [
            {"by": one.dimension or None, "headline": one.is_headline, "questions": one.questions, "q": round(one.q, 6)}
            for one in report.families
        ],
    }


def lines(report: Report) -> Iterator[Record]:
    """The same as one object a line: the question and its sources, then every result."""
    yield {"type": "query", **heading(report), "sources": [source(one) for one in report.sources]}
    yield from ({"type": "result", **result(one, report.query)} for one in report.results)
    yield from ({"type": "unavailable", **one} for one in unavailable(report))
    yield from ({"type": "finding", **one} for one in findings(report))
    yield from ({"type": "responses", **responses(one, report.query)} for one in report.spreads)


def heading(report: Report) -> Record:
    """When the report was made, and from which question."""
    query = report.query
    return {
        "generated_at": _stamp(report.generated_at),
        "query": {
            "period": span(query.period),
            "baseline": None if query.baseline is None else span(query.baseline),
            "grain": query.grain.value,
            "by": list(query.by),
            "where": query.where,
            "as_of": instant(query),
            "time_zone": query.time_zone,
            "calendar": query.calendar,
            "sla": [
                {"promise": what, "among": dict(promise.among), "within": promise.within}
                for what, promises in query.promises.items()
                for promise in promises
            ],
            "confidence": query.confidence,
        },
    }


def of_one(report: Report, result: KpiResult) -> Record:
    """What an answer about one KPI begins with: what was asked, the files, and the KPI's value."""
    return {
        **heading(report),
        "sources": [source(one) for one in report.sources],
        "kpi": result.kpi.name,
        "value": number(result.estimate.value, result.kpi.unit),
        "unit": result.kpi.unit.value,
    }


def source(one: Source) -> Record:
    """One file read as one table."""
    return {
        "path": one.path,
        "sha256": one.sha256,
        "mapping": one.mapping,
        "table": one.table,
        "rows_read": one.rows_read,
        "rows_used": one.rows_used,
        "rows_refused": {str(reason): rows for reason, rows in one.rows_refused.items()},
        "notes": [str(note) for note in one.notes],
    }


def result(one: KpiResult, query: Query) -> Record:
    """One KPI in one period and group. A suppressed one keeps its keys and loses its numbers."""
    unit = one.kpi.unit
    shown = None if one.suppressed else one.estimate
    change = one.change if one.change and shown else Change(value=None)
    above, below = _fraction(one) if shown else (None, None)
    record: Record = {
        "kpi": one.kpi.name,
        "definition": one.kpi.definition,
        "period": span(one.period),
        "group": dict(one.group),
        "value": number(shown.value if shown else None, unit),
        "unit": unit.value,
        "currency": one.kpi.currency,
        "n": shown.n if shown else None,
        "numerator": above,
        "denominator": below,
        "low": number(shown.ends[0] if shown else None, unit),
        "high": number(shown.ends[1] if shown else None, unit),
        "design_effect": None if one.design_effect is None or not shown else round(one.design_effect, 4),
        "beyond": number(shown.parts.beyond if shown else None, unit),
        "naive": _naive(one),
        "judged": _judged(one),
        "final": one.immature is None and not one.is_cut_off if shown else None,
        "final_at": moment(one.immature.final_at, query) if one.immature and shown else None,
        "newest_final": _newest_final(one),
        "baseline": _baseline(one),
        "change": number(change.value, unit),
        "change_low": number(change.low, unit),
        "change_high": number(change.high, unit),
        "change_calendar": number(change.calendar, unit),
        "change_detectable": number(change.detectable, unit),
        "rows_needed": change.needed,
        "verdict": one.verdict.value if one.verdict and shown else None,
        "target": _target(one),
        "trust": _trust(one.trust),
        "substitutions": [] if one.suppressed else [_substitution(each) for each in one.substitutions],
        "notes": [*map(str, one.notes), *(f"{count} left out: {reason}" for reason, count in one.excluded.items())],
        "note_messages": [
            *map(records.record, one.notes),
            *(
                records.record(Message("rows-left-out", count=count, reason=reason))
                for reason, count in one.excluded.items()
            ),
        ],
    }
    if one.trend:
        record["trend"] = _trend(one, query)
    if one.suppressed:
        record["suppressed"] = True
    return record


def unavailable(report: Report) -> list[Record]:
    """The KPIs the files cannot feed."""
    return [{"kpi": one.kpi.name, "needs": [*map(str, one.needs)]} for one in report.unavailable]


def findings(report: Report) -> list[Record]:
    """What a reader must know before trusting a number."""
    return [
        {
            "code": one.code,
            "text": one.text,
            **records.record(one.message),
            "kpis": list(one.kpis),
            "serious": one.is_serious,
            "consequence": one.consequence.value,
        }
        for one in report.findings
    ]


def span(period: Period) -> Record:
    """Start and exclusive end as ISO days, null for everything."""
    return {
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat() if period.end else None,
    }


def instant(query: Query) -> str | None:
    """`as_of` as ISO text."""
    return None if query.as_of is None else moment(query.as_of, query)


def moment(at: datetime, query: Query) -> str:
    """An instant as ISO text: with `Z` where the zone is known, bare where only the wall clock is."""
    return at.isoformat() if at.tzinfo is None and query.time_zone is None else _stamp(at)


def _stamp(moment: datetime) -> str:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def number(x: float | None, unit: Unit) -> float | int | None:
    """A value as programs get it: in the unit outside, null for none."""
    shown = unit.outside(x)
    if shown is None or not math.isfinite(shown):
        return None
    if unit is Unit.COUNT and float(shown).is_integer():
        return int(shown)
    return round(shown, 10) if unit is Unit.POINTS else shown


def _fraction(one: KpiResult) -> tuple[float | None, float | None]:
    """What was divided by what: the rows of a share, the two parts of a ratio; nothing for the rest."""
    above, below = one.estimate.parts.fraction or (None, None)
    return _plain(above), _plain(below)


def _plain(x: float | None) -> float | int | None:
    return int(x) if x is not None and float(x).is_integer() else x


def _baseline(one: KpiResult) -> Record | None:
    if one.baseline is None or one.suppressed:
        return None
    return figures(one.baseline, one.kpi.unit)


def _naive(one: KpiResult) -> Record | None:
    """What the finished cases alone say: how far off, and how many are not finished, or were opened before the period."""
    parts, unit = one.estimate.parts, one.kpi.unit
    if not isinstance(parts, Survived) or one.suppressed:
        return None
    naive, value = parts.naive, one.estimate.value
    difference = None if naive is None or value is None else naive - value
    return {
        "value": number(naive, unit),
        "n": parts.finished,
        "difference": number(difference, unit),
        "unfinished": parts.unfinished,
        "opened_before": parts.late,
    }


def _judged(one: KpiResult) -> Record | None:
    """Promises met, broken, and open so that they may still be either."""
    parts = one.estimate.parts
    if not isinstance(parts, Promised) or one.suppressed:
        return None
    met = _plain(parts.k) or 0
    return {"met": met, "breached": one.estimate.n - met, "pending": parts.pending}


def _newest_final(one: KpiResult) -> Record | None:
    """The newest period whose value is final, given with one that is not."""
    if one.immature is None or one.immature.newest is None or one.immature.estimate is None or one.suppressed:
        return None
    return {"period": span(one.immature.newest), **figures(one.immature.estimate, one.kpi.unit)}


def figures(found: Estimate, unit: Unit) -> Record:
    """A value with its number of rows and its interval."""
    return {
        "value": number(found.value, unit),
        "n": found.n,
        "low": number(found.ends[0], unit),
        "high": number(found.ends[1], unit),
    }


def _trust(trust: Trust | None) -> Record | None:
    """The share of the rows understood, the rows that were not, and why; null where all of them were."""
    if trust is None:
        return None
    return {
        "share": round(trust.share, 10),
        "unread": trust.unread,
        "of": trust.of,
        "refused": trust.refused,
        "read": trust.read,
        "marked": trust.is_marked,
        "reasons": {str(reason): count for reason, count in trust.reasons.items()},
    }


def _substitution(one: Substitution) -> Record:
    return {"column": str(one.column), "stand_in": str(one.stand_in), "rows": one.rows, "of": one.of}


def _target(one: KpiResult) -> Record | None:
    if one.target is None:
        return None
    status = None if one.suppressed else one.target.status.value
    return {"value": number(one.target.value, one.kpi.unit), "status": status}


def _trend(one: KpiResult, query: Query) -> list[Record]:
    return [
        {
            "period": span(period),
            "value": number(estimate.value, one.kpi.unit),
            "n": None if estimate == HIDDEN else estimate.n,
            "final": one.final is None or place < one.final,
            **({"suppressed": True} if estimate == HIDDEN else {}),
        }
        for place, (period, estimate) in enumerate(zip(query.trend, one.trend, strict=True))
    ]
