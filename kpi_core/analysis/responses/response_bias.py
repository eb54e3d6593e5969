"""Who answers: whether some segments of those asked answer more than others, so that a total mostly speaks for these.

Those asked are the offers where the files know them, else the tickets resolved in the period. Segments are what the
rows are split by, and in addition the group, the channel and the type that they have.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.privacy.small_groups import Privacy, protected
from kpi_core.engine.compute import Engine
from kpi_core.facts import surveyed
from kpi_core.kpis.survey import ANSWERING_TIME
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Share
from kpi_core.model.periods import Period
from kpi_core.model.report import Asked, Query, Spread
from kpi_core.stats.intervals import wilson
from kpi_core.stats.p_values import benjamini_hochberg
from kpi_core.stats.segments import OTHERS, Segment, large, p_of_evenness, shift, weighted_share

CODE = "uneven-answers"
ANSWERED = "_answered"
SEGMENTS = ("group", "channel", "type")
"""What answers are looked at by without being asked; agents are named only where the reader splits by them."""
SHIFTED = 0.1
"""The share of the answers that must lie in other segments than those asked before it is worth a word."""
PEOPLE = {Asked.OFFERED: Message("people-asked"), Asked.RESOLVED: Message("people-resolved")}


def spreads(engine: Engine, query: Query, privacy: Privacy) -> list[Spread]:
    """How answers are spread over each dimension in the period, where a KPI of the survey is asked for.

    Uneven is what Benjamini–Hochberg passes over the dimensions looked at, and moves a tenth of the answers. Where a
    dimension is of people, those of whom too few were asked are left out, with those that would give them away.
    """
    if (
        not any(kpi.subject == "survey" or kpi.table == "answers" for kpi in engine.kpis)
        or "answers" not in engine.tables
    ):
        return []
    asked, people = asked_in(engine, query.period)
    if asked is None or people.is_empty() or (asked is Asked.RESOLVED and not people[ANSWERED].any()):
        return []
    sides = [rows for side in privacy.sides for which, rows in (asked_in(side, query.period),) if which is asked]
    if any(protected({None: rows.height}, privacy.least) for rows in sides):
        return []
    hidden = hidden_of(people, query, asked, privacy, sides)
    found = [
        _spread(engine, query, asked, people, name, few, is_of_people=privacy.is_private(name, ""))
        for name, few in hidden.items()
    ]
    tested = [one.p for one in found if one.p is not None]
    passed = iter(benjamini_hochberg(tested, 1 - engine.confidence))
    return [
        replace(one, is_uneven=next(passed) and one.shift >= SHIFTED) if one.p is not None else one for one in found
    ]


def hidden_of(
    people: pl.DataFrame, query: Query, asked: Asked, privacy: Privacy, sides: Sequence[pl.DataFrame]
) -> dict[str, frozenset[str | None]]:
    """By dimension that is looked at the segments to leave out. No group that nobody asked for is shown next to agents that are hidden."""
    dimensions = [name for name in dict.fromkeys((*query.by, *SEGMENTS)) if name in people.columns]
    rows = {name: _counts(people, name) for name in dimensions}
    of_agents = people.drop_nulls("agent") if "agent" in people.columns else people
    named = {
        name: dict.fromkeys(counts, 0) | _counts(of_agents, name)
        if privacy.names_agents(name) or privacy.names_groups(name)
        else counts
        for name, counts in rows.items()
    }
    hidden = privacy.hidden("answers" if asked is Asked.OFFERED else "tickets", named)
    if any(few and privacy.names_agents(name) for name, few in hidden.items()):
        hidden = {name: few for name, few in hidden.items() if name in query.by or name != "group"}
    for side in sides:
        of_side = {name: _counts(side, name) if name in side.columns else {} for name in hidden}
        hidden = {
            name: few | protected({segment: of_side[name].get(segment, 0) for segment in rows[name]}, privacy.least)
            for name, few in hidden.items()
        }
    return hidden


def _counts(people: pl.DataFrame, dimension: str) -> dict[str | None, int]:
    """How many were asked in each segment, the largest first."""
    counts = people.group_by(pl.col(dimension).cast(pl.String).alias("name")).len()
    return dict(counts.sort("len", "name", descending=[True, False]).iter_rows())


def uneven(found: Sequence[Spread], engine: Engine, query: Query) -> Iterator[Finding]:
    """The findings on the spreads that are uneven, the widest first."""
    is_early = _is_early(engine, query.period)
    for spread in sorted((one for one in found if one.is_uneven), key=lambda one: -one.shift):
        yield Finding(
            code=CODE, message=_message(spread, is_early=is_early), kpis=("csat", "response_rate"), share=spread.shift
        )


def asked_in(engine: Engine, period: Period) -> tuple[Asked | None, pl.DataFrame]:
    """Who was asked in the period: the offers where the files know them, else the tickets resolved."""
    return _offered(engine, period) or _resolved(engine, period) or (None, pl.DataFrame())


def resolved_in(engine: Engine, period: Period) -> pl.DataFrame | None:
    """The tickets resolved in the period, where ratings lie in the tickets themselves: those whom a desk could have asked; else None."""
    answers = engine.tables["answers"].frame
    if "_embedded" not in answers.columns or not answers["_embedded"].any():
        return None
    found = _resolved(engine, period)
    return None if found is None else found[1]


def _offered(engine: Engine, period: Period) -> tuple[Asked, pl.DataFrame] | None:
    """The responses asked for in the period, each with whether it was answered; None where offers are not known."""
    facts = engine.tables["answers"]
    if "was_asked" not in facts.available:
        return None
    rows = facts.frame.filter(within(engine, "answers", "offered_at", period) & pl.col("was_asked"))
    answered = pl.col("score").is_not_null().any().alias(ANSWERED)
    return Asked.OFFERED, rows.group_by("response_id").agg(answered, pl.col(_dimensions(rows, engine)).first())


def _resolved(engine: Engine, period: Period) -> tuple[Asked, pl.DataFrame] | None:
    """The tickets resolved in the period, each with whether a survey was answered; None where answers name no ticket."""
    tickets, answers = engine.tables.get("tickets"), engine.tables["answers"].frame
    if tickets is None or "ticket_id" not in answers.columns or "is_resolved" not in tickets.available:
        return None
    rows = tickets.frame.filter(within(engine, "tickets", "resolved_at", period) & pl.col("is_resolved"))
    resolved = rows.select(
        pl.col("ticket_id").is_in(surveyed(answers).implode()).alias(ANSWERED), *_dimensions(rows, engine)
    )
    return Asked.RESOLVED, resolved


def _dimensions(rows: pl.DataFrame, engine: Engine) -> list[str]:
    """The columns by which those asked are split; of several that say the same the first, which goes by two names."""
    found: list[str] = []
    for name in dict.fromkeys((*engine.dimensions, *SEGMENTS, "agent")):
        is_new = name in rows.columns and not any(
            rows[name].cast(pl.String).equals(rows[other].cast(pl.String)) for other in found
        )
        found += [name] if is_new else []
    return found


def within(engine: Engine, table: str, date: str, period: Period) -> pl.Expr:
    """Whether a date of a table's rows lies in a period; all do in everything."""
    if period.start is None or period.end is None:
        return pl.lit(value=True)
    return pl.lit(engine.day(table, date).is_between(period.start, period.end, closed="left").fill_null(value=False))


def _spread(
    engine: Engine,
    query: Query,
    asked: Asked,
    people: pl.DataFrame,
    dimension: str,
    hidden: Collection[str | None],
    *,
    is_of_people: bool,
) -> Spread:
    """The segments of one dimension, largest first; rows without one are in none. CSAT is not looked at by person."""
    name = pl.col(dimension).cast(pl.String).alias("name")
    counts = (
        people.group_by(name)
        .agg(asked=pl.len(), answered=pl.col(ANSWERED).sum())
        .sort("asked", "name", descending=[True, False])
    )
    csat = next((kpi for kpi in engine.kpis if kpi.name == "csat" and isinstance(kpi.measure, Share)), None)
    rated = _rated(engine, csat, query.period, dimension) if csat and not is_of_people else {}
    segments = [
        Segment(name=name, asked=count, answered=answered, **rated.get(name, {}))
        for name, count, answered in counts.drop_nulls("name").iter_rows()
        if name not in hidden
    ]
    return Spread(
        dimension=dimension, asked=asked, segments=tuple(segments), p=p_of_evenness(segments), shift=shift(segments),
        weighted=_weighted(segments, engine.confidence),
        raw=_raw(segments, engine.confidence),
    )  # fmt: skip


def _rated(engine: Engine, csat: Kpi, period: Period, dimension: str) -> Mapping[str, dict[str, int]]:
    """How many rated in the period, and how many of them are satisfied, segment by segment."""
    frame = engine.tables[csat.table].frame
    if dimension not in frame.columns:
        return {}
    rows = frame.filter(within(engine, csat.table, csat.dated_by, period))
    rated_rows = rows.select(
        pl.col(dimension).cast(pl.String).alias("name"), csat.measure.facts()[0].alias("mark")
    ).drop_nulls()
    counts = rated_rows.group_by("name").agg(pl.len(), pl.col("mark").cast(pl.Int64).sum())
    return {name: {"rated": rated, "satisfied": satisfied} for name, rated, satisfied in counts.iter_rows()}


def _weighted(segments: Sequence[Segment], confidence: float) -> Estimate | None:
    """The share of satisfied with each segment weighing what it does among those asked."""
    share = weighted_share(segments, confidence)
    return None if share is None else Estimate(value=share.value, n=share.n, low=share.low, high=share.high)


def _raw(segments: Sequence[Segment], confidence: float) -> Estimate | None:
    """The share of satisfied among those who rated, as they are."""
    rated, satisfied = sum(one.rated for one in segments), sum(one.satisfied for one in segments)
    if not rated:
        return None
    low, high = wilson(satisfied, rated, confidence)
    return Estimate(value=satisfied / rated, n=rated, low=low, high=high)


def _is_early(engine: Engine, period: Period) -> bool:
    """Whether customers may still answer."""
    as_of = engine.clock.as_of
    return period.end is not None and as_of is not None and as_of < engine.clock.instant(period.end) + ANSWERING_TIME


def _message(spread: Spread, *, is_early: bool) -> Message:
    segments = large(spread.segments)
    by_rate = sorted(segments, key=lambda one: -one.answered / one.asked)
    asked, answered = sum(one.asked for one in spread.segments), sum(one.answered for one in spread.segments)
    most = max(segments, key=lambda one: one.answered / answered - one.asked / asked)
    people = PEOPLE[spread.asked]
    text = Message(
        "uneven-answers-so-far" if is_early else "uneven-answers",
        dimension=spread.dimension, highest=_rate(by_rate[0]), lowest=_rate(by_rate[-1]), segment=_named(most),
        asked=most.asked / asked, people=people, answered=most.answered / answered,
    )  # fmt: skip
    weighted, raw = spread.weighted, spread.raw
    if weighted is None or raw is None or weighted.value is None or raw.value is None:
        return text
    return Message(
        "uneven-answers-biased" if spread.is_biased else "uneven-answers-within",
        spread=text, people=people, weighted=100 * weighted.value, low=100 * (weighted.low or 0.0),
        high=100 * (weighted.high or 0.0), count=weighted.n, raw=100 * raw.value,
    )  # fmt: skip


def _rate(one: Segment) -> Message:
    return Message(
        "segment-rate", segment=_named(one), share=one.answered / one.asked, answered=one.answered, asked=one.asked
    )


def _named(one: Segment) -> Message | str:
    return Message("other-segments") if one.name == OTHERS else one.name
