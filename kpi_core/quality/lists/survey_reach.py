"""Answers that begin within the period, end there, or stop for a while, while tickets or invitations go on: what nobody could answer counts as not answered.

The newest sixty answers of a survey, next to all tickets of the month, look like customers who hardly answer. So does a survey that goes out in one
channel, or from one group, next to the tickets of all.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import needs
from kpi_core.facts.tickets import FROM_ANSWERS
from kpi_core.messages.message import Given, Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.quality.coverage.covered_days import Coverage, cover
from kpi_core.quality.coverage.ticket_match import COUNTED
from kpi_core.records import dataclass

CODE = "survey-reach"
BY_CHANCE = 0.01
"""How likely chance may leave days without an answer, by how many come on the others, and still be no matter."""
GAP, LONGER = 7, 2.0
"""Days without an answer that are long, and by how much: a survey that goes out once a week has as many now and then."""
SIDES, SILENT, ALL_SILENT = ("channel", "group"), 3.0, 10.0
"""The columns by which some may be asked and others not; the answers to be expected of a side's tickets in the period by what the others give, and of all
sides without any, of which none is no chance (1 in 20 000)."""
OF_ASKED = ("response_rate", "csat_lower_bound", "csat_upper_bound", "nps_of_asked")
"""The KPIs of those who were asked that count who did not answer."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Answers:
    """When answers were given: the days that they cover, those that have any (ascending), and how many there are."""

    reach: Coverage
    count: int
    given: pl.Series

    def missed(self, period: Period, days: pl.Series, *, of_asked: bool) -> int:
        """How many of the days of a period that `days` have lie beyond the answers; 0 where chance, or how a survey goes, explains them.

        Who was asked answers later: the first answers come days after the first invitations (`of_asked`), and those to one mailing
        within a few days.
        """
        lowest, highest = days.min(), days.max()
        if period.is_all and isinstance(lowest, date) and isinstance(highest, date):
            period = Period(lowest, highest + timedelta(days=1))
        if period.start is None or period.end is None or self.reach.completes(period):
            return 0
        first, last = self.reach.first.date(), self.reach.last.date()
        if of_asked and (last - first).days < GAP:
            return 0
        before = first - timedelta(days=GAP if of_asked else 0)
        beyond = days.filter(
            days.is_between(period.start, period.end - timedelta(days=1)) & ((days < before) | (days > last))
        )
        a_day = self.count / ((last - first).days + 1)
        return len(beyond) if math.exp(-a_day * len(beyond)) < BY_CHANCE else 0

    def stopped(self, period: Period, days: pl.Series) -> tuple[date, date, int] | None:
        """The one long stretch without an answer, and how many of the days of a period that `days` have lie in it; None where chance explains it."""
        waits = pl.DataFrame({"first": self.given[:-1], "last": self.given[1:]}).with_columns(
            length=(pl.col("last") - pl.col("first")).dt.total_days() - 1
        ).sort("length", descending=True)  # fmt: skip
        if waits.height < GAP or waits["length"][0] < max(GAP, LONGER * waits["length"][1]):
            return None
        first, last = waits["first"][0] + timedelta(days=1), waits["last"][0] - timedelta(days=1)
        asked = days.filter(days.is_between(self.reach.first.date(), self.reach.last.date()))
        silent = asked.filter(asked.is_between(first, last))
        a_day = self.count / max(len(asked) - len(silent), 1)
        inside = silent
        if period.start is not None and period.end is not None:
            inside = silent.filter(silent.is_between(period.start, period.end - timedelta(days=1)))
        by_chance = max(len(asked) * math.exp(-a_day * len(silent)), math.exp(-a_day * len(inside)))
        return (first, last, len(inside)) if by_chance < BY_CHANCE else None


def survey_reach(
    tables: Mapping[str, pl.DataFrame], engine: Engine, query: Query, *, has_survey: bool
) -> Iterator[Finding]:
    """The findings on the KPIs that count who did not answer; none where marks come with the tickets alone (`has_survey` is False).

    Args:
        tables: as the files have them, before any condition.
        engine: with the KPIs asked for.
        query: with the periods.
        has_survey: whether a file of answers is among them.
    """
    answers = tables.get("answers")
    if answers is None or not has_survey or not {"answered_at", "score"} <= set(answers.columns):
        return
    given = _days(answers.lazy().filter(pl.col("score").is_not_null()), ["answered_at"], engine.clock)
    reach = cover({"answers": [given["day"]]}).get("answers")
    if reach is None:
        return
    found, tickets = (
        _Answers(reach=reach, count=int(given["len"].sum()), given=given["day"].sort()),
        tables.get("tickets"),
    )
    by_fact = {fact: [kpi.name for kpi in engine.kpis if ("tickets", fact) in needs(kpi)] for fact in FROM_ANSWERS}
    if tickets is not None and any(by_fact.values()):
        days = _days(tickets.lazy(), ["resolved_at", "closed_at", "created_at"], engine.clock)["day"]
        counted = {name for fact in COUNTED for name in by_fact[fact]}
        others = {name for names in by_fact.values() for name in names} - counted
        for names, gravest in ((counted, Consequence.NO_VALUE), (others, Consequence.NO_VERDICT)):
            yield from _finding(found, days, query, sorted(names), gravest, of_asked=False)
    yield from _silent_sides(engine, query, sorted(by_fact["is_surveyed"]))
    asked = {kpi.name for kpi in engine.kpis if kpi.known_as in OF_ASKED}
    if "offered_at" in answers.columns and asked:
        days = _days(answers.lazy(), ["offered_at"], engine.clock)["day"]
        yield from _finding(found, days, query, sorted(asked), Consequence.NO_VALUE, of_asked=True)


def _silent_sides(engine: Engine, query: Query, names: Sequence[str]) -> Iterator[Finding]:
    """The findings on channels, or groups, of whose resolved tickets in the period none is answered, while others' are."""
    tickets = engine.tables.get("tickets")
    needed = {"is_surveyed", "is_resolved", "resolved_at"}
    if tickets is None or not names or not needed <= set(tickets.frame.columns):
        return
    since, until = query.period.start, engine.clock.end_of(query.period)
    rows = tickets.frame.lazy().filter("is_resolved")
    if since is not None and until is not None:
        rows = rows.filter(pl.col("resolved_at") >= engine.clock.instant(since), pl.col("resolved_at") < until)
    for side in SIDES:
        if side not in tickets.frame.columns:
            continue
        of_side = rows.group_by(side=pl.col(side).cast(pl.String)).agg(pl.len(), given=pl.col("is_surveyed").sum())
        counts = of_side.drop_nulls("side").collect()
        heard, silent = counts.filter(pl.col("given") > 0), counts.filter(pl.col("given") == 0)
        share = int(heard["given"].sum()) / max(int(heard["len"].sum()), 1)
        unheard = silent.filter(pl.col("len") * share >= SILENT).sort("len", "side", descending=[True, False])
        if int(unheard["len"].sum()) * share < ALL_SILENT:
            continue
        about: dict[str, Given] = {
            "silent": unheard["side"].to_list(),
            "count": int(unheard["len"].sum()),
            "share": share,
        }
        message = Message("groups-without-answers", **about)
        if side == "channel":
            message = Message("channels-without-answers", **about)
        yield Finding(code=CODE, message=message, kpis=tuple(names), is_serious=True)
        return


def _finding(
    answers: _Answers, days: pl.Series, query: Query, names: Iterable[str], gravest: Consequence, *, of_asked: bool
) -> Iterator[Finding]:
    """That answers miss days of the period, else of its baseline."""
    for period, follows in ((query.period, gravest), (query.baseline, Consequence.NO_VERDICT)):
        text = _text(answers, days, period, of_asked=of_asked) if period is not None and names else None
        if text is not None:
            yield Finding(code=CODE, message=text, kpis=tuple(names), is_serious=True, consequence=follows)
            return


def _text(answers: _Answers, days: pl.Series, period: Period, *, of_asked: bool) -> Message | None:
    """Which days of a period have no answers; None where chance explains it."""
    first, last = answers.reach.first.date(), answers.reach.last.date()
    missed = answers.missed(period, days, of_asked=of_asked)
    if missed and of_asked:
        return Message("answers-miss-asked", first=first, last=last, count=missed, period=period.name)
    if missed:
        return Message("answers-miss-tickets", first=first, last=last, count=missed, period=period.name)
    stopped = answers.stopped(period, days)
    if stopped is None:
        return None
    first, last, missed = stopped
    if of_asked:
        return Message("answers-stop-asked", first=first, last=last, count=missed, period=period.name)
    return Message("answers-stop-tickets", first=first, last=last, count=missed, period=period.name)


def _days(rows: pl.LazyFrame, columns: Iterable[str], clock: Clock) -> pl.DataFrame:
    """The local days of rows by the first of some columns that each has (`day`), with how many are of it (`len`); rows without are left out.

    Counted as a stream, so that no column of days is made.
    """
    known = rows.collect_schema().names()
    present = [clock.day(name) for name in columns if name in known]
    day = pl.coalesce(present) if present else pl.lit(None, pl.Date)
    return rows.group_by(day=day).len().collect(engine="streaming").drop_nulls("day")
