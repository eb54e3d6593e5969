"""Where values lead to and how likely a level is, against scipy, and simulated that both say what they hold."""

import math
import random

import numpy as np
import pytest
from scipy import stats

from kpi_core.analysis.goals.projection import FEWEST, chance_above, level_reached, projected


def test_a_projection_is_the_least_squares_line_with_its_prediction_interval():
    chance = random.Random(1)
    for _ in range(50):
        n = chance.randrange(FEWEST, 15)
        x = sorted(chance.uniform(0, 400) for _ in range(n))
        y = [chance.gauss(0.7, 0.05) for _ in x]
        at, confidence = chance.uniform(300, 700), chance.choice((0.8, 0.95, 0.99))
        found = projected(x, y, at, confidence)
        line = stats.linregress(x, y)
        value = line.intercept + line.slope * at
        left = np.asarray(y) - (line.intercept + line.slope * np.asarray(x))
        around = 1 + 1 / n + (at - np.mean(x)) ** 2 / np.sum((np.asarray(x) - np.mean(x)) ** 2)
        half = stats.t.ppf((1 + confidence) / 2, n - 2) * math.sqrt(np.sum(left**2) / (n - 2) * around)
        assert found is not None
        assert (found.value, found.low, found.high) == pytest.approx((value, value - half, value + half))


def test_few_points_or_one_place_lead_nowhere():
    assert projected(range(FEWEST - 1), [0.5] * (FEWEST - 1), 9, 0.95) is None
    assert projected([3] * 9, [0.1] * 9, 9, 0.95) is None


@pytest.mark.parametrize("slope", [0.0, 0.01])
def test_a_further_value_lies_within_the_interval_as_often_as_it_says(slope):
    chance = random.Random(2)
    runs, rows = 4000, 0
    for _ in range(runs):
        values = [0.7 + slope * place + chance.gauss(0, 0.03) for place in range(8)]
        found = projected(range(8), values, 11, 0.95)
        assert found is not None
        rows += found.low <= 0.7 + slope * 11 + chance.gauss(0, 0.03) <= found.high
    assert rows / runs == pytest.approx(0.95, abs=0.011)


def test_the_chance_is_that_of_the_predictive_t_distribution():
    chance = random.Random(3)
    for _ in range(50):
        values = [chance.gauss(5, 2) for _ in range(chance.randrange(2, 20))]
        spread = np.std(values, ddof=1) * math.sqrt(1 + 1 / len(values))
        level = chance.uniform(0, 10)
        expected = stats.t.sf((level - np.mean(values)) / spread, len(values) - 1)
        assert chance_above(values, level) == pytest.approx(expected)
        wanted = chance.uniform(0.02, 0.98)
        reached = level_reached(values, wanted)
        assert reached is not None
        assert chance_above(values, reached) == pytest.approx(wanted)


def test_equal_values_are_sure_and_one_says_nothing():
    assert (chance_above([3, 3, 3], 3), chance_above([3, 3, 3], 3.1)) == (1.0, 0.0)
    assert chance_above([3], 3) is None
    assert level_reached([3], 0.5) is None


@pytest.mark.parametrize("wanted", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("n", [8, 20])
def test_a_level_is_met_as_often_as_its_chance_says(n, wanted):
    chance = random.Random(4)
    runs, met = 4000, 0
    for _ in range(runs):
        level = level_reached([chance.gauss(0, 1) for _ in range(n)], wanted)
        assert level is not None
        met += chance.gauss(0, 1) >= level
    assert met / runs == pytest.approx(wanted, abs=0.022)
