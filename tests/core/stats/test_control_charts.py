"""Control charts against published figures and charts of other programs."""

import math
import random

import numpy as np
import pytest

from kpi_core.stats.comparisons.false_alarms import false_alarms, likeness, likeness_of_days
from kpi_core.stats.control_charts import (
    Assurance,
    Chart,
    Rule,
    Rules,
    Signal,
    assurance,
    expected_counts,
    expected_shares,
    fewest_crossings,
    longest_run,
    nhs_signals,
    p_prime,
    signals,
    u_prime,
    within,
    xmr,
    xmr_of_means,
    xmr_of_times,
)

PUBLISHED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
NOISE = [
    -0.5604756466, -0.2301774895, 1.5587083141, 0.0705083914, 0.1292877352, 1.7150649869, 0.4609162060, -1.2650612346,
    -0.6868528519, -0.4456619701, 1.2240817974, 0.3598138271, 0.4007714506, 0.1106827159, -0.5558411348, 1.7869131368,
    0.4978504782, -1.9666171566, 0.7013559016, -0.4727914077,
]  # fmt: skip
EMERGENCIES = [
    1195, 1843, 1397, 1333, 1771, 1751, 2013, 1759, 2179, 2585, 1654, 1543, 1632, 1558, 1190, 1357, 1279, 1683, 2190,
    1804, 986, 2181, 2048, 2154, 1759, 1637, 1488,
]  # fmt: skip
REBASED = [6499, 5983, 6599, 7089, 8120, 8981, 12502, 11376, 10670]
INFECTIONS = [
    17, 12, 27, 20, 20, 18, 22, 19, 19, 24, 17, 16, 24, 19, 19, 22, 25, 19, 17, 6, 25, 17, 11, 14, 9, 11, 7, 13, 5, 5, 3,
    5, 9, 4, 5, 9,
]  # fmt: skip
ACCIDENTS = (
    [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320, 267923, 271478, 255353, 256820,
     261835, 259144, 255910, 260863, 264465, 260989],
    [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529, 279618, 283932, 266629, 268091,
     276803, 271578, 266005, 273520, 278574, 273772],
)  # fmt: skip


def ends(chart):
    return chart.lows[0], chart.highs[0]


def test_the_published_chart_of_the_nhs_screened_and_not():
    chart = xmr(PUBLISHED)
    assert chart.centres[0] == pytest.approx(1.9444444, abs=1e-6)
    assert ends(chart) == pytest.approx((-3.062614, 6.951503), abs=1e-6)
    assert ends(xmr(PUBLISHED, screened=True)) == pytest.approx((-0.715556, 4.604444), abs=1e-6)
    assert signals(chart) == [Signal(rule=Rule.BEYOND, first=4, last=4)]


@pytest.mark.parametrize(
    ("values", "baseline", "centre", "low", "high"),
    [
        (NOISE, None, 0.1416238, -3.01138, 3.294627),
        (NOISE, 10, 0.0746, -2.60, 2.75),
        (NOISE[10:], None, 0.209, -3.28, 3.70),
        (EMERGENCIES, None, 1702.555556, 782.707094, 2622.404017),
        (INFECTIONS, None, 14.83333333, 2.21935157, 27.4473151),
    ],
)
def test_limits_of_individual_values(values, baseline, centre, low, high):
    chart = xmr(values, baseline)
    assert chart.centres[0] == pytest.approx(centre, abs=5e-3 if baseline else 1e-3)
    assert ends(chart) == pytest.approx((low, high), rel=2e-3)


def test_limits_screened_as_the_nhs_package_does():
    assert ends(xmr(EMERGENCIES, screened=True)) == pytest.approx((873.061156, 2532.049956), abs=1e-5)
    assert ends(xmr(REBASED, screened=True)) == pytest.approx((5698.278056, 11594.833056), abs=1e-5)


def test_noise_has_no_signal():
    assert signals(xmr(NOISE)) == []
    assert nhs_signals(xmr(NOISE)) == []


def test_anhoejs_run_on_the_infections():
    found = [one for one in signals(xmr(INFECTIONS)) if one.rule is Rule.RUN]
    assert [one.last - one.first + 1 for one in found] == [17, 14]
    assert (longest_run(36), fewest_crossings(36)) == (8, 13)


def test_every_run_too_long_is_a_signal_and_one_too_short_is_none():
    values = [9.0, 11.0] * 3 + [12.0] * 9 + [8.0] * 10 + [11.0, 9.0] * 2
    assert longest_run(len(values)) == 8
    found = [(one.first, one.last) for one in signals(xmr(values)) if one.rule is Rule.RUN]
    assert found == [(5, 14), (15, 24)]


def test_crossings_as_binomial_quantiles():
    stats = pytest.importorskip("scipy.stats")
    assert [fewest_crossings(n) for n in range(10, 200)] == [
        int(stats.binom.ppf(0.05, n - 1, 0.5)) for n in range(10, 200)
    ]


def test_shares_of_large_numbers_are_not_all_outside():
    counts, sizes = ACCIDENTS
    chart = p_prime(counts, sizes)
    assert chart.centres[0] == pytest.approx(0.9528997113, abs=1e-9)
    assert ends(chart) == pytest.approx((0.9401296442, 0.9656697785), abs=1e-6)
    assert (chart.lows[16], chart.highs[16]) == pytest.approx((0.9397876617, 0.966011761), abs=1e-6)
    assert [one for one in signals(chart) if one.rule is Rule.BEYOND] == []


def test_counts_per_unit_go_no_lower_than_nothing():
    chart = u_prime([1, 0, 9, 0, 1, 7, 0, 1], [10] * 8)
    assert chart.lows[0] == 0.0
    assert chart.highs[0] > 0.2375


def test_shares_that_are_all_alike_have_no_limits():
    assert ends(p_prime([5, 5], [5, 5])) == (None, None)
    assert ends(xmr([3.0])) == (None, None)


def chart(values, low, high, centre=0.0):
    return Chart(
        values=tuple(values), centres=(centre,) * len(values), lows=(low,) * len(values), highs=(high,) * len(values)
    )


@pytest.mark.parametrize(
    ("values", "rule", "first", "last"),
    [
        ([1] * 7 + [-1, 1], Rule.SIDE, 0, 6),
        ([-3, -2, -1, 0, 1, 2, 3], Rule.TREND, 0, 6),
        ([-1, 7, 7, 1, -1], Rule.TWO_OF_THREE, 1, 3),
        ([-1, 1, 11, -1], Rule.BEYOND, 2, 2),
    ],
)
def test_the_rules_of_the_nhs(values, rule, first, last):
    assert nhs_signals(chart(values, -10.0, 10.0)) == [Signal(rule=rule, first=first, last=last)]


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (95.0, Assurance.MISSED, Assurance.MET),
        (85.0, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
        (70.0, Assurance.MET, Assurance.MISSED),
    ],
)
def test_whether_a_process_can_meet_a_target(target, up, down):
    one = chart([88.0, 87.0], 80.0, 90.0, centre=87.5)
    assert assurance(one, target, higher_is_better=True) is up
    assert assurance(one, target, higher_is_better=False) is down


def test_counts_are_expected_by_the_days_of_their_period():
    chart = expected_counts([310, 280, 320, 295, 305], [31, 28, 31, 30, 31])
    assert chart.values == (310, 280, 320, 295, 305)
    assert chart.centres == pytest.approx([1510 / 151 * days for days in (31, 28, 31, 30, 31)])
    assert signals(chart) == []


def test_how_often_noise_has_a_signal_lies_between_the_numbers_simulated():
    assert false_alarms(12, Rules.USUAL) == 0.038
    assert false_alarms(15, Rules.USUAL) == pytest.approx(0.0485)
    assert false_alarms(120, Rules.NHS) > 0.8


def test_limits_of_times_are_those_of_their_logarithms():
    """With as many rows everywhere, exactly; the same times in another unit have the same signals."""
    values = [math.exp(value) for value in NOISE]
    chart, logs = xmr_of_times(values, [40] * len(values)), xmr(NOISE)
    assert chart.centres[0] == pytest.approx(math.exp(logs.centres[0]))
    assert ends(chart) == pytest.approx([math.exp(end) for end in ends(logs)])
    hours = xmr_of_times([value / 60 for value in values], [40] * len(values))
    assert ends(hours) == pytest.approx([end / 60 for end in ends(chart)])


def series(shared: float, own: float, sizes: list[int], seed: int = 1) -> list[float]:
    """Times whose logarithms vary by what a period shares and by chance among its rows."""
    dice = random.Random(seed)
    return [math.exp(dice.gauss(0, math.sqrt(shared + own / size))) for size in sizes]


@pytest.mark.parametrize(("shared", "own", "least", "most"), [(0.0, 1.0, 2.0, 3.01), (0.04, 0.0, 0.99, 1.5)])
def test_a_period_of_few_rows_has_limits_as_wide_as_chance_among_its_rows_makes_them(shared, own, least, most):
    sizes = [90, 90, 10] * 30
    chart = xmr_of_times(series(shared, own, sizes), sizes)
    reach = [math.log(high / chart.centres[0]) for high in chart.highs]
    assert least < reach[2] / reach[0] < most
    assert [math.log(chart.centres[0] / low) for low in chart.lows] == pytest.approx(reach)


def test_limits_of_times_may_be_frozen_and_screened():
    values, rows = [math.exp(value) for value in NOISE], [40] * len(NOISE)
    assert ends(xmr_of_times(values, rows, 10)) == pytest.approx([math.exp(end) for end in ends(xmr(NOISE, 10))])
    jump = [*values[:10], values[10] * 1e4, *values[11:]]
    assert ends(xmr_of_times(jump, rows, screened=True))[1] < ends(xmr_of_times(jump, rows))[1]
    assert ends(xmr_of_times(values[:5], rows[:5], 1)) == (None, None)


def test_times_that_never_differ_have_no_signal():
    chart = xmr_of_times([3661.7] * 30, [5, 7] * 15)
    assert ends(chart) == (3661.7, 3661.7)
    assert signals(chart) == []


def test_skewed_medians_have_no_more_signals_than_are_expected():
    """Medians of a hundred lognormal times, a year of weeks; on the times themselves more than a quarter of charts had a signal."""
    dice, found = random.Random(7), [0, 0]
    for _ in range(300):
        weeks = [[dice.lognormvariate(0, 1) for _ in range(61)] for _ in range(52)]
        medians = [sorted(times)[30] for times in weeks]
        found[0] += bool(signals(xmr(medians)))
        found[1] += bool(signals(xmr_of_times(medians, [61] * 52)))
    expected = false_alarms(52, Rules.USUAL)
    assert found[0] / 300 > 1.4 * expected
    assert found[1] / 300 == pytest.approx(expected, abs=0.045)  # two standard errors


def busy(shape: float | None, seed: int, weeks: int = 52, a_day: float = 15.0) -> list[float]:
    """Tickets of weeks whose days are by chance alone, or busy by a gamma of this shape."""
    rng = np.random.default_rng(seed)
    mean = np.full(weeks * 7, a_day)
    return [float(one) for one in rng.poisson(rng.gamma(shape, mean / shape) if shape else mean).reshape(weeks, 7).sum(1)]  # fmt: skip


def test_limits_of_counts_by_chance_are_poissons():
    chart = expected_counts(busy(None, 3), [7.0] * 52)
    assert chart.highs[0] - chart.centres[0] == pytest.approx(3 * math.sqrt(105), rel=0.2)
    assert chart.highs[0] - chart.centres[0] > chart.centres[0] - chart.lows[0] > 0


@pytest.mark.parametrize("shape", [None, 4.0])
def test_counts_of_days_that_differ_have_no_more_signals_than_is_said(shape):
    found = sum(bool(signals(expected_counts(busy(shape, seed, a_day=3.0), [7.0] * 52))) for seed in range(200))
    assert found / 200 <= false_alarms(52, Rules.USUAL) + 0.06


def test_counts_that_are_all_alike_or_none_have_limits_or_none():
    assert expected_counts([0.0, 0.0, 0.0], [1.0, 1.0, 1.0]).highs == (None,) * 3
    assert signals(expected_counts([4.0] * 20, [1.0] * 20)) == []


def test_means_of_few_rows_on_sundays_are_no_signals():
    """A ticket in twelve is opened again; of two tickets of a Sunday one may be."""
    rng, found = np.random.default_rng(5), [0, 0]
    for _ in range(100):
        sizes = [max(int(one), 1) for one in rng.poisson(np.tile([23, 20, 18, 18, 16, 4, 2], 9))]
        values = [float(rng.binomial(size, 1 / 12)) / size for size in sizes]
        found[0] += bool(signals(xmr_of_means(values, sizes, 0.0, None)))
        found[1] += bool(signals(within(xmr(values), 0.0, None)))
    assert found[0] / 100 <= false_alarms(63, Rules.USUAL) + 0.15 < found[1] / 100


def test_means_of_a_scale_reach_farther_from_its_near_end():
    rng = np.random.default_rng(5)
    values = [float(rng.choice([3, 4, 5], 30, p=[0.1, 0.2, 0.7]).mean()) for _ in range(40)]
    chart = xmr_of_means(values, [30] * 40, 1.0, 5.0)
    low, high = ends(chart)
    assert chart.centres[0] - low > high - chart.centres[0] > 0
    assert high <= 5


def test_how_alike_neighbours_are():
    rng = np.random.default_rng(2)
    noise = [float(one) for one in rng.normal(size=400)]
    alike = [noise[0]]
    for one in noise[1:]:
        alike.append(0.5 * alike[-1] + one)
    assert likeness(xmr(noise)) < 0.15
    assert likeness(xmr(alike)) == pytest.approx(0.5, abs=0.15)
    stepped = [one + (6 if place >= 390 else 0) for place, one in enumerate(noise)]
    assert likeness(xmr(stepped)) < 0.2  # what lies outside is none
    assert likeness(xmr([3.0, 3.0, 3.0])) == 0


def test_charts_whose_neighbours_are_alike_have_signals_more_often():
    shares = [false_alarms(52, Rules.USUAL, alike) for alike in (-0.2, 0.0, 0.15, 0.3, 0.9)]
    assert shares[0] == shares[1] == false_alarms(52, Rules.USUAL)
    assert shares == sorted(shares)
    assert false_alarms(500, Rules.USUAL, 0.4) < 1


def in_a_row(rng: np.random.Generator, left: float, days: int) -> list[float]:
    found = [float(one) for one in rng.normal(size=days)]
    for day in range(1, days):
        found[day] = left * found[day - 1] + (1 - left**2) ** 0.5 * found[day]
    return found


def test_how_alike_weeks_are_is_known_by_their_days():
    """At φ = 0.8 the correlation of neighbouring weeks is 0.40, at 0.5 it is 0.13; as much noise again halves it."""
    rng = np.random.default_rng(8)
    weeks = {
        left: [likeness_of_days(in_a_row(rng, left, 365), 7) or 0.0 for _ in range(40)] for left in (0.0, 0.5, 0.8)
    }
    assert np.mean(weeks[0.0]) < 0.03
    assert np.mean(weeks[0.5]) == pytest.approx(0.13, abs=0.04)
    assert np.mean(weeks[0.8]) == pytest.approx(0.4, abs=0.05)
    noise = [likeness_of_days([one + float(rng.normal()) for one in in_a_row(rng, 0.8, 365)], 1) for _ in range(40)]
    assert np.mean([one or 0.0 for one in noise]) == pytest.approx(0.4, abs=0.05)


def test_few_days_or_even_ones_show_no_likeness_of_their_own():
    assert likeness_of_days([1.0, -1.0] * 50, 7) is None
    assert likeness_of_days([0.0] * 200, 7) == 0
    assert likeness_of_days([None, 2.0] * 100, 7) is None
    stepped = [float(one) for one in np.random.default_rng(3).normal(size=360)] + [9.0] * 30
    assert (likeness_of_days(stepped, 7) or 0.0) > 0.5
    without: list[float | None] = [*stepped[:360], *[None] * 30]
    assert (likeness_of_days(without, 7) or 0.0) < 0.05


def test_shares_of_few_rows_reach_farther_from_their_near_end():
    sizes = [20, 20, 20, 20, 20, 4, 2] * 8
    counts = [float(one) for one in np.random.default_rng(4).binomial(sizes, 0.08)]
    chart = expected_shares(counts, sizes)
    assert not [one for one in signals(chart) if one.rule is Rule.BEYOND]
    assert chart.lows[0] == 0
    upper = [high - chart.centres[0] for high in chart.highs if high is not None]
    assert upper[6] > upper[5] > upper[0] > 3 * (0.08 * 0.92 / 20) ** 0.5
    assert all(high is not None and high <= 1 for high in chart.highs)


def test_a_share_never_varies_by_less_than_its_rows_bring():
    """The same share in all weeks but two, by dealing out: the limits stay those of chance."""
    counts, sizes = [80.0] * 20 + [79.0, 81.0], [100] * 22
    chart = expected_shares(counts, sizes)
    assert (chart.highs[0] or 0.0) - chart.centres[0] > 2.5 * (0.8 * 0.2 / 100) ** 0.5


def test_shares_without_two_outcomes_have_no_limits():
    assert ends(expected_shares([5, 5], [5, 5])) == (None, None)
    assert ends(expected_shares([2], [5])) == (None, None)
