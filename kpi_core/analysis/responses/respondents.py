"""Customers who answer one question several times: reported, and where it is asked for counted once a period."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.ingest.questions.survey_questions import FIRST
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import Query

OF_A_RELATION = ("nps", "nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth")
"""Questions that are not about one case: a second answer says the same thing twice, whatever case it came with."""
NOTICED = 0.05
"""The share of answers beyond the first of each customer from which it is reported."""
AGAIN = pl.duration(days=1)
"""How soon after an answer another of the same customer is likely the same one, given again."""
KEYS = ("customer_id", "customer_email")
CUSTOMER, PLACE, WINDOW = "_respondent", "_place", "_window"


def repeated_respondents(answers: pl.DataFrame) -> list[Finding]:
    """The finding on customers with several answers to one question, each of which counts."""
    given = _given(answers)
    if given is None:
        return []
    if "ticket_id" in answers.columns:
        given = given.filter(pl.col("ticket_id").is_null() | pl.col("question").is_in(OF_A_RELATION))
    return _repeated(given)


def one_per_customer(
    answers: pl.DataFrame, which: str, query: Query, clock: Clock
) -> tuple[pl.DataFrame, Query, list[Finding]]:
    """The answers that count, one of each customer to each question in each period of a query; the query; and the notes.

    Who answers in August and in September counts in both: else every later answer would take one out of the earlier period.
    Steps of the trend that cut through the period or the baseline are left out of the query, for there another answer would count.
    Answers of customers that are not known all count. Of answers given at the same instant the later row is the newer.

    Raises:
        DefinitionError: the answers do not say whose they are, or the baseline cuts through the period.
    """
    given = _given(answers)
    if given is None:
        hint = "name the customer's column with --column customer_id=HEADER"
        raise DefinitionError("the answers do not say who gave them", where=f"--answers {which}", hint=hint)
    whole = query
    query, windows = _apart(query, which)
    dated = "answered_at" if "answered_at" in answers.columns else PLACE
    placed = given.with_columns(_window(windows, clock) if dated != PLACE else pl.lit(0).alias(WINDOW)).collect()
    ordered = placed.sort(dated, PLACE, descending=which == "newest", nulls_last=True)
    lost = ordered.filter(~pl.struct(CUSTOMER, "question", WINDOW).is_first_distinct(), pl.col(WINDOW).is_not_null())
    if lost.is_empty():
        return answers, query, []
    kept = answers.filter(~_at(lost[PLACE], answers.height))
    if FIRST in kept.columns:
        kept = kept.drop(FIRST)  # another answer of its response may be the first one now
    return kept, query, [_counted_once(lost, which, query, is_cut=query.trend != whole.trend)]


def _given(answers: pl.DataFrame) -> pl.LazyFrame | None:
    """The answers of customers that are known; None where the files name none."""
    keys = [name for name in KEYS if name in answers.columns]
    if not keys:
        return None
    given = answers.lazy().with_row_index(PLACE).filter(pl.col("score").is_not_null())
    return given.with_columns(pl.coalesce(keys).alias(CUSTOMER)).filter(pl.col(CUSTOMER).is_not_null())


def _apart(query: Query, which: str) -> tuple[Query, list[Period]]:
    """The query without the steps of its trend that cut through its periods, and all its periods, which share no day."""
    asked = [query.period, *([query.baseline] if query.baseline else [])]
    if len(asked) > 1 and asked[0] != asked[1] and _share_days(*asked):
        message = f"{query.period.name} and {asked[1].name} share days, in which an answer may count in one and not in the other"
        hint = "compare with a period of other days, or leave --answers out"
        raise DefinitionError(message, where=f"--answers {which}", hint=hint)
    trend = tuple(step for step in query.trend if step in asked or not any(_share_days(step, one) for one in asked))
    return replace(query, trend=trend), list(dict.fromkeys([*asked, *trend]))


def _share_days(one: Period, other: Period) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return one.start < other.end and other.start < one.end


def _window(windows: Sequence[Period], clock: Clock) -> pl.Expr:
    """The number of the period that an answer falls in; null for none."""
    day, found = clock.day("answered_at"), pl.lit(None, pl.Int32)
    for number, period in enumerate(windows):
        is_in = (
            pl.lit(value=True)
            if period.start is None or period.end is None
            else day.is_between(period.start, period.end, closed="left")
        )
        found = pl.when(is_in).then(pl.lit(number, pl.Int32)).otherwise(found)
    return found.alias(WINDOW)


STEPS = {
    Grain.DAY: Message("steps-of-days"),
    Grain.WEEK: Message("steps-of-weeks"),
    Grain.MONTH: Message("steps-of-months"),
    Grain.QUARTER: Message("steps-of-quarters"),
    Grain.YEAR: Message("steps-of-years"),
}


def _counted_once(lost: pl.DataFrame, which: str, query: Query, *, is_cut: bool) -> Finding:
    """The note on the answers that do not count."""
    if query.period.is_all:
        text = Message("newest-counts" if which == "newest" else "first-counts", count=lost.height)
    else:
        text = Message("newest-counts-in-period" if which == "newest" else "first-counts-in-period", count=lost.height)
    if is_cut:
        within = Message("the-whole") if query.period.is_all else query.period.name
        text = Message("steps-not-shown", what=text, steps=STEPS[query.grain], period=within)
    questions = lost["question"].cast(pl.String).unique().sort().to_list()
    kpis = tuple(dict.fromkeys(kpi for question in questions for kpi in KPIS[question]))
    return Finding(code="repeated-respondents", message=text, kpis=kpis)


def _repeated(given: pl.LazyFrame) -> list[Finding]:
    """The questions that a good part of the answers repeats an answer to."""
    by_customer = given.group_by(pl.col("question").cast(pl.String), CUSTOMER).len()
    totals = by_customer.group_by("question").agg(
        answers=pl.col("len").sum(), customers=pl.len(), most=pl.col("len").max()
    )
    found = []
    for question, given_by_all, customers, most in totals.sort("question").collect().iter_rows():
        if given_by_all - customers > NOTICED * given_by_all:
            text = Message(
                "repeated-respondents", count=given_by_all, question=question, customers=customers, most=most
            )
            soon = _soon(given, question)
            if soon <= NOTICED * given_by_all:
                found.append(Finding(code="repeated-respondents", message=text, kpis=KPIS[question]))
                continue
            text = Message("said-together", parts=[text, Message("answered-again-soon", count=soon)])
            found.append(
                Finding(
                    code="repeated-respondents", message=text, kpis=KPIS[question], is_serious=True,
                    consequence=Consequence.NO_VERDICT,
                )
            )  # fmt: skip
    return found


def _soon(given: pl.LazyFrame, question: str) -> int:
    """How many answers to a question came within a day of the one before them by the same customer: likely the same answer again."""
    if "answered_at" not in given.collect_schema().names():
        return 0
    own = (
        given.filter(pl.col("question").cast(pl.String) == question)
        .drop_nulls("answered_at")
        .sort(CUSTOMER, "answered_at")
    )
    is_same = pl.col(CUSTOMER) == pl.col(CUSTOMER).shift(1)
    return int(own.select((is_same & (pl.col("answered_at").diff() <= AGAIN)).sum()).collect().item())


def _at(places: pl.Series, height: int) -> pl.Series:
    return pl.Series([False]).new_from_index(0, height).scatter(places, values=True)
