"""Kaplan–Meier with late entry against lifelines, which was written by others and shares no line with ours.

What it answers was recorded by `tests/bench/record_survival.py`, so that the tests need neither it nor what it brings.
"""

import json
import math
import random
import statistics
from pathlib import Path
from typing import Any

import pytest
from core.stats.test_survival import Row, curve
from hypothesis import given, settings
from hypothesis import strategies as st

RECORD = Path(__file__).parent / "survival_by_lifelines.json"
CASES: list[dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))["cases"]
unhurried = settings(deadline=None, max_examples=40)


def rows_of(case: dict[str, Any]) -> list[Row]:
    return [(entry, end, event) for entry, end, event in case["rows"]]


def many(seed: int, count: int) -> list[Row]:
    """Cases of a mean of 1000 s, watched from some age on and for some time."""
    chance, rows = random.Random(seed), []
    while len(rows) < count:
        lasts, entry = round(chance.expovariate(1 / 1000)) + 1, max(0, chance.randrange(-1500, 400))
        until = entry + chance.randrange(200, 4000)
        if lasts > entry:
            rows.append((entry, min(lasts, until), lasts <= until))
    return rows


def test_curves_and_bands_are_theirs() -> None:
    for case in CASES:
        ours = curve(rows_of(case))
        assert ours.times.to_list() == case["ages"]
        assert ours.survival.to_list() == pytest.approx(case["left"], abs=1e-11)
        for confidence, bands in case["bands"].items():
            for age, left, (low, high) in zip(case["ages"], case["left"], bands, strict=True):
                share, least, most = ours.share_within(age, float(confidence))
                assert share == pytest.approx(1 - left)
                if 0 < left < 1:
                    assert (least, most) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("at", [0.25, 0.5, 0.9])
def test_quantiles_are_theirs(at: float) -> None:
    # Ours takes a share that is 1 − at but for rounding as reached.
    plain = [case for case in CASES if all(abs(left - (1 - at)) > 1e-9 for left in case["left"])]
    assert len(plain) > 20
    for case in plain:
        assert curve(rows_of(case)).quantile(at, 0.95)[0] == case["quantiles"][str(at)]


def test_restricted_means_are_theirs() -> None:
    for case in CASES:
        ours = curve(rows_of(case))
        for tau, mean in case["means"].items():
            assert ours.restricted_mean(int(tau), 0.95)[0] == pytest.approx(mean, rel=1e-9)


@unhurried
@given(st.lists(st.integers(1, 30), min_size=2, max_size=60), st.integers(1, 30))
def test_where_all_is_seen_the_error_of_the_mean_is_that_of_a_plain_one(ages: list[int], tau: int) -> None:
    # Without open cases Greenwood's sum comes to Σ (x − x̄)² ÷ n² of the capped ages.
    capped = [min(age, tau) for age in ages]
    error = math.sqrt(statistics.pvariance(capped) / len(ages))
    assert curve([(0, age, True) for age in ages]).area(tau)[1] == pytest.approx(error, abs=1e-9)


def test_risk_sets_under_five_are_the_only_difference() -> None:
    # Once fewer than five are watched ours stops, where theirs goes on; up to there they are one curve.
    cut = 0
    for case in CASES:
        ours = curve(rows_of(case), least_at_risk=5)
        steps = list(zip(case["ages"], case["left"], case["at_risk"], strict=True))
        used = [age for age, _, risk in steps if risk >= 5]
        assert ours.times.to_list() == used
        cut += len(used) < len(steps)
        before_the_first_gap = next((place for place, (*_, risk) in enumerate(steps) if risk < 5), len(steps))
        for age, left, _ in steps[:before_the_first_gap]:
            assert 1 - left == pytest.approx(ours.share_within(age, 0.95)[0])
    assert cut > 10


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
