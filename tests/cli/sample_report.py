"""A made-up report of a small support team: everything an output must be able to show, and some spite.

October 2026 against September, split by group and agent: a suppressed agent, a group without a name, a
group whose name is a formula with markup and an escape sequence, a KPI without rows, one not yet mature.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from kpi_cli import outputs
from kpi_cli.documents.report import ReportDocument, View
from kpi_cli.documents.wording import Wording
from kpi_cli.terminal import Color
from kpi_core.analysis.changes.questions import question_of
from kpi_core.messages.message import Message
from kpi_core.model.estimates import EMPTY, NO_PARTS, Estimate, Portion
from kpi_core.model.findings import DUPLICATE, REFUSED_SCHEMA, Finding, Source
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Count, Division, Mean, Measure, Part, Ratio, Share
from kpi_core.model.periods import Grain, period_of, steps
from kpi_core.model.promise import Promise
from kpi_core.model.report import (
    Answer,
    Change,
    Family,
    Immature,
    KpiResult,
    Query,
    Report,
    Status,
    Target,
    Unavailable,
    Verdict,
)
from kpi_core.model.service_levels import Promised
from kpi_core.model.stocks_and_survival import Survived

HOSTILE = '=HYPERLINK("http://evil")[red]\x1b[31m|\u202e'
OCTOBER = period_of(date(2026, 10, 1), Grain.MONTH)
SEPTEMBER = period_of(date(2026, 9, 1), Grain.MONTH)
MONTHS = tuple(steps(date(2026, 3, 1), date(2026, 10, 31), Grain.MONTH))
HOUR = 3600.0
_ROWS = Count(pl.lit(True))
_MEASURES: dict[Unit, Measure] = {
    Unit.SHARE: Share(pl.col("score") == 1, pl.lit(True)),
    Unit.RATIO: Ratio(Part(_ROWS), Part(_ROWS)),
}


def kpi(name: str, subject: str, unit: Unit, better: Better, description: str, **more: object) -> Kpi:
    """A catalogue entry. Of its measure, outputs only ask whether it is a share or a ratio."""
    table, dated_by = ("answers", "answered_at") if subject == "survey" else ("tickets", "created_at")
    return Kpi(
        name=name,
        subject=subject,
        description=description,
        formula=str(more.pop("formula", description)),
        table=table,
        dated_by=str(more.pop("dated_by", dated_by)),
        measure=_MEASURES.get(unit, Mean(pl.col("score"))),
        unit=unit,
        better=better,
        worth_knowing=0.05,
        **more,  # type: ignore[arg-type]
    )


CREATED = kpi("tickets_created", "volume", Unit.COUNT, Better.NEITHER, "Tickets opened in the period.")
BACKLOG = kpi("backlog", "volume", Unit.COUNT, Better.LOWER, "Tickets open at the end of the period.")
PER_AGENT = kpi("tickets_per_agent", "volume", Unit.RATIO, Better.NEITHER, "Tickets ÷ agents who had any.")
FIRST_REPLY = kpi(
    "first_reply_time",
    "speed",
    Unit.SECONDS,
    Better.LOWER,
    "Opening to the first public reply by a human agent, median.",
    left_out="merged, spam and outbound tickets, those without a reply",
    reference="Zendesk: first reply time",
)
RESOLUTION = kpi(
    "resolution_time",
    "speed",
    Unit.SECONDS,
    Better.LOWER,
    "Opening to the last resolution, median.",
    dated_by="resolved_at",
    left_out="merged and spam tickets, negative durations",
)
HANDLE = kpi(
    "handle_time", "speed", Unit.SECONDS, Better.NEITHER, "Time spent on a ticket, mean.", dated_by="resolved_at"
)
COHORT = kpi(
    "resolution_rate_cohort",
    "quality",
    Unit.SHARE,
    Better.HIGHER,
    "Of the tickets opened in the period, those resolved within 7 days.",
    matures_after=timedelta(days=7),
)
FCR = kpi(
    "fcr_one_touch",
    "quality",
    Unit.SHARE,
    Better.HIGHER,
    "Resolved with exactly one public reply.",
    dated_by="resolved_at",
)
REOPEN = kpi("reopen_rate", "quality", Unit.SHARE, Better.LOWER, "Tickets opened again after a resolution.")
CSAT = kpi("csat", "survey", Unit.SHARE, Better.HIGHER, "Top boxes of the scale among those rated.", min_n=5)
NPS = kpi("nps", "survey", Unit.POINTS, Better.HIGHER, "Share of promoters less share of detractors.")
CES = kpi("ces", "survey", Unit.SCORE, Better.LOWER, "Mean effort on a scale from 1 to 5, lower is better.")
CONFIRMED = kpi("confirmed_resolution_rate", "quality", Unit.SHARE, Better.HIGHER, "Yes among those who answered.")
COMPLAINTS = kpi("complaint_resolution_rate", "quality", Unit.SHARE, Better.HIGHER, "Complaints resolved in time.")
WAIT = kpi("requester_wait_time", "speed", Unit.SECONDS, Better.LOWER, "Time the customer waited for us.")

UNFINISHED = kpi(
    "resolution_time_km", "speed", Unit.SECONDS, Better.LOWER, "Time to the resolution, open tickets counted, median."
)
SLA = kpi("sla_resolution_rate", "speed", Unit.SHARE, Better.HIGHER, "Resolved by the due time.")

IMMATURE = Message("not-final-before", when=date(2026, 11, 8))
NOT_REACHED = Message("not-reached", least=5)
VENDOR = Message("first-replies-unsorted")

_TRENDS: dict[str, tuple[float | None, ...]] = {
    "tickets_created": (604, 588, 631, 702, 655, 640, 668, 713),
    "backlog": (88, 92, 85, 120, 131, 118, 104, 97),
    "first_reply_time": tuple(hours * HOUR for hours in (5.2, 5.0, 4.6, 4.9, 4.1, 3.9, 4.4, 3.4)),
    "resolution_time": tuple(hours * HOUR for hours in (52.0, 50.5, 55.0, 61.2, 58.4, 49.9, 47.1, 46.3)),
    "handle_time": (None, None, 430, 445, 441, 428, 433, 437),
    "resolution_rate_cohort": (0.79, 0.8, 0.77, 0.74, 0.78, 0.81, 0.824, 0.69),
    "fcr_one_touch": (0.41, 0.43, 0.42, 0.39, 0.44, 0.45, 0.44, 0.47),
    "reopen_rate": (0.08, 0.07, 0.09, 0.085, 0.08, 0.075, 0.07, 0.094),
    "csat": (0.86, 0.84, 0.83, 0.81, 0.84, 0.86, 0.85, 0.81),
    "nps": (0.18, 0.21, None, 0.15, 0.19, 0.24, 0.28, 0.24),
}


def answered(kpi: Kpi, verdict: Verdict | None = Verdict.CANNOT_TELL) -> Answer | None:
    """The test that a verdict goes by; None where there is none."""
    if verdict in (None, Verdict.NOT_TESTED):
        return None
    return Answer(question=question_of(kpi).name, p=0.5, rises=True)


def total(
    kpi: Kpi,
    now: tuple[float, int, float | None, float | None],
    then: tuple[float, int] | None = None,
    change: tuple[float, float | None, float | None] | None = None,
    verdict: Verdict | None = None,
    target: Target | None = None,
    notes: tuple[str, ...] = (),
    excluded: dict[str, int] | None = None,
) -> KpiResult:
    """A total from (value, n, low, high), the baseline's (value, n) and the change's (value, low, high)."""
    value, n, low, high = now
    share, ratio = Portion(k=float(round(value * n)), of=n), Division(first=value * 12, second=12.0)
    parts = {Unit.SHARE: share, Unit.RATIO: ratio}.get(kpi.unit, NO_PARTS)
    return KpiResult(
        kpi=kpi,
        period=OCTOBER,
        group={},
        estimate=Estimate(value=value, n=n, low=low, high=high, parts=parts),
        baseline=Estimate(value=then[0], n=then[1]) if then else None,
        change=Change(value=change[0], low=change[1], high=change[2], answer=answered(kpi, verdict))
        if change
        else None,
        verdict=verdict,
        target=target,
        trend=tuple(Estimate(value=value, n=0 if value is None else n) for value in _TRENDS.get(kpi.name, ())),
        excluded=excluded or {},
        notes=notes,
    )


TOTALS = (
    total(CREATED, (713, 713, 655.2, 774.1), (668, 668), (45, -31.0, 121.0), Verdict.CANNOT_TELL),
    total(BACKLOG, (97, 97, None, None), (104, 104), (-7, None, None), Verdict.NOT_TESTED),
    total(PER_AGENT, (59.4, 713, 51.0, 68.9), (60.7, 668), (-1.3, -9.8, 7.2), Verdict.CANNOT_TELL),
    total(
        FIRST_REPLY,
        (3.4 * HOUR, 690, 3.1 * HOUR, 3.8 * HOUR),
        (4.4 * HOUR, 641),
        (-1.0 * HOUR, -1.5 * HOUR, -0.5 * HOUR),
        Verdict.BETTER,
        Target(value=2 * HOUR, status=Status.MISSED),
        notes=(VENDOR,),
        excluded={"no reply yet": 19, "negative duration": 4},
    ),
    total(
        RESOLUTION,
        (46.3 * HOUR, 702, 41.9 * HOUR, 52.6 * HOUR),
        (47.1 * HOUR, 655),
        (-0.8 * HOUR, -6.1 * HOUR, 4.4 * HOUR),
        Verdict.CANNOT_TELL,
    ),
    total(HANDLE, (437, 702, 421.5, 452.5), (433, 655), (4, -12.0, 20.0), Verdict.CANNOT_TELL),
    replace(
        total(UNFINISHED, (0.0, 812, 50.2 * HOUR, None), notes=(NOT_REACHED,)),
        estimate=Estimate(
            value=None,
            n=812,
            low=50.2 * HOUR,
            parts=Survived(events=402, finished=402, unfinished=410, late=99, naive=46.3 * HOUR, beyond=61.5 * HOUR),
        ),
    ),
    replace(
        total(SLA, (0.8, 50, 0.67, 0.8876), (0.75, 48), (0.05, -0.12, 0.21), Verdict.CANNOT_TELL),
        estimate=Estimate(value=0.8, n=50, low=0.67, high=0.8876, parts=Promised(k=40, of=50, pending=7)),
    ),
    replace(
        total(COHORT, (0.69, 713, 0.655, 0.723), notes=(IMMATURE,)),
        final=7,
        immature=Immature(
            final_at=datetime(2026, 11, 7, 23),
            newest=SEPTEMBER,
            estimate=Estimate(value=0.824, n=668, low=0.793, high=0.851),
        ),
    ),
    total(FCR, (0.47, 640, 0.4317, 0.5087), (0.44, 601), (0.03, -0.025, 0.085), Verdict.CANNOT_TELL),
    total(
        REOPEN,
        (0.094, 702, 0.0746, 0.1179),
        (0.07, 655),
        (0.024, 0.003, 0.054),
        Verdict.WORSE,
        Target(value=0.08, status=Status.CANNOT_TELL),
    ),
    total(
        CSAT,
        (0.81, 120, 0.73, 0.87),
        (0.85, 131),
        (-0.04, -0.13, 0.05),
        Verdict.CANNOT_TELL,
        Target(value=0.85, status=Status.CANNOT_TELL),
    ),
    total(
        NPS,
        (0.24, 96, 0.08, 0.38),
        (0.28, 102),
        (-0.04, -0.24, 0.16),
        Verdict.CANNOT_TELL,
        Target(value=0.2, status=Status.MET),
    ),
    KpiResult(kpi=CES, period=OCTOBER, group={}, estimate=EMPTY, trend=(EMPTY,) * 8),
)


def split(
    dimension: str,
    groups: Iterable[str | None],
    kpis: Iterable[Kpi] = (CREATED, FIRST_REPLY, RESOLUTION, FCR, REOPEN, CSAT, NPS),
) -> list[KpiResult]:
    """Groups whose values lie around the total's, each a little further off."""
    whole = {result.kpi.name: result for result in TOTALS}
    found = []
    for kpi in kpis:
        base = whole[kpi.name].estimate
        assert base.value is not None
        for step, group in enumerate(groups):
            n = max(base.n // (step + 2), 1)
            value = n if kpi.unit is Unit.COUNT else base.value * (1 + 0.1 * (step - 1))
            found.append(
                KpiResult(
                    kpi=kpi,
                    period=OCTOBER,
                    group={dimension: group},
                    estimate=Estimate(
                        value=value,
                        n=n,
                        low=value * 0.8,
                        high=value * 1.15,
                        parts=Portion(k=float(round(value * n)), of=n),
                    ),
                    baseline=Estimate(value=value * 0.95, n=n),
                    change=Change(value=value * 0.05, low=-value * 0.1, high=value * 0.2, answer=answered(kpi)),
                    verdict=(Verdict.CANNOT_TELL, Verdict.BETTER, Verdict.WORSE)[step % 3],
                )
            )
    return found


def suppressed(kpi: Kpi, group: dict[str, str | None]) -> KpiResult:
    """A group too small to show: no numbers anywhere."""
    return KpiResult(kpi=kpi, period=OCTOBER, group=group, estimate=EMPTY, verdict=None, suppressed=True)


def sample_report(**changes: object) -> Report:
    """The report; fields of it may be replaced."""
    agents = split("agent", ("Åsa Lind", "Jörgen Nyström"), (CREATED, CSAT))
    agents += [suppressed(CREATED, {"agent": "Kim Holm"}), suppressed(CSAT, {"agent": "Kim Holm"})]
    fields: dict[str, object] = {
        "title": "Service KPIs",
        "query": Query(
            period=OCTOBER,
            baseline=SEPTEMBER,
            grain=Grain.MONTH,
            trend=MONTHS,
            as_of=datetime(2026, 10, 31, 22, 41),
            by=("group", "agent"),
            time_zone="Europe/Stockholm",
            promises={
                "first_reply": (Promise(within=28800), Promise(within=5400, among={"priority": "urgent"})),
                "resolution": (Promise(within=259200, among={"group": "Billing", "type": "Bug"}),),
            },
        ),
        "results": (*TOTALS, *split("group", ("Billing", "Orders and returns", None, HOSTILE)), *agents),
        "unavailable": (
            Unavailable(kpi=WAIT, needs=("requester_wait_time",)),
            Unavailable(kpi=CONFIRMED, needs=("confirmed_by_customer",)),
            Unavailable(kpi=COMPLAINTS, needs=("type", "tags")),
        ),
        "sources": (
            Source(
                path="exports/tickets-2026.csv",
                checksum=lambda: "5f" * 32,
                mapping="zendesk-tickets",
                table="tickets",
                rows_read=5310,
                rows_used=5301,
                rows_refused={DUPLICATE: 6, Message("no-cell-of", header="date"): 3},
                notes=("dates read as day.month.year",),
            ),
            Source(
                path="exports/survey.xlsx",
                checksum=lambda: "c1" * 32,
                mapping="surveymonkey",
                table="answers",
                rows_read=984,
                rows_used=984,
                rows_refused={},
            ),
        ),
        "refused": pl.DataFrame(
            [
                ("exports/tickets-2026.csv", "tickets", 17, "Created at", "31.02.2026", "no date"),
                ("exports/tickets-2026.csv", "tickets", 44, "Ticket ID", "=1+1", "duplicate key"),
            ],
            schema=REFUSED_SCHEMA,
            orient="row",
        ),
        "findings": (
            Finding(code="scale_mixed", message="CSAT pools two scales: 1–5 and good/bad", kpis=("csat",)),
            Finding(
                code="reopens_constant",
                message="reopens is never 0 in 702 rows: the export is a selection, reopen KPIs are suspect",
                kpis=("reopen_rate",),
                is_serious=True,
            ),
        ),
        "families": (
            Family(dimension="", questions=7, q=0.03, is_headline=True),
            Family(dimension="", questions=2, q=0.02),
            Family(dimension="group", questions=28, q=0.05),
            Family(dimension="agent", questions=4, q=0.05),
        ),
        "generated_at": datetime(2026, 11, 2, 7, 30, tzinfo=UTC),
        **changes,
    }
    return Report(**fields)  # type: ignore[arg-type]


def drawn(
    name: str, report: Report, target: TextIO | Path, wording: Wording, color: Color = "auto", **view: Any
) -> None:
    """Writes the whole report, notes and all, in one of the outputs; `view` asks for less."""
    shown = View(**{"is_whole": True, "with_notes": True, **view})
    outputs.writer(name)(ReportDocument(report, wording, shown), target, color)
