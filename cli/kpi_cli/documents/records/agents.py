"""Load against outcome, and teams or agents, for programs. Shares are 0..1."""

from typing import Any

from kpi_cli.documents.records import report as results
from kpi_core.analysis.agents.answer import Agents, UnitOutcome
from kpi_core.messages import records as messages

Record = dict[str, Any]


def document(found: Agents) -> Record:
    """All there is, with its keys in their fixed order."""
    units, load = found.units, found.load
    linked = load.together
    return {
        **results.heading(found.report),
        "sources": [results.source(one) for one in found.report.sources],
        "kpi": found.kpi.name,
        "definition": found.kpi.definition,
        "level": found.level.value,
        "value": found.value,
        "n": found.n,
        "finding": units.likeness.value,
        "load_is_linked": load.is_linked if linked is not None else None,
        "load_makes_worse": load.makes_worse(found.kpi.better) if linked is not None else None,
        "units_refused": None if units.reason is None else str(units.reason),
        "units_refused_message": None if units.reason is None else messages.record(units.reason),
        "units": [_unit(one) for one in units.shown],
        "case_mix": list(units.mix),
        "overall": units.overall,
        "rows": units.rows,
        "comparable_rows": units.comparable,
        "hidden": units.hidden,
        "hidden_rows": units.hidden_rows,
        "without_comparison": units.alone,
        "unassigned_rows": units.unassigned,
        "automatic_agents": len(found.automatic),
        "p_alike": units.even,
        "phi": None if units.spread is None else units.spread.phi,
        "between_variance": None if units.spread is None else units.spread.between,
        "phi_corrected": None if units.whole_spread is None else units.whole_spread.phi,
        "between_variance_corrected": None if units.whole_spread is None else units.whole_spread.between,
        "limits_allow_for_spread": units.has_allowance,
        "load": None if linked is None else {
            "r": linked.r, "p": linked.p, "change_per_ticket": linked.slope, "low": linked.low, "high": linked.high,
            "weeks": linked.n, "independent_weeks": linked.worth,
        },
        "load_refused": None if load.reason is None else str(load.reason),
        "load_refused_message": None if load.reason is None else messages.record(load.reason),
        "weeks": [
            {"period": results.span(one.period), "tickets_per_agent": one.load, "value": one.outcome} for one in load.weeks
        ],
        "consent": None if found.consent is None else {
            "purpose": found.consent.purpose, "discussed_with": found.consent.discussed_with, "informed": found.consent.informed,
            "review_by": found.consent.review_by.isoformat(), "is_overdue": found.is_overdue,
        },
        "is_pseudonymous": found.is_pseudonymous,
        "findings": results.findings(found.report),
    }  # fmt: skip


def _unit(one: UnitOutcome) -> Record:
    """One team or agent: its place among the others stands nowhere."""
    return {
        "name": one.name, "rows": one.rows, "n": one.n, "value": one.observed, "expected": one.expected, "adjusted": one.shrunken,
        "low_95": one.inner[0], "high_95": one.inner[1], "low_998": one.outer[0], "high_998": one.outer[1], "standing": one.standing.value,
        "beyond_chance": one.stands,
    }  # fmt: skip
