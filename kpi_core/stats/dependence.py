"""How far the interval of one period must reach because its days vary together.

An interval of one period takes rows that know nothing of each other. Where busy days come in a row and the tickets of a day
share its luck, a month varies by more: by the root of the design effect, estimated from the days of the history
(`long_run_variance`).
"""

import math
from collections.abc import Sequence
from operator import sub

from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.contrasts import (
    FEWEST_ROWS,
    SHRINK,
    Daily,
    History,
    expected_by_day,
    variance_a_row,
    variance_of,
    without_outliers,
)
from kpi_core.stats.long_run_variance import LongRun, long_run


@dataclass(frozen=True, kw_only=True)
class Widening:
    """The design effect of a period's own interval, 1 or more, and the degrees of freedom that it is known with.

    `is_of_customers`: it is that of rows of the same customers, not of the days.
    """

    effect: float
    freedom: float
    is_of_customers: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the interval stays as independent rows have it."""
        return self.effect <= 1

    def reach(self, confidence: float) -> float:
        """What stands for z: so many standard errors of independent rows lie on each side."""
        return math.sqrt(self.effect) * student_t.quantile(confidence, self.freedom)

    def factor(self, confidence: float, freedom: float) -> float:
        """What the half of an interval is multiplied by that takes Student's t with so many degrees of freedom."""
        own = student_t.quantile(confidence, min(freedom, self.freedom))
        return math.sqrt(self.effect) * own / student_t.quantile(confidence, freedom)


@dataclass(frozen=True, kw_only=True)
class Dependence:
    """How the days of a history vary together: its design effect, of how many rows in all and a day.

    `a_day` is 0 for what is measured in days and not in rows: as many rows more or fewer a day then make no difference.
    """

    run: LongRun
    rows: float
    a_day: float

    def lent(self, whole: "Dependence | None") -> float:
        """The design effect, no less than what a whole lends to a part of it."""
        own = max(1.0, self.run.effect)
        if whole is None or not whole.rows:
            return own
        return max(own, 1 + max(0.0, whole.run.effect - 1) * min(self.rows / whole.rows, 1.0))

    def widening(self, whole: "Dependence | None", a_day: float) -> Widening:
        """What a period with so many rows a day must be widened by. `whole` is what it is a part of."""
        own = self.lent(whole)
        effect = 1 + (own - 1) * (a_day / self.a_day if self.a_day else 1.0)
        return Widening(effect=effect, freedom=self.run.freedom(own))


def of_rows(daily: Daily, history: History, *, is_share: bool) -> Dependence | None:
    """How a mean or a share of rows varies by the day, apart from its weekdays and the period's own level; None where rows are too few or do not vary."""
    rows, squares = math.fsum(daily.rows), daily.squares
    if rows < FEWEST_ROWS:
        return None
    outside = history.outside if any(history.outside(daily.rows)) else list
    n, top = (math.fsum(outside(sums)) for sums in (daily.rows, daily.tops))
    spread = top / n * (1 - top / n) if is_share else variance_of(n, top, math.fsum(outside(squares)))
    if spread <= 0:
        return None
    run = long_run(residuals(daily, history), [spread * n for n in daily.rows])
    return Dependence(run=run, rows=rows, a_day=rows / history.days)


def of_days(daily: Daily, history: History) -> Dependence | None:
    """The same of sums over sums, whose interval already takes how single days vary."""
    rows = math.fsum(daily.rows)
    if rows <= 0:
        return None
    off = residuals(daily, history)
    spread = variance_a_row(off, daily.rows)
    if spread <= 0:
        return None
    return Dependence(run=long_run(off, [spread * n for n in daily.rows]), rows=rows, a_day=0.0)


def residuals_of_counts(tops: Sequence[float], history: History) -> list[float]:
    """Each day's count apart from what its weekday brings at the level of its side: the period, and all other days; few outlying days are drawn in."""
    expected = (
        expected_by_day(Daily(tops=tops, rows=[1.0] * history.days), history, 0.0)
        if any(tops)
        else [0.0] * history.days
    )
    levels = [_level(history.outside(tops), history.outside(expected))] * history.days
    levels[history.now] = [_level(tops[history.now], expected[history.now])] * len(tops[history.now])
    off = [top - level * due for top, level, due in zip(tops, levels, expected, strict=True)]
    return without_outliers(off, expected, history)


def residuals(daily: Daily, history: History) -> list[float]:
    """Each day's residual from its weekday and the level of its side: the period, and all other days."""
    over = list(map(sub, daily.tops, expected_by_day(daily, history, SHRINK)))
    levels = [_level(history.outside(over), history.outside(daily.rows))] * history.days
    inside = over[history.now]
    levels[history.now] = [_level(inside, daily.rows[history.now])] * len(inside)
    return [value - level * rows for value, level, rows in zip(over, levels, daily.rows, strict=True)]


def _level(tops: Sequence[float], rows: Sequence[float]) -> float:
    n = math.fsum(rows)
    return math.fsum(tops) / n if n else 0.0
