"""What findings and rows that were not understood mean for results: no comparison, or no value at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kpi_core.analysis.changes.questions import FLOW, question_of
from kpi_core.analysis.notes.dates.assumed_zones import ASSUMED_ZONE
from kpi_core.analysis.notes.dates.calendar_zones import CALENDAR_ZONE
from kpi_core.analysis.notes.dates.days_only import DAYS_ONLY, WHOLE_DAYS
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.report import KpiResult, Query
from kpi_core.quality.lists.chosen_rows import UNJUDGED

DAY_SECONDS = 86_400
NO_VALUE = "no-value"
"""The key of why a result is withheld."""
REPEATED = "repeated-respondents"
SHOWN_WITH_TOTALS = frozenset(
    {
        ASSUMED_ZONE,
        CALENDAR_ZONE,
        "approximate-times",
        "cancelled-tickets",
        "contradicted-times",
        "cut-off-numbers",
        "conversations",
        "undated-rows",
        "due-before-created",
        "far-behind",
        "filled-in",
        "minutes-and-seconds",
        "minutes-as-decimals",
        "copied-rows",
        "kind-of-costs",
        "marked-rows",
        "merged-or-spam",
        "selected-export",
        "split-answers",
        "negative-costs",
        "negative-time",
        "net-amount",
        "other-opening",
        "placeholder-customer",
        "repeated-keys",
        "unpaid-orders",
        "unit-price",
        "resolved-undated",
        "test-customers",
        "ticket-match",
        "several-contracts",
        "survey-reach",
        "several-currencies",
        "told-by-name",
        "unknown-message-kinds",
        "unknown-writers",
        "zero-replies",
        DAYS_ONLY,
        WHOLE_DAYS,
    }
)
"""Findings that are shown with the totals they touch too, even where nothing follows from them."""


def with_consequences(
    results: Iterable[KpiResult], findings: Sequence[Finding], query: Query | None = None
) -> list[KpiResult]:
    """The results without the comparisons and values that findings or their own trust rule out, with the reason in a note.

    Comes before the verdicts, so that what is not compared is in no family of tests. What a finding says of the groups of a
    dimension holds for all results where the condition of the query picks rows by it; what it says of some days, for periods with some of them.
    """
    weighty = [
        one
        for one in findings
        if one.kpis and (one.consequence is not Consequence.NOTED or one.code in SHOWN_WITH_TOTALS)
    ]
    if query is not None:
        weighty = [clipped for one in weighty if (clipped := _within(one, query)) is not None]
    picked = set(re.findall(r"\w+", (query and query.where) or ""))
    weighty = [replace(one, by="") if one.by in picked and not one.group else one for one in weighty]
    return [_judged(_trusted(result), weighty) for result in results]


def _within(finding: Finding, query: Query) -> Finding | None:
    """The finding with what follows from it in the periods of the query: of the baseline alone no comparison, of neither nothing."""
    if finding.touches(query.period):
        return finding
    if query.baseline is None or not finding.touches(query.baseline) or finding.consequence is Consequence.NOTED:
        return None
    return replace(finding, consequence=Consequence.NO_VERDICT)


def _judged(result: KpiResult, findings: Sequence[Finding]) -> KpiResult:
    for finding in findings:
        if result.suppressed or not finding.is_of(result.group):
            continue
        if not finding.concerns(result.kpi) and not _concerns_twin(finding, result.kpi):
            continue
        if finding.consequence is Consequence.NO_VALUE and finding.concerns(result.kpi):
            result = withheld(result, Message("no-value", why=finding.message))
        elif finding.code == WHOLE_DAYS and _is_within_a_day(result):
            result = withheld(result, Message("no-value", why=Message("within-a-day", why=finding.message)))
        elif finding.consequence is Consequence.NOTED:
            result = result if result.group else replace(result, notes=_noted(result, finding.message))
        else:
            result = uncompared(result, finding.message)
            is_of_rows = finding.message.key in UNJUDGED or finding.code == REPEATED
            is_of_rows = is_of_rows and finding.touches(result.period)
            result = replace(result, unjudged=result.unjudged or finding.message) if is_of_rows else result
    return result


def _concerns_twin(finding: Finding, kpi: Kpi) -> bool:
    """Whether a finding rules out the comparison of a KPI that is judged by the same test: then there is no answer for any of them."""
    question = question_of(kpi)
    if question.name != FLOW or finding.consequence is Consequence.NOTED:
        return False
    return any(finding.concerns(BY_NAME[name]) for name in question.kpis)


def _is_within_a_day(result: KpiResult) -> bool:
    value = result.estimate.value
    return result.kpi.unit is Unit.SECONDS and value is not None and value < DAY_SECONDS


def _trusted(result: KpiResult) -> KpiResult:
    """Without a value where most of its rows were not understood."""
    if result.trust is None or result.suppressed or not result.trust.is_withheld:
        return result
    return withheld(result, Message("no-value", why=Message("mostly-unread")))


def withheld(result: KpiResult, reason: Message) -> KpiResult:
    """The result without any number but how many rows it would rest on."""
    return replace(
        result, estimate=Estimate(value=None, n=result.estimate.n), baseline=None, change=None, verdict=None, target=None,
        trend=(), final=None, immature=None, excluded={}, notes=_noted(result, reason), barred=reason,
    )  # fmt: skip


def uncompared(result: KpiResult, reason: Message) -> KpiResult:
    """The result without a change against its baseline."""
    why = Message("not-compared", why=reason)
    return replace(result, change=None, verdict=None, notes=_noted(result, why), barred=result.barred or why)


def _noted(result: KpiResult, note: Message) -> tuple[Message, ...]:
    return result.notes if note in result.notes else (*result.notes, note)
