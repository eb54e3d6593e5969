"""Where results stand against targets: met and missed only when the whole interval is on one side."""

import math
from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core.estimates import Estimate
from kpi_core.facts.promises import words_like
from kpi_core.faults import suggestion
from kpi_core.kpi import Better, Kpi
from kpi_core.measures import Stock, Survival
from kpi_core.promise import Promise
from kpi_core.report import Finding, Status, Target


def stand(kpi: Kpi, estimate: Estimate, value: float) -> Target:
    """The target with where the estimate stands.

    The value itself decides for stocks, which have no interval; without one nothing is said of the rest, but that a
    time whose lower bound lies beyond the target is missed though its upper one is not reached. A KPI where neither way
    is better has no side to be on.
    """
    low, high = estimate.low, estimate.high
    if isinstance(kpi.measure, Survival) and low is not None and high is None and kpi.better is Better.LOWER:
        high = math.inf
    if isinstance(kpi.measure, Stock) and low is None and high is None:
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
        known = estimate.parts.get("beyond")
    if known is None or kpi.better is Better.NEITHER:
        return False
    return known < value if kpi.better is Better.HIGHER else known > value


def unused(promises: Mapping[str, tuple[Promise, ...]], tickets: pl.DataFrame | None) -> Iterator[Finding]:
    """Promises to tickets that the files do not have: a word misspelt would let the rest's target hold in silence."""
    if tickets is None:
        return
    named = [(what, *pair) for what, held in promises.items() for promise in held for pair in promise.among.items()]
    for what, column, word in dict.fromkeys(named):
        if column not in tickets.columns:
            text = f"the target of {what} for {column} `{word}` holds for no ticket: the files have no {column}"
        elif not words_like(tickets, column, word):
            words = tickets[column].drop_nulls().unique().cast(pl.String).to_list()
            text = f"the target of {what} for {column} `{word}` holds for no ticket{suggestion(word, words)}"
        else:
            continue
        yield Finding(code="unused-target", text=text)
