"""Targets of which not both can be meant: two sides of one thing, parts beyond their whole, and a way that is not the better one."""

from collections.abc import Iterator, Sequence

from kpi_core.analysis.targets import is_better
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.measures import Quantile, Share
from kpi_core.model.periods import Grain, Period
from kpi_core.model.stocks_and_survival import Gone, Kept

APART = 0.005
"""How far two sides of one thing may be from adding up to 1."""
A_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.WEEK: 52}
"""Steps in a year, by which a share that is kept is raised."""

STEPS = {Grain.WEEK: Message("step-week"), Grain.MONTH: Message("step-month"), Grain.QUARTER: Message("step-quarter")}

Aim = tuple[Kpi, Goal]


def contradictions(aims: Sequence[Aim], period: Period) -> Iterator[Message]:
    """What does not go together, pair by pair; only targets for the same rows are compared."""
    for kpi, goal in aims:
        if goal.start is not None and kpi.better is not Better.NEITHER and is_better(kpi, goal.start, goal.value):
            yield Message("contrary-start", kpi=label(kpi), value=shown(kpi, goal.value), start=shown(kpi, goal.start)) if kpi.better is Better.HIGHER else Message(
                "contrary-start-lower", kpi=label(kpi), value=shown(kpi, goal.value), start=shown(kpi, goal.start)
            )  # fmt: skip
    for place, first in enumerate(aims):
        for second in aims[place + 1 :]:
            if first[1].segment == second[1].segment:
                yield from _pair(first, second, period)


def _pair(one: Aim, other: Aim, period: Period) -> Iterator[Message]:
    for (kpi, goal), (against, its) in ((one, other), (other, one)):
        if kpi.better is Better.HIGHER and _are_complements(kpi, against):
            yield from _complements(kpi, goal, against, its, period)
        if _is_further_out(kpi, against) and is_better(against, its.value, goal.value):
            yield Message(
                "contrary-quantiles", kpi=label(kpi), value=shown(kpi, goal.value), other=label(against), its=shown(against, its.value),
            )  # fmt: skip


def _complements(kpi: Kpi, goal: Goal, other: Kpi, its: Goal, period: Period) -> Iterator[Message]:
    """Two targets, or two starts, that do not add up to 1; of what is kept from period to period also what each is in a year."""
    pairs = [(goal.value, its.value, False)]
    if goal.start is not None and its.start is not None:
        pairs.append((goal.start, its.start, True))
    for kept, lost, is_start in pairs:
        if abs(kept + lost - 1) <= APART:
            continue
        names, sums = (
            {"kpi": label(kpi), "other": label(other)},
            {"kept": kept, "lost": lost, "rest": 1 - kept, "stay": 1 - lost},
        )
        yield (
            Message("contrary-starts", **names, **sums)
            if is_start
            else Message("contrary-complements", **names, **sums)
        )
        steps = A_YEAR.get(period.grain) if period.grain is not None else None
        if isinstance(kpi.measure, Kept) and steps is not None and period.grain is not None and not is_start:
            yield Message(
                "contrary-a-year", step=STEPS[period.grain], lost=lost, a_year=(1 - lost) ** steps, kept=kept,
                a_step=1 - kept ** (1 / steps),
            )  # fmt: skip


def _are_complements(kpi: Kpi, other: Kpi) -> bool:
    """Whether two shares are of the same rows, and what is in one is not in the other."""
    if (kpi.table, kpi.dated_by) != (other.table, other.dated_by):
        return False
    one, its = kpi.measure, other.measure
    if isinstance(one, Kept) and isinstance(its, Kept):
        return isinstance(one, Gone) != isinstance(its, Gone)
    if not isinstance(one, Share) or not isinstance(its, Share) or kpi.better is other.better:
        return False
    is_of_same = one.among.meta.eq(its.among)
    return is_of_same and (one.of.meta.eq(~its.of) or its.of.meta.eq(~one.of))


def _is_further_out(kpi: Kpi, other: Kpi) -> bool:
    """Whether the other is a higher quantile of the same times, so that it cannot be shorter."""
    one, its = kpi.measure, other.measure
    return (
        isinstance(one, Quantile) and isinstance(its, Quantile) and kpi.table == other.table and kpi.better is Better.LOWER
        and one.at < its.at and one.of.meta.eq(its.of)
    )  # fmt: skip


def shown(kpi: Kpi, value: float) -> Message:
    """A value in a sentence, with its unit."""
    match kpi.unit.value:
        case "share":
            return Message("value-share", value=value)
        case "points":
            return Message("value-points", value=value * 100)
        case "seconds":
            return Message("value-time", value=value)
    return Message("value-number", value=value)


def label(kpi: Kpi) -> Defined:
    """What a KPI is called in a sentence."""
    own = "" if kpi.own is None else kpi.own.labels.get("en") or next(iter(kpi.own.labels.values()), "")
    return Defined("kpis", kpi.name, own or kpi.name)
