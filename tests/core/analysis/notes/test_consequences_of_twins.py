"""Guards: KPIs that one test judges, of which some are compared and others are not: twins have one answer."""

import pytest

from kpi_core.analysis.notes.consequences import with_consequences
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import parse_period
from kpi_core.model.report import Answer, Change, KpiResult

FLOW = ("net_flow", "backlog", "backlog_days", "resolution_rate")


def compared(name: str) -> KpiResult:
    change = Change(value=0.1, answer=Answer(question="flow", p=0.01, rises=True))
    return KpiResult(kpi=BY_NAME[name], period=parse_period("2026-09", None), group={}, estimate=Estimate(value=1.0, n=90), change=change)  # fmt: skip


def found(consequence: Consequence, *kpis: str, by: str = "") -> Finding:
    return Finding(code="some", message=Message("snapshots-later"), kpis=kpis, consequence=consequence, by=by)


@pytest.mark.parametrize("named", [*FLOW, "backlog*", "resolution_rate*"])
@pytest.mark.parametrize("consequence", [Consequence.NO_VERDICT, Consequence.NO_VALUE])
def test_what_rules_out_one_of_the_flow_rules_out_the_verdict_of_all(named: str, consequence: Consequence) -> None:
    results = with_consequences([compared(name) for name in (*FLOW, "tickets_created")], [found(consequence, named)])
    assert [one.change is None for one in results] == [True, True, True, True, False]
    withheld = {one.kpi.name for one in results if one.estimate.value is None}
    assert withheld == (
        {name for name in FLOW if found(consequence, named).concerns(BY_NAME[name])}
        if consequence is Consequence.NO_VALUE
        else set()
    ), "a value goes only where it is wrong itself"


def test_a_note_and_what_is_of_groups_alone_rules_out_nothing() -> None:
    results = with_consequences(
        [compared(name) for name in FLOW],
        [found(Consequence.NOTED, "backlog"), found(Consequence.NO_VALUE, "backlog", by="channel")],
    )
    assert all(one.change for one in results)
