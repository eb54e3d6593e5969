"""One period against others, estimated from days: what changed beyond the weekdays, and how sure that is.

Every figure that is made of rows is a sum by day over rows by day. What is expected of a day goes by its weekday, so that
a month with more Mondays is no change; what is left over shows how the days vary together. The change, its error and its
degrees of freedom make one test, whose p-value inverts its own interval.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from statistics import NormalDist, median

from kpi_core.records import dataclass
from kpi_core.stats import student_t
from kpi_core.stats.intervals import square_and_add, standard_deviation, wilson
from kpi_core.stats.long_run_variance import LongRun, long_run
from kpi_core.stats.p_values import z_of

FEWEST_ROWS = 5
"""Rows on each side, below which nothing is tested."""
FEWEST_DAYS = 56
"""Days of history, below which nothing is known of how they vary together."""
FEWEST_HOLIDAYS = 3
"""Closed days in a history from which they have a profile of their own, not that of Sundays."""
SHRINK = 50.0
"""Rows of the overall value that each weekday's is drawn towards."""
SUNDAY, CLOSED = 6, 7
OUTLYING, FEW_OUTLYING = 6.0, 0.01
"""Robust standard deviations from which a day of the history is one of its own kind, and the share of days up to which such are."""
WIDEST = 600.0
"""The logarithm of a factor beyond which it would overflow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The days that two periods are seen among: each one's kind, 0–6 by weekday and 7 for a closed one, and the places of both."""

    kinds: Sequence[int]
    now: slice
    then: slice

    @property
    def days(self) -> int:
        """How many there are."""
        return len(self.kinds)

    @cached_property
    def rest(self) -> tuple[int, ...]:
        """The days outside the current period."""
        inside = range(*self.now.indices(self.days))
        return tuple(day for day in range(self.days) if day not in inside)

    @cached_property
    def between(self) -> tuple[int, ...]:
        """The days after those compared with and before the current period: none where one follows on the other."""
        _, then, _ = self.then.indices(self.days)
        first, _, _ = self.now.indices(self.days)
        return tuple(range(then, first)) if any(self.lengths()) and self.lengths()[1] else ()

    @cached_property
    def before(self) -> tuple[int, ...]:
        """The days of `rest` that are not between the two periods."""
        return tuple(day for day in self.rest if day not in set(self.between))

    def outside(self, values: Sequence[float]) -> Sequence[float]:
        """Of a value a day those of `rest`."""
        first, end, _ = self.now.indices(self.days)
        return (*values[:first], *values[max(first, end) :])

    def lengths(self) -> tuple[int, int]:
        """Days in the current period, and in those it is compared with."""
        return len(self.kinds[self.now]), len(self.kinds[self.then])


@dataclass(frozen=True, kw_only=True, eq=False)
class Daily:
    """Sums by day of a history: `tops` over `rows`, and the squares of the tops row by row where they add to the sums."""

    tops: Sequence[float]
    rows: Sequence[float]
    squares: Sequence[float] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Contrast:
    """A change after what the calendar does, with what its error is made of.

    `difference` is linear, or a logarithm where `is_log`; so are `spread` (the variance of one row), `residuals` and `variances`.
    `calendar` is what the days alone would have changed, on the same scale. `rows` and `a_day` are rows on each side, in all and
    a day, `usual` a day of the whole history.
    """

    difference: float
    is_log: bool
    spread: float
    rows: tuple[float, float]
    a_day: tuple[float, float]
    usual: float
    residuals: Sequence[float]
    variances: Sequence[float]
    calendar: float = 0.0

    @cached_property
    def long_run(self) -> LongRun:
        """How its days vary together."""
        return long_run(self.residuals, self.variances)

    def tested(self, borrowed: float = 1.0) -> "Judgement":
        """The change with its error; `borrowed` is the least design effect, of a whole that it is a part of."""
        own = max(1.0, self.long_run.effect, borrowed)
        effects = [1 + (own - 1) * (a_day / self.usual if self.usual else 1.0) for a_day in self.a_day]
        variance = self.spread * math.fsum(effect / rows for effect, rows in zip(effects, self.rows, strict=True))
        return Judgement(
            difference=self.difference, error=math.sqrt(variance), freedom=self.long_run.freedom(own), is_log=self.is_log,
            rows=2 / (1 / self.rows[0] + 1 / self.rows[1]), effect=own, calendar=self.calendar,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A change, its standard error and degrees of freedom. `rows` is the harmonic mean of the rows of both sides."""

    difference: float
    error: float
    freedom: float
    is_log: bool
    rows: float
    effect: float = 1.0
    calendar: float = 0.0

    @property
    def p(self) -> float:
        """How often chance alone would do as much, either way."""
        if self.error == 0:
            return 1.0
        return student_t.two_sided(self.difference / self.error, self.freedom)

    def bounds(self, confidence: float) -> tuple[float, float]:
        """The interval of the change."""
        reach = self.reach(confidence) * self.error
        return self.difference - reach, self.difference + reach

    def reach(self, confidence: float) -> float:
        """Standard errors on each side of an interval."""
        return student_t.quantile(confidence, self.freedom)

    def scaled(self, factor: float) -> "Judgement":
        """The same in another unit."""
        return replace(
            self, difference=self.difference * factor, error=self.error * abs(factor), calendar=self.calendar * factor
        )


def kinds_of_days(weekdays: Sequence[int], closed: Callable[[int], bool] | None = None) -> list[int]:
    """The kind of each day: its weekday, or closed where `closed` says so of its place; few closed days count as Sundays."""
    if closed is None:
        return list(weekdays)
    kinds = [CLOSED if closed(place) else weekday for place, weekday in enumerate(weekdays)]
    if kinds.count(CLOSED) >= FEWEST_HOLIDAYS:
        return kinds
    return [SUNDAY if kind == CLOSED else kind for kind in kinds]


def mean_change(daily: Daily, history: History, *, is_share: bool = False, is_log: bool = False) -> Contrast | None:
    """The change of a mean or share of rows; on the log scale for times and money, whose spread grows with them.

    The variance of a row is the pooled share's with one success and one failure added, or that of the values of both sides. None
    where either side has too few rows, or values that do not vary.
    """
    sides = _sides(daily, history)
    if sides is None:
        return None
    (n1, x1), (n0, x0), (nh, xh) = sides
    now, then, usual, pooled = x1 / n1, x0 / n0, xh / nh, (x1 + x0) / (n1 + n0)
    if is_share:
        share = (x1 + x0 + 1) / (n1 + n0 + 2)
        spread, spread_before = max(share * (1 - share), _at_an_end(x1, n1, x0, n0)), usual * (1 - usual)
    else:
        squares = [math.fsum(daily.squares[part]) for part in (history.now, history.then)]
        spread = variance_of(n1 + n0, x1 + x0, math.fsum(squares))
        spread_before = variance_of(nh, xh, math.fsum(daily.squares[day] for day in history.rest))
    if spread <= 0 or (is_log and min(now, then, usual) <= 0):
        return None
    found = _without_difference(daily, history, spread, spread_before)
    if not is_log:
        return replace(found, difference=now - then - found.calendar)
    shift = found.calendar / usual
    return replace(
        found, difference=math.log(now / then) - shift, is_log=True, spread=spread / pooled**2, calendar=shift,
        residuals=_as_shares(found.residuals, daily, history, now, usual), variances=[value / usual**2 for value in found.variances],
    )  # fmt: skip


def _as_shares(residuals: Sequence[float], daily: Daily, history: History, now: float, usual: float) -> list[float]:
    """Residuals as shares of what they are about: those of the current period, and of what lies between, of its own mean.

    Times that are three times as long vary three times as much; by the old mean they would drown their own change.
    """
    between = _level(daily.tops, daily.rows, history.between)
    own = _by_side(history, now, usual, between if between > 0 else usual)
    return [value / mean for value, mean in zip(residuals, own, strict=True)]


def _at_an_end(x1: float, n1: float, x0: float, n0: float) -> float:
    """The variance of a row that gives the change of a share Newcombe's interval where a side has all or none; else 0.

    Of 80 in 80 and 80 in 80 the pooled share says ±2 points, where either share may well be 95 %.
    """
    if not any(x in (0, n) for x, n in ((x1, n1), (x0, n0))):
        return 0.0
    low, high = square_and_add(
        x1 / n1, *wilson(round(x1), round(n1), 0.95), x0 / n0, *wilson(round(x0), round(n0), 0.95)
    )
    return ((high - low) / 2 / z_of(0.95)) ** 2 / (1 / n1 + 1 / n0)


def of_one_mix(daily: Daily, strata: Sequence[Daily]) -> Daily:
    """The days as they would be if every stratum had the overall value: what is left is a change within strata, not one of their mix."""
    overall = math.fsum(daily.tops) / max(math.fsum(daily.rows), 1.0)
    tops = list(daily.tops)
    for stratum in strata:
        rows = math.fsum(stratum.rows)
        shift = math.fsum(stratum.tops) / rows - overall if rows else 0.0
        tops = [top - shift * n for top, n in zip(tops, stratum.rows, strict=True)]
    return replace(daily, tops=tops)


def ratio_change(daily: Daily, history: History, *, of_counts: bool) -> Contrast | None:
    """The change of sums over sums (cost ÷ tickets), as a logarithm. `of_counts`: both are counts of events; else the spread is that of days."""
    sides = _sides(daily, history, fewest=1)
    if sides is None:
        return None
    (n1, x1), (n0, x0), (nh, xh) = sides
    if min(x1, x0, xh) <= 0 or (of_counts and min(n1, n0, x1, x0) < FEWEST_ROWS):
        return None
    ratio = xh / nh
    found = _without_difference(daily, history, 1.0, 1.0)
    residuals = _as_shares(found.residuals, daily, history, x1 / n1, ratio)
    spread = 1 + 1 / ratio if of_counts else variance_a_row(residuals, daily.rows)
    if spread <= 0:
        return None
    shift = found.calendar / ratio
    return replace(
        found, difference=math.log(x1 / n1 / (x0 / n0)) - shift, is_log=True, spread=spread, calendar=shift,
        residuals=residuals, variances=[spread * rows for rows in daily.rows],
    )  # fmt: skip


def count_change(tops: Sequence[float], history: History, *, of_events: bool = True) -> Contrast | None:
    """The change of what a day brings, as the logarithm of the ratio of what came to what was expected.

    `of_events`: the tops are counts, whose variance is at least their mean; else (amounts) it is estimated from the days.
    """
    expected = _profile(tops, history)
    came, due = ([math.fsum(sums[part]) for part in (history.now, history.then)] for sums in (tops, expected))
    if min(came) <= 0 or min(due) <= 0 or (of_events and min(came) < FEWEST_ROWS):
        return None
    rates = [one / other for one, other in zip(came, due, strict=True)]
    before, between = (_level(tops, expected, days) for days in (history.before, history.between))
    if before <= 0:
        return None
    own = _by_side(history, rates[0], before, between)
    residuals = [(top - own[day] * due_) / before for day, (top, due_) in enumerate(zip(tops, expected, strict=True))]
    residuals = without_outliers(residuals, expected, history)
    spread = 1 / before if of_events else variance_a_row(residuals, expected)
    if spread <= 0:
        return None
    lengths = history.lengths()
    rows = (came[0], came[1]) if of_events else (due[0], due[1])
    return Contrast(
        difference=math.log(rates[0] / rates[1]), is_log=True, spread=1.0 if of_events else spread, rows=rows,
        a_day=(came[0] / lengths[0], came[1] / lengths[1]), usual=math.fsum(tops) / history.days,
        residuals=residuals, variances=[spread * due_ for due_ in expected], calendar=math.log(due[0] / due[1]),
    )  # fmt: skip


def net_change(tops: Sequence[float], history: History, events: Sequence[float] | None = None) -> Contrast | None:
    """The change a day of one sum less another. `events` are two counts added, which a day varies by at least; else it is estimated from the days."""
    daily = Daily(tops=tops, rows=[1.0] * history.days)
    found = _without_difference(daily, history, 1.0, 1.0, shrink=0.0)
    usual = math.fsum(value * value for value in found.residuals) if events is None else math.fsum(events)
    if (usual := usual / history.days) <= 0:
        return None
    found = replace(found, spread=usual, variances=[usual] * history.days)
    lengths = history.lengths()
    now, then = (math.fsum(tops[part]) / days for part, days in zip((history.now, history.then), lengths, strict=True))
    return replace(found, difference=now - then - found.calendar)


def _sides(daily: Daily, history: History, fewest: float = FEWEST_ROWS) -> list[tuple[float, float]] | None:
    """Rows and sum of the current period, of those it is compared with, and of all but the current one."""
    found = [(math.fsum(daily.rows[part]), math.fsum(daily.tops[part])) for part in (history.now, history.then)]
    if min(rows for rows, _ in found) < fewest:
        return None
    return [*found, tuple(math.fsum(sums[day] for day in history.rest) for sums in (daily.rows, daily.tops))]  # type: ignore[list-item]


def _without_difference(
    daily: Daily, history: History, spread: float, spread_before: float, shrink: float = SHRINK
) -> Contrast:
    """A contrast without its difference: what the weekdays do, and the residuals about each side's own level."""
    tops, rows = daily.tops, daily.rows
    expected = expected_by_day(daily, history, shrink)
    over = [top - due for top, due in zip(tops, expected, strict=True)]
    n1, n0 = (math.fsum(rows[part]) for part in (history.now, history.then))
    level = math.fsum(over[history.now]) / n1
    before, between = (_level(over, rows, days) for days in (history.before, history.between))
    own = _by_side(history, level, before, between)
    lengths = history.lengths()
    return Contrast(
        difference=0.0, is_log=False, spread=spread, rows=(n1, n0), a_day=(n1 / lengths[0], n0 / lengths[1]),
        usual=math.fsum(rows) / history.days,
        residuals=[value - own[day] * rows[day] for day, value in enumerate(over)],
        variances=[spread_before * n for n in rows],
        calendar=math.fsum(expected[history.now]) / n1 - math.fsum(expected[history.then]) / n0,
    )  # fmt: skip


def expected_by_day(daily: Daily, history: History, shrink: float) -> list[float]:
    """The total of each day's rows at the value of its kind of day, drawn towards the overall one."""
    overall = math.fsum(daily.tops) / math.fsum(daily.rows)
    tops, rows = [shrink * overall] * (CLOSED + 1), [shrink] * (CLOSED + 1)
    for kind, top, n in zip(history.kinds, daily.tops, daily.rows, strict=True):
        tops[kind] += top
        rows[kind] += n
    return [n * tops[kind] / rows[kind] if n else 0.0 for kind, n in zip(history.kinds, daily.rows, strict=True)]


def _profile(tops: Sequence[float], history: History) -> list[float]:
    """What a kind of day brings, as a share of what the mean day does."""
    sums, days = [0.0] * (CLOSED + 1), [0] * (CLOSED + 1)
    for kind, top in zip(history.kinds, tops, strict=True):
        sums[kind] += top
        days[kind] += 1
    mean = math.fsum(tops) / history.days
    return [sums[kind] / days[kind] / mean if mean else 1.0 for kind in history.kinds]


def _by_side(history: History, now: float, before: float, between: float) -> list[float]:
    """By day the level it varies about: what lies between the two periods has its own, for a step there is none of their chance."""
    own = [before] * history.days
    for day in history.between:
        own[day] = between
    own[history.now] = [now] * history.lengths()[0]
    return own


def _level(tops: Sequence[float], rows: Sequence[float], days: Sequence[int]) -> float:
    """The value a row of some days; 0 where they have none."""
    return math.fsum(tops[day] for day in days) / max(math.fsum(rows[day] for day in days), 1e-12)


def variance_of(n: float, total: float, squares: float) -> float:
    """The variance of a row, of so many with that sum and sum of squares; 0 below two."""
    return (standard_deviation(round(n), total, squares) or 0.0) ** 2


def variance_a_row(residuals: Sequence[float], rows: Sequence[float]) -> float:
    """The variance of one row, from daily residuals where rows do not give it."""
    n, squares = math.fsum(rows), math.fsum(value * value for value in residuals)
    return squares / n if n > 0 else 0.0


def without_outliers(residuals: Sequence[float], rows: Sequence[float], history: History) -> list[float]:
    """The residuals with those of a few outlying days of the history drawn in: one outage says nothing of how two other months differ.

    Days are measured by the square root of their rows. The days of the two periods compared stay as they are, and so do all where too
    many lie far out for them to be of another kind.
    """
    compared = {day for part in (history.now, history.then) for day in range(*part.indices(history.days))}
    sizes = {day: abs(residuals[day]) / math.sqrt(rows[day]) for day in range(history.days) if rows[day] > 0}
    past = [day for day in sizes if day not in compared]
    if not past:
        return list(residuals)
    furthest = OUTLYING * median(sizes[day] for day in past) / NormalDist().inv_cdf(0.75)
    out = [day for day in past if sizes[day] > furthest > 0]
    found = list(residuals)
    if len(out) <= FEW_OUTLYING * history.days:
        for day in out:
            found[day] = math.copysign(furthest * math.sqrt(rows[day]), found[day])
    return found


def factor_less_one(log: float) -> float:
    """What a logarithm of a ratio changes by, as a share."""
    return math.expm1(min(log, WIDEST))
