"""Kaplan–Meier with late entry against lifelines, which was written by others and shares no line with ours."""

import math
import random
import statistics
import warnings
from typing import Any

import pytest
from core.test_survival import Row, curve
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    # What it imports may warn of the next version of what that imports: no fault of ours.
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from lifelines.utils import qth_survival_time, restricted_mean_survival_time

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(lifelines|pandas|autograd|formulaic)"),
    pytest.mark.filterwarnings("ignore::FutureWarning:(lifelines|pandas|autograd|formulaic)"),
    # A curve that is never at risk of anything divides 0 by 0 in its band, which is not looked at then.
    pytest.mark.filterwarnings("ignore::RuntimeWarning:(lifelines|pandas)"),
]
unhurried = settings(deadline=None, max_examples=40)

spans = st.tuples(st.integers(0, 12), st.integers(1, 25), st.booleans()).map(
    lambda told: (told[0], told[0] + told[1], told[2])
)
# One case is watched throughout: theirs takes no rows that leave a gap in which nobody is.
late_entries = st.lists(spans, min_size=1, max_size=60).map(lambda rows: [(0, 40, False), *rows])


def theirs(rows: list[Row], confidence: float = 0.95) -> Any:
    """The same rows in lifelines: late entry, and the band on log(−log)."""
    entries, exits, events = zip(*rows, strict=True)
    return KaplanMeierFitter().fit(exits, events, entry=entries, alpha=1 - confidence)


def many(seed: int, count: int = 400) -> list[Row]:
    """Cases of a mean of 1000 s, watched from some age on and for some time."""
    chance, rows = random.Random(seed), []
    while len(rows) < count:
        lasts, entry = round(chance.expovariate(1 / 1000)) + 1, max(0, chance.randrange(-1500, 400))
        until = entry + chance.randrange(200, 4000)
        if lasts > entry:
            rows.append((entry, min(lasts, until), lasts <= until))
    return rows


@unhurried
@given(late_entries, st.sampled_from((0.8, 0.9, 0.95)))
@example(many(1), 0.95)
@example([(3, 5, True), (0, 3, True), (0, 5, True)], 0.95)
def test_curve_and_band_are_theirs(rows: list[Row], confidence: float) -> None:
    ours, oracle = curve(rows), theirs(rows, confidence)
    low, high = (oracle.confidence_interval_.iloc[:, side] for side in (0, 1))
    assert ours.times.to_list() == [age for age in oracle.event_table.index if oracle.event_table.observed[age]]
    for age, left in zip(ours.times, ours.survival, strict=True):
        assert left == pytest.approx(float(oracle.predict(age)), abs=1e-12)
        share, least, most = ours.share_within(age, confidence)
        assert share == pytest.approx(1 - left)
        if 0 < left < 1:
            assert (least, most) == pytest.approx((1 - high[age], 1 - low[age]), abs=1e-9)


@unhurried
@given(late_entries, st.sampled_from((0.25, 0.5, 0.9)))
@example(many(2), 0.5)
@example(many(3), 0.9)
def test_quantiles_are_theirs(rows: list[Row], at: float) -> None:
    ours, oracle = curve(rows), theirs(rows)
    # Ours takes a share that is 1 − at but for rounding as reached.
    assume(all(abs(left - (1 - at)) > 1e-9 for left in ours.survival))
    value = ours.quantile(at, 0.95)[0]
    assert (math.inf if value is None else value) == qth_survival_time(1 - at, oracle)


@unhurried
@given(late_entries, st.integers(1, 30))
@example(many(4), 1200)
def test_the_restricted_mean_is_theirs(rows: list[Row], tau: int) -> None:
    ours, oracle = curve(rows), theirs(rows)
    assert ours.restricted_mean(tau, 0.95)[0] == pytest.approx(restricted_mean_survival_time(oracle, t=tau), rel=1e-9)


@unhurried
@given(st.lists(st.integers(1, 30), min_size=2, max_size=60), st.integers(1, 30))
def test_where_all_is_seen_the_error_of_the_mean_is_that_of_a_plain_one(ages: list[int], tau: int) -> None:
    # Without open cases Greenwood's sum comes to Σ (x − x̄)² ÷ n² of the capped ages.
    capped = [min(age, tau) for age in ages]
    error = math.sqrt(statistics.pvariance(capped) / len(ages))
    assert curve([(0, age, True) for age in ages]).area(tau)[1] == pytest.approx(error, abs=1e-9)


def test_risk_sets_under_five_are_the_only_difference() -> None:
    # Once fewer than five are watched ours stops, where theirs goes on; up to there they are one curve.
    rows = many(5, 120)
    ours, oracle = curve(rows, least_at_risk=5), theirs(rows)
    risk = oracle.event_table.at_risk - oracle.event_table.entrance.where(oracle.event_table.index > 0, 0)
    used = [age for age in oracle.event_table.index if oracle.event_table.observed[age] and risk[age] >= 5]
    assert ours.times.to_list() == used
    assert len(used) < int((oracle.event_table.observed > 0).sum())
    early = [age for age in ours.times if (risk[risk.index <= age][risk.index[risk.index <= age] > 0] >= 5).all()]
    assert early
    for age in early:
        assert 1 - float(oracle.predict(age)) == pytest.approx(ours.share_within(age, 0.95)[0])


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Cases that last t seconds or more with a chance of exp(−(t − 1.5) ÷ 1000), as drawn: the truth can be added up."""
    tau, hits = 900, {"share": 0, "mean": 0}
    left = [1.0, *(math.exp(-(second - 0.5) / 1000) for second in range(1, tau + 1))]
    truths = {"share": 1 - left[tau], "mean": sum(left[:tau])}
    for seed in range(200):
        found = curve(many(seed + 100, 150), least_at_risk=5)
        bounds = {"share": found.share_within(tau, 0.9)[1:], "mean": found.restricted_mean(tau, 0.9)[1:]}
        for name, (low, high) in bounds.items():
            assert low is not None
            assert high is not None
            hits[name] += low <= truths[name] <= high
    assert 0.84 < hits["share"] / 200 < 0.96
    assert 0.84 < hits["mean"] / 200 < 0.96
