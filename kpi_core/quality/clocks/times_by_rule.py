"""Times that a program makes in one of two periods only: automatic replies that count as first ones, and timers that close what was resolved days ago."""

from collections.abc import Iterator

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import Query

REPLIES = ("first_reply*", "sla_first_reply*")
RESOLUTIONS = ("resolution_time*", "first_resolution_time*", "sla_resolution_rate*", "resolved_within*")
FLOWS = ("resolution_rate*", "complaint_resolution_rate", "backlog*", "net_flow")
AT_ONCE = 120.0
"""Seconds within which a program replies or closes, and hardly a person."""
OFTEN, SELDOM, ROWS = 0.15, 0.2, 10
"""The share of a period's times that are at once, what the other period's is of it at most, and how many there are, or would be at that share, in
either period: where ten are to be expected, two or none come by chance 3 times in 1 000."""
GAP = 8.0
"""How many times as long as the fastest of the other period the fastest of a period with a timer take: who is slower at all is so by less."""
LEAST, FASTEST, FASTER, SIDE = 12 * 3600.0, 0.02, 0.3, 50
"""The seconds that all but the fastest two in a hundred take with a timer, the share of the other period's that were faster, and the rows that each has."""


def times_by_rule(engine: Engine, query: Query) -> Iterator[Finding]:
    """The findings on first replies and resolutions of which many are at once in one period and hardly any in the other, or none is fast."""
    if query.baseline is None or "tickets" not in engine.tables:
        return
    for fact, dated_by, kpis in (
        ("first_reply_time", "created_at", REPLIES),
        ("resolution_time", "resolved_at", RESOLUTIONS),
    ):
        new, old = (_times(engine, fact, dated_by, period) for period in (query.period, query.baseline))
        if new is None or old is None or not len(new) or not len(old):
            continue
        shares = [float((one <= AT_ONCE).sum()) / len(one) for one in (new, old)]
        most = max(shares)
        if most >= max(OFTEN, ROWS / min(len(new), len(old))) and min(shares) <= SELDOM * most:
            named = {"period": query.period.name, "baseline": query.baseline.name}
            if fact == "first_reply_time":
                text = Message("replies-at-once", share=shares[0], before=shares[1], **named)
            else:
                text = Message("resolved-in-a-minute", share=shares[0], before=shares[1], **named)
            yield Finding(code="times-by-rule", message=text, kpis=kpis, consequence=Consequence.NO_VERDICT)
        elif fact == "resolution_time":
            yield from _timer(new, old, query.period, query.baseline)


def _timer(new: pl.Series, old: pl.Series, period: Period, baseline: Period) -> Iterator[Finding]:
    """The finding on resolutions none of which is fast in one of the two periods."""
    if min(len(new), len(old)) < SIDE:
        return
    for slow, other, named in ((new, old, period), (old, new, baseline)):
        least, usual = slow.quantile(FASTEST), other.quantile(FASTEST)
        if least is None or usual is None or least < max(LEAST, GAP * usual):
            continue
        share = float((other < least).sum()) / len(other)
        if share >= FASTER:
            text = Message("none-resolved-fast", period=named.name, hours=round(least / 3600), share=share)
            kpis = (*RESOLUTIONS, *FLOWS)
            yield Finding(code="times-by-rule", message=text, kpis=kpis, consequence=Consequence.NO_VERDICT)


def _times(engine: Engine, fact: str, dated_by: str, period: Period) -> pl.Series | None:
    """The seconds of a period's times; None where the files have no such."""
    frame = engine.tables["tickets"].frame
    if fact not in engine.tables["tickets"].available or dated_by not in frame.columns:
        return None
    inside = engine.day("tickets", dated_by).is_between(period.start, period.end, closed="left")
    return frame.select(pl.col(fact).cast(pl.Float64)).filter(pl.lit(inside.fill_null(value=False)))[fact].drop_nulls()
