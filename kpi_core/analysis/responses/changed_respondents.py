"""Others who answer than before: a survey that goes out by another channel, or to many more, changes its marks by that alone."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from kpi_core.analysis.privacy.small_groups import Privacy
from kpi_core.analysis.responses.response_bias import PEOPLE, SEGMENTS, asked_in, hidden_of, resolved_in, within
from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count
from kpi_core.model.periods import Period
from kpi_core.model.report import Asked, Query
from kpi_core.stats.p_values import chi_square_tail

CODE = "other-respondents"
SURE, SHIFTED = 0.001, 0.1
"""How sure it must be that others answer, and the share of the answers that must come from elsewhere, for marks not to be compared."""
SURVEY = "survey"
"""What only answers are split by: a second survey that joins the first has others to answer it."""
JUMP, ERRORS = 1.5, 3.0
"""How many times as many must answer, of as many asked, and how many standard errors show that they do."""
EXPECTED = 5.0
"""Fewest answers that a segment must be expected to have on either side: smaller ones are taken together."""
OF_TICKETS = ("successful_resolution_rate", "confirmed_of_resolved")
"""The KPIs of tickets that rest on what customers answered."""


class Side(NamedTuple):
    """One period: who answered by segment and, where that is known, who was asked."""

    answered: Mapping[str, float]
    asked: Mapping[str, float]


def changed_respondents(engine: Engine, query: Query, kpis: Sequence[Kpi], privacy: Privacy) -> Iterator[Finding]:
    """What keeps marks of two periods from being compared: others answer than before, or far more or fewer do.

    Where those asked are known, what counts is who of them answers: that more tickets come by chat is a change of the desk's own. Of ratings
    inside tickets it is also who was asked of those whose tickets were resolved.
    """
    names = _of_marks(kpis)
    if query.baseline is None or "answers" not in engine.tables or not names:
        return
    which, asked = asked_in(engine, query.period)
    before = asked_in(engine, query.baseline)
    has_asked = which is not None and before[0] is which and not asked.is_empty() and not before[1].is_empty()
    people = (asked, before[1]) if has_asked else None
    looks = [(which if has_asked else None, people), *_of_resolved(engine, query, which)]
    for dimension in dict.fromkeys((*query.by, *SEGMENTS, SURVEY)):
        if privacy.names_agents(dimension):
            continue
        for those, both in looks[:1] if dimension == SURVEY else looks:
            known = those if dimension != SURVEY else None
            sides = _sides(engine, query, dimension, both if known else None)
            if sides is None or (found := _shifted(*sides)) is None:
                continue
            hidden = _hidden(query, privacy, both[0], known, dimension) if known and both else None
            text = _message(found, dimension, query.baseline, known, hidden, is_open=dimension != "group")
            yield Finding(
                code=CODE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT, apart=dimension
            )  # fmt: skip
            return
    if people is not None and which is not None and (rates := _jump(engine, query, people)) is not None:
        text = Message(
            "more-respondents" if rates[0] > rates[1] else "fewer-respondents",
            people=PEOPLE[which], now=rates[0], then=rates[1], period=query.period.name, baseline=query.baseline.name,
        )  # fmt: skip
        yield Finding(code=CODE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT)


def _of_resolved(
    engine: Engine, query: Query, which: Asked | None
) -> Iterator[tuple[Asked, tuple[pl.DataFrame, pl.DataFrame]]]:
    """The tickets resolved in both periods, with which the offers inside them are compared: who is asked may be chosen too."""
    assert query.baseline is not None
    if which is not Asked.OFFERED:
        return
    now, before = resolved_in(engine, query.period), resolved_in(engine, query.baseline)
    if now is not None and before is not None and not now.is_empty() and not before.is_empty():
        yield Asked.RESOLVED, (now, before)


def _of_marks(kpis: Sequence[Kpi]) -> tuple[str, ...]:
    """The KPIs of what customers think: not of how many say so."""
    rows = (
        kpi.name for kpi in kpis
        if (kpi.table == "answers" and not isinstance(kpi.measure, Count) and not kpi.name.startswith("response_rate")) or kpi.known_as in OF_TICKETS
    )  # fmt: skip
    return tuple(dict.fromkeys(rows))


def _answers(engine: Engine, period: Period, dimension: str | None = None) -> pl.DataFrame | None:
    """The responses given in a period, one row each, with their segment (`name`), that of their ticket where they have none of their own."""
    frame, tickets = engine.tables["answers"].frame, engine.tables.get("tickets")
    rows = frame.filter(within(engine, "answers", "answered_at", period) & pl.col("score").is_not_null())
    if dimension is None:
        return rows.select(pl.col("response_id").unique())
    if dimension in rows.columns:
        return rows.group_by("response_id").agg(name=pl.col(dimension).cast(pl.String).first())
    if tickets is None or "ticket_id" not in rows.columns or not {"ticket_id", dimension} <= set(tickets.frame.columns):
        return None
    ones = rows.group_by("response_id").agg(pl.col("ticket_id").first())
    named = tickets.frame.select("ticket_id", name=pl.col(dimension).cast(pl.String)).unique("ticket_id")
    return ones.join(named, on="ticket_id", how="left").select("response_id", "name")


def _sides(
    engine: Engine, query: Query, dimension: str, people: tuple[pl.DataFrame, pl.DataFrame] | None
) -> tuple[Side, Side] | None:
    """Who answers by the segments of a dimension, now and before; None where they are not split by it."""
    assert query.baseline is not None
    found = []
    for place, period in enumerate((query.period, query.baseline)):
        rows = _answers(engine, period, dimension)
        if rows is None:
            return None
        asked = people[place] if people is not None and dimension in people[place].columns else None
        if people is not None and asked is None:
            return None
        found.append(Side(_counts(rows, "name"), {} if asked is None else _counts(asked, dimension)))
    return found[0], found[1]


def _counts(rows: pl.DataFrame, name: str) -> dict[str, float]:
    counts = rows.group_by(pl.col(name).cast(pl.String).alias("segment")).len()
    return {segment: float(count) for segment, count in counts.drop_nulls("segment").iter_rows()}


class Segment(NamedTuple):
    """A segment: its answers now and before, those of it that were asked now and before, and the share of these that answered before."""

    name: str
    now: float
    then: float
    asked: float
    was_asked: float
    rate_before: float


class Shifted(NamedTuple):
    """The segment whose share of the answers moved most, beyond what those asked let expect; its shares now and before."""

    segment: str
    answered: tuple[float, float]
    asked: tuple[float, float] | None
    share: float


def _shifted(new: Side, old: Side) -> Shifted | None:
    """What moved between segments of those who answer; None where it is chance, or too little.

    Pearson's χ² of the answers of both periods against those to be expected if each segment answered as it does over both.
    """
    has_asked = bool(new.asked) and bool(old.asked)
    rows = [one for one in _segments(new, old, has_asked=has_asked) if one.asked + one.was_asked > 0]
    now, then = math.fsum(one.now for one in rows), math.fsum(one.then for one in rows)
    usual = math.fsum(one.asked * one.rate_before for one in rows)
    if not now or not then or not usual:
        return None
    moved = [(one.now / now - one.asked * one.rate_before / usual, one) for one in rows]
    share = math.fsum(abs(by) for by, _ in moved) / 2
    if share < SHIFTED or _p(rows, now, then) >= SURE:
        return None
    _, most = max(moved, key=lambda found: found[0])
    asked = (
        (most.asked / math.fsum(new.asked.values()), most.was_asked / math.fsum(old.asked.values()))
        if has_asked
        else None
    )
    return Shifted(most.name, (most.now / now, most.then / then), asked, share)


def _segments(new: Side, old: Side, *, has_asked: bool) -> Iterator[Segment]:
    """Each segment of either side; as many asked in each of them and in each period where it is unknown how many were.

    Of a segment that was asked nothing before, such as a new channel, as many are expected to answer as of the others.
    """
    overall = math.fsum(old.answered.values()) / max(math.fsum(old.asked.values()), 1.0)
    for name in {**new.answered, **old.answered, **new.asked, **old.asked}:
        asked, was_asked = (side.asked.get(name, 0.0) if has_asked else 1.0 for side in (new, old))
        now, then = (side.answered.get(name, 0.0) for side in (new, old))
        yield Segment(name, now, then, asked, was_asked, then / was_asked if was_asked else overall)


def _p(rows: Sequence[Segment], now: float, then: float) -> float:
    """How often chance alone moves as much between segments: Pearson's χ², small segments taken together."""
    rates = [(one.now + one.then) / (one.asked + one.was_asked) for one in rows]
    weights = [math.fsum(rate * one.asked for one, rate in zip(rows, rates, strict=True)),
               math.fsum(rate * one.was_asked for one, rate in zip(rows, rates, strict=True))]  # fmt: skip
    if not all(weights):
        return 1.0
    due = [(now * one.asked * rate / weights[0], then * one.was_asked * rate / weights[1]) for one, rate in zip(rows, rates, strict=True)]  # fmt: skip
    cells = [(one.now, one.then, *both) for one, both in zip(rows, due, strict=True)]
    large = [cell for cell in cells if min(cell[2:]) >= EXPECTED]
    small = [math.fsum(cell[place] for cell in cells if min(cell[2:]) < EXPECTED) for place in range(4)]
    tested = [*large, (small[0], small[1], small[2], small[3])] if min(small[2:]) > 0 else large
    if len(tested) < 2:
        return 1.0
    statistic = math.fsum((one - e1) ** 2 / e1 + (other - e0) ** 2 / e0 for one, other, e1, e0 in tested)
    return chi_square_tail(statistic, len(tested) - 1)


def _hidden(
    query: Query, privacy: Privacy, asked: pl.DataFrame, which: Asked, dimension: str
) -> frozenset[str | None] | None:
    """The segments that are not named; None where none of the dimension is."""
    sides = [rows for side in privacy.sides for one, rows in (asked_in(side, query.period),) if one is which]
    return hidden_of(asked, query, which, privacy, sides).get(dimension) if dimension in asked.columns else None


def _message(
    found: Shifted, dimension: str, baseline: Period, which: Asked | None, hidden: frozenset[str | None] | None, *, is_open: bool
) -> Message:  # fmt: skip
    """The message about it: with the segment's name where that may stand on a page."""
    now, then = found.answered
    may_be_named = is_open if which is None else hidden is not None and found.segment not in hidden
    if not may_be_named:
        return Message("other-respondents-unnamed", dimension=dimension, share=found.share, baseline=baseline.name)
    if which is None or found.asked is None:
        return Message(
            "other-respondents-alone",
            segment=found.segment,
            now=now,
            then=then,
            baseline=baseline.name,
            dimension=dimension,
        )
    return Message(
        "other-respondents", segment=found.segment, now=now, then=then, baseline=baseline.name, people=PEOPLE[which],
        asked=found.asked[0], was=found.asked[1], dimension=dimension,
    )  # fmt: skip


def _jump(engine: Engine, query: Query, people: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[float, float] | None:
    """The answers for each of those asked, now and before, where far more or fewer answer."""
    assert query.baseline is not None
    given = []
    for period in (query.period, query.baseline):
        rows = _answers(engine, period)
        given.append(0 if rows is None else rows.height)
    if not all(given):
        return None
    rates = [count / side.height for count, side in zip(given, people, strict=True)]
    log = math.log(rates[0] / rates[1])
    if abs(log) < math.log(JUMP) or abs(log) <= ERRORS * math.sqrt(1 / given[0] + 1 / given[1]):
        return None
    return rates[0], rates[1]
