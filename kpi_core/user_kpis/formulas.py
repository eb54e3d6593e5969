"""A measure of a user's own in words: what stands as its formula wherever a KPI is explained."""

from kpi_core.user_kpis.pack import Keys, Measured, Of, Part


def formula(said: Measured, asks: str | None) -> str:
    """The measure as it was written, with the words for how its parts go together."""
    told = _measured(said)
    return f"{told}, of answers to {asks}" if asks else told


def left_out(said: Measured, asks: str | None) -> str:
    """Who is outside the population, in words."""
    about = said.share or said.net_share or said.mean or said.sum or said.quantile
    parts = [f"answers to other questions than {asks}"] if asks else []
    if about is not None and about.among not in (None, "all"):
        parts.append(f"rows that are not of `{about.among}`")
    if said.distinct is not None and said.distinct.having:
        parts.append(f"rows that are not of `{said.distinct.having}`")
    return ", ".join([*parts, "rows without a value"])


def _measured(said: Measured) -> str:
    if said.share is not None:
        return f"({said.share.of}) ÷ {_rows(said.share.among)}"
    if said.net_share is not None:
        net = said.net_share
        return f"(({net.plus}) − ({net.minus})) ÷ {_rows(net.among)}"
    if said.mean is not None:
        return f"mean of {_of(said.mean)}"
    if said.quantile is not None:
        at = said.quantile.at
        return f"{'median' if at == 0.5 else f'{at * 100:g}th percentile'} of {_of(said.quantile)}"
    if said.ratio is not None:
        return f"{_part(said.ratio.of)} ÷ {_part(said.ratio.to)}"
    if said.difference is not None:
        return f"{_part(said.difference.of)} − {_part(said.difference.less)}"
    return _counted(said.count, said.sum, said.distinct)


def _part(part: Part) -> str:
    told = _counted(part.count, part.sum, part.distinct)
    return f"{told} in {part.table}" if part.table else told


def _counted(count: str | None, added: Of | None, distinct: Keys | None) -> str:
    if count is not None:
        return _rows(count)
    if added is not None:
        return f"sum of {_of(added)}"
    return "" if distinct is None else f"different {distinct.key}{_where(distinct.having)}"


def _of(said: Of) -> str:
    return f"{said.of}{_where(said.among)}"


def _rows(condition: str | None) -> str:
    if condition is None:
        return "rows that say"
    return "rows" if condition == "all" else f"rows with {condition}"


def _where(condition: str | None) -> str:
    return f" where {condition}" if condition else ""
