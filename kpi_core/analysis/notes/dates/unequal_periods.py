"""Periods of different lengths, and cohorts watched for different times: what grows with the days is not compared.

A month has more of anything than a week, and of the customers of the newest month the fewest have had the time to leave.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from kpi_core.engine.plan import leaves, sides, whole
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count, Distinct, Kept, Part, Ratio, Repeated, Sum
from kpi_core.model.periods import Period
from kpi_core.model.report import Query

ALIKE = 1.25
"""How much longer one of two periods may be: months, quarters and years differ by less, in days or in workdays."""


def uneven_periods(query: Query, kpis: Iterable[Kpi]) -> Iterator[Finding]:
    """What is not compared because the period and its baseline differ in length."""
    own, other = query.period, query.baseline
    if other is None or not own.days or not other.days:
        return
    each = other.days / len(other.steps_like(own))  # of several periods the mean one counts
    if max(own.days, each) <= ALIKE * min(own.days, each):
        return
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if grows(kpi)))
    if names:
        text = Message("uneven-periods", period=own.name, days=own.days, other=other.name, others=other.days)
        yield Finding(code="uneven-periods", message=text, kpis=names, consequence=Consequence.NO_VERDICT)


FOLLOWED = ("churn_share",)
"""KPIs of what has become by now of those who came in a period."""


def unequal_follow_up(query: Query, kpis: Iterable[Kpi]) -> Iterator[Finding]:
    """What is not compared because those of the period have been watched for less time than those of its baseline."""
    own, other = query.period, query.baseline
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if kpi.known_as in FOLLOWED))
    if other is None or query.as_of is None or not names:
        return
    new, old = watched(own, query.as_of), watched(other, query.as_of)
    if new is None or old is None or max(new, old) <= ALIKE * min(new, old):
        return
    text = Message("unequal-follow-up", period=own.name, days=round(new), other=other.name, others=round(old))
    yield Finding(code="unequal-follow-up", message=text, kpis=names, consequence=Consequence.NO_VERDICT)


def watched(period: Period, as_of: datetime) -> float | None:
    """The days from the middle of a period to the instant that a report looks at; None for everything, or where it is not over."""
    if period.start is None or period.days is None:
        return None
    return max((as_of.date() - period.start).days - period.days / 2, 1.0)


def grows(kpi: Kpi) -> bool:
    """Whether a KPI's value depends on how long its period is: counts, sums, and who stayed to the end."""
    part = whole(kpi)
    if isinstance(part.measure, Ratio):
        first, second = sides(part)
        return _adds_up(first) != _adds_up(second)
    return isinstance(part.measure, Kept) or any(_is_counted(leaf) for leaf in leaves(kpi))


def _adds_up(part: Part) -> bool:
    """Whether it is added up row by row: twice the days, twice as much."""
    return isinstance(part.measure, Count | Sum)


def _is_counted(part: Part) -> bool:
    return isinstance(part.measure, Count | Sum | Distinct) and not isinstance(part.measure, Repeated)
