"""Where results stand against targets: met and missed only when the whole interval is on one side."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from kpi_core.config.validation import nearest
from kpi_core.engine.plan import fed_by
from kpi_core.facts import Facts
from kpi_core.facts.promises import words_like
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Finding
from kpi_core.model.goal import Goal, goals_for
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Count, Difference, Index, Mean, Stock, Sum, Survival
from kpi_core.model.periods import Period
from kpi_core.model.promise import Promise
from kpi_core.model.report import KpiResult, Status, Target
from kpi_core.model.stocks_and_survival import StockAge, StockDays
from kpi_core.quality.coverage.covered_days import Coverage

RESCALED = {"rescaled": 100.0, "rating_of_5": 5.0, "stars": 5.0}
"""The highest value of facts that have a scale of their own."""


FACTS = (Count, Sum, Difference)
"""What is a fact, so that its value decides as soon as its period is over."""


def all_aimed(
    results: Sequence[KpiResult],
    asked: Mapping[str, Sequence[Goal]],
    facts: Mapping[str, Facts],
    covered: Mapping[str, Coverage],
    kpis: Sequence[Kpi],
    as_of: datetime | None,
) -> list[KpiResult]:
    """The results of a report, each with where it stands; `covered` are the days that tables have, `kpis` all that were computed."""
    forms = Counter(kpi.name for kpi in kpis)
    return [
        aimed(
            one, asked, facts, is_one=forms[one.kpi.name] == 1, as_of=as_of,
            is_complete=all(covered[table].completes(one.period) for table in fed_by(one.kpi) if table in covered),
        )
        for one in results
    ]  # fmt: skip


def aimed(
    result: KpiResult,
    asked: Mapping[str, Sequence[Goal]],
    facts: Mapping[str, Facts],
    *,
    is_one: bool,
    is_complete: bool = True,
    as_of: datetime | None = None,
) -> KpiResult:
    """The result with where it stands, or with why no target judges it.

    A group has its own target, else that of all rows unless it is a count or a sum, of which a group has a part. A target without a currency is of none, so of several none is judged by it;
    one out of 5 judges marks out of 5 only. A value that is not final settles no target, nor does a count of a period that is not
    over; one that is not reached before its deadline is not missed.
    """
    goals = goals_for(asked.get(result.kpi.name, ()), result.group, adds_up=adds_up(result.kpi))
    estimate = result.estimate
    if not goals or result.suppressed or (estimate.value is None and estimate.parts.beyond is None):
        return result
    currency = result.kpi.currency
    goal = next((one for one in goals if one.currency in (None, currency)), goals[0])
    unjudged = why_not_judged(result.kpi, goal, facts, is_one=is_one)
    if unjudged is not None:
        return replace(result, notes=(*result.notes, Message("no-target", why=unjudged)))
    notes = result.notes
    if goal.currency is not None and currency is None:
        notes = (*notes, Message("target-currency-assumed", currency=goal.currency))
    if is_turned(result.kpi, goal):
        notes = (*notes, Message("no-target", why=Message("target-turned")))
        return replace(result, notes=notes, target=Target(value=goal.value, status=Status.CANNOT_TELL))
    if result.unjudged is not None:
        notes = (*notes, Message("no-target", why=result.unjudged))
        return replace(result, notes=notes, target=Target(value=goal.value, status=Status.CANNOT_TELL))
    if result.immature is not None or (isinstance(result.kpi.measure, FACTS) and not is_complete):
        return replace(result, notes=notes, target=Target(value=goal.value, status=Status.CANNOT_TELL))
    stood = stand(result.kpi, estimate, goal.value)
    if stood.status is Status.MISSED and is_ahead(goal, result.period, as_of):
        stood = replace(stood, status=Status.NOT_DUE)
    return replace(result, notes=notes, target=stood)


def adds_up(kpi: Kpi) -> bool:
    """Whether groups add up to all rows: counts, sums, and what is open; an age or days of work do not."""
    measure = kpi.measure
    return isinstance(measure, FACTS) or (isinstance(measure, Stock) and not isinstance(measure, StockAge | StockDays))


def is_better(kpi: Kpi, value: float, than: float) -> bool:
    """Whether a value is on the good side of another; of what has no good side it never is."""
    return value > than if kpi.better is Better.HIGHER else kpi.better is Better.LOWER and value < than


def is_turned(kpi: Kpi, goal: Goal) -> bool:
    """Whether a target lies on the wrong side of its start: then one of the two is meant the other way, as of effort and ease."""
    return goal.start is not None and is_better(kpi, goal.start, goal.value)


def is_ahead(goal: Goal, period: Period, as_of: datetime | None) -> bool:
    """Whether a target's deadline lies behind the period's end; of everything there is, behind what is known."""
    if goal.deadline is None:
        return False
    if period.end is None:
        return as_of is not None and goal.deadline > as_of.date()
    return goal.deadline >= period.end


def why_not_judged(kpi: Kpi, goal: Goal, facts: Mapping[str, Facts], *, is_one: bool) -> Message | None:
    """Why the goal says nothing of the KPI's value; None where it does."""
    if goal.currency is None and not is_one:
        return Message("target-several-currencies")
    if goal.currency is not None and kpi.currency not in (None, goal.currency):
        return Message("target-other-currency", currency=goal.currency, own=kpi.currency)
    if goal.highest is not None and (highest := _highest(kpi, facts)) != goal.highest:
        if highest is None:
            return Message("target-no-scale", highest=goal.highest)
        return Message("target-other-scale", highest=goal.highest, own=highest)
    return None


def _highest(kpi: Kpi, facts: Mapping[str, Facts]) -> float | None:
    """The highest value a mean of marks can have; None for what is no mark."""
    if kpi.unit is not Unit.SCORE or not isinstance(kpi.measure, Mean | Index):
        return None
    fact = kpi.measure.facts()[0]
    roots = set(fact.meta.root_names())
    if fixed := [highest for name, highest in RESCALED.items() if name in roots]:
        return fixed[0]
    frame = facts[kpi.table].frame
    if "scale_high" not in frame.columns:
        return None
    found = frame.filter(fact.is_not_null()).select(pl.col("scale_high").max()).item()
    return None if found is None else float(found)


def stand(kpi: Kpi, estimate: Estimate, value: float) -> Target:
    """The target with where the estimate stands.

    The value itself decides for stocks and counts, which have no interval; without one the rest stays open, but that a
    time whose lower bound lies beyond the target is missed though its upper one is not reached. A KPI where neither way
    is better has no side to be on.
    """
    low, high = estimate.low, estimate.high
    if isinstance(kpi.measure, Survival) and low is not None and high is None and kpi.better is Better.LOWER:
        high = math.inf
    if isinstance(kpi.measure, (Stock, *FACTS)) and low is None and high is None:
        low = high = estimate.value
    if low is None or high is None or kpi.better is Better.NEITHER:
        return Target(value=value, status=Status.CANNOT_TELL)
    if kpi.better is Better.LOWER:
        low, high, value_side = -high, -low, -value
    else:
        value_side = value
    status = Status.MET if low >= value_side else Status.MISSED if high < value_side else Status.CANNOT_TELL
    return Target(value=value, status=status)


def is_point_missed(kpi: Kpi, estimate: Estimate, value: float) -> bool:
    """Whether the value alone is on the wrong side of the target."""
    known = estimate.value
    if known is None and kpi.better is Better.LOWER:
        known = estimate.parts.beyond
    if known is None or kpi.better is Better.NEITHER:
        return False
    return known < value if kpi.better is Better.HIGHER else known > value


def unused(promises: Mapping[str, tuple[Promise, ...]], tickets: pl.DataFrame | None) -> Iterator[Finding]:
    """Promises to tickets that the files do not have: a word misspelt would let the rest's target hold in silence."""
    if tickets is None:
        return
    named = [
        (what, *pair) for what, promised in promises.items() for promise in promised for pair in promise.among.items()
    ]
    for what, column, word in dict.fromkeys(named):
        if column not in tickets.columns:
            text = Message("unused-target-column", what=what, column=column, word=word)
        elif not words_like(tickets, column, word):
            words = tickets[column].drop_nulls().unique().cast(pl.String).to_list()
            near = nearest(word, words)
            text = Message("unused-target", what=what, column=column, word=word)
            if near is not None:
                text = Message("unused-target-but", what=what, column=column, word=word, near=near)
        else:
            continue
        yield Finding(code="unused-target", message=text)
