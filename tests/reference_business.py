"""The values the KPIs of the business must have, in plain Python over plain dicts; imported, they join `reference.KPIS`."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import ceil

from reference import (
    KPIS,
    NONE,
    Result,
    Row,
    Test,
    View,
    count,
    everyone,
    mean,
    precedes,
    quantile,
    ratio,
    share,
    since,
)


def customer_facts(rows: Sequence[Row]) -> list[Row]:
    """Customers with since when and until when, both None for those who left on no known day."""
    facts = []
    for row, is_early in zip(rows, precedes(rows, "lost_at", "acquired_at"), strict=True):
        if is_early:
            facts.append(row | {"lost_at": None, "is_lost": None, "since": None})
            continue
        lost_at = None if row["is_lost"] is False else row["lost_at"]
        if lost_at and row["acquired_at"]:
            lost_at = max(lost_at, row["acquired_at"])
        is_lost = row["is_lost"] if row["is_lost"] is not None else lost_at is not None
        is_undated = is_lost and lost_at is None
        came = None if is_undated else row["acquired_at"]
        facts.append(row | {"lost_at": lost_at, "is_lost": is_lost, "since": came})
    return facts


def order_facts(rows: Sequence[Row], customers: Sequence[Row]) -> list[Row]:
    """Orders with what they are worth, and their customer's segment."""
    known = {row["customer_id"]: row["segment"] for row in customers}
    return [
        row | {"value": worth(row), "segment": known.get(row["customer_id"])}
        for row in rows
    ]  # fmt: skip


def worth(row: Row) -> float | None:
    """What an order came to; a credit is taken off as it stands, whatever says so again."""
    if row["amount"] is None or row["amount"] < 0:
        return row["amount"]
    return row["amount"] - paid_back(row)


def paid_back(row: Row) -> float:
    if row["refunded_amount"]:
        return abs(float(row["refunded_amount"]))
    return float(row["amount"]) if row["is_refunded"] else 0.0


def is_kept(row: Row) -> bool:
    """Not paid back whole: by the sum where there is one, else by the word."""
    if not row["refunded_amount"]:
        return not row["is_refunded"]
    return row["amount"] is None or paid_back(row) < row["amount"]


def review_facts(rows: Sequence[Row]) -> list[Row]:
    scales = Counter(row["scale_high"] for row in rows if row["rating"] is not None)
    common = max(scales, key=lambda scale: (scales[scale], scale)) if scales else None
    return [
        row
        | {
            "on_scale": row["scale_high"] == common,
            "of_5": None if row["rating"] is None else row["rating"] / row["scale_high"] * 5,
            "reply_time": since(row["reviewed_at"], row["replied_at"]),
        }
        for row in rows
    ]


def lead_facts(rows: Sequence[Row]) -> list[Row]:
    early = precedes(rows, "converted_at", "created_at")
    return [
        row | {"is_converted": None if is_early else bool(row["converted_at"])}
        for row, is_early in zip(rows, early, strict=True)
    ]


# Customers


def there(view: View, at: datetime, *, is_now: bool) -> list[Row]:
    """The group's customers at an instant."""

    def has(happened: datetime | None) -> bool:
        return happened is not None and (happened <= at if is_now else happened < at)

    return [row for row in view.customers if view.keep(row) and has(row["since"]) and not has(row["lost_at"])]


def at_start(view: View) -> list[Row]:
    return [] if view.start is None else there(view, view.midnight(view.start), is_now=False)


def kept(view: View, *, is_gone: bool) -> Result:
    if not view.covered_days("customers"):
        return NONE
    end = view.looked_at()
    stay = [] if end is None else [row["customer_id"] for row in there(view, end, is_now=view.is_now(end))]
    return share(at_start(view), lambda row: (row["customer_id"] not in stay) is is_gone, everyone)


def net(view: View) -> Result:
    came = count(view, "customers", view.customers, "acquired_at", lambda row: row["since"])
    left = count(view, "customers", view.customers, "lost_at", lambda row: row["since"] and row["lost_at"])
    return NONE if came[0] is None or left[0] is None else (came[0] - left[0], came[1] + left[1])


def growth(view: View) -> Result:
    change, began = net(view), at_start(view)
    return ratio(change, (len(began), len(began)), change[1])


# Money


def total(view: View, rows: Sequence[Row], by: str, of: Callable[[Row], float | None]) -> Result:
    """The sum in the view's currency."""
    values = [
        of(row) for row in view.dated(rows, by) if view.currency in (None, row["currency"]) and of(row) is not None
    ]
    return (sum(values), len(values)) if values else NONE


def revenue(view: View) -> Result:
    return total(view, view.orders, "ordered_at", lambda row: row["value"])


def aov(view: View) -> Result:
    whole, n = revenue(view)
    return ratio((whole, n), (n, n), n)


def cost_each(kind: str, heads: Callable[[View], Result]) -> Callable[[View], Result]:
    def each(view: View) -> Result:
        cost = total(view, view.costs, "spent_at", lambda row: row["amount"] if row["kind"] == kind else None)
        return ratio(cost, heads(view), heads(view)[1])

    return each


# Orders


def repurchase(of: Test) -> Callable[[View], Result]:
    def rate(view: View) -> Result:
        year = view if view.end is None else view.since(view.end - timedelta(days=365))
        orders = Counter(
            row["customer_id"] for row in year.dated(view.orders, "ordered_at") if row["customer_id"] and of(row)
        )
        return share(orders.values(), lambda often: often > 1, lambda _: True)

    return rate


def buyers(view: View) -> Result:
    rows = {row["customer_id"] for row in view.dated(view.orders, "ordered_at") if row["customer_id"]}
    return (len(rows), len(rows)) if rows or view.covered_days("orders") else NONE


def per_buyer(view: View) -> Result:
    orders = count(view, "orders", view.orders, "ordered_at", lambda row: row["customer_id"])
    return ratio(orders, buyers(view), orders[1])


def tickets(view: View) -> Result:
    return count(view, "tickets", view.tickets, "created_at", everyone)


def contacts(view: View) -> Result:
    end = view.looked_at()
    rows = [] if end is None else there(view, end, is_now=view.is_now(end))
    return ratio(tickets(view), (len(rows), len(rows)), tickets(view)[1])


def contacts_by_order(view: View) -> Result:
    orders = count(view, "orders", view.orders, "ordered_at", everyone)
    return ratio(tickets(view), orders, orders[1])


def reviews(view: View) -> list[Row]:
    return view.dated(view.reviews, "reviewed_at")


def replied(view: View) -> list[Row]:
    """The reviews that were answered after they were written."""
    return [row for row in reviews(view) if row["reply_time"] is not None and row["reply_time"] >= 0]


def open_reply_times(view: View) -> list[int]:
    """How long the answers took in opening hours."""
    count = view.open_time
    return [] if count is None else [count(row, row["reviewed_at"], row["replied_at"]) for row in replied(view)]


def stars(of: int) -> Callable[[View], Result]:
    return lambda view: share(
        reviews(view), lambda row: min(max(ceil(row["of_5"]), 1), 5) == of, lambda row: row["of_5"] is not None
    )


KPIS.update(
    retention_rate=lambda view: kept(view, is_gone=False),
    churn_rate=lambda view: kept(view, is_gone=True),
    churn_share=lambda view: share(view.dated(view.customers, "acquired_at"), lambda row: row["is_lost"], lambda row: row["is_lost"] is not None),
    net_customer_change=net,
    customer_growth=growth,
    cac=cost_each("acquisition", lambda view: count(view, "customers", view.customers, "acquired_at", lambda row: row["acquired_at"])),
    cost_per_ticket=cost_each("support", tickets),
    repurchase_rate=repurchase(everyone),
    repurchase_rate_net=repurchase(is_kept),
    active_customers=buyers,
    orders_per_customer=per_buyer,
    aov=aov,
    revenue=revenue,
    conversion_rate=lambda view: share(
        view.dated(view.leads, "created_at"), lambda row: row["is_converted"], lambda row: row["is_converted"] is not None
    ),
    review_rating=lambda view: mean(row["rating"] for row in reviews(view) if row["on_scale"]),
    review_rating_5=lambda view: mean(row["of_5"] for row in reviews(view)),
    review_reply_rate=lambda view: share(
        reviews(view), lambda row: row["replied_at"], lambda row: row["reply_time"] is None or row["reply_time"] >= 0
    ),
    review_reply_time=lambda view: quantile((row["reply_time"] for row in replied(view)), 0.5),
    review_reply_time_business=lambda view: quantile(open_reply_times(view), 0.5),
    contact_rate=contacts,
    contact_rate_orders=contacts_by_order,
    **{f"review_stars_{each}": stars(each) for each in range(1, 6)},
)  # fmt: skip
