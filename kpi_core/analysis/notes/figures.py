"""What must be said beside a number: the caveats that change how it is read."""

from collections.abc import Iterable, Mapping

import polars as pl

from kpi_core.analysis.notes.business_figures import business_findings
from kpi_core.analysis.notes.cancelled import cancelled
from kpi_core.analysis.notes.message_figures import message_findings, message_notes
from kpi_core.config.plurals import in_short, some
from kpi_core.engine.cells import Cell
from kpi_core.facts import Facts
from kpi_core.facts.answers import ANSWERED_ELSEWHERE
from kpi_core.facts.clock.whole_days import DOUBTFUL
from kpi_core.facts.impossible import DUE_EARLY
from kpi_core.messages.message import Text
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Quantile, Stock, Survival
from kpi_core.model.report import MARKED
from kpi_core.model.stocks_and_survival import Ages
from kpi_core.stats.survival import LEAST_AT_RISK

SELECTED = 30
FIRST_REPLY = ("first_reply_time", "first_reply_time_p90")
NOT_REACHED = f"not reached: beyond the last age at which {LEAST_AT_RISK} tickets or more were under watch"


def notes(kpi: Kpi, estimate: Estimate, facts: Mapping[str, Facts]) -> Iterable[Text]:
    """The notes of one result."""
    yield from message_notes(kpi, estimate, facts)
    if isinstance(kpi.measure, Stock) and kpi.table == "tickets":
        yield "rebuilt from the last resolution: tickets reopened since count as open, deleted ones are missing"
    if kpi.known_as == "tickets_resolved":
        yield "tickets reopened since and resolved again count where they were last resolved: a past month may shrink"
    if isinstance(estimate.parts, Ages) and (zeros := estimate.parts.zeros):
        yield _zeros("ages", zeros, estimate.n, "no open time since they were opened")
    if isinstance(kpi.measure, Survival) and estimate.value is None and estimate.n:
        yield (
            NOT_REACHED
            if estimate.parts.beyond is not None
            else f"fewer than {LEAST_AT_RISK} tickets were watched at once"
        )
    if kpi.known_as == "successful_resolution_rate" and "reopens" not in facts["tickets"].available:
        yield "the files do not count reopenings: no ticket counts as reopened"
    if kpi.known_as == "fcr_no_reopen":
        yield "without a status history any later reopening counts, not only those within 7 days"
    if kpi.known_as == "ces" and kpi.better.value != "neither":
        yield f"{kpi.better.value} is better on this scale"
    if isinstance(kpi.measure, Index) and estimate.n:
        told = (f"{question.removeprefix('nki_')} {weight:.3g}" for question, weight in kpi.measure.weights.items())
        yield f"weights: {', '.join(told)}"


OUTBOUND = ", opened by an agent"


def told_apart(left_out: str, facts: Facts) -> str:
    """Who is left out, without those whom the files cannot tell: who opened a ticket is known by a column or by messages."""
    if OUTBOUND not in left_out or "is_outbound" in facts.available:
        return left_out
    rest = left_out.replace(OUTBOUND, "")
    return rest.replace(", or", " or") if rest.count(",") == 1 else rest


TOP_BOXES = ("csat", "csat_lower_bound", "csat_upper_bound", "treatment_top2", "competence_top2")
WIDE = 10
"""The highest mark past which the two best are a strict standard."""


def scale_note(kpi: Kpi, facts: Mapping[str, Facts], evidence: Mapping[str, str]) -> str | None:
    """The scale that the answers behind a figure are on, and where it is from; None for a figure without answers."""
    questions = list(kpi.measure.weights) if isinstance(kpi.measure, Index) else [kpi.asks] if kpi.asks else []
    if kpi.table != "answers" or "answers" not in facts or not questions:
        return None
    used = facts["answers"].scales.filter(pl.col("question").is_in(questions)).drop_nulls("scale_high")
    ends = used.select("scale_low", "scale_high").unique().sort("scale_low", "scale_high").rows()
    if not ends or ends == [(0.0, 1.0)]:
        return None
    told = {evidence.get(question, "") for question in questions}
    because = f", {told.pop()}" if len(told) == 1 and any(told) else ""
    scales = " and ".join(f"{low:g}–{high:g}" for low, high in ends)
    said = f"scale {scales}{because}" if len(ends) == 1 else f"scales {scales}"
    high = max(high for _, high in ends)
    is_wide = kpi.known_as in TOP_BOXES and high > WIDE
    return said + (f"; of {high:g} only {high - 1:g} and {high:g} count as the best marks" if is_wide else "")


def zero_share(kpi: Kpi, frame: pl.DataFrame, days: pl.Series, cell: Cell) -> str | None:
    """How many of a median's values are zero: done outside opening hours, or, where many are, a first reply at once."""
    is_reply = kpi.known_as in FIRST_REPLY
    if not (kpi.is_open_time or is_reply) or not isinstance(kpi.measure, Quantile):
        return None
    values = _within(frame.select(kpi.measure.of.alias("value"), days.alias("day")), cell).drop_nulls()
    zeros = int((values == 0).sum())
    if is_reply:
        many = zeros >= SEVERAL and zeros > MARKED * len(values)
        return _zeros("times", zeros, len(values), "taken as answered at once") if many else None
    return _zeros("times", zeros, len(values), "done outside business hours") if zeros else None


def _zeros(what: str, zeros: int, n: int, reason: str) -> str:
    share = f"{zeros / n:.0%}" if zeros / n >= 0.005 else "under 1%"
    return f"{share} of the {what} are 0 ({zeros} of {n}): {reason}"


def unrated_share(kpi: Kpi, frame: pl.DataFrame, days: pl.Series, cell: Cell) -> str | None:
    """How many of a cell's tickets nobody rated, where those count as not dissatisfied."""
    if kpi.known_as != "successful_resolution_rate":
        return None
    rated = _within(frame.select(pl.col("is_rated_bad").alias("value"), days.alias("day")), cell)
    share = rated.null_count() / len(rated) if len(rated) else 0.0
    return f"{share:.0%} of the tickets are unrated and count as not dissatisfied" if share else None


def _within(frame: pl.DataFrame, cell: Cell) -> pl.Series:
    """The values of a cell's period."""
    if cell.period.start is not None and cell.period.end is not None:
        frame = frame.filter(pl.col("day").is_between(cell.period.start, cell.period.end, closed="left"))
    return frame["value"]


def data_findings(facts: Mapping[str, Facts], zone: str | None) -> list[Finding]:
    """What the data as a whole says against its own numbers."""
    found = []
    tickets = facts.get("tickets")
    if tickets is not None:
        found += [*_ticket_findings(tickets), *cancelled(tickets)]
    answers = facts.get("answers")
    if answers is not None:
        found += [
            Finding(
                code="offered-twice",
                message=f"{some(count, 'offer')} in tickets that a survey answers left out: who was asked in both was asked once",
                kpis=("response_rate*", "csat_lower_bound", "csat_upper_bound", "nps_of_asked"),
            )
            if reason == ANSWERED_ELSEWHERE
            else Finding(
                code="merged-or-spam", message=f"{some(count, 'answer', 'is')} left out: of merged or spam tickets"
            )
            for reason, count in answers.counts.items()
        ]
    if answers is not None and not answers.frame.is_empty():
        found += _answer_findings(answers.scales)
    found += [*message_findings(facts), *business_findings(facts)]
    if zone is None and facts:
        text = "no time zone is known: times are the export's own wall clock; name it with --zone Europe/Stockholm"
        found.append(Finding(code="no-zone", message=text))
    return found


def _undated(tickets: Facts, text: str) -> Finding:
    """What is said of resolutions without a time; where a month has lost nearly all of them, no two months are comparable."""
    resolved = tickets.frame.filter("is_resolved").select(
        month=pl.col("created_at").dt.strftime("%Y-%m") if "created_at" in tickets.frame.columns else pl.lit(None, pl.String),
        is_undated=pl.col("resolved_at").is_null(),
    )  # fmt: skip
    months = resolved.drop_nulls("month").group_by("month").agg(pl.len(), undated=pl.col("is_undated").mean())
    lost = months.filter((pl.col("undated") > LOST) & (pl.col("len") >= SEVERAL))["month"].sort().to_list()
    if not lost or len(lost) == months.filter(pl.col("len") >= SEVERAL).height:
        return Finding(code="resolved-undated", message=text, kpis=OF_RESOLUTIONS)
    named = in_short(lost, NAMED)
    return Finding(
        code="resolved-undated", message=f"{text}; nearly all of those opened in {named} have none", kpis=OF_RESOLUTIONS,
        is_serious=True, consequence=Consequence.NO_VERDICT,
    )  # fmt: skip


def _ticket_findings(tickets: Facts) -> list[Finding]:
    found = []
    for reason, count in tickets.counts.items():
        if reason == "resolved without a time":
            text = f"{some(count, 'resolved ticket', 'has')} no resolution time: in no period by resolution, in no time, and in no share resolved within a time but for tickets no older than it"
            found.append(_undated(tickets, text))
        elif reason == DUE_EARLY:
            text = f"{some(count, 'ticket', 'was')} due before being opened: left out of the SLA"
            found.append(Finding(code="due-before-created", message=text, kpis=("sla_resolution_rate",)))
        elif reason == DOUBTFUL:
            text = f"{some(count, 'ticket', 'was')} {DOUBTFUL}: left out of the SLA"
            found.append(Finding(code="days-only", message=text, kpis=("sla_resolution_rate",)))
        elif reason == "merged or spam":
            found.append(
                Finding(code="merged-or-spam", message=f"{some(count, 'merged or spam ticket', 'is')} left out")
            )
        else:
            column = reason.removeprefix("negative ")
            text = f"{some(count, 'ticket', 'has')} a negative {column.replace('_', ' ')}: left out of it{SHARES.get(column, '')}"
            found.append(Finding(code="negative-time", message=text, kpis=(f"{column}*", *OF_TIMES.get(column, ()))))
    if "reopens" in tickets.available:
        reopens = tickets.frame["reopens"].drop_nulls()
        lowest = reopens.min()
        if len(reopens) >= SELECTED and isinstance(lowest, int) and lowest > 0:
            text = f"no ticket has 0 reopens (the fewest is {lowest}): the export is a selection, so reopen and first-contact figures say nothing about all tickets"
            found.append(
                Finding(
                    code="selected-export",
                    message=text,
                    is_serious=True,
                    kpis=SUSPECT,
                    consequence=Consequence.NO_VALUE,
                )
            )
    return found


LOST = 0.9
"""The share of a month's resolved tickets without a time past which the month has lost them."""
SEVERAL = 5
"""Resolved tickets that a month must have to show it."""
NAMED = 3
OF_RESOLUTIONS = ("resolution_time*", "tickets_resolved", "net_flow", "resolution_rate", "resolution_rate_cohort", "complaint_resolution_rate", "sla_resolution_rate", "resolved_within_km")  # fmt: skip
SHARES = {
    "resolution_time": " and of the shares resolved in time",
    "first_reply_time": " and of the shares replied to in time",
}
OF_TIMES = {
    "resolution_time": (
        "resolution_rate_cohort",
        "complaint_resolution_rate",
        "sla_resolution_rate",
        "resolved_within_km",
    ),
    "first_reply_time": ("first_reply_within*",),
}
"""The shares that rest on a time: what has none that can be is in none of them."""
SUSPECT = (
    "reopen_rate",
    "reopens_per_ticket",
    "fcr_no_reopen",
    "fcr_one_touch",
    "fcr_one_touch_strict",
    "successful_resolution_rate",
)


def _answer_findings(used: pl.DataFrame) -> list[Finding]:
    found = []
    scales = used.select("question", "scale_low", "scale_high").unique().sort("question", "scale_low", "scale_high")
    for question in scales["question"].unique().cast(pl.String).sort().to_list():
        seen = [
            f"{low:g}–{high:g}"
            for low, high in scales.filter(pl.col("question") == question).select("scale_low", "scale_high").iter_rows()
        ]
        if len(seen) > 1:
            text = f"answers to {question} are on several scales ({', '.join(seen)}): shares pool them by position, means use the commonest"
            found.append(Finding(code="pooled-scales", message=text, kpis=(question,)))
    nps = scales.filter(pl.col("question") == "nps")
    lows = nps["scale_low"].unique().to_list()
    if lows and max(lows) >= 1:
        found.append(
            Finding(
                code="nps-scale",
                message="the recommendation question has no 0: not comparable with NPS on 0–10",
                kpis=("nps", "nps_*"),
                consequence=Consequence.NO_VERDICT,
            )
        )
    return found
