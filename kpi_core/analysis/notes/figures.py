"""The caveats of a number that change how it is read."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kpi_core.analysis.notes.business_figures import business_findings
from kpi_core.analysis.notes.cancelled import cancelled
from kpi_core.analysis.notes.message_figures import message_findings, message_notes
from kpi_core.engine.cells import Cell
from kpi_core.facts import Facts
from kpi_core.facts.answers import ANSWERED_ELSEWHERE
from kpi_core.facts.clock.whole_days import DOUBTFUL
from kpi_core.facts.impossible import DUE_EARLY
from kpi_core.kpis.speed import NO_REPLY, NO_REPLY_OF_ANY
from kpi_core.messages.definitions import Defined
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import TIME_WORDS
from kpi_core.model.columns import EARLIER
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.measures import Index, Quantile, Stock, Survival
from kpi_core.model.report import MARKED, WITHHELD
from kpi_core.model.stocks_and_survival import Ages
from kpi_core.stats.survival import LEAST_AT_RISK

FIRST_REPLY = ("first_reply_time", "first_reply_time_p90")


def notes(kpi: Kpi, estimate: Estimate, facts: Mapping[str, Facts]) -> Iterable[Message]:
    """The notes of one result."""
    yield from message_notes(kpi, estimate, facts)
    if isinstance(kpi.measure, Stock) and kpi.table == "tickets":
        is_known = EARLIER[0] in facts["tickets"].frame.columns
        yield Message("stock-as-exported" if is_known else "stock-rebuilt")
    if kpi.known_as == "tickets_resolved":
        yield Message("resolved-where-last")
    if isinstance(estimate.parts, Ages) and (zeros := estimate.parts.zeros):
        yield Message("ages-are-zero", share=_share(zeros, estimate.n), zeros=zeros, count=estimate.n)
    if isinstance(kpi.measure, Survival) and estimate.value is None and estimate.n:
        yield Message("not-reached" if estimate.parts.beyond is not None else "few-watched", least=LEAST_AT_RISK)
    if kpi.known_as == "successful_resolution_rate" and "reopens" not in facts["tickets"].available:
        yield Message("no-reopenings-counted")
    if kpi.known_as == "fcr_no_reopen":
        yield Message("any-later-reopening")
    if kpi.known_as == "ces" and kpi.better is not Better.NEITHER:
        yield Message("higher-is-better" if kpi.better is Better.HIGHER else "lower-is-better")
    if isinstance(kpi.measure, Index) and estimate.n:
        yield Message("weights", weights=[_weight(*one) for one in kpi.measure.weights.items()])


def _weight(question: str, weight: float) -> Message:
    """The weight of a question, to three figures."""
    weight = float(f"{weight:.3g}")
    match question:
        case "nki_satisfaction":
            return Message("weight-satisfaction", weight=weight)
        case "nki_expectation":
            return Message("weight-expectation", weight=weight)
        case "nki_ideal":
            return Message("weight-ideal", weight=weight)
        case "nki_fourth":
            return Message("weight-fourth", weight=weight)
        case _:
            return Message("weight-of-question", question=question.removeprefix("nki_"), weight=weight)


WITHOUT_OUTBOUND = {
    NO_REPLY: Message("left-out-of-first-reply"),
    NO_REPLY_OF_ANY: Message("left-out-of-first-reply-any"),
}
"""What is left out where it is unknown which tickets an agent opened."""


def left_out(kpi: Kpi, facts: Facts) -> Message:
    """Who is left out of a KPI, without those whom the files do not identify: who opened a ticket is known by a column or by messages."""
    if "is_outbound" not in facts.available and kpi.left_out in WITHOUT_OUTBOUND:
        return WITHOUT_OUTBOUND[kpi.left_out]
    if kpi.own is not None and kpi.own.left_out is not None:
        return kpi.own.left_out
    if not kpi.left_out:
        return Message("rows-without-a-value")
    return Message("left-out", what=Defined("left_out", kpi.name, kpi.left_out))


TOP_BOXES = ("csat", "csat_lower_bound", "csat_upper_bound", "treatment_top2", "competence_top2")
WIDE = 10
"""The highest mark past which the two best are a strict standard."""


def scale_note(kpi: Kpi, facts: Mapping[str, Facts], evidence: Mapping[str, Message | None]) -> Message | None:
    """The scale that the answers behind a figure are on, and where it is from; None for a figure without answers."""
    questions = list(kpi.measure.weights) if isinstance(kpi.measure, Index) else [kpi.asks] if kpi.asks else []
    if kpi.table != "answers" or "answers" not in facts or not questions:
        return None
    used = facts["answers"].scales.filter(pl.col("question").is_in(questions)).drop_nulls("scale_high")
    ends = used.select("scale_low", "scale_high").unique().sort("scale_low", "scale_high").rows()
    if not ends or ends == [(0.0, 1.0)]:
        return None
    scales = _scales(ends, {evidence.get(question) for question in questions})
    high = max(high for _, high in ends)
    is_wide = kpi.known_as in TOP_BOXES and high > WIDE
    return Message("scale-is-wide", scale=scales, high=high, next=high - 1) if is_wide else scales


def _scales(ends: Sequence[tuple[float, float]], evidence: Collection[Message | None]) -> Message:
    """The scales, and where one alone is from if that is known."""
    scales = [Message("scale-ends", low=low, high=high) for low, high in ends]
    if len(scales) > 1:
        return Message("scales-of-answers", scales=scales)
    if len(evidence) == 1 and (known := next(iter(evidence))):
        return Message("scale-known-by", scale=scales[0], evidence=known)
    return Message("scale-of-answers", scale=scales[0])


def zero_share(kpi: Kpi, frame: pl.DataFrame, days: pl.Series, cell: Cell) -> Message | None:
    """How many of a median's values are zero: done outside opening hours, or, where many are, a first reply at once."""
    is_reply = kpi.known_as in FIRST_REPLY
    if not (kpi.is_open_time or is_reply) or not isinstance(kpi.measure, Quantile):
        return None
    values = _within(frame.select(kpi.measure.of.alias("value"), days.alias("day")), cell).drop_nulls()
    zeros = int((values == 0).sum())
    if is_reply:
        many = zeros >= SEVERAL and zeros > MARKED * len(values)
        if not many:
            return None
        return Message("times-are-zero-at-once", share=_share(zeros, len(values)), zeros=zeros, count=len(values))
    if not zeros:
        return None
    return Message("times-are-zero-outside", share=_share(zeros, len(values)), zeros=zeros, count=len(values))


def _share(zeros: int, n: int) -> Message:
    return Message("share-of-all", share=zeros / n) if zeros / n >= 0.005 else Message("under-one-percent")


def unrated_share(kpi: Kpi, frame: pl.DataFrame, days: pl.Series, cell: Cell) -> Message | None:
    """How many of a cell's tickets nobody rated, where those count as not dissatisfied."""
    if kpi.known_as != "successful_resolution_rate":
        return None
    rated = _within(frame.select(pl.col("is_rated_bad").alias("value"), days.alias("day")), cell)
    share = rated.null_count() / len(rated) if len(rated) else 0.0
    return Message("unrated-share", share=share) if share else None


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
                message=Message("offered-twice", count=count),
                kpis=("response_rate*", "csat_lower_bound", "csat_upper_bound", "nps_of_asked"),
            )
            if reason == ANSWERED_ELSEWHERE
            else Finding(code="merged-or-spam", message=Message("answers-merged-or-spam", count=count))
            for reason, count in answers.counts.items()
        ]
    if answers is not None and not answers.frame.is_empty():
        found += _answer_findings(answers.scales)
    found += [*message_findings(facts), *business_findings(facts)]
    if zone is None and facts:
        found.append(Finding(code="no-zone", message=Message("no-zone")))
    return found


def _undated(tickets: Facts, text: Message) -> Finding:
    """The finding on resolutions without a time; where a month has lost nearly all of them, no two months are comparable."""
    resolved = tickets.frame.filter("is_resolved").select(
        month=pl.col("created_at").dt.strftime("%Y-%m") if "created_at" in tickets.frame.columns else pl.lit(None, pl.String),
        is_undated=pl.col("resolved_at").is_null(),
    )  # fmt: skip
    months = resolved.drop_nulls("month").group_by("month").agg(pl.len(), undated=pl.col("is_undated").mean())
    lost = months.filter((pl.col("undated") > LOST) & (pl.col("len") >= SEVERAL))["month"].sort().to_list()
    if not lost or len(lost) == months.filter(pl.col("len") >= SEVERAL).height:
        is_serious = bool(resolved["is_undated"].sum() > MARKED * resolved.height)
        return Finding(code="resolved-undated", message=text, kpis=OF_RESOLUTIONS, is_serious=is_serious)
    monthly = Message("no-resolution-times-in-months", what=text, months=first_of(lost, NAMED))
    return Finding(
        code="resolved-undated", message=monthly, kpis=OF_RESOLUTIONS,
        is_serious=True, consequence=Consequence.NO_VERDICT,
    )  # fmt: skip


def _ticket_findings(tickets: Facts) -> list[Finding]:
    found = []
    for reason, count in tickets.counts.items():
        if reason == "resolved without a time":
            found.append(_undated(tickets, Message("no-resolution-times", count=count)))
        elif reason == DUE_EARLY:
            text = Message("due-before-opened", count=count)
            found.append(Finding(code="due-before-created", message=text, kpis=("sla_resolution_rate",)))
        elif reason == DOUBTFUL:
            text = Message("due-on-a-doubtful-day", count=count)
            found.append(Finding(code="days-only", message=text, kpis=("sla_resolution_rate",)))
        elif reason == "merged or spam":
            share = count / (count + tickets.frame.height)
            kpis = OF["tickets"] if share > MARKED else ()
            found.append(Finding(code="merged-or-spam", message=Message("noise-left-out", count=count), kpis=kpis))
        else:
            column = reason.removeprefix("negative ")
            text = _negative(column, count)
            share = count / (count + tickets.frame[column].count()) if count >= MANY_EARLY else 0.0
            follows = (
                Consequence.NO_VALUE
                if share > WITHHELD
                else Consequence.NO_VERDICT
                if share > MARKED
                else Consequence.NOTED
            )
            kpis = (f"{column}*", *OF_TIMES.get(column, ()))
            found.append(
                Finding(code="negative-time", message=text, kpis=kpis, is_serious=share > MARKED, consequence=follows)
            )
            if column == "resolution_time" and share > MARKED and _end_on_their_day(tickets):
                later = Message("ends-without-a-day", count=count)
                of_days = tuple(name for name in OF_RESOLUTIONS if name != "resolution_time*")
                found.append(
                    Finding(code="negative-time", message=later, kpis=of_days, is_serious=True, consequence=follows)
                )
    return found


def _end_on_their_day(tickets: Facts) -> bool:
    """Whether all that is resolved is so on the day it was opened, as where an end is a time of day alone and has borrowed its day."""
    opened, ended = tickets.day("created_at"), tickets.day("resolved_at")
    both = (opened == ended).drop_nulls()
    return bool(len(both)) and bool(both.all())


def _negative(column: str, count: int) -> Message:
    """That so many tickets have a time under 0, and what they are left out of for it."""
    time = TIME_WORDS[column]
    match column:
        case "resolution_time":
            return Message("negative-resolution-times", count=count, time=time)
        case "first_reply_time":
            return Message("negative-first-reply-times", count=count, time=time)
        case _:
            return Message("negative-times", count=count, time=time)


MANY_EARLY = 10
"""Times that run backwards from which something ails them all, and not single tickets."""
LOST = 0.9
"""The share of a month's resolved tickets without a time past which the month has lost them."""
SEVERAL = 5
"""Resolved tickets that a month must have to show it."""
NAMED = 3
OF_RESOLUTIONS = ("resolution_time*", "tickets_resolved", "net_flow", "backlog*", "fcr_*", "resolution_rate", "resolution_rate_cohort", "complaint_resolution_rate", "sla_resolution_rate", "resolved_within_km")  # fmt: skip
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


def _answer_findings(used: pl.DataFrame) -> list[Finding]:
    found = []
    scales = used.select("question", "scale_low", "scale_high").unique().sort("question", "scale_low", "scale_high")
    for question in scales["question"].unique().cast(pl.String).sort().to_list():
        seen = [
            Message("scale-ends", low=low, high=high)
            for low, high in scales.filter(pl.col("question") == question).select("scale_low", "scale_high").iter_rows()
        ]
        if len(seen) > 1:
            text = Message("pooled-scales", question=question, scales=seen)
            found.append(Finding(code="pooled-scales", message=text, kpis=(question,)))
    nps = scales.filter(pl.col("question") == "nps")
    lows = nps["scale_low"].unique().to_list()
    if lows and max(lows) >= 1:
        found.append(
            Finding(
                code="nps-scale",
                message=Message("nps-without-zero"),
                kpis=("nps", "nps_*"),
                consequence=Consequence.NO_VERDICT,
            )
        )
    return found
