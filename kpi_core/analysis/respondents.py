"""Customers who answer one question several times: said, and where it is asked for counted once."""

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.ingest.answers import FIRST
from kpi_core.ingest.unread_answers import KPIS
from kpi_core.plurals import some
from kpi_core.report import Finding

WHICH = ("all", "newest", "first")
"""Which answers of one customer to one question count."""
OF_A_RELATION = ("nps", "nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth")
"""Questions that are not about one case: a second answer says the same thing twice, whatever case it came with."""
NOTICED = 0.05
"""The share of answers beyond the first of each customer from which it is said."""
KEYS = ("customer_id", "customer_email")
CUSTOMER, PLACE = "_respondent", "_place"


def one_per_customer(answers: pl.DataFrame, which: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The answers that count, and what must be said of customers with several to one question.

    Answers of customers that are not known all count. Of answers given at the same instant the later row is the newer.

    Raises:
        DefinitionError: the answers do not say whose they are, and yet some are to be left out.
    """
    keys = [name for name in KEYS if name in answers.columns]
    if not keys:
        if which != "all":
            hint = "name the customer's column with --column customer_id=HEADER"
            raise DefinitionError("the answers do not say who gave them", where=f"--answers {which}", hint=hint)
        return answers, []
    given = answers.lazy().with_row_index(PLACE).filter(pl.col("score").is_not_null())
    given = given.with_columns(pl.coalesce(keys).alias(CUSTOMER)).filter(pl.col(CUSTOMER).is_not_null())
    if which != "all":
        return _one_each(answers, given.collect(), which)
    if "ticket_id" in answers.columns:
        given = given.filter(pl.col("ticket_id").is_null() | pl.col("question").is_in(OF_A_RELATION))
    return answers, _repeated(given)


def _repeated(given: pl.LazyFrame) -> list[Finding]:
    """The questions that a good part of the answers repeats an answer to."""
    by_customer = given.group_by(pl.col("question").cast(pl.String), CUSTOMER).len()
    totals = by_customer.group_by("question").agg(
        answers=pl.col("len").sum(), customers=pl.len(), most=pl.col("len").max()
    )
    found = []
    for question, given_by_all, customers, most in totals.sort("question").collect().iter_rows():
        if given_by_all - customers > NOTICED * given_by_all:
            text = (
                f"{some(given_by_all, 'answer')} to {question} are from {some(customers, 'customer')}, up to {most} from one: "
                "each counts; --answers newest takes one of each customer"
            )
            found.append(Finding(code="repeated-respondents", text=text, kpis=KPIS[question]))
    return found


def _one_each(answers: pl.DataFrame, given: pl.DataFrame, which: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The answers with only the newest or the first of each customer to each question."""
    dated = "answered_at" if "answered_at" in given.columns else PLACE
    ordered = given.sort(dated, PLACE, descending=which == "newest", nulls_last=True)
    lost = ordered.filter(~pl.struct(CUSTOMER, "question").is_first_distinct())
    if lost.is_empty():
        return answers, []
    kept = answers.filter(~_at(lost[PLACE], answers.height))
    if FIRST in kept.columns:
        kept = kept.drop(FIRST)  # another answer of its response may be the first one now
    text = f"{some(lost.height, 'answer', 'is')} left out: of several answers of one customer to one question the {which} counts"
    questions = lost["question"].cast(pl.String).unique().sort().to_list()
    kpis = tuple(dict.fromkeys(kpi for question in questions for kpi in KPIS[question]))
    return kept, [Finding(code="repeated-respondents", text=text, kpis=kpis)]


def _at(places: pl.Series, height: int) -> pl.Series:
    return pl.Series([False]).new_from_index(0, height).scatter(places, values=True)
