"""Where targets stand, for programs. Values are as a report's: shares 0..1, NPS in points, times in seconds."""

from collections.abc import Sequence
from typing import Any

from kpi_cli.documents.records import report as records
from kpi_core.analysis.goals.answer import Gap, Pace, Standing, Targets
from kpi_core.analysis.goals.ledger import Entry
from kpi_core.messages import records as messages
from kpi_core.model.kpi import Unit

Record = dict[str, Any]
PACE = (
    "state",
    "start",
    "line",
    "by_line",
    "by_trend",
    "trend_periods",
    "at_deadline",
    "at_deadline_low",
    "at_deadline_high",
)
"""What is known of a pace."""
ACTION = (
    "id", "uid", "state", "kpi", "segment", "reason", "signal", "was", "unit", "value", "target", "gap", "gap_rows", "driver", "action", "owner",
    "due",
)  # fmt: skip
"""What there is of an action."""


def document(found: Targets, entries: Sequence[Entry], lang: str) -> Record:
    """All there is, with its keys in their fixed order."""
    return {
        **records.heading(found.report),
        "sources": [records.source(one) for one in found.report.sources],
        "counts": {state.value: count for state, count in found.counts.items()},
        "targets": [standing(one, found) for one in found.standings],
        "contradictions": [{"text": str(one), **messages.record(one)} for one in found.contradictions],
        "actions": [action(one, None, lang) for one in entries],
        "findings": records.findings(found.report),
    }


def standing(one: Standing, found: Targets) -> Record:
    """One target."""
    estimate = None if one.result is None or one.result.suppressed else one.result.estimate
    goal, unit, chart = one.goal, one.kpi.unit, None if one.trend is None else one.trend.chart
    return {
        "kpi": one.kpi.name,
        "definition": one.kpi.definition,
        "unit": unit.value,
        "currency": one.kpi.currency,
        "segment": None if goal.segment is None else "=".join(goal.segment),
        "target": records.number(goal.value, unit),
        "better": one.kpi.better.value,
        "deadline": None if goal.deadline is None else goal.deadline.isoformat(),
        "since": None if goal.since is None else goal.since.isoformat(),
        "start": records.number(goal.start, unit),
        "owner": goal.owner or None,
        "value": None if estimate is None else records.number(estimate.value, unit),
        "n": None if estimate is None else estimate.n,
        "low": None if estimate is None else records.number(estimate.low, unit),
        "high": None if estimate is None else records.number(estimate.high, unit),
        "state": one.state.value,
        "why": None if one.why is None else str(one.why),
        "why_message": None if one.why is None else messages.record(one.why),
        "result": None if one.result is None else records.result(one.result, found.query),
        "gap": _gap(one.gap, unit),
        "pace": _pace(one.pace, unit),
        "assurance": None if one.assurance is None else one.assurance.value,
        "limits": None
        if chart is None
        else [records.number(chart.lows[-1], unit), records.number(chart.highs[-1], unit)],
        "bad_signals": one.signals,
        "needs": [str(need) for need in one.needs],
        "lacks": list(one.lacks),
    }


def flat(one: Record) -> Record:
    """A target as a row, with the same columns whatever is known of it."""
    gap, pace, limits = one["gap"] or {}, one["pace"] or {}, one["limits"] or (None, None)
    nested = ("result", "why_message", "gap", "pace", "limits")
    return {
        **{key: value for key, value in one.items() if key not in nested}, "gap": gap.get("value"), "gap_rows": gap.get("rows"),
        **{f"pace_{key}": pace.get(key) for key in PACE}, "limit_low": limits[0], "limit_high": limits[1],
    }  # fmt: skip


def _gap(gap: Gap | None, unit: Unit) -> Record | None:
    if gap is None:
        return None
    return {
        "value": records.number(gap.value, unit),
        "rows": gap.rows,
        "text": None if gap.message is None else str(gap.message),
    }


def _pace(pace: Pace | None, unit: Unit) -> Record | None:
    if pace is None:
        return None
    ahead = pace.ahead
    return {
        "state": pace.state.value, "start": records.number(pace.start, unit), "line": records.number(pace.due, unit), "by_line": pace.by_line,
        "by_trend": pace.by_trend, "trend_periods": pace.recent, "at_deadline": None if ahead is None else records.number(ahead.value, unit),
        "at_deadline_low": None if ahead is None else records.number(ahead.low, unit),
        "at_deadline_high": None if ahead is None else records.number(ahead.high, unit),
    }  # fmt: skip


def action(one: Entry, state: str | None, lang: str) -> Record:
    """An action for programs; only what is suggested is in a language."""
    return {
        "id": one.id, "uid": one.uid, "state": state, "kpi": one.kpi, "segment": None if one.segment is None else "=".join(one.segment),
        "reason": one.reason, "signal": one.signal, "was": records.number(one.was, one.unit), "unit": one.unit.value, "value": records.number(one.value, one.unit),
        "target": records.number(one.target, one.unit), "gap": records.number(one.gap, one.unit), "gap_rows": one.rows,
        "driver": None if one.driver is None else "=".join(one.driver), "action": one.suggestion.get(lang) or next(iter(one.suggestion.values())),
        "owner": one.owner or None, "due": one.due.isoformat(),
    }  # fmt: skip
