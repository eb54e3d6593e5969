"""What a KPI rests on: its measures that have rows of their own, and the columns they are made of."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import polars as pl

from kpi_core.facts.tickets import FROM_ANSWERS
from kpi_core.model.conditions.row_view import plain
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Combined, Count, Distinct, Index, Measure, Part, Ratio, Sum
from kpi_core.model.tables import TABLES

CURRENCY = "currency"


def whole(kpi: Kpi) -> Part:
    """The KPI's measure with its table and date."""
    return Part(kpi.measure, kpi.table, kpi.dated_by)


def sides(part: Part) -> tuple[Part, ...]:
    """The two sides of a measure made of two, each with its table and date; none of any other."""
    if not isinstance(part.measure, Combined):
        return ()
    return tuple(
        Part(side.measure, side.table or part.table, side.dated_by or part.dated_by)
        for side in (part.measure.first, part.measure.second)
    )


@lru_cache(maxsize=1024)
def leaves(kpi: Kpi) -> tuple[Part, ...]:
    """The measures of a KPI that rest on rows, each with its table and date."""
    return tuple(_leaves(whole(kpi)))


def _leaves(part: Part) -> Iterator[Part]:
    if not (both := sides(part)):
        yield part
    for side in both:
        yield from _leaves(side)


@lru_cache(maxsize=1024)
def needs(kpi: Kpi) -> frozenset[tuple[str, str]]:
    """The (table, column) pairs a KPI's facts are made of; a working column is the one that it shows."""
    columns = {(table, plain(name)) for table, name in speaks_of(kpi)}
    questions = set(kpi.measure.weights) if isinstance(kpi.measure, Index) else {kpi.asks} if kpi.asks else set()
    return frozenset(columns | {(kpi.table, f"question:{question}") for question in questions})


def fed_by(kpi: Kpi) -> frozenset[str]:
    """The tables that a KPI's rows come from or are joined to."""
    tables = {leaf.table or kpi.table for leaf in leaves(kpi)}
    joined = {"answers" for table, column in needs(kpi) if table == "tickets" and column in FROM_ANSWERS}
    return frozenset(tables | joined)


@lru_cache(maxsize=1024)
def speaks_of(kpi: Kpi) -> frozenset[tuple[str, str]]:
    """The (table, column) pairs that a KPI's facts speak of, working columns among them."""
    return frozenset(
        (leaf.table or kpi.table, name)
        for leaf in leaves(kpi)
        for fact in leaf.measure.facts()
        for name in fact.meta.root_names()
    )


@lru_cache(maxsize=1024)
def respondents(index: Index) -> Distinct:
    """Those who answered any question of an index."""
    parts = pl.col(index.question).is_in(list(index.weights)) & pl.col(index.score).is_not_null()
    return Distinct(pl.when(parts).then(pl.col(index.respondent)))


def is_money(kpi: Kpi) -> bool:
    """Whether it adds up amounts that are in a currency."""
    return any(isinstance(leaf.measure, Sum) and _has_currency(leaf) for leaf in leaves(kpi))


def _has_currency(part: Part) -> bool:
    return part.table is not None and TABLES[part.table].column(CURRENCY) is not None


def in_currency(kpi: Kpi, currency: str) -> Kpi:
    """The KPI over the amounts in one currency; what it divides them by stays whole where it has no currency."""
    return replace(kpi, currency=currency, measure=_in_currency(whole(kpi), pl.col(CURRENCY) == currency))


def _in_currency(part: Part, rows: pl.Expr) -> Measure:
    measure = part.measure
    if isinstance(measure, Combined):
        first, second = (replace(side, measure=_in_currency(side, rows)) for side in sides(part))
        return replace(measure, first=first, second=second)
    return measure.only(rows) if _has_currency(part) and isinstance(measure, Sum | Count) else measure


def of_resolutions(kpi: Kpi) -> Count | None:
    """What counts resolutions of a KPI that is a count, or a rate of counts."""
    if not isinstance(kpi.measure, Count | Ratio):
        return None
    for one in leaves(kpi):
        if (one.table, one.dated_by) == ("tickets", "resolved_at") and isinstance(one.measure, Count):
            return one.measure
    return None
