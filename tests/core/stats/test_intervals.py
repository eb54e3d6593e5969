"""Intervals and tests against published values, scipy.stats as an independent oracle, and their own inversion."""

import math
import statistics
import subprocess
import sys
from fractions import Fraction
from functools import partial
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from kpi_core.stats import intervals

CONFIDENCES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
confidences = st.sampled_from(CONFIDENCES)
unhurried = settings(deadline=None, max_examples=60)


@st.composite
def parts_of_a_whole(draw: st.DrawFn, most: int = 400) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@st.composite
def votes(draw: st.DrawFn) -> tuple[int, int, int]:
    plus, passive, minus = (draw(st.integers(0, 200)) for _ in range(3))
    assume(plus + passive + minus > 0)
    return plus, minus, plus + passive + minus


def agrees(p: float, alpha: float, low: float, high: float, middle: float = 0.0) -> bool:
    """Whether p < alpha exactly when the interval leaves the middle out; a tie within rounding counts as agreement."""
    excludes = low > middle or high < middle
    return math.isclose(p, alpha, rel_tol=1e-6) or (p < alpha) == excludes


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(8, 10, 49.0, 94.3), (10, 10, 72.2, 100.0), (0, 10, 0.0, 27.8), (70, 100, 60.4, 78.1)],
)
def test_a_share_has_wilsons_bounds(k: int, n: int, low: float, high: float) -> None:
    assert [round(100 * bound, 1) for bound in intervals.wilson(k, n, 0.95)] == [low, high]


@unhurried
@given(parts_of_a_whole(), confidences)
def test_wilson_lies_within_0_and_1_around_the_share(part: tuple[int, int], confidence: float) -> None:
    k, n = part
    low, high = intervals.wilson(k, n, confidence)
    assert 0 <= low <= k / n <= high <= 1
    oracle = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    assert (low, high) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_change_of_a_share_by_newcombe() -> None:
    change = intervals.shares(18, 21, 27, 28, 0.95)
    assert (round(100 * change.low, 1), round(100 * change.high, 1)) == (-31.3, 6.2)
    assert change.p == pytest.approx(0.19, abs=0.01)


def test_newcombes_own_example() -> None:
    change = intervals.shares(56, 70, 48, 80, 0.95)
    assert (round(change.low, 4), round(change.high, 4)) == (0.0524, 0.3339)


@unhurried
@given(parts_of_a_whole(), parts_of_a_whole(), confidences)
@example((1, 1), (0, 1), 0.95)
@example((400, 400), (0, 400), 0.999)
def test_p_of_a_share_inverts_its_interval(new: tuple[int, int], old: tuple[int, int], confidence: float) -> None:
    change = intervals.shares(*new, *old, confidence)
    assert -1 <= change.low <= new[0] / new[1] - old[0] / old[1] <= change.high <= 1
    assert 0 <= change.p <= 1
    assert agrees(change.p, 1 - confidence, change.low, change.high)


def test_equal_shares_are_no_change() -> None:
    assert intervals.shares(30, 60, 50, 100, 0.95).p == pytest.approx(1)


def test_standard_deviation_survives_cancellation() -> None:
    assert intervals.standard_deviation(1, 5.0, 25.0) is None
    assert intervals.standard_deviation(3, 0.1 + 0.1 + 0.1, 0.01 + 0.01 + 0.01) == 0
    assert intervals.standard_deviation(4, 10.0, 30.0) == pytest.approx(stats.tstd([1, 2, 3, 4]))


def test_one_row_has_no_interval() -> None:
    assert intervals.mean(4.0, None, 1, 0.95) == (None, None)


@unhurried
@given(st.lists(st.integers(1, 10), min_size=2, max_size=60), confidences)
def test_a_mean_has_students_bounds(scores: list[int], confidence: float) -> None:
    assume(len(set(scores)) > 1)
    n = len(scores)
    mean, deviation = sum(scores) / n, intervals.standard_deviation(n, sum(scores), sum(s * s for s in scores))
    oracle = stats.t.interval(confidence, n - 1, loc=mean, scale=stats.sem(scores))
    assert intervals.mean(mean, deviation, n, confidence) == pytest.approx(oracle)


@unhurried
@given(*[st.floats(-50, 50), st.floats(0.01, 30), st.integers(2, 80)] * 2, confidences)
def test_change_of_a_mean_is_welchs(
    mean1: float, sd1: float, n1: int, mean0: float, sd0: float, n0: int, confidence: float
) -> None:
    change = intervals.means(mean1, sd1, n1, mean0, sd0, n0, confidence)
    assert change is not None
    oracle = stats.ttest_ind_from_stats(mean1, sd1, n1, mean0, sd0, n0, equal_var=False)
    assert change.p == pytest.approx(oracle.pvalue, rel=1e-6, abs=1e-300)
    assert agrees(change.p, 1 - confidence, change.low, change.high)


def test_bounds_of_a_change_of_a_mean() -> None:
    new, old = [3, 5, 8, 9, 9, 2], [1, 2, 2, 4, 6]
    change = intervals.means(6, stats.tstd(new), 6, 3, stats.tstd(old), 5, 0.9)
    oracle = stats.ttest_ind(new, old, equal_var=False).confidence_interval(0.9)
    assert change is not None
    assert (change.low, change.high) == pytest.approx((oracle.low, oracle.high))


@pytest.mark.parametrize(("sd1", "n1", "sd0", "n0"), [(1.0, 1, 1.0, 30), (1.0, 30, 1.0, 1), (0.0, 9, 0.0, 9)])
def test_a_mean_without_spread_or_rows_cannot_be_tested(sd1: float, n1: int, sd0: float, n0: int) -> None:
    assert intervals.means(5, sd1, n1, 4, sd0, n0, 0.95) is None


@pytest.mark.parametrize(("n", "points"), [(50, 19.7), (200, 10.0), (1000, 4.5)])
def test_half_width_of_nps(n: int, points: float) -> None:
    low, high = intervals.net_share(0.60 * n, 0.14 * n, n, 0.95)
    assert 50 * (high - low) == pytest.approx(points, abs=0.05)


@unhurried
@given(votes(), confidences)
def test_nps_lies_within_its_bounds(counts: tuple[int, int, int], confidence: float) -> None:
    plus, minus, n = counts
    low, high = intervals.net_share(plus, minus, n, confidence)
    assert -1 <= low <= (plus - minus) / n <= high <= 1
    assert low < high


@unhurried
@given(votes(), votes(), confidences)
@example((1, 0, 1), (990, 0, 1000), 0.95)
def test_p_of_nps_inverts_its_interval(new: tuple[int, int, int], old: tuple[int, int, int], confidence: float) -> None:
    change = intervals.net_shares(*new, *old, confidence)
    raw = (new[0] - new[1]) / new[2] - (old[0] - old[1]) / old[2]
    assert -2 <= change.low <= raw <= change.high <= 2
    assert agrees(change.p, 1 - confidence, change.low, change.high)


def test_change_of_nps_by_hand() -> None:
    change = intervals.net_shares(60, 20, 100, 45, 30, 100, 0.95)
    variance = sum((p + d - (p - d) ** 2) / 103 for p, d in ((60.75 / 103, 20.75 / 103), (45.75 / 103, 30.75 / 103)))
    assert (change.low + change.high) / 2 == pytest.approx(25 / 103)
    assert change.p == pytest.approx(2 * stats.norm.sf(25 / 103 / math.sqrt(variance)))


def test_a_ratio_over_equal_days_is_a_mean() -> None:
    costs = [80.0, 95.0, 110.0, 70.0, 100.0, 85.0, 60.0, 240.0, 90.0, 75.0, 120.0]
    mean, skew = statistics.fmean(costs), float(stats.skew(costs, bias=False))
    oracle = intervals.skewed_mean(mean, statistics.stdev(costs), skew, 11, 0.95)
    assert intervals.ratio_by_day(costs, [1.0] * 11, 0.95) == pytest.approx((mean, *oracle))


def test_days_that_may_be_negative_have_an_interval_as_skewed() -> None:
    tops = [80.0, -95.0, 110.0, 70.0, -100.0, 85.0, 60.0, 640.0, 90.0, -75.0, 120.0]
    value, low, high = intervals.ratio_by_day(tops, [1.0] * 11, 0.95)
    even = stats.t.interval(0.95, 10, loc=statistics.fmean(tops), scale=stats.sem(tops))
    assert value is not None
    assert low is not None
    assert high is not None
    assert value == pytest.approx(statistics.fmean(tops))
    assert low > even[0]
    assert high > even[1]


@pytest.mark.parametrize("days", [2, 9])
def test_few_days_bound_no_ratio(days: int) -> None:
    tops = [float(day**3) for day in range(days)]
    assert intervals.ratio_by_day(tops, [2.0] * days, 0.95) == (sum(tops) / (2 * days), None, None)


@pytest.mark.parametrize(("orders", "sigma"), [(50, 0.8), (50, 1.3), (100, 1.3)])
def test_the_interval_of_order_values_holds_the_truth(orders: int, sigma: float) -> None:
    rng, truth, hits = np.random.default_rng(orders), math.exp(sigma**2 / 2), 0
    for _ in range(400):
        counts = rng.poisson(orders / 30, 30)
        sums = [float(rng.lognormal(0, sigma, count).sum()) for count in counts]
        _, low, high = intervals.ratio_by_day(sums, [float(count) for count in counts], 0.95)
        assert low is not None
        assert high is not None
        hits += low <= truth <= high
    assert hits >= 400 * (0.92 - 2 * 0.0136)


def test_a_ratio_is_sums_over_sums() -> None:
    value, low, high = intervals.ratio_by_day([100.0, 900.0, *[0.0] * 9], [10.0, 30.0, *[0.0] * 9], 0.95)
    assert value == 25
    assert low is not None
    assert high is not None
    assert 0 < low < 25 < high


@pytest.mark.parametrize(
    ("tops", "bottoms", "expected"),
    [([], [], (None, None, None)), ([5.0], [0.0], (None, None, None)), ([5.0], [2.0], (2.5, None, None))],
)
def test_a_ratio_of_few_days(tops: list[float], bottoms: list[float], expected: tuple[None, None, None]) -> None:
    assert intervals.ratio_by_day(tops, bottoms, 0.95) == expected


def test_change_of_a_ratio_is_welchs_over_days() -> None:
    new, old = [80.0, 95.0, 110.0, 70.0], [60.0, 65.0, 50.0]
    change = intervals.ratio_by_day_change(new, [1.0] * 4, old, [1.0] * 3, 0.95)
    assert change is not None
    assert change.p == pytest.approx(stats.ttest_ind(new, old, equal_var=False).pvalue)


def test_a_ratio_that_never_varies_cannot_be_tested() -> None:
    bottoms = [3.0, 7.0, 11.0]
    tops1, tops0 = [b * 0.1 for b in bottoms], [b * 0.3 for b in bottoms]
    assert intervals.ratio_by_day_change(tops1, bottoms, tops0, bottoms, 0.95) is None
    assert intervals.ratio_by_day_change([1.0], [1.0], tops0, bottoms, 0.95) is None


def cumulated(n: int, at: Fraction) -> list[Fraction]:
    """Exact chances that at most 0, 1, … of n rows lie below the quantile."""
    return list(accumulate(math.comb(n, k) * at**k * (1 - at) ** (n - k) for k in range(n + 1)))


@pytest.mark.parametrize(("at", "fewest"), [(0.5, 6), (0.9, 29), (0.1, 29), (0.25, 11), (0.95, 59)])
def test_fewest_rows_that_bound_a_quantile(at: float, fewest: int) -> None:
    assert intervals.quantile_ranks(fewest - 1, at, 0.95) is None
    assert intervals.quantile_ranks(fewest, at, 0.95) is not None


@pytest.mark.parametrize("at", [Fraction(1, 2), Fraction(9, 10), Fraction(1, 4), Fraction(1, 10)])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_ranks_are_the_narrowest_that_cover_enough(at: Fraction, confidence: float) -> None:
    for n in (*range(2, 24), 29, 40, 59):
        below = cumulated(n, at)
        cover = {(low, high): below[high] - below[low] for high in range(n) for low in range(high)}
        enough = {pair for pair, covered in cover.items() if covered >= confidence}
        ranks = intervals.quantile_ranks(n, float(at), confidence)
        if not enough:
            assert ranks is None, n
            continue
        width = min(high - low for low, high in enough)
        best = max(cover[pair] for pair in enough if pair[1] - pair[0] == width)
        assert ranks is not None
        assert ranks[1] - ranks[0] == width, n
        assert float(cover[ranks]) == pytest.approx(float(best), abs=1e-12), n


@pytest.mark.parametrize("at", [0.5, 0.9, 0.99])
def test_ranks_of_ten_million_rows(at: float) -> None:
    n = 10_000_000
    ranks = intervals.quantile_ranks(n, at, 0.95)
    assert ranks is not None
    low, high = ranks
    below = partial(stats.binom.cdf, n=n, p=at)
    assert below(high) - below(low) >= 0.95
    assert all(below(high - 1 + shift) - below(low + shift) < 0.95 for shift in range(-50, 51))


@unhurried
@given(st.integers(2, 5000), st.floats(0.01, 0.99), st.floats(0.01, 0.999), st.floats(0.01, 0.999))
def test_surer_ranks_lie_around_less_sure_ones(n: int, at: float, one: float, other: float) -> None:
    inner, outer = (intervals.quantile_ranks(n, at, confidence) for confidence in sorted((one, other)))
    if outer is not None:
        assert inner is not None
        assert 0 <= outer[0] <= inner[0] < inner[1] <= outer[1] < n


@pytest.mark.parametrize(("n", "at"), [(0, 0.5), (1, 0.5), (100, 0.0), (100, 1.0)])
def test_some_quantiles_have_no_bounds(n: int, at: float) -> None:
    assert intervals.quantile_ranks(n, at, 0.95) is None


def median_bounds(times: list[int], confidence: float) -> tuple[float | None, float | None]:
    ranks = intervals.quantile_ranks(len(times), 0.5, confidence)
    ordered = sorted(times)
    return (None, None) if ranks is None else (ordered[ranks[0]], ordered[ranks[1]])


def median(times: list[int]) -> float:
    ordered = sorted(times)
    return (ordered[(len(times) - 1) // 2] + ordered[len(times) // 2]) / 2


times = st.lists(st.integers(0, 50), min_size=6, max_size=60)


@unhurried
@given(times, times, st.integers(-40, 40), st.sampled_from((0.5, 0.8, 0.9, 0.95)))
def test_p_of_a_median_inverts_its_interval(new: list[int], old: list[int], shift: int, confidence: float) -> None:
    new = [time + shift for time in new]
    change = intervals.quantile_change(
        median(new), partial(median_bounds, new), median(old), partial(median_bounds, old), confidence
    )
    assert change is not None
    assert change.low <= median(new) - median(old) <= change.high
    assert agrees(change.p, 1 - confidence, change.low, change.high)


def test_p_of_a_median_stops_where_a_side_runs_out_of_bounds() -> None:
    new, old = list(range(1000, 1006)), list(range(40))
    change = intervals.quantile_change(
        median(new), partial(median_bounds, new), median(old), partial(median_bounds, old), 0.95
    )
    assert change is not None
    assert change.p == pytest.approx(2 * 0.5**6, rel=1e-4)


def test_too_few_times_cannot_be_compared() -> None:
    few, many = [1, 2, 3], list(range(40))
    bounds = partial(median_bounds, few), partial(median_bounds, many)
    assert intervals.quantile_change(2, bounds[0], median(many), bounds[1], 0.95) is None


def test_square_and_add() -> None:
    assert intervals.square_and_add(10, 7, 12, 6, 5, 10) == pytest.approx((4 - 5, 4 + math.sqrt(5)))


@pytest.mark.parametrize(
    ("p", "passes"),
    [
        ([], []),
        ([0.04], [True]),
        ([0.04, 0.5], [False, False]),
        ([0.03, 0.04], [True, True]),
        ([0.9, 0.001, 0.02, 0.03], [False, True, True, True]),
    ],
)
def test_which_of_a_family_stand(p: list[float], passes: list[bool]) -> None:
    assert intervals.benjamini_hochberg(p, 0.05) == passes


@unhurried
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.001, 0.3))
def test_a_family_agrees_with_scipy_and_keeps_order(p: list[float], q: float) -> None:
    adjusted = stats.false_discovery_control(p)
    assume(not any(math.isclose(value, q, rel_tol=1e-9) for value in adjusted))
    stands = intervals.benjamini_hochberg(p, q)
    assert stands == [bool(value <= q) for value in adjusted]
    assert all(stands[i] >= stands[j] for i in range(len(p)) for j in range(len(p)) if p[i] <= p[j])
    assert sum(stands) <= sum(intervals.benjamini_hochberg(p, 1.5 * q))


@pytest.mark.parametrize(
    ("p", "difference", "needed"),
    [(0.5, 0.1, 388), (0.5, -0.1, 388), (0.8, 0.05, 1094), (0.5, 0.6, None), (0.5, 0, None)],
)
def test_rows_needed_to_show_a_share_move(p: float, difference: float, needed: int | None) -> None:
    assert intervals.needed_for_share(p, difference, 0.95) == needed


@pytest.mark.parametrize(("sd", "difference", "needed"), [(1, 0.5, 64), (1, 0.8, 26), (1, 0.2, 394), (2, 0, None)])
def test_rows_needed_to_show_a_mean_move(sd: float, difference: float, needed: int | None) -> None:
    assert intervals.needed_for_mean(sd, difference, 0.95) == needed


@pytest.mark.parametrize(("difference", "confidence", "power"), [(0.5, 0.95, 0.8), (0.3, 0.9, 0.9), (1.0, 0.95, 0.8)])
def test_needed_rows_have_the_power_of_the_t_test(difference: float, confidence: float, power: float) -> None:
    def power_at(n: int) -> float:
        edge = stats.t.ppf((1 + confidence) / 2, 2 * n - 2)
        return float(stats.nct.sf(edge, 2 * n - 2, difference * math.sqrt(n / 2)))

    needed = intervals.needed_for_mean(1, difference, confidence, power)
    assert needed is not None
    assert power_at(needed) >= power - 0.002
    assert power_at(needed - 1) < power


@unhurried
@given(st.floats(0.02, 0.98), st.integers(20, 5000), confidences)
def test_what_a_number_of_rows_shows_needs_that_number(p: float, n: int, confidence: float) -> None:
    shown = intervals.detectable_share(p, n, n, confidence)
    assume(shown is not None)
    assert shown is not None
    needed = intervals.needed_for_share(p, shown, confidence)
    assert needed is not None
    assert needed <= n + 1
    fewer_would_do = intervals.needed_for_share(p, shown * 0.999, confidence)
    assert fewer_would_do is not None
    assert fewer_would_do >= n


def test_what_a_mean_shows_inverts_what_it_needs() -> None:
    shown = intervals.detectable_mean(1.0, 64, 64, 0.95)
    assert shown is not None
    assert intervals.needed_for_mean(1.0, shown * (1 + 1e-9), 0.95) == 64
    lopsided = intervals.detectable_mean(1.0, 1000, 64, 0.95)
    assert lopsided is not None
    assert lopsided < shown


@pytest.mark.parametrize(("n1", "n0"), [(0, 50), (50, 0)])
def test_an_empty_side_shows_nothing(n1: int, n0: int) -> None:
    assert intervals.detectable_share(0.5, n1, n0, 0.95) is None
    assert intervals.detectable_mean(1.0, n1, n0, 0.95) is None


def test_a_row_or_two_show_no_change_of_a_share() -> None:
    assert intervals.detectable_share(0.5, 2, 2, 0.95) is None
    assert intervals.detectable_mean(1.0, 1, 1, 0.999) is None


def test_scipy_is_loaded_only_when_needed() -> None:
    script = "import sys, kpi_core.stats.intervals, kpi_core.stats.survival; sys.exit('scipy' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
