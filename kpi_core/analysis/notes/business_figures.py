"""What must be said beside the figures of the business: how far they reach, what they lack, and what revenue grew by."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from kpi_core.analysis.changes.product_changes import factors
from kpi_core.config.plurals import some
from kpi_core.engine.cells import TOTAL, Cell, is_of_months
from kpi_core.engine.compute import Engine
from kpi_core.engine.states.keys import window
from kpi_core.facts import Facts
from kpi_core.facts.business.costs import NO_KIND
from kpi_core.facts.business.customers import LEFT_UNDATED, LOST_EARLY, NOT_DATED
from kpi_core.facts.business.leads import CONVERTED_EARLY
from kpi_core.facts.business.money import NO_AMOUNT, NO_CURRENCY
from kpi_core.facts.business.orders import CREDIT, TWICE
from kpi_core.facts.reviews import ASSUMED, BEFORE
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Kept, Ratio, Repeated
from kpi_core.model.periods import Period
from kpi_core.quality.coverage.covered_days import Coverage

TOLD = {
    LEFT_UNDATED: ("undated-customers", "left", "on no known day: in no rate of those who stay or leave"),
    NOT_DATED: (
        "undated-customers",
        "came",
        "on no known day: in no rate of those who stay or leave, and nobody's new ones",
    ),
    NO_AMOUNT: ("no-amount", "has", "no amount: left out of sums"),
    CREDIT: ("credits", "has", "a negative amount: a credit, taken off revenue, and no order"),
    TWICE: (
        "credits",
        "is",
        "said to be paid back, and a credit says so again: taken off once, on the day of the credit",
    ),
    NO_CURRENCY: ("no-currency", "names", "no currency, as others do: left out of sums"),
    NO_KIND: ("no-kind", "is", "neither for acquisition nor for support: used for neither"),
    ASSUMED: ("assumed-scale", "does", "not say the scale: taken from the highest rating"),
    BEFORE: (
        "negative-time",
        "was",
        "answered before being written: left out of the time to answer and of the answered",
    ),
    LOST_EARLY: ("negative-time", "was", "lost before being acquired: in no rate of those who stay or leave"),
    CONVERTED_EARLY: ("negative-time", "was", "converted before coming in: left out of the conversion rate"),
}
"""What is said of rows that lack something, by the reason their facts count them under."""

TOUCHED = {
    CREDIT: ("repurchase_rate*", "active_customers", "orders_per_customer", "aov", "revenue", "contact_rate_orders"),
    TWICE: ("aov", "revenue"),
    ASSUMED: ("review_rating_5", "review_stars_*"),
    BEFORE: ("review_reply_*",),
    LOST_EARLY: ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate"),
    CONVERTED_EARLY: ("conversion_rate",),
    LEFT_UNDATED: ("retention_rate", "churn_rate", "net_customer_change", "customer_growth", "contact_rate"),
    NOT_DATED: ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate", "cac"),
}
"""The KPIs that leave such rows out, where it is not plain."""

FACTORS = {"active_customers": "customers", "orders_per_customer": "orders per customer", "aov": "order value"}
"""What revenue is the product of."""


def business_findings(facts: Mapping[str, Facts]) -> list[Finding]:
    """The rows of customers, orders, reviews and costs that lack something."""
    return [
        Finding(code=code, message=some(count, table.removesuffix("s"), verb, rest), kpis=TOUCHED.get(reason, ()))
        for table, held in facts.items()
        for reason, count in held.counts.items()
        if reason in TOLD
        for code, verb, rest in [TOLD[reason]]
    ]


def reach(
    kpi: Kpi, value: float | None, period: Period, covers: Mapping[str, Coverage], facts: Mapping[str, Facts]
) -> Iterable[str]:
    """How far a value reaches where its period alone does not say."""
    measure = kpi.measure
    if isinstance(measure, Repeated) and period.start is not None:
        first = window(measure, period).start
        begun = next((cover.first.date() for cover in covers.values()), None)
        if first is not None and begun is not None and first < begun:
            yield f"the files begin on {begun}: customers have not had {measure.window} days to come back in"
    if kpi.known_as == "contact_rate" and "lost_at" not in facts["customers"].available:
        yield "the files do not say when customers leave: all who came count"
    if isinstance(measure, Kept) and period.is_all:
        yield "nobody was there before everything began: ask for a period"
    if kpi.table == "costs" and value is None and not is_of_months(period) and facts["costs"].frame["is_monthly"].any():
        yield "costs known by their month alone are not used in finer periods"
    if (
        isinstance(measure, Ratio)
        and not measure.is_per_head
        and value is not None
        and period.is_all
        and _differ(covers)
    ):
        told = (f"{table} {cover.first:%Y-%m-%d} to {cover.last:%Y-%m-%d}" for table, cover in covers.items())
        yield f"the two cover different days: {', '.join(told)}"


def _differ(covers: Mapping[str, Coverage]) -> bool:
    spans = [Period(cover.first.date(), cover.last.date() + timedelta(days=1)) for cover in covers.values()]
    return not all(cover.completes(span) for cover in covers.values() for span in spans)


def growth(kpi: Kpi, engine: Engine, new: Cell, old: Cell) -> Iterable[str]:
    """What customers, their orders and what these are worth have each added to a change of revenue.

    For totals only. Nothing where the three are not asked for with it, or do not multiply to it (orders without a customer).
    """
    if new.dimension != TOTAL:
        return
    parts = factors(kpi, engine, new, old)
    if parts:
        yield "of the change, " + ", ".join(f"{FACTORS[each.kpi.name]} {each.part:+,.0f}" for each in parts)
