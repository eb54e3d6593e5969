"""Business: what service is for: customers who stay and come back, what they spend, what they write, what it costs."""

from datetime import timedelta

from polars import Expr, col, when

from kpi_core.kpis.volume import CREATED
from kpi_core.model.kpi import TRADE, Better, Kpi, Unit
from kpi_core.model.measures import (
    Count,
    Difference,
    Distinct,
    Gone,
    Kept,
    Mean,
    Measure,
    Part,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Stock,
    Sum,
)

SHOWN = frozenset({"customer_growth", "churn_share", "contact_rate_orders", "review_rating_5"})
WORTH = {Unit.SHARE: 0.05, Unit.SCORE: 0.2}
NOT_DATED = "customers who came, or left, on no known day"


def _business(
    name: str, description: str, formula: str, table: str, dated_by: str, measure: Measure, unit: Unit,
    better: Better = Better.HIGHER, left_out: str = "", variant_of: str | None = None, matures_after: timedelta | None = None,
    reference: str = TRADE,
) -> Kpi:  # fmt: skip
    return Kpi(name=name, subject="business", description=description, formula=formula, table=table, dated_by=dated_by,
               measure=measure, unit=unit, better=better, worth_knowing=WORTH.get(unit, 0.10), left_out=left_out,
               variant_of=variant_of, shown=name in SHOWN, matures_after=matures_after, reference=reference)  # fmt: skip


NEW = Count(col("acquired_at").is_not_null())
NET = Difference(
    Part(Count(col("since").is_not_null())),
    Part(Count(col("since").is_not_null() & col("lost_at").is_not_null()), dated_by="lost_at"),
)
AT_START = Stock(col("since"), col("lost_at"), at_start=True)
AT_END = Stock(col("since"), col("gone_at"))

CUSTOMERS = (
    _business(
        "retention_rate", "Customers there at the start of the period who are still there at its end.",
        "(customers at the end − those of them who joined in the period) ÷ customers at the start", "customers", "acquired_at",
        Kept(col("since"), col("lost_at")), Unit.SHARE, left_out=NOT_DATED, reference="((E − N) ÷ S) × 100",
    ),
    _business(
        "churn_rate", "Customers there at the start of the period who left in it.", "left in the period ÷ customers at the start",
        "customers", "acquired_at", Gone(col("since"), col("lost_at")), Unit.SHARE, Better.LOWER, left_out=NOT_DATED,
    ),
    _business(
        "churn_share", "Customers acquired in the period who have left since; without dates, of all customers.",
        "customers who have left ÷ customers acquired", "customers", "acquired_at",
        Share(col("is_lost"), col("is_lost").is_not_null()), Unit.SHARE, Better.LOWER,
        left_out="customers of whom the file does not say whether they have left", variant_of="churn_rate",
    ),
    _business(
        "net_customer_change", "How many more customers came than left.", "customers acquired − customers lost", "customers",
        "acquired_at", NET, Unit.COUNT, left_out=NOT_DATED,
    ),
    _business(
        "customer_growth", "Net customer change for each customer there at the start of the period.",
        "(customers acquired − customers lost) ÷ customers at the start", "customers", "acquired_at",
        Ratio(Part(NET), Part(AT_START)), Unit.SHARE, left_out=NOT_DATED, variant_of="net_customer_change",
    ),
    _business(
        "cac", "What it costs to win a customer; a cost known by its month is used in whole months only.",
        "acquisition costs ÷ customers acquired", "costs", "spent_at",
        Ratio(Part(Sum(col("acquisition_cost"), col("is_monthly"))), Part(NEW, table="customers", dated_by="acquired_at")),
        Unit.MONEY, Better.LOWER, left_out="costs without an amount, customers who came on no known day",
    ),
)  # fmt: skip


BUYER = col("buyer")
"""The customer of an order; a credit has none."""


def _repurchase(name: str, key: Expr, description: str, left_out: str, variant_of: str | None = None) -> Kpi:
    return _business(
        name, description, "customers with 2 orders or more ÷ customers with an order, in the 365 days up to the period's end",
        "orders", "ordered_at", Repeated(key), Unit.SHARE, left_out=left_out, variant_of=variant_of,
    )  # fmt: skip


ORDERS = (
    _repurchase("repurchase_rate", BUYER, "Customers who ordered again within a year; an order paid back is an order.",
                "orders without a customer, credits"),
    _repurchase("repurchase_rate_net", when("is_kept").then(BUYER), "Customers who ordered again within a year, orders paid back left out.",
                "orders paid back, or without a customer", "repurchase_rate"),
    _business(
        "active_customers", "Customers with an order in the period.", "different customers with an order", "orders", "ordered_at",
        Distinct(BUYER), Unit.COUNT, left_out="orders without a customer, credits",
    ),
    _business(
        "orders_per_customer", "Orders for each customer who placed one; an order paid back is an order.",
        "orders ÷ different customers with an order", "orders", "ordered_at",
        Ratio(Part(Count(BUYER.is_not_null())), Part(Distinct(BUYER))), Unit.RATIO, left_out="orders without a customer, credits",
    ),
    _business(
        "aov", "Average order value, what was paid back taken off; a credit is taken off too, and is no order.",
        "revenue ÷ orders", "orders", "ordered_at", Ratio(Part(Sum(col("value"))), Part(Count(col("value").is_not_null() & col("is_order")))),
        Unit.MONEY, left_out="orders without an amount, and credits, which are no orders",
    ),
    _business(
        "revenue", "What orders came to, what was paid back taken off: customers × orders per customer × average order value.",
        "sum of amounts − sum of refunds", "orders", "ordered_at", Sum(col("value")), Unit.MONEY, left_out="orders without an amount",
    ),
)  # fmt: skip

MARKET = (
    _business(
        "conversion_rate", "Leads of the period that became customers.", "leads converted ÷ leads", "leads", "created_at",
        Share(col("is_converted"), col("is_converted").is_not_null()), Unit.SHARE,
        left_out="leads that do not say whether they became customers, or did before they came in", matures_after=timedelta(days=30),
    ),
    _business(
        "review_rating", "Mean rating in online reviews, on the commonest scale.", "mean rating", "reviews", "reviewed_at",
        Mean(when("on_scale").then("rating")), Unit.SCORE, left_out="reviews without a rating, or on another scale than most",
    ),
    _business(
        "review_rating_5", "Mean rating in online reviews on any scale, out of five.", "mean of rating ÷ highest × 5", "reviews",
        "reviewed_at", Mean(col("rating_of_5")), Unit.SCORE, left_out="reviews without a rating", variant_of="review_rating",
    ),
    *(
        _business(
            f"review_stars_{stars}", f"Online reviews that amount to {stars} of five, halves rounded up.", f"{stars} of five ÷ rated",
            "reviews", "reviewed_at", Share(col("stars") == stars, col("stars").is_not_null()), Unit.SHARE,
            Better.HIGHER if stars > 3 else Better.LOWER if stars < 3 else Better.NEITHER,
            left_out="reviews without a rating", variant_of="review_rating",
        )
        for stars in (5, 4, 3, 2, 1)
    ),
    _business(
        "review_reply_rate", "Online reviews that were answered.", "answered ÷ reviews", "reviews", "reviewed_at",
        Share(col("replied_at").is_not_null(), col("is_answer_in_order")), Unit.SHARE,
        left_out="reviews answered before they were written",
    ),
    _business(
        "review_reply_time", "Median time from an online review to its answer.", "median of (answered − written)", "reviews",
        "reviewed_at", Quantile(col("review_reply_time")), Unit.SECONDS, Better.LOWER,
        left_out="reviews not answered, or answered before they were written",
    ),
    _business(
        "review_reply_time_business", "Median time from an online review to its answer, in business hours.",
        "median of (open time of --calendar from written to answered)", "reviews", "reviewed_at",
        Quantile(col("review_reply_time_business")), Unit.SECONDS, Better.LOWER,
        left_out="reviews not answered, or answered before they were written", variant_of="review_reply_time",
    ),
)  # fmt: skip

LOAD = (
    _business(
        "cost_per_ticket", "What a ticket costs; a cost known by its month is used in whole months only.",
        "support costs ÷ tickets created", "costs", "spent_at",
        Ratio(Part(Sum(col("support_cost"), col("is_monthly"))), Part(CREATED, table="tickets", dated_by="created_at")),
        Unit.MONEY, Better.LOWER, left_out="costs without an amount",
    ),
    _business(
        "contact_rate", "Tickets of the period for each customer there at its end.", "tickets created ÷ customers at the end",
        "tickets", "created_at", Ratio(Part(CREATED), Part(AT_END, table="customers", dated_by="acquired_at")), Unit.RATIO,
        Better.NEITHER, left_out=NOT_DATED,
    ),
    _business(
        "contact_rate_orders", "Tickets of the period for each order placed in it.", "tickets created ÷ orders", "tickets",
        "created_at", Ratio(Part(CREATED), Part(Count(col("order_id").is_not_null() & col("is_order")), table="orders", dated_by="ordered_at"), by_day=True),
        Unit.RATIO, Better.NEITHER, variant_of="contact_rate",
    ),
)  # fmt: skip

KPIS = (*CUSTOMERS, *ORDERS, *MARKET, *LOAD)
