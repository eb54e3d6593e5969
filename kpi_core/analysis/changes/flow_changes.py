"""What was left unresolved, given the arrivals: the test of which net flow, backlog and resolution rate are twins."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from operator import mul

from kpi_core.analysis.changes.histories import LONG_ENOUGH, WARM_UP, YEAR
from kpi_core.analysis.changes.scaled_changes import worth
from kpi_core.engine.cells import Cell
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.plan import sides, whole
from kpi_core.engine.states.lags import MOST_LAG
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.stats.contrasts import Judgement

RATE = BY_NAME["resolution_rate"]
FREEDOM = 20
EDGES = 3
"""Edges of two periods that follow on one another."""
ALONE = 0.9
"""How sure it must be, by itself, that what is left unresolved differs from what it is compared with."""
MATURE = timedelta(days=60)
"""Days before the period from which on tickets may not be resolved yet as they will be."""


def flow_test(
    series: DaySeries, cell: Cell, start: date | None, end: date | None, since: date | None
) -> Judgement | None:
    """How many more tickets were left unresolved than the arrivals let expect, by the year before, where as long a time from `since` to the start was another.

    A burst on the last day of a month is resolved in the next: what is left after that is judged by what sums over as many days of
    the history came to. Where it does not differ from what was left in the days that it is compared with, that is the test.
    """
    net = BY_NAME["net_flow"]
    created, resolved = sides(whole(net))
    if start is None or end is None or start >= end or (begun := series.begins(created, start)) is None:
        return None
    first = max(begun, start - YEAR - WARM_UP) + WARM_UP
    days = (start - first).days
    length = (end - start).days
    if days < LONG_ENOUGH or days < 2 * length:
        return None
    profile = series.lags(cell.dimension, first, start - MATURE).get(cell.group)
    if profile is None:
        return None
    early = Span(first=first - WARM_UP, last=end)
    came = series.sums(created, cell, early).tops
    went = series.sums(resolved, cell, early).tops[WARM_UP.days :]
    latest_first, begun_at = profile[::-1], WARM_UP.days - MOST_LAG
    due = [
        math.fsum(map(mul, came[day : day + MOST_LAG + 1], latest_first))
        for day in range(begun_at, begun_at + len(went))
    ]
    short = [one - other for one, other in zip(due, went, strict=True)]
    before = days if since is None else min(max((start - since).days, 1), days)
    return _short_of(short, days, before, _open_at_edges(came, profile, days))


def tickets_of(kpi: Kpi, new: Estimate, made: float) -> float | None:
    """How much one ticket more that is left open changes a figure of the flow; None where nothing is open."""
    if kpi.unit is Unit.SHARE:
        return 1 / made
    if kpi.unit is not Unit.DAYS:
        return 1.0
    return new.value / new.n if new.value and new.n else None


def margin_of_flow(kpi: Kpi, old: float, made: float) -> float | None:
    """The change worth knowing of a figure of the flow, in tickets: of a net flow, which is near nothing, that of the rate; None where tickets do not show it."""
    if kpi.unit is Unit.DAYS:
        return None
    if kpi.unit is Unit.SHARE:
        return worth(kpi, old) * made
    return RATE.worth_knowing * made if kpi.name == "net_flow" else worth(kpi, old)


def _open_at_edges(came: Sequence[float], profile: Sequence[float], days: int) -> float:
    """Tickets open at the end of a day of the history that are resolved within a month of their opening: the mean of one day a month."""
    done = [0.0]
    for lag in range(MOST_LAG + 1):
        done.append(done[-1] + profile[lag])
    found = [
        math.fsum(came[day + WARM_UP.days - ago] * (done[-1] - done[ago]) for ago in range(1, MOST_LAG + 1))
        for day in range(0, days, MOST_LAG)
    ]
    return math.fsum(found) / len(found)


def _short_of(short: Sequence[float], days: int, before: int, edge: float) -> Judgement:
    """What the days after the first `days` fell short by: against the mean of all those, where it differs from the last `before` of them."""
    added = [0.0, *accumulate(short)]
    length = len(short) - days
    share, mean = length / before, added[days] / days

    def surplus(at: int) -> float:
        return added[at + length] - added[at] - share * (added[at] - added[at - before])

    sums = [added[at + length] - added[at] - length * mean for at in range(days - length + 1)]
    among = [surplus(at) for at in range(before, days - length + 1)]
    usual = max(_square(sums), edge)
    year = _judged(added[-1] - added[days] - length * mean, usual * (1 + length / days))
    # Tickets that are resolved just after a month and not in it count against both months, the other way each.
    since = _judged(surplus(days), max(_square(sums) * (1 + share), _square(among), EDGES * edge))
    is_another = year.difference * since.difference > 0 and abs(since.difference) > since.reach(ALONE) * since.error
    return year if is_another else since


def _square(values: Sequence[float]) -> float:
    """The mean square; 0 of none."""
    return math.fsum(value * value for value in values) / len(values) if values else 0.0


def _judged(difference: float, variance: float) -> Judgement:
    return Judgement(difference=difference, error=math.sqrt(variance), freedom=FREEDOM, is_log=False, rows=1.0)
