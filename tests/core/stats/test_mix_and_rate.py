"""Mix against rate: Kitagawa's published table, Berkeley's admissions, Oaxaca's parts, and how surely the parts are known."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.stats.mix_and_rate import Effects, Spread, Stratum, displaced, reversal, split, spreads

AGES = (
    "15-19",
    "20-24",
    "25-29",
    "30-34",
    "35-39",
    "40-44",
    "45-49",
    "50-54",
    "55-59",
    "60-64",
    "65-69",
    "70-74",
    "75+",
)
SIZE_1970 = (12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9)
SIZE_1985 = (10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5)
RATE_1970 = (1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8)
RATE_1985 = (2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2)


def strata(sizes: tuple[float, ...], rates: tuple[float, ...]) -> list[Stratum]:
    return [Stratum(n=size, total=size * rate) for size, rate in zip(sizes, rates, strict=True)]


def of_shares(counts: tuple[int, ...], successes: tuple[int, ...]) -> list[Stratum]:
    return [Stratum(n=n, total=k, squares=k) for n, k in zip(counts, successes, strict=True)]


def overall(expected: list[Stratum]) -> float:
    return sum(one.total for one in expected) / sum(one.n for one in expected)


def test_household_headship_of_kitagawa() -> None:
    old, new = strata(SIZE_1970, RATE_1970), strata(SIZE_1985, RATE_1985)
    found = split(old, new)
    assert [round(overall(side), 4) for side in (old, new)] == [44.7268, 47.6940]
    assert [round(found.mix, 4), round(found.rate, 4)] == [1.2269, 1.7403]
    change = overall(new) - overall(old)
    assert [round(100 * part / change, 2) for part in (found.mix, found.rate)] == [41.35, 58.65]


MEN = of_shares((825, 560, 325, 417, 191, 373), (512, 353, 120, 138, 53, 22))
WOMEN = of_shares((108, 25, 593, 375, 393, 341), (89, 17, 202, 131, 94, 24))


def test_admissions_to_berkeley() -> None:
    found = split(MEN, WOMEN)
    assert [round(overall(side), 10) for side in (MEN, WOMEN)] == [0.4451876626, 0.3035422343]
    assert [round(found.mix, 10), round(found.rate, 10)] == [-0.1776739112, 0.0360284829]
    mix = [-0.0862010557, -0.0546118189, -0.0039322251, -0.0016909496, -0.0166143240, -0.0146235378]
    rate = [0.0371769700, 0.0055035326, -0.0063460235, 0.0033054053, -0.0054607165, 0.0018493148]
    assert [round(part.mix, 10) for part in found.parts] == mix
    assert [round(part.rate, 10) for part in found.parts] == rate


def test_lower_in_total_yet_higher_in_four_of_six_departments() -> None:
    assert reversal(MEN, WOMEN) == (4, 6)
    assert reversal(WOMEN, MEN) == (4, 6)


def test_what_goes_with_the_whole_is_no_reversal() -> None:
    assert reversal(of_shares((100, 100), (50, 50)), of_shares((100, 100), (60, 55))) is None
    assert reversal(of_shares((100, 100), (50, 50)), of_shares((100, 100), (70, 45))) is None


def test_the_parts_are_those_of_oaxaca_with_segments_for_variables() -> None:
    # Endowments and half of the interaction are mix, coefficients and the other half rate (Jann 2008), by least squares here.
    draw = np.random.default_rng(11)
    for _ in range(20):
        segments = draw.integers(2, 7)
        sides = []
        for _side in range(2):
            of = np.concatenate([np.arange(segments), draw.integers(0, segments, draw.integers(30, 200))])
            value = draw.normal(of * draw.normal(), 1.0)
            dummies = (of[:, None] == np.arange(segments)).astype(float)
            sides.append((of, value, dummies.mean(axis=0), np.linalg.lstsq(dummies, value, rcond=None)[0]))
        (_, _, mean0, beta0), (_, _, mean1, beta1) = sides
        endowments, coefficients = (mean1 - mean0) @ beta0, mean0 @ (beta1 - beta0)
        interaction = (mean1 - mean0) @ (beta1 - beta0)
        old, new = (
            [Stratum(n=int((of == place).sum()), total=float(value[of == place].sum())) for place in range(segments)]
            for of, value, _, _ in sides
        )
        found = split(old, new)
        assert found.mix == pytest.approx(endowments + interaction / 2)
        assert found.rate == pytest.approx(coefficients + interaction / 2)


def test_oaxacas_published_wage_gap_adds_up() -> None:
    endowments, coefficients, interaction = 1.61653394, 2.833326061, -1.434285715
    assert round(endowments + coefficients + interaction, 6) == 3.015574
    mix, rate = endowments + interaction / 2, coefficients + interaction / 2
    assert mix + rate == pytest.approx(17.58282 - 14.56725, abs=1e-5)


def test_a_segment_that_is_new_or_gone_adds_mix_alone() -> None:
    found = split(of_shares((100, 0, 50), (80, 0, 20)), of_shares((100, 50, 0), (80, 10, 0)))
    assert [part.rate for part in found.parts] == [0, 0, 0]
    assert found.mix == pytest.approx(90 / 150 - 100 / 150)


def test_segments_that_move_alike_displace_nothing() -> None:
    old, new = of_shares((100, 300), (50, 150)), of_shares((100, 300), (60, 180))
    assert displaced(old, new, [part.sum for part in split(old, new).parts]) == pytest.approx(0)
    moved = of_shares((100, 300), (90, 150))
    assert displaced(old, moved, [part.sum for part in split(old, moved).parts]) == pytest.approx(0.075)


sides = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8
).filter(lambda rows: sum(row[0] for row in rows) > 0 and sum(row[1] for row in rows) > 0)


@given(sides)
def test_nothing_is_left_over(rows: list[tuple[int, int, float, float]]) -> None:
    old = [Stratum(n=n, total=round(n * rate)) for n, _, rate, _ in rows]
    new = [Stratum(n=n, total=round(n * rate)) for _, n, _, rate in rows]
    found = split(old, new)
    change = overall(new) - overall(old)
    assert found.mix + found.rate == pytest.approx(change, abs=1e-12)
    assert math.fsum(part.sum for part in found.parts) == pytest.approx(change, abs=1e-12)
    back = split(new, old)
    assert (back.mix, back.rate) == pytest.approx((-found.mix, -found.rate), abs=1e-12)


@given(sides)
def test_uncertainty_is_alike_both_ways_round(rows: list[tuple[int, int, float, float]]) -> None:
    old = [Stratum(n=n, total=(k := round(n * rate)), squares=k) for n, _, rate, _ in rows]
    new = [Stratum(n=n, total=(k := round(n * rate)), squares=k) for _, n, _, rate in rows]
    there, back = spreads(old, new), spreads(new, old)
    assert [one.error for one in there] == pytest.approx([one.error for one in back], abs=1e-12)
    assert [one.skew * one.error**3 for one in there] == pytest.approx(
        [-one.skew * one.error**3 for one in back], abs=1e-9
    )


def test_the_error_of_the_rate_part_with_one_segment_is_that_of_two_means() -> None:
    old, new = [Stratum(n=200, total=120, squares=120)], [Stratum(n=100, total=70, squares=70)]
    mix, rate = spreads(old, new)
    assert mix.error == 0
    expected = 0.6 * 0.4 / 200 + 0.7 * 0.3 / 100
    assert rate.error**2 == pytest.approx(expected, rel=0.02)  # one more row of the whole's spread


def test_design_effects_widen_by_their_root() -> None:
    old, new = [Stratum(n=200, total=120, squares=120)], [Stratum(n=100, total=70, squares=70)]
    plain, wide = spreads(old, new)[1], spreads(old, new, Effects(rates=(4.0, 4.0)))[1]
    assert wide.error == pytest.approx(2 * plain.error)


@pytest.mark.parametrize("skew", [0.0, 0.3, -0.5])
@pytest.mark.parametrize("value", [0.01, -0.02, 0.05])
def test_p_inverts_the_interval(value: float, skew: float) -> None:
    spread = Spread(error=0.012, skew=skew, freedom=24)
    p = spread.p(value)
    low, high = spread.bounds(value, 1 - p)
    assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-7)


def drawn(draw: random.Random, n: int, weights: list[float], rates: list[float]) -> list[Stratum]:
    """`n` rows dealt to segments, each satisfied or not."""
    counts, sums = [0] * len(weights), [0] * len(weights)
    for segment in draw.choices(range(len(weights)), weights, k=n):
        counts[segment] += 1
        sums[segment] += draw.random() < rates[segment]
    return [Stratum(n=count, total=total, squares=total) for count, total in zip(counts, sums, strict=True)]


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    # The whole of it is tests/bench/mix_and_rate.py; of 300 draws 95 % are 285 ± 8.
    draw = random.Random(5)
    weights, rates = ([0.35, 0.25, 0.2, 0.2], [0.9, 0.8, 0.7, 0.5]), ([0.2, 0.25, 0.2, 0.35], [0.9, 0.7, 0.7, 0.5])
    truth = split(*([Stratum(n=w, total=w * r) for w, r in zip(*side, strict=True)] for side in (weights, rates)))
    rows = [0, 0]
    for _ in range(300):
        old, new = drawn(draw, 150, *weights), drawn(draw, 150, *rates)
        found = split(old, new)
        for place, (spread, value, true) in enumerate(
            zip(spreads(old, new), (found.mix, found.rate), (truth.mix, truth.rate), strict=True)
        ):
            low, high = spread.bounds(value, 0.95)
            rows[place] += low <= true <= high
    assert all(275 <= count <= 297 for count in rows), rows
