"""Two sides of a ratio that are not of the same: costs of two months and tickets of three, costs in one currency and tickets of all.

And months that a table lacks inside a longer period, where chance would not leave them empty.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.engine.cells import is_of_months
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import CURRENCY, fed_by, sides, whole
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count, Distinct, Part, Ratio, Sum
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.model.tables import TABLES

BY_CHANCE = 0.001
"""How likely a month without a row may be, among months with as many days that have some, and still be called missing."""
Months = Mapping[date, int]


def unequal_sides(engine: Engine, query: Query) -> Iterator[Finding]:
    """The findings on ratios of two tables, and on months without rows, in the period of the query."""
    yield from _missing_months(engine, query.period)
    reported = set[str]()
    for kpi in engine.kpis:
        both = sides(whole(kpi)) if isinstance(kpi.measure, Ratio) else ()
        if len(both) != 2 or both[0].table == both[1].table or kpi.name in reported:
            continue
        for found in (
            _several_currencies(engine, kpi, both, query.period),
            _other_months(engine, kpi, both, query.period),
        ):
            if found is not None:
                reported.add(kpi.name)
                yield found


def _missing_months(engine: Engine, period: Period) -> Iterator[Finding]:
    """Months of the period without a row of a table that has many in those before and after."""
    for table, facts in engine.tables.items():
        dated = next((name for name in TABLES[table].events if name in facts.frame.columns), None)
        kpis = tuple(dict.fromkeys(kpi.name for kpi in engine.kpis if table in fed_by(kpi)))
        if table == "costs" or dated is None or not kpis:
            continue
        days = _days_by_month(facts.day(dated))
        holes = [month for month in _within(period, days) if month not in days and min(days) < month < max(days)]
        if holes and _is_no_chance(days):
            text = Message("missing-months", table=called(table), column=dated, months=_listed(holes), count=len(holes))
            yield Finding(code="missing-months", message=text, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)  # fmt: skip


def _other_months(engine: Engine, kpi: Kpi, both: Sequence[Part], period: Period) -> Finding | None:
    """That one side of a ratio lacks months of the period that the other has."""
    if not isinstance(both[0].measure, Sum | Count | Distinct):
        return None
    if not isinstance(both[1].measure, Count | Distinct):  # what is there on a day, of which no month lacks
        return _hole(engine, kpi, both[0], period)
    first, second = (_months(engine, side) for side in both)
    if not first or not second:
        return None
    for (own, side), (others, other) in (((first, both[0]), (second, both[1])), ((second, both[1]), (first, both[0]))):
        lacking = [month for month in _within(period, own | others) if month not in own and month in others]
        if period.is_all:
            lacking = [month for month in lacking if min(own) < month < max(own)]
        is_sum = isinstance(side.measure, Sum)
        if not lacking or not (
            2 * len(lacking) <= len(_within(period, own | others)) if is_sum else _is_no_chance(own)
        ):
            continue
        text = Message(
            "sides-of-other-months", side=_called(side, kpi), other=_called(other, kpi), months=_listed(lacking)
        )
        return Finding(code="unequal-sides", message=text, kpis=(kpi.name,), is_serious=True, consequence=Consequence.NO_VALUE)  # fmt: skip
    return None


def _hole(engine: Engine, kpi: Kpi, side: Part, period: Period) -> Finding | None:
    """That what is counted for each one there lacks months of the period between others."""
    own = _months(engine, side)
    lacking = [month for month in _within(period, own) if month not in own and min(own) < month]
    if not lacking or not _is_no_chance(own):
        return None
    text = Message("side-with-a-hole", side=_called(side, kpi), months=_listed(lacking))
    return Finding(
        code="unequal-sides", message=text, kpis=(kpi.name,), is_serious=True, consequence=Consequence.NO_VALUE
    )


def _several_currencies(engine: Engine, kpi: Kpi, both: Sequence[Part], period: Period) -> Finding | None:
    """That amounts in several currencies are divided by what all of them were for."""
    money, other = both
    table = engine.tables.get(money.table or "")
    has_own = other.table is not None and TABLES[other.table].column(CURRENCY) is not None
    if kpi.currency is None or has_own or table is None or not isinstance(money.measure, Sum):
        return None
    amounts = [name for name in money.measure.of.meta.root_names() if name != CURRENCY]
    if not amounts or CURRENCY not in table.frame.columns:
        return None
    dated = table.frame.with_columns(table.day(money.dated_by or "").alias("_day"))
    rows = dated.filter(pl.all_horizontal(pl.col(amounts).is_not_null()))
    if period.start is not None and period.end is not None and money.dated_by in rows.columns:
        rows = rows.filter(pl.col("_day").is_between(period.start, period.end, closed="left"))
    named = sorted(rows[CURRENCY].cast(pl.String).drop_nulls().unique())
    if len(named) < 2:
        return None
    text = Message(
        "several-currencies", money=called(money.table or ""), currencies=named, other=called(other.table or "")
    )
    # A customer may have been won with one currency alone; a ticket has a share of all support.
    rests = Consequence.NO_VALUE if other.table == "tickets" else Consequence.NOTED
    return Finding(code="several-currencies", message=text, kpis=(kpi.name,), is_serious=True, consequence=rests)


def _months(engine: Engine, side: Part) -> dict[date, int]:
    """By month (its first day) on how many days a side has rows that count in it."""
    facts = engine.tables.get(side.table or "")
    if facts is None or side.dated_by not in facts.frame.columns:
        return {}
    fact = side.measure.facts()[0]
    if not set(fact.meta.root_names()) <= set(facts.frame.columns):
        return {}
    days = facts.frame.select(day=facts.day(side.dated_by), is_in=fact.is_not_null())
    return _days_by_month(days.filter("is_in")["day"])


def _days_by_month(dates: pl.Series) -> dict[date, int]:
    days = dates.drop_nulls().unique().to_frame("day")
    counts = days.group_by(month=pl.col("day").dt.truncate("1mo")).len().sort("month")
    return dict(counts.iter_rows())


def _within(period: Period, months: Months) -> list[date]:
    """The months of a period of several whole ones, up to the newest that has rows; none of a shorter period."""
    if not months or (not period.is_all and not is_of_months(period)):
        return []
    first, last = (min(months), max(months))
    if period.start is not None and period.end is not None:
        first, last = period.start, min(last, period.end - timedelta(days=1))
    found = []
    while first <= last:
        found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return found if len(found) > 1 else []


def _is_no_chance(days: Months) -> bool:
    """Whether months have so many days with rows that one of none is no chance."""
    return math.exp(-sum(days.values()) / len(days)) < BY_CHANCE


def _called(side: Part, kpi: Kpi) -> Message | str:
    table = called(side.table or kpi.table)
    kinds = {"acquisition_cost": Message("costs-of-acquisition"), "support_cost": Message("costs-of-support")}
    if isinstance(side.measure, Sum):
        return next((kinds[name] for name in side.measure.of.meta.root_names() if name in kinds), table)
    return table


def _listed(months: Sequence[date]) -> list[str]:
    return [f"{month:%Y-%m}" for month in months]
