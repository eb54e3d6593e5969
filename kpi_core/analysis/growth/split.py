"""What revenue came from in a period: customers × orders per customer × order value, from the orders of the files."""

import math
from collections.abc import Mapping
from dataclasses import replace

from kpi_core.analysis.changes.product_changes import PRODUCTS, factors
from kpi_core.analysis.growth.outlook import Business, Move, Name, Net, Outlook, what_if
from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.measures import Operands
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What revenue came from in a period and in the one before.

    Attributes:
        revenue: the result, with its change and verdict; None where the files have no orders.
        change: from the period before to this one, split between the factors; None without a period before.
        outlook: what if, from this period on; None where nothing was asked.
        net: customers won and lost in the period, of `at_start`; None where the files do not know them.
        refused: why revenue is not split.
    """

    report: Report
    revenue: KpiResult | None
    now: Business | None
    change: Outlook | None = None
    outlook: Outlook | None = None
    net: Net | None = None
    at_start: float | None = None
    refused: Message | None = None

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def currency(self) -> str | None:
        """What amounts are in, where the files say."""
        return None if self.revenue is None else self.revenue.kpi.currency


def growth(
    dataset: Dataset, request: Request, *, moves: Mapping[Name, Move] | None = None, net: Net | None = None,
    years: int = 0, rate: float | None = None,
) -> Growth:  # fmt: skip
    """What revenue came from in the request's period and in its baseline, and what if the factors became others.

    What the report does not compare (a period that is not complete, orders yet to be paid back) is not split: `refused` says why.
    """
    prepared = prepare(dataset, looked_up(request))
    report = report_on(prepared)
    totals = [one for one in report.totals if one.kpi.name == "revenue"]
    won, at_start = _net(report)
    plain = Growth(report=report, revenue=totals[0] if len(totals) == 1 else None, now=None, net=won, at_start=at_start)
    if not totals:
        lacking = next((one.needs for one in report.unavailable if one.kpi.name == "revenue"), ())
        return replace(plain, refused=Message("why-unavailable", needs=lacking))
    if len(totals) > 1:
        currencies = [one.kpi.currency or "" for one in totals]
        return replace(plain, refused=Message("why-currencies", currencies=currencies))
    (revenue,) = totals
    if revenue.estimate.value is None or revenue.suppressed:
        return replace(plain, refused=revenue.barred or Message("why-no-value"))
    new = Cell(period=report.query.period, dimension=TOTAL)
    old = None if report.query.baseline is None else replace(new, period=report.query.baseline)
    values = {one.kpi.name: one.estimate.value for one in report.totals}
    now = _business([values.get(name) for name in PRODUCTS["revenue"]], revenue.estimate.value)
    if now is None:
        return replace(plain, refused=Message("growth-no-product"))
    outlook = what_if(now, moves or {}, net=net, years=years, rate=rate) if moves or net or years else None
    found = replace(plain, now=now, outlook=outlook)
    if old is None:
        return found
    if revenue.change is None:
        return replace(found, refused=revenue.barred or Message("why-no-baseline"))
    parts = factors(revenue.kpi, prepared.engine, new, old)
    if not parts or revenue.baseline is None:
        return replace(found, refused=Message("growth-no-product"))
    before = Business(customers=parts[0].old, frequency=parts[1].old, order_value=parts[2].old)
    return replace(found, change=Outlook(
        base=before, raised=now, parts=(parts[0].part, parts[1].part, parts[2].part), growth=now.revenue / before.revenue - 1,
    ))  # fmt: skip


def looked_up(request: Request) -> Request:
    """The request with all that growth is computed from."""
    names = ("revenue", *PRODUCTS["revenue"], "net_customer_change", "customer_growth")
    return replace(request, by=(), kpis=tuple(BY_NAME[name] for name in names))


def _business(values: list[float | None], revenue: float) -> Business | None:
    """The three factors, where they are known and multiply to the revenue."""
    known = [value for value in values if value is not None]
    if len(known) != len(values) or not math.isclose(math.prod(known), revenue, rel_tol=1e-9):
        return None
    return Business(customers=known[0], frequency=known[1], order_value=known[2])


def _net(report: Report) -> tuple[Net | None, float | None]:
    """The customers won and lost in the period, and how many there were at its start."""
    totals = {one.kpi.name: one for one in report.totals}
    change, rate = totals.get("net_customer_change"), totals.get("customer_growth")
    if change is None or change.estimate.value is None or change.suppressed:
        return None, None
    parts = change.estimate.parts
    won = Net(new=parts.first, lost=parts.second) if isinstance(parts, Operands) else None
    of = rate.estimate.parts.fraction if rate is not None and rate.estimate.value is not None else None
    return won, (of[1] if of else None)
