"""What was left unresolved, given the arrivals: the test of which net flow, backlog and resolution rate are twins."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from operator import mul

from kpi_core.analysis.histories import LONG_ENOUGH, WARM_UP, YEAR
from kpi_core.contrasts import Judgement
from kpi_core.engine.cells import Cell
from kpi_core.engine.daily import MOST_LAG, DaySeries, Span
from kpi_core.engine.plan import sides, whole
from kpi_core.kpis import BY_NAME

FREEDOM = 20
MATURE = timedelta(days=60)
"""Days before the period from which on tickets may not be resolved yet as they will be."""


def flow_test(series: DaySeries, cell: Cell, start: date | None, end: date | None) -> Judgement | None:
    """How many fewer tickets were resolved than the arrivals of the period and of the month before it let expect.

    A burst on the last day of a month is resolved in the next: what is left after that is judged by what sums over as many
    days of the history came to.
    """
    net = BY_NAME["net_flow"]
    created, resolved = sides(whole(net))
    begun = series.begins(created)
    if begun is None or start is None or end is None or start >= end:
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
    return _short_of(short, days, length, _open_at_edges(came, profile, days))


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


def _short_of(short: Sequence[float], days: int, length: int, edge: float) -> Judgement:
    """The surplus of the last `length` days over the mean of the `days` before, by all sums of as many days among those."""
    before, now = short[:days], math.fsum(short[days:])
    mean = math.fsum(before) / days
    sums, running = [], math.fsum(value - mean for value in before[:length])
    sums.append(running)
    for day in range(length, days):
        running += before[day] - before[day - length]
        sums.append(running)
    variance = max(math.fsum(value * value for value in sums) / len(sums), edge)
    error = math.sqrt(variance * (1 + length / days))
    return Judgement(difference=now - length * mean, error=error, freedom=FREEDOM, is_log=False, rows=1.0)
