"""The notes on times where files have days without times: whole days, or nothing at all."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.columns import DAYS, INSTEAD, MONTHS
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.promise import Promise
from kpi_core.model.report import MARKED, WITHHELD
from kpi_core.records import dataclass

DAYS_ONLY, WHOLE_DAYS = "days-only", "whole-days"
DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Span:
    """A time between two instants of a ticket: the KPIs of it, the shares and curves of it, and those that whole days say nothing of."""

    since: str
    until: str
    of_times: tuple[str, ...]
    of_waits: tuple[str, ...]
    of_hours: tuple[str, ...] = ()


SPANS = (
    Span(
        since="created_at", until="resolved_at", of_times=("resolution_time*", "first_resolution_time*"),
        of_waits=("resolution_time_km*", "resolved_within*", "resolution_rate_cohort", "complaint_resolution_rate"),
        of_hours=("resolution_time_business_km*", "resolved_within*", "backlog_age_business*"),
    ),
    Span(
        since="created_at", until="first_replied_at", of_times=("first_reply_time*",),
        of_waits=("first_reply_time_km*", "first_reply_within*"), of_hours=("first_reply_time_business_km*", "first_reply_within*"),
    ),
)  # fmt: skip


def whole_days(facts: Mapping[str, Facts], promises: Mapping[str, Sequence[Promise]]) -> Iterator[Finding]:
    """What files with days without times say of how long something took; `promises` are the targets counted from the opening."""
    if "tickets" in facts:
        tickets = facts["tickets"].frame
        for span in SPANS:
            yield from _of_span(tickets, span)
        if "resolution" in promises and _is_day(tickets, "created_at"):
            yield _of_promises(promises["resolution"], is_both=_is_day(tickets, "resolved_at"))
    messages = facts.get("messages")
    if messages is not None and _is_day(messages.frame, "sent_at"):
        yield _no_value(Message("messages-days-only"), "reply_time*", "first_reply_time*", "first_reply_within*")


def _of_span(frame: pl.DataFrame, span: Span) -> Iterator[Finding]:
    """The notes on one time: on rows of which one end is a day, and of those of which both are."""
    ends = (span.since, span.until)
    if not any(DAYS + name in frame.columns for name in ends) or not set(ends) <= set(frame.columns):
        return
    days = [pl.col(DAYS + name) if DAYS + name in frame.columns else pl.lit(value=False) for name in ends]
    months = [pl.col(MONTHS + name) for name in ends if MONTHS + name in frame.columns]
    is_month = pl.any_horizontal(pl.lit(value=False), *months)
    known = pl.col(span.since).is_not_null() & pl.col(span.until).is_not_null() & ~is_month
    counted = pl.any_horizontal(pl.lit(value=False), *_counted_on(frame, span))
    half, both, own, of = frame.select(
        half=(known & ~counted & (days[0] != days[1])).sum(), both=(known & ~counted & days[0] & days[1]).sum(),
        own=(known & counted & days[0]).sum(), of=known.sum(),
    ).row(0)  # fmt: skip
    if own > MARKED * of:
        text = Message("days-alone-waits", column=span.since, count=own, of=of)
        yield _no_value(text, *span.of_waits, *span.of_hours)
    if half:
        day, time = ends if frame.select((known & ~counted & days[0] & ~days[1]).any()).item() else ends[::-1]
        text = Message("days-and-times", day=day, count=half, of=of, time=time)
        share = half / of
        few = Consequence.NO_VERDICT if MARKED < share < 1 else Consequence.NOTED
        consequence = Consequence.NO_VALUE if WITHHELD < share < 1 else few
        is_serious = few is Consequence.NO_VERDICT
        yield Finding(code=DAYS_ONLY, message=text, kpis=span.of_times, is_serious=is_serious, consequence=consequence)
        if span.of_waits and half > MARKED * of:
            text = Message("no-time-between", since=span.since, until=span.until, count=half)
            yield _no_value(text, *span.of_waits, *span.of_hours)
    if both:
        text = Message("whole-days", since=span.since, until=span.until, count=both, of=of)
        yield Finding(code=WHOLE_DAYS, message=text, kpis=(*span.of_times, *span.of_waits))
        if span.of_hours:
            yield _no_value(Message("days-no-hours", since=span.since, until=span.until), *span.of_hours)


def _counted_on(frame: pl.DataFrame, span: Span) -> Iterator[pl.Expr]:
    """Which rows have the end of a time from the export's own time alone, counted on from its beginning."""
    mark = f"{INSTEAD}{span.until}:{span.since} + "
    yield from (pl.col(name).fill_null(value=False) for name in frame.columns if name.startswith(mark))


def _of_promises(promises: Sequence[Promise], *, is_both: bool) -> Finding:
    """The notes on targets from one day to another: whole days can be counted, hours cannot."""
    kpi = "sla_resolution_rate"
    if is_both and all(promise.within % DAY == 0 for promise in promises):
        return Finding(code=WHOLE_DAYS, message=Message("targets-in-days"), kpis=(kpi,))
    return _no_value(Message("no-targets-in-hours"), kpi)


def _is_day(frame: pl.DataFrame, name: str) -> bool:
    return DAYS + name in frame.columns and bool(frame[DAYS + name].any())


def _no_value(text: Message, *kpis: str) -> Finding:
    return Finding(code=DAYS_ONLY, message=text, kpis=kpis, consequence=Consequence.NO_VALUE)
