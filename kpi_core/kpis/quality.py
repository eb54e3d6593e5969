"""Quality: whether cases are solved, at once, for good, and in the customer's own eyes."""

from datetime import timedelta

from polars import Expr, col, when

from kpi_core.kpis.volume import FOLLOWED, RESOLVED
from kpi_core.model.kpi import TRADE, Better, Kpi, Unit
from kpi_core.model.measures import Mean, Measure, Part, Ratio, Share

NEVER_RESOLVED = "tickets never resolved, or without a number of reopenings"
SHOWN = frozenset({"resolution_rate_cohort", "resolution_rate_of_answered"})
WEEK = timedelta(days=7)
TO_COME_BACK = timedelta(days=28)
"""How long customers are given to come back: a month watched for two days has hardly any reopenings yet."""
DAY_SECONDS = 86_400


def _quality(
    name: str, description: str, formula: str, measure: Measure, *, dated_by: str = "created_at", left_out: str = "",
    better: Better = Better.HIGHER, unit: Unit = Unit.SHARE, matures_after: timedelta | None = None,
    variant_of: str | None = None, table: str = "tickets", asks: str | None = None, reference: str = TRADE,
) -> Kpi:  # fmt: skip
    worth_knowing = 0.05 if unit is Unit.SHARE else 0.10
    return Kpi(name=name, subject="quality", description=description, formula=formula, table=table, dated_by=dated_by,
               measure=measure, unit=unit, better=better, worth_knowing=worth_knowing, left_out=left_out,
               matures_after=matures_after, variant_of=variant_of, asks=asks, reference=reference, shown=name in SHOWN)  # fmt: skip


def _within(days: int) -> Expr:
    """Resolved within so many days of opening; one at an unknown time was if the ticket is no older than that."""
    soon = (col("resolved_at") - col("created_at")).dt.total_seconds() <= days * DAY_SECONDS
    return col("is_resolved") & (col("resolved_at").is_null() | soon)


def can_be_within(days: int) -> Expr:
    """Tickets of which it is known whether they were resolved so soon: no resolution before the opening, nor one of which either time is not known."""
    is_decided = ~col("is_resolved") | col("resolved_at").is_not_null() | (col("age") <= days * DAY_SECONDS)
    is_known = col("is_resolved").is_not_null() & col("created_at").is_not_null()
    return is_known & is_decided.fill_null(value=False) & col("is_resolution_in_order")


UNDATED = "tickets opened or resolved at an unknown time, or resolved before they were opened"


def _repeat_free(days: int) -> Kpi:
    free = col("repeat_after").is_null() | (col("repeat_after") > days * DAY_SECONDS)
    name = "fcr_no_repeat" if days == 7 else f"fcr_no_repeat_{days}"
    return _quality(
        name, f"Resolved tickets whose customer opened no new one within {days} days.",
        f"no new ticket by the customer in {days} days ÷ resolved",
        Share(free, col("is_resolved") & col("resolved_at").is_not_null() & col("customer_id").is_not_null()), dated_by="resolved_at",
        left_out="tickets not resolved, or whose customer is not known", matures_after=timedelta(days=days),
        variant_of=None if days == 7 else "fcr_no_repeat",
    )  # fmt: skip


ONE_REPLY = col("is_resolved") & (col("agent_replies") >= 1)
REOPENED = col("reopens") > 0

KPIS = (
    _quality(
        "resolution_rate", "Tickets resolved in the period for each one opened in it; a flow, so it may exceed 100 %.",
        "tickets resolved ÷ tickets created", Ratio(Part(RESOLVED, dated_by="resolved_at"), Part(FOLLOWED)),
    ),
    _quality(
        "resolution_rate_cohort", "Tickets opened in the period that were resolved within 7 days.",
        "resolved within 7 days of opening ÷ created", Share(_within(7).fill_null(value=False), can_be_within(7)),
        left_out=UNDATED, matures_after=WEEK, variant_of="resolution_rate",
    ),
    _quality(
        "resolution_rate_of_answered", "Contacts resolved among those that were answered.",
        "resolved ÷ answered", Share(col("is_resolved"), col("is_answered")), left_out="contacts nobody answered",
        variant_of="resolution_rate",
    ),
    _quality(
        "successful_resolution_rate", "Tickets solved, not reopened, and not rated bad: unrated ones count as not dissatisfied.",
        "resolved, reopens 0 or unknown, not rated bad ÷ created",
        Share(col("is_resolved") & ~col("was_reopened") & ~col("is_rated_bad").fill_null(value=False),
              col("ticket_id").is_not_null() & col("records_states")),
        matures_after=timedelta(days=28), reference="problem solved, customer satisfied",
    ),
    _quality(
        "confirmed_resolution_rate", "Customers who say that their case was resolved.", "yes ÷ answered",
        Share(col("score") == 1, (col("question") == "resolved") & col("score").is_not_null()), table="answers",
        dated_by="answered_at", asks="resolved",
    ),
    _quality(
        "confirmed_of_resolved", "Resolved tickets whose customer confirmed it: a lower bound of the confirmed share.",
        "confirmed ÷ resolved", Share(col("is_confirmed").fill_null(value=False), col("is_resolved")), dated_by="resolved_at",
        left_out="tickets that are not resolved", variant_of="confirmed_resolution_rate",
    ),
    _quality(
        "fcr_one_touch", "Resolved tickets that took one agent reply.", "exactly one public reply ÷ resolved with at least one",
        Share(col("agent_replies") == 1, ONE_REPLY), dated_by="resolved_at",
        left_out="tickets not resolved, or resolved without a reply",
    ),
    _quality(
        "fcr_one_touch_strict", "Resolved tickets that took one agent reply and were never reopened.",
        "one public reply and no reopening ÷ resolved with at least one reply",
        Share((col("agent_replies") == 1) & (col("reopens") == 0), ONE_REPLY & col("reopens").is_not_null()), dated_by="resolved_at",
        left_out="tickets not resolved, or resolved without a reply", variant_of="fcr_one_touch",
    ),
    _quality(
        "fcr_no_reopen", "Resolved tickets that were not opened again, among those resolved 7 days ago or more.",
        "no reopening ÷ resolved 7 days before the data ends",
        Share(col("reopens") == 0, col("is_resolved") & col("reopens").is_not_null() & (col("resolved_age") >= 7 * DAY_SECONDS)),
        dated_by="resolved_at", left_out="tickets not resolved, or resolved less than 7 days ago", matures_after=WEEK,
        variant_of="fcr_one_touch",
    ),
    _repeat_free(7),
    _repeat_free(14),
    _repeat_free(30),
    _quality(
        "fcr_survey", "Customers who say that their case was solved at the first contact.", "yes ÷ answered",
        Share(col("score") == 1, (col("question") == "first_contact") & col("score").is_not_null()), table="answers",
        dated_by="answered_at", asks="first_contact",
    ),
    _quality(
        "reopen_rate", "Tickets opened again after a resolution.", "reopens > 0 ÷ (resolved or reopened)",
        Share(REOPENED, col("reopens").is_not_null() & (col("is_resolved") | REOPENED)), better=Better.LOWER,
        left_out=NEVER_RESOLVED, matures_after=TO_COME_BACK,
    ),
    _quality(
        "reopens_per_ticket", "Mean number of times a ticket was opened again.", "reopens ÷ (resolved or reopened)",
        Mean(when(col("is_resolved") | REOPENED).then(col("reopens"))), better=Better.LOWER, unit=Unit.RATIO, left_out=NEVER_RESOLVED,
        matures_after=TO_COME_BACK,
    ),
    _quality(
        "complaint_resolution_rate", "Complaints resolved within 7 days.", "complaints resolved within 7 days ÷ complaints",
        Share(_within(7).fill_null(value=False), col("is_complaint") & can_be_within(7)),
        left_out="tickets that are no complaints, or opened or resolved at an unknown time", matures_after=WEEK,
    ),
)  # fmt: skip
