"""How long cases last, the unfinished ones included.

Resolved tickets alone flatter a team: the old open ones are missing. Kaplan and Meier count every case for as long as
it was watched, from the age at which it came under watch (late entry) to its end or the end of watching.
"""

import math
from typing import NamedTuple

import polars as pl

from kpi_core.records import dataclass
from kpi_core.stats.p_values import two_sided_p, z_of

LEAST_AT_RISK = 5
ROUNDING = 1e-12


class Watched(NamedTuple):
    """Rows under watch: ages in seconds at which watching began and ended, and whether it ended with the event.

    A missing beginning is from the start: at risk of what happens at age 0 too. A row that came under watch at an age is
    at risk of what happens later. One with a missing or negative end, or an end no later than its beginning, was never
    watched and does not count. A missing event is none.
    """

    entries: pl.Series
    exits: pl.Series
    events: pl.Series


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """The share not yet done at each age.

    `times` (seconds, ascending) are the ages of the events used; `survival` is the share left just after each, and
    `greenwood` the sum of d ÷ (r (r − d)) so far, infinite once nothing is left. `last` is the highest age seen with
    enough cases at risk, None where there never were; nothing is known beyond it. `events` of the `n` rows are used.
    """

    times: pl.Series
    survival: pl.Series
    greenwood: pl.Series
    last: int | None
    n: int
    events: int

    def quantile(self, at: float, confidence: float) -> tuple[float | None, float | None, float | None]:
        """The age by which the share `at` is done, in seconds, with its bounds; each None where not reached by `last`.

        The first age at which no more than 1 − `at` is left; bounds likewise, from the lower and the upper band
        (Brookmeyer & Crowley 1982, band on log(−log S)).
        """
        reached = (
            pl.col("times").filter(pl.col(curve) <= 1 - at + ROUNDING).first().cast(pl.Float64).alias(curve)
            for curve in ("survival", "lower", "upper")
        )
        value, low, high = self._band(confidence).select(reached).row(0)
        return value, low, high

    def share_within(self, t: float, confidence: float) -> tuple[float | None, float | None, float | None]:
        """The share done by age `t` seconds, with its bounds.

        None beyond `last`, unless nothing is left by then. No bounds where nothing or everything is done: the band is
        not defined there.
        """
        if self.last is None or (t > self.last and not self._is_exhausted):
            return None, None, None
        passed = int(self.times.search_sorted(t, side="right"))
        if passed == 0:
            return 0.0, None, None
        share = 1 - float(self.survival[passed - 1])
        if share == 1:
            return 1.0, None, None
        lower, upper = self._band(confidence).select("lower", "upper").row(passed - 1)
        return share, 1 - upper, 1 - lower

    def restricted_mean(self, tau: float, confidence: float) -> tuple[float | None, float | None, float | None]:
        """Mean age at the event in seconds, every case counted up to `tau`: the area under the curve, with its bounds.

        None beyond `last`, unless nothing is left by then. The variance adds d ÷ (r (r − d)) times the square of the
        area to the right of each event (Klein & Moeschberger 2003, 4.5), the interval is normal; no bounds without one.
        """
        if self.last is None or (tau > self.last and not self._is_exhausted):
            return None, None, None
        value, error = self.area(tau)
        if error == 0:
            return value, None, None
        reach = z_of(confidence) * error
        return value, max(value - reach, 0.0), min(value + reach, float(tau))

    def area(self, tau: float) -> tuple[float, float]:
        """The area under the curve up to `tau`, beyond its last step as high as there, and its standard error."""
        ages = pl.concat([pl.Series([0.0]), self.times.cast(pl.Float64).clip(upper_bound=tau)])
        left = pl.concat([pl.Series([1.0]), self.survival])
        steps = left * (ages.shift(-1).fill_null(float(tau)) - ages)
        to_the_right = steps.reverse().cum_sum().reverse()[1:]
        hazards = (self.greenwood - self.greenwood.shift(1, fill_value=0.0)).to_frame("h")
        # Once nothing is left there is no area to the right, and 0 × ∞ is none of the variance.
        terms = hazards.select(pl.when(to_the_right > 0).then(to_the_right**2 * pl.col("h")).otherwise(0.0))
        return float(steps.sum()), math.sqrt(float(terms.to_series().sum()))

    @property
    def share_done(self) -> float:
        """The share done by the last age used: 0 before the first."""
        return 1 - float(self.survival[-1]) if len(self.survival) else 0.0

    @property
    def _is_exhausted(self) -> bool:
        return len(self.survival) > 0 and float(self.survival[-1]) == 0

    def _band(self, confidence: float) -> pl.DataFrame:
        """By time (`times`) the share left after it (`survival`) and its bounds `lower` and `upper`: S to the power of exp(± z · error on log(−log S)).

        Where nothing is left the band is not defined: down to 0, and up to where it was.
        """
        log, defined = pl.col("survival").log(), pl.col("survival") > 0
        factor = (z_of(confidence) * pl.col("greenwood").sqrt() / log.abs()).exp()
        frame = pl.DataFrame({"times": self.times, "survival": self.survival, "greenwood": self.greenwood})
        return frame.with_columns(
            lower=pl.when(defined).then((log * factor).exp()).otherwise(0.0),
            upper=pl.when(defined).then((log / factor).exp()).forward_fill().fill_null(1.0),
        )


def kaplan_meier(entries: pl.Series, exits: pl.Series, events: pl.Series, least_at_risk: int = LEAST_AT_RISK) -> Curve:
    """Kaplan–Meier curve with late entry, from integer ages in seconds; see `Watched` for what counts.

    At age t are at risk the rows with entry < t ≤ exit, those without an entry from age 0 on. An event at an age with fewer
    than `least_at_risk` at risk is not used: with late entry one early case could end the whole curve.
    Greenwood's variance; ends by the event come before other ends at the same age.
    """
    return curve_of(counted(Watched(entries, exits, events)), least_at_risk)


def curve_of(watched: pl.DataFrame, least_at_risk: int = LEAST_AT_RISK) -> Curve:
    """The same of rows that are `counted` already."""
    ends = _ends(watched).filter(pl.col("risk") >= least_at_risk)
    done, risk = pl.col("done").cast(pl.Float64), pl.col("risk").cast(pl.Float64)
    used = ends.filter(pl.col("done") > 0).select(
        "age", "done", survival=(1 - done / risk).cum_prod(), greenwood=(done / (risk * (risk - done))).cum_sum()
    )
    return Curve(
        times=used["age"],
        survival=used["survival"],
        greenwood=used["greenwood"],
        last=None if ends.is_empty() else int(ends["age"][-1]),
        n=watched.height,
        events=int(used["done"].sum()),
    )


class LogRank(NamedTuple):
    """The two-sided p-value, and whether cases of the first side end later than those of the second (False: sooner).

    `z` is the root of χ², at least 0.
    """

    p: float
    is_later: bool
    z: float


def log_rank(new: Watched, old: Watched, least_at_risk: int = LEAST_AT_RISK) -> LogRank | None:
    """The log-rank test with late entry: whether cases end sooner or later on one side.

    Ages with fewer than `least_at_risk` at risk on either side are not used, as in the curves. None where no age is
    left to compare. Chi-squared with one degree of freedom, hypergeometric variance (Mantel 1966).
    """
    first, second = counted(new), counted(old)
    sides = [_ends(first).with_columns(mine="done"), _ends(second).with_columns(mine=pl.lit(0, pl.Int64))]
    ends = pl.concat(sides)
    ends = ends.group_by("age").agg(pl.col("done", "mine").sum()).filter(pl.col("done") > 0).sort("age")
    at_risk = (_at_risk(first, ends["age"]).alias("r1"), _at_risk(second, ends["age"]).alias("r0"))
    r1, r0, done = pl.col("r1"), pl.col("r0"), pl.col("done")
    total = (
        ends.with_columns(pl.all().cast(pl.Float64))
        .with_columns(series.cast(pl.Float64) for series in at_risk)
        .filter((r1 >= least_at_risk) & (r0 >= least_at_risk))
        .select(risk=r1 + r0, surplus=pl.col("mine") - done * r1 / (r1 + r0), share=r1 * r0 / (r1 + r0) ** 2, done=done)
        .filter(pl.col("risk") > 1)
        .select("surplus", variance=done * pl.col("share") * (pl.col("risk") - done) / (pl.col("risk") - 1))
        .sum()
    )
    surplus, variance = total.row(0)
    if variance <= 0:
        return None
    z = abs(surplus) / math.sqrt(variance)
    return LogRank(two_sided_p(z), surplus < 0, z)


def counted(rows: Watched) -> pl.DataFrame:
    """The rows that count, by exit; `entry` is −1 where watched from the start, so that age 0 is at risk too."""
    entry, exit_ = pl.col("entry"), pl.col("exit")
    frame = pl.DataFrame({"entry": rows.entries, "exit": rows.exits, "event": rows.events})
    return (
        frame.with_columns(
            pl.when(entry >= 0).then(entry).otherwise(-1).cast(pl.Int64),
            exit_.cast(pl.Int64),
            pl.col("event").fill_null(False),
        )
        .filter((exit_ >= 0) & (exit_ > entry))
        .sort("exit")
    )


def _ends(watched: pl.DataFrame) -> pl.DataFrame:
    """Each `age` at which rows ended, ascending, how many were `done` there, and how many were at `risk`."""
    runs = watched["exit"].rle().struct.unnest()
    through, age = pl.col("len").cast(pl.Int64).cum_sum(), pl.col("value")
    done = pl.lit(watched["event"]).cast(pl.Int64).cum_sum().gather(through - 1)
    entered = pl.lit(watched["entry"]).sort().search_sorted(age, side="left").cast(pl.Int64)
    found = runs.select(age=age, done=done, risk=entered - through + pl.col("len"))
    return found.with_columns(done=pl.col("done") - pl.col("done").shift(1, fill_value=0))


def _at_risk(watched: pl.DataFrame, ages: pl.Series) -> pl.Series:
    """Rows under watch at each age: entered before it, and not ended before it."""
    entered = watched["entry"].sort().search_sorted(ages, side="left").cast(pl.Int64)
    return entered - watched["exit"].search_sorted(ages, side="left").cast(pl.Int64)
