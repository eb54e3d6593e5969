"""The notes on the figures of the business: how far they reach, what they lack, and what revenue grew by."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from kpi_core.analysis.changes.product_changes import factors
from kpi_core.engine.cells import TOTAL, Cell, is_of_months
from kpi_core.engine.compute import Engine
from kpi_core.engine.states.keys import window
from kpi_core.facts import Facts, reviews
from kpi_core.facts.business import costs, customers, leads, money, orders
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called, counted
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Kept, Ratio, Repeated
from kpi_core.model.periods import Period
from kpi_core.quality.coverage.covered_days import Coverage

TOUCHED = {
    orders.CREDIT: (
        "repurchase_rate*",
        "active_customers",
        "orders_per_customer",
        "aov",
        "revenue",
        "contact_rate_orders",
    ),
    orders.TWICE: ("aov", "revenue"),
    reviews.ASSUMED: ("review_rating_5", "review_stars_*"),
    reviews.BEFORE: ("review_reply_*",),
    customers.LOST_EARLY: ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate"),
    leads.CONVERTED_EARLY: ("conversion_rate",),
    customers.LEFT_UNDATED: ("retention_rate", "churn_rate", "net_customer_change", "customer_growth", "contact_rate"),
    customers.NOT_DATED: ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate", "cac"),
}
"""The KPIs that leave such rows out, where it is not plain."""


def business_findings(facts: Mapping[str, Facts]) -> list[Finding]:
    """The rows of customers, orders, reviews and costs that lack something."""
    return [
        Finding(code=finding[0], message=finding[1], kpis=TOUCHED.get(reason, ()))
        for table, known in facts.items()
        for reason, count in known.counts.items()
        if (finding := _finding(reason, counted(table, count), count)) is not None
    ]


def _finding(reason: str, rows: Message, count: int) -> tuple[str, Message] | None:
    """The code and message of rows that their facts count under a reason; None where others say it."""
    return _of_money(reason, rows, count) or _of_customers(reason, rows, count)


def _of_money(reason: str, rows: Message, count: int) -> tuple[str, Message] | None:
    match reason:
        case money.NO_AMOUNT:
            return "no-amount", Message("no-amount", rows=rows, count=count)
        case orders.CREDIT:
            return "credits", Message("order-credits", rows=rows, count=count)
        case orders.TWICE:
            return "credits", Message("paid-back-twice", rows=rows, count=count)
        case money.NO_CURRENCY:
            return "no-currency", Message("no-currency", rows=rows, count=count)
        case costs.NO_KIND:
            return "no-kind", Message("cost-of-no-kind", rows=rows, count=count)
        case _:
            return None


def _of_customers(reason: str, rows: Message, count: int) -> tuple[str, Message] | None:
    match reason:
        case customers.LEFT_UNDATED:
            return "undated-customers", Message("left-undated", rows=rows)
        case customers.NOT_DATED:
            return "undated-customers", Message("came-undated", rows=rows)
        case customers.LOST_EARLY:
            return "negative-time", Message("lost-before-acquired", rows=rows, count=count)
        case reviews.ASSUMED:
            return "assumed-scale", Message("review-scale-assumed", rows=rows, count=count)
        case reviews.BEFORE:
            return "negative-time", Message("answered-before-written", rows=rows, count=count)
        case leads.CONVERTED_EARLY:
            return "negative-time", Message("converted-before-coming", rows=rows, count=count)
        case _:
            return None


def reach(
    kpi: Kpi, value: float | None, period: Period, covers: Mapping[str, Coverage], facts: Mapping[str, Facts]
) -> Iterable[Message]:
    """How far a value reaches where its period alone does not say."""
    measure = kpi.measure
    if isinstance(measure, Repeated) and (begun := _too_late_for(measure, period, covers)) is not None:
        yield Message("no-days-to-come-back", day=begun, days=measure.window)
    if kpi.known_as == "contact_rate" and "lost_at" not in facts["customers"].available:
        yield Message("nobody-leaves")
    if isinstance(measure, Kept) and period.is_all:
        yield Message("nobody-before")
    if kpi.table == "costs" and value is None and not is_of_months(period) and facts["costs"].frame["is_monthly"].any():
        yield Message("costs-by-month")
    if (
        isinstance(measure, Ratio)
        and not measure.is_per_head
        and value is not None
        and period.is_all
        and _differ(covers)
    ):
        spans = [
            Message("table-from-to", table=called(table), first=cover.first.date(), last=cover.last.date())
            for table, cover in covers.items()
        ]
        yield Message("cover-different-days", spans=spans)


NO_DAYS_TO_COME_BACK = "no-days-to-come-back"


def _too_late_for(measure: Repeated, period: Period, covers: Mapping[str, Coverage]) -> date | None:
    """The first day of the files, where that lies within the window in which customers come back; over all there is, where the files are shorter than it."""
    cover = next(iter(covers.values()), None)
    if cover is None:
        return None
    first = cover.last.date() - timedelta(days=measure.window) if period.is_all else window(measure, period).start
    return cover.first.date() if first is not None and first < cover.first.date() else None


def _differ(covers: Mapping[str, Coverage]) -> bool:
    spans = [Period(cover.first.date(), cover.last.date() + timedelta(days=1)) for cover in covers.values()]
    return not all(cover.is_near(span) for cover in covers.values() for span in spans)


def growth(kpi: Kpi, engine: Engine, new: Cell, old: Cell) -> Iterable[Message]:
    """What customers, their orders and what these are worth have each added to a change of revenue.

    For totals only. Nothing where the three are not asked for with it, or do not multiply to it (orders without a customer).
    """
    if new.dimension != TOTAL:
        return
    parts = factors(kpi, engine, new, old)
    if parts:
        yield Message("growth-of-revenue", parts=[_grown(each.kpi.name, each.part) for each in parts])


def _grown(factor: str, part: float) -> Message:
    """What one factor has added."""
    match factor:
        case "active_customers":
            return Message("growth-customers", part=part)
        case "orders_per_customer":
            return Message("growth-orders", part=part)
        case _:
            return Message("growth-value", part=part)
