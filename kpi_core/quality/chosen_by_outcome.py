"""Lists that were chosen by their outcome: detractors alone, leads that were won, customers who left, cases that took several replies.

Each row of such a list is right, and no share over it means anything: that of the outcome is 0 or 100 %. It takes more rows
than would have come to the same end by chance even with the best, or the worst, of desks; of fewer it is said that it may be so. What
that means for how many rows there are is in `lists.chosen_rows`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from math import exp, log

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.records import dataclass

CODE = "selected-export"
LOOKED_AT = 2_000
"""Rows of all parts of a table, which mostly show both outcomes at once."""
FIRST_CONTACT = (
    "fcr_one_touch",
    "fcr_one_touch_strict",
    "fcr_no_reopen",
    "reopen_rate",
    "reopens_per_ticket",
    "successful_resolution_rate",
)
OF_QUESTIONS = {
    "csat": ("csat*", "successful_resolution_rate"), "ces": ("ces*",), "nps": ("nps*",), "resolved": ("confirmed_*",),
    "first_contact": ("fcr_survey",), "treatment": ("treatment*",), "competence": ("competence*",),
    **dict.fromkeys(("nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth"), ("nki*",)),
}  # fmt: skip
"""By question, the KPIs that have no meaning where its answers were chosen by their marks."""
NPS_TOP = 10
"""The highest mark of the recommendation question: on another scale there is no NPS."""
LOST = 50
"""Customers of whom some stay."""
OF_LOSSES = ("churn_*", "retention_rate", "net_customer_change", "customer_growth")
MARKED = Consequence.NO_VERDICT
"""What follows for a list that an honest desk may come to as well: its values stay, with the doubt next to them, and nothing is judged by them."""
ALIKE, SURELY = 100, 528
"""Rows that all turned out well: from the first on the best of desks (97 % do) hardly comes to it (1 in 20), from the second on not even one of
which 99 % do (1 in 200)."""
POORLY = 52
"""Rows that all turned out badly: of a desk of which only a tenth turn out well 1 list in 200 has so many of these alone."""
LOST_LEADS = 150
"""Leads of which none was won: with 3 in 100 won 1 list in 100 has none among so many."""
RATED = 100
"""Tickets of which some customer keeps silent."""
MOST_RATED = 0.9
"""The share of all tickets that are rated in a list of rated ones: it has hardly any that are not resolved, as every desk has."""
TIMED, NEAR = 50, 1.25
"""The fewest times that show a limit; and how many times as long one close to it may be."""
CLOSE_ABOVE, CHANCE = 8, 0.005
"""So many just above a limit, and none below, are no chance; and how likely none above one may be at the most."""
MOST_CLOSE = 0.5
"""The share of times close to a limit, above which all take about as long, and none is cut off."""
ROUND = tuple(3_600 * hours for hours in (1, 2, 4, 8, 12, 24, 48, 72, 96, 120, 168, 240, 336, 504, 720))
"""The limits in seconds that lists are cut at."""
MONTH = 30 * 86_400
SLOWEST_LOSS, HARDLY_ANY, EXPECTED = 0.005, 0.01 / 12, 5.3
"""The share of customers who leave in a month where they are faithful, and where they hardly ever do (housing, water: 1 in 100 a year); and how
many must be expected, that none is no chance (1 in 200)."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What may become of the rows of a table.

    Attributes:
        table: whose rows.
        needs: the columns that it is read from.
        counted: the rows for which it is known.
        came: those it came to.
        least: so many rows that all came to is no chance.
        kpis: those that say nothing then.
        said: what is said of so many rows.
        follows: what it means for them.
        is_serious: whether it is so no more often by chance than by choice.
    """

    table: str
    needs: tuple[str, ...]
    counted: pl.Expr
    came: pl.Expr
    least: int
    kpis: tuple[str, ...]
    said: Callable[[int], Message]
    follows: Consequence = Consequence.NO_VALUE
    is_serious: bool = True


TIMES: Mapping[str, tuple[tuple[str, ...], Callable[[int, float], Message], Callable[[int, float], Message]]] = {
    "resolution_time": (
        (
            "resolution_time*",
            "resolution_rate_cohort",
            "resolved_within*",
            "sla_resolution_rate*",
            "successful_resolution_rate",
        ),
        lambda count, hours: Message("selected-slow", count=count, hours=hours),
        lambda count, hours: Message("selected-quick", count=count, hours=hours),
    ),
    "first_reply_time": (
        ("first_reply*", "sla_first_reply_rate"),
        lambda count, hours: Message("selected-slow-replies", count=count, hours=hours),
        lambda count, hours: Message("selected-quick-replies", count=count, hours=hours),
    ),
}
"""By time the KPIs that rest on it, and what is said of tickets all of which took longer, or less, than so many hours."""


def _is_known(column: str) -> pl.Expr:
    return pl.col(column).is_not_null()


REOPENED = Outcome(
    table="tickets", needs=("reopens",), counted=_is_known("reopens"), came=pl.col("reopens") > 0, least=30,
    kpis=FIRST_CONTACT, said=lambda count: Message("selected-reopened", count=count),
)  # fmt: skip
OF_TICKETS = (
    REOPENED,
    replace(REOPENED, needs=("reopens", "is_resolved"), counted=_is_known("reopens") & (pl.col("is_resolved") | (pl.col("reopens") > 0))),
    Outcome(
        table="tickets", needs=("agent_replies", "is_resolved"), counted=pl.col("is_resolved") & (pl.col("agent_replies") >= 1),
        came=pl.col("agent_replies") >= 2, least=50, kpis=("fcr_one_touch*",),
        said=lambda count: Message("selected-many-replies", count=count),
    ),
    Outcome(
        table="tickets", needs=("sla_first_reply_met",), counted=_is_known("sla_first_reply_met"), came=~pl.col("sla_first_reply_met"),
        least=50, kpis=("sla_first_reply_rate",), said=lambda count: Message("selected-late-replies", count=count),
    ),
    Outcome(
        table="tickets", needs=("sla_resolution_met",), counted=_is_known("sla_resolution_met"), came=~pl.col("sla_resolution_met"),
        least=50, kpis=("sla_resolution_rate*",), said=lambda count: Message("selected-late", count=count),
    ),
    Outcome(
        table="tickets", needs=("due_at", "resolved_at"), counted=_is_known("due_at") & _is_known("resolved_at"),
        came=pl.col("resolved_at") > pl.col("due_at"), least=50, kpis=("sla_resolution_rate*",),
        said=lambda count: Message("selected-late", count=count),
    ),
    Outcome(
        table="tickets", needs=("is_answered",), counted=_is_known("is_answered"), came=~pl.col("is_answered"), least=50,
        kpis=("answer_rate",), said=lambda count: Message("selected-missed", count=count),
    ),
)  # fmt: skip
"""Tickets that all have one of these outcomes were chosen by it, and newer ones have had less time to reach it."""
ALONE = (
    Outcome(
        table="tickets", needs=("agent_replies", "is_resolved"), counted=pl.col("is_resolved") & (pl.col("agent_replies") >= 1),
        came=pl.col("agent_replies") == 1, least=SURELY, kpis=("fcr_one_touch*",),
        said=lambda count: Message("selected-one-reply", count=count),
    ),
    Outcome(
        table="tickets", needs=("agent_replies", "is_resolved"), counted=pl.col("is_resolved") & (pl.col("agent_replies") >= 1),
        came=pl.col("agent_replies") == 1, least=50, kpis=("fcr_one_touch*",),
        said=lambda count: Message("selected-one-reply", count=count), follows=MARKED,
    ),
    Outcome(
        table="tickets", needs=("reopens", "is_resolved"), counted=_is_known("reopens") & pl.col("is_resolved"), came=pl.col("reopens") == 0,
        least=100, kpis=("reopen_rate", "reopens_per_ticket", "fcr_no_reopen"), said=lambda count: Message("selected-never-reopened", count=count),
        follows=Consequence.NOTED, is_serious=False,
    ),
    Outcome(
        table="tickets", needs=("is_answered",), counted=_is_known("is_answered"), came=pl.col("is_answered"), least=SURELY,
        kpis=("answer_rate",), said=lambda count: Message("selected-answered", count=count),
    ),
    Outcome(
        table="tickets", needs=("is_answered",), counted=_is_known("is_answered"), came=pl.col("is_answered"), least=ALIKE,
        kpis=("answer_rate",), said=lambda count: Message("selected-answered-perhaps", count=count), follows=MARKED,
    ),
    Outcome(
        table="leads", needs=("is_converted",), counted=_is_known("is_converted"), came=pl.col("is_converted"), least=50,
        kpis=("conversion_rate*",), said=lambda count: Message("selected-won", count=count),
    ),
    Outcome(
        table="leads", needs=("is_converted",), counted=_is_known("is_converted"), came=~pl.col("is_converted"), least=LOST_LEADS,
        kpis=("conversion_rate*",), said=lambda count: Message("selected-open-perhaps", count=count), follows=MARKED,
    ),
    Outcome(
        table="orders", needs=("is_kept", "is_order"), counted=pl.col("is_order"), came=~pl.col("is_kept"), least=50,
        kpis=("revenue", "aov", "repurchase_rate*", "orders_per_customer", "active_customers"),
        said=lambda count: Message("selected-repaid", count=count),
    ),
)  # fmt: skip
"""Lists of which only the share they were chosen by is wrong: the other figures of the table stand."""


def _stars(
    came: pl.Expr, least: int, said: Callable[[int], Message], follows: Consequence = Consequence.NO_VALUE
) -> Outcome:
    return Outcome(table="reviews", needs=("rating_of_5",), counted=_is_known("rating_of_5"), came=came, least=least,
                   kpis=("review_rating*", "review_stars_*"), said=said, follows=follows)  # fmt: skip


OF_REVIEWS = (
    _stars(pl.col("rating_of_5") < 3.5, POORLY, lambda count: Message("selected-poor-reviews", count=count)),
    _stars(pl.col("rating_of_5") < 3, 24, lambda count: Message("selected-poor-reviews-perhaps", count=count), MARKED),
    _stars(pl.col("rating_of_5") == 5, SURELY, lambda count: Message("selected-best-reviews", count=count)),
    _stars(pl.col("rating_of_5") == 5, 75, lambda count: Message("selected-best-reviews-perhaps", count=count), MARKED),
    _stars(pl.col("rating_of_5") > 3.5, ALIKE, lambda count: Message("selected-good-reviews", count=count), MARKED),
)
"""The first that all reviews have in common is what they were chosen by."""


def chosen_by_outcome(
    tables: Mapping[str, Facts],
    customers: pl.DataFrame | None,
    as_of: datetime | None,
    made_at: datetime,
) -> Iterator[Finding]:
    """What is said of lists all of whose rows came to one end, which the reader did not ask for.

    Args:
        tables: the rows that count, with their facts.
        customers: the customers as the files list them, with the ends that lie after `as_of`; None where no file does.
        as_of: the newest event, or the day as of which the reader asks.
        made_at: when the report is made: an end before it is no plan.
    """
    samples = {name: _sample(facts.frame) for name, facts in tables.items()}
    yield from _of_tickets(tables, samples)
    found = dict[tuple[str, ...], Finding]()
    for outcome in ALONE:
        if outcome.kpis not in found and (count := _all_came(tables, samples, outcome)):
            finding = _without_value(outcome.said(count), outcome.kpis)
            found[outcome.kpis] = replace(finding, consequence=outcome.follows, is_serious=outcome.is_serious)
    yield from found.values()
    yield from _of_reviews(tables, samples)
    if "answers" in tables:
        yield from _of_answers(tables["answers"], samples["answers"])
    if customers is not None:
        yield from _of_customers(tables["customers"], customers, as_of, made_at)
    if "orders" in tables:
        yield from _of_returning_ones(tables["orders"].frame)


def _of_tickets(tables: Mapping[str, Facts], samples: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Tickets all of which turned out alike, or took longer, or less, than a round time."""
    if "tickets" not in tables:
        return
    found = ((outcome, _all_came(tables, samples, outcome)) for outcome in OF_TICKETS)
    chosen = next(((outcome.said(count), outcome.kpis) for outcome, count in found if count), None)
    if chosen is None and (count := _all_rated(tables)):
        chosen = (Message("selected-rated", count=count), ("response_rate*",))
    if chosen is not None:
        yield _without_value(*chosen)
    yield from _of_times(tables["tickets"])


def _of_reviews(tables: Mapping[str, Facts], samples: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Reviews all of which have many stars, or few."""
    for outcome in OF_REVIEWS:
        if count := _all_came(tables, samples, outcome):
            yield replace(_without_value(outcome.said(count), outcome.kpis), consequence=outcome.follows)
            return


def _of_customers(
    facts: Facts, customers: pl.DataFrame, as_of: datetime | None, made_at: datetime
) -> Iterator[Finding]:
    """Customers all of whom have left, or none."""
    if count := _all_left(customers, made_at):
        yield _without_value(Message("selected-lost", count=count), OF_LOSSES)
    elif as_of is not None:
        yield from _of_faithful_ones(facts, as_of)


def _all_came(tables: Mapping[str, Facts], samples: Mapping[str, pl.DataFrame], outcome: Outcome) -> int:
    """How many rows all came to an end, if they are enough; else 0."""
    facts = tables.get(outcome.table)
    if facts is None or not set(outcome.needs) <= facts.available & set(facts.frame.columns):
        return 0
    return _rows_of_one_end(facts.frame, samples[outcome.table], outcome.counted, outcome.came, outcome.least)


def _rows_of_one_end(frame: pl.DataFrame, sample: pl.DataFrame, counted: pl.Expr, came: pl.Expr, least: int) -> int:
    """How many rows are counted, if all of them, those of a sample too, came to the end and they are enough; else 0."""
    if frame.height < least or _others(sample, counted, came).any():
        return 0
    ends = _others(frame, counted, came)
    return 0 if ends.any() or len(ends) < least else len(ends)


def _others(frame: pl.DataFrame, counted: pl.Expr, came: pl.Expr) -> pl.Series:
    """Of the rows that are counted, which did not come to the end."""
    return frame.lazy().filter(counted).select(is_other=~came.fill_null(value=False)).collect()["is_other"]


def _sample(frame: pl.DataFrame) -> pl.DataFrame:
    """Some rows of all parts of a table."""
    return frame.gather_every(frame.height // LOOKED_AT) if frame.height > 2 * LOOKED_AT else frame


def _all_rated(tables: Mapping[str, Facts]) -> int:
    """How many resolved tickets there are, if each of them is rated in the export of tickets itself, hardly any others are there, and they are enough; else 0.

    A desk that asks everybody and has everybody's answer (calls, made-up data) has its open tickets next to them.
    """
    if "tickets" not in tables or "answers" not in tables:
        return 0
    tickets, answers = tables["tickets"], tables["answers"].frame
    if tickets.frame.height < RATED or not {"_embedded", "score", "question", "ticket_id"} <= set(answers.columns):
        return 0
    is_ended = pl.col("is_resolved") if "is_resolved" in tickets.available else pl.lit(value=True)
    rated = answers.lazy().filter(pl.col("_embedded") & pl.col("score").is_not_null() & (pl.col("question") == "csat"))
    ended = tickets.frame.lazy().filter(is_ended)
    count, ratings = (frame.select(pl.len()).collect().item() for frame in (ended, rated))
    if count < RATED or ratings < max(count, MOST_RATED * tickets.frame.height):
        return 0
    silent = ended.select("ticket_id").join(rated.select("ticket_id"), on="ticket_id", how="anti").select(pl.len())
    return 0 if silent.collect().item() else count


def _of_answers(answers: Facts, sample: pl.DataFrame) -> Iterator[Finding]:
    """Questions to which nobody gave one of the best marks, or everybody did."""
    steps = pl.col("scale_high") - pl.col("scale_low")
    # How far from the best mark: of ease that is the highest, of effort the lowest.
    effort = pl.when(pl.col("direction").cast(pl.String) == "lower").then(pl.col("score") - pl.col("scale_low"))
    short = effort.otherwise(pl.col("scale_high") - pl.col("score"))
    is_best = short <= pl.when(steps >= 3).then(1).otherwise(0)
    for question, kpis in OF_QUESTIONS.items():
        if f"question:{question}" not in answers.available:
            continue
        counted = (pl.col("question") == question) & pl.col("score").is_not_null()
        is_nps = question == "nps"
        counted = counted & (pl.col("scale_high") == NPS_TOP) if is_nps else counted
        is_poor = (pl.col("score") <= 6) if is_nps else (2 * short > steps)
        count = _rows_of_one_end(answers.frame, sample, counted, ~is_best, 100 if is_nps else POORLY)
        if count := count or _rows_of_one_end(answers.frame, sample, counted, is_poor, POORLY):
            yield _without_value(Message("selected-poor-answers", count=count, question=question), kpis)
        elif count := _rows_of_one_end(answers.frame, sample, counted, is_poor, 24):
            said = Message("selected-poor-answers-perhaps", count=count, question=question)
            yield Finding(code=CODE, message=said, kpis=kpis, is_serious=True, consequence=MARKED)
        elif count := _rows_of_one_end(answers.frame, sample, counted, is_best, 50 if is_nps else ALIKE):
            said = Message("selected-best-answers", count=count, question=question)
            follows = Consequence.NO_VALUE if is_nps and count >= SURELY else MARKED
            yield Finding(code=CODE, message=said, kpis=kpis, is_serious=True, consequence=follows)


def _of_times(tickets: Facts) -> Iterator[Finding]:
    """Tickets all of which took longer than a round time, or less, with many close to it: chosen by it, or ended by a clock."""
    for column, (kpis, slow, quick) in TIMES.items():
        if column not in tickets.available or column not in tickets.frame.columns:
            continue
        times = tickets.frame[column]
        low, high = times.min(), times.max()
        if (
            not isinstance(low, int | float)
            or not isinstance(high, int | float)
            or low < 0
            or len(times) - times.null_count() < TIMED
        ):
            continue
        floor = max((limit for limit in ROUND if limit <= low), default=0)
        top = min((limit for limit in ROUND if limit >= high), default=0)
        took = times.drop_nulls() if floor or top else times.clear()
        if floor and CLOSE_ABOVE <= int((took <= floor * NEAR).sum()) <= MOST_CLOSE * len(took):
            said, count = slow, len(took)
        elif top and _is_cut_off(took, top):
            said, count = quick, len(took)
        else:
            continue
        limit = floor if said is slow else top
        yield Finding(code=CODE, message=said(count, limit / 3_600), kpis=kpis, is_serious=True)


def _is_cut_off(took: pl.Series, top: float) -> bool:
    """Whether so many times end just below a limit that some would be above it, had they gone on to end as those before them did."""
    near, before = int((took > top / NEAR).sum()), int((took > top / NEAR**2).sum())
    if not 0 < near < before or near > MOST_CLOSE * len(took):
        return False
    ended = log(before / near) / (top / NEAR - top / NEAR**2)
    return (1 - exp(-ended * (top - top / NEAR))) ** near < CHANCE


def _all_left(customers: pl.DataFrame, made_at: datetime) -> int:
    """How many customers there are, if each has left, or has an end that lies behind by now, and they are enough; else 0."""
    has_left = [pl.col(name) for name in ("is_lost",) if name in customers.columns]
    has_left += [pl.col("lost_at").is_not_null()] * ("lost_at" in customers.columns)
    if customers.height < LOST or not has_left:
        return 0
    newest = customers["lost_at"].max() if "lost_at" in customers.columns else None
    if isinstance(newest, datetime) and newest.date() >= made_at.date():
        return 0
    return customers.height if customers.select(pl.coalesce(has_left).fill_null(value=False).all()).item() else 0


def _of_faithful_ones(customers: Facts, as_of: datetime) -> Iterator[Finding]:
    """A list of customers with a place for those who left, in which nobody has, for longer than customers stay anywhere."""
    frame = customers.frame
    if not {"is_lost", "acquired_at"} <= customers.available & set(frame.columns):
        return
    count = _rows_of_one_end(frame, _sample(frame), _is_known("is_lost"), ~pl.col("is_lost"), LOST)
    if not count:
        return
    stayed = (pl.lit(as_of, pl.Datetime("ms")) - pl.col("acquired_at")).dt.total_seconds().clip(0)
    months = frame.select((stayed / MONTH).sum()).item() or 0.0
    if months * HARDLY_ANY >= EXPECTED:
        yield _without_value(Message("selected-kept", count=count), OF_LOSSES)
    elif months * SLOWEST_LOSS >= EXPECTED:
        said = Message("selected-kept-perhaps", count=count)
        yield Finding(code=CODE, message=said, kpis=OF_LOSSES, is_serious=True, consequence=MARKED)


def _of_returning_ones(orders: pl.DataFrame) -> Iterator[Finding]:
    """Orders of customers each of whom has several."""
    if "buyer" not in orders.columns:
        return
    whose = orders["buyer"].drop_nulls()
    if whose.head(LOOKED_AT).n_unique() < 50 or bool(whose.is_unique().any()):
        return
    said = Message("selected-returning", count=whose.n_unique())
    yield Finding(code=CODE, message=said, kpis=("repurchase_rate*", "orders_per_customer"), is_serious=True)


def _without_value(said: Message, kpis: tuple[str, ...]) -> Finding:
    return Finding(code=CODE, message=said, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)
