"""A measure of a user's own in words: what stands as its formula wherever a KPI is explained."""

from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.user_kpis.pack import Keys, Measured, Of, Part


def formula(said: Measured, asks: str | None) -> Message:
    """The measure as it was written, with the words for how its parts go together."""
    told = _measured(said)
    return Message("own-of-answers", formula=told, question=asks) if asks else told


def left_out(said: Measured, asks: str | None) -> Message:
    """Who is outside the population, in words."""
    about = said.share or said.net_share or said.mean or said.sum or said.quantile
    parts = [Message("own-other-answers", question=asks)] if asks else []
    if about is not None and about.among not in (None, "all"):
        parts.append(Message("own-other-rows", condition=about.among or ""))
    if said.distinct is not None and said.distinct.having:
        parts.append(Message("own-other-rows", condition=said.distinct.having))
    return Message("own-left-out", parts=[*parts, Message("rows-without-a-value")])


def _measured(said: Measured) -> Message:
    if said.share is not None:
        return Message("own-share", of=said.share.of, rows=_rows(said.share.among))
    if said.net_share is not None:
        net = said.net_share
        return Message("own-net-share", plus=net.plus, minus=net.minus, rows=_rows(net.among))
    if said.mean is not None:
        return Message("own-mean", value=_of(said.mean))
    if said.quantile is not None:
        at, value = said.quantile.at, _of(said.quantile)
        return Message("own-median", value=value) if at == 0.5 else Message("own-percentile", at=at * 100, value=value)
    if said.ratio is not None:
        return Message("own-ratio", first=_part(said.ratio.of), second=_part(said.ratio.to))
    if said.difference is not None:
        return Message("own-difference", first=_part(said.difference.of), second=_part(said.difference.less))
    return _counted(said.count, said.sum, said.distinct)


def _part(part: Part) -> Message:
    told = _counted(part.count, part.sum, part.distinct)
    return Message("own-in-table", part=told, table=called(part.table)) if part.table else told


def _counted(count: str | None, added: Of | None, distinct: Keys | None) -> Message:
    if count is not None:
        return _rows(count)
    if added is not None:
        return Message("own-sum", value=_of(added))
    assert distinct is not None
    return Message("own-different", value=_where(distinct.key, distinct.having))


def _of(said: Of) -> Message | str:
    return _where(said.of, said.among)


def _rows(condition: str | None) -> Message:
    if condition is None:
        return Message("own-rows-that-say")
    return Message("own-rows") if condition == "all" else Message("own-rows-with", condition=condition)


def _where(value: str, condition: str | None) -> Message | str:
    return Message("own-where", value=value, condition=condition) if condition else value
