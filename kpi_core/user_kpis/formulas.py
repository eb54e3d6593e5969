"""A measure of a user's own in words: what stands as its formula wherever a KPI is explained."""

from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.user_kpis.pack import Keys, Measured, Of, Part


def formula(measure: Measured, asks: str | None) -> Message:
    """The measure as it was written, with the words for how its parts go together."""
    measured = _measured(measure)
    return Message("own-of-answers", formula=measured, question=asks) if asks else measured


def left_out(measure: Measured, asks: str | None) -> Message:
    """Who is outside the population, in words."""
    about = measure.share or measure.net_share or measure.mean or measure.sum or measure.quantile
    parts = [Message("own-other-answers", question=asks)] if asks else []
    if about is not None and about.among not in (None, "all"):
        parts.append(Message("own-other-rows", condition=about.among or ""))
    if measure.distinct is not None and measure.distinct.having:
        parts.append(Message("own-other-rows", condition=measure.distinct.having))
    return Message("own-left-out", parts=[*parts, Message("rows-without-a-value")])


def _measured(measure: Measured) -> Message:
    if measure.share is not None:
        return Message("own-share", of=measure.share.of, rows=_rows(measure.share.among))
    if measure.net_share is not None:
        net = measure.net_share
        return Message("own-net-share", plus=net.plus, minus=net.minus, rows=_rows(net.among))
    if measure.mean is not None:
        return Message("own-mean", value=_of(measure.mean))
    if measure.quantile is not None:
        at, value = measure.quantile.at, _of(measure.quantile)
        return Message("own-median", value=value) if at == 0.5 else Message("own-percentile", at=at * 100, value=value)
    if measure.ratio is not None:
        return Message("own-ratio", first=_part(measure.ratio.of), second=_part(measure.ratio.to))
    if measure.difference is not None:
        return Message("own-difference", first=_part(measure.difference.of), second=_part(measure.difference.less))
    return _counted(measure.count, measure.sum, measure.distinct)


def _part(part: Part) -> Message:
    counted = _counted(part.count, part.sum, part.distinct)
    return Message("own-in-table", part=counted, table=called(part.table)) if part.table else counted


def _counted(count: str | None, added: Of | None, distinct: Keys | None) -> Message:
    if count is not None:
        return _rows(count)
    if added is not None:
        return Message("own-sum", value=_of(added))
    assert distinct is not None
    return Message("own-different", value=_where(distinct.key, distinct.having))


def _of(value: Of) -> Message | str:
    return _where(value.of, value.among)


def _rows(condition: str | None) -> Message:
    if condition is None:
        return Message("own-rows-that-say")
    return Message("own-rows") if condition == "all" else Message("own-rows-with", condition=condition)


def _where(value: str, condition: str | None) -> Message | str:
    return Message("own-where", value=value, condition=condition) if condition else value
