"""Whether answers find the tickets that they name, in both periods alike: what tickets know of their answers rests on it.

A survey that comes to write ticket numbers in another way, or none, looks like customers who have stopped answering; and
so does a period whose tickets are older than the files.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import leaves, needs
from kpi_core.engine.states.sums import in_period
from kpi_core.facts.tickets import FROM_ANSWERS
from kpi_core.messages.message import Message
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import Immature, KpiResult, Query
from kpi_core.quality.coverage.gaps import OF_QUESTION
from kpi_core.records import dataclass
from kpi_core.stats.intervals import shares

CODE = "ticket-match"
ALIKE = 0.8
"""How much of one period's share the other's must be for the two to be alike."""
CONFIDENCE = 0.95
BY_CHANCE = 0.01
"""How likely chance may make a difference of the two shares and still be no matter."""
NEARLY_NONE = 0.05
"""The share of answers that find their ticket below which what is counted by them is nothing."""
MOST = 0.5
"""The share of answers that name a ticket from which a survey is one that names them."""
COUNTED = frozenset({"is_surveyed", "is_confirmed"})
"""The facts of which tickets that no answer finds are taken to have the opposite: a share of them would be 0."""
LACKS = "lacks:"
"""Before the name of a dimension: whether an answer is in no group of it."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many answers a period has, how many of them name a ticket, and how many of these find it."""

    period: Period
    answers: int
    named: int
    found: int

    @property
    def message(self) -> Message:
        """How many find it, of how many, and in which period."""
        return Message("found-in-period", found=self.found, named=self.named, share=self.share, period=self.period.name)

    @property
    def share(self) -> float:
        """Of those that name a ticket, the share that find it."""
        return self.found / self.named if self.named else 0.0

    @property
    def is_lost(self) -> bool:
        """Whether answers name tickets and hardly one of them finds it."""
        return self.named > 0 and self.share < NEARLY_NONE

    @property
    def naming(self) -> float:
        """The share that name a ticket."""
        return self.named / self.answers if self.answers else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TicketMatch:
    """The answers of the report's periods with whether each finds its ticket, and the KPIs by the facts that they supply.

    `days` are their counts by question and day, `split` the dimensions that tickets supply, `picked` those that the condition picks rows by.
    """

    rows: pl.DataFrame
    days: pl.DataFrame
    by_fact: Mapping[str, Sequence[str]]
    split: Sequence[str]
    picked: Collection[str]
    engine: Engine
    query: Query

    def findings(self) -> Iterator[Finding]:
        """The findings on the KPIs that rest on answers and their tickets together."""
        by_message: dict[tuple[Consequence, Message], list[str]] = {}
        for fact, names in self.by_fact.items():
            messages = [_consequence(self.days, self.query, question, fact) for question in _questions(fact)]
            if gravest := max(filter(None, messages), key=lambda one: list(Consequence).index(one[0]), default=None):
                by_message.setdefault(gravest, []).extend(names)
        for (consequence, text), kpis in by_message.items():
            names = tuple(dict.fromkeys(kpis))
            yield Finding(code=CODE, message=text, kpis=names, is_serious=True, consequence=consequence)
        yield from self._of_splits()

    def _of_splits(self) -> Iterator[Finding]:
        """The findings on the answers in the groups of a dimension that tickets supply, and on those that a condition picks by one."""
        names = tuple(kpi.name for kpi in self.engine.kpis if any(leaf.table == "answers" for leaf in leaves(kpi)))
        lost, now = self.rows.filter(~pl.col("found")), _found(self.days, self.query.period, None)
        text = _compared(self.days, self.query, None)
        for name in self.split if names else ():
            if lost[LACKS + name].sum() <= MOST * lost.height:
                continue
            is_none = name in self.picked and now.is_lost
            message = _lost(now, None) if is_none else text
            if message is not None:
                message = Message("lost-are-in-no-group", match=message, dimension=name)
                follows = Consequence.NO_VALUE if is_none else Consequence.NO_VERDICT
                yield Finding(code=CODE, message=message, kpis=names, by=name, is_serious=True, consequence=follows)

    def without_lost(self, results: Iterable[KpiResult]) -> list[KpiResult]:
        """The results without the values of other periods that hardly one answer's ticket is found for."""
        return [self._without_lost(result) for result in results]

    def _without_lost(self, result: KpiResult) -> KpiResult:
        facts = [fact for fact in sorted(COUNTED) if result.kpi.name in self.by_fact.get(fact, ())]
        lost = {period for fact in facts for period in self._lost[fact]}
        if not lost:
            return result
        trend = tuple(
            Estimate(value=None, n=one.n) if period in lost and one.value is not None else one
            for period, one in zip(self.query.trend, result.trend, strict=False)
        )
        young = result.immature
        if young is not None and young.newest in lost:
            young = Immature(final_at=young.final_at)
        result = replace(result, trend=trend, immature=young)
        return replace(result, baseline=None, change=None) if self.query.baseline in lost else result

    @cached_property
    def _lost(self) -> Mapping[str, Collection[Period]]:
        """By fact the periods that hardly one answer's ticket is found for."""
        periods = [period for period in (*self.query.trend, self.query.baseline) if period is not None]
        return {
            fact: {one for one in periods for question in _questions(fact) if _found(self.days, one, question).is_lost}
            for fact in COUNTED.intersection(self.by_fact)
        }


def ticket_match(tables: Mapping[str, pl.DataFrame], engine: Engine, query: Query) -> TicketMatch | None:
    """How answers find their tickets; None where nothing asked for rests on it.

    Args:
        tables: as the files have them, before any condition.
        engine: with the KPIs asked for.
        query: with the periods, the dimensions and the condition.
    """
    by_fact = {fact: [kpi.name for kpi in engine.kpis if ("tickets", fact) in needs(kpi)] for fact in FROM_ANSWERS}
    by_fact = {fact: names for fact, names in sorted(by_fact.items()) if names}
    answers, tickets = tables.get("answers"), tables.get("tickets")
    if answers is None or tickets is None or "ticket_id" not in answers.columns or "ticket_id" not in tickets.columns:
        return None
    picked = columns_of(parse_condition(query.where)) if query.where else ()
    both = set(answers.columns).intersection(tickets.columns)
    split = [name for name in dict.fromkeys((*query.by, *picked)) if name in both]
    if not (by_fact or split):
        return None
    rows = _rows(answers, tickets, split, engine, query)
    return TicketMatch(
        rows=rows, days=_by_day(rows), by_fact=by_fact, split=split, picked=picked, engine=engine, query=query
    )


def _questions(fact: str) -> Iterable[str | None]:
    """What a fact may come from: any answer at all, and those to its own question."""
    return dict.fromkeys((None, OF_QUESTION.get(fact)))


def _rows(
    answers: pl.DataFrame, tickets: pl.DataFrame, split: Sequence[str], engine: Engine, query: Query
) -> pl.DataFrame:
    """The answers given from the first period to the last: their day, whether they name a ticket and there is such a one, what dimensions they lack."""
    given = answers.lazy().filter(pl.col("score").is_not_null())
    day = engine.clock.day("answered_at") if "answered_at" in answers.columns else pl.lit(None, pl.Date)
    lacks = (pl.col(name).is_null().alias(LACKS + name) for name in split)
    is_marked = "_first" in answers.columns  # by reading the files, of each response on one of its answers
    first = pl.col("_first") if is_marked else pl.col("response_id").is_first_distinct()
    dated = given.select("question", "ticket_id", *lacks, first.alias("is_first"), day.alias("day"))
    rows = in_period(dated, _span(query)).collect()
    known = tickets.select("ticket_id").join(rows, on="ticket_id", how="semi")["ticket_id"]
    is_named = pl.col("ticket_id").is_not_null()
    return rows.with_columns(named=is_named, found=is_named & pl.col("ticket_id").is_in(known.implode()))


def _span(query: Query) -> Period:
    """From the first day of all the report's periods to the last."""
    periods = [period for period in (query.period, query.baseline, *query.trend) if period is not None]
    starts = [period.start for period in periods if period.start is not None]
    ends = [period.end for period in periods if period.end is not None]
    if query.period.is_all or not starts or not ends:
        return query.period
    return Period(min(starts), max(ends))


def _consequence(
    days: pl.DataFrame, query: Query, question: str | None, fact: str
) -> tuple[Consequence, Message] | None:
    """What follows for a fact from the answers to a question (None: to any), and the words for it."""
    now, is_counted = _found(days, query.period, question), fact in COUNTED
    if now.is_lost and is_counted:
        return Consequence.NO_VALUE, _lost(now, question)
    if (text := _compared(days, query, question)) is not None:
        is_none = is_counted and now.naming < NEARLY_NONE
        return Consequence.NO_VALUE if is_none else Consequence.NO_VERDICT, text
    if now.is_lost:
        return Consequence.NOTED, Message("lost-count-as-unrated", match=_lost(now, question))
    return None


def _lost(now: Found, question: str | None) -> Message:
    return _find(question, now)


def _find(question: str | None, *found: Found) -> Message:
    """How many answers to a question (None: to any) find their ticket, period by period."""
    counts = [one.message for one in found]
    if question is None:
        return Message("answers-find", counts=counts)
    return Message("answers-to-find", counts=counts, question=question)


def _compared(days: pl.DataFrame, query: Query, question: str | None) -> Message | None:
    """The message for two periods whose answers do not name or find their tickets alike; None where they do, or there is one."""
    if query.baseline is None:
        return None
    now, before = _found(days, query.period, question), _found(days, query.baseline, question)
    few, more = sorted((now, before), key=lambda one: one.naming)
    if (
        few.naming < NEARLY_NONE
        and more.naming >= MOST
        and _is_no_chance(few.named, few.answers, more.named, more.answers)
    ):
        splits = [
            Message("of-in-period", count=one.named, all=one.answers, period=one.period.name) for one in (now, before)
        ]
        if question is None:
            return Message("answers-name", counts=splits)
        return Message("answers-to-name", counts=splits, question=question)
    return _find(question, now, before) if _differ(now, before) else None


def _by_day(rows: pl.DataFrame) -> pl.DataFrame:
    """The answers by question (null: to any, each response counted once) and day: how many, how many name a ticket, how many find it."""
    counts = (pl.len().alias("answers"), pl.col("named").sum(), pl.col("found").sum())
    counted = rows.lazy().group_by("question", "day").agg(counts)
    of_any = rows.lazy().filter("is_first").group_by("day").agg(counts).with_columns(question=pl.lit(None, pl.String))
    return pl.concat([counted.cast({"question": pl.String}), of_any], how="diagonal").collect()


def _found(days: pl.DataFrame, period: Period, question: str | None) -> Found:
    """The answers of a period to a question, or to any."""
    own = in_period(days, period).filter(pl.col("question").eq_missing(pl.lit(question, pl.String)))
    answers, named, found = own.select(pl.col("answers", "named", "found").sum()).row(0)
    return Found(period=period, answers=answers, named=named, found=found)


def _differ(one: Found, other: Found) -> bool:
    """Whether two periods' answers find their tickets clearly less often in one, and by more than chance."""
    few, more = sorted((one.share, other.share))
    return few < ALIKE * more and _is_no_chance(one.found, one.named, other.found, other.named)


def _is_no_chance(one: int, of_one: int, other: int, of_other: int) -> bool:
    return of_one > 0 and of_other > 0 and shares(one, of_one, other, of_other, CONFIDENCE).p < BY_CHANCE
